"""Lets a language model point at sentences, and weighs what it points at beside the reader.

The model never speaks for the archive: what it says ends as places in articles, which the composer
quotes. Without a calibration for the model, the answer of the reader stays as it is, and a pick may
only add a quote; it never ends an abstention. With one, the picks are further evidence, and order
and confidence are computed anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from index_store.store import StoreView
from qa.answer.answering import Answering
from qa.answer.candidates import Candidate, find_candidates, same_answer
from qa.answer.composer import Composition, cite_candidate, quote_lines
from qa.answer.digest import DigestComposition, with_pointed
from qa.answer.drafting import Pick
from qa.answer.records import TEXT, Citation
from qa.answer.values import read_value
from qa.question.inquiry import Inquiry
from qa.retrieval.passage import Passage

# Half the log-odds over "no answer" that the reader must give a sentence that a model adds.
_FLOOR = 0.0


@dataclass(frozen=True, slots=True)
class Pointing:
    """One question, answered by the reader, to which picks of a model are added.

    `answering` is what the reader answered with. `weighing` returns it with the calibration that
    was fitted with the model, if there is one; it is called when the model has answered, because
    only then its name is sure.
    """

    answering: Answering
    weighing: Callable[[], Answering]
    view: StoreView
    inquiry: Inquiry
    composition: Composition
    passages: Sequence[Passage]

    def preview(self, pick: Pick) -> Citation | None:
        """Return the quote that a pick adds or confirms, or `None` if it may not be shown."""
        after = self.compose([pick])
        return next((each for each in after.citations if each.pointed), None)

    def compose(self, picks: Sequence[Pick]) -> Composition:
        """Return the answer with the picks, the best of them first."""
        if not picks:
            return self.composition
        if isinstance(self.composition, DigestComposition):
            places = [
                (each.sentence.article.id, each.sentence.start, each.sentence.end) for each in picks
            ]
            return with_pointed(self.composition, places)
        with self.answering.clock.timing("read"):
            candidates = self.marked(picks)
        weighing = self.weighing()
        if weighing.calibration.weighs_pointing:
            return self._weighed_anew(weighing, candidates)
        return self._with_added(candidates)

    def marked(self, picks: Sequence[Pick]) -> list[Candidate]:
        """Return the candidates of the answer and of the picks, those pointed at marked as such."""
        candidates = list(self.composition.weighed)
        for number, pick in enumerate(picks):
            inside = [each for each in candidates if _is_in(each, pick)]
            if not inside:
                inside = self._read_alone(pick)
                candidates += inside
            if pick.words and inside:
                candidates += _of_words(pick.words, inside)
            candidates = [
                _pointed_at(each, pick, first=number == 0) if _is_in(each, pick) else each
                for each in candidates
            ]
        return candidates

    def _read_alone(self, pick: Pick) -> list[Candidate]:
        """Read a sentence that held no candidate by itself, so that it can be weighed."""
        passage = self._passage_of(pick)
        if passage is None:
            return []
        sentence = pick.sentence
        chunk = replace(passage.chunk, start=sentence.start, end=sentence.end, text=sentence.text)
        alone = [replace(passage, chunk=chunk)]
        answering = self.answering
        return find_candidates(
            self.view, answering.reader(), answering.calibration, self.inquiry, alone, spans=1
        )

    def _passage_of(self, pick: Pick) -> Passage | None:
        same = (each for each in self.passages if each.article.id == pick.sentence.article.id)
        return next(same, None)

    def _weighed_anew(self, answering: Answering, candidates: Sequence[Candidate]) -> Composition:
        """Rank the candidates with what the model says, and answer if the best is likely enough.

        What was answered before stays answered, however unlikely it has become.
        """
        before = self.composition
        rank = answering.calibration.rank_score
        ranked = sorted(
            (replace(each, score=rank(each.evidence)) for each in candidates),
            key=lambda each: (-each.score, each.passage.article.id, each.start),
        )
        confidence = answering.confidence(ranked, self.inquiry.shape)
        if not ranked or (before.reason and confidence < answering.threshold):
            return before
        after = answering.compose_from(self.inquiry, ranked, confidence)
        return self._extended(after, before.citations)

    def _with_added(self, candidates: Sequence[Candidate]) -> Composition:
        """Keep the answer; mark what the model confirms, and add what else it points at."""
        before = self.composition
        if before.reason is not None or not before.citations:
            return before
        pointed = [each for each in candidates if _is_pointed(each)]
        marked = tuple(
            replace(cited, pointed=any(_is_cited(each, cited) for each in pointed))
            for cited in before.citations
        )
        best = before.weighed[0] if before.weighed else None
        new = [
            cite_candidate(0, each, agrees=best is None or same_answer(each, best))
            for each in sorted(pointed, key=_order_of_picks)
            if each.evidence.span >= _FLOOR and not each.evidence.conflict
        ]
        return self._extended(replace(before, citations=marked), new)

    def _extended(self, composition: Composition, further: Sequence[Citation]) -> Composition:
        """Add quotes behind those of an answer, without repeating one."""
        shown = list(composition.citations)
        for each in further:
            if not any(_overlap(each, other) for other in shown):
                shown.append(replace(each, number=len(shown) + 1))
        new = shown[len(composition.citations) :]
        lines = [composition.text, *quote_lines(new, self.inquiry.language)]
        return replace(composition, text="\n".join(lines), citations=tuple(shown))


def _pointed_at(candidate: Candidate, pick: Pick, *, first: bool) -> Candidate:
    """Return a candidate with the evidence that a model points at its sentence."""
    evidence = candidate.evidence
    if _is_pointed(candidate):
        return candidate
    words = pick.words
    is_same = words is not None and same_answer(candidate, _at_words(candidate, words))
    return replace(
        candidate,
        evidence=replace(
            evidence,
            pointed_first=float(first),
            pointed_later=float(not first),
            same_words=float(is_same),
        ),
    )


def _of_words(words: tuple[int, int], inside: Sequence[Candidate]) -> list[Candidate]:
    """Return a candidate for the words that a model names, if none says the same."""
    best = max(inside, key=lambda each: each.score)
    if not best.sentence_start <= words[0] < words[1] <= best.sentence_end:
        return []
    named = _at_words(best, words)
    return [] if any(same_answer(named, each) for each in inside) else [named]


def _at_words(candidate: Candidate, words: tuple[int, int]) -> Candidate:
    article = candidate.passage.article
    text = article.text[words[0] : words[1]]
    value = read_value(
        text,
        article.language or "nl",
        article.published,
        sentence=candidate.sentence,
        start=words[0] - candidate.sentence_start,
    )
    return replace(candidate, start=words[0], end=words[1], value=value)


def _is_in(candidate: Candidate, pick: Pick) -> bool:
    sentence = pick.sentence
    return (
        candidate.field == TEXT
        and candidate.passage.article.id == sentence.article.id
        and candidate.start < sentence.end
        and sentence.start < candidate.end
    )


def _is_pointed(candidate: Candidate) -> bool:
    return bool(candidate.evidence.pointed_first or candidate.evidence.pointed_later)


def _order_of_picks(candidate: Candidate) -> tuple[float, float]:
    return -candidate.evidence.pointed_first, -candidate.evidence.same_words


def _is_cited(candidate: Candidate, cited: Citation) -> bool:
    return (
        candidate.field == cited.field
        and candidate.passage.article.id == cited.article.id
        and candidate.sentence_start < cited.end
        and cited.start < candidate.sentence_end
    )


def _overlap(one: Citation, other: Citation) -> bool:
    same = (one.article.id, one.field) == (other.article.id, other.field)
    return same and one.start < other.end and other.start < one.end
