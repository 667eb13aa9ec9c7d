from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from qa.errors import SettingsError, StoreNotFoundError
from qa.evaluation.archives import open_archive, with_stored_ids
from qa.evaluation.experiments import ArchiveExperiment, read_contexts
from qa.evaluation.questions import ArchiveQuestion, EvidencePlace, SpanQuestion, as_archive
from qa.evaluation.runs import Run, evidence_rank, holds, judge
from qa.evaluation.soak.stand_ins import HashEncoder, WordReader
from qa.evaluation.systems import Baseline, BaselineSystem, Quote, ReaderSystem, SystemAnswer
from qa.models.reader.reader import Span, Text

TODAY = date(2024, 1, 1)
TEXTS = {
    "brand": "De brand in Tiel verwoestte een loods. Er vielen twee gewonden.",
    "kaas": "De kaas uit Gouda won een prijs. De jury proefde 17 soorten.",
    "water": "Het water in de Waal staat hoog. De dijk bij Tiel houdt stand.",
}
QUESTION = ArchiveQuestion(
    id="q",
    question="Hoeveel soorten kaas proefde de jury?",
    answers=("17", "zeventien"),
    evidence=("17 soorten",),
    articles=("kaas",),
    kind="fact",
)
ABSENT = ArchiveQuestion(id="z", question="Wie won de Tour?", answers=(), kind="none")


def shown(*quotes: Quote, answer: str | None = None, confidence: float = 0.9) -> SystemAnswer:
    return SystemAnswer(answer, quotes, confidence, (), {"whole": 1.0})


def quote(text: str, article_id: str = "kaas") -> Quote:
    start = TEXTS[article_id].index(text)
    return Quote(text, article_id, start, start + len(text))


SOORTEN = quote("De jury proefde 17 soorten.")
PRIJS = quote("De kaas uit Gouda won een prijs.")


@pytest.mark.parametrize(
    ("found", "right", "scores"),
    [
        (shown(SOORTEN, answer="17 soorten"), True, {"exact_match": 0, "f1": 2 / 3}),
        (shown(PRIJS, answer="17"), True, {"citation_precision": 0, "citation_recall": 0}),
        (shown(SOORTEN, answer="Gouda"), False, {"first_quote": 1, "exact_match": 0}),
        (shown(SOORTEN), True, {"f1": 2 / 5, "exact_match": 0}),
        (shown(PRIJS, SOORTEN), False, {"citation_precision": 0.5, "citation_recall": 1}),
        (shown(confidence=0.1), False, {"refused_answerable": 1, "f1": 0, "citation_recall": 0}),
    ],
)
def test_answers_are_judged(found: SystemAnswer, right: bool, scores: dict[str, float]) -> None:
    outcome = judge(QUESTION, found)
    assert outcome.right is right
    assert outcome.scores["right_answer_rate"] == float(right)
    assert {name: outcome.scores[name] for name in scores} == pytest.approx(scores)
    assert "refusal_rate" not in outcome.scores


def test_a_question_without_an_answer_is_right_when_refused() -> None:
    refused = judge(ABSENT, shown(confidence=0.01))
    assert (refused.right, refused.scores["refusal_rate"]) == (True, 1)
    assert refused.scores["citation_precision"] is None
    answered = judge(ABSENT, shown(PRIJS, answer="Gouda"))
    assert (answered.right, answered.scores["refusal_rate"]) == (False, 0)
    assert answered.scores["citation_precision"] == 0
    assert not {"f1", "right_answer_rate"} & answered.scores.keys()


def test_only_an_article_that_answers_holds_the_answer() -> None:
    elsewhere = Quote("Er waren 17 soorten.", "water", 0, 20)
    assert not holds(QUESTION, elsewhere)
    assert holds(replace(QUESTION, articles=()), elsewhere)
    start = TEXTS["brand"].index("loods")
    placed = ArchiveQuestion(
        id="p",
        question="Wat brandde af?",
        answers=("lood",),  # no whole word of the quote, but there it stands
        articles=("brand",),
        place=EvidencePlace("brand", start, start + 4),
    )
    assert holds(placed, quote("De brand in Tiel verwoestte een loods.", "brand"))
    assert not holds(placed, quote("Er vielen twee gewonden.", "brand"))
    # A title has places of its own: its words count, not where they stand.
    assert not holds(placed, Quote("Er is een loods in Tiel verwoest", "brand", 0, 38, "title"))
    told = Quote("Jury proeft zeventien kazen", "kaas", 0, 27, "title")
    assert holds(QUESTION, told)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[Run]:
    return experiment(tmp_path_factory.mktemp("store"), [QUESTION, ABSENT]).run()


def experiment(
    folder: Path | None, questions: Sequence[ArchiveQuestion], threshold: float | None = None
) -> ArchiveExperiment:
    return ArchiveExperiment(
        questions=questions,
        folder=folder,
        articles=TEXTS,
        today=TODAY,
        baselines=tuple(Baseline),
        threshold=threshold,
        load_encoder=lambda _: HashEncoder(),
        load_reader=lambda _: WordReader(),
    )


