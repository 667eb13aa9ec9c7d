"""The format of mailboxes (mbox), such as a folder of newsletters: an article for each mail."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO

from qa.ingest.decoding import refuse_size
from qa.ingest.formats.article_format import ArticleFormat
from qa.ingest.formats.mail import mail_article
from qa.ingest.refusals import Refusal, RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.ingest.article_fields import ReadOptions
    from qa.ingest.formats.article_format import ReadItems

_BLOCK = 1 << 16
# Programs write "From sender day time year", and Thunderbird "From -" or nothing more than "From ".
_SEPARATOR = re.compile(rb"From (?:\S*|.*\d\d:\d\d.*)\s*\Z", re.DOTALL)
_HEADER = re.compile(rb"[!-9;-~]+:")
_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)


def read_mailbox(stream: BinaryIO, options: ReadOptions) -> ReadItems:
    """Read each mail of a mailbox as an article, while they come in; its Message-ID is the id.

    Python's own `mailbox` wants a file that it can search, and so reads no packed or streamed one.

    Raises:
        RefusedError: this is no mailbox.

    Source: RFC 4155, and the unescaping of the variant mboxrd.
    """
    number = 0
    for number, (line, data) in enumerate(_mails(stream, options.max_article_bytes), start=1):
        try:
            if data is None:
                refuse_size(None, options.max_article_bytes)
            else:
                key = f"{options.key}#{number}"
                mail = _ESCAPED.sub(rb"\1", data)
                yield mail_article(mail, options, key=key, line=line, states_id=True)
        except RefusedError as refused:
            yield Refusal(options.path, line, refused.reason)
    if not number:
        raise RefusedError("there are no mails in it; leave it out")


def _mails(stream: BinaryIO, most: int) -> Iterator[tuple[int, bytes | None]]:
    """Yield the line on which each mail starts, and the mail; `None` is one of more bytes."""
    start, mail = 0, bytearray()
    for number, line in _lines(stream):
        if line is None:
            if start:
                yield start, _within(mail, most)
            start, mail = number, bytearray()
        elif not start and line.strip():
            raise RefusedError('this is no mailbox: it does not begin with a line "From …"')
        elif len(mail) <= most:  # of a longer one, only that it is longer has to be known
            mail += line
    if start:
        yield start, _within(mail, most)


def _within(mail: bytearray, most: int) -> bytes | None:
    return bytes(mail) if len(mail) <= most else None


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Yield each line with its number, and `None` for a line that stands above a mail.

    Such a line has a header below it: a text may begin a line with "From" as well. Long lines come
    in pieces.
    """
    number, held, is_start = 0, b"", True
    while piece := stream.readline(_BLOCK):
        number += is_start
        if held:
            yield number - 1, None if _HEADER.match(piece) else held
            held = b""
        if is_start and _SEPARATOR.match(piece):
            held = piece
        else:
            yield number, piece
        is_start = piece.endswith(b"\n")
    if held:
        yield number, held


FORMATS = (ArticleFormat("mbox", (".mbox",), read_mailbox, is_streamed=True),)
