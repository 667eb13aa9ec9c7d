from __future__ import annotations

import json
import re
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest

from qa.answer.values import same_value
from qa.assistant import Assistant
from qa.errors import SettingsError, StoreNotFoundError
from qa.evaluation.soak.stand_ins import HashEncoder, WordReader
from qa.models.loading import Models
from qa.models.reader.reader import Span, Text
from tests.conftest import open_hashed
from tests.paths import DATA, SEEDS

QUESTIONS = DATA / "seed_questions.jsonl"


def test_answer_with_exact_dated_quotes(seed_assistant: Assistant) -> None:
    answer = seed_assistant.ask("Welke bijnaam kreeg Sergej Soerovikin?")
    assert not answer.abstained
    assert answer.answer == "Generaal Armageddon"
    assert answer.text.startswith("Generaal Armageddon [1]")
    assert "Volgens “" in answer.text
    assert answer.citations[0].number == 1
    assert "[1]" in answer.text
    for citation in answer.citations:
        stored = seed_assistant.article(citation.article.id)
        assert stored is not None
        assert getattr(stored, citation.field)[citation.start : citation.end] == citation.quote
        assert f"“{citation.quote}” [{citation.number}]" in answer.text
        found = stored.text[citation.answer_start : citation.answer_end]
        assert found
        assert found in citation.quote
        assert citation.agrees == same_value(found, answer.answer, "nl")


def test_every_quote_is_exact(seed_assistant: Assistant) -> None:
    articles = {article.id: article for article in seed_assistant.articles()}
    answered = 0
    for line in QUESTIONS.read_text(encoding="utf-8").splitlines()[::2]:  # 48; takes a minute
        answer = seed_assistant.ask(json.loads(line)["question"])
        answered += not answer.abstained
        assert answer.passages
        assert answer.abstained == (not answer.citations)
        for citation in answer.citations:
            quoted = getattr(articles[citation.article.id], citation.field)
            assert quoted[citation.start : citation.end] == citation.quote
        for passage in answer.passages:
            chunk = passage.chunk
            assert articles[passage.article.id].text[chunk.start : chunk.end] == chunk.text
    assert answered >= 22


def test_dates_are_told_as_precisely_as_they_are_known(seed_assistant: Assistant) -> None:
    answer = seed_assistant.ask(
        "Welk bedrijf maakte satellietbeelden?", since=date(2021, 12, 1), until=date(2021, 12, 31)
    )
    assert "(december 2021)" in answer.text
    inferred = seed_assistant.ask("Hoeveel levens kostte de burgeroorlog in Oost-Oekraïne?")
    assert re.search(r"\(≈ [^)]*2022", inferred.text)
    english = seed_assistant.ask("How long did Putin and Macron meet in the Kremlin?")
    assert "(date unknown)" in english.text
    assert "According to “" in english.text


def test_a_period_holds_for_all_that_is_shown(seed_assistant: Assistant) -> None:
    answer = seed_assistant.ask("Wat zei Poetin?", since=date(2023, 1, 1), until=date(2023, 12, 31))
    assert {passage.article.id for passage in answer.passages} == {"003_25c24ee5ade538df"}
    assert answer.to_dict()["date_range"] == ["2023-01-01", "2023-12-31"]


def test_abstains_with_a_reason(seed_assistant: Assistant) -> None:
    off_topic = seed_assistant.ask("Wie regisseerde de film Oppenheimer?")
    assert off_topic.abstained
    assert off_topic.citations == ()
    assert off_topic.text.startswith("Dit staat niet in het archief.")
    assert off_topic.passages  # the nearest, offered as no more than that
    since, until = date(1990, 1, 1), date(1990, 2, 1)
    outside = seed_assistant.ask("Who directed Oppenheimer?", since=since, until=until)
    assert outside.abstained
    assert outside.text.startswith("No answer in this selection.")
    assert outside.passages == ()
    later = seed_assistant.ask("What did Putin say?", since=since, until=until)
    assert later.text.startswith("No answer in the chosen period. An answer appeared after")
    assert (later.abstained, later.passages) == (True, ())


@pytest.mark.parametrize(
    "question",
    [
        "Geef een overzicht",  # of something there always is one
        "Wat zei Poetin over de bijen?",  # he is quoted, on other matters
    ],
)
def test_no_answer_of_another_time_is_told_of_unless_there_is_one(
    seed_assistant: Assistant, question: str
) -> None:
    answer = seed_assistant.ask(question, since=date(1990, 1, 1), until=date(1990, 2, 1))
    assert answer.abstained
    assert "wel een antwoord" not in answer.text


