"""Makes hostile files of every format, each from its seed alone, and reads them within bounds.

The tests read a few hundred. To read many, and to see the slowest of them:

    python -m tests.ingest.hostile_files 10000
"""

# ruff: noqa: BLE001, T201 - it is a program, and tells of every error whatever it is
from __future__ import annotations

import faulthandler
import gzip
import io
import os
import random
import re
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import zstandard

from qa.ingest.article_fields import ReadArticle
from qa.ingest.formats.reading import read_stream
from qa.ingest.formats.registry import FORMATS
from qa.ingest.refusals import Refusal
from qa.text.control_characters import visible
from tests.ingest.format_examples import CONTENT, MORE, content_of
from tests.ingest.made_files import tar_of, zip_of

LONG_LINE = 1_000_000
MOST_SECONDS = 20.0
MOST_MEGABYTES = 700
SLOW = ("pdf", "parquet")  # each is read in a process of its own, which takes half a second
_UNENDING_SECONDS = 120
_MOST_UNPACKED = 40_000_000  # bytes
_ENTITIES = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in pairwise("abcdefghi"))
    + "]>"
)
# What programs stumble over, put in at any place.
_TOKENS: tuple[bytes, ...] = (
    b"\0", b"\0" * 500, b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\\ud800",
    b"\\udc00\\ud800", b"&#0;", b"&#xD800;", b"&#55296;", b"&i;", b"&nbsp;", b"]]>",
    b"<![CDATA[", b"<!--", b"-->", b"%s%n", b"\x1a", b"\x1b[31m",
    "\u202e\u2066\u200b".encode(), "e\u0301".encode() * 300, b"\r", b"\x0b\x0c\x1c\x85",
    b'"', b"'", b"{", b"}", b"[", b"]", b"(", b")", b"\\", b"\\bin999999999 ", b"\\u-1?",
    b"\\u99999?", b"99999999999999999999", b"-1", b"1e400", b"NaN", b"0000-00-00",
    b"31-02-2021", b"9999-12-31", b"date 99999-13", b"\n---\n", b"\n\n", b"1 of 3 DOCUMENTS",
    b"End of Document", b"Document WATC000020210304eh3400001", b"0 0 R", b"1 0 R",
    b"<< /Length 1 0 R >>", b"Content-Length: 99999999999", b"Transfer-Encoding: chunked\r\n",
    b"Content-Encoding: gzip\r\n", b"Content-Transfer-Encoding: base64\r\n\r\n",
    b"=?utf-8?q?" + b"=00" * 9, b"\n- - a: &a [*a]\n",
    b"../../etc/passwd", b"sep=;\n", b"WARC/1.0\r\n", b"<base href='x'>", b"<svg>", b"<script>",
)  # fmt: skip
_OPENINGS = (
    b"[", b"{", b'{"a":', b"(", b"<p>", b"<a><b>", b"<div>", b"<w:p>", b"{\\rtf1", b"<<", b"> ",
    b"- ", b'"',
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class HostileFile:
    """A file to read, as the format that its suffix promises."""

    seed: int
    format: str
    data: bytes
    made: str  # how, in words


def hostile_file(seed: int, form: str) -> HostileFile:
    """Return a hostile file to be read as a format; the same seed gives the same file."""
    chance = random.Random(f"{seed} {form}")
    data, made = chance.choice(_examples(form)), []
    for _ in range(chance.choice((1, 1, 2, 4))):
        change = chance.choice(_CHANGES)
        data = _changed(data, change, chance)
        made.append(change.__name__)
    return HostileFile(seed, form, data, ", ".join(made))


def _examples(form: str) -> list[bytes]:
    if form in CONTENT:
        return [content_of(form), *MORE.get(form, [])]
    inner, _, packed = form.rpartition(".")
    pack: Callable[[bytes], bytes] = gzip.compress if packed == "gz" else zstandard.compress
    return [pack(each) for each in _examples(inner)]


def _changed(
    data: bytes, change: Callable[[bytes, random.Random], bytes], chance: random.Random
) -> bytes:
    """Change data, or what is packed in it: a checksum guards the rest of a package."""
    if chance.random() < 0.2:
        return change(data, chance)
    if data[:2] == b"\x1f\x8b":
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
                inner = packed.read(_MOST_UNPACKED)  # `gzip.decompress` took gigabytes for some
            return gzip.compress(_changed(inner, change, chance), 1)
        except (OSError, EOFError, zlib.error):
            return change(data, chance)
    if data[:4] == b"PK\x03\x04":
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as packed:
                members: dict[str, str | bytes] = {
                    name: packed.read(name) for name in packed.namelist()
                }
        except Exception:  # a change before has damaged it
            return change(data, chance)
        name = chance.choice([*members])
        content = members[name]
        assert isinstance(content, bytes)
        members[name] = _changed(content, change, chance)
        return zip_of(members)
    return change(data, chance)


# Changes


def cut_off(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def flip_bits(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(min(len(data), chance.choice((1, 3, 30)))):
        changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def leave_out(data: bytes, chance: random.Random) -> bytes:
    start, end = _part(data, chance)
    return data[:start] + data[end:]


def repeat(data: bytes, chance: random.Random) -> bytes:
    start, end = _part(data, chance)
    most = LONG_LINE // max(1, end - start)
    return data[:end] + data[start:end] * min(chance.choice((1, 20, 5_000)), most) + data[end:]


def put_in(data: bytes, chance: random.Random) -> bytes:
    at = _place(data, chance)
    return data[:at] + chance.choice(_TOKENS) * chance.choice((1, 1, 1, 50)) + data[at:]


def put_in_long_line(data: bytes, chance: random.Random) -> bytes:
    at, unit = (
        _place(data, chance),
        chance.choice((b"a", b"a ", b"aap.", b"1", b"&", b"<", b"\xc3\xa9")),
    )
    return data[:at] + unit * (LONG_LINE // len(unit)) + data[at:]


def nest(data: bytes, chance: random.Random) -> bytes:
    at, opening = _place(data, chance), chance.choice(_OPENINGS)
    return data[:at] + opening * chance.choice((50, 2_000, 100_000)) + data[at:]


def declare_entities(data: bytes, chance: random.Random) -> bytes:
    del chance
    head, close, body = data.partition(b"?>")
    declared = _ENTITIES.encode()
    if close and head.startswith(b"<?xml"):
        return head + close + declared + body.replace(b">", b">&i;", 3)
    return declared + data.replace(b">", b">&i;", 3)


def swap_numbers(data: bytes, chance: random.Random) -> bytes:
    """Put other numbers in place of some: lengths, places, sizes, days."""
    others = (b"0", b"-1", b"1", b"2", b"7", b"4294967295", b"9" * 18, b"9" * 5_000)
    return re.sub(
        rb"\d+", lambda found: chance.choice(others) if chance.random() < 0.3 else found[0], data
    )


def declare_sizes(data: bytes, chance: random.Random) -> bytes:
    """Put the largest or the smallest number into fields of four bytes, as packages have."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 3))):
        at = chance.randrange(len(data) + 1)
        changed[at : at + 4] = chance.choice(
            (b"\xff" * 4, b"\xff\xff\xff\x7f", b"\0" * 4, b"\0\0\0\x80")
        )
    return bytes(changed)


def join_other(data: bytes, chance: random.Random) -> bytes:
    other = chance.choice(_ALL)
    return data[: chance.randrange(len(data) + 1)] + other[chance.randrange(len(other)) :]


def be_other(data: bytes, chance: random.Random) -> bytes:
    """Have a suffix that promises another format."""
    del data
    return chance.choice(_ALL)


def pack(data: bytes, chance: random.Random) -> bytes:
    """Pack once more, as an archive in an archive."""
    name = chance.choice(
        ("a.txt", "a.zip", "a.tar", "../a.txt", "/a.csv", "a" * 300 + ".txt", "a.warc.gz")
    )
    packed = (
        zip_of({name: data}),
        tar_of({name[:90]: data}),
        gzip.compress(data),
        zstandard.compress(data),
    )
    return chance.choice(packed)


def bomb(data: bytes, chance: random.Random) -> bytes:
    """Pack what unpacks to thirty megabytes."""
    filled = data + chance.choice((b"a", b" ", b"\n", b"<p>", b"a,")) * 10_000_000
    return chance.choice(
        (zip_of({"a.txt": filled}), gzip.compress(filled), zstandard.compress(filled))
    )


def code_otherwise(data: bytes, chance: random.Random) -> bytes:
    text = data.decode("utf-8", "replace")
    return text.encode(
        chance.choice(("utf-16", "utf-16-le", "utf-32", "cp1252", "utf-7")), "replace"
    )


def swap_lines(data: bytes, chance: random.Random) -> bytes:
    lines = data.split(b"\n", 100_000)  # each takes memory, and what reads them is measured
    chance.shuffle(lines)
    return b"\n".join(lines)


_CHANGES = (
    cut_off, flip_bits, leave_out, repeat, put_in, put_in, put_in_long_line, nest, declare_entities,
    swap_numbers, declare_sizes, join_other, be_other, pack, bomb, code_otherwise, swap_lines,
)  # fmt: skip
_ALL = [each for form in CONTENT for each in _examples(form)]


def _place(data: bytes, chance: random.Random) -> int:
    """Return a place, more often one beside a mark, where a parser has to decide something."""
    marks = [found.start() for found in re.finditer(rb"[<>{}\[\]\"',;:\n/=]", data[:20_000])]
    is_beside = bool(marks) and chance.random() < 0.7
    return chance.choice(marks) + 1 if is_beside else chance.randrange(len(data) + 1)


def _part(data: bytes, chance: random.Random) -> tuple[int, int]:
    start = _place(data, chance)
    return start, min(len(data), start + chance.choice((1, 4, 40, 400)))


# Reading


def read_hostile(file: HostileFile) -> list[ReadArticle | Refusal]:
    """Read a file; every item is an article that can be stored, or a refusal that tells why."""
    stream = io.BytesIO(file.data)
    items = list(read_stream(stream, format=file.format, name=f"krant.{file.format}"))
    assert items, "nothing was said of it"
    for item in items:
        if isinstance(item, Refusal):
            item.reason.encode()
            assert item.reason
            assert len(item.reason) < 2_500, item.reason[:3_000]
            assert visible(item.reason) == item.reason, ascii(item.reason)
        else:
            _check(item)
    return items


def _check(item: ReadArticle) -> None:
    article = item.article
    said = [article.id, article.text, article.source, article.title, article.url, article.author]
    for words in [*said, article.section, article.language, *item.notes]:
        (words or "").encode()  # half a surrogate pair would stop the store
    assert article.id
    assert article.text.strip()
    assert "\0" not in article.text


def hostile_files(count: int, *, first: int = 0) -> Iterator[HostileFile]:
    """Yield so many files, of every format in turn; those of slow formats in each tenth turn."""
    names = [known.name for known in FORMATS] + ["jsonl.gz", "csv.zst", "warc.gz", "tar.gz"]
    made, turn = 0, first
    while made < count:
        for name in names:
            if made < count and (name not in SLOW or turn % 10 == 0):
                yield hostile_file(turn, name)
                made += 1
        turn += 1


def main(count: int, first: int) -> int:
    """Read so many hostile files, tell which failed or took long, and return how many failed."""
    faulthandler.enable()
    spent: list[tuple[float, str]] = []
    failed = refused = 0
    for file in hostile_files(count, first=first):
        faulthandler.dump_traceback_later(_UNENDING_SECONDS, exit=True)
        name = f"{file.format} {file.seed} ({file.made}; {len(file.data):,} bytes)"
        print(name, file=sys.stderr)
        started, before = _processor_seconds(), _peak_megabytes()
        try:
            refused += all(isinstance(item, Refusal) for item in read_hostile(file))
        except Exception as error:
            failed += 1
            print(f"FAILED {name}: {type(error).__name__}: {str(error)[:300]}")
        seconds, more = _processor_seconds() - started, _peak_megabytes() - before
        spent.append((seconds, name))
        if seconds > MOST_SECONDS or more > MOST_MEGABYTES:
            failed += 1
            print(f"FAILED {name}: {seconds:.1f} s, {more:.0f} MB")
    faulthandler.cancel_dump_traceback_later()
    print(
        f"{len(spent)} files: {refused} refused whole, {failed} failed; {_peak_megabytes():.0f} MB"
    )
    for seconds, name in sorted(spent, reverse=True)[:15]:
        print(f"{seconds:6.2f} s  {name}")
    return failed


def _processor_seconds() -> float:
    """Return the time of the processor that this process and those that it started took."""
    return sum(os.times()[:4])


def _peak_megabytes() -> float:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


if __name__ == "__main__":
    sys.exit(bool(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)))
