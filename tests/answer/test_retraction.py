"""What a newspaper took back is no answer, in the correction and in the article it corrects."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

import pytest

from index_store.local import LocalStore
from qa.archive import Archive
from qa.assistant import Assistant
from qa.models.encoder import SentenceEncoder
from qa.models.loading import Models
from qa.models.reader.reader import TrainedReader
from qa.text.attribution.correction import asks_what_was_written, taken_back

WRONG = "De renovatie van de Hoge Molen in Zandmeer kost 2,4 miljoen euro. Het werk duurt een jaar."
RIGHT = (
    "In het bericht over de Hoge Molen (dinsdag) stond dat de renovatie van de Hoge Molen 2,4 "
    "miljoen euro kost. Dat moet 1,4 miljoen euro zijn."
)
FERRY = (
    "De veerboot Adelheid liep vrijdag vast bij Oostwier. In een eerdere versie van dit bericht "
    "stond dat er 212 passagiers aan boord van de Adelheid waren; het waren er 198."
)


@pytest.fixture(scope="module")
def paper(
    encoder: SentenceEncoder, reader: TrainedReader, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("krant")
    lines = [
        {"id": "wrong", "date": "2022-05-03", "title": "Hoge Molen opgeknapt", "text": WRONG},
        {"id": "right", "date": "2022-05-04", "title": "Rectificatie", "text": RIGHT},
        {"id": "ferry", "date": "2022-06-04", "title": "Veerboot vast", "text": FERRY},
    ]
    (folder / "krant.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    models = Models(load_encoder=lambda _: encoder, load_reader=lambda _: reader)
    with Assistant(Archive(LocalStore(folder / "store", create=True), models)) as assistant:
        assistant.ingest([folder / "krant.jsonl"])
        yield assistant


def test_the_corrected_value_answers_and_its_quote_tells_of_the_correction(
    paper: Assistant,
) -> None:
    answer = paper.ask("Hoeveel kost de renovatie van de Hoge Molen?")
    assert answer.answer == "1,4 miljoen euro"
    assert [each.quote for each in answer.citations] == [RIGHT]
    assert [each.article.id for each in answer.citations] == ["right"]


def test_a_correction_within_one_sentence(paper: Assistant) -> None:
    answer = paper.ask("Hoeveel passagiers waren er aan boord van de Adelheid?")
    assert "212" not in (answer.answer or "")


def test_before_the_correction_the_archive_said_otherwise(paper: Assistant) -> None:
    before = paper.ask("Hoeveel kost de renovatie van de Hoge Molen?", until=date(2022, 5, 3))
    assert before.answer == "2,4 miljoen euro"


def test_no_digest_quotes_what_was_taken_back_by_itself(paper: Assistant) -> None:
    quotes = [each.quote for each in paper.ask("Hoge Molen").citations]
    assert quotes
    assert not [quote for quote in quotes if "stond dat" in quote and quote != RIGHT]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (RIGHT, " dat de renovatie van de Hoge Molen 2,4 miljoen euro kost"),
        (
            "In het artikel stond dat zij 1.300 euro krijgen. Het juiste bedrag is 800 euro.",
            " dat zij 1.300 euro krijgen",
        ),
        ("In onze krant meldden wij dat hij 61 is; hij is 67.", " dat hij 61 is"),
        ("An earlier version of this article said he was 61. He is 67.", " he was 61"),
        ("In een artikel in The Times stond dat er 900 tanks waren. Dat is veel.", None),
        ("In een eerder bericht van de politie stond dat hij vluchtte; zij zoekt hem.", None),
        ("In het interview met De Tijd stond dat hij 61 is; dat leidde tot ophef.", None),
        ("An earlier report by the UN said 200 had died. That number rose.", None),
        ("Zij hoorde in de krant dat er een brief bestond.", None),
        ("In het rapport stond dat de dijk veilig was.", None),
        ("In de kelder stond water.", None),
    ],
)
def test_what_is_taken_back(text: str, wrong: str | None) -> None:
    assert [text[start:end] for start, end in taken_back(text)] == ([wrong] if wrong else [])


def test_who_asks_for_the_mistake_gets_it() -> None:
    assert asks_what_was_written("Hoeveel passagiers noemde het eerdere bericht?")
    assert not asks_what_was_written("Hoeveel passagiers waren er aan boord van de Adelheid?")
