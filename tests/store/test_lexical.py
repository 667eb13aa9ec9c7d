from __future__ import annotations

import math
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index_store.analysis.terms import QuestionTerm, question_terms, terms
from index_store.indexes.lexical import ChunkWords, LexicalIndex
from tests.store_building import NOTHING

VOCABULARY = [f"woord{number}" for number in range(40)]


def made(texts: Mapping[int, Sequence[str]]) -> LexicalIndex:
    index = LexicalIndex(None)
    index.update(NOTHING, indexed(texts.items()))
    return index


def indexed(texts: Iterable[tuple[int, Sequence[str]]]) -> Iterator[tuple[int, ChunkWords]]:
    return ((number, ChunkWords(terms)) for number, terms in texts)


def ask(*words: str) -> list[QuestionTerm]:
    return [QuestionTerm((word,)) for word in words]


def frequency(index: LexicalIndex, word: QuestionTerm) -> int:
    return index.counts([word]).frequency(word)


def found(index: LexicalIndex, question: str) -> list[int]:
    return [number for number, _ in index.search(question_terms(question), 10, None)]


@pytest.fixture(scope="module")
def large() -> LexicalIndex:
    """4,000 texts in three commits; a third of the texts are equal to others."""
    chance = random.Random(3)
    texts = {
        number: chance.choices(VOCABULARY, range(40, 0, -1), k=chance.randrange(3, 12))
        for number in range(0, 8000, 2)
    }
    for number in range(0, 2600, 2):
        texts[number + 5200] = texts[number]
    index = LexicalIndex(None)
    rows = sorted(texts.items())
    for part in (rows[:1500], rows[1500:3000], rows[3000:]):
        index.update(NOTHING, indexed(part))
    return index


# A filter of few numbers is a query that names them, a wide one sifts results.
@pytest.mark.parametrize("width", [1, 40, 999, 1000, 1001, 2000, 3999, 4000])
@pytest.mark.parametrize("rare", [True, False])
def test_filtered_search_is_search_then_filter(large: LexicalIndex, width: int, rare: bool) -> None:
    words = [
        QuestionTerm(("woord39", "woord38")) if rare else QuestionTerm(("woord0",)),
        QuestionTerm(("woord5", "onbekend"), 0.5),
        QuestionTerm(("woord20",)),
    ]
    everything = large.search(words, large.count, None)
    assert len(everything) > 500
    allowed = np.array(sorted(random.Random(width).sample(range(0, 8000, 2), width)), np.int64)
    among = set(allowed.tolist())
    expected = [row for row in everything if row[0] in among]
    for limit in (1, 10, 200):
        rows = large.search(words, limit, allowed)
        assert [number for number, _ in rows] == [number for number, _ in expected[:limit]]
        assert [s for _, s in rows] == pytest.approx([s for _, s in expected[:limit]], rel=1e-5)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 8000), st.integers(1, 3000)), min_size=1, max_size=4),
    st.sampled_from([1, 10, 200]),
    st.sampled_from([1, 4, 2]),
)
def test_a_filter_of_runs_of_numbers_is_search_then_filter(
    large: LexicalIndex, runs: list[tuple[int, int]], limit: int, step: int
) -> None:
    """A period is a few runs, and a query for ranges."""
    words = [QuestionTerm(("woord0", "woord39")), QuestionTerm(("woord5",), 0.5)]
    parts = [np.arange(first, first + width, step) for first, width in runs]
    allowed = np.unique(np.concatenate(parts)).astype(np.int64)
    among = set(allowed.tolist())
    expected = [row for row in large.search(words, large.count, None) if row[0] in among][:limit]
    for each in (allowed, allowed[::-1]):  # those of the dense index come in its order
        rows = large.search(words, limit, each)
        assert [number for number, _ in rows] == [number for number, _ in expected]
        assert [s for _, s in rows] == pytest.approx([s for _, s in expected], rel=1e-5)


def test_a_filter_may_name_far_more_than_the_index_holds() -> None:
    """While articles come in, the catalog is ahead of the indexes."""
    index = made({7: ["gas"], 8: ["olie"]})
    allowed = np.arange(1, 50_000, dtype=np.int64)
    assert [number for number, _ in index.search(ask("gas"), 10, allowed)] == [7]
    assert index.search(ask("kolen"), 10, allowed) == []


