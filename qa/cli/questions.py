"""`dateline ask` and `dateline search`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from qa.answer.records import Answer
from qa.cli.answer_text import answer_text, passages_text
from qa.cli.export import ExportOption, check_export, write_export
from qa.cli.generator_options import (
    GeneratorModelOption,
    GeneratorOption,
    GeneratorParallelOption,
    GeneratorSourceOption,
    GeneratorTimeoutOption,
    generator_of,
)
from qa.cli.label_language import label_language
from qa.cli.options import (
    FAILED,
    AsOfOption,
    AuthorOption,
    EncoderOption,
    InferredOption,
    JsonOption,
    LanguageOption,
    ReaderOption,
    SectionOption,
    SinceOption,
    SourceOption,
    TodayOption,
    UndatedOption,
    UntilOption,
    echo,
    echo_json,
    selection_of,
    wrong_usage,
)
from qa.cli.remote import ArchivesOption, UrlOption, check_archives, open_remote
from qa.cli.standard_input import given_question
from qa.cli.stores import StoresOption, open_asked
from qa.errors import DatelineError, IngestError, SettingsError
from qa.question.checks import (
    EarlierTurn,
    Selection,
    asked_articles,
    check_question,
    earlier_turns,
)
from qa.question.selection import parse_selection, written_days

_QuestionArgument = Annotated[
    str | None,
    typer.Argument(help="The question; - or a pipe: from standard input.", show_default=False),
]
_QuestionsOption = Annotated[
    Path | None,
    typer.Option(
        "--questions",
        help="A JSONL file of questions instead: `question`, and optionally `id`, `today`, "
        "`history` (a list of earlier questions), and the same selection as the options: "
        "`since`, `until`, `as_of`, `include_undated`, `include_inferred`, `sources`, `authors`, "
        "`sections`, `languages`.",
        show_default=False,
    ),
]


@dataclass(frozen=True, slots=True)
class _QuestionLine:
    """A question with its options; `carried` (the `id`) is copied into the output."""

    question: str
    selection: Selection
    today: date
    history: Sequence[EarlierTurn] = ()
    carried: dict[str, Any] = field(default_factory=dict)

    def context(self, limit: int) -> dict[str, Any]:
        """Return what goes with the question, by the names that `Assistant.ask` takes."""
        how = {"today": self.today, "history": self.history, "limit": limit}
        return {**how, **self.selection}


def ask(
    context: typer.Context,
    question: _QuestionArgument = None,
    *,
    questions: _QuestionsOption = None,
    stores: StoresOption = None,
    url: UrlOption = None,
    archive: ArchivesOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    as_of: AsOfOption = None,
    undated: UndatedOption = False,
    inferred: InferredOption = True,
    today: TodayOption = None,
    after: Annotated[
        list[str] | None,
        typer.Option(
            "--after",
            metavar="QUESTION",
            help="An earlier question to follow up (may be repeated, oldest first).",
            show_default=False,
        ),
    ] = None,
    source: SourceOption = None,
    author: AuthorOption = None,
    section: SectionOption = None,
    language: LanguageOption = None,
    limit: Annotated[
        int, typer.Option(min=1, help="Number of passages to show with the answer.")
    ] = 8,
    threshold: Annotated[
        float | None,
        typer.Option(
            min=0,
            max=1,
            help="Abstain below this confidence (0–1). Default: that of the calibration.",
            show_default=False,
        ),
    ] = None,
    encoder: EncoderOption = None,
    reader: ReaderOption = None,
    generator: GeneratorOption = None,
    generator_model: GeneratorModelOption = None,
    generator_timeout: GeneratorTimeoutOption = None,
    generator_source: GeneratorSourceOption = None,
    generator_parallel: GeneratorParallelOption = None,
    export: ExportOption = None,
    as_json: JsonOption = False,
) -> None:
    """Answer a question with verbatim quotes, or say that the archive holds no answer.

    Exit code: 0 answered or abstained; 1 something failed; 2 wrong usage.
    """
    selection = selection_of(locals())  # each option has the name of its parameter
    check_archives(archive, url)
    asking = generator_of(locals()) if url is None else None
    items = _asked(question, questions, selection, today=today, history=after or ())
    check_export(export)
    kept: list[Answer] = []

    def tell(work: Callable[[_QuestionLine], tuple[dict[str, Any], Answer]]) -> None:
        def answered(asked: _QuestionLine) -> tuple[dict[str, Any], str]:
            found, answer = work(asked)
            kept.append(answer)
            return found, answer_text(answer)

        try:
            _run(items, answered, as_json=as_json, titled=questions is not None)
        finally:
            write_export(export, kept)

    if url is not None:
        with open_remote(context, url) as remote:

            def ask_there(asked: _QuestionLine) -> tuple[dict[str, Any], Answer]:
                told = remote.ask(asked.question, archives=archive, **asked.context(limit))
                return told, remote.answer(told)  # which compares the quotes, for JSON as well

            return tell(ask_there)
    with open_asked(
        stores,
        encoder=encoder,
        reader=reader,
        light=questions is None,
        threshold=threshold,
        generator=asking,
    ) as assistant:

        def ask_here(asked: _QuestionLine) -> tuple[dict[str, Any], Answer]:
            answer = assistant.ask(asked.question, **asked.context(limit))
            return answer.to_dict(), answer

        return tell(ask_here)


def search(
    context: typer.Context,
    question: _QuestionArgument = None,
    *,
    questions: _QuestionsOption = None,
    stores: StoresOption = None,
    url: UrlOption = None,
    archive: ArchivesOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    as_of: AsOfOption = None,
    undated: UndatedOption = False,
    inferred: InferredOption = True,
    today: TodayOption = None,
    source: SourceOption = None,
    author: AuthorOption = None,
    section: SectionOption = None,
    language: LanguageOption = None,
    limit: Annotated[int, typer.Option(min=1, help="Number of passages.")] = 10,
    per_article: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=1000,
            help="Maximum number of passages from one article. Default: 3.",
            show_default=False,
        ),
    ] = None,
    encoder: EncoderOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the passages nearest to a question; its words set no period. JSON has the scores.

    Exit code: 0 done; 1 something failed; 2 wrong usage.
    """
    selection = selection_of(locals())  # each option has the name of its parameter
    check_archives(archive, url)
    items = _asked(question, questions, selection, today=today)

    def tell(work: Callable[[_QuestionLine], tuple[list[dict[str, Any]], str]]) -> None:
        def found(asked: _QuestionLine) -> tuple[dict[str, Any], str]:
            passages, text = work(asked)
            return {"question": asked.question, "passages": passages}, text

        _run(items, found, as_json=as_json, titled=questions is not None)

    if url is not None:
        with open_remote(context, url) as remote:

            def search_there(asked: _QuestionLine) -> tuple[list[dict[str, Any]], str]:
                told = remote.search(
                    asked.question, limit=limit, archives=archive, **asked.selection
                )
                return told, passages_text(remote.passages(told), label_language(asked.question))

            return tell(search_there)
    with open_asked(stores, encoder=encoder) as assistant:

        def search_here(asked: _QuestionLine) -> tuple[list[dict[str, Any]], str]:
            passages = assistant.search(
                asked.question, limit=limit, per_article=per_article, **asked.selection
            )
            return [passage.to_dict() for passage in passages], passages_text(
                passages, label_language(asked.question)
            )

        return tell(search_here)