def test_an_archive_is_asked_in_every_way(runs: list[Run]) -> None:
    assert [run.name for run in runs] == ["reader", "dense", "lexical", "hybrid", "sentence"]
    for run in runs:
        json.dumps(run.to_dict())
        first, second = run.outcomes
        assert (first.id, second.id) == ("q", "z")
        assert first.scores["recall@1"] == first.scores["mrr"] == 1
        assert "recall@1" not in second.scores
        assert run.summary.means["ndcg@10"] == 1
    baselines = {run.name: run.outcomes for run in runs[1:]}
    assert baselines["sentence"][0].quotes == (SOORTEN.text,)
    for name in ("dense", "lexical", "hybrid"):
        assert baselines[name][0].quotes == (TEXTS["kaas"],)
    for found in baselines.values():
        assert (found[0].right, found[0].answer) == (True, None)
    # No word of the other question stands in the archive; vectors always find something.
    assert not baselines["lexical"][1].answered or "won" in baselines["lexical"][1].quotes[0]
    assert baselines["dense"][1].answered


def test_the_stages_add_up_to_the_whole(runs: list[Run]) -> None:
    names = ["understand", "encode", "retrieve", "read", "compose", "rest", "whole"]
    for run in runs:
        taken = run.outcomes[0].ms
        assert list(taken) == names
        assert min(taken.values()) >= 0
        assert sum(taken.values()) == pytest.approx(2 * taken["whole"])
        assert (taken["encode"] == 0) is (run.name == "lexical")
        assert (taken["read"] > 0) is (run.name == "reader")
        assert taken["retrieve"] > 0


def test_only_the_reader_states_probabilities(runs: list[Run]) -> None:
    reader, *baselines = (run.summary for run in runs)
    assert (reader.expected_calibration_error is None) is (reader.answered == 0)
    for summary in baselines:
        assert (summary.expected_calibration_error, summary.bins) == (None, ())
        assert summary.aurc is not None


def test_the_threshold_decides_what_is_refused() -> None:
    everything = experiment(None, [QUESTION, ABSENT], threshold=0.0).run()[0]
    assert [each.answered for each in everything.outcomes] == [True, True]
    nothing = experiment(None, [QUESTION, ABSENT], threshold=1.0).run()[0]
    assert [each.answered for each in nothing.outcomes] == [False, False]
    assert nothing.summary.means["refusal_rate"] == 1
    assert nothing.summary.means["right_answer_rate"] == 0
    assert (nothing.summary.aurc, nothing.summary.curve) == (None, ())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in TEXTS.items():
        (tmp_path / "in" / "2023").mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / "2023" / f"{name}.txt").write_text(text)
    (tmp_path / "in" / "kopie.txt").write_text(TEXTS["kaas"])
    return tmp_path


@pytest.fixture
def opened(folder: Path) -> Iterator[tuple[ReaderSystem, BaselineSystem]]:
    with open_archive(
        folder / "store",
        articles=folder / "in",
        load_encoder=lambda _: HashEncoder(),
        load_reader=lambda _: WordReader(),
    ) as assistant:
        yield ReaderSystem(assistant, TODAY), BaselineSystem(assistant, Baseline.HYBRID)


def test_articles_are_named_by_id_file_or_copy(
    opened: tuple[ReaderSystem, BaselineSystem],
) -> None:
    system, _ = opened
    assistant = system.assistant
    stored = assistant.article("kopie")
    assert stored is not None
    for name in ("2023/kaas", "2023/kaas.txt", "kopie.txt"):
        (found,) = with_stored_ids([replace(QUESTION, articles=(name,))], assistant)
        assert found.articles == (stored.id,)
    known = replace(QUESTION, articles=("kopie.txt", "weg.txt"))
    assert with_stored_ids([known], assistant)[0].articles == (stored.id, "weg.txt")
    with pytest.raises(SettingsError, match=r"weg\.txt.*--articles"):
        with_stored_ids([replace(QUESTION, articles=("weg.txt",))], assistant)
    assert with_stored_ids([ABSENT], assistant) == [ABSENT]


def test_bounds_of_a_question_are_kept(opened: tuple[ReaderSystem, BaselineSystem]) -> None:
    undated = replace(QUESTION, selection={"since": date(2021, 1, 1), "until": date(2022, 1, 1)})
    elsewhere = replace(QUESTION, selection={"sources": ["een andere krant"]})
    for system in opened:
        assert len(system.answer(QUESTION).passages) == 3
        assert system.answer(undated).passages == ()
        assert system.answer(elsewhere).passages == ()


