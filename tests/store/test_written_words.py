"""Words as they are written, with their places."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index_store.analysis.written_words import word_key, written_words


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("", []),
        ("?! — 😀", []),
        ("NAVO-top, d'Estaing; foo_bar", ["navo", "top", "d", "estaing", "foo", "bar"]),
        ("100.000 in 2021", ["100", "000", "in", "2021"]),
        ("Cafe\u0301 CAFÉ cafe", ["café", "café", "cafe"]),
        ("soft\u00adware zero\u200bbreedte", ["software", "zerobreedte"]),
        ("burge-\nmeester Noord-\r\nHolland", ["burgemeester", "noord", "holland"]),
        ("zee- en zee-\nen", ["zee", "en", "zee", "en"]),
        ("STRASSE straße", ["strasse", "strasse"]),
        ("北京 is ver", ["北", "京", "is", "ver"]),
        ("हिन्दी भाषा", ["हिन्दी", "भाषा"]),
    ],
)  # fmt: skip
def test_words_have_their_keys(text: str, keys: list[str]) -> None:
    assert [each.key for each in written_words(text)] == keys


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab-\n \u0301\u00ad_é北9’", max_size=40) | st.text(max_size=40))
def test_words_lie_in_order_and_cover_every_letter(text: str) -> None:
    words = written_words(text)
    assert all(one.end <= two.start for one, two in pairwise(words))
    covered = {at for each in words for at in range(each.start, each.end)}
    for at, sign in enumerate(text):
        assert at in covered or not sign.isalnum()
    for each in words:
        assert each.key
        assert each.key == word_key(each.key)
        assert unicodedata.is_normalized("NFC", each.key)