def _run(
    items: Iterable[_QuestionLine | IngestError],
    work: Callable[[_QuestionLine], tuple[dict[str, Any], str]],
    *,
    as_json: bool,
    titled: bool,
) -> None:
    """Answer the questions one by one; a question that fails does not stop the others.

    With `titled`, each question stands above its answer.

    Raises:
        typer.Exit: at the end, if any failed.
    """
    failed = False
    for item in items:
        carried = {} if isinstance(item, IngestError) else item.carried
        try:
            if isinstance(item, IngestError):
                raise item
            found, text = work(item)
            text = f"# {item.question}\n{text}\n" if titled else text
        except DatelineError as error:
            failed = True
            typer.echo(f"dateline: {error}", err=True)
            found, text = {"error": str(error)}, ""
        if as_json:
            echo_json(carried | found)
        elif text:
            echo(text)
    if failed:
        raise typer.Exit(FAILED)


def _asked(
    question: str | None,
    questions: Path | None,
    selection: Selection,
    *,
    today: date | None,
    history: Sequence[EarlierTurn] = (),
) -> Iterable[_QuestionLine | IngestError]:
    day = today or date.today()  # noqa: DTZ011
    with wrong_usage():
        asked_articles(selection)
    if questions is None:
        question = given_question(question)
    if question is not None and questions is None:
        with wrong_usage():
            check_question(question, limit=1)
        return [_QuestionLine(question, selection, day, history)]
    if questions is not None and question is None:
        return _read_questions(questions, _QuestionLine("", selection, day, history))
    raise typer.BadParameter("give one question (or - and a pipe), or a file with --questions")


def _read_questions(path: Path, options: _QuestionLine) -> Iterator[_QuestionLine | IngestError]:
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or f"not UTF-8: {error}"
        raise IngestError(path, f"cannot be read ({reason})") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield _parse(line, options)
            except (ValueError, SettingsError) as error:
                yield IngestError(path, str(error), line=number)


def _parse(line: str, options: _QuestionLine) -> _QuestionLine:
    """Read one line of a file of questions; its own values win over the options."""
    given = json.loads(line)
    if not isinstance(given, dict) or not isinstance(given.get("question"), str):
        raise ValueError('a line is an object with a "question", such as {"question": "Wie …?"}')
    today, history = given.get("today"), given.get("history")
    return _QuestionLine(
        given["question"],
        options.selection | parse_selection(given),
        options.today if today is None else written_days(today, name="today")[0],
        options.history if history is None else earlier_turns(history),
        {"id": given["id"]} if "id" in given else {},
    )
