"""Each check of a follow-up that somebody else completed, with a line that only it refuses."""

from __future__ import annotations

import pytest

from qa.question.followup.completion import check_completion

ASKED = "Hoeveel kostte dat?"
TOLD = ["Wat gebeurde er?", "de dijk brak bij Waterdam"]


@pytest.mark.parametrize(
    ("line", "question", "told", "carried"),
    [
        ("Hoeveel kostten de dijken?", ASKED, TOLD, ("dijken",)),  # another form
        ("Wat kostte de opbouw?", "Wat kostte dat?", ["de troepenopbouw"], ("opbouw",)),  # a part
        ("Wat kostten de 3 dijken?", "Wat kostte dat?", ["3 dijken"], ("3", "dijken")),
        ("Wat zei Joe Biden?", "Wat zei hij?", ["Joe Biden belde"], ("Joe Biden",)),
        ("Wat zei biden?", "Wat zei hij?", ["Joe Biden belde"], ("biden",)),
        ("Sprak Poetin over de dijk?", "Sprak Poetin daarover?", TOLD, ("dijk",)),
        ("Wat deed de WHO?", "Wat deed die?", ["de WHO in Gent"], ("WHO",)),
        ("Why did the dike not break?", "Why did it not?", ["the dike would break"], None),
    ],
)
def test_a_line_of_words_that_were_said_counts(
    line: str, question: str, told: list[str], carried: tuple[str, ...] | None
) -> None:
    found = check_completion(line, question, told)
    assert found
    assert found.question == line
    assert carried is None or found.carried == carried


@pytest.mark.parametrize(
    ("line", "question", "told"),
    [
        pytest.param("Wat zei Joe Scholz?", "Wat zei hij?", ["Joe Biden en Olaf Scholz"], id="mix"),
        pytest.param("Wat deed de WHO?", "Wat deed die?", ["wie is who in Gent?"], id="who"),
        pytest.param("Wat zei Dam?", "Wat zei hij?", ["een waterdam in Gent"], id="part"),
        pytest.param("Is de dijk zonder dat veilig?", "Is dat veilig?", TOLD, id="without"),
        pytest.param("Hoeveel kostte de dijk?", "Hoeveel kostte dat in 2021?", TOLD, id="year"),
        pytest.param(
            "Hoeveel kostte de dijk?", "Hoeveel kostte dat Gent?", TOLD, id="dropped name"
        ),
        pytest.param("Wat kostte de dijk?", ASKED, ["Wat gebeurde er?", "dijk"], id="asker"),
        pytest.param("Wat kostte de dijk?", "Wat kostte dat niet?", TOLD, id="dropped denial"),
        pytest.param("Hoeveel kostte dit?", ASKED, TOLD, id="nothing new"),
        pytest.param(
            "Wat was in Gent?", "What was it?", ["What was in Gent?", "Wat"], id="language"
        ),
        pytest.param("What was the dike?", "En daarna?", ["What was the dike?"], id="other tongue"),
        pytest.param(
            "Wat deden Russische troepen?", "Wat deden die?", ["anti-Russische troepen"], id="anti"
        ),
        pytest.param("Wat deden 3 kinderen?", "Wat deden die?", ["3-jarige kinderen"], id="three"),
        pytest.param("Wat kostten 1.000 dijken?", "Wat kostte dat?", ["1000 dijken"], id="digits"),
    ],
)
def test_a_line_that_says_something_else_does_not(
    line: str, question: str, told: list[str]
) -> None:
    assert check_completion(line, question, told) is None
