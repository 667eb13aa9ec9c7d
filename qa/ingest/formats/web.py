"""The format of saved web pages: the article, and only the date that the metadata state."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qa.ingest.article_fields import ReadArticle, ReadOptions, make_article
from qa.ingest.decoding import decode, read_whole
from qa.ingest.formats.article_format import ArticleFormat
from qa.ingest.formats.liveblog import live_updates
from qa.ingest.formats.press_export import articles_of, split_page
from qa.ingest.page_dates import LINKED_DATA, page_date, parse_data
from qa.ingest.page_kinds import refuse_front_page
from qa.ingest.refusals import Refusal, RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

_CHARSET = re.compile(rb"""<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*["']?([\w-]+)""", re.I)
_CHARSET_WITHIN_BYTES = 2048
# Extraction takes time with the squares of these; news pages have some thousands, and hundreds.
_MOST_ELEMENTS = 30_000
_MOST_CHILDREN = 5_000
_LONGEST_SCRIPT = 200_000


def read_html(stream: BinaryIO, options: ReadOptions) -> Iterator[ReadArticle | Refusal]:
    """Read the article of a web page; the text is exactly the text that trafilatura extracts.

    The date comes from metadata that say "published" (Open Graph, schema.org, Dublin Core, a
    `time` element that is marked so), else from what stands between the headline and the text
    ("Gepubliceerd op 3 januari 2022"); never from the address, a footer or the running text. A kind
    of metadata that contradicts itself is ignored. A page that a press database saved is split into
    its articles.

    Raises:
        RefusedError: the page holds no article, or an export does not fit its own marks.
    """
    import trafilatura
    from trafilatura.settings import Document

    # Its warnings tell what becomes a refusal here; without a handler they go to the terminal.
    logging.getLogger("trafilatura").addHandler(logging.NullHandler())
    data = read_whole(stream, options.max_article_bytes)
    declared = _CHARSET.search(data[:_CHARSET_WITHIN_BYTES])
    charset = declared[1].decode("ascii", "replace") if declared else None
    decoded = decode(data, encoding=options.encoding, declared=charset)
    tree = trafilatura.load_html(decoded.text)
    if tree is None:
        raise RefusedError("this is not a web page; save it as .txt if it is text")
    export = split_page(tree)
    if export:
        yield from articles_of(export, options, decoded.notes, lined=False)
        return
    _refuse_sprawl(tree)
    updates = list(live_updates(tree, options))
    if updates:
        yield from updates
        return
    _drop_unreadable_data(tree)
    refuse_front_page(tree)
    language = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang")
    published, date_notes = page_date(tree, options, language=language)
    document = trafilatura.bare_extraction(
        tree,
        with_metadata=True,
        include_comments=False,
        # What it guesses of the date is not used; let it not take long.
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    if not isinstance(document, Document) or not (document.text or "").strip():
        raise RefusedError("no article was found in the page; save its text as .txt")
    fields = {
        "title": document.title,
        "author": (document.author or "").split("; "),
        "source": document.sitename,
        "url": document.url,
        "language": language,
    }
    bare = replace(options, mapping={})
    article, notes = make_article(
        fields, bare, fallback_id=options.key, text=document.text, published=published
    )
    extractor = f"trafilatura {trafilatura.__version__}"
    notes = decoded.notes + date_notes + notes
    yield ReadArticle(article, options.path, None, notes, extractor)


def _refuse_sprawl(tree: Any) -> None:
    """Refuse a page on which extraction would not end in a reasonable time."""
    children = [len(element) for element in tree.iter()]
    for most, limit, what in (
        (len(children), _MOST_ELEMENTS, "elements"),
        (max(children), _MOST_CHILDREN, "elements in a row"),
    ):
        if most > limit:
            raise RefusedError(
                f"the page has {most:,} {what}, and more than {limit:,} are not read; save its "
                "text as .txt"
            )


def _drop_unreadable_data(tree: Any) -> None:
    """Remove JSON-LD that cannot be read: the extractor can spend minutes on it."""
    for script in list(tree.iterfind(LINKED_DATA)):
        if len(script.text or "") > _LONGEST_SCRIPT or parse_data(script.text) is None:
            script.drop_tree()


FORMATS = (ArticleFormat("html", (".html", ".htm", ".xhtml"), read_html),)
