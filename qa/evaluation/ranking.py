"""Measures the rank of the passage with the evidence, by ir-measures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qa.errors import SettingsError
from qa.evaluation import INSTALL_EVAL

_EVIDENCE = "evidence"


def ranking_scores(ranks: Sequence[int | None], *, depth: int) -> list[dict[str, float]]:
    """Return recall@1, @5 and @10, nDCG@10 and the reciprocal rank of each question.

    `ranks` are the ranks (from 1) of the first passage with the evidence, or `None` if it is not
    among the first `depth`. Only the first passage counts, since all passages with the evidence are
    one thing to find.

    Raises:
        SettingsError: ir-measures is not installed.

    >>> ranking_scores([2], depth=10)[0]["mrr"]
    0.5
    """
    ir = require_ir_measures()
    wanted = [ir.Qrel(str(number), _EVIDENCE, 1) for number, _ in enumerate(ranks)]
    # The places themselves are the scores, since the library breaks ties in its own way.
    ranked = [
        ir.ScoredDoc(str(number), _EVIDENCE if place == rank else f"passage {place}", -float(place))
        for number, rank in enumerate(ranks)
        for place in range(1, depth + 1)
    ]
    measures = {
        ir.R @ 1: "recall@1",
        ir.R @ 5: "recall@5",
        ir.R @ 10: "recall@10",
        ir.nDCG @ 10: "ndcg@10",
        ir.RR: "mrr",
    }
    scores = [dict.fromkeys(measures.values(), 0.0) for _ in ranks]
    for found in ir.iter_calc(list(measures), wanted, ranked):
        scores[int(found.query_id)][measures[found.measure]] = float(found.value)
    return scores


def require_ir_measures() -> Any:
    """Return the library ir-measures.

    Raises:
        SettingsError: it is not installed.
    """
    try:
        import ir_measures as library
    except ImportError as error:
        raise SettingsError(f"ir-measures is missing; {INSTALL_EVAL}") from error
    return library
