"""What a question fixes is held against the words around an answer."""

from __future__ import annotations

import pytest

from qa.answer.conflicts import contradicts
from qa.dates.stated import parse_stated_date
from qa.question.inquiry import understand
from tests.store_building import make_article

VISITORS = "Dijkpop trok dit jaar 12.400 bezoekers. In 2019 waren het er 15.100, in 2018 nog 9.800."
CRASH = "Bij de botsing raakten drie mensen gewond en kwamen twee anderen om het leven."


def conflict(question: str, text: str, answer: str) -> bool:
    day = parse_stated_date("2022-05-02")
    article = make_article("a", text, published=day, language="nl")
    start = text.index(answer)
    first = text.rfind(". ", 0, start) + 2 if ". " in text[:start] else 0
    stop = text.find(". ", start)
    sentence = first, stop + 1 if stop >= 0 else len(text)
    place = start, start + len(answer)
    return contradicts(understand(question), article, sentence, place)


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ("Hoeveel bezoekers trok Dijkpop in 2019?", "12.400", True),
        ("Hoeveel bezoekers trok Dijkpop in 2019?", "15.100", False),
        ("Hoeveel bezoekers trok Dijkpop in 2018?", "15.100", True),
        ("Hoeveel bezoekers trok Dijkpop in 2022?", "12.400", False),
        ("How many visitors came in 2019?", "9.800", True),
        ("Hoeveel bezoekers trok Dijkpop?", "12.400", False),
        ("In welk jaar trok Dijkpop in 2019 meer?", "2018", False),  # a date is asked for
    ],
)
def test_another_year_is_a_conflict(question: str, answer: str, expected: bool) -> None:
    assert conflict(question, VISITORS, answer) is expected


PRICES = (
    "Volgens de meting was de inflatie in april 3,1 procent. In december 2021 was dat 3,4 procent, "
    "in juni wordt het wellicht 2,8 procent. De rente bleef 4,0 procent."
)


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ("Hoe hoog was de inflatie in april 2022?", "3,1 procent", False),
        ("Hoe hoog was de inflatie in april 2022?", "3,4 procent", True),
        ("Hoe hoog was de inflatie in december 2021?", "3,1 procent", True),
        ("How high was inflation in December 2021?", "3,4 procent", False),
        ("Hoe hoog was de inflatie op 3 mei 2022?", "2,8 procent", True),
        ("Hoe hoog was de inflatie in april 2022?", "4,0 procent", False),  # says no month
        ("Hoe hoog was de inflatie in 2021?", "3,4 procent", False),
        ("Hoe hoog was de inflatie?", "3,4 procent", False),
        ("In welke maand van 2021 was de inflatie 3,4 procent?", "december 2021", False),
    ],
)
def test_another_month_is_a_conflict(question: str, answer: str, expected: bool) -> None:
    assert conflict(question, PRICES, answer) is expected


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ("Hoeveel doden vielen er bij de botsing?", "drie", True),
        ("Hoeveel gewonden vielen er bij de botsing?", "drie", False),
        ("How many people were injured?", "drie", False),
        ("Hoeveel mensen waren erbij betrokken?", "drie", False),
    ],
)
def test_the_injured_are_not_the_dead(question: str, answer: str, expected: bool) -> None:
    assert conflict(question, CRASH, answer) is expected


def test_a_counted_word_in_the_answer_decides() -> None:
    crash = "Er vielen in 2020 bij een botsing één dode en zes gewonden."
    assert conflict("dodental botsing 2020", crash, "zes gewonden")
    assert not conflict("dodental botsing 2020", crash, "één dode")


RATE = "De rente daalt van 4,5 naar 2,9 procent."
TURNOUT = "De opkomst was 51,8 procent, tegen 55,2 procent vier jaar geleden."
BEDS = "Er komen 220 bedden, geen 400 zoals het bestuur had gevraagd."
TRAINS = "De NMBS koopt treinen niet bij Siemens, maar bij het Spaanse CAF."


