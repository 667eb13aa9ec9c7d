"""The registry of formats: one reader a suffix, and one list for folders, zips and uploads."""

from __future__ import annotations

import bz2
import gzip
import importlib
import io
import json
import lzma
import pkgutil
import re
import zipfile
from collections import Counter
from pathlib import Path, PurePath

import pytest
import zstandard

from qa.errors import SettingsError
from qa.ingest import formats
from qa.ingest.article_fields import ReadArticle, ReadOptions
from qa.ingest.files import FoundFile, find_files
from qa.ingest.formats.article_format import ArticleFormat
from qa.ingest.formats.reading import read_file
from qa.ingest.formats.registry import BY_SUFFIX, FORMATS, SUFFIXES, format_named, format_of
from qa.ingest.refusals import Refusal, RefusedError
from qa.web.page.assets import head
from qa.web.uploads.unpacked_files import Reception
from tests.ingest.format_examples import CONTENT, TEXT, content_of
from tests.paths import ROOT

# Each of these is its own text; the others are packed or marked up, and have tests of their own.
PLAIN = tuple(name for name, content in CONTENT.items() if isinstance(content, str))
PACKED = (".jsonl.gz", ".csv.zst", ".tar.gz", ".tgz", ".warc.gz", ".txt.gz", ".docx.gz")
OTHERS = ("foto.jpg", "krant.DOC", "krant", "krant.log.gz", "krant.gz", "krant.zip.exe")
PACKERS = (
    (".gz", gzip.compress),
    (".zst", zstandard.compress),
    (".bz2", bz2.compress),
    (".xz", lzma.compress),
)
EACH = pytest.mark.parametrize("known", FORMATS, ids=lambda known: known.name)


def test_every_suffix_and_every_name_has_one_reader() -> None:
    counted = Counter(suffix for known in FORMATS for suffix in known.suffixes)
    assert set(counted.values()) == {1}
    assert set(counted) == set(BY_SUFFIX)
    assert all(suffix == suffix.lower() and suffix.startswith(".") for suffix in counted)
    assert len({known.name for known in FORMATS}) == len(FORMATS)
    assert {known.name for known in FORMATS} == set(CONTENT)


def test_every_format_that_a_module_defines_is_registered() -> None:
    defined: list[ArticleFormat] = []
    for found in pkgutil.iter_modules(formats.__path__):
        if found.name != "registry":
            module = importlib.import_module(f"{formats.__name__}.{found.name}")
            defined += getattr(module, "FORMATS", ())
    assert len(defined) == len(set(defined))
    # Archives are made of the others.
    archives = {known.name for known in set(FORMATS) - set(defined)}
    assert set(defined) < set(FORMATS)
    assert archives == {"zip", "tar", "wacz"}


@pytest.mark.parametrize("suffix", BY_SUFFIX)
def test_a_suffix_in_any_case_is_read_by_its_format(suffix: str, tmp_path: Path) -> None:
    known = BY_SUFFIX[suffix]
    path = tmp_path / f"krant{suffix.upper()}"
    path.write_bytes(content_of(known.name))
    assert format_of(path) is known
    (item,) = read_file(FoundFile(path, tmp_path, "krant"))
    assert isinstance(item, ReadArticle), item
    assert "noodpakket" in item.article.text


@EACH
def test_a_reader_takes_a_stream_and_options_and_leaves_the_stream_open(
    known: ArticleFormat,
) -> None:
    stream = io.BytesIO(content_of(known.name))
    (item,) = known.read(stream, ReadOptions("krant", "krant", "krant"))
    assert isinstance(item, ReadArticle), item
    assert not stream.closed
    with pytest.raises(RefusedError):
        list(known.read(io.BytesIO(b" \n"), ReadOptions("leeg", "leeg", "leeg")))


@pytest.mark.parametrize("name", PLAIN)
def test_the_limit_is_for_an_article_of_a_stream_and_else_for_the_file(name: str) -> None:
    known = format_named(name)
    lines = content_of(name).decode().splitlines(keepends=True)
    many = "".join(lines[:-1]) + f"{lines[-1].strip()}\n" * 20
    options = ReadOptions("krant", "krant", "krant", max_article_bytes=2 * len(lines[-1].encode()))
    assert len(many.encode()) > options.max_article_bytes
    if known.is_streamed:
        assert len(list(known.read(io.BytesIO(many.encode()), options))) == 20
    else:
        with pytest.raises(RefusedError, match="bytes an article may have"):
            list(known.read(io.BytesIO(many.encode()), options))


