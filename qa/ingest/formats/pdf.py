"""The format of PDF files: the text of the pages in reading order, with a form feed after each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import IO, BinaryIO

from qa.ingest.article_fields import ReadArticle, ReadOptions, make_article
from qa.ingest.formats.article_format import ArticleFormat
from qa.ingest.formats.extras import require
from qa.ingest.formats.page_layout import text_of_pages, without_running_lines
from qa.ingest.formats.press_export import refuse_export, split_export
from qa.ingest.formats.separate_program import copied, lines_of
from qa.ingest.refusals import Refusal, RefusedError

_PROGRAM = "qa.ingest.formats.pdf_pages"
_LARGEST_FILE = 500_000_000  # bytes; pictures are most of a PDF
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
        RefusedError: the PDF has no text, is encrypted or damaged, takes too long, or is an export
            of a press database.
    """
    require("pdfminer", "pdf", "PDF files")
    with copied(stream, _LARGEST_FILE) as (copy, size):
        _refuse_other_kinds(copy)
        found = list(_extracted(copy, size, options.max_article_bytes))
    if not any(found):
        raise RefusedError(
            "its pages are pictures without text: read them with OCR first (ocrmypdf, for example)"
        )
    _refuse_export("\n\n".join(paragraph for page in found for paragraph, _ in page))
    pages, running = without_running_lines(found)
    text = text_of_pages(pages)
    unknown = _NO_LETTER.findall(text)
    if len(unknown) > _MOST_UNKNOWN * (len(text) - sum(map(len, unknown))):
        raise RefusedError(
            "its fonts do not say which letters they draw: read it with OCR (ocrmypdf --force-ocr)"
        )
    bare = replace(options, mapping={})
    article, notes = make_article({}, bare, fallback_id=options.key, text=text)
    if running:
        notes += (f"{running} lines at the edges of pages, which return on them, were left out",)
    blank = sum(not page for page in found)
    if blank:
        notes += (f"{blank} of its {len(pages)} pages have no text; OCR may find some",)
    yield ReadArticle(article, options.path, None, notes, _extractor())


def _refuse_export(text: str) -> None:
    """Refuse the articles of a press database, which must not become one article.

    They are not split: a PDF does not keep the blank lines that part header, text and next article.
    """
    export = split_export(text)
    if export:
        reason = "a PDF does not keep where its articles end; download it as Word, RTF or text"
        raise refuse_export(export.database, reason)


def _extractor() -> str:
    from importlib.metadata import version

    return f"pdfminer.six {version('pdfminer.six')}"


def _refuse_other_kinds(copy: IO[bytes]) -> None:
    if b"%PDF-" not in copy.read(1024):
        raise RefusedError("this is no PDF; name it after what it is")
    copy.seek(0)


def _extracted(
    copy: IO[bytes], size: int, most_characters: int
) -> Iterator[list[tuple[str, bool]]]:
    """Yield the paragraphs of each page, and whether they lie at its edge.

    They come from a process of their own, which is ended if it takes too long.
    """
    seconds = min(_MOST_SECONDS, SECONDS + SECONDS_A_PAGE * size / _BYTES_OF_A_PAGE)
    ended = ""
    for page in lines_of(_PROGRAM, copy, seconds, str(most_characters)):
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


FORMATS = (ArticleFormat("pdf", (".pdf",), read_pdf, is_streamed=True),)
