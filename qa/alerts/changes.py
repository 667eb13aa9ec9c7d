"""Tells whether new quotes answer a question otherwise than the archive did before."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from index_store.records import Article
from qa.answer.composer import LONGEST_VALUE
from qa.answer.records import Citation, quoted_field
from qa.answer.values import ValueGroup, ValueMention, group_values, read_value
from qa.history.findings import Finding
from qa.retrieval.match import Match, match_at
from qa.retrieval.query import Place


@dataclass(frozen=True, slots=True)
class Said:
    """A quote at its `place` in an article.

    The words that answer stand at `answer` (start, end) of the same field, if they are known.
    """

    article: Article
    place: Place
    answer: tuple[int, int] | None = None

    @property
    def words(self) -> str:
        """The words that answer, in one line; "" if they are not known."""
        start, end = self.answer or (0, 0)
        return " ".join(quoted_field(self.article, self.place.field)[start:end].split())

    def match(self, context: int) -> Match:
        """Return the quote with at most this many characters on each side."""
        return match_at(self.article, self.place, context)


@dataclass(frozen=True, slots=True)
class Change:
    """The answer `before`, and the one that took its place `now`."""

    before: Said
    now: Said


def said_in(citation: Citation) -> Said:
    """Return what a citation quotes."""
    start, end = citation.answer_start, citation.answer_end
    place = Place(citation.field, citation.start, citation.end)
    answer = None if start is None or end is None else (start, end)
    return Said(citation.article, place, answer)


def change_of(known: Sequence[Said], new: Sequence[Said]) -> Change | None:
    """Return how the answer changed; `None` if the new quotes do not change it.

    The answer of the first of `known` decides which sort of value counts. It changed if the only
    newest value is one that nobody gave before, and the last one before it contradicts it. By the
    rules of `group_values` an inferred date makes no value the newest, so late arrivals of old
    articles change nothing.
    """
    sort = next((_sort(each) for each in known if each.answer), None)
    before = {_mention(each): each for each in known if sort and _sort(each) == sort}
    now = {_mention(each): each for each in new if sort and _sort(each) == sort}
    groups = group_values([*before, *(each for each in now if each not in before)])
    leading = [group for group in groups if group.newest]
    former = [group for group in groups if group.last and _among(group, before)]
    if len(leading) != 1 or _among(leading[0], before) or not former or former[-1].agrees:
        return None
    return Change(_among(former[-1], before)[-1], _among(leading[0], now)[-1])


def written_said(said: Said) -> str:
    """Return a quote as it is kept beside a finding."""
    place, (start, end) = said.place, said.answer or (None, None)
    told = {"article_id": said.article.id, "field": place.field, "start": place.start}
    text = quoted_field(said.article, place.field)[place.start : place.end]
    return json.dumps(
        {**told, "end": place.end, "text": text, "answer_start": start, "answer_end": end},
        ensure_ascii=False,
    )


def read_said(kept: str | None, article: Callable[[str], Article | None]) -> Said | None:
    """Return a quote that `written_said` wrote, as it stands now; `None` if it is gone."""
    if kept is None:
        return None
    try:
        finding = Finding(article=0, found="", **json.loads(kept))
        return standing(finding, article(finding.article_id))
    except (TypeError, ValueError):  # damaged
        return None


def standing(finding: Finding, article: Article | None) -> Said | None:
    """Return a quote where it stands in its article now; `None` if it was taken out of it."""
    if article is None:
        return None
    text, start = quoted_field(article, finding.field), finding.start
    if text[start : finding.end] != finding.text:  # what stood before it may have changed
        start = text.find(finding.text)
    if start < 0:
        return None
    moved, first, last = start - finding.start, finding.answer_start, finding.answer_end
    answer = None if first is None or last is None else (first + moved, last + moved)
    return Said(article, Place(finding.field, start, start + len(finding.text)), answer)


def with_change(findings: Iterable[Finding], change: Change | None) -> list[Finding]:
    """Return findings, of which the one that changed the answer also tells the quote before."""
    if change is None:
        return list(findings)
    now, before = change.now, written_said(change.before)
    place = now.article.id, now.place.field, now.place.start, now.place.end
    return [
        replace(each, before=before)
        if (each.article_id, each.field, each.start, each.end) == place
        else each
        for each in findings
    ]


def _mention(said: Said) -> ValueMention:
    article, place = said.article, said.place
    text = quoted_field(article, place.field)
    start, end = said.answer or (0, 0)
    return ValueMention(
        text[start:end],
        article.published,
        article.id,
        start,
        end,
        article.language or "nl",
        text[place.start : place.end],
        place.start,
        place.field,
    )


def _sort(said: Said) -> str | None:
    """Return the sort of an answer; `None` if there is none, or it is a story and no value."""
    if said.answer is None:
        return None
    mention = _mention(said)
    start = mention.start - mention.sentence_start
    value = read_value(
        mention.text, mention.language, mention.published, sentence=mention.sentence, start=start
    )
    return value.sort if len(value.words) <= LONGEST_VALUE else None


def _among(group: ValueGroup, said: dict[ValueMention, Said]) -> list[Said]:
    """Return which of some quotes give a value, oldest first."""
    return [said[each] for each in group.mentions if each in said]