@pytest.mark.parametrize(
    ("question", "text", "new", "old", "wrong"),
    [
        ("Hoe hoog was de rente eerst?", RATE, "2,9", "4,5", "new"),
        ("What was the rate originally?", RATE, "2,9 procent", "4,5", "new"),
        ("Hoe hoog wordt de rente?", RATE, "2,9", "4,5", ""),  # left to the reader
        ("Hoe hoog was de opkomst in 2018?", TURNOUT, "51,8 procent", "55,2 procent", "new"),
        ("Hoe hoog was de opkomst in 2022?", TURNOUT, "51,8 procent", "55,2 procent", "old"),
        ("Hoeveel bedden wilde het bestuur eerst?", BEDS, "220 bedden", "400", "new"),
        ("Hoeveel bedden komen er?", BEDS, "220 bedden", "400", ""),
        ("Bij welk bedrijf koopt de NMBS treinen?", TRAINS, "CAF", "Siemens", "old"),
        ("Bij welk bedrijf koopt de NMBS geen treinen?", TRAINS, "CAF", "Siemens", ""),
    ],
)
def test_of_two_values_one_is_of_another_time(
    question: str, text: str, new: str, old: str, wrong: str
) -> None:
    assert conflict(question, text, new) is (wrong == "new")
    assert conflict(question, text, old) is (wrong == "old")


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        # Gas of last year, "vorig jaar", is the new value here.
        (
            "Hoeveel gas liep er in 2021 door Gent?",
            "Vorig jaar liep 21 miljoen kuub door Gent, tegen 17 miljoen in 2020.",
            "21 miljoen",
        ),
        ("Wie kwam er eerst?", "De rente daalt van 4,5 naar 2,9 procent.", "rente"),
        ("Wat kocht hij?", "Hij kocht niet alleen treinen, maar ook trams.", "treinen"),
        ("Wat zei hij eerst?", "Eerst zei hij dat de rente van 4,5 naar 2,9 ging.", "2,9"),
    ],
)
def test_what_is_compared_otherwise_is_no_conflict(question: str, text: str, answer: str) -> None:
    assert not conflict(question, text, answer)


CANCELLED = "In Portugal, waar de stroom uitviel, werden 120 operaties afgezegd."
TRIED = "Woensdag: Kevin Haan (30) en Danny Bos (27), Hoogeveen, overval juwelier."


@pytest.mark.parametrize(
    ("question", "text", "answer", "expected"),
    [
        ("Hoeveel operaties werden er in Spanje afgezegd?", CANCELLED, "120", True),
        ("How many operations were cancelled in Spain?", CANCELLED, "120", True),
        ("Hoeveel operaties werden er in Portugal afgezegd?", CANCELLED, "120", False),
        ("Hoeveel operaties werden er in Lissabon afgezegd?", CANCELLED, "120", False),
        ("Hoeveel operaties zegde Spanje af?", CANCELLED, "120", False),
        ("Hoe oud is Kevin Haan uit Hoogeveen?", TRIED, "27", True),
        ("Hoe oud is Kevin Haan uit Hoogeveen?", TRIED, "30", False),
        ("How old is Danny Bos?", TRIED, "30", True),
        ("Hoe oud is de verdachte uit Hoogeveen?", TRIED, "27", False),
    ],
)
def test_another_country_and_the_age_of_another(
    question: str, text: str, answer: str, expected: bool
) -> None:
    assert conflict(question, text, answer) is expected


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("Welke roman schreef Pieter Molenaar?", "Karin Molenaar kreeg de prijs.", True),
        ("Welke roman schreef Karin Molenaar?", "Karin Molenaar kreeg de prijs.", False),
        ("Wat zei Pieter Molenaar?", "Wethouder Molenaar kreeg de prijs.", False),
        ("Wat zei Jan van den Berg?", "Volgens Els van den Berg is de prijs laag.", True),
        ("Wat zei Jan van den Berg?", "Van den Berg zei: „Laag.” Jan zweeg over de prijs.", False),
        ("Where is The Hague?", "Den Hague kreeg de prijs.", False),
    ],
)
def test_a_namesake_is_another_person(question: str, text: str, expected: bool) -> None:
    assert conflict(question, text, "prijs") is expected


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ("Wat kostte het brood bij Jumbo?", "euro's", True),
        ("Wat kostte het brood bij Jumbo?", "1,99", False),
        ("Hoeveel kostte het brood vroeger?", "zes", False),
        ("Hoeveel levens kostte de proef?", "twee weken", False),  # a number, of what is not said
        ("Hoe lang duurde de proef?", "de bakker", True),
        ("Hoe lang duurde de proef?", "twee weken", False),
        ("Hoeveel procent van de bakkers deed mee?", "de bakker", True),
        ("Wanneer verscheen de gids?", "twee weken", True),
        ("Hoeveel bakkers deden niet mee?", "Niemand", False),  # a count may be in other words
        ("Wie deed er mee?", "twee weken", False),
    ],
)
def test_words_without_an_amount_or_day_conflict_where_one_is_asked(
    question: str, answer: str, expected: bool
) -> None:
    text = (
        "De gids vergeleek prijzen in euro's. Brood kostte bij Jumbo 1,99, ooit zes. "
        "De proef met de bakker duurde twee weken. Niemand bleef weg."
    )
    assert conflict(question, text, answer) is expected


