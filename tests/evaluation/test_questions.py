from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from qa.errors import IngestError, SettingsError
from qa.evaluation.questions import EvidencePlace, SpanQuestion, as_archive, read_questions
from tests.paths import DATA

ASKED = {"question": "Wie won?", "answers": ["Ajax"], "evidence": "Ajax won"}
SPAN = {"question": "Wie won?", "context": "Ajax won.", "answer": "Ajax", "start": 0}


def write(path: Path, *lines: dict[str, Any] | str) -> Path:
    written = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    path.write_text("\n".join(written) + "\n", encoding="utf-8")
    return path


def test_our_own_questions_are_read_whole_and_by_split() -> None:
    found = read_questions(DATA / "seed_questions.jsonl")
    assert len(found.archive) == 96
    assert found.spans == ()
    assert sum(not each.answers for each in found.archive) == 32
    first = found.archive[0]
    assert (first.id, first.kind, first.evidence) == ("q01", "list", ("Centraal-Europa",))
    assert first.articles == ("000_a8d320557e8b4f72.txt",)
    dev = read_questions(DATA / "seed_questions.jsonl", split="dev").archive
    assert len(dev) == 48
    assert {each.id for each in dev} < {each.id for each in found.archive}
    with pytest.raises(SettingsError, match='"split": "train"'):
        read_questions(DATA / "seed_questions.jsonl", split="train")


def test_optional_fields_of_archive_questions(tmp_path: Path) -> None:
    bounds = {"today": "2023-04-02", "since": "2021-12", "until": 2021, "sources": "NRC"}
    file = write(
        tmp_path / "q.jsonl",
        {**ASKED, **bounds, "evidence": ["Ajax won", "Ajax wint"], "absence": "wrong year"},
        "",
        {"question": "Wie verloor?", "answers": [], "evidence": "", "type": "none"},
    )
    first, second = read_questions(file).archive
    assert (first.id, second.id) == ("1", "3")
    assert first.evidence == ("Ajax won", "Ajax wint")
    assert (first.kind, second.kind) == ("wrong year", "none")
    assert first.today == date(2023, 4, 2)
    days = {"since": date(2021, 12, 1), "until": date(2021, 12, 31)}
    assert first.selection == {**days, "sources": ("NRC",)}
    assert (second.today, second.selection) == (None, {})
    assert (second.answers, second.evidence, second.articles) == ((), (), ())


def test_span_questions_and_those_without_an_answer(tmp_path: Path) -> None:
    file = write(
        tmp_path / "q.jsonl",
        {**SPAN, "id": "a", "passage_id": 7},
        {**SPAN, "answer": "", "start": -1},
        {**SPAN, "answer": None, "start": -1},
    )
    first, *absent = read_questions(file).spans
    assert (first.answer, first.start, first.answers) == ("Ajax", 0, ("Ajax",))
    assert first.context_id == "7"
    assert [(each.answer, each.answers) for each in absent] == [(None, ()), (None, ())]


def test_rows_to_train_on_are_span_questions(tmp_path: Path) -> None:
    known = {"title": "Winst voor Ajax", "date": "2023-05", "language": "nl", "kind": "near typo"}
    first, second = read_questions(write(tmp_path / "q.jsonl", {**SPAN, **known}, SPAN)).spans
    assert first.preface == "Winst voor Ajax\nmei 2023"
    assert first.kinds == ("near", "typo")
    assert (second.preface, second.kinds) == ("", ())
    with pytest.raises(IngestError, match="line 1"):
        read_questions(write(tmp_path / "q.jsonl", {**SPAN, "date": "ooit"}))


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([], "no questions"),
        (["", " "], "no questions"),
        ([{"question": "Wie won?", "wrong": True}], "no questions"),
        (["{"], "line 1: this is no JSON"),
        ([ASKED, "[]"], "line 2: each line is a JSON object"),
        ([ASKED, SPAN], "line 2: the two shapes"),
        ([SPAN, {**ASKED}], "line 2: the two shapes"),
        ([{"question": "Wie?"}], "'answers' is missing"),
        ([{"answers": []}], "'question' is missing"),
        ([{**ASKED, "question": " "}], "line 1: the question is empty"),
        ([{**ASKED, "answers": "Ajax"}], "answers is a list"),
        ([{**ASKED, "answers": [1]}], "answers holds something other"),
        ([{**ASKED, "since": "gisteren"}], "line 1: since: 'gisteren'"),
        ([{**ASKED, "today": ""}], "line 1: today"),
        ([{**ASKED, "languages": ["nl", "klinkklaar"]}], "line 1: languages: 'klinkklaar'"),
        ([{**ASKED, "since": "2022", "until": "2021"}], "line 1: the period starts"),
        ([{**ASKED, "id": 1}, {**ASKED, "id": "1"}], "line 2: the id '1' stands twice"),
        ([{**SPAN, "start": 1}], "does not stand at its start"),
        ([{**SPAN, "start": -5}], "does not stand at its start"),
        ([{**SPAN, "start": "0"}], "line 1"),
        ([{**SPAN, "answer": 4}], "line 1"),
        ([{**SPAN, "context": ""}], "context must be text"),
        (['{"question": "Wie?", "context": "\\ud800", "answer": "", "start": -1}'], "Unicode"),
        ([{"question": "Wie?", "context": "Ajax."}], "'answer' is missing"),
    ],
)
def test_a_bad_line_is_named(lines: list[dict[str, Any] | str], says: str, tmp_path: Path) -> None:
    file = write(tmp_path / "vragen.jsonl", *lines)
    with pytest.raises(IngestError, match=r"vragen\.jsonl") as caught:
        read_questions(file)
    assert says in str(caught.value)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(IngestError, match=r"nergens\.jsonl"):
        read_questions(tmp_path / "nergens.jsonl")
    (tmp_path / "latin.jsonl").write_bytes(b"\xe9")
    with pytest.raises(IngestError, match="UTF-8"):
        read_questions(tmp_path / "latin.jsonl")


def test_contexts_become_one_archive() -> None:
    spans = [
        SpanQuestion("a", "Wie won?", "Ajax won.", "Ajax", 0, "p1"),
        SpanQuestion("b", "Wat deed Ajax?", "Ajax won.", "won", 5, "copy of p1"),
        SpanQuestion("c", "Wie verloor?", "PSV verloor.", "PSV", 0),
        SpanQuestion("d", "Waarom?", "PSV verloor.", None, -1),
    ]
    contexts, questions = as_archive(spans)
    assert contexts == {"p1": "Ajax won.", "context-2": "PSV verloor."}
    assert [each.place for each in questions] == [
        EvidencePlace("p1", 0, 4),
        EvidencePlace("p1", 5, 8),
        EvidencePlace("context-2", 0, 3),
        None,
    ]
    assert [each.articles for each in questions] == [("p1",), ("p1",), ("context-2",), ()]
    assert questions[3].answers == ()
    with pytest.raises(SettingsError, match="two contexts"):
        as_archive([spans[0], SpanQuestion("e", "Wie?", "Feyenoord.", None, -1, "p1")])
