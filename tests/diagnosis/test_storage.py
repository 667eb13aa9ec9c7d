"""What the examination says of archives that are whole, damaged, missing or not to be written."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.diagnosis.finding import Finding, Level, examined
from qa.diagnosis.storage import StoreExamination
from tests.store.test_identity import make_earlier
from tests.store.test_read_only import as_reader, forbid_writing
from tests.store_building import make_article, make_store, news, put

CATALOG = "catalog.sqlite3"


@pytest.fixture
def path() -> Iterator[Path]:
    """A store in a folder that every user may reach, unlike the folders of pytest."""
    folder = Path(tempfile.mkdtemp(prefix="doctor-"))
    folder.chmod(0o755)
    make_store(folder / "store", news(6)).close()
    yield folder / "store"
    for file in (folder, *folder.rglob("*")):
        file.chmod(0o755)
    shutil.rmtree(folder)


def examine(path: Path) -> dict[str, Finding]:
    examination = StoreExamination(path)
    parts = {
        "store": examination.examine_catalog,
        "index": examination.examine_indexes,
        "vectors": examination.examine_vectors,
        "space": examination.examine_space,
        "writing": examination.examine_writing,
    }
    return {found.subject: found for name, part in parts.items() for found in examined(name, part)}


def levels(path: Path) -> dict[str, str]:
    return {subject: finding.level.value for subject, finding in examine(path).items()}


def test_a_whole_store_is_well_and_stays_as_it_is(path: Path) -> None:
    before = {file: file.read_bytes() for file in path.rglob("*") if file.is_file()}
    found = examine(path)
    assert {finding.level for finding in found.values()} == {Level.OK}
    assert "6 articles, " in found["store"].told
    assert "every checksum is right" in found["index"].told
    after = {file: file.read_bytes() for file in path.rglob("*") if file.is_file()}
    assert {file: after[file] for file in before} == before
    assert all(name.suffix.endswith(("-wal", "-shm")) for name in after.keys() - before.keys())


def test_a_missing_and_an_empty_store_are_remarked_upon(tmp_path: Path) -> None:
    for place in (tmp_path / "nergens" / "hier", tmp_path):
        found = examine(place)["store"]
        assert found.level is Level.REMARK
        assert found.remedy is not None
        assert "dateline ingest" in found.remedy
    (tmp_path / CATALOG).touch()
    assert levels(tmp_path)["store"] == "remark"
    assert not (tmp_path / "nergens").exists()


def test_what_is_no_store_is_trouble(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("geen archief")
    assert levels(file)["store"] == "trouble"
    assert levels(file / "below")["store"] == "trouble"
    (tmp_path / CATALOG).write_text("geen archief, maar wel van deze naam")
    found = examine(tmp_path)["store"]
    assert found.level is Level.TROUBLE
    assert found.remedy is not None
    assert "dateline repair" in found.remedy


def test_a_lost_catalog_is_not_taken_for_an_empty_one(path: Path) -> None:
    (path / CATALOG).unlink()
    found = examine(path)["store"]
    assert found.level is Level.TROUBLE
    assert "dateline restore" in str(found.remedy)


@pytest.mark.parametrize("seed", range(12))
def test_a_catalog_with_destroyed_pages_is_never_a_traceback(path: Path, seed: int) -> None:
    chance = random.Random(seed)
    raw = bytearray((path / CATALOG).read_bytes())
    page = chance.randrange(len(raw) // 4096)
    raw[page * 4096 : (page + 1) * 4096] = chance.randbytes(4096)
    (path / CATALOG).write_bytes(raw)
    found = examine(path)
    assert found["store"].level is Level.TROUBLE, page
    assert all("cannot be examined" not in finding.told for finding in found.values()), page


def test_indexes_that_are_gone_damaged_or_behind_are_remarked_upon(path: Path) -> None:
    build = path / "derived" / (path / "derived" / "CURRENT").read_text().strip()
    whole = (build / "dense.faiss").read_bytes()
    (build / "dense.faiss").write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert levels(path)["index"] == "remark"
    (build / "dense.faiss").write_bytes(whole)
    assert levels(path)["index"] == "OK"
    shutil.copytree(path / "derived", path.parent / "old")
    store = make_store(path, [])
    with store.writing("test") as writer:
        put(writer.catalog, [make_article("later", "Een later bericht.")])
    store.close()
    shutil.rmtree(path / "derived")
    assert levels(path)["index"] == "remark"
    shutil.copytree(path.parent / "old", path / "derived")
    assert "behind" in examine(path)["index"].told


def test_an_earlier_version_is_told_and_not_brought_up_to_date(tmp_path: Path) -> None:
    for version in (1, 2):
        place = tmp_path / str(version)
        make_earlier(place, version)
        before = (place / CATALOG).read_bytes()
        found = examine(place)["store"]
        assert found.level is Level.REMARK
        assert f"version {version}" in found.told
        assert (place / CATALOG).read_bytes() == before


def test_a_store_that_can_only_be_read_is_remarked_upon(path: Path) -> None:
    forbid_writing(path)
    found = as_reader(path, levels)
    assert found == {
        "store": "OK",
        "index": "OK",
        "vectors": "OK",
        "space": "OK",
        "writing": "remark",
    }


def test_a_store_of_somebody_else_is_trouble_in_words(path: Path) -> None:
    path.chmod(0o700)
    if os.getuid() != 0:
        path.chmod(0o000)
    found = as_reader(path, levels)
    assert found["store"] == "trouble"