def names_accepted_in_a_folder(folder: Path, names: list[str]) -> set[str]:
    for name in names:
        (folder / name).write_text(TEXT)
    return {found.name for found in find_files([folder]) if isinstance(found, FoundFile)}


def names_accepted_in_an_upload(folder: Path, names: list[str]) -> set[str]:
    reception = Reception(folder)
    for name in names:
        reception.take(name, io.BytesIO(TEXT.encode()))
    return {path.name for path in folder.iterdir()}


def names_accepted_in_a_zip(folder: Path, names: list[str]) -> set[str]:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as writing:
        for name in names:
            writing.writestr(name, TEXT)
    Reception(folder).take("krant.zip", packed)
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize(
    "accepted_in",
    [names_accepted_in_a_folder, names_accepted_in_an_upload, names_accepted_in_a_zip],
)
def test_folder_upload_and_zip_accept_what_the_registry_holds(accepted_in, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    # An upload unpacks zips itself, and holds what is in them to the same rules.
    given = [suffix for suffix in BY_SUFFIX if suffix != ".zip"]
    wanted = [f"{number}{suffix}" for number, suffix in enumerate([*given, *PACKED])]
    wanted += [name.upper() for name in wanted]
    assert accepted_in(tmp_path, [*wanted, *OTHERS]) == set(wanted)


def test_the_page_is_told_the_suffixes_that_an_upload_accepts() -> None:
    assert set(SUFFIXES) == {*BY_SUFFIX, ".gz", ".zst", ".bz2", ".xz", ".tgz"}
    assert f'"suffixes": {json.dumps(SUFFIXES)}' in head("nl")


@pytest.mark.parametrize("name", OTHERS)
def test_an_unknown_suffix_is_told_with_the_known_ones(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(TEXT)
    (named,) = find_files([tmp_path / name])
    (read,) = read_file(FoundFile(tmp_path / name, tmp_path, "krant"))
    reception = Reception(tmp_path / "in")
    reception.take(name, io.BytesIO(TEXT.encode()))
    for refusal in (named, read, *reception.refused):
        assert isinstance(refusal, Refusal)
        assert f"{PurePath(name).suffix}' is not known" in refusal.reason or name == "krant"
        assert all(f" {suffix}" in refusal.reason for suffix in BY_SUFFIX)


def test_an_unknown_name_is_told_with_the_known_ones() -> None:
    assert format_named("tsv").suffixes == (".tsv",)
    with pytest.raises(SettingsError, match="'doc' is not known; known are txt, md, jsonl"):
        format_named("doc")


def test_a_packed_file_is_read_by_the_format_inside(tmp_path: Path) -> None:
    for name in ("jsonl", "csv", "txt", "xml", "warc", "tar"):
        inner = format_named(name).suffixes[0]
        for suffix, pack in PACKERS:
            path = tmp_path / f"krant{inner}{suffix}"
            path.write_bytes(pack(content_of(name)))
            (found,) = find_files([path])
            assert isinstance(found, FoundFile)
            assert (found.key, found.name) == ("krant", path.name)
            (item,) = read_file(found)
            assert isinstance(item, ReadArticle), item
            assert item.article.id.split("#")[0] == "krant"
            stream = io.BytesIO(path.read_bytes())
            (streamed,) = format_named(f"{name}{suffix}").read(stream, ReadOptions("x", "x", "x"))
            assert isinstance(streamed, ReadArticle)
            assert streamed.article.text == item.article.text


def test_the_table_in_the_readme_names_every_suffix() -> None:
    readme = (ROOT / "qa" / "ingest" / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`\..*?) \|", readme, re.MULTILINE)
    told = [suffix for row in rows for suffix in re.findall(r"`(\.[^`]+)`", row)]
    also = readme.split("read in the same ways")[0].rsplit("\n\n", 1)[-1]
    told += re.findall(r"`(\.[^`]+)`", also)
    assert sorted(told) == sorted(BY_SUFFIX)
