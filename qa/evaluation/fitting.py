"""Fits a calibration on questions with known answers.

One logistic model ranks the spans; another estimates how likely the best span is right. Both have
few weights, so a few hundred questions are enough. The reported figures are predictions for
questions that were left out of the fit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from functools import partial
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from index_store.store import StoreView
from qa.answer.answering import Answering
from qa.answer.cancellation import Cancellation
from qa.answer.candidates import (
    PASSAGES_READ,
    Candidate,
    find_candidates,
    margin_and_support,
)
from qa.answer.composer import Composition
from qa.answer.consultation import Consultant
from qa.answer.generation import Generation, GenerationState
from qa.answer.pointing import Pointing
from qa.errors import SettingsError
from qa.evaluation.matching import holds_answer, is_right
from qa.models.calibration import Calibration, Standing
from qa.models.reader.reader import Reader
from qa.question.inquiry import understand
from qa.question.kind import QuestionKind, kind_of
from qa.retrieval.retriever import Retriever
from qa.retrieval.stages import StageClock

T = TypeVar("T")
_FOLDS = 5
_FEWEST = 40  # questions of each kind; fewer say nothing
_SHOWN = 0.25  # probability; a cost c of a wrong answer means c / (1 + c)
_SPARE = 16  # passages retrieved beyond those read, for when those with the answer are left out


@dataclass(frozen=True, slots=True)
class FittingQuestion:
    """A question with known answers: any of `answers`, or none in the archive.

    With `leave_out`, the passages that hold an answer are removed before reading: the rest is about
    the subject but does not answer.
    """

    question: str
    answers: tuple[str, ...]
    leave_out: bool = False


@dataclass(frozen=True, slots=True)
class FittingOutcome:
    """The candidates for one question, best first, and which of them are right."""

    asked: FittingQuestion
    candidates: tuple[Candidate, ...]
    right: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Fit:
    """A calibration, with its results on questions that were left out of the fit.

    `probabilities` and `right` belong to the best candidate of each question.
    """

    calibration: Calibration
    probabilities: NDArray[np.float64]
    right: NDArray[np.bool_]


def outcomes(
    view: StoreView,
    retriever: Retriever,
    reader: Reader,
    questions: Iterable[FittingQuestion],
    *,
    consultant: Consultant | None = None,
    generations: list[Generation] | None = None,
    on_progress: Callable[[], object] = lambda: None,
) -> list[FittingOutcome]:
    """Ask the questions; leave out those for which nothing is found.

    With a `consultant`, its language model is asked as well, and the candidates hold as evidence
    what it points at. Questions on which it fails are left out: a failure is no evidence, and a
    question on which it fails is answered without this calibration. `generations` collects what
    came of asking it.
    """
    calibration = Calibration.load()
    found = []
    for asked in questions:
        inquiry = understand(asked.question, period_from_words=False)
        passages = retriever.retrieve(
            view, retriever.query(inquiry), limit=PASSAGES_READ + _SPARE, only=inquiry.only
        )
        if asked.leave_out:
            kept = (each for each in passages if not holds_answer(each.chunk.text, asked.answers))
            passages = [replace(each, rank=rank) for rank, each in enumerate(kept, start=1)]
        candidates = find_candidates(view, reader, calibration, inquiry, passages)
        if candidates and consultant is not None:
            answering = Answering(retriever, partial(_same, reader), calibration, 0.0, StageClock())
            composition = Composition("", None, 0.0, (), weighed=tuple(candidates))
            read = passages[:PASSAGES_READ]
            weighing = partial(_same, answering)
            pointing = Pointing(answering, weighing, view, inquiry, composition, read)
            candidates, generation = _pointed(consultant, pointing)
            if generations is not None:
                generations.append(generation)
        if candidates:
            answers = () if asked.leave_out else asked.answers
            right = tuple(is_right(_shown(asked, each), answers) for each in candidates)
            found.append(FittingOutcome(asked, tuple(candidates), right))
        on_progress()
    return found


def _same(value: T) -> T:
    return value


def _pointed(consultant: Consultant, pointing: Pointing) -> tuple[list[Candidate], Generation]:
    """Return the candidates with what a language model points at as evidence; none if it fails."""
    consultation = consultant.consultation(pointing)
    _, generation = consultation.run(None, Cancellation())
    if generation.state is GenerationState.FAILED:
        return [], generation
    is_read = generation.state in (GenerationState.CHOSEN, GenerationState.AGREED)
    return pointing.marked(consultation.picks_of(generation.raw) if is_read else ()), generation


def fit(
    found: Sequence[FittingOutcome],
    *,
    wrong_share: float | None,
    about: dict[str, Any],
    pointed: bool = False,
) -> Fit:
    """Fit both models, and choose the threshold.

    With `pointed`, both have weights for what a language model points at.

    The threshold keeps wrong answers to `wrong_share` (0–1) of those shown. With `None`, an answer
    is shown if it is right with a chance of one in four: a wrong answer, which the reader sees by
    its quote, then costs a third of the worth of a right one.

    Raises:
        SettingsError: there are too few questions, or all answers are right, or no answer is right.
    """
    tops = np.array([any(outcome.right) for outcome in found])
    if min(tops.sum(), (~tops).sum()) < _FEWEST:
        raise SettingsError(
            f"the right answer was among those found for {tops.sum()} of {len(tops)} questions; a "
            f"calibration needs {_FEWEST} for which it is and {_FEWEST} for which it is not: give "
            "more questions, or more articles"
        )
    folds = np.random.default_rng(0).permutation(len(found)) % _FOLDS
    probabilities = np.zeros(len(found))
    right = np.zeros(len(found), np.bool_)
    for fold in range(_FOLDS):
        learnt = [each for each, its in zip(found, folds, strict=True) if its != fold]
        fitted = _fit(learnt, pointed=pointed)
        for index in (int(place) for place in np.flatnonzero(folds == fold)):
            outcome = _ranked(found[index], fitted)
            probabilities[index] = fitted.probability(
                outcome.candidates[0].evidence, _standing(outcome)
            )
            right[index] = outcome.right[0]
    threshold = _SHOWN if wrong_share is None else _threshold(probabilities, right, wrong_share)
    calibration = replace(_fit(found, pointed=pointed), threshold=threshold, about=about)
    return Fit(calibration, probabilities, right)


def _fit(found: Sequence[FittingOutcome], *, pointed: bool) -> Calibration:
    spans = [
        (candidate.evidence.fitted(pointed=pointed), right)
        for outcome in found
        for candidate, right in zip(outcome.candidates, outcome.right, strict=True)
    ]
    names = list(spans[0][0])
    ranking = Calibration(_logistic(names, spans), {"intercept": 0.0}, 0.5, {})
    best = [_ranked(outcome, ranking) for outcome in found]
    tops = [
        (
            each.candidates[0].evidence.fitted(pointed=pointed) | asdict(_standing(each)),
            each.right[0],
        )
        for each in best
    ]
    names += [field.name for field in fields(Standing)]
    return replace(ranking, confidence=_logistic(names, tops))


def _standing(outcome: FittingOutcome) -> Standing:
    return margin_and_support(outcome.candidates, kind_of(outcome.asked.question))


def _shown(asked: FittingQuestion, candidate: Candidate) -> str:
    """Return the answer as it is shown: a whole sentence if the question asks for one."""
    if kind_of(asked.question) is not QuestionKind.STATEMENT:
        return candidate.text
    return candidate.passage.article.text[candidate.sentence_start : candidate.sentence_end]


def _ranked(outcome: FittingOutcome, calibration: Calibration) -> FittingOutcome:
    """Return the outcome with its candidates scored and sorted by this calibration."""
    scored = [
        (replace(candidate, score=calibration.rank_score(candidate.evidence)), right)
        for candidate, right in zip(outcome.candidates, outcome.right, strict=True)
    ]
    scored.sort(key=lambda pair: -pair[0].score)
    candidates, right = zip(*scored, strict=True)
    return FittingOutcome(outcome.asked, candidates, right)


def _logistic(
    names: Sequence[str], rows: Sequence[tuple[dict[str, float], bool]]
) -> dict[str, float]:
    """Return the weights of a logistic model on values that are not scaled."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    values = np.array([[row[name] for name in names] for row, _ in rows])
    scaler = StandardScaler()
    model = LogisticRegression().fit(
        scaler.fit_transform(values), np.array([right for _, right in rows])
    )
    weights = model.coef_[0] / scaler.scale_
    intercept = float(model.intercept_[0] - weights @ scaler.mean_)
    return {"intercept": round(intercept, 4)} | {
        name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)
    }


def _threshold(
    probabilities: NDArray[np.float64], right: NDArray[np.bool_], wrong_share: float
) -> float:
    """Return the lowest probability above which few enough answers are wrong."""
    order = np.argsort(-probabilities)
    shown = np.arange(1, len(order) + 1)
    wrong = np.cumsum(~right[order]) / shown
    enough = np.flatnonzero(wrong <= wrong_share)
    return round(float(probabilities[order[enough[-1]]]), 4) if len(enough) else 1.0
