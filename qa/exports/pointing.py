"""Reads again, without a server, which quotes of an export a language model pointed at.

The export holds what the model said (`generation.raw`), and the sentences that it was sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from index_store.records import Article, Chunk
from qa.answer.drafting import DraftReader, NumberedSentence
from qa.answer.records import TEXT, Citation
from qa.exports.records import of_kind
from qa.retrieval.passage import Passage

_SENT = {"id": str, "article_id": str, "start": int, "end": int}


def check_generation(given: Mapping[str, Any] | None) -> None:
    """Check that a generation of an export has the parts that are read here.

    Raises:
        KeyError, TypeError: a part is missing, or of another kind.
    """
    if given is not None:
        of_kind(given["raw"], str), of_kind(given["picks"], int)
        for sent in of_kind(given["sent"], list):
            for name, kind in _SENT.items():
                of_kind(sent[name], kind)


def with_pointed(
    citations: Sequence[Citation],
    claimed: Sequence[bool],
    given: Mapping[str, Any] | None,
    find: Callable[[str, str | None], Article | None],
) -> tuple[Citation, ...]:
    """Return the quotes, marked as pointed at where it is claimed and the model did so.

    A claim about a quote stays as it is while an article that the model was sent is gone.
    """
    sent = list(_sentences(given, find)) if given and any(claimed) else []
    is_known = None not in sent
    reader = DraftReader((each for each in sent if each), given["picks"] if given else 0)
    reader.feed(given["raw"] if given else "")
    picked = [each.sentence for each in reader.finish().picks]
    return tuple(
        replace(each, pointed=says and (not is_known or any(_holds(one, each) for one in picked)))
        for each, says in zip(citations, claimed, strict=True)
    )


def _sentences(
    given: Mapping[str, Any], find: Callable[[str, str | None], Article | None]
) -> Iterator[NumberedSentence | None]:
    for rank, sent in enumerate(given["sent"], start=1):
        article, start, end = (
            find(sent["article_id"], sent.get("archive")),
            sent["start"],
            sent["end"],
        )
        if article is None:
            yield None
        elif 0 <= start < end <= len(article.text):
            chunk = Chunk(article.id, start, end, article.text[start:end])
            passage = Passage(chunk, article, 0.0, 0.0, 0.0, rank)
            yield NumberedSentence(sent["id"], passage, start, end, rank)


def _holds(sentence: NumberedSentence, quote: Citation) -> bool:
    same = sentence.article.id == quote.article.id and quote.field == TEXT
    return same and sentence.start < quote.end and quote.start < sentence.end
