"""`dateline eval`: measures the answers; `dateline read`: runs the reader alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qa.cli.generator_options import (
    GeneratorModelOption,
    GeneratorOption,
    GeneratorParallelOption,
    GeneratorSourceOption,
    GeneratorTimeoutOption,
    RecordOption,
    ReplayOption,
    consultant_of,
)
from qa.cli.options import (
    FAILED,
    EncoderOption,
    JsonOption,
    ReaderOption,
    SplitOption,
    StoreOption,
    TodayOption,
    echo,
    echo_json,
)
from qa.errors import DatelineError, IngestError
from qa.evaluation.systems import Baseline
from qa.settings import default_store_path
from qa.text.control_characters import visible

if TYPE_CHECKING:
    from qa.answer.generation import Generation
    from qa.evaluation.comparison import RunDifference
    from qa.evaluation.pointing import GeneratorFigures
    from qa.evaluation.questions import QuestionFile
    from qa.evaluation.runs import Run
    from qa.models.reader.reader import Reader


def evaluate(
    file: Annotated[
        Path,
        typer.Argument(
            help="JSONL file: lines have question, answers and evidence (over the archive), or "
            "question, context, answer and start.",
            show_default=False,
        ),
    ],
    *,
    store: StoreOption = None,
    articles: Annotated[
        Path | None,
        typer.Option(
            help="Ask these articles (a file or folder) instead of the store.", show_default=False
        ),
    ] = None,
    as_archive: Annotated[
        bool,
        typer.Option(
            "--as-archive", help="Make the contexts of all lines one archive, and ask that."
        ),
    ] = False,
    keep: Annotated[
        Path | None,
        typer.Option(
            help="Keep the archive made by --articles or --as-archive in this folder, to encode "
            "nothing next time. Default: a temporary folder.",
            show_default=False,
        ),
    ] = None,
    split: SplitOption = None,
    baseline: Annotated[
        list[Baseline] | None,
        typer.Option(
            help="Ask also a simpler way to answer (may be repeated): the first passage by "
            "embeddings alone (dense), by BM25 alone (lexical), by both fused (hybrid), or the "
            "best sentence. It never abstains, and is right where what it shows holds an answer "
            "or the evidence.",
            show_default=False,
        ),
    ] = None,
    threshold: Annotated[
        float | None,
        typer.Option(
            help="Abstain below this confidence (0–1); 0 shows the whole risk–coverage curve.",
            show_default=False,
        ),
    ] = None,
    today: TodayOption = None,
    encoder: EncoderOption = None,
    reader: ReaderOption = None,
    generator: GeneratorOption = None,
    generator_model: GeneratorModelOption = None,
    generator_timeout: GeneratorTimeoutOption = None,
    generator_source: GeneratorSourceOption = None,
    generator_parallel: GeneratorParallelOption = None,
    record: RecordOption = None,
    replay: ReplayOption = None,
    against: Annotated[
        Path | None,
        typer.Option(
            help="Compare with another run, as printed by --json: a paired bootstrap by id.",
            show_default=False,
        ),
    ] = None,
    plot: Annotated[
        Path | None,
        typer.Option(
            help="Write reliability.svg and risk_coverage.svg to this folder.", show_default=False
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Ask questions with known answers, and measure retrieval, answers, quotes and confidence.

    An answer is right if it contains a known answer, or shares words with one (F1 of 0.6 or more,
    with the same numbers and negations). A whole sentence is right if its quote contains an answer
    or the evidence. For a question without answers, it is right to abstain.
    Exit code: 0 done; 1 something failed; 2 wrong usage; 130 stopped.
    """
    from qa.evaluation.comparison import compare, read_rows
    from qa.evaluation.experiments import ArchiveExperiment, read_contexts
    from qa.evaluation.plots import draw
    from qa.evaluation.pointing import figures_of
    from qa.evaluation.questions import read_questions

    consultant = consultant_of(locals())
    found = read_questions(file, split=split)
    source = _source(found, store, articles=articles, as_archive=as_archive, keep=keep)
    _require(comparing=bool(against or baseline or consultant), plotting=plot is not None)
    others = None if against is None else read_rows(against)
    generations: list[Generation] = []
    if source is None:
        if baseline or consultant:
            asked = "baselines rank passages" if baseline else "a model points at passages"
            raise typer.BadParameter(f"{asked}: add --as-archive")
        runs = [read_contexts(found.spans, reader)]
    else:
        runs = ArchiveExperiment(
            **source,
            consultant=consultant,
            generations=generations,
            today=today or date.today(),  # noqa: DTZ011
            baselines=tuple(dict.fromkeys(baseline or ())),
            encoder=encoder,
            reader=reader,
            threshold=threshold,
        ).run()
    rows = runs[0].to_dict()["rows"]
    beside = {run.name: compare(rows, run.to_dict()["rows"]) for run in runs[1:]}
    other = None if others is None else compare(rows, others)
    figures = figures_of(generations) if consultant else None
    _show(runs, beside, other, figures, against=against, as_json=as_json)
    for path in [] if plot is None else draw(runs, plot):
        typer.echo(f"wrote {path}", err=True)


