"""Random queries with what they find, by reading every article from end to end."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from index_store.records import UNKNOWN_DATE, Article, Precision, Provenance, PublicationDate
from tests.store_building import make_article

SOURCES = ("De Kade", "Rijnbode", "Het Uur")
AUTHORS = ("Kees de Wit", "Ria Vos", None)
# Each word with every word that is a form or compound of it, as far as the texts hold any.
FORMS = {
    "brug": {"brug", "bruggen", "ophaalbrug"},
    "bruggen": {"brug", "bruggen", "ophaalbrug"},
    "grenzen": {"grens", "grenzen"},
    "stikstof": {"stikstof", "stikstofbeleid"},
    "café": {"café", "cafe", "cafés", "cafe\u0301"},
    "burgemeester": {"burgemeester", "burge-\nmeester"},
    "d": {"d"},
    "000": {"000"},
    "het": {"het"},
}
WORDS = """
brug bruggen ophaalbrug grens grenzen stikstof stikstofbeleid café cafe cafés cafe\u0301
burge-\nmeester burgemeester
de het Brug DE een d'Estaing u.s. 100.000 2021 zee- NAVO-top auto's 北京 foo_bar
soft\u00adware STRASSE straße
""".strip()
VOCABULARY = re.split(r"(?<!-)\s+", WORDS)
GAPS = (" ", " ", " ", " ", "\n", "  ", " \n\n", "-", ", ", ". ", "’", "\u00a0")
# The tokens by their plainest rule; a word that is broken at the end of a line is one.
TOKEN = re.compile(
    "burge-\nmeester|[\u4e00-\u9fff]|(?:[^\\W_\u4e00-\u9fff]|[\u00ad\u0300-\u036f])+"
)


@dataclass(frozen=True)
class Token:
    start: int
    end: int
    key: str


def tokens(text: str) -> list[Token]:
    return [Token(each.start(), each.end(), key(each[0])) for each in TOKEN.finditer(text)]


def key(word: str) -> str:
    bare = word.replace("-\n", "").replace("\u00ad", "")
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", bare).casefold())


def made_article(number: int) -> Article:
    chance = random.Random(number)
    words = [chance.choice(VOCABULARY) for _ in range(chance.randrange(4, 30))]
    text = "".join(word + chance.choice(GAPS) for word in words).strip()
    day = date(2022, 1, 1) + timedelta(chance.randrange(365))
    stated = PublicationDate(day, day, Precision.DAY, Provenance.STATED, str(day))
    month = PublicationDate(
        date(2021, 2, 1), date(2021, 2, 28), Precision.MONTH, Provenance.STATED, "2021-02"
    )
    title = " ".join(chance.choices(VOCABULARY, k=3)) if chance.random() < 0.5 else None
    return make_article(
        f"a{number:03}",
        text,
        title=title,
        published=chance.choice([stated, stated, stated, month, UNKNOWN_DATE]),
        source=chance.choice(SOURCES),
        author=chance.choice(AUTHORS),
        section=chance.choice(["Stad", None]),
    )


Span = tuple[str, int, int]
Found = list[Span] | None
Rule = Callable[[Article], Found]


def scan(rule: Rule, article: Article) -> Found:
    """Return the places of a rule in an article: the first ones of those that overlap."""
    found = rule(article)
    if found is None:
        return None
    kept: list[Span] = []
    for field in ("title", "text"):
        end = 0
        for span in sorted(
            {each for each in found if each[0] == field}, key=lambda s: (s[1], -s[2])
        ):
            if span[1] >= end:
                kept.append(span)
                end = span[2]
    return kept


def random_query(chance: random.Random, depth: int = 2) -> tuple[str, Rule]:
    """Return a query and the rule that says what it finds."""
    kind = chance.random()
    if depth == 0 or kind < 0.4:
        return random_row(chance)
    if kind < 0.5:
        query, rule = random_query(chance, depth - 1)
        return f"NOT ({query})", lambda article: [] if rule(article) is None else None
    parts = [random_query(chance, depth - 1) for _ in range(chance.choice([2, 2, 3]))]
    rules = [rule for _, rule in parts]
    if kind < 0.75:
        word = chance.choice([" AND ", " "])
        return word.join(f"({query})" for query, _ in parts), lambda article: all_of(rules, article)
    return " OR ".join(f"({query})" for query, _ in parts), lambda article: any_of(rules, article)


def all_of(rules: Sequence[Rule], article: Article) -> Found:
    found = [rule(article) for rule in rules]
    if any(each is None for each in found):
        return None
    return [span for each in found for span in each or ()]


def any_of(rules: Sequence[Rule], article: Article) -> Found:
    found = [each for rule in rules if (each := rule(article)) is not None]
    return [span for each in found for span in each] if found else None


def random_row(chance: random.Random) -> tuple[str, Rule]:
    query, places = chance.choice([form, exact, exact, beginning, phrase, phrase, near])(chance)
    kind = chance.random()
    if kind < 0.1:
        name = chance.choice(SOURCES + tuple(each for each in AUTHORS if each))
        field = "source" if name in SOURCES else "author"
        return f'{field}:"{name}"', lambda article: [] if getattr(article, field) == name else None
    fields = {0.15: ("title",), 0.2: ("text",)}
    searched = next((fields[most] for most in fields if kind < most), ("title", "text"))
    before = f"{searched[0]}:" if len(searched) == 1 else ""

    def rule(article: Article) -> Found:
        found = [
            (field, start, end)
            for field in searched
            for start, end in places(getattr(article, field) or "")
        ]
        return found or None

    return before + query, rule


Places = Callable[[str], list[tuple[int, int]]]


def single(fits: Callable[[str], bool]) -> Places:
    return lambda text: [(each.start, each.end) for each in tokens(text) if fits(each.key)]


def form(chance: random.Random) -> tuple[str, Places]:
    asked = chance.choice(sorted(FORMS))
    keys = set(map(key, FORMS[asked]))
    return chance.choice([asked, asked.upper()]), single(keys.__contains__)


def exact(chance: random.Random) -> tuple[str, Places]:
    asked = chance.choice([each.key for word in VOCABULARY for each in tokens(word)])
    return chance.choice([f"={asked}", f'"{asked}"']), single(lambda found: found == asked)


def beginning(chance: random.Random) -> tuple[str, Places]:
    word = chance.choice([each.key for word in VOCABULARY for each in tokens(word)])
    asked = word[: chance.randrange(1, len(word) + 1)]
    return f"{asked}*", single(lambda found: found.startswith(asked))


def phrase(chance: random.Random) -> tuple[str, Places]:
    asked = [chance.choice(("brug", "de", "het", "d", "grens", "top")) for _ in range(2)]

    def places(text: str) -> list[tuple[int, int]]:
        found = tokens(text)
        return [
            (one.start, two.end)
            for one, two in pairwise(found)
            if [one.key, two.key] == asked
            if re.fullmatch(r"[\s-]+", text[one.end : two.start])
        ]

    return '"{} {}"'.format(*asked), places


def near(chance: random.Random) -> tuple[str, Places]:
    asked = [chance.choice(("brug", "de", "het", "grens")) for _ in range(chance.choice([2, 2, 3]))]
    distance = chance.randrange(5)

    def places(text: str) -> list[tuple[int, int]]:
        found = tokens(text)
        spans = [
            (first, last)
            for first in range(len(found))
            for last in range(first, min(len(found), first + distance + len(asked)))
            if holds([each.key for each in found[first : last + 1]], asked)
        ]
        smallest = [
            (first, last)
            for first, last in spans
            if not any(
                other != (first, last) and first <= other[0] and other[1] <= last for other in spans
            )
        ]
        return [(found[first].start, found[last].end) for first, last in smallest]

    return '"{}"~{}'.format(" ".join(asked), distance), places


def holds(found: Sequence[str], asked: Sequence[str]) -> bool:
    return all(found.count(word) >= asked.count(word) for word in asked)
