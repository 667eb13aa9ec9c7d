from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import stat
import tarfile
import zipfile
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.ingest.article_fields import ReadArticle
from qa.ingest.files import FoundFile
from qa.ingest.findings import Findings
from qa.ingest.formats.reading import read_file, read_stream
from qa.ingest.refusals import Refusal
from qa.ingest.sources import ArticleSource
from tests.conftest import open_hashed
from tests.ingest.format_checks import (
    MEGABYTE,
    Unsearchable,
    read,
    refusal,
    within,
    within_megabytes,
)
from tests.ingest.made_files import docx_of, tar_of, words_of, zip_of

LINES = "".join(json.dumps({"text": f"Tekst {number}."}) + "\n" for number in range(3))
MEMBERS: dict[str, str | bytes] = {
    "krant/a.txt": "Een tekst.",
    "krant/b.docx": docx_of(words_of("Uit Word.")),
    "lijst.jsonl.gz": gzip.compress(LINES.encode()),
    "foto.jpg": b"\xff\xd8",
    "kaart.jpg": b"\xff\xd8",
    ".verborgen.txt": "weg",
    "__MACOSX/a.txt": "weg",
    "fout.txt": b"\0\0",
    "nog.zip": zip_of({"a.txt": "weg"}),
}
PACKED = {"zip": zip_of(MEMBERS), "tar": tar_of(MEMBERS)}
EACH = pytest.mark.parametrize("form", PACKED)


def both(found: list[ReadArticle | Refusal]) -> tuple[list[ReadArticle], list[str]]:
    return (
        [one for one in found if isinstance(one, ReadArticle)],
        [one.reason for one in found if isinstance(one, Refusal)],
    )


@EACH
def test_each_file_in_an_archive_is_read_by_its_format(form: str) -> None:
    findings = Findings()
    articles, reasons = both(read(PACKED[form], form, findings=findings))
    texts = [one.article.text for one in articles]
    assert texts == ["Een tekst.", "Uit Word.", "Tekst 0.", "Tekst 1.", "Tekst 2."]
    key = f"krant.{form}"
    assert [one.article.id for one in articles] == [
        f"{key}#krant/a",
        f"{key}#krant/b",
        f"{key}#lijst#1",
        f"{key}#lijst#2",
        f"{key}#lijst#3",
    ]
    assert articles[0].article.source == f"{key}/krant/a.txt"
    assert {one.path for one in articles} == {key}
    (wrong,) = [reason for reason in reasons if reason.startswith("fout.txt: ")]
    assert "NUL" in wrong
    assert list(findings.notes) == ["files of other kinds in it were passed over (2 .jpg, 1 .zip)"]


@EACH
def test_a_file_whose_name_leads_out_of_the_archive_is_only_read(form: str) -> None:
    pack = {"zip": zip_of, "tar": tar_of}[form]
    articles, reasons = both(read(pack({"../a.txt": "Een tekst."}), form))
    assert ([one.article.text for one in articles], reasons) == (["Een tekst."], [])


@EACH
def test_an_archive_of_hidden_files_is_refused(form: str) -> None:
    pack = {"zip": zip_of, "tar": tar_of}[form]
    assert "are hidden" in refusal(pack({".a.txt": "x", "__MACOSX/a.txt": "x"}), form)
    assert "no file in it can be read" in refusal(pack({".a.txt": "x", "a.jpg": "x"}), form)


def test_the_columns_of_one_file_say_nothing_of_those_of_another() -> None:
    rows = {
        "nl.csv": "datum;tekst;rest\n17/12/2021;Een.;x\n3/1/2022;Twee.;y\n",
        "us.csv": "datum;tekst\n12/17/2021;Een.\n1/3/2022;Twee.\n",
    }
    findings = Findings()
    articles, _ = both(read(zip_of(rows), "zip", findings=findings))
    days = [str(one.article.published.first) for one in articles]
    assert days == ["2021-12-17", "2022-01-03"] * 2
    assert [each.name for each in findings.unused("x")] == ["rest"]


@EACH
def test_an_archive_is_read_from_a_stream(form: str) -> None:
    stream = Unsearchable(PACKED[form])
    articles, _ = both(list(read_stream(stream, format=form)))
    assert len(articles) == 5


@EACH
def test_articles_of_an_archive_belong_to_its_file(form: str, tmp_path: Path) -> None:
    path = tmp_path / f"map.{form}"
    path.write_bytes(PACKED[form])
    source = ArticleSource([path])
    for item in source.read():
        if isinstance(item, ReadArticle):
            assert source.is_derived_id(item)
            assert source.stored_path(item) == str(path)


