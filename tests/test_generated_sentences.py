"""The sentences that a language model might write are well formed, and half of them are lies."""

from __future__ import annotations

import json
from collections import Counter
from itertools import product

from tests.paths import DATA

FIELDS = {"id", "language", "question", "quotes", "sentence", "label", "kind"}
LINES = (DATA / "generated_sentences.jsonl").read_text(encoding="utf-8").splitlines()
SENTENCES = [json.loads(line) for line in LINES]


def test_every_sentence_is_whole() -> None:
    for row in SENTENCES:
        assert row.keys() == FIELDS
        assert 1 <= len(row["quotes"]) <= 3, row["id"]
        texts = [row["question"], row["sentence"], row["kind"], *row["quotes"]]
        assert all(text == text.strip() and text for text in texts), row["id"]


def test_no_sentence_stands_twice() -> None:
    assert len({row["id"] for row in SENTENCES}) == len(SENTENCES)
    assert len({row["sentence"] for row in SENTENCES}) == len(SENTENCES)


def test_lies_and_faithful_sentences_weigh_the_same_in_both_languages() -> None:
    counts = Counter((row["label"], row["language"]) for row in SENTENCES)
    assert counts.keys() == set(product(("lie", "faithful"), ("nl", "en")))
    assert len(set(counts.values())) == 1
    assert len(SENTENCES) >= 260


def test_each_context_has_a_lie_and_a_faithful_sentence() -> None:
    labels: dict[tuple[str, ...], set[str]] = {}
    for row in SENTENCES:
        labels.setdefault((row["question"], *row["quotes"]), set()).add(row["label"])
    assert all(found == {"lie", "faithful"} for found in labels.values())


def test_the_lies_are_of_many_kinds() -> None:
    kinds = Counter(row["kind"] for row in SENTENCES if row["label"] == "lie")
    assert len(kinds) >= 25
    assert max(kinds.values()) <= sum(kinds.values()) / 8
