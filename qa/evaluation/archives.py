"""The archive of an evaluation: an existing one, or one made for the run."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath

from index_store.local import LocalStore
from qa.archive import Archive
from qa.assistant import Assistant
from qa.errors import SettingsError
from qa.evaluation.progress import counted, reach
from qa.evaluation.questions import ArchiveQuestion
from qa.ingest.report import IngestReport
from qa.models.encoder import Encoder, SentenceEncoder
from qa.models.loading import Models
from qa.models.reader.reader import Reader, TrainedReader
from qa.settings import AnswerSettings, chosen_index

Articles = Path | Mapping[str, str]  # a file or folder, or texts by their ids


@contextmanager
def open_archive(
    folder: Path,
    *,
    articles: Articles | None = None,
    encoder: str | None = None,
    reader: Path | None = None,
    threshold: float | None = None,
    load_encoder: Callable[[str | None], Encoder] = SentenceEncoder.load,
    load_reader: Callable[[Path | None], Reader] = TrainedReader.load,
) -> Iterator[Assistant]:
    """Open the store in `folder` and yield an assistant that asks it.

    With `articles`, make the store if there is none, and put the articles into it first.

    Raises:
        StoreNotFoundError: there is no store, and there are no articles.
        SettingsError: the store is empty, or one of the articles was refused.
    """
    index = chosen_index() if articles is None else None  # what is made to be measured stays here
    store = LocalStore(folder, create=articles is not None, index=index)
    models = Models(
        load_encoder=load_encoder, load_reader=load_reader, encoder=encoder, reader=reader
    )
    with Assistant(Archive(store, models), answers=AnswerSettings(threshold)) as assistant:
        if articles is not None:
            _ingest(assistant, articles)
        if assistant.count()[1] == 0:
            raise SettingsError(f"the archive at {folder} is empty; fill it with: dateline ingest")
        yield assistant


@contextmanager
def folder_for(kept: Path | None) -> Iterator[Path]:
    """Yield the folder for an archive, or a temporary one."""
    if kept is not None:
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="dateline-eval-") as folder:
        yield Path(folder)


def with_stored_ids(
    questions: Sequence[ArchiveQuestion], assistant: Assistant
) -> list[ArchiveQuestion]:
    """Return the questions with the archive's own ids for the articles that they name.

    A question names an article by its id or by its file; the name of an exact copy means the
    original.

    Raises:
        SettingsError: the archive has none of these articles.
    """
    named = dict.fromkeys(name for each in questions for name in each.articles)
    stored = {name: _stored_id(name, assistant) for name in named}
    if named and not any(stored.values()):
        raise SettingsError(
            f"the archive has none of the articles that answer, such as {next(iter(named))!r}; "
            "name them with --articles, or the archive with --store"
        )
    return [
        replace(each, articles=tuple(stored[name] or name for name in each.articles))
        for each in questions
    ]


def _stored_id(name: str, assistant: Assistant) -> str | None:
    path = PurePosixPath(name)
    for identifier in (name, str(path.with_suffix("")) if path.name else name):
        article = assistant.article(identifier)
        if article is not None:
            return article.id
    return None


def _ingest(assistant: Assistant, articles: Articles) -> None:
    with counted("indexing", unit="chunks") as bar:
        if isinstance(articles, Path):
            report = assistant.ingest(
                [articles], on_progress=lambda p: reach(bar, p.encoded_chunks)
            )
        else:
            report = assistant.ingest(
                stream=io.BytesIO(_as_jsonl(articles)),
                on_progress=lambda p: reach(bar, p.encoded_chunks),
            )
    _check(report)


def _check(report: IngestReport) -> None:
    if report.refused:
        first = report.refused[0]
        raise SettingsError(
            f"{len(report.refused)} of the articles cannot be read, such as {first.path}: "
            f"{first.reason}"
        )


def _as_jsonl(texts: Mapping[str, str]) -> bytes:
    records = ({"id": identifier, "text": text} for identifier, text in texts.items())
    return "".join(f"{json.dumps(record)}\n" for record in records).encode()