@EACH
def test_an_archive_without_anything_to_read_is_refused(form: str) -> None:
    pack = {"zip": zip_of, "tar": tar_of}[form]
    assert "no file in it can be read" in refusal(pack({"a.jpg": b"x"}), form)


@pytest.mark.parametrize(
    ("data", "form", "reason"),
    [
        (b"", "zip", "empty"),
        (b"tekst", "zip", "damaged or cut off"),
        (PACKED["zip"][:-50], "zip", "damaged or cut off"),
        (b"tekst", "tar", "no whole tar"),
        (b"", "tar", "no whole tar"),
        (zip_of({"a.txt": "x" * 99}, zipfile.ZIP_LZMA), "zip", "only deflate"),
        (zip_of({"a.txt": "x"}), "wacz", "no file in it can be read"),
    ],
)
def test_a_bad_archive_is_refused_with_the_remedy(data: bytes, form: str, reason: str) -> None:
    assert reason in refusal(data, form)


def test_a_tar_that_is_cut_off_gives_what_came_before() -> None:
    data = tar_of({"a.txt": "Heel.", "b.txt": "Half. " * 2000})
    articles, reasons = both(read(data[:3000], "tar"))
    assert [one.article.text for one in articles] == ["Heel."]
    assert reasons
    assert all("damaged or cut off" in reason or "no whole tar" in reason for reason in reasons)


