"""What the models found for a question is remembered, and never changes an answer."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index_store.local import LocalStore
from qa.answer.records import Answer
from qa.archive import Archive
from qa.assistant import Assistant
from qa.errors import SettingsError
from qa.evaluation.soak.stand_ins import HashEncoder, WordReader
from qa.models.encoder import SentenceEncoder
from qa.models.loading import Models
from qa.models.memory import RememberingReader
from qa.models.reader.reader import Span, Text, TrainedReader
from qa.retrieval.stages import Stages
from tests.conftest import open_hashed
from tests.counting_encoder import CountingEncoder

QUESTIONS = (
    "Welke bijnaam kreeg Soerovikin?",
    "Wie is de burgemeester van Timboektoe?",
    "Wat zei Poetin over kernwapens?",
)
TEXTS = (Text("De bakker telde 40 taarten.", "Taarten"), Text("Er kwamen 12 schapen voorbij."))


class CountingReader(WordReader):
    def __init__(self) -> None:
        self.times = 0

    def read(self, question: str, texts: Sequence[Text], *, most: int = 1) -> list[Span]:
        self.times += 1
        return super().read(question, texts, most=most)


class CountingQuestions(HashEncoder):
    """Keeps the questions that it was asked to encode."""

    def __init__(self) -> None:
        super().__init__()
        self.questions: list[str] = []

    def encode_question(self, text: str) -> NDArray[np.float32]:
        self.questions.append(text)
        return super().encode_question(text)


def article(name: str, text: str) -> io.BytesIO:
    return io.BytesIO(json.dumps({"id": name, "date": "2022-03-08", "text": text}).encode())


def timeless(answer: Answer) -> Answer:
    return replace(answer, seconds=0.0, stages=Stages())


def test_an_answer_is_the_same_to_the_bit_with_and_without_memory(
    encoder: SentenceEncoder, reader: TrainedReader, seed_store: Path
) -> None:
    def ask(models: Models, questions: Sequence[str]) -> list[Answer]:
        with Assistant(Archive(LocalStore(seed_store), models)) as assistant:
            return [timeless(assistant.ask(each)) for each in questions]

    def models(remembered: int) -> Models:
        return Models(
            load_encoder=lambda _: encoder, load_reader=lambda _: reader, remembered=remembered
        )

    alone = ask(models(0), QUESTIONS)
    # In another order, and each once more: what is remembered comes from other questions, too.
    again = ask(models(500), [*reversed(QUESTIONS), *QUESTIONS])
    assert again[3:] == alone
    assert again[2::-1] == alone


def test_a_question_that_comes_again_is_neither_encoded_nor_read(store_path: Path) -> None:
    encoder, reader = CountingQuestions(), CountingReader()
    models = Models(load_encoder=lambda _: encoder, load_reader=lambda _: reader, remembered=10)
    with open_hashed(store_path) as filling:
        filling.ingest(stream=article("a", "In Tiel ontsnapten 40 schapen van de dijk."))
    question = "Hoeveel schapen ontsnapten er in Tiel?"
    with Assistant(Archive(LocalStore(store_path), models)) as assistant:
        first = assistant.ask(question)
        times, encoded = reader.times, len(encoder.questions)
        assert timeless(assistant.ask(question)) == timeless(first)
        assert (reader.times, len(encoder.questions)) == (times, encoded)
        # The archive decides what is read, so what changes there is seen at once.
        assistant.ingest(stream=article("b", "In Tiel ontsnapten weer 12 schapen van de dijk."))
        found = {each.article.id for each in assistant.ask(question).passages}
        assert found == {"a", "b"}
        assert reader.times > times


def test_what_is_remembered_is_bounded_and_belongs_to_nobody() -> None:
    counting = CountingReader()
    reader = RememberingReader(counting, 2)
    expected = WordReader().read("Hoeveel taarten telde de bakker?", TEXTS, most=2)
    for times in (1, 1):
        found = reader.read("Hoeveel taarten telde de bakker?", TEXTS, most=2)
        assert (found, counting.times) == (expected, times)
        found.clear()
    # Each part of what is read counts.
    reader.read("Hoeveel taarten telde de bakker?", TEXTS, most=1)
    reader.read("Hoeveel taarten telde de bakker?", [Text(TEXTS[0].text), TEXTS[1]], most=2)
    assert counting.times == 3
    reader.read("Hoeveel taarten telde de bakker?", TEXTS, most=2)
    assert counting.times == 4, "only the two newest readings are kept"
    for _ in range(2):
        reader.read("Hoeveel?", [Text("Lang. " * 6_000)])
    assert counting.times == 6, "a reading too long to keep is read each time"


def test_a_remembered_vector_is_the_callers_to_change_in_several_threads() -> None:
    models = Models(load_encoder=lambda _: CountingEncoder(), remembered=2)
    encoder, bare = models.encoder(), HashEncoder()
    questions = [f"Waar ligt plaats {number % 5}?" for number in range(200)]

    def spoiled(question: str) -> bool:
        vector = encoder.encode_question(question)
        is_same = bool((vector == bare.encode_question(question)).all())
        vector[:] = 0
        return is_same

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(spoiled, questions))


def test_how_much_is_remembered_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = WordReader()
    monkeypatch.setenv("DATELINE_REMEMBERED", "0")
    assert Models(load_reader=lambda _: reader).reader() is reader
    monkeypatch.setenv("DATELINE_REMEMBERED", "veel")
    with pytest.raises(SettingsError, match=r"DATELINE_REMEMBERED is 'veel'.*0 to remember none"):
        Models()
