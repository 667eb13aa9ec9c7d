"""Made archives in which a value changes over time, to measure what is made of that.

Each archive tells of one subject. Its value changes a few times; each value stands in several
articles, in other words and spellings; later articles look back on older values, some articles
have no date, and others tell of something else. The values of one stage stand at least forty days
from those of the next, so that their order is certain where only the month is known.

A generator proves nothing about real news.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from index_store.records import (
    UNKNOWN_DATE,
    Article,
    Precision,
    Provenance,
    PublicationDate,
)
from qa.answer.values import ValueMention

Split = Literal["development", "held out"]
Values = list[tuple[str, tuple[str, ...]]]  # each with its spellings
Draw = Callable[[random.Random, Split], Values]

MONTHS = {
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "en": "January February March April May June July August September October November December",
}

WEEKDAYS = "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag"

# Spelled out by hand, not by the code that is tested.
SPELLED = {
    "nl": {
        7000: "zevenduizend",
        12000: "twaalfduizend",
        25000: "vijfentwintigduizend",
        30000: "dertigduizend",
        75000: "vijfenzeventigduizend",
        100000: "honderdduizend",
        130000: "honderddertigduizend",
        190000: "honderdnegentigduizend",
        250000: "tweehonderdvijftigduizend",
        1500000: "anderhalf miljoen",
        2500000: "twee en een half miljoen",
        3000000: "drie miljoen",
    },
    "en": {
        7000: "seven thousand",
        12000: "twelve thousand",
        25000: "twenty-five thousand",
        30000: "thirty thousand",
        75000: "seventy-five thousand",
        100000: "a hundred thousand",
        130000: "one hundred and thirty thousand",
        190000: "one hundred and ninety thousand",
        250000: "two hundred and fifty thousand",
        1500000: "one and a half million",
        2500000: "two and a half million",
        3000000: "three million",
    },
}

# Spellings of one name, parted by "|". The pools share no name.
PERSONS = {
    "development": (
        "Poetin|Vladimir Poetin|Putin",
        "Zelenski|Zelensky|Volodymyr Zelensky",
        "Loekasjenko|Aleksandr Loekasjenko|Lukashenko",
        "Sjojgoe|Sergej Sjojgoe|Shoigu",
        "Stoltenberg|Jens Stoltenberg|NAVO-chef Stoltenberg",
        "Guterres|António Guterres|Antonio Guterres",
        "Janneke de Wit|De Wit",
        "Olaf Scholz|Scholz|bondskanselier Scholz",
    ),
    "held out": (
        "Jeltsin|Boris Jeltsin|Yeltsin",
        "Navalny|Navalni|Aleksej Navalny",
        "Prigozjin|Prigozhin|Jevgeni Prigozjin",
        "Kadyrov|Kadirov|Ramzan Kadyrov",
        "Erdogan|Erdoğan|president Erdogan",
        "Netanyahu|Netanjahoe|premier Netanyahu",
        "Medvedev|Medvedjev|Dmitri Medvedev",
        "Von der Leyen|Ursula von der Leyen",
        "Sanne Hofstra|Hofstra",
        "Peskov|Dmitri Peskov|woordvoerder Peskov",
    ),
}
PLACES = {
    "development": (
        "Wit-Rusland|Belarus",
        "Kiev|Kyiv",
        "Genève|Geneva",
        "Moskou|Moscow",
        "de Verenigde Staten|de VS|Amerika",
        "Charkov|Charkiv",
        "Zwolle|Zwolle",
        "Noord-Korea|Noord-Korea",
    ),
    "held out": (
        "Oekraïne|Ukraine",
        "Teheran|Tehran",
        "Istanboel|Istanbul",
        "Boedapest|Budapest",
        "Warschau|Warsaw",
        "Bachmoet|Bakhmut",
        "Odessa|Odesa",
        "het Verenigd Koninkrijk|Groot-Brittannië|het VK",
        "Ivoorkust|Ivory Coast",
        "Zuid-Korea|South Korea",
        "Deventer|Deventer",
    ),
}


@dataclass(frozen=True, slots=True)
class Planted:
    """An archive; `mentions` hold the places of the values, `keys` which value each one is.

    `expected` are the values from oldest to newest. Values that only undated articles name are
    not among them.
    """

    question: str
    articles: tuple[Article, ...]
    mentions: tuple[ValueMention, ...]
    keys: tuple[str, ...]
    expected: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Subject:
    """How one subject is asked for and told of; `{value}` and, looking back, `{when}` go in."""

    language: str
    question: str
    now: tuple[str, ...]
    then: tuple[str, ...]
    draw: Draw


def plant(seed: int, split: Split) -> Planted:
    """Make an archive; another seed makes another one."""
    rng = random.Random(f"{split} {seed}")
    subject = rng.choice(_SUBJECTS)
    values = subject.draw(rng, split)[: rng.randint(2, 5)]
    writer = _Writer(rng, subject)
    day = date(rng.randint(2015, 2023), rng.randint(1, 12), rng.randint(1, 28))
    for stage, (key, spellings) in enumerate(values):
        for number in range(rng.randint(1, 3)):
            published = day + timedelta(days=rng.randint(0, 6) + 7 * number)
            older = values[stage - 1] if stage and rng.random() < 0.4 else None
            writer.write(key, spellings, published, older, writer.previous)
        writer.previous = day
        day += timedelta(days=rng.randint(85, 300))
    if rng.random() < 0.5:
        key, spellings = rng.choice(values)
        writer.write(key, spellings, None, None, None)
    for number in range(rng.randint(1, 4)):
        writer.write_elsewhere(number, day)
    return writer.finish(tuple(key for key, _ in values))


class _Writer:
    """Writes the articles, and notes where the values stand in them."""

    def __init__(self, rng: random.Random, subject: _Subject) -> None:
        self.previous: date | None = None
        self._rng = rng
        self._subject = subject
        self._articles: list[Article] = []
        self._mentions: list[ValueMention] = []
        self._keys: list[str] = []

    def write(
        self,
        key: str,
        spellings: Sequence[str],
        published: date | None,
        older: tuple[str, Sequence[str]] | None,
        before: date | None,
    ) -> None:
        """Write an article that gives a value, and perhaps looks back on the one before."""
        rng, language = self._rng, self._subject.language
        parts = [(rng.choice(self._subject.now), key, rng.choice(list(spellings)))]
        if older and before:
            month = MONTHS[language].split()[before.month - 1]
            sentence = rng.choice(self._subject.then).replace("{when}", f"{month} {before.year}")
            parts.append((sentence, older[0], rng.choice(list(older[1]))))
        sentences = [(template, "", "") for template in rng.sample(_FILLERS[language], 2)] + parts
        rng.shuffle(sentences)
        self._add(sentences, _published(published, rng))

    def write_elsewhere(self, number: int, day: date) -> None:
        """Write an article on something else, with figures of its own."""
        language = self._subject.language
        figure = f"{number + 3}00"
        template = _ELSEWHERE[language][number % len(_ELSEWHERE[language])]
        filler = (self._rng.choice(_FILLERS[language]), "", "")
        self._add(
            [(template.replace("{figure}", figure), "", ""), filler], _published(day, self._rng)
        )

    def finish(self, expected: tuple[str, ...]) -> Planted:
        order = list(range(len(self._mentions)))
        self._rng.shuffle(order)
        return Planted(
            self._subject.question,
            tuple(self._articles),
            tuple(self._mentions[at] for at in order),
            tuple(self._keys[at] for at in order),
            expected,
        )

    def _add(self, sentences: Sequence[tuple[str, str, str]], published: PublicationDate) -> None:
        identifier = f"made/{len(self._articles):03}"
        text, places = "", []
        for template, key, value in sentences:
            sentence = template.replace("{value}", value)
            sentence = sentence[0].upper() + sentence[1:]
            text += " " if text else ""
            if key:
                at = template.index("{value}")
                written = sentence[at : at + len(value)]
                places.append((key, written, len(text) + at, len(text), sentence))
            text += sentence
        language = self._subject.language
        self._articles.append(Article(identifier, None, text, published, "made", language))
        for key, value, start, sentence_start, sentence in places:
            self._keys.append(key)
            self._mentions.append(
                ValueMention(
                    value,
                    published,
                    identifier,
                    start,
                    start + len(value),
                    language,
                    sentence,
                    sentence_start,
                )
            )


def _published(day: date | None, rng: random.Random) -> PublicationDate:
    if day is None:
        return UNKNOWN_DATE
    if rng.random() < 0.75:
        return PublicationDate(day, day, Precision.DAY, Provenance.STATED, day.isoformat())
    first = day.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return PublicationDate(first, last, Precision.MONTH, Provenance.STATED, f"{day:%Y-%m}")


# -- values, each with its spellings ----------------------------------------------------------


def _drawn(rng: random.Random, values: Sequence[tuple[str, tuple[str, ...]]]) -> Values:
    return rng.sample(list(values), len(values))


def _figure(number: int, language: str) -> str:
    return f"{number:,}".replace(",", "." if language == "nl" else ",")


def _counts(language: str, noun: str) -> Draw:
    about, more, thousand = {
        "nl": (("zo'n", "ongeveer", "circa"), ("meer dan", "ruim"), "duizend"),
        "en": (("about", "around", "some"), ("more than", "over"), "thousand"),
    }[language]

    def draw(rng: random.Random, split: Split) -> Values:
        del split
        values: Values = []
        for number, spelled in SPELLED[language].items():
            figure = _figure(number, language)
            if rng.random() < 0.25:
                above = (
                    f"{rng.choice(more)} {figure} {noun}",
                    f"{rng.choice(more)} {spelled} {noun}",
                )
                values.append((f"above {number}", above))
                continue
            said: tuple[str, ...] = (
                f"{figure} {noun}",
                f"{rng.choice(about)} {figure} {noun}",
                f"{spelled} {noun}",
                figure,
            )
            if number < 10**6:
                said += (f"{number // 1000} {thousand} {noun}",)
            values.append((str(number), said))
        return _drawn(rng, values)

    return draw


def _shares(rng: random.Random, split: Split) -> Values:
    del split
    values: Values = []
    for tenths in rng.sample(range(11, 990), 6):
        share = f"{tenths / 10:g}".replace(".", ",")
        values.append((share, (f"{share} procent", f"{share}%", f"ongeveer {share} procent")))
    return values


def _sums(rng: random.Random, split: Split) -> Values:
    del split
    values: Values = []
    for tenths in rng.sample([11, 12, 14, 18, 21, 25, 32, 36, 41, 57, 63, 88], 6):
        words = f"{tenths / 10:g}".replace(".", ",")
        figure = _figure(tenths * 100_000, "nl")
        said = (f"{words} miljoen euro", f"€ {words} miljoen", f"{figure} euro", f"€{figure}",
                f"zo'n {words} mln. euro")  # fmt: skip
        values.append((words, said))
    return values


def _days(rng: random.Random, split: Split) -> Values:
    del split
    values: Values = []
    for month in rng.sample(range(1, 13), 6):
        day = date(rng.randint(2025, 2028), month, rng.randint(1, 28))
        name = MONTHS["nl"].split()[month - 1]
        weekday = WEEKDAYS.split()[day.weekday()]
        said = (f"{day.day} {name} {day.year}", f"{day.day}-{day.month}-{day.year}",
                f"{weekday} {day.day} {name} {day.year}", f"{day.day} {name[:3]}. {day.year}"
                if name not in ("maart", "mei") else f"{day.day} {name} {day.year}")  # fmt: skip
        values.append((day.isoformat(), said))
    return values


def _names(
    pools: dict[str, tuple[str, ...]],
) -> Draw:
    def draw(rng: random.Random, split: Split) -> Values:
        lines = [line.split("|") for line in pools[split]]
        return _drawn(rng, [(spellings[0], tuple(spellings)) for spellings in lines])

    return draw


_SUBJECTS = (
    _Subject(
        "nl",
        "Hoeveel militairen staan er bij de grens?",
        (
            "Bij de grens staan {value}, zegt het ministerie.",
            "Volgens het ministerie gaat het om {value} bij de grens.",
            "Er zijn nu {value} bij de grens.",
        ),
        (
            "In {when} waren het er nog {value}.",
            "Inlichtingendiensten spraken in {when} van {value}.",
        ),
        _counts("nl", "militairen"),
    ),
    _Subject(
        "en",
        "How many soldiers are at the border?",
        (
            "There are {value} at the border, the ministry says.",
            "According to officials {value} have gathered at the border.",
        ),
        ("In {when} there were {value} there.", "Back in {when}, it was {value}."),
        _counts("en", "soldiers"),
    ),
    _Subject(
        "nl",
        "Hoe hoog is de inflatie?",
        ("De inflatie bedraagt {value}.", "De prijzen stegen met {value}, meldt het bureau."),
        ("In {when} was dat nog {value}.",),
        _shares,
    ),
    _Subject(
        "nl",
        "Hoeveel kost de nieuwe brug?",
        ("De nieuwe brug kost {value}.", "Met {value} valt de brug duurder uit."),
        ("In {when} werd de brug begroot op {value}.",),
        _sums,
    ),
    _Subject(
        "nl",
        "Wanneer gaat de tunnel open?",
        ("De tunnel gaat open op {value}.", "De opening is nu gepland op {value}."),
        ("De opening stond eerst gepland op {value}.",),
        _days,
    ),
    _Subject(
        "nl",
        "Wie leidt de onderhandelingen?",
        ("De onderhandelingen worden geleid door {value}.", "Aan het hoofd staat {value}."),
        ("In {when} was dat nog {value}.",),
        _names(PERSONS),
    ),
    _Subject(
        "nl",
        "Waar worden de gesprekken gehouden?",
        ("De gesprekken zijn in {value}.", "Men ontmoet elkaar in {value}, zegt een diplomaat."),
        ("In {when} sprak men nog in {value}.",),
        _names(PLACES),
    ),
)
_FILLERS = {
    "nl": [
        "De toestand blijft gespannen.",
        "Verdere bijzonderheden zijn niet bekend.",
        "Het weer speelde daarbij geen rol.",
        "Omwonenden reageren verdeeld.",
        "In 2014 was er ook al onrust.",
        "De minister wilde niet reageren op 12 vragen van deze krant.",
    ],
    "en": [
        "The situation remains tense.",
        "No further details are known.",
        "There had been unrest in 2014 as well.",
        "Residents are divided.",
    ],
}
_ELSEWHERE = {
    "nl": [
        "De gemeente plant {figure} bomen.",
        "In de haven lagen {figure} schepen.",
        "Voor het concert werden {figure} kaarten verkocht.",
    ],
    "en": ["The town planted {figure} trees.", "Some {figure} tickets were sold for the concert."],
}
