"""What a reader noted beside kept quotes, and what became of the articles of these since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from index_store.records import Article
from qa.answer.records import Answer, Citation, quoted_field
from qa.exports.records import ExportedQuote, ExportError, of_kind

CHANGED, GONE, UNSERVED = "changed", "gone", "unserved"


@dataclass(frozen=True, slots=True)
class Remark:
    """The `note` on the quote with the number `citation`, as the reader wrote it.

    `since` is `CHANGED` if other words stand at that place of the article now, `GONE` if the
    archive no longer has the article, and `UNSERVED` if its archive was not there to ask; then the
    quote is what stood there when it was kept.
    """

    citation: int
    note: str = ""
    since: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return what a quote of an export says of itself, as JSON values."""
        return {"note": self.note, "since": self.since}


@dataclass(frozen=True, slots=True, repr=False)
class KeptQuotes(Answer):
    """Quotes that a reader kept, in the form of an answer so that each format can hold them.

    Only `question` (a heading), `citations` and `remarks` (one for each citation) mean something.
    """

    remarks: tuple[Remark, ...] = ()


def holds_kept_quotes(answers: Sequence[Answer]) -> bool:
    """Tell whether an export holds the quotes that a reader kept, and no answers."""
    return len(answers) == 1 and isinstance(answers[0], KeptQuotes)


def remark_on(answer: Answer, citation: Citation) -> Remark:
    """Return the remark on a citation; an empty one if the quotes were not kept by a reader."""
    known = answer.remarks if isinstance(answer, KeptQuotes) else ()
    found = (each for each in known if each.citation == citation.number)
    return next(found, Remark(citation.number))


def with_remarks(answer: Answer, remarks: tuple[Remark, ...]) -> Answer:
    """Return an answer with remarks on its quotes; the answer itself if there are none."""
    if not remarks:
        return answer
    known = {each.name: getattr(answer, each.name) for each in fields(answer)}
    return KeptQuotes(**known, remarks=remarks)


def read_remark(given: Mapping[str, Any], quote: ExportedQuote) -> Remark | None:
    """Return the remark that a quote of an export carries, or `None` if it carries none.

    Raises:
        TypeError, ExportError: it has another form.
    """
    if "note" not in given:
        return None
    since = given.get("since")
    if since not in (None, CHANGED, GONE, UNSERVED):
        raise ExportError(f"nothing becomes {since!r} of an article")
    return Remark(quote.number, of_kind(given["note"], str), since)


def since_kept(quote: ExportedQuote, article: Article | None) -> str | None:
    """Return what became of the article of a quote: `CHANGED`, `GONE`, or `None` for nothing."""
    if article is None:
        return GONE
    there = quoted_field(article, quote.field)[quote.start : quote.end]
    return None if there == quote.quote else CHANGED
