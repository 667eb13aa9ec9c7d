"""Near copies speak with one voice: a slip in one of them is no newer value."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from index_store.records import EVERYTHING, ArticleFilter, Chunk
from qa.answer.candidates import Candidate
from qa.answer.one_voice import one_teller, one_voice
from qa.answer.values.comparison import read_value
from qa.assistant import Assistant
from qa.models.calibration import Evidence
from qa.retrieval.passage import Passage
from qa.retrieval.sentence_ranking import RankedSentence
from tests.conftest import open_hashed

BEFORE = "De gemeenteraad van Oostkerk stemde woensdag in met een nieuwe sluis bij de Zuiddijk. "
AFTER = " Tegenstanders vrezen voor de weidevogels in de polder en stappen naar de rechter."


def filled(folder: Path, *rows: tuple[str, int, str, str]) -> Assistant:
    lines = [
        json.dumps(
            {
                "id": key,
                "date": f"2022-06-{day}",
                "source": source,
                "text": f"{BEFORE}De bouw van de sluis kost {value} miljoen euro.{AFTER}",
            }
        )
        for key, day, source, value in rows
    ]
    opened = open_hashed(folder / "store")
    opened.ingest(stream=io.BytesIO("\n".join(lines).encode()))
    return opened


def candidate(assistant: Assistant, key: str, value: str, score: float) -> Candidate:
    article = assistant.article(key)
    assert article is not None
    at = article.text.index(value)
    start, end = article.text.index("De bouw"), article.text.index(" Tegen")
    passage = Passage(Chunk(key, 0, len(article.text), article.text), article, 0.0, 0.0, 0.0, 1)
    evidence = Evidence(score, score, 0.0, 1.0, 1.0, 1.0, 1.0, 0.0)
    return Candidate(
        passage, at, at + len(value), start, end, evidence, score, read_value(value, "nl")
    )


@pytest.mark.parametrize("best", ["a", "slip"])
def test_a_slip_in_one_copy_gives_way_to_what_the_others_say(tmp_path: Path, best: str) -> None:
    rows = [("a", 15, "Blad", "41"), ("b", 15, "Bode", "41"), ("slip", 16, "Courant", "14")]
    with filled(tmp_path, *rows) as assistant:
        view = assistant.archive.view()
        assert view is not None
        order = sorted([("a", "41"), ("slip", "14")], key=lambda each: each[0] != best)
        found = [candidate(assistant, *each, 9.0 - at) for at, each in enumerate(order)]
        (kept,) = one_voice(view, found, EVERYTHING)
    assert (kept.passage.article.id, kept.text, kept.score) == ("a", "41", 9.0)


def test_of_two_versions_the_older_one_is_heard(tmp_path: Path) -> None:
    with filled(tmp_path, ("new", 16, "Courant", "14"), ("old", 15, "Blad", "41")) as assistant:
        view = assistant.archive.view()
        assert view is not None
        found = [candidate(assistant, "new", "14", 9.0), candidate(assistant, "old", "41", 8.0)]
        (kept,) = one_voice(view, found, EVERYTHING)
    assert kept.passage.article.id == "old"


def test_a_later_version_of_the_same_paper_and_another_story_stay(tmp_path: Path) -> None:
    rows = [("a", 15, "Blad", "41"), ("b", 16, "Blad", "45"), ("c", 15, "Bode", "41")]
    with filled(tmp_path, *rows) as assistant:
        view = assistant.archive.view()
        assert view is not None
        found = [candidate(assistant, "b", "45", 9.0), candidate(assistant, "a", "41", 8.0)]
        assert one_voice(view, found, EVERYTHING) == found
    other = tmp_path / "other"
    with filled(other, ("a", 15, "Blad", "41")) as assistant:
        view = assistant.archive.view()
        assert view is not None
        alone = [candidate(assistant, "a", "41", 9.0)]
        assert one_voice(view, alone, EVERYTHING) == alone


def sentence(assistant: Assistant, key: str, words: str, score: float) -> RankedSentence:
    article = assistant.article(key)
    assert article is not None
    start = article.text.index(words)
    passage = Passage(Chunk(key, 0, len(article.text), article.text), article, 0.0, 0.0, 0.0, 1)
    return RankedSentence(passage, start, start + len(words), score)


COSTS = "De bouw van de sluis kost {} miljoen euro."
THREE = (("blad", 15, "Blad", "41"), ("bode", 16, "Bode", "41"), ("slip", 17, "Courant", "14"))


def test_of_near_copies_one_tells_and_edited_sentences_are_quoted_from_it(tmp_path: Path) -> None:
    with filled(tmp_path, *THREE) as assistant:
        view = assistant.archive.view()
        assert view is not None
        ranked = [
            sentence(assistant, "slip", COSTS.format(14), 9.0),
            sentence(assistant, "bode", AFTER.strip(), 8.0),
            sentence(assistant, "blad", BEFORE.strip(), 7.0),
            sentence(assistant, "blad", AFTER.strip(), 6.0),
        ]
        told = one_teller(view, ranked, EVERYTHING)
        texts = [each.passage.article.text[each.start : each.end] for each in told]
        assert texts == [COSTS.format(41), AFTER.strip(), BEFORE.strip()]
        assert {each.passage.article.id for each in told} == {"blad"}
        assert [each.score for each in told] == [9.0, 8.0, 7.0]
        # The article that answers tells, though it is not the oldest.
        told = one_teller(view, ranked, EVERYTHING, ranked[0])
        assert {each.passage.article.id for each in told} == {"slip"}
        only = ArticleFilter(sources=("Bode", "Courant"))
        told = one_teller(view, ranked[:2], only)
        assert {each.passage.article.id for each in told} == {"bode"}


def test_what_a_paper_added_of_its_own_stays(tmp_path: Path) -> None:
    with filled(tmp_path, *THREE[:2]) as assistant:
        own = "De bouw van de sluis kost de provincie 9 miljoen euro."
        article = assistant.article("bode")
        assert article is not None
        row = {"id": "eigen", "source": "Krant", "date": "2022-06-18"}
        row["text"] = f"{article.text} {own}"
        assistant.ingest(stream=io.BytesIO(json.dumps(row).encode()))
        view = assistant.archive.view()
        assert view is not None
        ranked = [
            sentence(assistant, "eigen", own, 9.0),
            sentence(assistant, "eigen", AFTER.strip(), 8.0),
            sentence(assistant, "blad", BEFORE.strip(), 7.0),
        ]
        told = one_teller(view, ranked, EVERYTHING)
        assert [each.passage.article.id for each in told] == ["eigen", "blad", "blad"]
        assert told[0] == ranked[0]


def test_a_later_version_of_the_same_paper_tells_itself(tmp_path: Path) -> None:
    rows = [("a", 15, "Blad", "41"), ("b", 16, "Blad", "45")]
    with filled(tmp_path, *rows) as assistant:
        view = assistant.archive.view()
        assert view is not None
        ranked = [
            sentence(assistant, "b", COSTS.format(45), 9.0),
            sentence(assistant, "a", COSTS.format(41), 8.0),
        ]
        assert one_teller(view, ranked, EVERYTHING) == ranked


def test_a_digest_quotes_one_of_the_copies_and_names_the_others(tmp_path: Path) -> None:
    with filled(tmp_path, *THREE) as assistant:
        answer = assistant.ask("Geef een overzicht van de sluis")
        assert answer.kind in {"report", "overview"}
        assert len(answer.citations) > 1
        assert len({each.article.id for each in answer.citations}) == 1
        assert {each.article.id for each in answer.also_in} >= {"bode", "slip"} - {
            answer.citations[0].article.id
        }
        timeline = assistant.timeline("sluis")
        assert len(timeline.citations) > 1
        assert {each.article.id for each in timeline.citations} == {"blad"}
