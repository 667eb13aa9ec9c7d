"""What a name stands for is quoted from the words beside it."""

from __future__ import annotations

import pytest

from index_store.records import Chunk
from qa.answer.description import describe
from qa.retrieval.passage import Passage
from tests.store_building import make_article


def described(name: str, text: str) -> str | None:
    """Return the short answer, after its quote was checked."""
    article = make_article("a", text)
    passage = Passage(Chunk("a", 0, len(text), text), article, 1.0, 0.9, 3.0, 1)
    found = describe(name, [passage], "nl", 0.9)
    if found is None:
        return None
    for each in found.citations:
        assert text[each.start : each.end] == each.quote
    return found.answer


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        (
            "Zeeader 3",
            "Emden wacht op Zeeader 3. Zeeader 3, een stroomkabel van 1,2 miljard euro, is laat.",
            "een stroomkabel van 1,2 miljard euro",
        ),
        ("zeeader 3", "De aanleg van Zeeader 3, een kabel, loopt uit.", "een kabel"),
        (
            "de Wadvaarder",
            "De Wadvaarder, een veerboot uit 1974, ligt stil.",
            "een veerboot uit 1974",
        ),
        (
            "Zorgpoort",
            "Artsen prijzen Zorgpoort. Zorgpoort is een app waarmee patiënten hun dossier lezen.",
            "een app waarmee patiënten hun dossier lezen",
        ),
        (
            "Tempelhof",
            "Op Tempelhof (een voormalig vliegveld) is het druk.",
            "een voormalig vliegveld",
        ),
        (
            "Kern",
            "In Delft groeit Kern, de grootste reactor van het land, gestaag.",
            "de grootste reactor van het land",
        ),
        (
            "Zeeader 3",
            "Zeeader 3 is een kabel die Emden met Delft verbindt.",
            "een kabel die Emden met Delft verbindt",
        ),
        ("Fauna Vrij", "De actiegroep Fauna Vrij blokkeerde de poort.", "De actiegroep"),
        ("Lichtbrug", "Bezoekers van theaterfestival ‘Lichtbrug’ klagen.", "theaterfestival"),
        ("Nord Stream 2", "The pipeline Nord Stream 2 lies idle.", "The pipeline"),
        ("Ada Blok", "Wethouder Ada Blok opende de kermis.", "Wethouder"),
        ("Ada Blok", "Volgens Ada Blok, een boerin uit Emmen, regent het.", "een boerin uit Emmen"),
    ],
)
def test_the_words_beside_a_name_describe_it(name: str, text: str, words: str) -> None:
    assert described(name, text) == words


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Fauna Vrij", "Fauna Vrij is een procedure begonnen. De boeren verjagen ganzen."),
        ("Fauna Vrij", "De fauna rond de baan, een plaag, heeft vrij spel."),
        ("Lichtbrug", "De wethouder bezocht Lichtbrug, de Parade en Oerol, zei hij."),
        ("lichtbrug", "De wethouder bezocht Lichtbrug, de Parade en Oerol, zei hij."),
        ("Zorgpoort", "Zorgpoort was een week dicht."),
        ("Lichtbrug", "Hij sprak met Lichtbrug, de boeren, en het Rijk."),
        ("Kern", "Kernenergie, een bron van stroom, is duur."),
        ("Zeeader 3", "De eigenaar van Zeeader 3 is boos."),
    ],
)
def test_other_words_beside_a_name_do_not(name: str, text: str) -> None:
    assert described(name, text) is None
