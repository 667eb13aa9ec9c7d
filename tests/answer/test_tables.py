"""A value of a table is taken from the column that the question names."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.answer.tables import cell_asked_for, value_asked_for
from qa.assistant import Assistant

PRICES = """Prijzen in euro's, maart 2023:
Product | Kassamarkt | De Korf | Plusje
Karnemelk, 1 liter | 1,15 (0,95) | 1,13 (0,95) | 1,09 (0,89)
Roggebrood | 2,05 | 1,99 | niet onderzocht
Alle ketens verhoogden hun prijzen."""


@pytest.mark.parametrize(
    ("question", "found", "asked"),
    [
        ("Wat kost karnemelk bij De Korf?", "1,15 (0,95)", "1,13"),
        ("Wat kost karnemelk bij de korf?", "1,09", "1,13"),
        ("Wat kost roggebrood bij Plusje?", "2,05", "niet onderzocht"),
        ("Wat kost karnemelk bij Kassamarkt?", "1,15", "1,15"),
        ("Wat kost karnemelk?", "1,15", "1,15"),
        ("Is karnemelk bij De Korf of bij Plusje duurder?", "1,15", "1,15"),
        ("Welk product kost bij Plusje 1,09?", "Karnemelk", "Karnemelk"),
        ("Wat doet Plusje?", "Alle ketens", "Alle ketens"),
    ],
)
def test_the_column_that_is_asked_for(question: str, found: str, asked: str) -> None:
    start = PRICES.index(found)
    begin, stop = cell_asked_for(PRICES, start, start + len(found), question)
    assert PRICES[begin:stop] == asked


LISTS = """Stand na vijf duels. Bovenaan staan: Veendam (13), Heracles Almelo (12) en Emmen (10).
Zetels: Dorpsbelang (7), CDV (4 zetels), Groen Vlierden (3).
Aangehouden zijn Kevin Haan (30) en Danny Bos (27). In 2018 (het jaar van de brug) kwam niemand."""


@pytest.mark.parametrize(
    ("question", "found", "asked"),
    [
        ("Hoeveel punten heeft Emmen?", "13", "10"),
        ("Hoeveel punten heeft Heracles Almelo?", "13", "12"),
        ("Hoeveel punten heeft Veendam?", "13", "13"),
        ("Hoeveel punten heeft Emmen?", "(13)", "10"),
        ("Hoeveel punten heeft Emmen?", "(10)", "10"),
        ("Hoeveel zetels kreeg de CDV?", "7", "4 zetels"),
        ("aantal zetels groen vlierden", "7", "3"),
        ("Hoeveel zetels kreeg de VVB?", "7", "7"),  # it is not in the list
        ("Hoe oud is Danny Bos?", "30", "27"),
        ("Wie is ouder, Kevin Haan of Danny Bos?", "30", "30"),
        ("Hoeveel punten heeft Emmen?", "vijf", "vijf"),
        ("Hoeveel zetels heeft Veendam?", "7", "7"),  # another list
    ],
)
def test_the_value_in_brackets_behind_the_name_that_is_asked_for(
    question: str, found: str, asked: str
) -> None:
    start = LISTS.index(found)
    begin, stop = value_asked_for(LISTS, start, start + len(found), question)
    assert LISTS[begin:stop] == asked


def test_two_remarks_in_brackets_are_no_list() -> None:
    told = "Trainer Jan Jansen (45) van Emmen zag zijn ploeg winnen. Bovenaan staat Emmen (13)."
    place = told.index("45"), told.index("45") + 2
    assert value_asked_for(told, *place, "Hoe oud is de trainer van Emmen?") == place


def test_an_empty_cell_is_no_answer() -> None:
    table = "Product | De Korf | Plusje\nBrood |  | 1,99"
    place = len(table) - 4, len(table)
    assert cell_asked_for(table, *place, "Wat kost brood bij De Korf?") == place


def test_long_runs_of_white_space_are_searched_once() -> None:
    """The square of the time would be hours."""
    row = f"Brood | 2,05{' ' * 1_000_000}zak | 1,99"
    table = f"Product | De Korf | Plusje\n{row}"
    start = table.index("1,99")
    begin, stop = cell_asked_for(table, start, start + 4, "Wat kost brood bij De Korf?")
    assert table[begin:stop].split() == ["2,05", "zak"]


def test_an_answer_is_quoted_from_its_column(store_path: Path, seed_assistant: Assistant) -> None:
    (store_path.parent / "prijzen.txt").write_text(PRICES, encoding="utf-8")
    with Assistant.open(store_path, create=True, models=seed_assistant.archive.models) as assistant:
        assistant.ingest([store_path.parent / "prijzen.txt"])
        for market, price in (("Kassamarkt", "1,15"), ("De Korf", "1,13"), ("Plusje", "1,09")):
            answer = assistant.ask(f"Wat kost een liter karnemelk bij {market}?")
            assert str(answer.answer).startswith(price)
            citation = answer.citations[0]
            assert citation.article.text[citation.start : citation.end] == citation.quote
