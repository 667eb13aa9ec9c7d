"""Shows matches in lines of a fixed width, with the words around them (a concordance)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qa.dates.wording import describe_date
from qa.retrieval.match import Match
from qa.retrieval.match_sorting import MatchOrder
from qa.retrieval.query.records import TITLE
from qa.text.phrases import phrase

_BY_CONTEXT = (MatchOrder.LEFT, MatchOrder.RIGHT)
_INDENT = "  "


def concordance(
    found: Iterable[Match], *, order: MatchOrder, width: int, language: str
) -> Iterator[str]:
    """Yield a line for each match, the match in the middle.

    Above the matches of an article stands its date, source, title and id. If the order is that of
    the words around, the id stands before each match instead.
    """
    last: str | None = None
    for match in found:
        named = "/".join(filter(None, (match.archive, match.article_id)))
        if order in _BY_CONTEXT:
            yield _line(match, f"{cut(named, width // 5):{width // 5}} ", width)
            continue
        if named != last:
            yield from ([""] if last is not None else [])
            yield _heading(match, width, language)
        last = named
        yield _line(match, _INDENT, width)


def _heading(match: Match, width: int, language: str) -> str:
    day = describe_date(match.published, language=language)
    archive = [phrase("of_archive", language, archive=match.archive)] if match.archive else []
    title = [match.title] if match.title else []
    told = [day, match.source, *archive, match.article_id, *title]
    return cut(" · ".join(" ".join(each.split()) for each in told), width)


def _line(match: Match, before: str, width: int) -> str:
    r"""Return a match with the words around it, in one line.

    >>> from index_store.records import UNKNOWN_DATE
    >>> match = Match("a", None, "NRC", UNKNOWN_DATE, "text", 9, 13, "brug", "Over de\n", " loopt")
    >>> _line(match, "", 30)
    '    Over de [brug] loopt'
    """
    room = width - len(before) - 2
    middle = cut(" ".join(match.match.split()), room // 2)
    side = (room - len(middle)) // 2
    left = _with_edge(match.left[::-1])[::-1][-side:] if side else ""
    right = _with_edge(match.right)[: room - len(middle) - side]
    return f"{before}{left:>{side}}{_marked(middle, match.field)}{right}".rstrip()


def _marked(middle: str, field: str) -> str:
    return f"<{middle}>" if field == TITLE else f"[{middle}]"


def _with_edge(text: str) -> str:
    """Return text in one line, with a blank before it if it begins with white space."""
    return (" " if text[:1].isspace() else "") + " ".join(text.split())


def cut(text: str, width: int) -> str:
    """Return a text of at most this width, with an ellipsis if it was longer."""
    return text if len(text) <= width else text[: max(width - 1, 0)] + "…"
