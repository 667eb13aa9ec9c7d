"""The page itself: its components and the events between them."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import gradio as gr

from index_store.language import detect_language
from qa.errors import DatelineError
from qa.page.render import constant_html, messages, note, parts, remark
from qa.page.served import ServedArchive, log_failure
from qa.page.words import EXAMPLES, FRAME

HERE = Path(__file__).parent
I18N = gr.I18n(**{language: dict(words) for language, words in FRAME.items()})

_LONGEST_QUESTION = 2000  # characters
_LONGEST_CONVERSATION = 50  # turns; older ones are no longer shown
_SECONDS_BETWEEN_QUOTES = 0.08  # so that one comes after the other, also for the eye
_SECONDS_BETWEEN_LOOKS = 0.5
_ASKING: dict[str, Any] = {"concurrency_limit": 2, "concurrency_id": "asking"}

Turns = list[dict[str, Any]]


def build_page(archive: ServedArchive, *, language: str, examples: bool) -> gr.Blocks:
    """Return the page over one archive; `examples` offers questions about the seeds."""
    del language  # the browser chooses its words, for now
    page = gr.Blocks(title="Dateline", analytics_enabled=False)
    with page:
        front = gr.HTML(
            elem_id="front",
            words=FRAME,
            examples=EXAMPLES if examples else (),
            **constant_html("front", (HERE / "front.html").read_text(encoding="utf-8")),
        )
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
        question = gr.Textbox(
            elem_id="question",
            label=I18N("question"),
            placeholder=I18N("placeholder"),
            submit_btn=cast("str", I18N("ask")),  # its annotation lags behind
            container=False,
            max_lines=6,
            max_length=_LONGEST_QUESTION,
        )
        turns = gr.State([], time_to_live=3600)
        timer = gr.Timer(_SECONDS_BETWEEN_LOOKS)

        look: dict[str, Any] = {
            "fn": lambda: _look(archive),
            "outputs": [front, timer],
            "queue": False,
            "show_progress": "hidden",
            "api_visibility": "private",
        }
        page.load(**look)
        timer.tick(**look)

        def respond(
            typed: str, turns: Turns, event: gr.EventData
        ) -> Iterator[tuple[Any, Any, Turns]]:
            chosen = (event._data or {}).get("question")
            yield from _respond(archive, chosen or typed, turns)

        gr.on(
            [question.submit, front.submit],
            respond,
            [question, turns],
            [question, chat, turns],
            trigger_mode="always_last",  # a question sent too early waits, and is not lost
            show_progress="hidden",
            api_visibility="private",
            **_ASKING,
        )

        front.clear(lambda: ([], []), None, [chat, turns], queue=False, api_visibility="private")
    page.queue(max_size=16)
    return page


def _look(archive: ServedArchive) -> tuple[dict[str, Any], Any]:
    """Return the state of the archive, and whether to look again."""
    state = archive.state()
    return state.to_dict(), gr.Timer(active=not state.settled)


def _respond(
    archive: ServedArchive, question: object, turns: Turns
) -> Iterator[tuple[Any, Any, Turns]]:
    """Yield the emptied question box, the messages and the turns, as the answer grows."""
    if not isinstance(question, str) or not question.strip():
        yield gr.skip(), gr.skip(), turns
        return
    turn = {"id": secrets.token_hex(8), "question": question}
    before = turns[-_LONGEST_CONVERSATION + 1 :]
    typed: Any = ""  # emptied once: what is typed while the answer grows is the next question
    for answer in _answering(archive, question):
        turns = [*before, {**turn, "answer": answer}]
        yield typed, messages(turns), turns
        typed = gr.skip()


def _answering(archive: ServedArchive, question: str) -> Iterator[dict[str, Any]]:
    try:
        while archive.is_first_indexing():
            yield note(question, "waiting", busy=True)
            time.sleep(_SECONDS_BETWEEN_LOOKS)
        yield note(question, "searching", busy=True)
        with archive.working() as assistant:
            answer = assistant.ask(question)
        for part in parts(answer):
            yield part
            time.sleep(_SECONDS_BETWEEN_QUOTES)
    except DatelineError as error:
        yield remark(detect_language(question), str(error))
    except Exception:  # noqa: BLE001 - whatever it is, it is logged and told
        yield note(question, "apology", id=log_failure("answering a question"))