TOLL = "De toltoren wordt 180 meter hoog, kost 40 miljoen euro en staat er in drie jaar."


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ("Hoeveel meter hoog wordt de toren?", "40 miljoen euro", True),
        ("Hoeveel meter hoog wordt de toren?", "180 meter", False),
        ("Hoeveel euro kost de toren?", "180 meter", True),
        ("Hoeveel dollar kost de toren?", "40 miljoen euro", False),  # money is money
        ("Hoeveel maanden duurt de bouw?", "drie jaar", False),
        ("Hoeveel maanden duurt de bouw?", "180 meter", True),
        ("How many metres high will it be?", "drie jaar", True),
        ("Hoeveel torens komen er?", "180 meter", False),  # no unit is asked for
        ("Hoe hoog zijn de kosten?", "40 miljoen euro", False),
        ("Hoeveel ton kost de toren?", "40 miljoen euro", False),  # 100,000 euros
        ("How much power does it take?", "180 meter", False),  # power is no unit
    ],
)
def test_a_unit_that_is_asked_for_is_of_one_dimension(
    question: str, answer: str, expected: bool
) -> None:
    assert conflict(question, TOLL, answer) is expected


MAYORS = (
    "De burgemeester van Borgerwei, Lena Krol, is voor, burgemeester Piet Vos van Aalsum tegen."
)
COACHES = "Mia Koster, de nieuwe trainer van Heerde, groette Jan van Dam, directeur van Veldbouw."


@pytest.mark.parametrize(
    ("question", "text", "answer", "expected"),
    [
        ("Wie is de burgemeester van Aalsum?", MAYORS, "Lena Krol", True),
        ("Wie is de burgemeester van Aalsum?", MAYORS, "Piet Vos", False),
        ("Wie is de burgemeester van Borgerwei?", MAYORS, "Lena Krol", False),
        ("Wie is de burgemeester van Borgerwei?", MAYORS, "Piet Vos", True),
        ("Wie is de wethouder van Aalsum?", MAYORS, "Lena Krol", False),  # of her nothing is said
        ("Wie is de trainer van Ommen?", COACHES, "Mia Koster", True),
        ("Wie is de trainer van Heerde?", COACHES, "Mia Koster", False),
        ("Hoe heet de directeur van Veldbouw?", COACHES, "Jan van Dam", False),
        ("Hoe heet de directeur van Heijmans?", COACHES, "Jan van Dam", True),
        (
            "Wie is de president van de Verenigde Staten?",
            "President Ada Blok van de VS sprak.",
            "Ada Blok",
            False,
        ),
        ("Wie is de burgemeester van Urk?", "Urk hoorde burgemeester Jan van Zanen.", "Jan", False),
        (
            "Who is the minister of Defence?",
            "Minister Kajsa Ollongren van Defensie sprak.",
            "Kajsa Ollongren",
            False,  # places have other names in another language
        ),
        (
            "Wie wordt burgemeester van Aalsum?",
            "Lena Krol, burgemeester van Borgerwei, wordt de nieuwe burgemeester van Aalsum.",
            "Lena Krol",
            False,
        ),
    ],
)
def test_who_holds_the_office_elsewhere_is_another(
    question: str, text: str, answer: str, expected: bool
) -> None:
    assert conflict(question, text, answer) is expected