@pytest.mark.parametrize("count", [10, 100, 3000])
def test_ties_are_broken_by_number_however_the_index_was_filled(count: int) -> None:
    index = LexicalIndex(None)
    for part in (range(count, 2 * count), range(count)):  # the second segment is not smaller
        index.update(NOTHING, indexed((number, ["gas", "troepen"]) for number in part))
    for words in (ask("gas"), ask("gas", "troepen")):
        assert [number for number, _ in index.search(words, 4, None)] == [0, 1, 2, 3]
        odd = np.arange(1, 2 * count, 2, dtype=np.int64)
        assert [number for number, _ in index.search(words, 3, odd)] == [1, 3, 5]


def test_removed_chunks_are_gone_from_results_and_counts() -> None:
    index = made({number: ["gas", f"enig{number}"] for number in range(1, 11)})
    index.update(np.array([2, 3, 99], np.int64), indexed([(11, ["gas"])]))
    assert index.count == 9
    numbers = [number for number, _ in index.search(ask("gas"), 20, None)]
    assert sorted(numbers) == [1, 4, 5, 6, 7, 8, 9, 10, 11]
    assert index.search(ask("enig2"), 5, None) == []
    assert index.search(ask("enig2"), 5, np.array([2], np.int64)) == []
    assert frequency(index, QuestionTerm(("enig2",))) == 0
    assert frequency(index, QuestionTerm(("gas", "enig4"))) == 9
    assert frequency(index, QuestionTerm(("enig4",))) == 1


def test_more_chunks_are_removed_than_one_query_would_name() -> None:
    index = made({number: ["gas"] for number in range(5000)})
    index.update(np.arange(0, 5000, 2, dtype=np.int64), [])
    assert index.count == 2500
    rows = index.search(ask("gas"), 5000, None)
    assert [number for number, _ in rows] == list(range(1, 5000, 2))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sets(st.integers(0, 12)),
            st.dictionaries(
                st.integers(0, 12), st.lists(st.sampled_from(VOCABULARY[:4]), max_size=4)
            ),
        ),
        max_size=4,
    )
)
def test_updates_leave_exactly_what_they_should(
    steps: list[tuple[set[int], dict[int, list[str]]]],
) -> None:
    index = LexicalIndex(None)
    texts: dict[int, list[str]] = {}
    for removed, added in steps:
        gone = removed & texts.keys()
        new = {number: words for number, words in added.items() if number not in texts}
        index.update(np.array(sorted(gone), np.int64), indexed(new.items()))
        texts = {number: words for number, words in texts.items() if number not in gone} | new
    assert index.count == len(texts)
    for word in VOCABULARY[:4]:
        holding = {number for number, words in texts.items() if word in words}
        assert {number for number, _ in index.search(ask(word), 20, None)} == holding
        assert frequency(index, QuestionTerm((word,))) == len(holding)


HOSTILE = [
    "a" * 199,
    "a" * 200,
    "\u0000nul",
    "😀",
    "x\u2028y",
    "x\u00a0z",
    "\ufeff",
    "AND",
    "OR",
    "terms:gas",
    '"gas',
    "gas*",
    "a/b\\c",
    "[1",
    "ß" * 150,
    "字",
    "\u0301",
]


def test_hostile_terms_are_terms_like_others() -> None:
    index = made({number: [term, "gewoon"] for number, term in enumerate(HOSTILE)})
    for number, term in enumerate(HOSTILE):
        assert [found for found, _ in index.search(ask(term), 5, None)] == [number]


