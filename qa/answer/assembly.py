"""Assembles the `Answer` that leaves the program."""

from __future__ import annotations

from collections.abc import Sequence

from index_store.store import StoreView
from qa.answer.also_in import also_in
from qa.answer.archive_names import ONE_ARCHIVE, ArchiveNames
from qa.answer.composer import Composition
from qa.answer.generation import Generation
from qa.answer.records import Answer
from qa.question.inquiry import Inquiry
from qa.retrieval.passage import Passage
from qa.retrieval.stages import StageClock
from qa.text.control_characters import visible
from qa.text.phrases import phrase

_MOST_NAMED = 3  # articles that are damaged


def assemble_answer(
    inquiry: Inquiry,
    composition: Composition,
    passages: Sequence[Passage],
    *,
    fingerprint: str,
    clock: StageClock,
    view: StoreView | None,
    generation: Generation | None = None,
    archives: ArchiveNames = ONE_ARCHIVE,
) -> Answer:
    """Join what was asked, what was found and how long it took; the clock is read now.

    The words of the answer also name the articles that the view withheld because they are damaged.
    `archives` says of which archive each quote and passage is.
    """
    with clock.timing("compose"):
        copies = tuple(also_in(view, composition.citations, inquiry.only)) if view else ()
    withheld = archives.own_ids(view.withheld) if view else ()
    missing = withheld_note(withheld, inquiry.language)
    text = composition.text
    return Answer(
        question=inquiry.question,
        answer=composition.answer,
        # An abstention ends with its reason, which the page takes off.
        text=" ".join(filter(None, [missing, text] if composition.reason else [text, missing])),
        abstained=composition.reason is not None,
        reason=composition.reason,
        confidence=composition.confidence,
        citations=tuple(map(archives.citation, composition.citations)),
        passages=archives.passages(passages),
        date_range=inquiry.only.published,
        seconds=clock.seconds(),
        fingerprint=fingerprint,
        applied_period=inquiry.period,
        as_of=inquiry.only.as_of,
        values=composition.values,
        lead=composition.lead,
        standalone=inquiry.whole,
        misspellings=inquiry.misspellings,
        language=inquiry.language,
        kind=inquiry.kind,
        only=inquiry.only,
        count=composition.count,
        clusters=composition.clusters,
        articles=archives.own_ids(composition.articles),
        article_archives=archives.archives_of(composition.articles),
        stages=clock.stages(),
        computed=composition.computed,
        withheld=withheld,
        also_in=archives.copies(copies),
        generation=archives.generation(generation),
    )


def withheld_note(withheld: Sequence[str], language: str) -> str | None:
    """Return the sentence that names damaged articles; `None` if there are none.

    >>> withheld_note(["nrc/1"], "en")
    'Damaged, and therefore not shown: nrc/1. See: dateline check.'
    """
    if not withheld:
        return None
    rest = [f"+ {len(withheld) - _MOST_NAMED}"] if len(withheld) > _MOST_NAMED else []
    named = ", ".join([*withheld[:_MOST_NAMED], *rest])
    return phrase("withheld", language, articles=visible(named))