BANK = "Topvrouw Ellen Prins volgt Huub Kramer op, die zelf in 2011 Anton Smeets opvolgde."
COACH = "Rob Visscher wordt vervangen door zijn assistent Dirk Mulder."
EDITOR = "Els Maas neemt het stokje over van Wim Bakker."
MAYOR = "Per 1 juni volgt Hofstra Karin Dekker op."
MINISTER = "Ada Blok succeeded Jan Bos as minister. In 2020 Bos had replaced Mia Koster."


@pytest.mark.parametrize(
    ("question", "text", "answer", "expected"),
    [
        ("Wie volgde Huub Kramer op?", BANK, "Ellen Prins", False),
        ("Wie volgde Huub Kramer op?", BANK, "Huub Kramer", True),
        ("Wie volgde Kramer op?", BANK, "Anton Smeets", True),
        ("Wie is de opvolger van Anton Smeets?", BANK, "Huub Kramer", False),
        ("Wie verving Rob Visscher als trainer?", COACH, "Dirk Mulder", False),
        ("Wie verving Rob Visscher als trainer?", COACH, "Rob Visscher", True),
        ("Door wie werd Rob Visscher opgevolgd?", COACH, "Dirk Mulder", False),
        ("Wie was de voorganger van Dirk Mulder?", COACH, "Rob Visscher", False),
        ("Wie was de voorganger van Dirk Mulder?", COACH, "Dirk Mulder", True),
        ("Wie nam het stokje over van Bakker?", EDITOR, "Els Maas", False),
        ("Wie nam het stokje over van Bakker?", EDITOR, "Wim Bakker", True),
        ("Wie volgt Karin Dekker op?", MAYOR, "Hofstra", False),
        ("Wie volgt Karin Dekker op?", MAYOR, "Karin Dekker", True),
        ("Who succeeded Jan Bos?", MINISTER, "Ada Blok", False),
        ("Who succeeded Jan Bos?", MINISTER, "Mia Koster", True),
        ("Wie is Wim Bakker?", EDITOR, "Wim Bakker", False),
    ],
)
def test_who_was_succeeded_is_not_the_successor(
    question: str, text: str, answer: str, expected: bool
) -> None:
    assert conflict(question, text, answer) is expected


CAPTAINS = (
    "Aanvoerder Rico Bansa is geschorst. Tegen Maasdal droeg Jelle Terpstra de band. "
    "Evelyne Ploeger was geschokt, haar man Karel Ploeger niet."
)


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ("Wie was aanvoerder toen Bansa geschorst was?", "Rico Bansa", True),
        ("Wie was aanvoerder toen Bansa geschorst was?", "Jelle Terpstra", False),
        ("Who was captain when Rico Bansa was suspended?", "Bansa", True),
        ("Wie droeg de band?", "Rico Bansa", False),
        ("Wie was geschokt over de schorsing van Ploeger?", "Evelyne Ploeger", True),
        ("Wie was geschokt over de schorsing van Karel Ploeger?", "Evelyne Ploeger", False),
        ("Wie was de vrouw van Ploeger?", "Evelyne Ploeger", False),  # kin share a surname
        ("Wie was volgens Ploeger de aanvoerder?", "Aanvoerder Rico Bansa", False),
    ],
)
def test_whom_a_question_names_is_not_whom_it_asks_for(
    question: str, answer: str, expected: bool
) -> None:
    assert conflict(question, CAPTAINS, answer) is expected
