"""Judges what a damaged store showed by what the whole one shows."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

Shown = Mapping[str, Any]  # a `Trial` as JSON values

_MOST = 500  # characters of what was shown


def judged(trial: Shown | None, whole: Shown, earlier: Collection[str]) -> tuple[str | None, str]:
    """Return what went wrong, if anything, and what became of the damage.

    No `trial` is that the process crashed. Where changes can be gone, articles may have their
    `earlier` texts, if that is told.
    """
    if trial is None:
        return "the process crashed", "crash"
    if trial["tracebacks"]:
        return trial["tracebacks"][0], "traceback"
    wrong = next(_wrong(trial, whole, earlier), None)
    if wrong is not None:
        return wrong, "wrong"
    if trial["said"]:
        return None, "noticed"
    if all(trial[part] == whole[part] for part in ("articles", "answers", "history")):
        return None, "no effect"
    return "something is gone or changed, and nothing says so", "unnoticed"


def _wrong(trial: Shown, whole: Shown, earlier: Collection[str]) -> Iterator[str]:
    for name, shown in trial["articles"].items():
        if shown != whole["articles"].get(name) and shown["text"] not in earlier:
            yield f"{name} is shown as {json.dumps(shown)[:_MOST]}"
    articles = {**whole["articles"], **trial["articles"]}
    for citation in (each for answer in trial["answers"] for each in answer):
        if not _is_exact(citation, articles.get(citation["article_id"])):
            yield f"a wrong quote: {json.dumps(citation)[:_MOST]}"
    for turn in trial["history"]:
        if turn[-1] and turn not in whole["history"]:
            yield f"a wrong turn: {json.dumps(turn)[:_MOST]}"


def _is_exact(citation: Shown, article: Shown | None) -> bool:
    """Tell whether a citation has the words, the title, the source and the days of its article."""
    if article is None:
        return False
    same = all(citation[name] == article[name] for name in ("title", "source", "url", "author"))
    days = citation["published"].items() <= article["published"].items()
    words = (article[citation["field"]] or "")[citation["start"] : citation["end"]]
    return same and days and bool(words == citation["quote"])
