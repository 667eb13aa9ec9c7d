"""Computes the probability that an answer is right from the evidence for it."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Self

from qa.errors import SettingsError

SHIPPED = Path(__file__).parent / "reader" / "weights" / "calibration.json"
FILE_NAME = "calibration.json"  # in the store folder of an archive with its own calibration
_FORMAT = 2
# Log-odds added to a span that contradicts its question: 399 of 402 such spans, found for 1,155
# questions, were wrong. The number is not fitted, because few such spans rank first.
_CONFLICT = -6.0
_POINTED = ("pointed_first", "pointed_later", "same_words")


def calibration_file(model: str) -> str:
    """Return the name of the file with the calibration fitted with a language model.

    `model` is the identity of its generator.
    """
    return f"calibration-{hashlib.sha256(model.encode()).hexdigest()[:12]}.json"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The evidence that one span is the answer.

    `span` is half the log-odds of the span above "no answer". `presence` is the log-odds of an
    answer in the passage. `retrieval` is minus the logarithm of the rank of the passage; the rank
    is used because scores depend on the archive, and lie far apart in a small one. `shared` is the
    share of the question's words in the sentence of the span. `named` is the share of the
    question's names and numbers in passage and article, and `beside` their share in the sentence.
    `fitting` is 1 if the span is of the sort that the question asks for, -1 if it is not, and 0 if
    the question takes any sort. `foreign` is 1 if the question is in another language than the
    article, else 0: all scores are lower then. `conflict` is 1 if the words around the span
    contradict the question.

    If a language model was asked as well, `pointed_first` is 1 if the sentence of the span is the
    first one it points at, `pointed_later` is 1 if it points at it after another one, and
    `same_words` is 1 if the words it names say the same as the span. Only a calibration that was
    fitted with this model has weights for them.
    """

    span: float
    presence: float
    retrieval: float
    shared: float
    named: float
    beside: float
    fitting: float
    foreign: float
    conflict: float = 0.0
    pointed_first: float = 0.0
    pointed_later: float = 0.0
    same_words: float = 0.0

    def fitted(self, *, pointed: bool = False) -> dict[str, float]:
        """Return the evidence that a calibration has weights for.

        That is everything but `conflict`; what a model points at belongs to it only with `pointed`.
        """
        left_out = {"conflict"} if pointed else {"conflict", *_POINTED}
        return {name: value for name, value in asdict(self).items() if name not in left_out}


@dataclass(frozen=True, slots=True)
class Standing:
    """How an answer compares with the others, in addition to its own evidence.

    `margin` is the distance in rank score to the best answer that says something else. `agreement`
    is the logarithm of the number of places that say the same.
    """

    margin: float
    agreement: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """The weights of two logistic models: one ranks spans, one rates the best answer.

    `threshold` is the default probability (0–1) below which an answer abstains. `about` describes
    the data that the weights were fitted on.
    """

    rank: Mapping[str, float]
    confidence: Mapping[str, float]
    threshold: float
    about: Mapping[str, object]

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """Read the calibration at `path`, or the one that comes with Dateline.

        Raises:
            SettingsError: the file cannot be read, or is no calibration.
        """
        path = path or SHIPPED
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            if found.pop("format") != _FORMAT:
                raise ValueError("it is of another format")
            calibration = cls(**found)
            nothing = Evidence(*[0.0] * len(fields(Evidence)))
            calibration.rank_score(nothing)
            calibration.probability(nothing, Standing(0, 0))
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise SettingsError(
                f"{path} holds no usable calibration ({error}); make it anew: dateline calibrate"
            ) from error
        return calibration

    def save(self, path: Path) -> None:
        """Write the calibration to a file, completely or not at all."""
        part = path.with_name(path.name + ".part")
        part.write_text(
            json.dumps({"format": _FORMAT, **asdict(self)}, indent=2) + "\n", encoding="utf-8"
        )
        part.replace(path)

    @property
    def weighs_pointing(self) -> bool:
        """Whether this calibration was fitted with a language model that points at sentences."""
        return _POINTED[0] in self.rank

    def rank_score(self, evidence: Evidence) -> float:
        """Return the score that ranks spans: the log-odds that the span is right."""
        values = evidence.fitted(pointed=self.weighs_pointing)
        return _weighted(self.rank, values) + _CONFLICT * evidence.conflict

    def probability(self, evidence: Evidence, standing: Standing) -> float:
        """Return the probability that the best answer is right (0–1)."""
        values = evidence.fitted(pointed=self.weighs_pointing) | asdict(standing)
        odds = _weighted(self.confidence, values)
        odds += _CONFLICT * evidence.conflict
        return 1 / (1 + math.exp(-max(-40.0, min(40.0, odds))))


def _weighted(weights: Mapping[str, float], values: Mapping[str, float]) -> float:
    return weights["intercept"] + sum(weights[name] * value for name, value in values.items())
