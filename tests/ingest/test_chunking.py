from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index_store.records import (
    UNKNOWN_DATE,
    Article,
    Chunk,
    Precision,
    Provenance,
    PublicationDate,
)
from qa.errors import SettingsError
from qa.evaluation.soak.stand_ins import HashEncoder
from qa.ingest.chunking import ChunkingSettings, cut_article, encoder_input
from qa.models.encoder import SentenceEncoder
from qa.text.tokens import count_tokens
from tests.paths import SEEDS

DECEMBER = PublicationDate(
    date(2021, 12, 1), date(2021, 12, 31), Precision.MONTH, Provenance.STATED, "2021-12"
)


def article(text: str, title: str | None = None) -> Article:
    return Article("a", title, text, UNKNOWN_DATE, "a.txt", "nl")


def cut(text: str, *, limit: int = 512, **settings: int) -> tuple[Chunk, ...]:
    counter = HashEncoder()
    return cut_article(
        article(text),
        ChunkingSettings(**settings),
        encoder_tokens=counter.count_tokens,
        encoder_limit=limit,
    )


TEXTS = st.one_of(
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=600),
    st.lists(
        st.sampled_from(
            ["Dit is een zin.", "Kop", "\n\n", "\n", "o.a.", "„Ja!”", "1.912", "x" * 90]
        ),
        min_size=1,
        max_size=80,
    ).map(" ".join),
)


@given(TEXTS, st.integers(16, 60), st.integers(0, 3))
@settings(deadline=None)
def test_chunks_are_exact_slices_that_cover_the_text(text: str, budget: int, overlap: int) -> None:
    chunks = cut(text, max_tokens=budget, overlap_sentences=overlap)
    covered: set[int] = set()
    for chunk in chunks:
        assert text[chunk.start : chunk.end] == chunk.text
        covered.update(range(chunk.start, chunk.end))
    assert all(text[at].isspace() for at in range(len(text)) if at not in covered)
    assert [c.start for c in chunks] == sorted(c.start for c in chunks)
    assert len({c.id for c in chunks}) == len(chunks)
    assert chunks == cut(text, max_tokens=budget, overlap_sentences=overlap)


@given(TEXTS, st.integers(4, 20))
@settings(deadline=None)
def test_no_chunk_passes_the_limit_of_the_encoder(text: str, limit: int) -> None:
    counter = HashEncoder()
    for chunk in cut(text, limit=limit):
        assert counter.count_tokens([chunk.text])[0] <= limit or len(chunk.text) == 1


def test_no_seed_chunk_passes_the_limit_of_the_real_encoder(encoder: SentenceEncoder) -> None:
    hard = "=" * 3000 + " " + "".join(chr(0x1F600 + n % 60) for n in range(900))
    texts = [path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt"))]
    assert len(texts) == 5
    for text in [*texts, hard]:
        chunks = cut_article(
            article(text, title="T" * 300),
            ChunkingSettings(max_tokens=2048),
            encoder_tokens=encoder.count_tokens,
            encoder_limit=encoder.max_tokens,
        )
        inputs = [encoder_input(article(text, title="T" * 300), chunk) for chunk in chunks]
        assert max(encoder.count_tokens(inputs)) <= encoder.max_tokens


def test_budget_and_overlap() -> None:
    text = " ".join(f"Dit is zin nummer {number} van het artikel." for number in range(40))
    chunks = cut(text, max_tokens=60, overlap_sentences=1)
    assert all(count_tokens(chunk.text) <= 60 for chunk in chunks)
    for one, two in pairwise(chunks):
        shared = text[two.start : one.end]
        assert shared.count(".") == 1
    apart = cut(text, max_tokens=60, overlap_sentences=0)
    assert all(one.end <= two.start for one, two in pairwise(apart))


def test_a_long_sentence_is_split_at_clauses() -> None:
    text = "; ".join(f"het woord nummer {number} staat hier" for number in range(60)) + "."
    chunks = cut(text, max_tokens=50)
    assert len(chunks) > 3
    assert all(chunk.text.endswith((";", ".")) for chunk in chunks)


def test_headings_are_kept_as_section_and_as_text() -> None:
    text = "Inleiding hier.\n\nScholz bij Biden\n\n" + "Een zin over Scholz. " * 40
    chunks = cut(text, max_tokens=60)
    assert chunks[0].section is None
    assert chunks[1].text.startswith("Scholz bij Biden\n\nEen zin")
    assert {chunk.section for chunk in chunks[1:]} == {"Scholz bij Biden"}


def test_the_encoder_gets_title_and_stated_date_but_no_other_date() -> None:
    chunk = Chunk("a", 0, 5, "Tekst")
    stated = Article("a", "Titel", "Tekst", DECEMBER, "a.txt", "nl")
    assert encoder_input(stated, chunk) == "Titel\ndecember 2021\nTekst"
    by_hand = PublicationDate(DECEMBER.first, DECEMBER.last, Precision.MONTH, Provenance.USER, None)
    assert encoder_input(Article("a", None, "Tekst", by_hand, "a.txt", "nl"), chunk) == "Tekst"


@pytest.mark.parametrize("wrong", [{"max_tokens": 3}, {"overlap_sentences": 9}])
def test_settings_out_of_range(wrong: dict[str, int]) -> None:
    with pytest.raises(SettingsError, match=r"must lie in"):
        ChunkingSettings(**wrong)


def test_settings_are_recorded_and_read_back() -> None:
    chosen = ChunkingSettings(200, 2)
    assert ChunkingSettings.parse(chosen.describe()) == chosen


def test_the_encoder_reads_broken_words_whole_and_the_chunk_keeps_its_letters() -> None:
    text = "De burge-\nmeester opende de spoor-\nwegbrug."
    (chunk,) = cut(text)
    assert chunk.text == text
    assert encoder_input(article(text), chunk) == "De burgemeester opende de spoorwegbrug."
