"""The articles behind a count, as the page lists them under the answer."""

from __future__ import annotations

from typing import Any

from qa.answer.records import Answer
from qa.web.page.answer_words import ANSWER
from qa.web.page.render import about
from qa.web.served import ServedArchive

_LISTED = 50  # articles; a conversation carries the list in every message


def counted_articles(archive: ServedArchive, answer: Answer) -> dict[str, Any] | None:
    """Return the list of counted articles with its label; `None` if the answer counts nothing.

    The list holds the oldest articles. `more` says how many it leaves out, if any.
    """
    count, words = len(answer.articles), ANSWER[answer.language]
    if not count:
        return None
    found = map(archive.find_article, answer.articles[:_LISTED])
    return {
        "label": words["counted_one" if count == 1 else "counted_many"].format(count=count),
        "articles": [
            {**about(article, answer.language), "article": article.id}
            for article in found
            if article
        ],
        "more": words["counted_more"].format(count=count - _LISTED) if count > _LISTED else None,
    }
