from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from qa.ingest.files import FoundFile, find_files
from qa.ingest.refusals import Refusal, Skipped, printable


def keys(found: Iterable[object]) -> list[str]:
    return [one.key for one in found if isinstance(one, FoundFile)]


def refusals(found: Iterable[object]) -> list[Refusal]:
    return [one for one in found if isinstance(one, Refusal)]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    root = tmp_path / "archief"
    for name in ("b.txt", "a.MD", "2021/12/x.y.jsonl", "2020/z.html", "foto.jpg", ".geheim.txt"):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("tekst")
    (root / ".git").mkdir()
    (root / ".git" / "c.txt").write_text("tekst")
    return root


def test_a_folder_gives_its_files_in_order_with_keys_and_counts_the_rest(archive: Path) -> None:
    found = list(find_files([archive]))
    assert keys(found) == ["a", "b", "2020/z", "2021/12/x.y"]
    names = [one.name for one in found if isinstance(one, FoundFile)]
    assert names == ["a.MD", "b.txt", "2020/z.html", "2021/12/x.y.jsonl"]
    formats = [one.format for one in found if isinstance(one, FoundFile)]
    assert [known.name for known in formats if known] == ["md", "txt", "html", "jsonl"]
    skipped = {Path(one.path).name: one.reason for one in found if isinstance(one, Skipped)}
    assert skipped.pop("foto.jpg").startswith("picture (.jpg), which is not read: ")
    assert skipped == {".git": "hidden", ".geheim.txt": "hidden"}
    assert found == list(find_files([archive]))


def test_a_named_file_is_keyed_by_its_own_name_even_if_hidden(archive: Path) -> None:
    paths = [archive / "2021/12/x.y.jsonl", archive / ".geheim.txt"]
    assert keys(find_files(paths)) == ["x.y", ".geheim"]


def test_a_named_file_of_unknown_suffix_is_refused_with_the_known_ones(archive: Path) -> None:
    (refusal,) = refusals(find_files([archive / "foto.jpg"]))
    assert "'.jpg'" in refusal.reason
    assert ".jsonl" in refusal.reason


def test_nothing_is_read_twice(archive: Path) -> None:
    found = list(find_files([archive / "b.txt", archive / "2021", archive, archive]))
    assert keys(found) == ["b", "12/x.y", "a", "2020/z"]
    assert [one.reason for one in found if isinstance(one, Skipped)].count("read already") == 3


def test_patterns_choose_among_the_files_of_a_folder(archive: Path) -> None:
    assert keys(find_files([archive], include=["*.txt", "2021/*"])) == ["b", "2021/12/x.y"]
    assert keys(find_files([archive], exclude=["202?/*", "a.*"])) == ["b"]


def test_linked_folders_are_followed_once_and_loops_are_reported(archive: Path) -> None:
    (archive / "0_terug").symlink_to(archive)
    (archive / "0_zelfde").symlink_to(archive / "2020")
    inside = archive / ".verborgen"
    inside.mkdir()
    (inside / "e.txt").write_text("tekst")
    (archive / "0_elders").symlink_to(inside)
    found = list(find_files([archive]))
    assert keys(found) == ["a", "b", "2020/z", "2021/12/x.y", "0_elders/e"]
    (loop,) = refusals(found)
    assert loop.path.endswith("0_terug")
    assert "leads back" in loop.reason
    assert Skipped(str(archive / "0_zelfde"), "read already") in found


def test_only_a_link_that_is_named_leads_out_of_its_folder(tmp_path: Path) -> None:
    archive, secret = tmp_path / "archief", tmp_path / "archief-geheim"
    for folder in (archive / "a", secret):
        folder.mkdir(parents=True)
        (folder / "s.txt").write_text("tekst")
    (archive / "i.txt").symlink_to(secret / "s.txt")
    (archive / "i.jpg").symlink_to(secret / "s.txt")
    (archive / "j.txt").symlink_to("a/s.txt")
    (archive / "map").symlink_to(secret)
    (archive / "a" / "omweg").symlink_to("../map")
    (tmp_path / "naar").symlink_to(archive)
    for given in (archive, tmp_path / "naar"):
        found = list(find_files([given]))
        assert keys(found) == ["j", "a/s"]
        assert {Path(each.path).name for each in refusals(found)} == {"i.txt", "map", "omweg"}
        assert all("leads out" in each.reason for each in refusals(found))
    named = find_files([archive / "i.txt", archive / "map"])
    assert keys(named) == ["i", "s"]


def test_links_that_lead_nowhere_are_refused_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to(tmp_path / "weg.txt")
    (tmp_path / "b.txt").symlink_to(tmp_path / "c.txt")
    (tmp_path / "c.txt").symlink_to(tmp_path / "b.txt")
    (tmp_path / "d.txt").write_text("tekst")
    found = list(find_files([tmp_path, tmp_path / "nergens"]))
    assert keys(found) == ["d"]
    reasons = [refusal.reason for refusal in refusals(found)]
    assert len(reasons) == 4
    assert "points to nothing" in reasons[0]
    assert "links" in reasons[1]
    assert "no file or folder here" in reasons[3]


def test_a_pipe_is_refused_without_being_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    os.mkfifo(tmp_path / "pijp")
    found = list(find_files([tmp_path, tmp_path / "pijp", Path("/dev/null")]))
    assert [Path(refusal.path).name for refusal in refusals(found)] == ["a.txt", "pijp", "null"]
    assert all("pipe" in refusal.reason for refusal in refusals(found))


def test_names_that_are_not_utf8_are_refused_in_words_that_can_be_shown(tmp_path: Path) -> None:
    bad = os.fsdecode(b"krant\xff.txt")
    (tmp_path / bad).write_text("tekst")
    (refusal,) = refusals(find_files([tmp_path]))
    assert refusal.path.endswith("krant\\xff.txt")
    assert "UTF-8" in refusal.reason
    refusal.path.encode()
    assert refusals(find_files([Path("a\0b.txt")]))


def test_a_folder_that_disappears_is_refused_and_the_rest_goes_on(archive: Path) -> None:
    search = find_files([archive])
    first = [next(search) for _ in range(5)]
    (archive / "2020/z.html").unlink()
    (archive / "2020").rmdir()
    rest = list(search)
    assert keys(first + rest) == ["a", "b", "2021/12/x.y"]
    (refusal,) = refusals(rest)
    assert refusal.path == printable(archive / "2020")


def test_folders_may_lie_deeper_than_python_recurses(tmp_path: Path) -> None:
    here, deep = Path.cwd(), tmp_path
    os.chdir(tmp_path)
    try:
        for _ in range(1200):
            Path("d").mkdir()
            os.chdir("d")
            deep = deep / "d"
        Path("a.txt").write_text("tekst")
    finally:
        os.chdir(here)
    try:
        (key,) = keys(find_files([tmp_path]))
        assert key.count("/") == 1200
    finally:  # pytest cannot remove what is this deep
        (deep / "a.txt").unlink()
        for _ in range(1200):
            deep.rmdir()
            deep = deep.parent