def read(
    *,
    file: Annotated[
        Path,
        typer.Option(
            help="JSONL file: each line has id, question and context.", show_default=False
        ),
    ],
    reader: ReaderOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read each context by itself: find the words that answer, and how likely there is an answer.

    `start` and `end` count the characters of the context. `score` is the log-odds of these words
    above "no answer"; `answerable` is the probability that the context answers at all.
    Exit code: 0 done; 1 a line was refused, the others went on; 2 wrong usage.
    """
    from qa.evaluation.questions import parse_record, read_lines
    from qa.models.reader.reader import TrainedReader

    lines = list(read_lines(file))
    if not lines:
        raise IngestError(file, "it has no lines; each has id, question and context")
    trained = TrainedReader.load(reader)
    failed = False
    for number, line in lines:
        carried: dict[str, Any] = {"id": None}
        try:
            record = parse_record(file, number, line)
            carried["id"] = record.get("id")
            shown = _read_one(trained, file, number, record)
        except DatelineError as error:
            failed = True
            typer.echo(f"dateline: {visible(str(error))}", err=True)
            shown = {"error": str(error)}
        if as_json:
            echo_json(carried | shown)
        elif "error" not in shown:
            answer = shown["answer"] or "–"
            echo(f"{carried['id']}\t{shown['answerable']:.3f}\t{' '.join(answer.split())}")
    if failed:
        raise typer.Exit(FAILED)


def _source(
    found: QuestionFile,
    store: Path | None,
    *,
    articles: Path | None,
    as_archive: bool,
    keep: Path | None,
) -> dict[str, Any] | None:
    """Return the questions and their archive, or `None` if only contexts are to be read.

    Raises:
        typer.BadParameter: the options do not fit the shape of the lines.
    """
    from qa.evaluation.questions import as_archive as one_archive

    if keep is not None and articles is None and not as_archive:
        raise typer.BadParameter("--keep goes with --articles or --as-archive")
    if found.archive and as_archive:
        raise typer.BadParameter("--as-archive is for lines with a context; these have none")
    if found.spans and articles is not None:
        raise typer.BadParameter("these lines have their own contexts: leave out --articles")
    if as_archive:
        contexts, questions = one_archive(found.spans)
        return {"questions": questions, "folder": keep, "articles": contexts}
    if found.spans:
        return None
    folder = keep if articles is not None else store or default_store_path()
    return {"questions": found.archive, "folder": folder, "articles": articles}


def _require(*, comparing: bool, plotting: bool) -> None:
    """Report a missing library before the work, not after it."""
    if plotting:
        from qa.evaluation.plots import require_matplotlib

        require_matplotlib()
    if comparing:
        from qa.evaluation.comparison import require_bootstrap

        require_bootstrap()


def _show(
    runs: Sequence[Run],
    beside: Mapping[str, Sequence[RunDifference]],
    other: Sequence[RunDifference] | None,
    figures: GeneratorFigures | None,
    *,
    against: Path | None,
    as_json: bool,
) -> None:
    from qa.evaluation.pointing import figure_lines
    from qa.evaluation.report import baseline_lines, difference_lines, run_lines

    if as_json:
        value = runs[0].to_dict()
        if beside:
            value["baselines"] = {
                run.name: {**run.to_dict(), "differences": _dicts(beside[run.name])}
                for run in runs[1:]
            }
        if other is not None:
            value["against"] = {"file": str(against), "differences": _dicts(other)}
        if figures is not None:
            value["generator"] = figures.to_dict()
        echo_json(value)
        return
    lines = run_lines(runs)
    lines += baseline_lines(beside) if beside else []
    lines += difference_lines(str(against), other) if other is not None else []
    lines += figure_lines(figures) if figures is not None else []
    for line in lines:
        echo(line)


def _dicts(differences: Sequence[RunDifference]) -> list[dict[str, Any]]:
    return [each.to_dict() for each in differences]


def _read_one(reader: Reader, file: Path, number: int, record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the reader's result for one line of a file.

    Raises:
        DatelineError: the line has no readable question or no readable context.
    """
    from qa.evaluation.questions import check_context
    from qa.models.reader.reader import Text
    from qa.question.checks import check_question

    try:
        check_question(record["question"], limit=1)
        context = check_context(record["context"])
    except KeyError as error:
        raise IngestError(file, f"the field {error} is missing", line=number) from error
    except DatelineError as error:
        raise IngestError(file, str(error), line=number) from error
    spans = reader.read(record["question"], [Text(context)])
    if not spans:
        return {"answer": None, "start": None, "end": None, "score": None, "answerable": 0.0}
    best = spans[0]
    return {
        "answer": best.text,
        "start": best.start,
        "end": best.end,
        "score": round(best.score, 6),
        "answerable": round(best.answerable, 6),
    }
