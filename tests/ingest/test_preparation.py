"""Preparing and encoding are pure: they need no store, and repeat themselves exactly."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index_store.catalog.rows import Origin
from index_store.records import Provenance
from qa.dates.stated import parse_stated_date
from qa.evaluation.soak.stand_ins import HashEncoder
from qa.ingest.chunking import ChunkingSettings, cut_article, encoder_input
from qa.ingest.preparation import Preparation, manifest_of
from tests.store_building import make_article

ENCODER = HashEncoder()
PREPARATION = Preparation(ENCODER, ChunkingSettings(max_tokens=32))
ORIGIN = Origin("stikstof", "krant.jsonl", "", "")
DUTCH = (
    "De provincies krijgen tot de zomer de tijd om hun stikstofplannen bij te stellen, schrijft "
    "de minister aan de Kamer. Boerenorganisaties noemen de termijn onhaalbaar. In Gelderland "
    "liggen de vergunningen voor woningbouw al maanden stil. De gedeputeerde wil eerst weten "
    "hoeveel geld er voor de uitkoop van bedrijven is. Volgende week praten de partijen verder."
)
ENGLISH = "The central bank left its key rate unchanged on Thursday, and hinted at a cut in June."


@pytest.fixture
def no_store(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every attempt to open a database fail."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a store was opened")

    monkeypatch.setattr(sqlite3, "connect", refuse)


@pytest.mark.usefixtures("no_store")
def test_preparing_and_encoding_need_no_store() -> None:
    prepared = PREPARATION.prepare(make_article("stikstof", DUTCH), ORIGIN)
    assert len(prepared.chunks) > 2
    assert prepared.origin == ORIGIN
    for chunk, text in zip(prepared.chunks, prepared.inputs, strict=True):
        assert prepared.article.text[chunk.start : chunk.end] == chunk.text
        assert text == encoder_input(prepared.article, chunk)
    vectors = PREPARATION.encode(prepared.inputs)
    assert list(vectors) == list(prepared.inputs)
    for text, vector in vectors.items():
        assert np.array_equal(vector, ENCODER.encode_question(text))


def test_preparing_cuts_as_chunking_does_and_changes_nothing_else() -> None:
    article = replace(
        make_article("stikstof", DUTCH), language="nl", published=parse_stated_date("2022-06-10")
    )
    prepared = PREPARATION.prepare(article, ORIGIN)
    assert prepared.article is article
    assert prepared.chunks == cut_article(
        article,
        PREPARATION.chunking,
        encoder_tokens=ENCODER.count_tokens,
        encoder_limit=ENCODER.max_tokens,
    )
    assert all("10 juni 2022" in text for text in prepared.inputs)


@pytest.mark.parametrize(
    ("stated", "text", "language"),
    [(None, DUTCH, "nl"), (None, ENGLISH, "en"), ("fr", ENGLISH, "fr")],
)
def test_an_article_keeps_the_language_it_states_and_else_gets_that_of_its_text(
    stated: str | None, text: str, language: str
) -> None:
    article = replace(make_article("a", text), language=stated)
    prepared = PREPARATION.prepare(article, ORIGIN)
    assert prepared.article == replace(article, language=language)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip))
def test_the_same_article_is_prepared_and_encoded_the_same_twice(text: str) -> None:
    first, second = (PREPARATION.prepare(make_article("a", text), ORIGIN) for _ in range(2))
    assert first == second
    once, again = PREPARATION.encode(first.inputs), PREPARATION.encode(second.inputs)
    assert once.keys() == again.keys()
    assert all(np.array_equal(once[key], again[key]) for key in once)


def test_an_inferred_date_is_not_shown_to_the_encoder() -> None:
    """Otherwise another inference would have the article encoded again."""
    stated = parse_stated_date("2022-06-10")
    inferred = replace(stated, provenance=Provenance.INFERRED, score=0.9)
    plain = PREPARATION.prepare(make_article("a", DUTCH), ORIGIN)
    dated = PREPARATION.prepare(replace(make_article("a", DUTCH), published=inferred), ORIGIN)
    assert dated.inputs == plain.inputs


def test_progress_of_encoding_counts_up_to_all_inputs() -> None:
    seen: list[int] = []
    vectors = PREPARATION.encode(["een", "twee", "drie"], on_progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == len(vectors) == 3
    assert PREPARATION.encode([]) == {}


def test_a_preparation_is_recorded_as_its_encoder_and_its_chunking() -> None:
    assert PREPARATION.manifest == manifest_of(ENCODER, PREPARATION.chunking)
    other = replace(PREPARATION, chunking=ChunkingSettings(max_tokens=64))
    assert other.manifest != PREPARATION.manifest
