"""`dateline calibrate`: fits the confidence to one archive."""

from __future__ import annotations

from collections.abc import Sequence
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
from qa.cli.options import SplitOption, StoreOption
from qa.errors import SettingsError
from qa.models.calibration import FILE_NAME, calibration_file
from qa.settings import default_store_path

if TYPE_CHECKING:
    from qa.answer.generation import Generation
    from qa.evaluation.fitting import Fit, FittingQuestion

_MADE = 400


def calibrate(
    *,
    store: StoreOption = None,
    questions: Annotated[
        list[Path] | None,
        typer.Option(
            help="JSONL file of questions with known answers, as for `dateline eval` (may be "
            "repeated). Default: questions made from the archive's own sentences.",
            show_default=False,
        ),
    ] = None,
    split: SplitOption = None,
    made: Annotated[int, typer.Option(min=0, help="Number of questions to make.")] = _MADE,
    wrong_share: Annotated[
        float | None,
        typer.Option(
            min=0,
            max=1,
            help="Choose the threshold so that this share (0–1) of the answers shown is wrong. "
            "Default: answers are shown from a confidence of 0.25 on.",
            show_default=False,
        ),
    ] = None,
    generator: GeneratorOption = None,
    generator_model: GeneratorModelOption = None,
    generator_timeout: GeneratorTimeoutOption = None,
    generator_source: GeneratorSourceOption = None,
    generator_parallel: GeneratorParallelOption = None,
    record: RecordOption = None,
    replay: ReplayOption = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Write to this file. Default: in the store.", show_default=False),
    ] = None,
) -> None:
    """Fit confidence and threshold to this archive, on questions with and without an answer.

    Made questions use the words of the sentence that answers, so they are easier than questions of
    people; give real questions if you have them. Half of the answerable real questions are asked
    again without the passages that answer, the other half with another name or number. The figures
    are measured on questions that were left out of the fit.

    With a language model, what it points at becomes evidence: how much depends on how often it was
    right. This calibration is kept beside the other one, and used whenever this model is asked.
    Questions on which the model fails are left out; if it fails on more than half of them, nothing
    is written.
    """
    consultant = consultant_of(locals())
    try:
        import sklearn  # noqa: F401 - it fits the models
    except ImportError as error:
        raise SettingsError("calibration needs: pip install 'dateline-qa[eval]'") from error
    from qa.evaluation.archives import open_archive
    from qa.evaluation.fitting import fit, outcomes
    from qa.evaluation.made_questions import make_questions
    from qa.evaluation.pointing import check_answered, figure_lines, figures_of
    from qa.evaluation.progress import counted
    from qa.retrieval.retriever import Retriever
    from qa.settings import RetrievalSettings

    folder = store or default_store_path()
    generations: list[Generation] = []
    with open_archive(folder) as assistant:
        view = assistant.archive.view()
        if view is None:
            raise SettingsError(f"the archive at {folder} is empty; fill it with: dateline ingest")
        asked = (
            _given(questions, split)
            if questions
            else make_questions(assistant.articles(), count=made)
        )
        retriever = Retriever(assistant.archive.encoder(), RetrievalSettings())
        reader = assistant.archive.models.reader()
        with counted("asking", total=len(asked), unit="questions") as bar:
            found = outcomes(
                view,
                retriever,
                reader,
                asked,
                consultant=consultant,
                generations=generations,
                on_progress=bar.update,
            )
    check_answered(generations)
    about: dict[str, Any] = {
        "questions": len(asked),
        "made": not questions,
        "wrong_share": wrong_share,
    }
    name = FILE_NAME
    if consultant is not None:
        about["generator"] = consultant.generator.identity
        name = calibration_file(consultant.generator.identity)
    asks = consultant is not None
    fitted = fit(found, wrong_share=wrong_share, about=about, pointed=asks)
    path = out or folder / name
    fitted.calibration.save(path)
    for line in _lines(fitted) + (figure_lines(figures_of(generations)) if asks else []):
        typer.echo(line)
    typer.echo(f"wrote {path}")


def _given(files: Sequence[Path], split: str | None) -> list[FittingQuestion]:
    from qa.evaluation.fitting import FittingQuestion
    from qa.evaluation.made_questions import exchange_names
    from qa.evaluation.questions import as_archive, read_questions

    asked: list[FittingQuestion] = []
    for file in files:
        found = read_questions(file, split=split)
        lines = [*found.archive, *(as_archive(found.spans)[1] if found.spans else ())]
        asked += [FittingQuestion(line.question, line.answers) for line in lines]
        asked += [
            FittingQuestion(line.question, line.answers, leave_out=True)
            for line in [line for line in lines if line.answers][::2]
        ]
    answerable = [each for each in asked if each.answers and not each.leave_out]
    return asked + exchange_names(answerable)[1::2]


def _lines(fitted: Fit) -> list[str]:
    from qa.evaluation.reliability import calibration_error

    threshold = fitted.calibration.threshold
    shown = fitted.probabilities >= threshold
    pairs: list[Any] = list(zip(fitted.probabilities.tolist(), fitted.right.tolist(), strict=True))
    wrong = int((shown & ~fitted.right).sum())
    return [
        f"{len(shown)} questions, {int(fitted.right.sum())} with the right answer first",
        f"expected calibration error {calibration_error(pairs):.3f}",
        f"threshold {threshold:.3f}: {int(shown.sum())} shown, of which {wrong} wrong",
    ]
