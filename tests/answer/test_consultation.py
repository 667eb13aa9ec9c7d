"""Asking a language model behind the reader: what it points at, and what it can never do."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from qa.answer.cancellation import Cancellation
from qa.answer.consultation import Consultant, GenerationMemory
from qa.answer.generation import GenerationState
from qa.answer.records import Answer, quoted_field
from qa.answer.streaming import MODEL, EventKind
from qa.assistant import Assistant
from qa.models.calibration import Calibration, calibration_file
from qa.models.generator import ChatGenerator, GeneratorSettings, Limits, Usage
from qa.models.prompt import Prompt
from tests.lying_answers import Answering
from tests.lying_server import LIES, LyingServer, ServedRequest
from tests.store_building import ingest_texts

QUESTION = "Hoeveel gewonden vielen er bij de brand?"
FIRST = "Bij de brand vielen drie gewonden."
SECOND = "Volgens de brandweer vielen bij de brand vijf gewonden."
THIRD = "Een buurman hielp na de brand twee vrouwen."
ARTICLES = {
    "een.txt": f"{FIRST} De wagens kwamen uit Waterdam.",
    "twee.txt": f"{SECOND} De oorzaak is onbekend.",
    "vier.txt": f"{THIRD} Hij kreeg bloemen.",
    "drie.txt": "De gemeenteraad sprak over het zwembad. Het zwembad sluit in mei.",
}
IDS = re.compile(r"^([a-z]\d): (.*)$", re.MULTILINE)


def pointing_at(*pieces: str, words: str = "") -> Callable[[ServedRequest], str]:
    """Return a script that points at the sentences that hold these pieces, in this order."""

    def script(request: ServedRequest) -> str:
        named = {text: id_ for id_, text in IDS.findall(request.text)}
        found = [next(id_ for text, id_ in named.items() if piece in text) for piece in pieces]
        return "\n".join(f"{id_}: {words}" for id_ in found)

    return script


@contextmanager
def asking(
    assistant: Assistant, server: LyingServer, model: str = "script", **settings: object
) -> Iterator[Assistant]:
    """Give an assistant a language model for the time of a block."""
    given = GeneratorSettings(server.url, model=model, **settings)  # type: ignore[arg-type]
    assistant.consultant = Consultant.of(given)
    try:
        yield assistant
    finally:
        assistant.consultant = None


@pytest.fixture
def fires(assistant: Assistant, tmp_path: Path) -> Assistant:
    ingest_texts(assistant, tmp_path / "in", ARTICLES)
    return assistant


def check(answer: Answer) -> None:
    for number, each in enumerate(answer.citations, start=1):
        assert quoted_field(each.article, each.field)[each.start : each.end] == each.quote
        assert each.number == number
        assert each.quote in answer.text


def test_without_a_model_nothing_leaves_the_machine(
    fires: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connect(*_: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket, "getaddrinfo", connect)
    answer = fires.ask(QUESTION)
    assert answer.generation is None
    assert fires.begin(QUESTION).is_complete


def test_a_pick_confirms_the_first_quote(fires: Assistant) -> None:
    before = fires.ask(QUESTION)
    first = before.citations[0].quote
    with LyingServer(script=pointing_at(first)) as server, asking(fires, server):
        answer = fires.ask(QUESTION)
    assert answer.generation is not None
    assert answer.generation.state == "agreed"
    assert [each.quote for each in answer.citations] == [each.quote for each in before.citations]
    assert answer.citations[0].pointed
    assert (answer.answer, answer.text) == (before.answer, before.text)
    assert answer.fingerprint != before.fingerprint
    check(answer)


def test_a_pick_adds_a_quote_and_moves_none(fires: Assistant) -> None:
    before = fires.ask(QUESTION)
    with LyingServer(script=pointing_at(THIRD)) as server, asking(fires, server):
        answer = fires.ask(QUESTION)
        sent = server.questions[0].text
    count = len(before.citations)
    assert answer.citations[:count] == before.citations
    assert [each.quote for each in answer.citations[count:]] == [THIRD]
    assert answer.citations[count].pointed
    assert not answer.citations[count].agrees  # it says something else than the answer
    assert answer.generation
    assert answer.generation.state == "chosen"
    assert answer.answer == before.answer
    assert len(answer.generation.sent) == len(IDS.findall(sent)) <= 24
    check(answer)


def test_a_pick_that_the_reader_finds_idle_is_not_shown(fires: Assistant) -> None:
    before = fires.ask(QUESTION)
    with LyingServer(script=pointing_at("zwembad")) as server, asking(fires, server):
        answer = fires.ask(QUESTION)
    assert answer.citations == before.citations
    assert answer.generation
    assert answer.generation.picks == 1


def test_a_pick_about_somebody_else_is_not_shown(fires: Assistant, tmp_path: Path) -> None:
    asked, other = "Wie hielp {} na de brand?", "Een monteur hielp Karel de Vries na de brand."
    texts = {"vijf.txt": "Een agent hielp Jan de Vries na de brand.", "zes.txt": other}
    (tmp_path / "more").mkdir()
    for name, text in texts.items():
        (tmp_path / "more" / name).write_text(text, encoding="utf-8")
    fires.ingest([tmp_path / "more"])
    with LyingServer(script=pointing_at(other)) as server, asking(fires, server):
        of_anybody = fires.ask(asked.format("De Vries"))
        of_jan = fires.ask(asked.format("Jan de Vries"))
        assert all(other in request.text for request in server.questions)
    assert other in [each.quote for each in of_anybody.citations]
    assert of_jan.citations
    assert other not in [each.quote for each in of_jan.citations]
    assert of_jan.generation
    assert of_jan.generation.picks == 1


def test_the_words_that_a_model_names_are_marked_in_its_quote(fires: Assistant) -> None:
    script = pointing_at(THIRD, words="TWEE  vrouwen")
    with LyingServer(script=script) as server, asking(fires, server):
        added = fires.ask(QUESTION).citations[-1]
    assert added.quote == THIRD
    assert added.answer_start is not None
    assert added.article.text[added.answer_start : added.answer_end] == "twee vrouwen"


def test_a_pick_never_ends_an_abstention(fires: Assistant) -> None:
    asked = "Wie schreef dat lied?"
    before = fires.ask(asked)
    assert before.abstained
    with LyingServer(script=pointing_at("brandweer")) as server, asking(fires, server):
        answer = fires.ask(asked)
        assert len(server.questions) == 1
    assert answer.abstained
    assert answer.generation
    assert answer.generation.picks == 1


# Every lie is told to the client in tests/models; here each kind of harm meets a whole answer.
@pytest.mark.parametrize(
    "lie",
    [
        "blanks",
        "busy",
        "cut-prompt",
        "dead",
        "drip",
        "half-line",
        "html",
        "huge-line",
        "invalid-utf8",
        "no-choices",
        "redirect",
        "repeats-key",
        "unclosed-thoughts",
        "unknown-model",
    ],
)
def test_no_lie_changes_the_answer_of_the_reader(fires: Assistant, lie: str) -> None:
    before = fires.ask(QUESTION)
    with LyingServer() as server, asking(fires, server, lie, timeout=1.5):
        started = time.monotonic()
        answer = fires.ask(QUESTION)
        assert time.monotonic() - started < 4
    assert answer.generation
    quotes = [each.quote for each in answer.citations]
    assert quotes[: len(before.citations)] == [each.quote for each in before.citations]
    assert answer.answer == before.answer
    check(answer)


def test_a_failure_is_told_in_the_language_of_the_question(fires: Assistant) -> None:
    with LyingServer() as server, asking(fires, server, "wrong-key"):
        dutch = fires.ask(QUESTION).generation
        english = fires.ask("How many people were hurt in the brand?").generation
    assert dutch
    assert english
    assert dutch.state == english.state == "failed"
    assert dutch.remark != english.remark


def test_none_found_is_told_and_takes_nothing_away(fires: Assistant) -> None:
    before = fires.ask(QUESTION)
    with LyingServer() as server, asking(fires, server, "honest"):
        answer = fires.ask(QUESTION)
    assert answer.citations == before.citations
    assert answer.generation
    assert answer.generation.state == "none_found"
    assert answer.generation.remark


def test_the_same_question_is_sent_once(fires: Assistant) -> None:
    with LyingServer(script=pointing_at(FIRST)) as server, asking(fires, server):
        first, again = fires.ask(QUESTION), fires.ask(QUESTION)
        assert len(server.questions) == 1
    assert first.generation
    assert again.generation
    assert first.generation.raw == again.generation.raw
    assert first.citations == again.citations


def test_sources_that_may_not_be_sent_stay_here(fires: Assistant) -> None:
    with LyingServer() as server, asking(fires, server, "honest", sources=("een.txt",)):
        fires.ask(QUESTION)
        sent = server.questions[0].text
        other = fires.ask(QUESTION, sources=["twee.txt"])
        assert len(server.questions) == 1
    assert FIRST in sent
    assert SECOND not in sent
    assert other.generation
    assert other.generation.state == "skipped"
    assert other.generation.remark


def test_a_question_about_the_archive_is_not_sent(fires: Assistant) -> None:
    with LyingServer() as server, asking(fires, server, "honest"):
        answer = fires.ask("Hoeveel artikelen gaan over de brand?")
        assert not server.requests
    assert answer.count == 3


def test_the_model_is_not_asked_if_the_caller_wants_none(fires: Assistant) -> None:
    plain = fires.ask(QUESTION)
    with LyingServer() as server, asking(fires, server, "honest"):
        answer = fires.ask(QUESTION, use_generator=False)
        assert not server.requests
    assert answer.generation is None
    assert answer.fingerprint == plain.fingerprint


def test_events_give_the_answer_of_the_reader_first(fires: Assistant) -> None:
    with LyingServer(script=pointing_at(SECOND, FIRST)) as server, asking(fires, server):
        events = list(fires.ask_stream(QUESTION))
    kinds = [each.kind for each in events]
    assert kinds[0] == EventKind.RETRIEVED
    assert kinds[-1] == EventKind.FINAL
    at = kinds.index(EventKind.EXTRACTIVE)
    assert {each.by for each in events[1:at]} == {"reader"}
    assert {each.by for each in events[at + 1 : -1]} == {"model"}
    whole = events[at].answer
    assert whole
    assert whole.generation is None
    assert [each.to_dict()["event"] for each in events] == [str(each) for each in kinds]


def point_and_hang(answering: Answering) -> None:
    """Point at a sentence, and say no more."""
    answering.start()
    answering.piece(f"{pointing_at(THIRD)(answering.request)}\n")
    answering.hang()


def test_a_caller_that_leaves_ends_the_request(
    fires: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LIES, "points-and-hangs", point_and_hang)
    with LyingServer() as server, asking(fires, server, "points-and-hangs", timeout=60):
        events = fires.ask_stream(QUESTION)
        for event in events:
            if event.by == MODEL:
                break
        started = time.monotonic()
        events.close()  # type: ignore[attr-defined]
        (left,) = server.questions
        while not left.was_left:
            assert time.monotonic() - started < 5
            time.sleep(0.01)
        assert time.monotonic() - started < 5


def test_an_answer_that_is_left_is_that_of_the_reader(
    fires: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LIES, "points-and-hangs", point_and_hang)
    before, cancellation = fires.ask(QUESTION), Cancellation()
    with LyingServer() as server, asking(fires, server, "points-and-hangs", timeout=20):
        begun = fires.begin(QUESTION)
        left = begun.complete(lambda _: cancellation.cancel(), cancellation)
        assert len(server.questions) == 1
        never_asked = begun.complete(None, cancellation)
        assert len(server.questions) == 1
        fires.ask(QUESTION, use_generator=True)
        assert len(server.questions) == 2  # half an answer is not remembered
    assert left.citations == never_asked.citations == before.citations
    for answer, count in ((left, 4), (never_asked, 0)):
        assert answer.generation
        assert answer.generation.state is GenerationState.SKIPPED
        assert (len(answer.generation.sent) >= count) is True
    assert never_asked.generation
    assert never_asked.generation.sent == ()


def test_no_more_than_three_sentences_are_picked(fires: Assistant) -> None:
    script = pointing_at(FIRST, SECOND, THIRD, "Waterdam", "bloemen")
    with LyingServer(script=script) as server, asking(fires, server):
        generation = fires.ask(QUESTION).generation
    assert generation
    assert (generation.picks, generation.dropped) == (3, 2)


def test_only_the_newest_answers_are_remembered() -> None:
    generator = ChatGenerator(GeneratorSettings("http://127.0.0.1:9/v1", model="gemma"))
    memory = GenerationMemory(most=2)
    prompts = [Prompt("Kort.", f"Vraag {number}?", 9) for number in range(3)]
    for prompt in prompts:
        memory.remember(generator, prompt, prompt.text, Usage())
    known = [memory.recall(generator, prompt) for prompt in prompts]
    assert known[0] is None
    assert [each and "".join(each) for each in known[1:]] == ["Vraag 1?", "Vraag 2?"]


def test_a_fitted_calibration_never_answers_below_its_threshold(
    fires: Assistant, store_path: Path
) -> None:
    asked = "Wie schreef dat lied?"
    shipped = Calibration.load()
    idle = {"pointed_first": 0.0, "pointed_later": 0.0, "same_words": 0.0}
    fitted = replace(
        shipped, rank={**shipped.rank, **idle}, confidence={**shipped.confidence, **idle}
    )
    with LyingServer(script=pointing_at("brandweer")) as server, asking(fires, server):
        assert fires.consultant
        fitted.save(store_path / calibration_file(fires.consultant.generator.identity))
        answer = fires.ask(asked)
    assert answer.generation
    assert answer.generation.picks == 1
    assert answer.abstained


def test_a_fitted_calibration_lets_picks_change_the_order(
    fires: Assistant, store_path: Path
) -> None:
    before = fires.ask(QUESTION)
    other = SECOND if FIRST in before.citations[0].quote else FIRST
    shipped = Calibration.load()
    pointed = {"pointed_first": 20.0, "pointed_later": 0.0, "same_words": 0.0}
    fitted = replace(
        shipped,
        rank={**shipped.rank, **pointed},
        confidence={**shipped.confidence, **pointed},
    )
    with LyingServer(script=pointing_at(other)) as server, asking(fires, server):
        assert fires.consultant
        fitted.save(store_path / calibration_file(fires.consultant.generator.identity))
        answer = fires.ask(QUESTION)
    assert other in answer.citations[0].quote
    shown = {each.quote for each in answer.citations}
    assert {each.quote for each in before.citations} <= shown  # nothing is taken away
    assert answer.confidence > before.confidence
    check(answer)


def test_picks_lead_a_digest_in_the_order_of_the_model(seed_assistant: Assistant) -> None:
    asked = "Wat is er bekend over de kernwapens in Belarus?"
    before = seed_assistant.ask(asked)
    chosen = [before.citations[-1].quote, before.citations[1].quote]
    pieces = [" ".join(each.split())[:60] for each in chosen]
    with LyingServer(script=pointing_at(*pieces)) as server, asking(seed_assistant, server):
        answer = seed_assistant.ask(asked)
    assert [each.quote for each in answer.citations[:2]] == chosen
    assert {each.quote for each in answer.citations} == {each.quote for each in before.citations}
    assert [each.pointed for each in answer.citations[:3]] == [True, True, False]
    assert answer.lead == before.lead
    check(answer)


def test_only_what_a_digest_may_quote_is_sent(fires: Assistant) -> None:
    asked = "Wat is er bekend over de brand?"
    with LyingServer() as server, asking(fires, server, "honest"):
        generation = fires.ask(asked).generation
        sent = [text for _, text in IDS.findall(server.questions[0].text)]
    assert generation
    assert len(generation.sent) == len(sent)
    assert sorted(sent) == sorted([FIRST, SECOND, THIRD])
    for text in sent:
        with LyingServer(script=pointing_at(text)) as server, asking(fires, server):
            leading = fires.ask(asked).citations[0]
        assert (leading.quote, leading.pointed) == (text, True)


def test_suggestions_never_ask_the_model(seed_assistant: Assistant) -> None:
    answer = seed_assistant.ask("Welke bijnaam kreeg Soerovikin?")
    tried: list[int] = []
    with LyingServer() as server, asking(seed_assistant, server, "honest"):
        seed_assistant.suggest(answer, limit=1, before_each=lambda: tried.append(1))
        assert not server.requests
    assert tried  # there were questions to try


def test_a_prompt_that_was_cut_is_as_unusable_from_memory(fires: Assistant) -> None:
    with LyingServer() as server, asking(fires, server, "cut-prompt"):
        first, again = fires.ask(QUESTION).generation, fires.ask(QUESTION).generation
        assert len(server.questions) == 1
    assert first
    assert again
    assert (first.state, first.error) == (again.state, again.error) == ("unusable", "cut")


def test_nothing_was_sent_to_a_server_that_is_not_there(fires: Assistant) -> None:
    with LyingServer() as server:
        pass
    with asking(fires, server, "honest"):
        generation = fires.ask(QUESTION).generation
    assert generation
    assert (generation.state, generation.error) == ("failed", "unreachable")
    assert generation.sent == ()


def test_the_answer_before_the_model_is_that_without_a_model(fires: Assistant) -> None:
    plain = fires.ask(QUESTION)
    with LyingServer(script=pointing_at(FIRST), models=["script"]) as server:
        fires.consultant = Consultant.of(GeneratorSettings(server.url))
        whole = fires.begin(QUESTION)
        assert whole.answer.fingerprint == plain.fingerprint
        first = whole.complete()
        again = fires.ask(QUESTION)  # now the name of the model is known from the start
        fires.consultant = None
    assert first.fingerprint == again.fingerprint != plain.fingerprint


def test_the_calibration_of_a_model_belongs_to_the_fingerprint(
    fires: Assistant, store_path: Path
) -> None:
    with LyingServer(script=pointing_at(FIRST)) as server, asking(fires, server):
        before = fires.ask(QUESTION).fingerprint
        assert fires.consultant
        name = calibration_file(fires.consultant.generator.identity)
        Calibration.load().save(store_path / name)
        assert fires.ask(QUESTION).fingerprint != before


def test_nothing_is_sent_to_a_server_that_rests(fires: Assistant) -> None:
    with LyingServer() as server, asking(fires, server, "html"):
        for _ in range(3):
            failed = fires.ask(QUESTION).generation
            assert failed is not None
            assert failed.sent
        rested = fires.ask(QUESTION).generation
        assert rested is not None
        assert (rested.state, rested.sent) == (GenerationState.FAILED, ())
        assert len(server.questions) == 3


def test_a_model_that_others_wait_for_is_skipped(fires: Assistant) -> None:
    with LyingServer() as server:
        settings = GeneratorSettings(server.url, model="silent")
        generator = ChatGenerator(settings, limits=Limits(waiting=0))
        fires.consultant = Consultant(generator)
        other = generator.stream(Prompt("Kort.", "Hoeveel?", 9), until=time.monotonic() + 60)
        holding = threading.Thread(target=lambda: list(other))
        holding.start()
        while not server.questions:
            time.sleep(0.01)
        skipped = fires.ask(QUESTION)
        other.close()
        holding.join()
    assert skipped.citations
    assert skipped.generation is not None
    assert (skipped.generation.state, skipped.generation.sent) == (GenerationState.SKIPPED, ())
    assert skipped.generation.remark is not None
    assert "bezig" in skipped.generation.remark


def test_a_model_that_chatters_is_stopped(fires: Assistant) -> None:
    with LyingServer(script=lambda _: "woord " * 500) as server, asking(fires, server):
        generation = fires.ask(QUESTION).generation
    assert generation is not None
    assert generation.state is GenerationState.UNUSABLE
    assert len(generation.raw) < 500


def test_the_words_of_a_line_that_was_cut_off_are_not_marked(
    fires: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(answering: Answering) -> None:
        answering.start()
        answering.piece(pointing_at(THIRD, words="twee")(answering.request))
        answering.end("length")

    monkeypatch.setitem(LIES, "cut-in-words", cut)
    with LyingServer(script=pointing_at(THIRD, words="twee")) as server:
        with asking(fires, server):
            whole = fires.ask(QUESTION)
        with asking(fires, server, "cut-in-words"):
            cut_off = fires.ask(QUESTION)
    marked = [
        [each.article.text[each.answer_start : each.answer_end] for each in found.citations]
        for found in (whole, cut_off)
    ]
    assert marked[0][:-1] == marked[1][:-1]
    assert marked[0][-1] == "twee"
    assert marked[1][-1] != "twee"


def test_the_words_of_a_line_that_is_shortened_here_are_not_marked(fires: Assistant) -> None:
    longest = Limits().most_characters

    def shortened(request: ServedRequest) -> str:
        line = pointing_at(THIRD, words="twee")(request)
        around = len("<think></think>\n") + len(line)
        return f"<think>{'a' * (longest - around)}</think>\n{line} vrouwen"

    with LyingServer(script=shortened) as server, asking(fires, server):
        answer = fires.ask(QUESTION)
    assert answer.generation
    assert answer.generation.raw.endswith(": twee")
    added = answer.citations[-1]
    assert added.quote == THIRD
    assert added.article.text[added.answer_start : added.answer_end] != "twee"
