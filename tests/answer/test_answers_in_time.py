"""Questions about time, asked of a small archive in which a figure changes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from qa.answer.earlier_answers import History
from qa.answer.records import Answer
from qa.answer.value_records import AnswerValue, newest_word
from qa.assistant import Assistant
from qa.errors import SettingsError
from qa.question.period import PeriodKind
from qa.settings import AnswerSettings
from qa.text.phrases import phrase
from tests.conftest import open_hashed

TODAY = date(2023, 4, 10)
ARTICLES = [
    ("januari", "2022-01-10", "In het kamp wonen 300 vluchtelingen. Het is er koud."),
    ("maart", "2022-03-10", "In het kamp wonen 500 vluchtelingen. Vorige maand kwam er een bus."),
    ("april", "2022-04-02", "In het kamp wonen 500 vluchtelingen, zegt de wethouder."),
    ("juni", "2022-06-20", "De wethouder zei donderdag dat in het kamp 800 vluchtelingen wonen."),
    ("brug", "2022-06-21", "De brug over de rivier ging op 5 mei 2021 open voor verkeer."),
    ("zonder", None, "Ooit schreef iemand: hier wonen 900 vluchtelingen, in dat kamp."),
]
HOW_MANY = "Hoeveel vluchtelingen wonen er in het kamp?"


@pytest.fixture
def news(tmp_path: Path) -> Iterator[Assistant]:
    lines = [
        json.dumps({"id": name, "text": text} | ({"date": day} if day else {}))
        for name, day, text in ARTICLES
    ]
    (tmp_path / "news.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with open_hashed(tmp_path / "store") as assistant:
        assistant.ingest([tmp_path / "news.jsonl"])
        yield assistant


def cited(answer: Answer) -> set[str]:
    return {citation.article.id for citation in answer.citations}


def test_a_period_in_the_question_bounds_what_is_searched(news: Assistant) -> None:
    answer = news.ask("Hoeveel vluchtelingen woonden er in maart 2022 in het kamp?", today=TODAY)
    assert answer.applied_period.words == "maart 2022"
    assert {passage.article.id for passage in answer.passages} == {"maart"}
    assert answer.answer == "500"


def test_the_period_in_the_words_can_be_left_out(news: Assistant) -> None:
    question = "Hoeveel vluchtelingen woonden er in maart 2022 in het kamp?"
    answer = news.ask(question, today=TODAY, period_from_words=False)
    assert answer.applied_period.kind is PeriodKind.NONE
    assert len({passage.article.id for passage in answer.passages}) > 1


def test_what_speaks_of_the_period_answers_if_nothing_in_it_does(news: Assistant) -> None:
    answer = news.ask("Welke brug over de rivier ging open in mei 2021?", today=TODAY)
    assert cited(answer) == {"brug"}


def test_words_cost_no_passage_that_speaks_of_the_period(news: Assistant) -> None:
    question = "Welke brug over de rivier ging open op 5 mei 2021 of in januari 2022?"
    plain = news.ask(question, today=TODAY, period_from_words=False)
    answer = news.ask(question, today=TODAY)
    assert answer.applied_period.kind is PeriodKind.STATED
    assert "brug" in {passage.article.id for passage in plain.passages}
    assert "brug" in {passage.article.id for passage in answer.passages}


def test_a_named_day_finds_what_the_next_paper_says(news: Assistant) -> None:
    question = "Hoeveel vluchtelingen woonden er op 9 maart 2022 in het kamp?"
    answer = news.ask(question, today=TODAY)
    assert [passage.article.id for passage in answer.passages] == ["maart"]
    assert answer.answer == "500"


def test_the_paper_of_a_day_is_that_paper_only(news: Assistant) -> None:
    question = "Hoeveel vluchtelingen wonen er in het kamp volgens de krant van {}?"
    own = news.ask(question.format("10 maart 2022"), today=TODAY)
    assert {passage.article.id for passage in own.passages} == {"maart"}
    earlier = news.ask(question.format("9 maart 2022"), today=TODAY)
    assert earlier.abstained


@pytest.mark.parametrize("period", ["", " in maart 2022"])
def test_who_is_named_in_the_archive_is_not_denied(
    news: Assistant, tmp_path: Path, period: str
) -> None:
    text = "Ludo Merckx leidde het bedrijf toen al jaren."
    (tmp_path / "ludo.jsonl").write_text(
        json.dumps({"id": "ludo", "text": text, "date": "2022-09-01"}), encoding="utf-8"
    )
    news.ingest([tmp_path / "ludo.jsonl"])
    asked = f"Hoeveel blauwe paarden en gouden pennen bezat Ludo Merckx{period}?"
    silent = Assistant(news.archive, answers=AnswerSettings(threshold=1.0))
    answer = silent.ask(asked, today=TODAY)
    assert answer.reason == phrase("no_answer", "nl")
    assert "ludo" in {passage.article.id for passage in answer.passages}
    other = silent.ask(f"Hoeveel blauwe paarden en gouden pennen bezat hij{period}?", today=TODAY)
    assert other.reason == phrase("nothing_near", "nl")


def test_what_lies_outside_is_offered_with_its_dates(news: Assistant) -> None:
    answer = news.ask("Hoeveel vluchtelingen wonen er in het kamp in augustus 2022?", today=TODAY)
    assert answer.abstained
    assert answer.reason == phrase("before_period", "nl")
    assert {passage.article.published.first for passage in answer.passages} > {date(2022, 6, 20)}


IN = HOW_MANY.replace("kamp?", "kamp in {}?")


@pytest.mark.parametrize(
    ("question", "bounds", "told", "seen"),
    [
        (IN.format("augustus 2022"), {}, "before_period", {"januari", "juni"}),
        (IN.format("januari 2021"), {}, None, set()),  # before the archive: no bound
        (IN.format("mei 2022"), {}, "outside_period", {"april", "juni"}),
        (IN.format("mei 2022"), {"as_of": date(2022, 6, 19)}, "before_period", {"april"}),
        (HOW_MANY, {"until": date(2021, 12, 31)}, "after_period", set()),
        (HOW_MANY, {"since": date(2022, 7, 1)}, "before_period", set()),
        # As of a day: what is later is not offered, nor even told of.
        (
            HOW_MANY,
            {"until": date(2021, 12, 31), "as_of": date(2022, 1, 9)},
            "none_selected",
            set(),
        ),
        (IN.format("februari 2022"), {"as_of": date(2022, 2, 28)}, "before_period", {"januari"}),
        (IN.format("februari 2022"), {"as_of": date(2022, 3, 31)}, None, {"maart"}),
        (IN.format("juni 2022"), {"as_of": date(2022, 3, 1)}, "ahead_of_day", {"januari"}),
        (
            HOW_MANY,
            {"since": date(2022, 6, 1), "as_of": date(2022, 3, 1)},
            "ahead_of_day",
            set(),
        ),
        (HOW_MANY, {"since": date(2022, 6, 1), "as_of": date(2022, 1, 1)}, "none_selected", set()),
    ],
)
def test_an_answer_outside_the_period_is_told_as_it_lies(
    news: Assistant, question: str, bounds: dict[str, date], told: str | None, seen: set[str]
) -> None:
    answer = news.ask(question, today=TODAY, **bounds)  # type: ignore[arg-type]
    assert answer.reason == (phrase(told, "nl") if told else None)
    articles = {passage.article.id: passage.article for passage in answer.passages}
    assert seen <= set(articles)
    latest = bounds.get("as_of", date.max)
    assert all((each.published.last or date.max) <= latest for each in articles.values())


def test_given_bounds_are_strict(news: Assistant) -> None:
    answer = news.ask("Welke brug ging open?", since=date(2021, 5, 1), until=date(2021, 5, 31))
    assert answer.abstained


@pytest.mark.parametrize(
    ("day", "there"), [(date(2022, 1, 9), 0), (date(2022, 3, 10), 2), (date(2022, 6, 19), 3)]
)
def test_nothing_is_seen_that_appeared_later(news: Assistant, day: date, there: int) -> None:
    for question in (HOW_MANY, "Wat is het laatste nieuws over het kamp?", "Welke brug ging open?"):
        answer = news.ask(question, as_of=day, today=TODAY)
        seen = [each.article for each in answer.passages]
        assert len(seen) == there
        for article in [*seen, *(each.article for each in answer.citations)]:
            assert article.published.last is not None
            assert article.published.last <= day
        assert answer.as_of == day
    lasts = [each.article.published.last for each in news.search(HOW_MANY, as_of=day)]
    assert len(lasts) == there
    assert all(last and last <= day for last in lasts)


def test_values_stand_in_the_order_of_time_with_the_newest_marked(news: Assistant) -> None:
    answer = news.ask(HOW_MANY)
    dated = [value for value in answer.values if value.first]
    assert [value.value for value in dated] == ["300", "500", "800"]
    assert [value.newest for value in answer.values] == [False, False, True, False]
    assert answer.values[-1].first is None
    assert all(value.citations for value in answer.values)
    assert not any(value.agrees for value in answer.values if value.value in {"300", "500"})
    assert "300 (10 januari 2022)" in answer.text
    # One more is of unknown date, and may be newer.
    assert "800 (20 juni 2022, nieuwste vermelde datum)" in answer.text


@pytest.mark.parametrize(
    ("last", "inferred", "word"),
    [
        (date(2022, 5, 1), False, "newest"),
        (date(2022, 5, 1), True, "newest"),
        (date(2022, 7, 1), True, "newest_stated"),
        (None, False, "newest_stated"),
    ],
)
def test_the_newest_is_called_so_only_where_nothing_can_be_newer(
    last: date | None, inferred: bool, word: str
) -> None:
    day = date(2022, 6, 20)
    newest = AnswerValue("800", day, day, False, (1,), newest=True, agrees=True)
    other = AnswerValue("300", last, last, inferred, (2,), newest=False, agrees=False)
    assert newest_word(newest, [other, newest]) == word
    assert newest_word(other, [other, newest]) is None


def test_the_latest_comes_first_where_it_is_asked_for(news: Assistant) -> None:
    answer = news.ask("Wat is de meest recente stand: hoeveel vluchtelingen wonen in het kamp?")
    assert answer.applied_period.order == "latest"
    assert answer.citations[0].article.id == "juni"


def test_dates_in_a_quote_are_resolved_against_its_article(news: Assistant) -> None:
    answer = news.ask("Welke wethouder zei wat over vluchtelingen?", since=date(2022, 6, 1))
    [citation] = answer.citations
    [found] = citation.dates
    text = citation.article.text
    assert text[found.start : found.end] == found.text == "donderdag"
    assert found.range.first == found.range.last == date(2022, 6, 16)
    assert answer.to_dict()["citations"][0]["dates"] == [
        {"text": "donderdag", "start": 17, "end": 26, "first": "2022-06-16", "last": "2022-06-16"}
    ]


def test_a_follow_up_takes_along_what_it_leans_on(news: Assistant) -> None:
    question = "Hoeveel vluchtelingen woonden er in maart 2022 in het kamp?"
    answer = news.ask("En in juni?", history=[question], today=TODAY)
    assert answer.question == "En in juni?"
    assert answer.standalone is not None
    assert answer.standalone.leans
    assert answer.date_range is not None
    assert answer.date_range.first == date(2022, 6, 1)
    assert cited(answer) == {"juni"}


def test_an_answer_is_an_earlier_turn_with_all_that_it_was_asked(news: Assistant) -> None:
    question = "Hoeveel vluchtelingen woonden er in maart 2022 in het kamp?"
    first = news.ask(question, today=TODAY)
    second = news.ask("En in juni?", history=first, today=TODAY)
    as_pair = news.ask("En in juni?", history=[(question, first.answer)], today=TODAY)
    assert second.standalone == as_pair.standalone
    assert cited(second) == {"juni"}
    # The second one alone tells what it was completed with; the other turns are not needed.
    expected = news.ask("En in maart?", history=[question, "En in juni?"], today=TODAY).standalone
    histories: tuple[History, ...] = (second, [second], [first, second], [question, second])
    for history in histories:
        third = news.ask("En in maart?", history=history, today=TODAY)
        assert third.standalone == expected
        assert third.standalone is not None
        assert third.standalone.leans


def test_an_answer_without_a_short_answer_is_not_asked_for_again(
    news: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = replace(news.ask(HOW_MANY, today=TODAY), answer=None, standalone=None)
    asked = []
    begin = type(news).begin

    def noted(self: Assistant, question: str, **how: Any) -> Any:
        asked.append(question)
        return begin(self, question, **how)

    monkeypatch.setattr(type(news), "begin", noted)
    news.ask("En in juni?", history=first, today=TODAY)
    assert asked == ["En in juni?"]
    long = replace(first, answer="woord " * 1000)
    assert news.ask("En in juni?", history=long, today=TODAY).standalone is not None


def test_a_question_that_does_not_lean_is_left_as_it_is(news: Assistant) -> None:
    answer = news.ask("Welke brug over de rivier ging open?", history=[HOW_MANY, "En in juni?"])
    assert answer.standalone is not None
    assert answer.standalone.question == answer.question
    assert cited(answer) == {"brug"}


@pytest.mark.parametrize("history", ["Wie?", 3, [3], [("Wie?", 3)], [()], [""], None])
def test_a_history_of_the_wrong_shape_is_refused(news: Assistant, history: object) -> None:
    with pytest.raises(SettingsError):
        news.ask("En toen?", history=history)  # type: ignore[arg-type]


def test_an_unknown_selection_is_refused(news: Assistant) -> None:
    with pytest.raises(SettingsError, match="sinds"):
        news.ask("Wie?", sinds=date(2022, 1, 1))  # type: ignore[call-arg]
