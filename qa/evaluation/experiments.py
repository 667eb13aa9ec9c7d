"""Whole experiments: several systems asked over one archive, or contexts read one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from qa.answer.consultation import Consultant, GenerationMemory
from qa.answer.generation import Generation
from qa.evaluation.archives import Articles, folder_for, open_archive, with_stored_ids
from qa.evaluation.pointing import ModelSystem
from qa.evaluation.questions import ArchiveQuestion, SpanQuestion
from qa.evaluation.ranking import require_ir_measures
from qa.evaluation.runs import Run, ask_all, read_all
from qa.evaluation.systems import Baseline, BaselineSystem, ReaderSystem, System
from qa.models.encoder import Encoder, SentenceEncoder
from qa.models.reader.reader import Reader, TrainedReader


@dataclass(frozen=True, slots=True)
class ArchiveExperiment:
    """Questions to an archive: the store in `folder`, or one that is made there from `articles`.

    Without a folder, the archive is made in a temporary one. `today` is the day of questions that
    do not state one; answers abstain below the confidence `threshold`.
    """

    questions: Sequence[ArchiveQuestion]
    folder: Path | None
    articles: Articles | None
    today: date
    baselines: Sequence[Baseline] = ()
    encoder: str | None = None
    reader: Path | None = None
    threshold: float | None = None
    consultant: Consultant | None = None
    generations: list[Generation] = field(default_factory=list)
    load_encoder: Callable[[str | None], Encoder] = SentenceEncoder.load
    load_reader: Callable[[Path | None], Reader] = TrainedReader.load

    def run(self) -> list[Run]:
        """Return the runs of the reader and of each baseline.

        With a `consultant`, its language model alone and both together are asked as well; then
        `generations` holds what came of asking it.

        Raises:
            SettingsError: the archive is empty or holds none of the articles that answer, or
                ir-measures is not installed.
        """
        require_ir_measures()  # before the work, not after it
        with (
            folder_for(self.folder) as folder,
            open_archive(
                folder,
                articles=self.articles,
                encoder=self.encoder,
                reader=self.reader,
                threshold=self.threshold,
                load_encoder=self.load_encoder,
                load_reader=self.load_reader,
            ) as assistant,
        ):
            questions = with_stored_ids(self.questions, assistant)
            systems: list[System] = [ReaderSystem(assistant, self.today)]
            if self.consultant is not None:
                # Two systems ask it everything, one after the other; it is to be asked once.
                memory = GenerationMemory(len(questions))
                assistant.consultant = replace(self.consultant, memory=memory)
                systems += [
                    ModelSystem(assistant, self.today, self.generations),
                    ReaderSystem(assistant, self.today, "both", use_generator=True),
                ]
            systems += [BaselineSystem(assistant, each) for each in self.baselines]
            return [ask_all(questions, system) for system in systems]


def read_contexts(
    spans: Sequence[SpanQuestion],
    path: Path | None = None,
    *,
    load_reader: Callable[[Path | None], Reader] = TrainedReader.load,
) -> Run:
    """Let the reader at `path`, or the packaged reader, read each context alone."""
    return read_all(spans, load_reader(path))
