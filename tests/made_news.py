"""A made news archive whose true days are known: stories told in several articles, one undated.

The phrasings are those of real news: bare weekdays, "gisteren", days and months with and without
their year, plans, anniversaries, and quotes about the past that mislead. It knows nothing of how
dates are inferred. What it cannot prove is how real news is.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date

from index_store.records import UNKNOWN_DATE, Article, Precision, Provenance, PublicationDate

FIRST_DAY, LAST_DAY = date(2004, 1, 1), date(2025, 6, 30)
TODAY = date(2026, 1, 1)
PLACES = (
    "Almere",
    "Breda",
    "Delft",
    "Emmen",
    "Gouda",
    "Heerlen",
    "Hoorn",
    "Kampen",
    "Leiden",
    "Meppel",
    "Oss",
    "Roermond",
    "Sneek",
    "Tiel",
    "Venlo",
    "Weert",
    "Zeist",
    "Zwolle",
    "Assen",
    "Deventer",
    "Ede",
    "Goes",
    "Hulst",
    "Lochem",
)
PEOPLE = (
    "De Wit",
    "Van Dam",
    "Bakker",
    "El Idrissi",
    "Hoekstra",
    "Jansma",
    "Kaya",
    "De Leeuw",
    "Mulder",
    "Pietersen",
    "Ruiter",
    "Smits",
    "Terpstra",
    "Verhoef",
    "Visser",
    "Yilmaz",
    "Zijlstra",
    "Brouwer",
)

# Per subject: what happened, the article that goes with it, and background without a date.
DUTCH = {
    "brand": (
        "is een grote brand uitgebroken in een meubelfabriek in {place}",
        "De brandweer van {place} bestreed het vuur met veertien wagens.|Bij de meubelfabriek"
        " werken"
        " tachtig mensen.|Volgens brandweercommandant {person} vielen er geen gewonden.|Omwonenden"
        " moesten ramen en deuren sluiten vanwege de rook.",
    ),
    "rechtszaak": (
        "heeft de rechtbank in {place} uitspraak gedaan in de fraudezaak tegen wethouder {person}",
        "De officier van justitie had twee jaar cel geëist.|{person} ontkende steekpenningen te"
        " hebben aangenomen.|De advocaat noemt het vonnis onbegrijpelijk en gaat in hoger beroep.",
    ),
    "staking": (
        "hebben de buschauffeurs van {place} het werk neergelegd",
        "De vakbond wil vijf procent loon erbij.|Volgens bestuurder {person} reed geen enkele bus"
        " uit."
        "|Reizigers stonden vergeefs bij de haltes in {place}.",
    ),
    "bank": (
        "heeft de spaarbank van {place} haar fusie bekendgemaakt",
        "De toezichthouder moet nog instemmen.|Topman {person} spreekt van een logische stap.|Er"
        " verdwijnen driehonderd banen op het hoofdkantoor.",
    ),
    "storm": (
        "heeft een storm daken van huizen gerukt in {place}",
        "Meteoroloog {person} mat windstoten van 130 kilometer per uur.|Op de dijk bij {place}"
        " waaiden"
        " bomen om.|Verzekeraars rekenen op miljoenen aan schade.",
    ),
    "voetbal": (
        "heeft de voetbalclub van {place} trainer {person} ontslagen",
        "De club staat laatste in de eerste divisie.|Supporters floten de ploeg uit na weer een"
        " nederlaag.|De assistent neemt de training over.",
    ),
    "museum": (
        "is een schilderij gestolen uit het museum van {place}",
        "De dieven kwamen binnen door een dakraam.|Directeur {person} is ontdaan.|Het doek uit de"
        " zeventiende eeuw is onverzekerd.",
    ),
    "brug": (
        "heeft de gemeenteraad van {place} besloten de oude brug te slopen",
        "Wethouder {person} noemt herstel te duur.|De brug over het kanaal is verzakt.|Fietsers in"
        " {place} moeten kilometers omrijden.",
    ),
}
ENGLISH = {
    "flood": (
        "the river burst its banks near {place}",
        "Mayor {person} declared an emergency.|Hundreds of people had to leave their homes.|Farmers"
        " near {place} lost their cattle.",
    ),
    "strike": (
        "nurses in {place} walked out over pay",
        "The union wants a rise of six percent.|Hospital director {person} called the strike"
        " irresponsible.|Operations in {place} were put off.",
    ),
}
# What gives each story words of its own, told in most of its articles: names that are made up.
DUTCH_OWN = (
    "Aannemer {own0} wacht op groen licht.|Ook {own1}, wonend aan de {own2}straat, is geraakt.|Het"
    " bedrijf {own0} weigert commentaar.|In de wijk {own2} is er onrust.|Advocaat {own1} sprak"
    " voor de"
    " familie {own3}.|De stichting {own3} wil opheldering van {own1}.|Buurtbewoner {own4} zag het"
    " vanaf de {own2}straat."
)
ENGLISH_OWN = (
    "The firm {own0} declined to comment.|{own1}, who lives in {own2} Street, was hit too.|Lawyer"
    " {own1} spoke for the {own3} family.|In the {own2} district there is unrest.|The {own3}"
    " charity"
    " wants answers from {own1}.|{own4} saw it from {own2} Street."
)
OWN = {"nl": DUTCH_OWN, "en": ENGLISH_OWN}
SYLLABLES = (
    "bar",
    "del",
    "fen",
    "gro",
    "hal",
    "jor",
    "kam",
    "lin",
    "mor",
    "nes",
    "per",
    "rul",
    "sta",
    "tor",
    "vel",
    "wim",
    "zan",
    "dros",
    "kel",
    "brin",
    "lof",
    "mar",
    "sle",
    "vos",
    "trim",
    "hou",
    "gel",
)
# Sentences with a date in them: {w} a weekday, {d} a day and month, {f} with its year, {m} a month,
# {y} a year. The letter is followed by which day is meant: 0 the event, - before it, + after it.
DUTCH_LEADS = (
    "{W0} {event}.|Op {d0} {event}.|Op {w0} {d0} {event}.|Gisteren {event}.|Vandaag {event}."
    "|{event0}, zo is {w0} bekendgemaakt.|{event0}. Dat meldde de gemeente {w0}."
)
DUTCH_BACKGROUND = (
    "Een woordvoerder zei {w0} dat de oorzaak nog onduidelijk is.|Het onderzoek begon op {d-}."
    "|Volgens een verslag van {f-} was er eerder gewaarschuwd.|De burgemeester kwam {w0} terug van"
    " vakantie.|Al in {m-} waren er klachten.|De eerste meldingen kwamen op {w-} {d-}"
    " binnen.|Eerder"
    " deze week bleef het nog rustig.|Sinds {y-} gaat het slecht, aldus een deskundige.|De krant"
    " schreef er op {d-} over.|Dat gebeurde gisteren ({dy}), zegt de politie.|De raad vergaderde"
    " {w0}, {d0}, tot diep in de nacht."
)
DUTCH_PLANS = (
    "De raad bespreekt de zaak op {d+}.|{W+} zal de minister de stad bezoeken.|Op {w+} {d+} volgt"
    " een"
    " hoorzitting.|Het herstel moet voor {y+} klaar zijn.|In {m+} wordt een besluit verwacht.|De"
    " vergunning loopt tot {f+}."
)
DUTCH_MISLEADING = (
    "In {yold} gebeurde hetzelfde, toen met acht doden.|Het is tien jaar geleden dat het ook"
    " misging,"
    " op {fold}.|“Op {dold} begon voor mij de ellende”, zegt een bewoner.|De watersnood van 1"
    " februari"
    " 1953 ligt hier nog vers in het geheugen.|Elk jaar op 4 mei herdenkt de stad de oorlog.|“Wij"
    " wachten al sinds {fold} op antwoord”, aldus een buurvrouw.|Elke dinsdag is er een spreekuur."
    "|Volgens het plan moet alles in 2050 schoon zijn.|Oud-burgemeester {person} overleed in"
    " {yold}."
)
ENGLISH_LEADS = (
    "On {W0} {event}.|On {w0}, {d0}, {event}.|On {d0} {event}.|Yesterday {event}.|{event0},"
    " officials"
    " said on {w0}."
)
ENGLISH_BACKGROUND = (
    "A spokesman said on {w0} that the cause was unclear.|The inquiry began on {d-}.|A report of"
    " {f-}"
    " had warned of it.|There were complaints as early as {m-}.|It has been bad since {y-}, an"
    " expert"
    " said.|It happened yesterday, {dy}, the police said."
)
ENGLISH_PLANS = (
    "The council will meet on {d+}.|A hearing is scheduled for {w+}, {d+}.|The minister will visit"
    " on {w+}.|Repairs must be done by {y+}."
)
ENGLISH_MISLEADING = (
    "In {yold} the same happened, with eight dead.|“It all began on {dold},” a resident said.|The"
    " town still remembers the flood of 31 January 1953.|Former mayor {person} died in {yold}."
)
SENTENCES = {
    "nl": (DUTCH_LEADS, DUTCH_BACKGROUND, DUTCH_PLANS, DUTCH_MISLEADING),
    "en": (ENGLISH_LEADS, ENGLISH_BACKGROUND, ENGLISH_PLANS, ENGLISH_MISLEADING),
}


@dataclass(frozen=True, slots=True)
class MadeArticle:
    """An article, the day on which it really appeared, and the story that it tells."""

    article: Article
    day: date
    story: int


@dataclass(frozen=True, slots=True)
class MadeArchive:
    """Articles without a date, with their true days, and the dated ones beside them."""

    hidden: tuple[MadeArticle, ...]
    dated: tuple[MadeArticle, ...]


def make_archive(seed: int, *, count: int = 240) -> MadeArchive:
    """Make `count` undated articles, a fifth of them in English, and the dated ones around."""
    chance = random.Random(seed)
    hidden: list[MadeArticle] = []
    dated: list[MadeArticle] = []
    for story in range(count):
        language = "en" if chance.random() < 0.2 else "nl"
        subjects = ENGLISH if language == "en" else DUTCH
        writer = _Writer(chance, language, chance.choice(sorted(subjects)))
        day = FIRST_DAY + timedelta(days=chance.randrange((LAST_DAY - FIRST_DAY).days))
        article = Article(
            f"{story}/x", None, writer.write(day), UNKNOWN_DATE, "krant", language=language
        )
        hidden.append(MadeArticle(article, day, story))
        for number, other in enumerate(_days_of_others(chance, day)):
            article = Article(
                f"{story}/{number}", None, writer.write(other), _stated(chance, other), "krant",
                language=language,
            )  # fmt: skip
            dated.append(MadeArticle(article, other, story))
    return MadeArchive(tuple(hidden), tuple(dated))


def _days_of_others(chance: random.Random, day: date) -> list[date]:
    """Choose when the dated articles appear: a quarter of the stories have none that is near."""
    others = []
    if chance.random() < 0.75:
        for _ in range(chance.randint(1, 4)):
            farthest = chance.choice([5, 30, 30, 150])
            others.append(day + timedelta(days=chance.randint(-farthest, farthest)))
    if chance.random() < 0.3:  # the same story again, years before or after
        others.append(day + timedelta(days=365 * chance.choice([-3, -2, -1, 1, 2])))
    return others


def _stated(chance: random.Random, day: date) -> PublicationDate:
    if chance.random() < 0.7:
        return PublicationDate(day, day, Precision.DAY, Provenance.STATED, day.isoformat())
    first = day.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return PublicationDate(first, last, Precision.MONTH, Provenance.STATED, f"{day:%Y-%m}")


class _Writer:
    """Writes the articles of one story."""

    def __init__(self, chance: random.Random, language: str, subject: str) -> None:
        self.chance = chance
        self.language = language
        self.place, self.person = chance.choice(PLACES), chance.choice(PEOPLE)
        event, details = (ENGLISH if language == "en" else DUTCH)[subject]
        self.event, self.details = event, details.split("|")
        self.own = [self._name() for _ in range(5)]

    def write(self, day: date) -> str:
        """Return the text of an article that appears on a day."""
        leads, background, plans, misleading = SENTENCES[self.language]
        happened = day - timedelta(days=self.chance.choice([0, 0, 0, 1, 1, 2]))
        lead = self.chance.choice(leads.split("|"))
        if lead.startswith(("Gisteren", "Yesterday")):
            happened = day - timedelta(days=1)
        if lead.startswith("Vandaag"):
            happened = day
        body = self.chance.sample(self.details, self.chance.randint(1, 2))
        body += self.chance.sample(OWN[self.language].split("|"), self.chance.randint(2, 4))
        body += self.chance.sample(background.split("|"), self.chance.choice([0, 1, 2, 2, 3]))
        body += self.chance.sample(plans.split("|"), self.chance.choice([0, 0, 1, 1, 2]))
        body += self.chance.sample(misleading.split("|"), self.chance.choice([0, 0, 1, 1, 2]))
        self.chance.shuffle(body)
        return " ".join(self._fill(sentence, day, happened) for sentence in [lead, *body])

    def _fill(self, sentence: str, day: date, happened: date) -> str:
        chance = self.chance
        event = self.event.format(place=self.place, person=self.person)
        before = happened - timedelta(days=chance.choice([2, 3, 5, 8, 13, 21, 40, 90]))
        after = day + timedelta(days=chance.choice([1, 2, 4, 6, 10, 16, 30, 60]))
        old = day - timedelta(days=chance.randint(300, 6000))
        decade = day.replace(year=day.year - 10, day=min(day.day, 28))
        if "tien jaar geleden" in sentence:
            old = decade
        words = {
            "{event}": event,
            "{event0}": self._told(event),
            "{person}": chance.choice(PEOPLE),
            "{place}": self.place,
            **{f"{{own{number}}}": name for number, name in enumerate(self.own)},
            "{dy}": self._date(day - timedelta(days=1), "d MMMM"),
        }
        for mark, named in (("0", happened), ("-", before), ("+", after), ("old", old)):
            weekday_day = day + timedelta(days=min((after - day).days, 6)) if mark == "+" else named
            if mark == "-" and "{d-}" not in sentence:
                weekday_day = day - timedelta(days=min((day - before).days, 6))
            with_date = f"{{d{mark}}}" in sentence
            weekday = self._date(named if with_date else weekday_day, "EEEE")
            words |= {
                f"{{w{mark}}}": weekday,
                f"{{W{mark}}}": weekday[:1].upper() + weekday[1:],
                f"{{d{mark}}}": self._date(named, "d MMMM"),
                f"{{f{mark}}}": self._date(named, chance.choice(["d MMMM y", "d MMM y"])),
                f"{{m{mark}}}": self._date(named, "MMMM"),
                f"{{y{mark}}}": str(named.year + (mark == "+") - (mark == "-")),
            }
        for mark, filled in words.items():
            sentence = sentence.replace(mark, filled)
        return sentence

    def _name(self) -> str:
        return "".join(self.chance.choices(SYLLABLES, k=self.chance.randint(2, 3))).capitalize()

    def _told(self, event: str) -> str:
        """Return a clause as a sentence of its own: "is een brand" becomes "Er is een brand"."""
        return f"Er {event}" if self.language == "nl" else event[:1].upper() + event[1:]

    def _date(self, day: date, pattern: str) -> str:
        return str(format_date(day, pattern, locale="nl" if self.language == "nl" else "en_GB"))
