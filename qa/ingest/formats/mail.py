"""The format of mails (EML), such as newsletters: the subject is the title, the body the text."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.utils import parseaddr
from typing import TYPE_CHECKING, BinaryIO

from qa.ingest.article_fields import ReadArticle, ReadOptions, make_article
from qa.ingest.decoding import decode, read_whole
from qa.ingest.formats.article_format import ArticleFormat
from qa.ingest.formats.markup_text import text_of_html
from qa.ingest.refusals import Refusal, RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

_LONGEST_HEADER = 2_000
_MOST_PARTS = 1_000
_MESSAGE_ID = re.compile(r"<?([!-;=?-~]{3,300}?)>?")


def read_mail(stream: BinaryIO, options: ReadOptions) -> Iterator[ReadArticle | Refusal]:
    """Read a mail as one article; the day on which it was sent is its publication date.

    The text is the plain text of the mail, or that of its HTML if it says more. Attachments are
    named in a note.

    Raises:
        RefusedError: this is no mail, or there is no text in it.
    """
    data = read_whole(stream, options.max_article_bytes)
    yield mail_article(data, options, key=options.key)


def mail_article(
    data: bytes,
    options: ReadOptions,
    *,
    key: str,
    line: int | None = None,
    states_id: bool = False,
) -> ReadArticle:
    """Make an article of the bytes of one mail; `line` is where it starts.

    The id is the Message-ID if the mail `states_id`, else `key`.

    Raises:
        RefusedError: this is no mail, or there is no text in it.
    """
    try:
        message = message_from_bytes(data)
        parts = list(_parts(message))
    except RecursionError:
        raise RefusedError("its parts are nested too deeply; save its text as .txt") from None
    if not (message["From"] or message["Date"]):
        raise RefusedError("this is no mail: it has no sender and date at its start")
    text = max((_texts(parts, kind) for kind in ("text/plain", "text/html")), key=len)
    if not text:
        raise RefusedError("there is no text in the mail; save what is attached to it instead")
    name, address = parseaddr(_header(message, "From"))
    fields = {
        "id": _message_id(message) if states_id else None,
        "title": _header(message, "Subject"),
        "date": message["Date"],
        "source": name or address,
    }
    bare = replace(options, mapping={})
    article, notes = make_article(fields, bare, fallback_id=key, text=text)
    attached = [_filename(part) for part in parts if _is_attached(part)]
    if attached:
        notes += (f"what is attached was left out: {', '.join(attached[:10])}",)
    if any(part.defects for part in message.walk()):
        notes += ("the mail is not whole: something may be missing at its end",)
    return ReadArticle(article, options.path, line, notes)


def _message_id(message: Message) -> str | None:
    """Return the Message-ID, unless it is not such as programs make them."""
    found = _MESSAGE_ID.fullmatch(str(message["Message-ID"] or "").strip())
    return found[1] if found else None


def _parts(message: Message) -> Iterator[Message]:
    for number, part in enumerate(message.walk()):
        if number >= _MOST_PARTS:
            raise RefusedError(f"it has more than {_MOST_PARTS:,} parts; save its text as .txt")
        if not part.is_multipart():
            yield part


def _is_attached(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(part.get_filename())


def _filename(part: Message) -> str:
    return str(part.get_filename() or part.get_content_type())[:100]


def _texts(parts: list[Message], kind: str) -> str:
    """Return the text of all parts of this kind that are not attached."""
    texts = (_text(part) for part in parts if part.get_content_type() == kind)
    return "\n\n".join(text for text in texts if text)


def _text(part: Message) -> str:
    data = part.get_payload(decode=True)
    if _is_attached(part) or not isinstance(data, bytes) or not data.strip():
        return ""
    text = decode(data, declared=part.get_content_charset()).text
    if part.get_content_type() == "text/plain":
        return text.replace("\r\n", "\n").strip()
    try:
        return text_of_html(text)
    except ValueError as error:
        raise RefusedError(f"{error}; save its text as .txt") from None


def _header(message: Message, name: str) -> str:
    """Return a header with its coded words decoded, on one line."""
    words = str(message[name] or "")[:_LONGEST_HEADER]
    with suppress(HeaderParseError, LookupError, UnicodeError, ValueError):
        words = str(make_header(decode_header(words)))
    return " ".join(words.split())


FORMATS = (ArticleFormat("mail", (".eml",), read_mail),)
