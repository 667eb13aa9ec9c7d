"""Finds, for each question of the training rows, the contexts that share the most words with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qa.models.training.rows import Row

_NEAR = 12  # nearest contexts to a question, from which those without its answer are chosen


def near_contexts(rows: Sequence[Row]) -> Mapping[tuple[str, str], list[str]]:
    """Return, for each question, the contexts that share the most words with it.

    Dutch contexts are taken from all sources, others from the source of the question.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    near: dict[tuple[str, str], list[str]] = {}
    pools: dict[str, list[Row]] = {}
    for row in rows:
        pools.setdefault("nl" if row.language == "nl" else row.source, []).append(row)
    for _, own in sorted(pools.items()):
        contexts = sorted({row.context for row in own})
        words = TfidfVectorizer(sublinear_tf=True)
        table = words.fit_transform(contexts).T.tocsr()
        for start in range(0, len(own), 500):
            part = own[start : start + 500]
            scores = (words.transform([row.question for row in part]) @ table).toarray()
            best = (-scores).argpartition(min(_NEAR, len(contexts) - 1), axis=1)[:, :_NEAR]
            for row, places in zip(part, best, strict=True):
                near[row.source, row.question] = [contexts[place] for place in sorted(places)]
    return near
