from __future__ import annotations

import pytest

from qa.question.kind import kind_of


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Wie is Bartle Gorman?", "fact"),
        ("Hoeveel troepen staan er?", "fact"),
        ("Hoe lang duurde het gesprek?", "fact"),
        ("Hoelang duurde het?", "fact"),
        ("Hoe heet de minister?", "fact"),
        ("Hoe vaak werd het genoemd?", "fact"),
        ("Wanneer was de inval?", "fact"),
        ("Wat is de hoofdstad?", "fact"),
        ("Welk bedrijf maakte de beelden?", "fact"),
        ("How many troops are there?", "fact"),
        ("What is his nickname?", "fact"),
        ("In welke landen staan kernwapens?", "list"),
        ("Welke twee data worden genoemd?", "list"),
        ("Wie zijn de ministers?", "list"),
        ("Noem de landen.", "list"),
        ("Which countries signed?", "list"),
        ("Who were present?", "list"),
        ("Waarom trok Rusland zich terug?", "statement"),
        ("Hoe reageerde Biden?", "statement"),
        ("Wat zei Poetin over de NAVO?", "statement"),
        ("Wat heeft Poetin over de NAVO gezegd?", "statement"),
        ("Heeft Scholz Kiev bezocht?", "statement"),
        ("Is dat waar?", "statement"),
        ("Why did they leave?", "statement"),
        ("How did Biden react?", "statement"),
        ("What did Putin say about NATO?", "statement"),
        ("Did Scholz visit Kyiv?", "statement"),
        ("“Waarom?”", "statement"),
        ("", "fact"),
    ],
)
def test_the_kind_of_answer_is_seen_from_the_question(question: str, kind: str) -> None:
    assert kind_of(question).value == kind