def test_an_empty_archive_says_so(assistant: Assistant) -> None:
    answer = assistant.ask("Wie is Poetin?")
    assert answer.abstained
    assert answer.reason == "Het archief is leeg."
    assert assistant.search("Poetin") == []


def test_same_fingerprint_same_answer(seed_assistant: Assistant) -> None:
    question = "Welke bijnaam kreeg Soerovikin?"
    one, two = seed_assistant.ask(question), seed_assistant.ask(question)
    assert one.fingerprint == two.fingerprint
    assert (one.text, one.citations, one.passages) == (two.text, two.citations, two.passages)


def test_the_fingerprint_changes_with_the_archive_and_the_settings(
    store_path: Path, tmp_path: Path
) -> None:
    with open_hashed(store_path) as assistant:
        assistant.ingest([SEEDS])
        before = assistant.ask("Poetin?").fingerprint
        (tmp_path / "nieuw.txt").write_text("Poetin was er ook bij.")
        assistant.ingest([tmp_path / "nieuw.txt"])
        assert assistant.ask("Poetin?").fingerprint != before
    with Assistant.open(store_path, threshold=0.5, models=assistant.archive.models) as other:
        assert other.ask("Poetin?").fingerprint not in ("", before)


def test_asking_from_many_threads(seed_assistant: Assistant) -> None:
    questions = ["Wie is Gorman?", "Wat zei Poetin?", "Welke tanks kwamen aan?"] * 4
    alone = {question: seed_assistant.ask(question).citations for question in questions[:3]}
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(seed_assistant.ask, questions))
    assert all(answer.citations == alone[answer.question] for answer in answers)


def test_json_shape(seed_assistant: Assistant) -> None:
    answer = seed_assistant.ask("Welke bijnaam kreeg Soerovikin?").to_dict()
    assert list(answer) == [
        "question",
        "answer",
        "text",
        "abstained",
        "reason",
        "confidence",
        "date_range",
        "applied_period",
        "as_of",
        "standalone",
        "misspellings",
        "values",
        "count",
        "clusters",
        "articles",
        "kind",
        "lead",
        "computed",
        "withheld",
        "also_in",
        "generation",
        "language",
        "selection",
        "fingerprint",
        "citations",
        "passages",
        "seconds",
        "stages",
    ]
    assert set(answer["citations"][0]) == {
        "number",
        "article_id",
        "title",
        "source",
        "url",
        "author",
        "published",
        "quote",
        "start",
        "end",
        "answer_start",
        "answer_end",
        "agrees",
        "dates",
        "field",
        "page",
        "pointed",
    }
    assert set(answer["citations"][0]["published"]) == {
        "first",
        "last",
        "precision",
        "provenance",
    }
    assert set(answer["passages"][0]) == {
        "chunk_id",
        "article_id",
        "title",
        "published",
        "start",
        "end",
        "text",
        "score",
        "dense",
        "lexical",
        "rank",
    }
    assert json.loads(json.dumps(answer)) == answer


@pytest.mark.parametrize(
    "question",
    [
        "Welke bijnaam kreeg Soerovikin?",
        "Wat zei Poetin?",
        "Geef een overzicht van de oorlog in Oekraïne",
        "Wie is Kamala Harris?",
        "Wie regisseerde de film Oppenheimer?",
        "hallo",
    ],
)
def test_the_stages_of_an_answer_are_within_its_time(
    seed_assistant: Assistant, question: str
) -> None:
    answer = seed_assistant.ask(question)
    stages = asdict(answer.stages)
    assert min(stages.values()) >= 0
    assert 0.8 * answer.seconds * 1000 < sum(stages.values()) <= answer.seconds * 1000
    if answer.passages:
        assert min(ms for stage, ms in stages.items() if stage != "generate") > 0
    told = answer.to_dict()["stages"]
    assert told == pytest.approx(stages, abs=0.001)
    assert list(told) == list(stages)


class SlowReader(WordReader):
    """Takes 20 milliseconds to read, and counts how often it does."""

    def __init__(self) -> None:
        self.times = 0

    def read(self, question: str, texts: Sequence[Text], *, most: int = 1) -> list[Span]:
        self.times += 1
        time.sleep(0.02)
        return super().read(question, texts, most=most)


