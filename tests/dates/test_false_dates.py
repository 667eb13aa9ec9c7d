"""What was found in real articles was read by hand; the verdicts are kept in a file."""

from __future__ import annotations

import json
from datetime import date

import pytest

from qa.dates.expressions import find_dates
from tests.paths import DATA

LINES = (DATA / "date_verdicts.jsonl").read_text(encoding="utf-8")
VERDICTS = [json.loads(line) for line in LINES.splitlines()[1:]]
TODAY = date(2022, 2, 17)

# Everything in these lines looks like a date and is none.
NO_DATES = {
    "nl": """
        In zaal 2019 zaten 1500 mensen.
        Er kwamen 100.000 troepen en 2000 soldaten.
        3/4 van de bevolking stemde.
        Bel 06-12345678 of 020-2015 2016.
        Bel 0800-2021 of +31 20 1985 1234.
        Het werd 3-1 na rust, later 2-1.
        De stand was 21-19 in de derde set, tot 12-10.
        Sven Mei en Ginger Maart wonnen.
        Mevrouw van der Maart sprak met Theresa May.
        Een huis van 2000 vierkante meter voor 1950 euro.
        De 2000 boeren reden naar Den Haag.
        Hij woont op nummer 2011, postcode 2011 AB.
        COVID-2019 brak uit op de N2010.
        Een Audi Q3 met Windows 2000.
        Elke donderdag is er markt, iedere zondag rust.
        's Morgens vroeg: goede morgen allemaal.
        Deze morgen regende het.
        Vandaag de dag is alles anders.
        Een 21-jarige man met versie 3.11.2.
        Hij liep 10.5 km in 20.15 minuten om 19.30 uur.
        ISBN 978-90-2019-1234 kost € 2020.
        In de eerste helft van de wedstrijd en het tweede kwart.
        Twee jaar cel en een week vakantie, drie dagen per week.
        In 44 v.Chr. en in 1200 voor Christus.
        Tussen 10 en 20 procent, van 10 tot 20 mensen, 10-20 man.
        Dit is zo: do re mi, ma en pa, di en wo.
        Op zo'n manier zat hij op zon- en feestdagen in de zon.
        De vrij sterke wind en de bewegende deeltjes die vrij bewegen.
        Jan Jansen, Jul en de 2e kamer op de 3e plaats.
        Ruim 1900 huizen en bijna 2000 klachten, zo'n 2000 jaar oud.
        https://nieuws.example/2019/03/12/artikel
    """,
    "en": """
        You may go. May I come in?
        Soldiers march on Washington. March on!
        August Strindberg met April Jones, an august body.
        Spring water falls in the fall of Rome.
        Every Monday in room 2019 with 2000 people.
        It cost $2020 and 1,500 men.
        Easter Island has no Christmas tree.
        They lost 2-1 in the first quarter of the game.
        3/4 of the people read page 1999.
    """,
}
CASES = [(language, line.strip()) for language, text in NO_DATES.items()
         for line in text.strip().splitlines()]  # fmt: skip


@pytest.mark.parametrize(("language", "line"), CASES)
def test_what_only_looks_like_a_date_is_left_alone(language: str, line: str) -> None:
    assert find_dates(line, today=TODAY, language=language) == []


@pytest.mark.parametrize("row", VERDICTS, ids=lambda row: f"{row['source']} {row['text']}")
def test_real_text_is_read_as_a_reader_judged_it(row: dict[str, str]) -> None:
    excerpt = row["before"] + row["text"] + row["after"]
    start = len(row["before"])
    end = start + len(row["text"])
    spans = [(found.start, found.end) for found in find_dates(excerpt, today=TODAY, language="nl")]
    if row["verdict"] == "date":
        assert (start, end) in spans
    else:
        assert all(last <= start or end <= first for first, last in spans)


def test_the_verdicts_are_of_many_places() -> None:
    assert sum(row["verdict"] == "date" for row in VERDICTS) > 300
    assert {row["verdict"] for row in VERDICTS} == {"date", "vague", "none"}
