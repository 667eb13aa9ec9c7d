"""Makes archives for measurements: text that looks like Dutch news, reproducible by its seed."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

_CHARACTERS_PER_CHUNK = 360  # of the default chunking: its overlap counts once; near enough
_FIRST_DAY, _DAYS = date(2015, 1, 1), 2922
_MEDIAN_WORDS, _SPREAD = 320, 0.65  # lengths of news articles are about log-normal
_SHORTEST, _LONGEST = 60, 2500  # words

# A thing is a first and a last part: some 2,700 compounds, so that many words are rare, as they are
# in a real archive.
_TABLES = {
    "town": """
        Almelo Zutphen Harderwijk Goes Roermond Hoogeveen Dokkum Tiel Woerden Purmerend Oss
        Helmond Sneek Assen Veendam Heerlen Gorinchem Vlissingen Terneuzen Kampen Deventer
        Hengelo Apeldoorn Doetinchem Nijmegen Venlo Weert Sittard Maastricht Breda Tilburg
        Roosendaal Dordrecht Gouda Leiden Haarlem Alkmaar Hoorn Enkhuizen Lelystad Emmeloord
        Meppel Emmen Stadskanaal Delfzijl Leeuwarden Drachten
    """,
    "name": """
        Bakker Visser Meijer Mulder Bos Vos Peters Hendriks Dekker Brouwer Dijkstra Smits
        Kuipers Postma Veenstra Kramer Scholten Wolters Prins Huisman Koster Verhoeven Willems
        Hoekstra Koopmans Vermeulen Jacobs Schouten Martens Timmermans Haverkamp Oosterhuis
        Lammers Terpstra Zijlstra Nijland Evers
    """,
    "role": """
        burgemeester wethouder woordvoerder directeur onderzoeker projectleider voorzitter
        hoogleraar boswachter schooldirecteur brandweercommandant dijkgraaf ondernemer
        vakbondsbestuurder
    """,
    "first part": """
        water brug dijk haven spoor energie wind zonne woning school zorg ziekenhuis sport
        zwembad museum markt vracht fiets verkeer geluids stikstof natuur bos veen melk visserij
        landbouw kas glas staal chemie tunnel sluis riool afval klimaat veiligheids politie
        brandweer jeugd armoede schulden huur bouw grond bodem lucht warmte koel data glasvezel
        digitaliserings onderwijs cultuur theater kermis
    """,
    "last part": """
        plan project onderzoek beleid overleg akkoord fonds tekort overschot verbod vergunning
        centrum gebied netwerk bedrijf samenwerking besluit rapport probleem conflict voorstel
        proef regeling heffing subsidie campagne commissie raad dienst werkzaamheden uitbreiding
        sluiting verhuizing vernieuwing staking controle norm aanpak crisis strategie vereniging
        beurs prijs wet markt ramp installatie vloot route
    """,
    "unit": """
        woningen bomen bezoekers banen leerlingen bedrijven vrachtwagens fietsers huishoudens
        patiënten vrijwilligers bezwaren handtekeningen koeien schepen panelen hectaren
        kilometers
    """,
}
_WORDS = {kind: words.split() for kind, words in _TABLES.items()}
_SECTIONS = ("binnenland", "economie", "regio", "politiek", "wetenschap")
_SOURCES = ("De Streekbode", "Het Dagblad", "Noorderlicht", "De Koerier")

_FACT = "In {town} zijn voor het {thing} volgens {role} {name} {number} {unit} nodig."
_QUESTION = "Hoeveel {unit} zijn er in {town} nodig voor het {thing}?"
_SENTENCES = (
    "Het {thing} in {town} kost {number} euro, {percent} procent meer dan vorig jaar.",
    "“Wij hebben dit niet zien aankomen”, zei {role} {name} na afloop van de vergadering.",
    "De gemeente {town} wil het {thing} nog dit jaar afronden.",
    "Volgens {name} is er te weinig geld voor het {thing}.",
    "Omwonenden van het {thing} maken zich zorgen over de gevolgen voor hun huizen.",
    "Uit cijfers van het {thing} blijkt dat het aantal {unit} met {percent} procent is gedaald.",
    "In {town} werden vorige maand {number} {unit} geteld, tegen {other} een jaar eerder.",
    "{role} {name} noemt het {thing} ‘een gemiste kans’ en pleit voor een nieuw {other_thing}.",
    "De politie hield bij het {thing} {percent} mensen aan, onder wie twee minderjarigen.",
    "Het kabinet trekt {number} euro uit voor het {thing}, maakte {name} bekend.",
    "Een meerderheid van de gemeenteraad stemde tegen het {thing}, ondanks het advies van {name}.",
    "Het {thing} moet volgens {name} uiterlijk over {percent} maanden klaar zijn.",
    "“Als er niets verandert, zijn we over tien jaar alle {unit} kwijt”, waarschuwt {name}.",
    "Tussen {town} en {other_town} rijden door het {thing} dit weekeinde geen treinen.",
    "Het bedrijf uit {town} verloor door het {thing} zo'n {percent} procent van zijn omzet.",
    "De rechter gaf {name} maandag gelijk in de zaak over het {thing}.",
    "Eerder al mislukte in {other_town} een vergelijkbaar {thing}, dat {number} euro kostte.",
    "Bij het {thing} zijn ruim {number} {unit} betrokken, aldus een woordvoerder.",
    "{name} wil niet vooruitlopen op de uitkomst van het {thing}.",
    "Het regende en waaide hard.",
    "Niemand raakte gewond.",
    "Dat meldt de gemeente {town} vandaag.",
    "De onderzoekers, die {percent} jaar lang gegevens over het {thing} en het {other_thing} "
    "verzamelden, verwachten dat het aantal {unit} in {town} en {other_town} de komende jaren "
    "verder zal toenemen, al blijft volgens {role} {name} onzeker hoe snel dat zal gaan.",
)
_HEADINGS = ("Geen geld voor {thing}", "Zorgen in {town}", "Hoe het verder gaat", "‘Gemiste kans’")


@dataclass(frozen=True, slots=True)
class MadeArticle:
    """A generated article, and a question that its text answers."""

    id: str
    title: str
    date: str | None
    author: str
    section: str
    source: str
    text: str
    question: str


def made_articles(*, seed: int = 0) -> Iterator[MadeArticle]:
    """Yield articles without end; the same seed gives the same articles.

    >>> article = next(made_articles())
    >>> article == next(made_articles()), article == next(made_articles(seed=1))
    (True, False)
    """
    number = 0
    while True:
        yield _made_article(number, random.Random(f"{seed} {number}"))  # noqa: S311 - no secret
        number += 1


def write_archive(path: Path, *, chunks: int) -> list[MadeArticle]:
    """Write a JSONL file of articles that give about this many chunks; return the articles."""
    articles: list[MadeArticle] = []
    characters = 0
    for article in made_articles():
        articles.append(article)
        characters += len(article.text)
        if characters >= chunks * _CHARACTERS_PER_CHUNK:
            break
    fields = [{**asdict(article), "language": "nl"} for article in articles]
    lines = [json.dumps(record, ensure_ascii=False) for record in fields]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return articles


def _made_article(number: int, dice: random.Random) -> MadeArticle:
    words = _words(dice)
    length = min(max(dice.lognormvariate(0, _SPREAD) * _MEDIAN_WORDS, _SHORTEST), _LONGEST)
    return MadeArticle(
        id=f"made/{number:06d}",
        title=f"{words['town']}: {words['number']} {words['unit']} voor {words['thing']}",
        date=_day(dice),
        author=dice.choice(_WORDS["name"]),
        section=dice.choice(_SECTIONS),
        source=dice.choice(_SOURCES),
        text="\n\n".join(_paragraphs(dice, words, int(length))),
        question=_QUESTION.format_map(words),
    )


def _paragraphs(dice: random.Random, words: dict[str, str], length: int) -> Iterator[str]:
    """Yield paragraphs of two to five sentences, some under a heading, of `length` words or so."""
    sentences = [_FACT.format_map(words)]
    while length > 0:
        for _ in range(dice.randint(2, 5)):
            # An article stays with its own subject in most of its sentences.
            about = words if dice.random() < 0.5 else _words(dice)
            sentence = dice.choice(_SENTENCES).format_map(about)
            sentences.append(sentence[0].upper() + sentence[1:])
        paragraph = " ".join(sentences)
        yield paragraph
        length -= len(paragraph.split())
        sentences = []
        if length > 0 and dice.random() < 0.15:
            yield dice.choice(_HEADINGS).format_map(words)


def _words(dice: random.Random) -> dict[str, str]:
    return {
        **{kind: dice.choice(_WORDS[kind]) for kind in ("town", "name", "role", "unit")},
        "other_town": dice.choice(_WORDS["town"]),
        "thing": _compound(dice),
        "other_thing": _compound(dice),
        "number": f"{dice.randint(1, 900)}.{dice.randint(0, 999):03d}",
        "other": str(dice.randint(20, 999)),
        "percent": str(dice.randint(2, 60)),
    }


def _compound(dice: random.Random) -> str:
    return dice.choice(_WORDS["first part"]) + dice.choice(_WORDS["last part"])


def _day(dice: random.Random) -> str | None:
    """Return a day; one in ten times only a month, one in fifty times nothing."""
    day = (_FIRST_DAY + timedelta(days=dice.randrange(_DAYS))).isoformat()
    chance = dice.random()
    if chance < 0.02:
        return None
    return day[:7] if chance < 0.12 else day