def test_the_rank_of_the_evidence(opened: tuple[ReaderSystem, BaselineSystem]) -> None:
    reader, system = opened
    (asked,) = with_stored_ids([replace(QUESTION, articles=("2023/kaas",))], reader.assistant)
    passages = system.answer(asked).passages
    assert len(passages) == 3
    assert evidence_rank(asked, passages) == 1
    assert evidence_rank(asked, passages[::-1]) == 3
    assert evidence_rank(replace(asked, evidence=()), passages) == 1
    assert evidence_rank(replace(asked, evidence=("18 soorten",)), passages) is None
    assert evidence_rank(replace(asked, articles=("2023/brand",)), passages) is None
    assert evidence_rank(ABSENT, passages) is None
    article = passages[0].article
    at = EvidencePlace(article.id, len(article.text) - 9, len(article.text))
    assert evidence_rank(replace(asked, evidence=("18",), place=at), passages) == 1


def test_archives_that_cannot_be_asked(tmp_path: Path) -> None:
    with pytest.raises(StoreNotFoundError), open_archive(tmp_path / "nergens"):
        pass
    (tmp_path / "in").mkdir()
    with (
        pytest.raises(SettingsError, match="is empty"),
        open_archive(tmp_path / "store", articles=tmp_path / "in"),
    ):
        pass
    (tmp_path / "in" / "kapot.jsonl").write_text("{")
    with (
        pytest.raises(SettingsError, match=r"1 of the articles.*kapot\.jsonl"),
        open_archive(tmp_path / "store", articles=tmp_path / "in"),
    ):
        pass


SPANS = [
    SpanQuestion("a", "Hoeveel soorten kaas proefde de jury?", TEXTS["kaas"], "17", 48, "kaas"),
    SpanQuestion("b", "Wat verwoestte de brand in Tiel?", TEXTS["brand"], "een loods", 28, "brand"),
    SpanQuestion("c", "Xyz?", TEXTS["water"], None, -1, "water"),
]


class KnowingReader:
    """Finds the last words it was told, with the probability it was told."""

    weights_hash = "knowing"

    def __init__(self, answers: dict[str, tuple[str, float]]) -> None:
        self.answers = answers
        self.seen: list[str] = []

    def read(self, question: str, texts: Sequence[Text], *, most: int = 1) -> list[Span]:
        del most
        words, answerable = self.answers[question]
        self.seen.append(texts[0].preface)
        start = texts[0].text.find(words)
        span = Span(0, start, start + len(words), words, 10 * answerable, answerable)
        return [span] if start >= 0 else []


def test_contexts_are_read_one_by_one() -> None:
    told = {
        SPANS[0].question: ("17 soorten", 0.9),
        SPANS[1].question: ("loods", 0.2),
        SPANS[2].question: ("iets anders", 0.9),
    }
    run = read_contexts(SPANS, load_reader=lambda _: KnowingReader(told))
    first, second, third = run.outcomes
    assert (first.right, first.answered, first.scores["exact_match"]) == (True, True, 0)
    assert first.scores["f1"] == pytest.approx(2 / 3)
    # The words are measured, also where the reader thinks that there are none.
    assert (second.right, second.answered, second.scores["exact_match"]) == (False, False, 1)
    assert second.scores["refused_answerable"] == 1
    assert (third.right, third.answer, third.scores["refusal_rate"]) == (True, None, 1)
    assert run.summary.means["exact_match"] == 0.5
    assert run.summary.expected_calibration_error is None
    assert set(first.ms) == {"read"}
    # Where it finds no words at all, it is surest that there is no answer.
    assert run.summary.separation == {"span": 1.0, "presence": 1.0}


def test_figures_of_contexts_by_kind() -> None:
    kinds = [("near",), ("near", "english"), ("absent", "near")]
    spans = [replace(each, kinds=words) for each, words in zip(SPANS, kinds, strict=True)]
    told = {
        SPANS[0].question: ("17", 0.2),
        SPANS[1].question: ("een loods", 0.9),
        SPANS[2].question: ("De dijk", 0.4),
    }
    reader = KnowingReader(told)
    titled = [replace(spans[0], preface="Kaas\n3 mei 2023"), *spans[1:]]
    kinds_found = read_contexts(titled, load_reader=lambda _: reader).summary.kinds
    assert reader.seen == ["Kaas\n3 mei 2023", "", ""]
    near = kinds_found["near"]
    assert (near.questions, near.separation) == (3, {"span": 0.5, "presence": 0.5})
    assert near.means["exact_match"] == 1
    assert (kinds_found["english"].questions, kinds_found["english"].separation) == (1, {})
    assert kinds_found["absent"].to_dict()["f1"] is None


def test_contexts_as_one_archive(tmp_path: Path) -> None:
    contexts, questions = as_archive(SPANS)
    made = replace(experiment(tmp_path / "store", questions[:1]), articles=contexts)
    reader, *_ = made.run()
    again, *_ = replace(made, articles=contexts).run()
    assert reader.outcomes[0].scores["recall@1"] == 1
    assert [each.answer for each in again.outcomes] == [each.answer for each in reader.outcomes]
