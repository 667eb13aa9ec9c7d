"""The figures of runs as tables of text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from qa.evaluation.comparison import RunDifference
from qa.evaluation.outcomes import KindFigures, Summary
from qa.evaluation.runs import Run

_NAME_WIDTH, _WIDTH = 36, 10
_NONE = "–"

_BASELINES = (
    "A baseline shows the first passage (dense, lexical, hybrid) or the best sentence, and is\n"
    "right where that holds an answer or the evidence; a short answer must be the answer itself."
)

_DECIDING = ("right_answer_rate", "f1", "first_quote")

_OF_THE_READER = ("exact_match", "f1")  # where it reads alone
_OF_A_KIND = ("first_quote", "citation_precision", "refusal_rate", "refused_answerable")

LABELS = {
    "right": "right, or rightly abstained",
    "right_answer_rate": "right answers",
    "exact_match": "exact match",
    "f1": "F1",
    "first_quote": "first quote holds the answer",
    "citation_precision": "citation precision",
    "citation_recall": "citation recall",
    "refusal_rate": "abstained, not in the archive",
    "refused_answerable": "abstained, though in the archive",
    "wrong_but_sure": "wrong, but sure (0.7 or more)",
    "recall@1": "recall@1",
    "recall@5": "recall@5",
    "recall@10": "recall@10",
    "ndcg@10": "nDCG@10",
    "mrr": "MRR",
}


def run_lines(runs: Sequence[Run]) -> list[str]:
    """Return a table with a column for each run, and the reliability of the first run."""
    summaries = [run.summary for run in runs]
    first = summaries[0]
    absent = first.questions - first.answerable
    rows: list[tuple[str, Iterable[float | None]]] = [
        (label, [summary.means.get(score) for summary in summaries])
        for score, label in LABELS.items()
    ]
    rows += [
        ("area under risk–coverage", [summary.aurc for summary in summaries]),
        ("expected calibration error", [s.expected_calibration_error for s in summaries]),
        *_separation_rows(summaries),
        *_kind_rows("right", [summary.kinds for summary in summaries]),
        *_kind_rows("right, as", [summary.answer_kinds for summary in summaries]),
    ]
    lines = [
        f"questions: {first.questions}, {first.answerable} with an answer and {absent} without",
        "",
        _line("", [run.name for run in runs]),
    ]
    for label, values in rows:
        listed = list(values)
        if any(value is not None for value in listed):
            lines.append(_line(label, [_decimals(value) for value in listed]))
    return [*lines, *_time_lines(summaries), *_reliability_lines(first)]


def difference_lines(name: str, differences: Sequence[RunDifference]) -> list[str]:
    """Return a table of two runs side by side, with the interval of each difference."""
    lines = [
        "",
        _line(f"against {name} (95 %)", ["this run", "that run", "more", "from", "to", "n"]),
    ]
    return lines + [_difference_line(each) for each in differences]


def _difference_line(each: RunDifference) -> str:
    means = [_decimals(each.ours), _decimals(each.theirs)]
    signed = [_signed(value) for value in (each.difference, each.low, each.high)]
    return _line(LABELS.get(each.score, each.score), [*means, *signed, f"{each.questions}"])


def baseline_lines(beside: Mapping[str, Sequence[RunDifference]]) -> list[str]:
    """Return the lead of the first run over each baseline, in the scores that decide."""
    lines = ["", _line("more than a baseline (95 %)", ["more", "from", "to", "n"])]
    for name, differences in beside.items():
        for each in differences:
            if each.score in _DECIDING:
                values = [_signed(value) for value in (each.difference, each.low, each.high)]
                lines.append(_line(f"{name}: {LABELS[each.score]}", [*values, f"{each.questions}"]))
    return [*lines, "", _BASELINES]


def _separation_rows(summaries: Sequence[Summary]) -> list[tuple[str, list[float | None]]]:
    return [
        (f"answer or none, AUC by {name}", [each.separation.get(name) for each in summaries])
        for name in summaries[0].separation
    ]


def _kind_rows(
    label: str, kinds: Sequence[Mapping[str, KindFigures]]
) -> list[tuple[str, list[float | None]]]:
    """Return rows for each kind of question, with a column for each run."""
    rows: list[tuple[str, list[float | None]]] = []
    for kind, figures in kinds[0].items():
        found = [each[kind] for each in kinds]
        rows.append((f"  {label}: {kind} ({figures.questions})", [each.right for each in found]))
        told = _OF_THE_READER if figures.separation else _OF_A_KIND
        rows += [
            (f"    {LABELS[name]}", [each.means.get(name) for each in found])
            for name in told
            if figures.means.get(name) is not None
        ]
        rows += [
            (f"    AUC by {name}", [each.separation.get(name) for each in found])
            for name in figures.separation
        ]
    return rows


def _time_lines(summaries: Sequence[Summary]) -> list[str]:
    stages = dict.fromkeys(stage for summary in summaries for stage in summary.ms)
    lines = []
    for stage in stages:
        found = [summary.ms.get(stage) for summary in summaries]
        shown = [f"{each.median:.1f}" if each else _NONE for each in found]
        lines.append(_line(f"ms, median: {stage}", shown))
    return lines


def _reliability_lines(summary: Summary) -> list[str]:
    if not summary.bins:
        return []
    lines = ["", _line("confidence", ["answers", "mean", "right"])]
    for each in summary.bins:
        values = [f"{each.answers}", _decimals(each.confidence), _decimals(each.right)]
        lines.append(_line(f"{each.first:.1f}–{each.last:.1f}", values))
    return lines


def _line(label: str, values: Sequence[str]) -> str:
    return f"{label:<{_NAME_WIDTH}}{''.join(f'{value:>{_WIDTH}}' for value in values)}".rstrip()


def _decimals(value: float | None) -> str:
    return _NONE if value is None else f"{value:.3f}"


def _signed(value: float | None) -> str:
    return _NONE if value is None else f"{value:+.3f}"
