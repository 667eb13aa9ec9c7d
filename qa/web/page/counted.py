"""The articles behind a count, as the page lists them under the answer."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

from qa.answer.records import Answer
from qa.web.page.answer_words import ANSWER
from qa.web.page.render import about, named
from qa.web.served import ServedArchive
from qa.web.served_union import ServedUnion

_LISTED = 50  # articles; a conversation carries the list in every message


def counted_articles(archive: ServedArchive | ServedUnion, answer: Answer) -> dict[str, Any] | None:
    """Return the list of counted articles with its label; `None` if the answer counts nothing.

    The list holds the oldest articles. `more` says how many it leaves out, if any.
    """
    count, words = len(answer.articles), ANSWER[answer.language]
    if not count:
        return None
    places = zip_longest(answer.articles[:_LISTED], answer.article_archives[:_LISTED])
    found = ((archive.find_article(*place), place[1]) for place in places)
    return {
        "label": words["counted_one" if count == 1 else "counted_many"].format(count=count),
        "articles": [
            {**about(article, answer.language), "article": article.id, **named(name)}
            for article, name in found
            if article
        ],
        "more": words["counted_more"].format(count=count - _LISTED) if count > _LISTED else None,
    }