def test_links_and_devices_in_archives_are_refused() -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as writing:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
            member = tarfile.TarInfo(f"{kind.decode()}.txt")
            member.type, member.linkname = kind, "/etc/passwd"
            writing.addfile(member)
    _, reasons = both(read(packed.getvalue(), "tar"))
    assert len(reasons) == 4
    assert all("this is a link, a device" in reason for reason in reasons)
    link = zipfile.ZipInfo("a.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as writing_zip:
        writing_zip.writestr(link, "/etc/passwd")
    assert "a link" in refusal(zipped.getvalue(), "zip")


def test_an_encrypted_member_is_refused_and_the_others_go_in() -> None:
    data = bytearray(zip_of({"a.txt": "geheim", "b.txt": "Open."}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    articles, reasons = both(read(bytes(data), "zip"))
    assert [one.article.text for one in articles] == ["Open."]
    assert "encrypted" in reasons[0]


def test_names_in_archives_are_only_names() -> None:
    """Their ids and sources are as written, and the same of each kind: other ids would be new."""
    names = ["../../weg.txt", "a/../b.txt", "/etc/cron.d/a.txt", "a\nb.txt", "C:\\x.txt"]
    ids = ["../../weg", "a/../b", "/etc/cron.d/a", "C:\\x"]
    for form, pack in (("zip", zip_of), ("tar", tar_of)):
        articles, reasons = both(read(pack(dict.fromkeys(names, "Tekst.")), form))
        assert len(reasons) == 1
        assert "control characters" in reasons[0]
        assert [one.article.id for one in articles] == [f"krant.{form}#{name}" for name in ids]
        assert [one.path for one in articles] == [f"krant.{form}"] * len(ids)


@EACH
def test_a_name_that_leads_out_of_an_archive_makes_no_file(form: str, tmp_path: Path) -> None:
    """Neither where it is read nor anywhere else: what is in the archive is not unpacked."""
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    pack = {"zip": zip_of, "tar": tar_of}[form]
    names = {"../../weg.txt": "Vos bouwde het gemaal.", f"{tmp_path}/los.txt": "Er staat een brug."}
    (folder / f"krant.{form}").write_bytes(pack(names))
    with open_hashed(folder / "store") as assistant:
        assistant.ingest([folder / f"krant.{form}"])
        ids = [each.id for each in assistant.articles()]
    assert sorted(ids) == ["krant#../../weg", f"krant#{tmp_path}/los"]
    assert [each.name for each in tmp_path.iterdir()] == ["a"]
    assert [each.name for each in folder.parent.iterdir()] == ["b"]
    assert {each.name for each in folder.iterdir()} == {f"krant.{form}", "store"}


BOMB = (b" " * 9_999 + b"\n") * 10_000


PACKERS = pytest.mark.parametrize(
    ("pack", "form"),
    [
        (gzip.compress, "jsonl.gz"),
        (zstandard.compress, "jsonl.zst"),
        (bz2.compress, "jsonl.bz2"),
        (lzma.compress, "jsonl.xz"),
    ],
)


@PACKERS
def test_a_stream_that_unpacks_without_end_is_left(pack, form: str) -> None:  # type: ignore[no-untyped-def]
    data = LINES.encode() + BOMB
    with within(20):
        articles, reasons = both(read(pack(data), form))
    assert len(articles) == 3
    assert "200 times its size" in reasons[0]


def test_all_files_of_a_zip_share_one_bound() -> None:
    data = zip_of({f"{number}.txt": BOMB[: 19 * MEGABYTE] for number in range(9)})
    with within(20):
        _, reasons = both(read(data, "zip"))
    assert any("200 times its size" in reason for reason in reasons)


def test_an_endless_line_is_not_held() -> None:
    data = gzip.compress(b"x" * 30 * MEGABYTE)
    with within_megabytes(4):
        ((one),) = read(data, "jsonl.gz", max_article_bytes=100_000)
    assert isinstance(one, Refusal)


def test_a_wide_window_of_zstandard_is_refused() -> None:
    parameters = zstandard.ZstdCompressionParameters(window_log=29)
    packer = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    data = packer.compress(LINES.encode()) + packer.flush()
    _, reasons = both(read(data, "jsonl.zst"))
    assert "damaged or cut off" in reasons[0]


def test_an_xz_that_wants_much_memory_is_refused() -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 1, "dict_size": 1 << 29}]
    data = lzma.compress(LINES.encode(), filters=filters)
    _, reasons = both(read(data, "jsonl.xz"))
    assert "damaged or cut off" in reasons[0]


@pytest.mark.parametrize(("pack", "form"), [(bz2.compress, "txt.bz2"), (lzma.compress, "txt.xz")])
def test_parts_in_a_row_with_zeros_behind_them_are_read(pack, form: str) -> None:  # type: ignore[no-untyped-def]
    data = pack(b"Een otter ") + pack(b"zwemt.") + bytes(512)
    (one,), reasons = both(read(data, form))
    assert (one.article.text, reasons) == ("Een otter zwemt.", [])


@PACKERS
def test_a_packed_file_that_is_cut_off_is_told(pack, form: str) -> None:  # type: ignore[no-untyped-def]
    lines = "".join(json.dumps({"text": f"Tekst {n * 7919 % 1013}."}) + "\n" for n in range(9000))
    data = pack(lines.encode())
    articles, reasons = both(read(data[: len(data) // 2], form))
    assert articles or form.endswith(("zst", "bz2", "xz"))  # which unpack in large blocks
    assert reasons
    assert both(read(b"geen gzip", form))[1]
    twice = both(read(data + data, form))[0]
    assert len(twice) == 18_000


def test_the_library_of_zstandard_is_named_if_it_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "zstandard", None)
    assert "dateline-qa[zstd]" in refusal(b"x", "jsonl.zst")


@settings(deadline=None, max_examples=60)
@given(
    st.binary(max_size=400),
    st.sampled_from(["zip", "tar", "wacz", "jsonl.gz", "txt.zst", "txt.bz2", "txt.xz"]),
)
def test_any_bytes_are_read_or_refused(data: bytes, form: str) -> None:
    for made in (data, PACKED["zip"][:-30] + data, PACKED["tar"][:900] + data):
        read(made, form)


@settings(deadline=None, max_examples=60)
@given(
    st.integers(0, len(PACKED["zip"]) - 1),
    st.integers(0, len(PACKED["tar"]) - 1),
    st.binary(min_size=1, max_size=1),
)
def test_one_wrong_byte_raises_nothing(zip_at: int, tar_at: int, byte: bytes) -> None:
    for form, at in (("zip", zip_at), ("tar", tar_at)):
        data = bytearray(PACKED[form])
        data[at : at + 1] = byte
        read(bytes(data), form)


def test_a_packed_file_keeps_the_id_that_the_plain_one_has(tmp_path: Path) -> None:
    plain, packed = tmp_path / "a.jsonl", tmp_path / "b" / "a.jsonl.gz"
    packed.parent.mkdir()
    plain.write_text(LINES)
    packed.write_bytes(gzip.compress(LINES.encode()))
    ids = [
        [one.article.id for one in read_file(found) if isinstance(one, ReadArticle)]
        for found in (FoundFile(plain, tmp_path, "a"), FoundFile(packed, packed.parent, "a"))
    ]
    assert ids[0] == ids[1]
