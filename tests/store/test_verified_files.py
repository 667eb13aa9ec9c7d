"""A file is read for its checksum once, and again as soon as anything about it changed."""

from __future__ import annotations

import hashlib
import json
import os
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest

from index_store.errors import StoreCorruptError
from index_store.indexes.build_files import current_build
from index_store.indexes.lexical import LexicalIndex
from index_store.indexes.verified_files import are_whole, checksum
from index_store.local import LocalStore
from index_store.repair import repair_store
from tests.store_building import make_store, news, open_view, results

LONG_AGO = time.time_ns() - 3_600_000_000_000


@pytest.fixture
def build(tmp_path: Path) -> Path:
    build = tmp_path / "derived" / "0001"
    build.mkdir(parents=True)
    (build / "words").write_bytes(b"gas en olie")
    os.utime(build / "words", ns=(LONG_AGO, LONG_AGO))
    return build


EXPECTED = {"words": hashlib.sha256(b"gas en olie").hexdigest()}


def overwrite(file: Path, data: bytes, *, at: int) -> None:
    """Write into the very same file, and give it a time."""
    with file.open("r+b") as opened:
        opened.write(data)
    os.utime(file, ns=(at, at))


def test_a_file_that_looks_the_same_is_not_read_again(build: Path) -> None:
    assert are_whole(build, EXPECTED)
    overwrite(build / "words", b"GAS", at=LONG_AGO)
    assert checksum(build / "words") != EXPECTED["words"]
    assert are_whole(build, EXPECTED)  # bits that rot on a disk are for `check` to find
    (build.parent / "verified.json").unlink()
    assert not are_whole(build, EXPECTED)


def test_the_same_file_in_the_next_build_is_not_read_again(build: Path) -> None:
    assert are_whole(build, EXPECTED)
    overwrite(build / "words", b"GAS", at=LONG_AGO)
    other = build.with_name("0002")
    other.mkdir()
    (other / "words").hardlink_to(build / "words")
    assert are_whole(other, EXPECTED)


@pytest.mark.parametrize("change", ["time", "size", "inode", "checksum"])
def test_a_file_that_looks_different_is_read_again(build: Path, change: str) -> None:
    assert are_whole(build, EXPECTED)
    file, wanted = build / "words", EXPECTED
    overwrite(file, b"GAS", at=LONG_AGO + (change == "time"))
    if change == "size":
        file.write_bytes(b"gas en")
        os.utime(file, ns=(LONG_AGO, LONG_AGO))
    elif change == "inode":
        other = build / "other"
        other.write_bytes(file.read_bytes())
        os.utime(other, ns=(LONG_AGO, LONG_AGO))
        other.replace(file)
    elif change == "checksum":
        wanted = {"words": "0" * 64}
    assert not are_whole(build, wanted)


def test_a_file_that_was_just_written_is_read_again(build: Path) -> None:
    """Two changes within a tick of the clock leave the same time."""
    now = time.time_ns()
    os.utime(build / "words", ns=(now, now))
    assert are_whole(build, EXPECTED)
    overwrite(build / "words", b"GAS", at=now)
    assert not are_whole(build, EXPECTED)


@pytest.mark.parametrize("text", ["", "[]", "null", '{"build": "0001", "files": 3}', "\x00"])
def test_a_damaged_list_only_costs_reading(build: Path, text: str) -> None:
    (build.parent / "verified.json").write_text(text)
    assert are_whole(build, EXPECTED)
    assert "words" in json.loads((build.parent / "verified.json").read_text())["files"]


def test_check_reads_every_file_all_the_same(tmp_path: Path) -> None:
    make_store(tmp_path / "store", news(5)).close()
    derived = tmp_path / "store" / "derived"
    file = derived / str(current_build(derived)) / "dense.faiss"
    os.utime(file, ns=(LONG_AGO, LONG_AGO))
    with closing(LocalStore(tmp_path / "store")) as store:
        assert results(open_view(store), "troepen")
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    overwrite(file, bytes(data), at=LONG_AGO)
    with closing(LocalStore(tmp_path / "store")) as store:
        assert any("dense.faiss: the checksum does not match" in line for line in store.check())


def test_rotten_columns_that_look_the_same_are_made_anew(tmp_path: Path) -> None:
    make_store(tmp_path / "store", news(5)).close()
    derived = tmp_path / "store" / "derived"
    for number in range(24):
        file = derived / str(current_build(derived)) / "columns.npz"
        os.utime(file, ns=(LONG_AGO, LONG_AGO))
        with closing(LocalStore(tmp_path / "store")) as store:
            assert results(open_view(store), "troepen")
        data = bytearray(file.read_bytes())
        at = len(data) * number // 24  # headers, arrays and the list at the end of the zip
        data[at : at + 4] = bytes(each ^ 0xFF for each in data[at : at + 4])
        overwrite(file, bytes(data), at=LONG_AGO)
        with closing(LocalStore(tmp_path / "store")) as store:
            assert all(results(open_view(store), "troepen"))


def test_rotten_words_are_an_error_in_words_until_a_repair(tmp_path: Path) -> None:
    make_store(tmp_path / "store", news(5)).close()
    with closing(LocalStore(tmp_path / "store")) as store:
        expected = results(open_view(store), "troepenopbouw", "regel1")
    derived, told = tmp_path / "store" / "derived", 0
    for suffix in (".pos", ".idx", ".term", ".fieldnorm", ".fast"):
        for part in range(2):
            (file, *_) = (derived / str(current_build(derived))).rglob(f"*{suffix}")
            os.utime(file, ns=(LONG_AGO, LONG_AGO))
            with closing(LocalStore(tmp_path / "store")) as store:
                open_view(store)
            data = bytearray(file.read_bytes())
            at = len(data) * part // 2
            data[at : at + 12] = bytes(each ^ 0xFF for each in data[at : at + 12])
            overwrite(file, bytes(data), at=LONG_AGO)
            with suppress(StoreCorruptError), closing(LocalStore(tmp_path / "store")) as store:
                told += 1
                results(open_view(store), "troepenopbouw", "regel1")
                told -= 1
            repair_store(tmp_path / "store")
            with closing(LocalStore(tmp_path / "store")) as store:
                assert results(open_view(store), "troepenopbouw", "regel1") == expected
                assert store.check() == []
    assert told > 0


def test_an_index_of_words_that_tantivy_cannot_even_open_is_an_error(tmp_path: Path) -> None:
    make_store(tmp_path / "store", news(5)).close()
    derived = tmp_path / "store" / "derived"
    folder = derived / str(current_build(derived)) / "lexical"
    (file, *_) = folder.glob("*.fast")
    whole, refused = file.read_bytes(), 0
    for at in range(len(whole)):
        file.unlink()  # the one before may still be mapped into memory
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 16]) + whole[at + 1 :])
        try:
            index = LexicalIndex(folder)
        except OSError:  # Rust gives up in some of these places
            refused += 1
            continue
        with suppress(StoreCorruptError):
            index.numbers()
    assert refused > 0
