"""A file takes the place of another only when all of it is written."""

from __future__ import annotations

import errno
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.exports import ExportError
from qa.exports.whole_file import whole_file


def write_half(path: Path, error: BaseException) -> None:
    with whole_file(path) as file:
        file.write("half")
        raise error


def write_lines(path: Path, count: int) -> None:
    with whole_file(path) as file:
        for _ in range(count):
            file.write("x" * 100)


def test_what_was_written_takes_the_place_with_its_own_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("vroeger")
    with whole_file(path) as file:
        file.write("één\r\ntwee\n")
        assert path.read_text() == "vroeger"
    assert path.read_bytes() == "één\r\ntwee\n".encode()
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [OSError(errno.EIO, "Input/output error"), KeyboardInterrupt()])
def test_what_is_wrong_elsewhere_keeps_its_name_and_what_was_there(
    error: BaseException, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("vroeger")
    with pytest.raises(type(error)) as raised:
        write_half(path, error)
    assert raised.value is error
    assert path.read_text() == "vroeger"
    assert list(tmp_path.iterdir()) == [path]


@pytest.fixture
def small_files() -> Iterator[None]:
    """Let files have at most 10,000 bytes, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("size", [10_001, 1_000_000])
@pytest.mark.usefixtures("small_files")
def test_a_full_disk_is_told_and_leaves_what_was_there(tmp_path: Path, size: int) -> None:
    path = tmp_path / "a.csv"
    path.write_text("vroeger")
    with pytest.raises(ExportError, match="cannot be written"):
        write_lines(path, size // 100 + 1)
    assert path.read_text() == "vroeger"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_and_the_file_that_it_names_is_replaced(tmp_path: Path) -> None:
    file, link, ahead = (tmp_path / name for name in ("map", "l.csv", "later.csv"))
    file.mkdir()
    (file / "a.csv").write_text("vroeger")
    link.symlink_to(file / "a.csv")
    ahead.symlink_to("map/b.csv")  # there is no such file yet
    for each in (link, ahead):
        with whole_file(each) as written:
            written.write("nu")
        assert each.is_symlink()
    assert {each.name: each.read_text() for each in file.iterdir()} == {
        "a.csv": "nu",
        "b.csv": "nu",
    }


def test_what_is_no_file_is_written_to_and_stays(tmp_path: Path) -> None:
    pipe = tmp_path / "pijp"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        with whole_file(pipe) as file:
            file.write("één\r\n")
        assert os.read(reading, 100) == "één\r\n".encode()
    finally:
        os.close(reading)
    assert [each.is_fifo() for each in tmp_path.iterdir()] == [True]
    with pytest.raises(ExportError, match="cannot be written"), whole_file(tmp_path) as file:
        file.write("map")


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="there are no files in memory")
def test_a_file_in_memory_is_a_file_like_others() -> None:
    with tempfile.NamedTemporaryFile("w", dir="/dev/shm", suffix=".csv") as held:
        path = Path(held.name)
        for content in ("een lange eerste tabel", "kort"):
            with whole_file(path) as file:
                file.write(content)
        assert path.read_text() == "kort"


def test_standard_output_is_added_to(tmp_path: Path) -> None:
    target = tmp_path / "alles.csv"
    with target.open("w") as held:
        held.write("eerst\n")
        held.flush()
        with whole_file(Path(f"/dev/fd/{held.fileno()}")) as file:
            file.write("dan\n")
    assert target.read_text() == "eerst\ndan\n"
    writing = "import sys, pathlib; from qa.exports.whole_file import whole_file as made\n"
    writing += "with made(pathlib.Path('/dev/stdout')) as file: file.write('rij')"
    told = subprocess.run([sys.executable, "-c", writing], capture_output=True, check=True)
    assert told.stdout == b"rij"


def test_a_private_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    for is_private, rights in ((True, 0o600), (False, 0o644)):
        path = tmp_path / f"{rights:o}"
        before = os.umask(0o022)
        try:
            with whole_file(path, is_private=is_private) as file:
                file.write("x")
        finally:
            os.umask(before)
        assert path.stat().st_mode & 0o777 == rights
