"""Writes what a search finds as an Atom feed (RFC 4287), for feed readers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote
from xml.etree import ElementTree as Tree

from index_store.records import Article, Provenance
from qa.retrieval.match import Match
from qa.text.control_characters import visible
from qa.text.elements import is_web_address
from qa.text.phrases import display_title

_ATOM = "http://www.w3.org/2005/Atom"
_NO_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """An article of a feed, with the matches that are shown of it, and notes behind them."""

    article: Article
    matches: tuple[Match, ...]
    notes: tuple[str, ...] = ()


def atom_feed(
    name: str, entries: Iterable[FeedEntry], *, archive: str, saved: datetime, now: datetime
) -> str:
    """Return the feed of the search `name` in the archive with the identity `archive`.

    An entry is dated by the first day that the source of its article states. Where it states none,
    the entry has the moment at which the search was `saved`, since Atom wants a time. Control
    characters, most of which XML cannot hold, are shown as escapes.
    """
    feed = Tree.Element("feed", xmlns=_ATOM)
    _add(feed, "id", f"urn:dateline:{archive}:{quote(name, safe='')}")
    _add(feed, "title", name)
    _add(feed, "updated", _moment(now))
    _add(feed, "generator", "Dateline")
    for entry in entries:
        _add_entry(feed, entry, archive, saved)
    Tree.indent(feed)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{Tree.tostring(feed, encoding="unicode")}\n'


def _add_entry(feed: Tree.Element, entry: FeedEntry, archive: str, saved: datetime) -> None:
    article, published = entry.article, entry.article.published
    element = Tree.SubElement(feed, "entry")
    _add(element, "id", f"urn:dateline:{archive}:article:{quote(article.id, safe='')}")
    _add(element, "title", display_title(article))
    is_stated = published.provenance in (Provenance.STATED, Provenance.USER)
    day = published.first if is_stated else None
    at = datetime(day.year, day.month, day.day, tzinfo=UTC) if day else saved
    _add(element, "updated", _moment(at))
    _add(Tree.SubElement(element, "author"), "name", article.author or article.source)
    if article.url and is_web_address(article.url):
        Tree.SubElement(element, "link", rel="alternate", href=visible(article.url))
    shown = (f"{each.left}{each.match}{each.right}" for each in entry.matches)
    _add(element, "summary", "\n\n".join([*shown, *entry.notes]))


def _add(parent: Tree.Element, tag: str, text: str) -> None:
    Tree.SubElement(parent, tag).text = _NO_XML.sub("\ufffd", visible(text))


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
