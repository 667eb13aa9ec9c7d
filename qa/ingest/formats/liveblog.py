"""Live blogs in saved pages: each dated update is an article of the same source."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from qa.ingest.article_fields import ReadArticle, ReadOptions, make_article
from qa.ingest.formats.markup_text import text_of_html
from qa.ingest.refusals import Refusal, RefusedError

_LINKED_DATA = './/script[@type="application/ld+json"]'
_KIND = "LiveBlogPosting"
_MOST_UPDATES = 10_000


def live_updates(tree: Any, options: ReadOptions) -> Iterator[ReadArticle | Refusal]:
    """Yield the updates of a live blog that the metadata of a page hold, the oldest first.

    They are counted from the oldest, so that an update keeps its id when the page is saved again
    later. A page that is no live blog has none.
    """
    for blog in _blogs(tree):
        updates = [each for each in _list(blog.get("liveBlogUpdate")) if isinstance(each, dict)]
        if not updates:
            continue
        if _day(updates[0]) > _day(updates[-1]):
            updates.reverse()
        for number, update in enumerate(updates[:_MOST_UPDATES], start=1):
            yield _article(update, blog, number, options)
        if len(updates) > _MOST_UPDATES:
            reason = f"only the first {_MOST_UPDATES:,} updates of the live blog were read"
            yield Refusal(options.path, None, reason)
        return


def _article(
    update: Mapping[str, Any], blog: Mapping[str, Any], number: int, options: ReadOptions
) -> ReadArticle | Refusal:
    title = update.get("headline") or update.get("name")
    fields = {
        "title": title or blog.get("headline"),
        "date": update.get("datePublished"),
        "url": update.get("url") or blog.get("url"),
        "author": update.get("author"),
        "source": blog.get("publisher") or update.get("publisher"),
        "language": blog.get("inLanguage"),
    }
    bare = replace(options, mapping={})
    try:
        text = text_of_html(str(update.get("articleBody") or title or ""))
        if not text:
            raise RefusedError("there is no text in it")
        article, notes = make_article(
            fields, bare, fallback_id=f"{options.key}#{number}", text=text
        )
    except (RefusedError, ValueError) as error:
        return Refusal(options.path, None, f"update {number} of the live blog: {error}")
    return ReadArticle(article, options.path, None, notes)


def _blogs(tree: Any) -> Iterator[dict[str, Any]]:
    for script in tree.iterfind(_LINKED_DATA):
        try:
            value = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        for thing in _list(value):
            for each in [thing, *_list(thing.get("@graph") if isinstance(thing, dict) else None)]:
                if isinstance(each, dict) and _KIND in _list(each.get("@type")):
                    yield each


def _list(value: object) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _day(update: Mapping[str, Any]) -> str:
    return str(update.get("datePublished") or "")
