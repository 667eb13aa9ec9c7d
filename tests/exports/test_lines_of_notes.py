"""The lines of quotes and notes in references: each on its own, and read back to the letter."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from index_store.records import UNKNOWN_DATE, Article
from qa.answer.records import Answer
from qa.exports import as_csl, as_ris, export, save, verify
from qa.exports.formats import FORMATS
from qa.exports.kept_quotes import KeptQuote, kept_answer
from qa.exports.records import ExportedQuote
from tests.exports.test_exports import HOSTILE

REFERENCES = (".ris", ".csl.json")
NOTES = (
    "Bellen\nen mailen\n\nmet de redactie\n",
    "\n eerst leeg\n  en ingesprongen \n\t\n",
    "[… notitie 0-3] nep\nER  - \nTY  - NEWS\n[… 0-3] nep\n[0-3] nep\nDateline 1 nl 1/1",
    "\\u000a geen regel\n\\\\\nwel een\\\n{:id: x}\n",
    "\n\n",
    *HOSTILE,
)
TEXTS = ("Eén.\n\nTwee.\n", "\nDrie\n[… 0-9] vier\n\\u000a\n", *HOSTILE)


def kept(texts: Sequence[str], notes: Sequence[str]) -> tuple[Answer, dict[str, Article]]:
    """Return an answer of quotes that are whole texts, each of an article, with a note on each."""
    articles = {
        f"a/{at}": Article(f"a/{at}", "Kop", text, UNKNOWN_DATE, "NRC")
        for at, text in enumerate(texts)
    }
    quotes = [
        KeptQuote(ExportedQuote(each.text, each.id, 0, len(each.text)), note, each)
        for each, note in zip(articles.values(), notes, strict=True)
    ]
    return kept_answer(quotes, lambda name, _: articles.get(name), "nl"), articles


def cases() -> list[tuple[str, str]]:
    longest = max(len(NOTES), len(TEXTS))
    return [(TEXTS[at % len(TEXTS)], NOTES[at % len(NOTES)]) for at in range(longest)]


@pytest.mark.parametrize("suffix", REFERENCES)
@pytest.mark.parametrize("is_old", [False, True])
def test_every_line_comes_back(
    suffix: str, is_old: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts, notes = zip(*cases(), strict=True)
    answer, articles = kept(texts, notes)
    file = tmp_path / f"bewaard{suffix}"
    with monkeypatch.context() as earlier:
        if is_old:
            for room in (as_ris, as_csl):
                earlier.setattr(room, "in_lines", lambda note: [note])
        save(file, [answer], language="nl")
    assert verify(file, articles.get) == []
    exported = FORMATS[suffix].read(file.read_text(encoding="utf-8"))
    assert [each.quote for each in exported.quotes] == list(texts)
    told = [each["note"] for each in exported.answers[0].given["citations"]]
    new = FORMATS[suffix].read(export([answer], suffix, language="nl"))
    assert told == [each["note"] for each in new.answers[0].given["citations"]]
    assert told[0] == notes[0]


@pytest.mark.parametrize("suffix", REFERENCES)
def test_people_see_lines(suffix: str) -> None:
    answer, _ = kept(["Eén.\n\nTwee."], ["Bellen\nen mailen"])
    text = export([answer], suffix, language="nl")
    assert "u000a" not in text
    lines = text.replace("\\n", "\n").splitlines()
    shown = [line.removeprefix("N1  - ") for line in lines]
    at = next(at for at, line in enumerate(shown) if line.endswith("[0-11] Eén."))
    assert shown[at + 1 : at + 5] == [
        "[… 0-11]",
        "[… 0-11] Twee.",
        "[notitie 0-11] Bellen",
        "[… notitie 0-11] en mailen",
    ]


@pytest.mark.parametrize("suffix", REFERENCES)
def test_a_line_that_was_changed_is_named(suffix: str, tmp_path: Path) -> None:
    answer, articles = kept(["Eén.\n\nTwee."], ["Bellen\nen mailen"])
    text = export([answer], suffix, language="nl")
    for said, now in (("[… 0-11] Twee.", "[… 0-11] Drie."), ("[… 0-11] Twee.", "[… 0-9] Twee.")):
        file = tmp_path / f"anders{suffix}"
        file.write_text(text.replace(said, now), encoding="utf-8", newline="")
        assert verify(file, articles.get)
