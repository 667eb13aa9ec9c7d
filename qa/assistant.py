"""Holds the facade of Dateline: fills, searches and asks one archive."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from index_store.local import LocalStore
from qa.answer.consultation import Consultant
from qa.answer.respondent import Respondent
from qa.archive import Archive
from qa.archive_access import ArchiveAccess
from qa.archive_union import ArchiveUnion, UnionAssistant
from qa.errors import SettingsError
from qa.ingest.chunking import ChunkingSettings
from qa.models.generator import GeneratorSettings
from qa.models.loading import Models
from qa.settings import (
    AnswerSettings,
    RetrievalSettings,
    chosen_index,
    default_store_path,
    take_settings,
)


class Assistant(ArchiveAccess, Respondent):
    """Answers questions about one archive. Asking is safe from several threads at once."""

    archive: Archive

    def __init__(
        self,
        archive: Archive,
        *,
        retrieval: RetrievalSettings | None = None,
        answers: AnswerSettings | None = None,
        consultant: Consultant | None = None,
    ) -> None:
        """Make an assistant for an archive; `Assistant.open` is the usual way."""
        super().__init__(archive, retrieval=retrieval, answers=answers, consultant=consultant)

    @classmethod
    def open(
        cls,
        store: str | Path | None = None,
        *,
        create: bool = False,
        models: Models | None = None,
        generator: GeneratorSettings | None = None,
        index: str | None = None,
        name: str | None = None,
        **settings: Any,
    ) -> Self:
        """Open the archive at `store` (default: DATELINE_STORE, else the data folder).

        `create` makes an empty archive if there is none. `models` shares the models of another
        archive; it replaces `encoder` (a name or path of a sentence-transformers model) and
        `reader` (the path of a trained reader). `generator` is a language model that may point at
        sentences; without it nothing leaves the machine. `index` is where vectors are searched
        (default: DATELINE_INDEX): "milvus://host:19530/collection", or "local". Each citation
        tells the `name` of the archive, if it has one. Other settings: `max_tokens` and
        `overlap_sentences` of chunks; `candidates`, `lexical_weight`, `per_article` and
        `near_identical` of the search; and `threshold`, the confidence below which an answer
        abstains.

        Raises:
            StoreNotFoundError: there is no archive at `store`.
            SettingsError: a setting is unknown or out of range.
        """
        path = Path(store).expanduser() if store is not None else default_store_path()
        named = {name: settings.pop(name, None) for name in ("encoder", "reader")}
        if models is not None and any(named.values()):
            raise SettingsError("give either models, or encoder and reader")
        chunking = take_settings(ChunkingSettings, settings)
        retrieval = take_settings(RetrievalSettings, settings)
        answers = take_settings(AnswerSettings, settings)
        if settings:
            raise SettingsError(f"unknown settings: {', '.join(sorted(settings))}")
        archive = Archive(
            LocalStore(path, create=create, index=chosen_index(index)),
            models or Models(**named),
            chunking=chunking,
            name=name,
        )
        consultant = Consultant.of(generator) if generator else None
        return cls(archive, retrieval=retrieval, answers=answers, consultant=consultant)

    @staticmethod
    def together(assistants: Sequence[Assistant]) -> UnionAssistant:
        """Return what asks and searches several archives at once, as one set of articles.

        Each was opened under another `name`, and is still closed by itself. The models and the
        settings are those of the first. Each citation and passage tells the `archive` that holds
        its article; an article that several hold is of the first of them (`find` finds it in each).

        Raises:
            SettingsError: there are fewer than two, one has no name, or two have the same.
        """
        union = ArchiveUnion([each.archive for each in assistants])
        return UnionAssistant(union, **assistants[0].how())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
