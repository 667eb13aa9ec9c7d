"""What readers say of answers: kept whole by several processes, and read back to evaluate with."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qa.__main__ import app
from qa.evaluation import feedback as room
from qa.evaluation.feedback import (
    FILE_NAME,
    FeedbackError,
    Judgement,
    RatedQuote,
    Verdict,
    add,
    evaluation_rows,
    judge,
    read,
)
from qa.evaluation.questions import read_questions
from tests.conftest import open_hashed
from tests.paths import SEEDS

FIRST = RatedQuote(1, "a", 0, 27, "Er staan 100 tanks in Bry.", "100 tanks", agrees=True)
SECOND = RatedQuote(2, "b", 3, 30, "Er staan 190 tanks bij Bry.", "190 tanks", agrees=False)
SAID = Judgement(
    id="x",
    at=datetime(2022, 3, 1, 12, tzinfo=UTC),
    verdict=Verdict.GOOD,
    citation=None,
    reason="",
    question="Hoeveel tanks?\n\u2028\U0001f600",
    answer="100 tanks",
    abstained=False,
    quotes=(FIRST, SECOND),
    since=date(2022, 1, 1),
)
OF_SECOND = replace(SAID, citation=2)
WRONG, OFF = Verdict.WRONG, Verdict.NONE


def test_what_is_said_is_read_back(tmp_path: Path) -> None:
    file = tmp_path / FILE_NAME
    assert read(file) == ([], 0)
    said = [SAID, replace(SAID, verdict=WRONG, reason="nee", until=date(2022, 2, 1))]
    for each in said:
        add(file, each)
    assert read(file) == (said, 0)


def test_what_was_said_before_quotes_had_a_field_is_of_texts(tmp_path: Path) -> None:
    record = SAID.to_dict()
    for each in record["quotes"]:
        del each["field"]
    (tmp_path / FILE_NAME).write_text(json.dumps(record) + "\n", encoding="utf-8")
    assert read(tmp_path / FILE_NAME) == ([SAID], 0)


@pytest.mark.parametrize("torn", [b'{"id": "x", "at', b"\xff\xfe", b"[]", b"{}", b'"a"'])
def test_a_line_that_was_cut_short_costs_no_other(torn: bytes, tmp_path: Path) -> None:
    file = tmp_path / FILE_NAME
    add(file, SAID)
    with file.open("ab") as opened:
        opened.write(torn)
    add(file, OF_SECOND)
    assert read(file) == ([SAID, OF_SECOND], 1)


def test_several_processes_keep_each_line_whole(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from dataclasses import replace\n"
        "from tests.evaluation.test_feedback import SAID, add\n"
        "for n in range(40): add(Path(sys.argv[1]), replace(SAID, id=f'{sys.argv[2]}-{n}'))"
    )
    file = tmp_path / FILE_NAME
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(file), name], cwd=SEEDS.parent)
        for name in "ab"
    ]
    assert [each.wait() for each in running] == [0, 0]
    found, passed_over = read(file)
    assert passed_over == 0
    for name in "ab":
        assert [e.id for e in found if e.id.startswith(name)] == [f"{name}-{n}" for n in range(40)]


def test_the_file_is_bounded_and_says_why_it_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(FeedbackError, match="cannot be written"):
        add(tmp_path / "nergens" / FILE_NAME, SAID)
    with pytest.raises(FeedbackError, match="too long"):
        add(tmp_path / FILE_NAME, replace(SAID, question="a" * 200_000))
    monkeypatch.setattr(room, "LARGEST_FILE", 1200)
    add(tmp_path / FILE_NAME, SAID)
    with pytest.raises(FeedbackError, match="is full"):
        add(tmp_path / FILE_NAME, replace(SAID, reason="a" * 500))
    assert (tmp_path / FILE_NAME).stat().st_size <= 1200


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([SAID], [("x", ["100 tanks"], [FIRST.quote])]),
        ([SAID, replace(SAID, verdict=OFF)], []),
        ([SAID, replace(SAID, verdict=WRONG)], [("x-wrong", [FIRST.quote, SECOND.quote])]),
        # A good quote of a wrong answer is an answer by itself.
        (
            [replace(SAID, verdict=WRONG), OF_SECOND],
            [("x", ["190 tanks"], [SECOND.quote]), ("x-wrong", [FIRST.quote, SECOND.quote])],
        ),
        (
            [SAID, OF_SECOND],
            [("x", ["100 tanks", "190 tanks"], [FIRST.quote, SECOND.quote])],
        ),
        (
            [SAID, replace(OF_SECOND, verdict=WRONG)],
            [("x", ["100 tanks"], [FIRST.quote]), ("x-wrong", [SECOND.quote])],
        ),
        ([replace(SAID, answer=None, abstained=True, quotes=())], [("x", [], [])]),
        (
            [replace(SAID, answer=None, quotes=(replace(FIRST, answer=None),))],
            [("x", [FIRST.quote], [FIRST.quote])],
        ),
    ],
)
def test_rows(said: list[Judgement], expected: list[tuple[object, ...]], tmp_path: Path) -> None:
    rows = list(evaluation_rows(said))
    found = [
        (row["id"], row["quotes"])
        if row.get("wrong")
        else (row["id"], row["answers"], row["evidence"])
        for row in rows
    ]
    assert found == expected
    good = [row for row in rows if not row.get("wrong")]
    if good:  # what eval reads of it
        file = tmp_path / "rows.jsonl"
        file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        questions = read_questions(file).archive
        assert [(each.id, list(each.answers)) for each in questions] == [
            (row["id"], row["answers"]) for row in good
        ]
        assert questions[0].selection["since"] == date(2022, 1, 1)
        assert questions[0].today == date(2022, 3, 1)


def test_an_answer_is_judged_and_printed(store_path: Path) -> None:
    with open_hashed(store_path) as assistant:
        assistant.ingest([SEEDS])
        answer = assistant.ask("Welke bijnaam kreeg Sergej Soerovikin?", as_of=date(2023, 1, 1))
        assert answer.citations
        at = datetime(2023, 2, 1, tzinfo=UTC)
        with pytest.raises(FeedbackError, match="no quote 99"):
            judge(answer, name="y", verdict=WRONG, at=at, citation=99)
        said = judge(answer, name="y", verdict=WRONG, at=at, reason="  te \n oud " + "a" * 1000)
        assert said.reason == "te oud " + "a" * 493
        assert said.until == date(2023, 1, 1)
        for quote in said.quotes:
            article = assistant.article(quote.article_id)
            assert article is not None
            assert article.text[quote.start : quote.end].startswith(quote.quote)
        add(store_path / FILE_NAME, said)
        add(store_path / FILE_NAME, replace(said, id="z", verdict=Verdict.GOOD))
        assert assistant.check() == []
    run = CliRunner().invoke(app, ["feedback", "--store", str(store_path), "--json"])
    rows = [json.loads(line) for line in run.stdout.splitlines()]
    assert [(row["id"], row.get("wrong", False)) for row in rows] == [
        ("y-wrong", True),
        ("z", False),
    ]
    assert rows[1]["answers"][0] == answer.answer
    run = CliRunner().invoke(app, ["feedback", "--store", str(store_path)])
    assert [line.split()[:2] for line in run.stdout.splitlines()] == [
        ["2023-02-01", "wrong"],
        ["2023-02-01", "good"],
    ]
    none = CliRunner().invoke(app, ["feedback", "--store", str(store_path / "elders")])
    assert (none.exit_code, none.stdout) == (0, "")
