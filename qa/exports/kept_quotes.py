"""Makes one answer to export of the quotes that a reader kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index_store.records import Article
from qa.answer.composer import dates_in
from qa.answer.records import Answer, Citation
from qa.exports.labels import KEPT, label
from qa.exports.reconstruction import Finder, rebuild
from qa.exports.records import ExportedAnswer, ExportedQuote
from qa.exports.remarks import UNSERVED, Remark, since_kept


@dataclass(frozen=True, slots=True)
class KeptQuote:
    """A quote with its note; `article` is the article as it was when the quote was kept.

    The text of the article may be left out, but for the opening words that stand for a title.
    `is_served` tells that its archive is there to be asked.
    """

    quote: ExportedQuote
    note: str
    article: Article
    is_served: bool = True


def kept_answer(kept: Sequence[KeptQuote], find: Finder, language: str) -> Answer:
    """Return kept quotes as an answer that `export` takes, numbered in their order.

    What stands beside a quote is what the archive says now. If the quote is no longer at its place,
    it is what the archive said when the quote was kept, and a remark tells so.
    """
    quotes = tuple(replace(each.quote, number=at) for at, each in enumerate(kept, start=1))
    remarks = [
        Remark(quote.number, each.note, _since(quote, find) if each.is_served else UNSERVED)
        for quote, each in zip(quotes, kept, strict=True)
    ]
    given = {
        "question": label(KEPT, language),
        "answer": None,
        "citations": [each.to_dict() for each in remarks],
    }
    answer = rebuild(ExportedAnswer(given, quotes), find)
    citations = tuple(
        _as_kept(citation, each.article) if remark.since else citation
        for citation, each, remark in zip(answer.citations, kept, remarks, strict=True)
    )
    return replace(answer, citations=citations)


def _since(quote: ExportedQuote, find: Finder) -> str | None:
    return since_kept(quote, find(quote.article_id, quote.archive))


def _as_kept(citation: Citation, article: Article) -> Citation:
    dates = dates_in(article, citation.quote, citation.start)
    return replace(citation, article=article, dates=dates)
