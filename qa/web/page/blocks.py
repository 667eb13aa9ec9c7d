"""The page itself: its components and the events between them."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Mapping
from typing import Any

import gradio as gr

from qa.errors import SettingsError
from qa.question.checks import LONGEST_QUESTION
from qa.question.selection import parse_selection
from qa.web.page.answer_actions import keeping_functions
from qa.web.page.answer_growth import SECONDS_BETWEEN_LOOKS, SECONDS_BETWEEN_QUOTES, answering
from qa.web.page.assets import constant_html
from qa.web.page.beside import Beside
from qa.web.page.calls import mapping
from qa.web.page.conversations import Turn, checked_name
from qa.web.page.finder import finding_functions
from qa.web.page.generation import offered_model
from qa.web.page.name_lists import naming_functions
from qa.web.page.page_question import PageQuestion, given_archives
from qa.web.page.panel import first_timeline, reading_functions
from qa.web.page.render import messages, stopped
from qa.web.page.seed_questions import EXAMPLES
from qa.web.page.suggestions import suggesting_functions
from qa.web.page.timeline_view import timeline_functions
from qa.web.page.words import FRAME
from qa.web.served import ServedArchive

_SECONDS_TO_WAIT = 30.0  # for the question before; the page that sent it may be gone
# Reading is limited by the gate. More may run, because an answer that waits for a language model
# keeps its place here.
_ASKING: dict[str, Any] = {"concurrency_limit": 12, "concurrency_id": "asking"}
_TELL_ANSWERED = "() => requestAnimationFrame(() => window.dateline.tell('answered'))"
_QUIET: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}


def build_page(
    archive: ServedArchive,
    *,
    language: str,
    examples: bool,
    adding: bool = False,
    login: bool = False,
    beside: Beside | None = None,
) -> gr.Blocks:
    """Return the page over one archive in one language ("nl" or "en").

    `examples` shows questions about the seeds, `adding` lets readers add articles, `login` shows
    "Log out". With `beside`, the server has more archives, which the page asks for: not everybody
    sees each of them. Mount the page with the arguments that `dress` returns.
    """
    words, several, asks = FRAME[language], beside is not None, beside or Beside(archive)
    page = gr.Blocks(title="Dateline", analytics_enabled=False)
    with page:
        front = gr.HTML(
            elem_id="front",
            examples=EXAMPLES if examples else (),
            adding=adding,
            login=login,
            several=several,
            archive=archive.name,
            **constant_html("front"),
        )
        gr.HTML(elem_id="finder", **constant_html("finder"))
        gr.HTML(elem_id="topic", **constant_html("timeline_view"))
        chat = gr.Chatbot(
            elem_id="chat",
            show_label=False,
            container=False,
            height=None,
            buttons=[],
            autoscroll=False,
            latex_delimiters=[],
            allow_tags=False,
            layout="panel",
        )
        with gr.Column(elem_id="composer"):
            bounds = gr.HTML(
                elem_id="bounds",
                offered=offered_model(archive.generator, language),
                archive=archive.name if several else None,
                **constant_html("composer"),
            )
            question = gr.Textbox(
                elem_id="question",
                label=words["question"],
                placeholder=words["placeholder"],
                submit_btn=words["ask"],
                container=False,
                max_lines=6,
                max_length=LONGEST_QUESTION,
            )
        gr.HTML(
            elem_id="panel",
            adding=adding,
            several=several,
            archive=archive.name,
            server_functions=[
                *reading_functions(archive, language, asks),
                *keeping_functions(archive, language, find_article=asks.find_article),
                *suggesting_functions(archive, language, asks),
                *finding_functions(asks, language),
                *timeline_functions(asks, language),
                *naming_functions(archive, language),
            ],
            **constant_html("panel"),
        )
        timer = gr.Timer(SECONDS_BETWEEN_LOOKS)

        looking: dict[str, Any] = {"outputs": [front, timer], **_QUIET}
        page.load(lambda: _first_look(archive, language), **looking)
        timer.tick(lambda: _look(archive), **looking)

        def respond(typed: object, given: object, event: gr.EventData) -> Iterator[tuple[Any, Any]]:
            pressed = mapping(event._data)
            # The box is emptied once, and only of what was asked: what is typed while the answer
            # grows is the next question.
            box: Any = gr.skip() if pressed.get("question") or pressed.get("again") else ""
            yield box, gr.skip()
            for turns in _respond(archive, asks, typed, mapping(given), pressed):
                yield gr.skip(), messages(turns)

        asking = gr.on(
            [question.submit, front.submit, bounds.submit],
            respond,
            [question, bounds],
            [question, chat],
            # A question sent too early waits in `_respond`. With "always_last" Gradio would keep
            # it back, and never send it once the first one was stopped.
            trigger_mode="multiple",
            show_progress="hidden",
            api_visibility="private",
            **_ASKING,
        )

        def stop(given: object) -> list[dict[str, Any]]:
            return messages(_stop(archive, checked_name(mapping(given).get("conversation"))))

        def clear(event: gr.EventData) -> list[dict[str, Any]]:
            _leave(archive, checked_name(mapping(event._data).get("conversation")))
            return []

        def reopen(event: gr.EventData) -> list[dict[str, Any]]:
            given = mapping(event._data)
            left, opened = map(checked_name, (given.get("left"), given.get("conversation")))
            if left != opened:
                _leave(archive, left)
            return messages(_stop(archive, opened))

        bounds.stop(stop, [bounds], [chat], cancels=[asking], **_QUIET)
        # An answer that was growing when the reader left the page is stopped.
        restoring = bounds.restore(stop, [bounds], [chat], **_QUIET)
        for each in (asking, restoring):
            each.then(None, js=_TELL_ANSWERED, **_QUIET)
        bounds.clear(clear, None, [chat], cancels=[asking], **_QUIET)
        bounds.reopen(reopen, None, [chat], cancels=[asking], **_QUIET)
    page.queue(max_size=16)
    return page


def _first_look(archive: ServedArchive, language: str) -> tuple[dict[str, Any], Any]:
    """Return what `_look` does, and how the archive lies in time: all comes in one piece."""
    state, timer = _look(archive)
    if state["articles"]:
        state["timeline"] = first_timeline(archive, language)
    return state, timer


def _look(archive: ServedArchive) -> tuple[dict[str, Any], Any]:
    """Return the state of the archive, and a timer that runs until the state is settled."""
    state = archive.startup.state()
    return state.to_dict(), gr.Timer(active=not state.settled)


def _respond(
    archive: ServedArchive,
    beside: Beside,
    typed: object,
    given: Mapping[str, Any],
    event: Mapping[str, Any],
) -> Iterator[list[Turn]]:
    """Yield the turns of the conversation as the newest answer grows.

    `given` is the state of the composer, `event` the action of the reader; both come from a
    browser.
    """
    name = checked_name(given.get("conversation"))
    if event.get("reopened"):
        _stop(archive, name)  # what the page that was left still waited for
    _wait_for_quiet(archive, name)
    before = archive.conversations.turns(name)
    known = {turn["id"]: number for number, turn in enumerate(before)}
    asked_again, replaced = event.get("again"), given.get("replaces")
    if isinstance(asked_again, str) and asked_again in known:
        replaced = asked_again
        asked: PageQuestion | None = before[known[asked_again]]["asked"].changed(event)
    else:
        asked = _asked(event.get("question") or typed, given, archive.name)
    if asked is None:
        return
    is_known = isinstance(replaced, str) and replaced in known
    at = known[str(replaced)] if is_known else len(before)
    turn: Turn = {
        "id": replaced if is_known else secrets.token_hex(8),
        "run": secrets.token_hex(4),
        "question": asked.question,
        "asked": asked,
    }
    if event.get("reopened") and before and before[-1]["asked"].address() == asked.address():
        yield before  # the page was loaded again
        return
    is_begun = False
    for shown in answering(beside, asked, before[:at]):
        turn = {**turn, **shown}
        if not is_begun:
            archive.conversations.begin(name, turn)
            is_begun = True
        elif not archive.conversations.grow(name, turn):
            return
        yield [*before[:at], turn, *before[at + 1 :]]


def _asked(question: object, given: Mapping[str, Any], own: str | None) -> PageQuestion | None:
    """Return a new question with its bounds; `None` if there is none."""
    if not isinstance(question, str) or not question.strip():
        return None
    try:
        selection = parse_selection(given)
    except SettingsError:
        return None  # the page itself sends no such day
    also = given_archives(given.get("also"), own)
    if also is None:
        return None
    # JSON can hold half a sign (half of an emoji that was cut), which nothing can send back.
    whole = question.encode("utf-8", "replace").decode()
    asks_model = given.get("ask_model") is True
    return PageQuestion(whole, selection, use_generator=asks_model, also=also)


def _wait_for_quiet(archive: ServedArchive, name: str | None) -> None:
    """Wait until no answer of the conversation is growing, up to a maximum time."""
    latest = time.monotonic() + _SECONDS_TO_WAIT
    while time.monotonic() < latest and any(
        turn["answer"]["busy"] for turn in archive.conversations.turns(name)
    ):
        time.sleep(SECONDS_BETWEEN_QUOTES)


def _leave(archive: ServedArchive, name: str | None) -> None:
    """Let go of a conversation: what stands of it is in the history, if one is kept."""
    if archive.conversations.history is not None:
        _stop(archive, name)
    archive.conversations.forget(name)


def _stop(archive: ServedArchive, name: str | None) -> list[Turn]:
    """Stop the answers that are still growing; return the turns."""
    for turn in archive.conversations.turns(name):
        if turn["answer"]["busy"]:
            run, shown = secrets.token_hex(4), stopped(turn["answer"])
            full = turn.get("full") if shown["quotes"] else None
            archive.conversations.begin(name, {**turn, "run": run, "answer": shown, "full": full})
    return archive.conversations.turns(name)