def test_terms_that_are_no_words_are_left_out_and_harm_nothing() -> None:
    index = made({1: ["a" * 100_000, "gas", "é" * 70_000], 2: []})
    assert [number for number, _ in index.search(ask("gas"), 5, None)] == [1]
    for term in ("a" * 100_000, "", " ", "gas olie"):
        assert index.search(ask(term), 5, None) == []
        assert frequency(index, QuestionTerm((term,))) == 0
    assert index.search([], 5, None) == []
    assert index.search(ask("gas"), 0, None) == []
    assert index.search(ask("gas"), 5, NOTHING) == []


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("troepen", "De troepenopbouw bij de grens."),
        ("eisen", "Rusland stelt veiligheidseisen."),
        ("veiligheid", "Rusland stelt veiligheidseisen."),
        ("100.000", "Er zouden zo'n 100.000 militairen zijn."),
        ("1.912", "Het waren er 1.912."),
        ("NAVO-chef", "NAVO-chef Stoltenberg waarschuwt."),
        ("navo", "NAVO-chef Stoltenberg waarschuwt."),
        ("Oekraine", "De grens van Oekraïne."),
    ],
)
def test_dutch_words_are_found_by_their_parts_and_numbers_whole(question: str, text: str) -> None:
    others = ["De minister sprak over 100 zaken.", "Het weer blijft 912 dagen goed."]
    texts = {number: terms(other, language="nl") for number, other in enumerate(others)}
    index = made(texts | {9: terms(text, language="nl")})
    assert found(index, question) == [9]


def test_an_english_article_is_stemmed_as_english() -> None:
    text = "The ministers were negotiating sanctions in difficult times."
    index = made({1: terms(text, language="en"), 2: terms("Het bleef stil.", language="nl")})
    for question in ("negotiate", "negotiations", "a sanction", "the time"):
        assert found(index, question) == [1]


def test_the_best_spelling_of_a_word_counts_once() -> None:
    index = made({1: ["rus", "russisch"], 2: ["rus", "stil"], 3: ["niets", "stil"]})
    rows = dict(index.search([QuestionTerm(("rus", "russisch"))], 5, None))
    best = max(dict(index.search(ask(word), 5, None))[1] for word in ("rus", "russisch"))
    assert rows[1] == pytest.approx(best, rel=1e-5)
    assert set(rows) == {1, 2}


def test_weights_follow_the_formula_of_bm25() -> None:
    index = made({1: ["gas", "olie"], 2: ["gas"], 3: ["gas"], 4: []})
    words = [QuestionTerm(("gas",)), QuestionTerm(("olie", "oli"), 0.5), QuestionTerm(("wind",))]
    expected = [
        weight * math.log(1 + (4 - held + 0.5) / (held + 0.5))
        for weight, held in ((1.0, 3), (0.5, 1), (1.0, 0))
    ]
    assert index.counts(words).weights(words) == pytest.approx(expected)
    assert index.counts([]).weights([]) == []


def test_an_index_in_a_folder_is_the_same_when_opened_again(tmp_path: Path) -> None:
    index = LexicalIndex(tmp_path)
    index.update(NOTHING, indexed([(1, ["gas"]), (2, ["olie", "gas"])]))
    again = LexicalIndex(tmp_path)
    assert again.count == 2
    assert again.search(ask("gas"), 5, None) == index.search(ask("gas"), 5, None)


def test_written_words_are_found_whole_or_by_their_beginning() -> None:
    index = LexicalIndex(None)
    written = {1: ["café", "cafés"], 2: ["cafe", "ca"], 3: ["a" * 300]}
    rows = [(number, ChunkWords(["term"], keys, ["extra"])) for number, keys in written.items()]
    index.update(NOTHING, [*rows, (4, ChunkWords(["extra", "café"]))])
    assert index.holding_written("café").tolist() == [1]
    assert index.holding_written("caf", begins=True).tolist() == [1, 2]
    assert index.holding_written("ca", begins=True).tolist() == [1, 2]
    assert index.holding_written("a" * 300).tolist() == [3]
    assert index.holding_written("a" * 250, begins=True).tolist() == [3]
    for unknown in ("ex", "extra", "term", "b"):
        assert index.holding_written(unknown).tolist() == []
        assert index.holding_written(unknown, begins=True).tolist() == []
    assert index.holding_forms(QuestionTerm(("extra", "niets"))).tolist() == [1, 2, 3, 4]
    assert index.holding(QuestionTerm(("extra",))).tolist() == [4]
    index.update(np.array([1], np.int64), [])
    assert index.holding_written("caf", begins=True).tolist() == [2]
