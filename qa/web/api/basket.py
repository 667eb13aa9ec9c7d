"""The routes of the basket: readers keep quotes with notes, order them, and save them as a file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from qa.answer.records import FIELDS
from qa.dates.serialization import article_to_dict
from qa.exports import SUFFIXES, ExportedQuote, export_bytes
from qa.exports.remarks import since_kept
from qa.history.basket import LONGEST_NOTE, LONGEST_QUOTE, MOST_QUOTES, Basket, BasketQuote
from qa.question.checks import is_unicode
from qa.quotes.checks import QuoteState, check_kept
from qa.quotes.noted import (
    Articles,
    as_kept,
    basket_answer,
    each_once,
    find_in,
    new_quote,
    noted,
)
from qa.web.access.languages import LANGUAGES
from qa.web.access.roles import identity_of
from qa.web.api.personal import PersonalRoutes, RefusedError, object_of
from qa.web.archives import Archives
from qa.web.page.conversations import checked_name
from qa.web.page.render import about
from qa.web.served import ServedArchive

PATH = "/basket"
MOST_AT_ONCE = 100  # quotes that are kept together

_LONGEST_BODY = 200_000  # bytes: a quote and a note, with each character as an escape
_LARGEST_PLACE = 1_000_000_000
_OWN = ("none", "same-origin")  # where a browser says that a request comes from
_NOT_KEPT = (
    "this server keeps no quotes: it needs a login or a server that listens to this machine only, "
    "and to be started without --no-history"
)
_FORM = (
    'send JSON such as {"article_id": "veer-1", "field": "text", "start": 0, "end": 4, '
    f'"text": "Het ", "note": ""}}; a quote has at most {LONGEST_QUOTE:,} characters, and a note '
    f"{LONGEST_NOTE:,}"
)
_SEVERAL = (
    f'send JSON such as {{"quotes": […]}} with 1 to {MOST_AT_ONCE} quotes, each as for one alone, '
    f"and {_LONGEST_BODY:,} bytes at most"
)
_PLACE = ("id", "article_id", "field", "start", "end")
_CHANGES = (
    f'send JSON such as {{"note": "…"}} (at most {LONGEST_NOTE:,} characters) or {{"position": 1}}'
)
_FULL = f"your basket holds {MOST_QUOTES} quotes, and takes no more: delete some first"
_TYPES = {
    ".json": "application/json",
    ".csv": "text/csv",
    ".ris": "application/x-research-info-systems",
    ".csl.json": "application/vnd.citationstyles.csl+json",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


class BasketRoutes(PersonalRoutes):
    """The routes over the quotes that are kept for whoever sends a request."""

    def __init__(self, archive: ServedArchive, among: Archives | None = None) -> None:
        """Serve the baskets beside the history of an archive; without one, all answer 404.

        A basket also takes quotes of the archives that stand beside it, `among` which it is: the
        page of an archive asks these too.
        """
        super().__init__(archive.conversations, kept="the basket", not_kept=_NOT_KEPT)
        self._archive = archive
        self._archives = among or Archives([archive])

    def serve(self, app: FastAPI) -> None:
        """Add the routes."""
        place = f"{PATH}/{{name}}"
        for path, method, work in (
            (PATH, "GET", self._list),
            (PATH, "POST", self._add),
            (f"{PATH}/several", "POST", self._add_several),
            (f"{PATH}/verify", "GET", self._verify),
            (PATH, "DELETE", self._delete_all),
            (f"{PATH}.{{suffix}}", "GET", self._export),
            (place, "PATCH", self._change),
            (place, "DELETE", self._delete),
        ):
            app.add_api_route(path, self.route(work), methods=[method])

    @property
    def _basket(self) -> Basket:
        return self.history.basket

    def _list(self, owner: str, request: Request, _: bytes) -> dict[str, Any]:
        articles, language = self._articles(request), _language(request)
        quotes = self._seen(owner, request)
        return {
            "total": len(quotes),
            "most": MOST_QUOTES,
            "in_memory": self.history.is_in_memory,
            "quotes": [_told(each, articles, language) for each in quotes],
        }

    def _add(self, owner: str, request: Request, body: bytes) -> dict[str, Any]:
        quote, note = self._beside(_asked(body))
        articles = self._articles(request)
        article = find_in(articles, quote.article_id, quote.archive)
        if article is None:
            raise RefusedError("this article is not in the archive", HTTPStatus.NOT_FOUND)
        if since_kept(quote, article) is not None:
            told = "these words do not stand at that place of the article now: nothing was kept"
            raise RefusedError(told, HTTPStatus.CONFLICT)
        kept = self._basket.add(owner, new_quote(quote, article, note))
        if kept is None:
            raise RefusedError(_FULL, HTTPStatus.INSUFFICIENT_STORAGE)
        return _told(kept, articles, _language(request))

    def _add_several(self, owner: str, request: Request, body: bytes) -> dict[str, Any]:
        """Keep each quote that stands there while there is room; tell what became of all."""
        articles, known = self._articles(request), {each.id for each in self._basket.quotes(owner)}
        counted = dict.fromkeys(("kept", "known", "refused", "no_room"), 0)
        places: list[dict[str, Any]] = []
        for quote, note in map(self._beside, _several(body)):
            article = find_in(articles, quote.article_id, quote.archive)
            if article is None or since_kept(quote, article) is not None:
                counted["refused"] += 1
                continue
            kept = self._basket.add(owner, new_quote(quote, article, note))
            if kept is None:
                counted["no_room"] += 1
                continue
            counted["known" if kept.id in known else "kept"] += 1
            known.add(kept.id)
            named = {"archive": kept.archive} if kept.archive else {}
            places.append({**{name: getattr(kept, name) for name in _PLACE}, **named})
        return {**counted, "most": MOST_QUOTES, "quotes": places}

    def _verify(self, owner: str, request: Request, _: bytes) -> dict[str, Any]:
        """Compare each quote with its article as it is now, as `dateline verify` does."""
        checks = list(check_kept(self._seen(owner, request), self._articles(request)))
        counted = {state.value: sum(each.state is state for each in checks) for state in QuoteState}
        return {"total": len(checks), **counted, "quotes": [each.to_dict() for each in checks]}

    def _change(self, owner: str, request: Request, body: bytes) -> dict[str, Any]:
        name, given = _name(request), object_of(body, _LONGEST_BODY)
        note, position = _change_of(given or {})
        self._check_seen(owner, request, name)
        if note is not None:
            self._basket.annotate(owner, name, note)
        if position is not None:
            self._basket.move(owner, name, self._place(owner, request, name, position))
        changed = [each for each in self._basket.quotes(owner) if each.id == name]
        if not changed:  # it was deleted meanwhile
            raise _unknown()
        return _told(changed[0], self._articles(request), _language(request))

    def _place(self, owner: str, request: Request, name: str, position: int) -> int:
        """Return the position among all quotes that is this one among those that are seen."""
        others = [each for each in self._basket.quotes(owner) if each.id != name]
        seen = [each for each in others if _may_see(request, each)]
        behind = seen[max(0, position - 1) :]
        return others.index(behind[0]) + 1 if behind else len(others) + 1

    def _delete(self, owner: str, request: Request, _: bytes) -> dict[str, Any]:
        name = _name(request)
        self._check_seen(owner, request, name)
        if not self._basket.delete(owner, name):
            raise _unknown()
        return {"deleted": 1}

    def _delete_all(self, owner: str, request: Request, _: bytes) -> dict[str, Any]:
        seen = self._seen(owner, request)
        if len(seen) == len(self._basket.quotes(owner)):
            return {"deleted": self._basket.delete_all(owner)}
        return {"deleted": sum(self._basket.delete(owner, each.id) for each in seen)}

    def _export(self, owner: str, request: Request, _: bytes) -> Response:
        if request.headers.get("sec-fetch-site", "none") not in _OWN:
            told = "a page of another site may not call this one"
            raise RefusedError(told, HTTPStatus.FORBIDDEN)
        suffix = f".{request.path_params['suffix']}"
        if suffix not in SUFFIXES:
            told = f"there is no such format; known formats are {', '.join(SUFFIXES)}"
            raise RefusedError(told, HTTPStatus.NOT_FOUND)
        quotes = self._seen(owner, request)
        if not quotes:
            raise RefusedError("there is no quote in your basket yet", HTTPStatus.NOT_FOUND)
        if any(each.archive for each in quotes):  # then each says its archive
            own = self._archive.name or ""
            quotes = [replace(each, archive=each.archive or own) for each in quotes]
        language = _language(request)
        answers = [basket_answer(quotes, self._articles(request), language)]
        content = export_bytes(answers, suffix, language=language)
        today = date.today().isoformat()  # noqa: DTZ011 - no more than a name
        named = f'attachment; filename="dateline-quotes-{today}{suffix}"'
        shown = {"Content-Disposition": named, "Cache-Control": "no-store"}
        return Response(content, media_type=_TYPES.get(suffix, "text/plain"), headers=shown)

    def _seen(self, owner: str, request: Request) -> list[BasketQuote]:
        """Return the quotes of an owner but those of archives that they may not read now."""
        return [each for each in self._basket.quotes(owner) if _may_see(request, each)]

    def _check_seen(self, owner: str, request: Request, name: str) -> None:
        if all(each.id != name for each in self._seen(owner, request)):
            raise _unknown()

    def _articles(self, request: Request) -> Articles:
        """Return what finds articles for one request, each once; none that is damaged."""
        seen = self._archives.seen_by(identity_of(request.scope))
        found = {each.name or "": each.find_article for each in seen}
        return each_once({**found, "": self._archive.find_article})

    def _beside(self, asked: tuple[ExportedQuote, str]) -> tuple[ExportedQuote, str]:
        """Return the place that is to be kept; of the archive of the basket, it names none."""
        quote, note = asked
        return replace(quote, archive=None) if quote.archive == self._archive.name else quote, note


def _may_see(request: Request, quote: BasketQuote) -> bool:
    """Tell whether a role lets the sender read the archive of a quote, be it served or not."""
    who = identity_of(request.scope)
    return not quote.archive or who is None or bool(who.archives([quote.archive]))


def _told(quote: BasketQuote, articles: Articles, language: str) -> dict[str, Any]:
    """Return a quote as JSON values, with its article as it is now, or was if it has changed."""
    known = noted(quote, articles, 0)
    told = {name: value for name, value in known.to_dict().items() if name != "number"}
    own = {"id": quote.id, "article_id": quote.article_id}
    shown = {"shown": about(known.article, language), "as_kept": article_to_dict(as_kept(quote))}
    return {**told, **own, **shown}


def _several(body: bytes) -> list[tuple[ExportedQuote, str]]:
    """Return the places that are to be kept together, each with its note."""
    given = (object_of(body, _LONGEST_BODY) or {}).get("quotes")
    places = given if isinstance(given, list) else []
    if not 0 < len(places) <= MOST_AT_ONCE or not all(isinstance(each, dict) for each in places):
        raise RefusedError(_SEVERAL, HTTPStatus.UNPROCESSABLE_ENTITY)
    return [_place_of(each) for each in places]


def _asked(body: bytes) -> tuple[ExportedQuote, str]:
    """Return the place that is to be kept, and the note on it."""
    return _place_of(object_of(body, _LONGEST_BODY) or {})


def _place_of(given: dict[str, Any]) -> tuple[ExportedQuote, str]:
    texts: list[Any] = [given.get(name) for name in ("article_id", "field", "text")]
    places: list[Any] = [given.get(name) for name in ("start", "end")]
    note = given.get("note", "")
    archive = given.get("archive")
    fits = all(isinstance(each, str) and is_unicode(each) for each in texts)
    fits &= archive is None or isinstance(archive, str)
    fits &= texts[1] in FIELDS and all(_is_number(each, 0) for each in places) and _is_note(note)
    if not (fits and 0 < places[1] - places[0] <= LONGEST_QUOTE):
        raise RefusedError(_FORM, HTTPStatus.UNPROCESSABLE_ENTITY)
    article_id, field, text = texts
    place = text, article_id, places[0], places[1]
    return ExportedQuote(*place, field=field, archive=archive or None), note


def _change_of(given: dict[str, Any]) -> tuple[str | None, int | None]:
    """Return the new note and the new position, each `None` if it stays."""
    note, position = given.get("note"), given.get("position")
    is_right = (note is None or _is_note(note)) and (position is None or _is_number(position, 1))
    if not is_right or (note is None and position is None):
        raise RefusedError(_CHANGES, HTTPStatus.UNPROCESSABLE_ENTITY)
    return note, position


def _is_number(given: object, least: int) -> bool:
    is_whole = isinstance(given, int) and not isinstance(given, bool)
    return is_whole and least <= given <= _LARGEST_PLACE  # type: ignore[operator]


def _is_note(given: object) -> bool:
    return isinstance(given, str) and len(given) <= LONGEST_NOTE


def _language(request: Request) -> str:
    given = request.query_params.get("language", "en")
    return given if given in LANGUAGES else "en"


def _name(request: Request) -> str:
    name = checked_name(request.path_params["name"])
    if name is None:
        raise _unknown()
    return name


def _unknown() -> RefusedError:
    return RefusedError("there is no such quote in your basket", HTTPStatus.NOT_FOUND)
