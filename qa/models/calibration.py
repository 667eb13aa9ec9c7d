"""How sure to be: from what speaks for an answer to the probability that it is right."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Self

from qa.errors import SettingsError

SHIPPED = Path(__file__).parent / "reader" / "weights" / "calibration.json"
FILE_NAME = "calibration.json"  # of one archive, in the folder of its store
_FORMAT = 2
# Log-odds of what contradicts its question: of 402 such spans, found for 1,155 questions, 399 were
# wrong. Not fitted, for few of them rank first.
_CONFLICT = -6.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for one span being the answer.

    `span` is half the log-odds of the span above "no answer", `presence` the log-odds of an
    answer in the passage, `retrieval` minus the logarithm of the rank of its passage (scores are
    relative to the archive: in a small one they lie far apart), `shared` the share of the
    question's words in its sentence, `named` the share of the question's names and numbers in
    passage and article, `beside` that in its sentence, `fitting` whether it is of the sort that
    is asked for (1), is not (-1), or may be any (0).
    `foreign` is 1 where the question is in another language than the article, else 0: all scores
    are lower there. `conflict` is 1 where the words around the span contradict the question.
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

    def fitted(self) -> dict[str, float]:
        """Return what has a weight of its own in each calibration."""
        return {name: value for name, value in asdict(self).items() if name != "conflict"}


@dataclass(frozen=True, slots=True)
class Standing:
    """How an answer stands among the others, in addition to its own evidence.

    `margin` is how far it ranks above the best answer that says something else, `agreement` the
    logarithm of how many places say the same.
    """

    margin: float
    agreement: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights of a logistic model that ranks spans, and of one that says how likely the best is.

    `threshold` is the probability (0–1) below which an answer abstains unless told otherwise;
    `about` says what it was fitted on.
    """

    rank: Mapping[str, float]
    confidence: Mapping[str, float]
    threshold: float
    about: Mapping[str, object]

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """Read the one at `path`, or the one that comes with Dateline.

        Raises:
            SettingsError: it cannot be read, or is no calibration.
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
        """Write it, whole or not at all."""
        part = path.with_name(path.name + ".part")
        part.write_text(
            json.dumps({"format": _FORMAT, **asdict(self)}, indent=2) + "\n", encoding="utf-8"
        )
        part.replace(path)

    def rank_score(self, evidence: Evidence) -> float:
        """Return by what spans are ranked: log-odds of being right."""
        return _weighted(self.rank, evidence.fitted()) + _CONFLICT * evidence.conflict

    def probability(self, evidence: Evidence, standing: Standing) -> float:
        """Return how likely the best answer is right (0–1)."""
        odds = _weighted(self.confidence, evidence.fitted() | asdict(standing))
        odds += _CONFLICT * evidence.conflict
        return 1 / (1 + math.exp(-max(-40.0, min(40.0, odds))))


def _weighted(weights: Mapping[str, float], values: Mapping[str, float]) -> float:
    return weights["intercept"] + sum(weights[name] * value for name, value in values.items())
