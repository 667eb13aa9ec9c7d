"""A language model that is measured and weighed: alone, beside the reader, recorded, replayed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qa.__main__ import app
from qa.answer.consultation import Consultant
from qa.evaluation.experiments import ArchiveExperiment
from qa.evaluation.fitting import FittingQuestion, fit, outcomes
from qa.evaluation.pointing import figures_of
from qa.evaluation.questions import ArchiveQuestion
from qa.evaluation.runs import Run
from qa.models.generator import GeneratorSettings, RecordingGenerator, ReplayGenerator
from qa.retrieval.retriever import Retriever
from qa.settings import RetrievalSettings
from tests.conftest import open_hashed
from tests.hash_encoder import HashEncoder
from tests.lying_server import LyingServer, ServedRequest
from tests.word_reader import WordReader

STARTS = ("Wester", "Ooster", "Noorder", "Zuider", "Midden")
ENDS = ("wijk", "dam", "horst", "kerk", "beek", "veld", "haven", "brug", "loo", "sluis")
TOWNS = [f"{start}{end}" for start in STARTS for end in ENDS]
IDS = re.compile(r"^([a-z]\d): (.*)$", re.MULTILINE)


def write_archive(folder: Path) -> Path:
    folder.mkdir()
    for number, town in enumerate(TOWNS):
        (folder / f"{town}.txt").write_text(
            f"In {town} was brand. De brand in {town} kostte {number + 20} koeien het leven. "
            f"In {town} kwamen {number + 200} mensen kijken.",
            encoding="utf-8",
        )
    return folder


def asked(absent: bool = False) -> list[tuple[str, tuple[str, ...]]]:
    if absent:
        return [(f"Hoeveel schapen verloor {town}?", ()) for town in TOWNS]
    return [
        (f"Hoeveel koeien kostte de brand in {town}?", (f"{number + 20} koeien",))
        for number, town in enumerate(TOWNS)
    ]


def knowing(request: ServedRequest) -> str:
    """Point at the sentence with the cows of the town; the model of our dreams."""
    question = request.text.rsplit("\n", 1)[-1]
    for id_, text in IDS.findall(request.text):
        for found in re.findall(r"in (\w+) kostte (\d+ koeien)", text):
            if found[0] in question and "koeien" in question:
                return f"{id_}: {found[1]}"
    return "0"


def always_last(request: ServedRequest) -> str:
    return f"{IDS.findall(request.text)[-1][0]}: "


def experiment(folder: Path, consultant: Consultant, count: int = 12) -> ArchiveExperiment:
    questions = [
        ArchiveQuestion(str(number), question, answers, (), ())
        for number, (question, answers) in enumerate([*asked()[:count], *asked(absent=True)[:4]])
    ]
    return ArchiveExperiment(
        questions,
        None,
        folder,
        date(2024, 1, 1),
        consultant=consultant,
        load_encoder=lambda _: HashEncoder(),
        load_reader=lambda _: WordReader(),
    )


def without_times(runs: list[Run]) -> list[object]:
    return [
        {name: value for name, value in row.items() if name != "ms"}
        for run in runs
        for row in run.to_dict()["rows"]
    ]


def test_reader_model_and_both_are_measured_side_by_side(tmp_path: Path) -> None:
    folder, record = write_archive(tmp_path / "in"), tmp_path / "said.jsonl"
    with LyingServer(script=knowing) as server:
        consultant = Consultant.of(GeneratorSettings(server.url, model="script"))
        recorded = Consultant(RecordingGenerator(consultant.generator, record))
        measured = experiment(folder, recorded)
        runs = measured.run()
        assert len(server.questions) == 16  # once a question, though two systems ask
    assert [run.name for run in runs] == ["reader", "model", "both"]
    alone = runs[1].summary.means
    assert alone["right_answer_rate"] == 1
    assert alone["refusal_rate"] == 1
    figures = figures_of(measured.generations)
    assert (figures.asked, figures.valid_ids, figures.valid_words) == (16, 1, 1)
    again = experiment(folder, Consultant(ReplayGenerator(record)))
    assert without_times(again.run()) == without_times(runs)


@pytest.mark.parametrize(("script", "is_useful"), [(knowing, True), (always_last, False)])
def test_a_model_gets_the_weight_that_it_earns(
    tmp_path: Path, script: Callable[[ServedRequest], str], is_useful: bool
) -> None:
    questions = [
        FittingQuestion(question, answers) for question, answers in [*asked(), *asked(absent=True)]
    ]
    with open_hashed(tmp_path / "store") as assistant, LyingServer(script=script) as server:
        assistant.ingest([write_archive(tmp_path / "in")])
        view = assistant.archive.view()
        assert view
        retriever = Retriever(assistant.archive.encoder(), RetrievalSettings())
        consultant = Consultant.of(GeneratorSettings(server.url, model="script"))
        found = outcomes(view, retriever, WordReader(), questions, consultant=consultant)
    fitted = fit(found, wrong_share=None, about={}, pointed=True)
    weight = fitted.calibration.rank["pointed_first"]
    assert fitted.calibration.weighs_pointing
    assert (weight > 1.5) == is_useful
    shown = fitted.probabilities >= fitted.calibration.threshold
    if is_useful:
        assert fitted.right[shown].mean() > 0.9
    else:
        assert weight < 0.5


def test_a_replay_says_what_is_wrong(tmp_path: Path) -> None:
    questions = tmp_path / "q.jsonl"
    line = {"id": "1", "question": "Wie?", "answers": ["x"], "evidence": []}
    questions.write_text(json.dumps(line) + "\n", encoding="utf-8")
    other = tmp_path / "other.jsonl"
    other.write_text("{}\n", encoding="utf-8")
    run = CliRunner().invoke(app, ["eval", str(questions), "--replay", str(other)])
    assert run.exit_code == 2
    assert "is no record of a language model" in " ".join(run.output.split())