@pytest.mark.parametrize(
    ("question", "how", "times"),
    [
        ("Hoeveel schapen ontsnapten er in Tiel?", {}, 1),
        ("En in Zutphen?", {"history": ["Hoeveel schapen ontsnapten er in Tiel?"]}, 2),
        ("Hoeveel schapen ontsnapten er in Tiel in mei 2023?", {}, 2),
    ],
)
def test_what_is_done_again_adds_to_its_stage(
    store_path: Path, tmp_path: Path, question: str, how: dict[str, object], times: int
) -> None:
    texts = {
        "2022-03-08": "In Tiel ontsnapten 40 schapen van de dijk.",
        "2022-03-09": "In Zutphen ontsnapten 12 schapen.",
        "2023-05-10": "De bakker op het plein sluit zijn deuren.",
    }
    lines = [json.dumps({"id": day, "date": day, "text": text}) for day, text in texts.items()]
    (tmp_path / "krant.jsonl").write_text("\n".join(lines))
    reader = SlowReader()
    models = Models(load_encoder=lambda _: HashEncoder(), load_reader=lambda _: reader)
    with Assistant.open(store_path, create=True, models=models) as assistant:
        assistant.ingest([tmp_path / "krant.jsonl"])
        answer = assistant.ask(question, **how)  # type: ignore[arg-type]
    assert reader.times == times
    assert 20 * reader.times <= answer.stages.read <= answer.seconds * 1000
    assert sum(asdict(answer.stages).values()) <= answer.seconds * 1000


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"question": "  "}, "empty"),
        ({"question": "?! 😀"}, "no words"),
        ({"question": "x" * 2001}, "2001 characters"),
        ({"question": "Wie?", "limit": 0}, "limit"),
        ({"question": "\ud800 Poetin"}, "Unicode"),
        ({"question": None}, "must be text"),
        ({"question": "Wie?", "limit": "8"}, "limit"),
        ({"question": "Wie?", "since": "2021"}, "datetime.date"),
        ({"question": "Wie?", "since": date(2022, 1, 1), "until": date(2021, 1, 1)}, "period"),
    ],
)
def test_wrong_questions(assistant: Assistant, wrong: dict[str, object], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        assistant.ask(**wrong)  # type: ignore[arg-type]


def test_an_answer_comes_in_steps(seed_assistant: Assistant) -> None:
    question = "In welke landen heeft de VS kernwapens staan volgens Poetin?"
    answer = seed_assistant.ask(question, limit=3)
    events = list(seed_assistant.ask_stream(question, limit=3))
    shown = len(answer.citations)
    assert [event.kind for event in events] == ["retrieved", *["partial"] * shown, "final"]
    assert events[0].passages == answer.passages
    for count, event in enumerate(events[1:-1], start=1):
        assert (event.text, event.citations) == (answer.answer, answer.citations[:count])
    last = events[-1].answer
    assert last is not None
    assert (last.text, last.citations) == (answer.text, answer.citations)
    assert [event.to_dict()["event"] for event in events] == [event.kind for event in events]


def test_a_stream_fails_as_the_answer_does(assistant: Assistant) -> None:
    with pytest.raises(SettingsError, match="empty"):
        next(assistant.ask_stream(" "))
    kinds = [event.kind for event in assistant.ask_stream("Wie?")]
    assert kinds == ["retrieved", "final"]


def test_wrong_settings(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="unknown settings: kleur"):
        Assistant.open(tmp_path, kleur="rood")
    with pytest.raises(SettingsError, match="lexical_weight"):
        Assistant.open(tmp_path, lexical_weight=3)
    with pytest.raises(StoreNotFoundError, match="dateline ingest"):
        Assistant.open(tmp_path / "niets")


def test_remove(assistant: Assistant) -> None:
    assistant.ingest([SEEDS])
    assert any("Soerovikin" in p.chunk.text for p in assistant.search("Soerovikin", limit=50))
    assert assistant.remove("004_506d58b1fd2a89ee")
    assert not assistant.remove("004_506d58b1fd2a89ee")
    assert assistant.article("004_506d58b1fd2a89ee") is None
    others = assistant.search("Soerovikin", limit=50)
    assert others
    assert not any("Soerovikin" in p.chunk.text for p in others)
    assert assistant.check() == []


def test_hostile_text_is_quoted_as_it_is(assistant: Assistant, tmp_path: Path) -> None:
    hostile = "Poetin zei {0} {quote} ${1+1} <script>alert(1)</script> %s \\u0041 \u202e\U0001f9ea."
    (tmp_path / "x.txt").write_text(hostile, encoding="utf-8")
    assistant.ingest([tmp_path / "x.txt"])
    answer = assistant.ask("Wat zei Poetin?")
    assert answer.citations[0].quote == hostile
    assert f"“{hostile}”" in answer.text


@pytest.mark.parametrize("question", ["<script>alert(1)</script>", "*1", "asdf qwer"])
def test_an_answer_is_never_blank(seed_assistant: Assistant, question: str) -> None:
    answer = seed_assistant.ask(question)
    assert answer.text
    assert answer.abstained == (answer.reason is not None) == (not answer.citations)
