"""The format of PDF files: the text of the pages in reading order, with a form feed after each."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO, cast

from qa.ingest.article_fields import ReadArticle, ReadOptions, make_article
from qa.ingest.decoding import refuse_size
from qa.ingest.formats.article_format import ArticleFormat
from qa.ingest.formats.extras import require
from qa.ingest.formats.page_layout import text_of_pages, without_running_lines
from qa.ingest.refusals import Refusal, RefusedError

_PROGRAM = "qa.ingest.formats.pdf_pages"
_LARGEST_FILE = 500_000_000  # bytes; pictures are most of a PDF
_BLOCK = 1 << 16
SECONDS = 60.0  # for any PDF, and then for each page that its size makes possible
SECONDS_A_PAGE = 3.0
_BYTES_OF_A_PAGE = 1_000
_MOST_SECONDS = 900.0
_NO_LETTER = re.compile(r"\(cid:\d+\)")  # what the extractor writes for an unknown glyph
_MOST_UNKNOWN = 0.1  # of the characters


def read_pdf(stream: BinaryIO, options: ReadOptions) -> Iterator[ReadArticle | Refusal]:
    r"""Read a PDF as one article, in which "\f" ends each page.

    Columns are read one after the other, and lines that run over all pages (the name of the
    paper, page numbers) are left out. There is no title, since no part of a PDF states one
    reliably; the dates of the file are never the publication date.

    Raises:
        RefusedError: the PDF has no text, is encrypted or damaged, or takes too long.
    """
    require("pdfminer", "pdf", "PDF files")
    with tempfile.TemporaryFile() as copy:
        size = _copy(stream, copy)
        found = list(_extracted(copy, size, options.max_article_bytes))
    if not any(found):
        raise RefusedError(
            "its pages are pictures without text: read them with OCR first (ocrmypdf, for example)"
        )
    pages, running = without_running_lines(found)
    text = text_of_pages(pages)
    unknown = _NO_LETTER.findall(text)
    if len(unknown) > _MOST_UNKNOWN * (len(text) - sum(map(len, unknown))):
        raise RefusedError(
            "its fonts do not say which letters they draw: read it with OCR (ocrmypdf --force-ocr)"
        )
    bare = ReadOptions(options.path, options.key, options.name)
    article, notes = make_article({}, bare, fallback_id=options.key, text=text)
    if running:
        notes += (f"{running} lines at the edges of pages, which return on them, were left out",)
    blank = sum(not page for page in found)
    if blank:
        notes += (f"{blank} of its {len(pages)} pages have no text; OCR may find some",)
    yield ReadArticle(article, options.path, None, notes, _extractor())


def _extractor() -> str:
    from importlib.metadata import version

    return f"pdfminer.six {version('pdfminer.six')}"


def _copy(stream: BinaryIO, copy: IO[bytes]) -> int:
    size = 0
    while block := stream.read(_BLOCK):
        if not size and b"%PDF-" not in block[:1024]:
            raise RefusedError("this is no PDF; name it after what it is")
        size += len(block)
        if size > _LARGEST_FILE:
            refuse_size(None, _LARGEST_FILE)
        copy.write(block)
    if not size:
        raise RefusedError("the file is empty; leave it out")
    copy.seek(0)
    return size


def _extracted(
    copy: IO[bytes], size: int, most_characters: int
) -> Iterator[list[tuple[str, bool]]]:
    """Yield the paragraphs of each page, and whether they lie at its edge.

    They come from a process of their own, which is ended if it takes too long.
    """
    seconds = min(_MOST_SECONDS, SECONDS + SECONDS_A_PAGE * size / _BYTES_OF_A_PAGE)
    ended = ""
    with _running(copy, seconds, most_characters) as lines:
        for line in lines:
            page = json.loads(line)
            if isinstance(page, dict):
                ended = page["end"]
                break
            yield [(text, at_edge) for text, at_edge in page]
    if ended != "done":
        raise RefusedError(_reason(ended, seconds))


def _reason(ended: str, seconds: float) -> str:
    match ended:
        case "password":
            return "it is protected with a password; save it without one"
        case "long":
            return "its text is longer than an article may be; split it"
        case "memory":
            return "it unpacks to more than the memory allows; print it to a new PDF"
        case "":
            return (
                f"it was not read within {seconds:.0f} seconds; print it to a new PDF, or split it"
            )
        case _:
            return f"it is damaged ({ended}); get it again, or print it to a new PDF"


@contextmanager
def _running(source: IO[bytes], seconds: float, most_characters: int) -> Iterator[IO[bytes]]:
    """Run the program on a file, and give its lines; end it when the time or the block is over."""
    command = [sys.executable, "-m", _PROGRAM, str(most_characters)]
    places = os.pathsep.join(filter(None, sys.path))
    with subprocess.Popen(  # noqa: S603 - a fixed command, and the PDF is no part of it
        command,
        stdin=source,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": places},
    ) as program:
        timer = threading.Timer(seconds, program.kill)
        timer.start()
        try:
            yield cast("IO[bytes]", program.stdout)
        finally:
            timer.cancel()
            program.kill()


FORMATS = (ArticleFormat("pdf", (".pdf",), read_pdf, is_streamed=True),)
