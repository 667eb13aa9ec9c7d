"""A file takes the place of another only when all of it is written."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from qa.exports import ExportError
from qa.exports.whole_file import whole_file


def write_half(path: Path, error: BaseException) -> None:
    with whole_file(path) as file:
        file.write("half")
        raise error


def test_what_was_written_takes_the_place_with_its_own_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("vroeger")
    with whole_file(path) as file:
        file.write("één\r\ntwee\n")
        assert path.read_text() == "vroeger"
    assert path.read_bytes() == "één\r\ntwee\n".encode()
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left"), KeyboardInterrupt()])
def test_a_full_disk_and_ctrl_c_leave_what_was_there(error: BaseException, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("vroeger")
    expected = ExportError if isinstance(error, OSError) else KeyboardInterrupt
    with pytest.raises(expected):
        write_half(path, error)
    assert path.read_text() == "vroeger"
    assert list(tmp_path.iterdir()) == [path]
