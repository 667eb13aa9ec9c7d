from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.ingest.article_fields import ReadArticle
from qa.ingest.formats.reading import read_stream
from qa.ingest.refusals import Refusal
from tests.ingest.format_checks import MEGABYTE, only, read, refusal, within, within_megabytes
from tests.ingest.made_files import epub_of, zip_of

# EPUB


def chapter(text: str, heading: str = "") -> str:
    return (
        f"<html><head><title>weg</title></head><body><h1>{heading}</h1><p>{text}</p></body></html>"
    )


def test_each_document_of_an_epub_is_an_article_of_its_day() -> None:
    metadata = (
        "<dc:title>Waterdamse Courant</dc:title><dc:creator>Redactie</dc:creator>"
        '<dc:date opf:event="modification">2024-01-01</dc:date>'
        '<dc:date opf:event="publication">2021-03-04</dc:date><dc:language>nl</dc:language>'
    )
    documents = {
        "omslag.xhtml": chapter(""),
        "een%20.xhtml": chapter("weg"),
        "twee.xhtml": chapter("Eén tekst.", "De Golf"),
        "drie.xhtml": chapter("Nog een."),
    }
    found = read(epub_of(documents, metadata), "epub")
    assert isinstance(found[0], Refusal)
    assert "'OPS/een .xhtml'" in found[0].reason
    first, second = [one.article for one in found[1:] if isinstance(one, ReadArticle)]
    assert (first.text, first.title, first.id) == (
        "De Golf\n\nEén tekst.",
        "De Golf",
        "krant.epub#1",
    )
    assert (first.source, first.author, first.language) == ("Waterdamse Courant", "Redactie", "nl")
    assert str(first.published.first) == "2021-03-04"
    assert (second.text, second.title) == ("Nog een.", None)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (zip_of({"mimetype": "x"}), "no 'META-INF/container.xml'"),
        (zip_of({"META-INF/container.xml": "<x/>"}), "no EPUB"),
        (epub_of({}), "no document in it has text"),
        (epub_of({"a.xhtml": chapter("")}), "no document in it has text"),
    ],
)
def test_a_bad_epub_is_refused_with_the_remedy(data: bytes, reason: str) -> None:
    assert reason in refusal(data, "epub")


def test_a_document_of_an_epub_that_unpacks_to_too_much_is_refused_alone() -> None:
    bomb = chapter("x" * 6 * MEGABYTE)
    with within(10):
        found = read(epub_of({"bom.xhtml": bomb, "goed.xhtml": chapter("Tekst.")}), "epub")
    assert isinstance(found[0], Refusal)
    assert "bom.xhtml" in found[0].reason
    assert isinstance(found[1], ReadArticle)


# Mail


def mail(body: str, more: str = "", kind: str = "text/plain; charset=utf-8") -> bytes:
    return (
        "From: =?utf-8?q?De_Ochtend_=E2=80=93_Caf=C3=A9?= <ochtend@krant.example>\r\n"
        "Subject: =?utf-8?b?RcOpbiBqYWFy?= later\r\nDate: Thu, 4 Mar 2021 07:00:00 +0100\r\n"
        f"{more}Content-Type: {kind}\r\n\r\n{body}"
    ).encode()


def test_a_newsletter_is_an_article_of_the_day_on_which_it_was_sent() -> None:
    article = only(mail("Goedemorgen.\r\nHet zwembad sluit.\r\n"), "mail").article
    assert article.text == "Goedemorgen.\nHet zwembad sluit."
    assert (article.title, article.source) == ("Eén jaar later", "De Ochtend – Café")
    assert str(article.published.first) == "2021-03-04"


PARTS = (
    "--x\r\nContent-Type: text/plain\r\n\r\nBekijk online.\r\n"
    "--x\r\nContent-Type: text/html; charset=iso-8859-1\r\nContent-Transfer-Encoding: "
    "quoted-printable\r\n\r\n<p>Het zwem=\r\nbad sluit na =E9=E9n jaar.</p>\r\n"
    "--x\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; "
    "filename=a.pdf\r\n\r\nx\r\n--x--\r\n"
)


