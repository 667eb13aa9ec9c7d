"""The formats of files that are one article: plain text with a header, and Markdown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qa.ingest.article_fields import ReadArticle, ReadOptions, make_article
from qa.ingest.formats.article_format import ArticleFormat, reads_text
from qa.ingest.formats.press_export import articles_of, split_export
from qa.ingest.refusals import RefusedError
from qa.ingest.text_headers import TextHeader, read_header

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.ingest.decoding import Decoded

_HEADER = re.compile(r"\s*date\s+(?P<date>[0-9]{4}(?:-\S*)?)(?:\s+|\Z)")
_OPENING = re.compile(r"---[ \t]*\r?\n")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.MULTILINE)
_HEADING = re.compile(r"^ {0,3}#[ \t]+(?P<title>[^\r\n]*?)(?:[ \t]+#+)?[ \t]*\r?$", re.MULTILINE)
_FENCE = re.compile(r"^ {0,3}(?:```|~~~)", re.MULTILINE)
_LONGEST_FRONT_MATTER = 65_536
_NULL = ("null", "Null", "NULL", "~")


def read_plain_text(decoded: Decoded, options: ReadOptions) -> Iterator[ReadArticle]:
    """Read plain text, which may begin with a header such as `date 2021-12`.

    Lines such as "Datum: 3 januari 2022" are a header too, and so is a first line that is a day.
    The header and the white space on both its sides are not part of the article. All other text
    is, to the letter. An export of a press database is split into its articles.

    Raises:
        RefusedError: the header holds no date, there is no text after it, or an export does not
            fit its own marks.
    """
    export = split_export(decoded.text)
    if export:
        yield from articles_of(export, options, decoded.notes)
        return
    marked = _HEADER.match(decoded.text)
    if marked:
        header = TextHeader({"date": marked["date"]}, marked.end())
    else:
        header = read_header(decoded.text)
    yield _one_article(header.fields, decoded, options, start=header.start)


def read_markdown(decoded: Decoded, options: ReadOptions) -> Iterator[ReadArticle]:
    """Read Markdown, with the fields of its YAML front matter.

    The article is the source after the line that closes the front matter, to the letter. If no
    field is a title, the first heading of the first level is the title; it stays in the text.

    Raises:
        RefusedError: the front matter is not YAML or is too long, or a field cannot be kept.
    """
    fields, start = _front_matter(decoded.text)
    yield _one_article(fields, decoded, options, start=start, title=_heading(decoded.text, start))


def _one_article(
    fields: dict[str, object],
    decoded: Decoded,
    options: ReadOptions,
    *,
    start: int,
    title: str | None = None,
) -> ReadArticle:
    text = decoded.text[start:]
    if not text.strip():
        raise RefusedError("there is no text after the header; add it, or leave the file out")
    article, notes = make_article(
        fields, options, fallback_id=options.key, fallback_title=title, text=text
    )
    return ReadArticle(article, options.path, None, decoded.notes + notes)


def _front_matter(text: str) -> tuple[dict[str, object], int]:
    """Return the fields of the front matter, and the position where the text after it begins."""
    opening = _OPENING.match(text)
    closing = _CLOSING.search(text, opening.end()) if opening else None
    if opening is None or closing is None:
        return {}, 0
    if closing.start() > _LONGEST_FRONT_MATTER:
        raise RefusedError(
            f"the front matter has more than {_LONGEST_FRONT_MATTER:,} characters; shorten it"
        )
    fields = _parse_yaml(text[opening.end() : closing.start()])
    if fields is None:
        return {}, 0  # two thematic breaks with text between them
    return fields, closing.end()


def _parse_yaml(source: str) -> dict[str, object] | None:
    """Return a YAML mapping with every scalar as it is written; `None` for another value."""
    import yaml

    try:
        # The base loader knows no tags, merges or dates: nothing to run and nothing to expand.
        value = yaml.load(source, Loader=yaml.BaseLoader)  # noqa: S506
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 2 if mark else 1  # from 1, after the opening line
        reason = f"the front matter is not YAML ({error.problem or error.context}); correct it"
        raise RefusedError(reason, line=line) from None
    except yaml.YAMLError as error:
        words = " ".join(str(error).split())
        raise RefusedError(f"the front matter is not YAML ({words}); correct it", line=1) from None
    except RecursionError:
        raise RefusedError("the front matter is nested too deeply; flatten it", line=1) from None
    if value is None or value == "":
        return {}
    if not isinstance(value, dict):
        return None
    return {str(name): None if word in _NULL else word for name, word in value.items()}


def _heading(text: str, start: int) -> str | None:
    """Return the first heading of the first level before any block of code."""
    fence = _FENCE.search(text, start)
    heading = _HEADING.search(text, start, fence.start() if fence else len(text))
    return heading["title"].strip() or None if heading else None


FORMATS = (
    ArticleFormat("txt", (".txt", ".text"), reads_text(read_plain_text)),
    ArticleFormat("md", (".md", ".markdown"), reads_text(read_markdown)),
)
