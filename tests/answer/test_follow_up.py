"""A language model that completes a follow-up: what it may add, and when it is asked at all."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from qa.answer.consultation import Consultant
from qa.answer.drafting import make_whole_question_prompt
from qa.answer.follow_up import FollowUpCompletion
from qa.answer.interpretation import understood
from qa.answer.records import Answer
from qa.assistant import Assistant
from qa.models.generator import GeneratorSettings
from tests.lying_answers import Answering
from tests.lying_server import LIES, LyingServer, ServedRequest

HISTORY = [("Wat gebeurde er?", "de dijk brak bij Waterdam")]
QUESTION = "Hoeveel kostte dat?"
WHOLE = "Hoeveel kostte de dijk bij Waterdam?"
TEXT = "De dijk bij Waterdam kostte 300.000 euro. De brug van Gent kostte 70.000 euro."


@pytest.fixture
def dikes(assistant: Assistant, tmp_path: Path) -> Assistant:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "dijk.txt").write_text(TEXT, encoding="utf-8")
    assistant.ingest([folder])
    return assistant


@contextmanager
def asking(
    assistant: Assistant, server: LyingServer, model: str = "script", seconds: float = 60
) -> Iterator[Assistant]:
    given = GeneratorSettings(server.url, model=model, timeout=seconds)
    assistant.consultant = Consultant.of(given)
    try:
        yield assistant
    finally:
        assistant.consultant = None


def is_about_follow_up(request: ServedRequest) -> bool:
    return "Nieuwe vraag: " in request.text or "New question: " in request.text


def completing(line: str) -> Callable[[ServedRequest], str]:
    """Return a script that completes follow-ups with a line, and points at no sentence."""
    return lambda request: line if is_about_follow_up(request) else "0"


def completions(server: LyingServer) -> list[ServedRequest]:
    return [request for request in server.questions if is_about_follow_up(request)]


def ask_with(assistant: Assistant, line: str, **how: object) -> Answer:
    """Ask the follow-up of a model that says this line, and check that it was asked once."""
    with LyingServer(script=completing(line)) as server, asking(assistant, server):
        answer = assistant.ask(QUESTION, history=HISTORY, **how)  # type: ignore[arg-type]
        assert len(completions(server)) == 1
    return answer


def test_a_model_completes_what_rules_cannot(dikes: Assistant) -> None:
    before = dikes.ask(QUESTION, history=HISTORY)
    assert before.standalone
    assert (before.standalone.question, before.standalone.by) == (QUESTION, "rules")
    answer = ask_with(dikes, WHOLE)
    assert answer.standalone
    assert answer.standalone.question == WHOLE
    assert answer.standalone.leans
    assert answer.standalone.carried == ("dijk", "Waterdam")
    assert answer.to_dict()["standalone"]["by"] == "model"
    assert answer.fingerprint != before.fingerprint
    assert answer.citations[0].quote == "De dijk bij Waterdam kostte 300.000 euro."


def test_a_person_reads_that_the_model_completed_it(dikes: Assistant) -> None:
    answer = ask_with(dikes, WHOLE)
    (line, *_) = understood(answer)
    assert line == f"Opgevat als: {WHOLE} (aangevuld door het taalmodel)"


def test_an_english_follow_up_is_completed_in_english(dikes: Assistant) -> None:
    history = [("What happened there?", "the dike of Waterdam broke")]
    line = "How much did the dike of Waterdam cost?"
    with LyingServer(script=completing(line)) as server, asking(dikes, server):
        answer = dikes.ask("How much did it cost?", history=history)
        assert completions(server)[0].text.endswith("New question: How much did it cost?")
    assert answer.standalone
    assert answer.standalone.question == line


def test_only_the_conversation_is_sent(dikes: Assistant) -> None:
    history = [*HISTORY, ("En toen?", "Waterdam " * 60)]  # too long for a short answer of ours
    with LyingServer(script=completing("0")) as server, asking(dikes, server):
        dikes.ask(QUESTION, history=history)
        (sent,) = completions(server)
    assert sent.text == (
        "Vraag: Wat gebeurde er?\nAntwoord: de dijk brak bij Waterdam\nVraag: En toen?\n"
        "Nieuwe vraag: Hoeveel kostte dat?"
    )
    assert sent.body["max_tokens"] == 60
    assert "response_format" not in sent.body


def test_a_line_break_begins_no_line_of_the_conversation() -> None:
    history = [("Wat\ngebeurde er?", "de dijk\nbrak")]
    prompt = make_whole_question_prompt("Hoeveel\nkostte dat?", history)
    assert prompt.text.splitlines() == [
        "Vraag: Wat gebeurde er?",
        "Antwoord: de dijk brak",
        "Nieuwe vraag: Hoeveel kostte dat?",
    ]


def test_thoughts_are_heard_only_so_far(dikes: Assistant) -> None:
    for count, question in ((100, WHOLE), (400, QUESTION)):
        answer = ask_with(dikes, f"<think>{'nou ja ' * count}</think>\n{WHOLE}")
        assert answer.standalone
        assert answer.standalone.question == question


def test_a_line_that_the_server_cut_off_does_not_count(
    dikes: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(answering: Answering) -> None:
        answering.start()
        answering.piece(WHOLE if is_about_follow_up(answering.request) else "0")
        answering.end("length")

    monkeypatch.setitem(LIES, "cut-in-line", cut)
    with LyingServer() as server, asking(dikes, server, "cut-in-line"):
        answer = dikes.ask(QUESTION, history=HISTORY)
        assert len(completions(server)) == 1
    assert answer.standalone
    assert answer.standalone.question == QUESTION


def test_no_answer_is_sent_if_some_sources_may_not_be(dikes: Assistant) -> None:
    with LyingServer(script=completing(WHOLE)) as server, asking(dikes, server):
        assert dikes.consultant
        dikes.consultant = Consultant(dikes.consultant.generator, 60, ("De Courant",))
        dikes.ask(QUESTION, history=HISTORY)
        assert "Waterdam" not in completions(server)[0].text


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("Hoeveel kostte de dijk bij Gent?", id="a name nobody said"),
        pytest.param("Hoeveel kostte de dijk van IS?", id="a name like a function word"),
        pytest.param("Hoeveel kostte de Dam?", id="a part of a name"),
        pytest.param("Hoeveel kostte de dijk bij Waterdam in 1953?", id="a number"),
        pytest.param("Hoeveel kostten twee dijken bij Waterdam?", id="a number in words"),
        pytest.param("Hoeveel kostte de brug bij Waterdam?", id="a noun nobody said"),
        pytest.param("Hoeveel kostte de dijk niet?", id="a denial"),
        pytest.param("Wie brak de dijk bij Waterdam?", id="another question"),
        pytest.param("Hoeveel kostte dat?", id="nothing new"),
        pytest.param("**Hoeveel kostte de dijk?**", id="markup"),
        pytest.param("Hoeveel kostte <b>de dijk</b>?", id="tags"),
        pytest.param("k7: Hoeveel kostte de dijk?", id="an id"),
        pytest.param("Hoeveel kostte de dijk\u202e?", id="a hidden sign"),
        pytest.param("Hoeveel kostte de d\u0456jk?", id="a letter of another script"),
        pytest.param("Hoeveel kostte de dijk?\nDe dijk brak.", id="two lines"),
        pytest.param("<think>Hoeveel kostte de dijk?", id="thoughts without an end"),
        pytest.param(f"{WHOLE} <think>Of niet?", id="a line before such thoughts"),
        pytest.param("Hoeveel kostte de dijk bij", id="half a line"),
        pytest.param("How much did the dijk cost?", id="another language"),
        pytest.param("Hoeveel kostte de dijk" + " bij Waterdam" * 30 + "?", id="too long"),
        pytest.param("Hoeveel kostte de dijk? " * 200, id="far too long"),
        pytest.param("0", id="not clear"),
        pytest.param("", id="nothing"),
    ],
)
def test_a_line_that_nobody_said_leaves_the_question(dikes: Assistant, line: str) -> None:
    before = dikes.ask(QUESTION, history=HISTORY)
    answer = ask_with(dikes, line)
    assert answer.standalone == before.standalone
    assert answer.citations == before.citations


@pytest.mark.parametrize(
    "line", [f"<think>De brug?\nJa.</think>\n{WHOLE}", f"De brug?</think>{WHOLE}", f"“{WHOLE}”\n"]
)
def test_thoughts_and_quotation_marks_around_a_line_go(dikes: Assistant, line: str) -> None:
    answer = ask_with(dikes, line)
    assert answer.standalone
    assert answer.standalone.question == WHOLE


@pytest.mark.parametrize("lie", ["busy", "dead", "html", "no-choices", "unknown-model"])
def test_no_failure_changes_the_question(dikes: Assistant, lie: str) -> None:
    with LyingServer() as server, asking(dikes, server, lie, seconds=4):
        answer = dikes.begin(QUESTION, history=HISTORY).answer
    assert answer.standalone
    assert (answer.standalone.question, answer.standalone.by) == (QUESTION, "rules")


def test_a_slow_model_is_left_after_a_quarter_of_its_time(dikes: Assistant) -> None:
    with LyingServer() as server, asking(dikes, server, "drip", seconds=2):
        dikes.begin("Wie?", use_generator=False)  # loads what is loaded once
        for _ in range(4):
            started = time.monotonic()
            answer = dikes.begin(QUESTION, history=HISTORY).answer
            assert time.monotonic() - started < 1.5
        assert len(server.questions) == 4  # being slow is no failure: the server does not rest
    assert answer.standalone
    assert answer.standalone.by == "rules"


def test_completing_takes_from_the_time_of_the_model(dikes: Assistant) -> None:
    with LyingServer() as server, asking(dikes, server, "drip", seconds=2):
        assert dikes.consultant
        complete = FollowUpCompletion(dikes.consultant, QUESTION)
        assert complete.consultant_with_time_left().seconds == 2
        assert complete(HISTORY) is None
        assert 1 < complete.consultant_with_time_left().seconds <= 1.5
        started = time.monotonic()
        dikes.ask(QUESTION, history=HISTORY)
        assert time.monotonic() - started < 3


@pytest.mark.parametrize(
    ("question", "history"),
    [
        pytest.param("Hoeveel kostte de dijk?", HISTORY, id="complete"),
        pytest.param("Hoeveel kostte die?", [("Waar brak de dijk?", None)], id="carried"),
        pytest.param("En in 2022?", [("Wat gebeurde er in 2021?", "een brand")], id="a period"),
        pytest.param(QUESTION, [], id="no conversation"),
        pytest.param(QUESTION, [("Wat was er?", "")], id="nothing was said"),
        pytest.param("Bedankt!", HISTORY, id="thanks"),
    ],
)
def test_no_model_is_asked_where_rules_are_content(
    dikes: Assistant, question: str, history: list[tuple[str, str | None]]
) -> None:
    with LyingServer(script=completing(WHOLE)) as server, asking(dikes, server):
        dikes.ask(question, history=history)
        assert completions(server) == []


def test_no_model_is_asked_if_the_person_wants_none(dikes: Assistant) -> None:
    with LyingServer(script=completing(WHOLE)) as server, asking(dikes, server):
        answer = dikes.ask(QUESTION, history=HISTORY, use_generator=False)
        assert server.requests == []
    assert answer.standalone
    assert answer.standalone.question == QUESTION


def test_carried_words_can_be_removed(dikes: Assistant) -> None:
    fewer = ask_with(dikes, WHOLE, without=["Waterdam"]).standalone
    assert fewer
    assert (fewer.question, fewer.carried) == ("Hoeveel kostte dat (dijk)?", ("dijk",))
    none = ask_with(dikes, WHOLE, without=["Waterdam", "dijk"]).standalone
    assert none
    assert (none.question, none.carried, none.by) == (QUESTION, (), "rules")


def test_what_rules_carried_is_not_asked_for_once_it_is_removed(dikes: Assistant) -> None:
    history = [("Waar brak de dijk?", None)]
    with LyingServer(script=completing(WHOLE)) as server, asking(dikes, server):
        dikes.ask("Hoeveel kostte die?", history=history, without=["dijk"])
        assert completions(server) == []


def test_the_same_follow_up_is_sent_once(dikes: Assistant) -> None:
    with LyingServer(script=completing(WHOLE)) as server, asking(dikes, server):
        found = [dikes.ask(QUESTION, history=HISTORY).standalone for _ in range(2)]
        assert len(completions(server)) == 1
    assert found[0] == found[1]


def test_the_earlier_question_is_answered_without_a_model(dikes: Assistant) -> None:
    history = [*HISTORY, (QUESTION, None)]
    with LyingServer(script=completing(WHOLE)) as server, asking(dikes, server):
        dikes.ask("Wie betaalde dat?", history=history)
        assert [each.text.splitlines()[-1] for each in completions(server)] == [
            "Nieuwe vraag: Wie betaalde dat?"
        ]
