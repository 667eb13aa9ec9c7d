"""Damage of unpacked files is noticed, and whole ones take the place of damaged ones."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.models.unpacked_folder import CHECKSUMS, is_whole, put_in_place, seal_folder


def made(folder: Path) -> Path:
    (folder / "1_Pooling").mkdir(parents=True)
    (folder / "1_Pooling" / "config.json").write_text("{}")
    (folder / "model").write_bytes(bytes(1000))
    seal_folder(folder)
    return folder


def flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: os.truncate(folder / "model", 999),
        lambda folder: flip(folder / "model"),
        lambda folder: (folder / "1_Pooling" / "config.json").unlink(),
        lambda folder: flip(folder / CHECKSUMS),
        lambda folder: os.truncate(folder / CHECKSUMS, 10),
        lambda folder: (folder / CHECKSUMS).write_text("[]"),
        lambda folder: (folder / CHECKSUMS).unlink(),
    ],
)
def test_damage_is_noticed_and_mended(tmp_path: Path, damage: Callable[[Path], object]) -> None:
    folder = made(tmp_path / "encoder")
    assert is_whole(folder)
    damage(folder)
    assert not is_whole(folder)
    put_in_place(made(tmp_path / "finished"), folder)
    assert is_whole(folder)
    assert not (tmp_path / "finished").exists()


def test_what_is_not_there_is_not_whole(tmp_path: Path) -> None:
    assert not is_whole(tmp_path / "none")
    (tmp_path / "file").touch()
    assert not is_whole(tmp_path / "file")


def test_a_file_that_looks_as_it_was_is_not_read_again(tmp_path: Path) -> None:
    folder = made(tmp_path / "encoder")
    long_ago = 1_000_000_000_000_000_000
    os.utime(folder / "model", ns=(long_ago, long_ago))
    assert is_whole(folder)
    flip(folder / "model")
    os.utime(folder / "model", ns=(long_ago, long_ago))
    assert is_whole(folder)
    os.utime(folder / "model", ns=(long_ago, long_ago + 1))
    assert not is_whole(folder)
