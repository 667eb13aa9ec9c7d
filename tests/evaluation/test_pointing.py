"""A language model that is measured and weighed: alone, beside the reader, recorded, replayed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from qa.__main__ import app
from qa.answer.consultation import Consultant, GenerationMemory
from qa.answer.generation import Generation, GenerationState
from qa.assistant import Assistant
from qa.evaluation.archives import open_archive
from qa.evaluation.experiments import ArchiveExperiment
from qa.evaluation.fitting import FittingQuestion, fit, outcomes
from qa.evaluation.pointing import figures_of
from qa.evaluation.questions import ArchiveQuestion
from qa.evaluation.runs import Run
from qa.evaluation.soak.stand_ins import HashEncoder, WordReader
from qa.models.calibration import Calibration
from qa.models.generator import (
    FailureKind,
    GenerationError,
    GeneratorSettings,
    RecordingGenerator,
    ReplayGenerator,
)
from qa.models.generator.recording import prompt_hash
from qa.models.prompt import Prompt
from qa.retrieval.retriever import Retriever
from qa.settings import RetrievalSettings
from tests.conftest import open_hashed
from tests.lying_server import LyingServer, ServedRequest

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


def write_questions(path: Path, count: int = 50) -> Path:
    lines = [
        {"question": question, "answers": list(answers), "articles": [f"{town}.txt"]}
        for town, (question, answers) in zip(TOWNS[:count], asked()[:count], strict=True)
    ]
    lines += [
        {"question": question, "answers": [], "articles": []}
        for question, _ in asked(absent=True)[:count]
    ]
    numbered = ({"id": str(number), **line} for number, line in enumerate(lines))
    text = "".join(json.dumps({**line, "evidence": ""}) + "\n" for line in numbered)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def quick_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the commands use models that cost nothing."""

    def opened(folder: Path, **options: Any) -> AbstractContextManager[Assistant]:
        loading = {"load_encoder": lambda _: HashEncoder(), "load_reader": lambda _: WordReader()}
        return open_archive(folder, **{**options, **loading})

    monkeypatch.setattr("qa.evaluation.archives.open_archive", opened)
    monkeypatch.setattr("qa.evaluation.experiments.open_archive", opened)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store of the towns."""
    with open_hashed(tmp_path / "store") as assistant:
        assistant.ingest([write_archive(tmp_path / "in")])
    return tmp_path / "store"


def command(*arguments: object, code: int = 0) -> str:
    result = CliRunner().invoke(app, [str(each) for each in arguments])
    assert result.exit_code == code, (result.output, result.exception)
    return result.stdout if code == 0 else " ".join(result.output.split())


def no_times(value: Any) -> Any:
    """Return JSON values without milliseconds."""
    if isinstance(value, list):
        return [no_times(each) for each in value]
    if not isinstance(value, dict):
        return value
    kept = {name: each for name, each in value.items() if name != "ms" and name[-3:] != "_ms"}
    return {name: no_times(each) for name, each in kept.items()}


def rates(printed: str) -> dict[str, dict[str, float]]:
    """Return the means of the reader, of the model and of both."""
    value = json.loads(printed)
    runs = {"reader": value, **value["baselines"]}
    return {name: run["summary"] for name, run in runs.items()}


@pytest.mark.usefixtures("quick_models")
@pytest.mark.parametrize("model", ["script", "busy", "half-line", "say:niets"])
def test_a_replay_prints_what_was_printed(tmp_path: Path, store: Path, model: str) -> None:
    questions, said = write_questions(tmp_path / "q.jsonl", 3), tmp_path / "said.jsonl"
    evaluate = ("eval", questions, "--store", store, "--today", "2024-01-01", "--json")
    with LyingServer(script=knowing) as server:
        asks = ("--generator", server.url, "--generator-model", model)
        first = command(*evaluate, *asks, "--record", said)
    again = command(*evaluate, "--replay", said)
    assert json.loads(first)["generator"]["asked"] == 6
    shown = [json.dumps(no_times(json.loads(each))) for each in (first, again)]
    assert shown[0] == shown[1]


def misleading(folder: Path) -> Path:
    """Return a store of towns in whose articles the words of the question lead to a wrong number.

    The reader of the tests follows them; whoever understands the sentence does not.
    """
    texts = folder / "misleading"
    texts.mkdir()
    for number, town in enumerate(TOWNS):
        (texts / f"{town}.txt").write_text(
            f"De brand in {town} kostte de boer van de koeien {number + 300} euro. "
            f"Daarbij stierven {number + 20} koeien in {town}.",
            encoding="utf-8",
        )
    with open_hashed(folder / "store") as assistant:
        assistant.ingest([texts])
    return folder / "store"


def understanding(request: ServedRequest) -> str:
    """Point at the sentence with the cows that died in the town."""
    question = request.text.rsplit("\n", 1)[-1]
    for id_, text in IDS.findall(request.text):
        died = re.search(r"stierven (\d+ koeien) in (\w+)", text)
        if died and died[2] in question and "koeien" in question:
            return f"{id_}: {died[1]}"
    return "0"


def calibrated(store: Path, script: Callable[[ServedRequest], str]) -> dict[str, dict[str, float]]:
    """Calibrate with a model, and return the figures of the reader, of the model and of both."""
    questions = write_questions(store.parent / "q.jsonl")
    few = write_questions(store.parent / "few.jsonl", 8)
    with LyingServer(script=script) as server:
        asks = ("--generator", server.url, "--generator-model", "script")
        printed = command("calibrate", "--store", store, "--questions", questions, *asks)
        assert "the language model:" in printed
        given = ("--store", store, "--today", "2024-01-01", "--json")
        return rates(command("eval", few, *given, *asks))


@pytest.mark.usefixtures("quick_models")
def test_a_model_that_is_right_improves_the_answers(tmp_path: Path) -> None:
    found = calibrated(misleading(tmp_path), understanding)
    assert found["reader"]["right_answer_rate"] < 0.2
    assert found["model"]["right_answer_rate"] == 1
    assert found["both"]["right_answer_rate"] > 0.9


@pytest.mark.usefixtures("quick_models")
def test_a_useless_model_leaves_the_answers(store: Path) -> None:
    found = calibrated(store, always_last)
    fitted = Calibration.load(next(store.glob("calibration-*.json")))
    for name in ("pointed_first", "pointed_later", "same_words"):
        assert abs(fitted.rank[name]) < 0.5
        assert abs(fitted.confidence[name]) < 0.5
    assert found["model"]["right_answer_rate"] == 0
    for name in ("answered", "right", "right_answer_rate", "refusal_rate", "first_quote"):
        assert found["both"][name] == found["reader"][name]


@pytest.mark.usefixtures("quick_models")
def test_a_model_that_fails_is_not_calibrated(tmp_path: Path, store: Path) -> None:
    questions, out = write_questions(tmp_path / "q.jsonl", 5), tmp_path / "kept.json"
    out.write_text("kept", encoding="utf-8")
    given = ("--store", store, "--questions", questions, "--out", out)
    with LyingServer() as server:
        asks = ("--generator", server.url, "--generator-model", "busy")
        said = command("calibrate", *given, *asks, code=1)
    # Five with an answer, three of them again without it, two with another name, five without.
    assert "failed on 15 of 15 questions" in said
    assert "busy" in said
    assert out.read_text(encoding="utf-8") == "kept"


def test_a_prompt_that_was_sent_again_gets_its_answers_in_order(tmp_path: Path) -> None:
    said, prompt = tmp_path / "said.jsonl", Prompt("Wijs aan.", "Vraag: Wie?", 200)
    usage = {"prompt_tokens": None, "completion_tokens": None, "finish_reason": None}
    known = {"identity": "i", "model": "m", "host": "h", "prompt": prompt_hash(prompt), "said": ""}
    lines = [known | {"error": "busy", "status": 429}, known | {"said": "k7: Jan", "usage": usage}]
    said.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    replay = ReplayGenerator(said)
    with pytest.raises(GenerationError) as failure:
        replay.stream(prompt, until=0)
    assert (failure.value.kind, failure.value.status) == (FailureKind.BUSY, 429)
    assert [list(replay.stream(prompt, until=0)) for _ in range(2)] == [["k7: Jan"]] * 2


def test_a_question_on_which_the_model_fails_is_left_out(store: Path) -> None:
    questions = [FittingQuestion(question, answers) for question, answers in asked()[:4]]
    generations: list[Generation] = []
    with open_hashed(store) as assistant, LyingServer() as server:
        view = assistant.archive.view()
        assert view
        found = outcomes(
            view,
            Retriever(assistant.archive.encoder(), RetrievalSettings()),
            WordReader(),
            questions,
            consultant=Consultant.of(GeneratorSettings(server.url, model="dead")),
            generations=generations,
        )
    assert found == []
    assert [each.state for each in generations] == [GenerationState.FAILED] * 4


def test_more_questions_than_are_remembered_are_asked_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(GenerationMemory.__init__, "__defaults__", (3,))
    with LyingServer(script=knowing) as server:
        consultant = Consultant.of(GeneratorSettings(server.url, model="script"))
        experiment(write_archive(tmp_path / "in"), consultant).run()
    assert len(server.questions) == 16


@pytest.mark.usefixtures("quick_models")
def test_a_replay_of_another_file_says_what_is_missing(tmp_path: Path, store: Path) -> None:
    said = tmp_path / "said.jsonl"
    evaluate = ("--store", store, "--today", "2024-01-01")
    with LyingServer(script=knowing) as server:
        asks = ("--generator", server.url, "--generator-model", "script")
        few = write_questions(tmp_path / "few.jsonl", 2)
        command("eval", few, *evaluate, *asks, "--record", said)
    more = write_questions(tmp_path / "more.jsonl", 3)
    printed = command("eval", more, *evaluate, "--replay", said, code=1)
    assert "said.jsonl lacks what the model said to" in printed
    assert asked()[2][0] in printed
    assert "answers to 4 other prompts" in printed
    assert "--record" in printed


def test_a_replay_says_what_is_wrong(tmp_path: Path) -> None:
    questions = tmp_path / "q.jsonl"
    line = {"id": "1", "question": "Wie?", "answers": ["x"], "evidence": []}
    questions.write_text(json.dumps(line) + "\n", encoding="utf-8")
    other = tmp_path / "other.jsonl"
    other.write_text("{}\n", encoding="utf-8")
    run = CliRunner().invoke(app, ["eval", str(questions), "--replay", str(other)])
    assert run.exit_code == 2
    assert "is no record of a language model" in " ".join(run.output.split())


def test_a_record_is_never_written_over(tmp_path: Path) -> None:
    questions, record = tmp_path / "q.jsonl", tmp_path / "said.jsonl"
    line = {"id": "1", "question": "Wie?", "answers": ["x"], "evidence": []}
    questions.write_text(json.dumps(line) + "\n", encoding="utf-8")
    record.write_text("kept", encoding="utf-8")
    model = ["--generator", "http://127.0.0.1:9/v1", "--record", str(record)]
    run = CliRunner().invoke(app, ["eval", str(questions), *model])
    assert run.exit_code == 2
    assert "exists; name another file" in " ".join(run.output.split())
    assert record.read_text(encoding="utf-8") == "kept"
