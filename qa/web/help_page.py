"""The help of the page in both languages: plain HTML that works and prints without scripts."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from functools import cache, partial
from pathlib import Path
from string import Template

from fastapi import FastAPI
from starlette.responses import HTMLResponse

from qa.answer.records import SURENESS
from qa.web.access.headers import page_policy
from qa.web.access.languages import LANGUAGES
from qa.web.page.answer_words import ANSWER
from qa.web.page.basket_words import BASKET
from qa.web.page.finder_words import FINDER
from qa.web.page.help_words import DAYS, HELP, KEYS, NOTES, QUESTIONS
from qa.web.page.query_words import QUERY_LANGUAGE, Row
from qa.web.page.timeline_words import TIMELINE

_TEMPLATE = Template((Path(__file__).parent / "help.html").read_text(encoding="utf-8"))
_POLICY = page_policy(_TEMPLATE.template)
_OTHER = {"nl": "en", "en": "nl"}


def serve_help(app: FastAPI) -> None:
    """Add the help beside the page of each language."""
    for language in LANGUAGES:
        answer = partial(_response, language)
        app.add_api_route(f"/{language}/help", answer, methods=["GET", "HEAD"])


def _response(language: str) -> HTMLResponse:
    return HTMLResponse(help_page(language), headers={"Content-Security-Policy": _POLICY})


@cache
def help_page(language: str) -> str:
    """Return the help in one language ("nl" or "en")."""
    words = HELP[language]
    sections = {
        "asking": _list([row for _, row in QUESTIONS[language]], "q"),
        "searching": _list(QUERY_LANGUAGE[language], "code"),
        "tracing": "",
        "choosing": _list(DAYS[language], "code"),
        "keeping": _list(_keeping(language), "strong"),
        "sureness": _list(_sureness(language), "strong"),
        "keys": _list(KEYS[language], "kbd"),
    }
    openings = {
        "asking": words["asking_opening"],
        "searching": FINDER[language]["start"],
        "tracing": TIMELINE[language]["start"],
        "choosing": words["choosing_opening"],
        "keeping": words["keeping_opening"],
        "sureness": words["sureness_opening"],
        "keys": words["keys_opening"],
    }
    notes = NOTES[language]
    written = [
        f'<section id="{name}" aria-labelledby="{name}-name">\n'
        f'<h2 id="{name}-name">{html.escape(words[name])}</h2>\n'
        f"<p>{html.escape(openings[name])}</p>\n{rows}{_notes(notes.get(name, ()))}</section>"
        for name, rows in sections.items()
    ]
    links = [f'<li><a href="#{name}">{html.escape(words[name])}</a></li>' for name in sections]
    return _TEMPLATE.substitute(
        {name: html.escape(text) for name, text in words.items()},
        lang=language,
        other=_OTHER[language],
        links="".join(links),
        sections="\n".join(written),
    )


def _sureness(language: str) -> Iterator[Row]:
    """Yield each word for the confidence of an answer, and what it means."""
    most = 100
    for bound, name in SURENESS:
        word = ANSWER[language][name].partition(": ")[2]
        least = round(100 * bound)
        yield (word,), HELP[language][name].format(least=least, most=most)
        most = least


def _keeping(language: str) -> Iterator[Row]:
    """Yield what is pressed to keep a quote, to note and to save it, and the check of a file."""
    for name in ("keep", "add_note", "save_as"):
        term = BASKET[language][name].rstrip(":")
        yield (term,), HELP[language][f"keeping_{name}"]
    yield ("dateline verify",), HELP[language]["keeping_verify"]


def _list(rows: Iterable[Row], tag: str) -> str:
    """Return rows as a list of descriptions; `tag` is the element for each thing described."""
    items = []
    for terms, meaning in rows:
        shown = " ".join(f"<{tag}>{html.escape(term)}</{tag}>" for term in terms)
        items.append(f"<div><dt>{shown}</dt><dd>{html.escape(meaning)}</dd></div>")
    return "<dl>\n" + "\n".join(items) + "\n</dl>\n"


def _notes(notes: Iterable[str]) -> str:
    items = "".join(f"<li>{html.escape(note)}</li>" for note in notes)
    return f'<ul class="notes">{items}</ul>\n' if items else ""