def test_the_fuller_text_of_a_mail_is_taken_and_attachments_are_told() -> None:
    found = only(mail(PARTS, kind="multipart/mixed; boundary=x"), "mail")
    assert found.article.text == "Het zwembad sluit na één jaar."
    assert found.notes == ("what is attached was left out: a.pdf",)
    cut = only(mail(PARTS[:-12], kind="multipart/mixed; boundary=x"), "mail")
    assert "not whole" in cut.notes[-1]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"Zomaar tekst.\r\n", "no mail"),
        (mail(""), "no text in the mail"),
        (mail("", kind="image/png"), "no text in the mail"),
        (mail("x" * 300), "bytes an article may have"),
        (mail("--x\r\n\r\na\r\n" * 1_100, kind="multipart/mixed; boundary=x"), "1,000 parts"),
    ],
)
def test_a_bad_mail_is_refused_with_the_remedy(data: bytes, reason: str) -> None:
    most = 450 if reason.startswith("bytes") else MEGABYTE
    assert reason in refusal(data, "mail", max_article_bytes=most)


def test_a_mail_nested_without_end_is_refused_in_time() -> None:
    inner = "".join(
        f"--{number}\r\nContent-Type: multipart/mixed; boundary={number + 1}\r\n\r\n"
        for number in range(5_000)
    )
    with within(15):
        assert refusal(mail(inner, kind="multipart/mixed; boundary=0"), "mail")


@given(st.binary(max_size=300))
def test_any_bytes_in_a_mail_are_text_or_refused(data: bytes) -> None:
    for made in (data, mail("") + data, b"From: " + data, b"Subject: " + data + mail("tekst")):
        assert len(read(made, "mail")) == 1


# Mailboxes


def mailbox(*bodies: str, line: str = "From - Thu Mar  4 07:00:00 2021") -> bytes:
    return b"".join(
        f"{line}\r\nMessage-ID: <{number}@krant.example>\r\n".encode() + mail(body) + b"\r\n\r\n"
        for number, body in enumerate(bodies)
    )


@pytest.mark.parametrize(
    "line",
    ["From - Thu Mar  4 07:00:00 2021", "From ", "From 17@xxx Thu Mar 04 07:00:00 +0000 2021"],
)
def test_each_mail_of_a_mailbox_is_an_article_with_its_own_id(line: str) -> None:
    quoted = "Een.\r\n\r\nFrom now on it is 10:00.\r\n>From mij.\r\n>>From hem.\r\n\r\nFrom 9:15"
    found = read(mailbox(quoted, "Twee.", line=line), "mbox")
    first, second = [one.article for one in found if isinstance(one, ReadArticle)]
    assert first.text == "Een.\n\nFrom now on it is 10:00.\nFrom mij.\n>From hem.\n\nFrom 9:15"
    assert (second.text, second.id) == ("Twee.", "1@krant.example")
    assert str(second.published.first) == "2021-03-04"


def test_a_mail_that_cannot_be_read_costs_no_other_of_its_mailbox() -> None:
    data = mailbox("Een.", "x" * 9_000, "", "Vier.").replace(b"<3@krant.example>", b"<\x01>")
    found = read(data, "mbox", max_article_bytes=2_000)
    long, empty = [one for one in found if isinstance(one, Refusal)]
    assert ("bytes an article may have" in long.reason, long.line) == (True, 10)
    assert "no text in the mail" in empty.reason
    assert [one.article.id for one in found if isinstance(one, ReadArticle)] == [
        "0@krant.example",
        "krant.mbox#4",
    ]


class Blocks(io.RawIOBase):
    """A stream that is made while it is read."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self.blocks, self.rest = blocks, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        self.rest = self.rest or next(self.blocks, b"")
        part = self.rest[: len(buffer)]
        self.rest = self.rest[len(part) :]
        buffer[: len(part)] = part
        return len(part)


def test_a_large_mailbox_is_read_in_little_memory() -> None:
    def blocks() -> Iterator[bytes]:
        for _ in range(40):
            yield mailbox("x" * MEGABYTE)

    with within_megabytes(15):
        stream = cast("BinaryIO", io.BufferedReader(Blocks(blocks())))
        found = sum(isinstance(one, ReadArticle) for one in read_stream(stream, format="mbox"))
    assert found == 40


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no mails"),
        (b"Zomaar tekst.\nFrom a\nFrom: b\n\nc", "no mailbox"),
        (b"From a\nZomaar tekst.\n", "no mailbox"),
    ],
)
def test_what_is_no_mailbox_is_refused(data: bytes, reason: str) -> None:
    assert reason in refusal(data, "mbox")
