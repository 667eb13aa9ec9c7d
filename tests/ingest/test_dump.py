"""A dump holds the whole archive, and loads into another one; a damaged dump is told in words."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from index_store.catalog.export import placed_articles
from index_store.records import Provenance
from qa.archive import Archive
from qa.assistant import Assistant
from qa.errors import IngestError
from qa.evaluation.soak.stand_ins import HashEncoder
from qa.ingest import dump
from qa.ingest.dump import dump_lines, lines_of, read_dump
from qa.ingest.loading import LoadReport
from tests.conftest import open_hashed

TEXTS = {
    "a.txt": "Het zwembad opent dinsdag. De wethouder knipt een lint door.",
    "b.txt": "Het gemaal staat stil. Monteurs zoeken naar de oorzaak.",
    "kopie.txt": "Het gemaal staat stil. Monteurs zoeken naar de oorzaak.",
}


class CountingEncoder(HashEncoder):
    """Counts the texts that it is given."""

    encoded = 0

    def encode_passages(self, texts: Any, **how: Any) -> Any:
        self.encoded += len(texts)
        return super().encode_passages(texts, **how)


@pytest.fixture
def filled(assistant: Assistant, tmp_path: Path) -> Archive:
    folder = tmp_path / "in"
    folder.mkdir()
    for name, text in TEXTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "c.jsonl").write_text(
        json.dumps(
            {
                "id": "c", "title": "Brug", "text": "De brug\u2028gaat in mei open.",
                "date": "2022-03", "author": "Roos Veld", "section": "Regio",
                "url": "https://krant.example/brug", "source": "De Dijkpost",
            }
        )
    )  # fmt: skip
    assistant.ingest([folder])
    assistant.set_date("a.txt", "2021-06-07")
    assistant.set_date("c", "2022-04-01")
    return assistant.archive


def written(archive: Archive, **how: Any) -> list[bytes]:
    return [json.dumps(line).encode() for line in dump_lines(archive.store.catalog, **how)]


@pytest.mark.parametrize("vectors", [True, False])
def test_a_dump_loads_as_the_same_archive(filled: Archive, tmp_path: Path, vectors: bool) -> None:
    lines = written(filled, vectors=vectors)
    encoder = CountingEncoder()
    with open_hashed(tmp_path / "other", encoder) as other:
        done = other.archive.load(read_dump(lines, "dump"))
        assert done == LoadReport(3, 0 if vectors else encoder.encoded)
        assert bool(encoder.encoded) is not vectors
        assert list(other.articles()) == list(filled.articles())
        by_hand = other.article("c")
        assert by_hand is not None
        assert by_hand.published.provenance is Provenance.USER
        assert by_hand.overruled.first == date(2022, 3, 1)
        ours, theirs = (
            [(each.article, each.origins) for each in placed_articles(archive.store.catalog)]
            for archive in (filled, other.archive)
        )
        assert ours == theirs
        assert other.check() == []
        # Loading again changes nothing, and an ingest of the same files finds nothing new.
        encoder.encoded = 0
        other.archive.load(read_dump(lines, "dump"))
        assert encoder.encoded == 0
        report = other.ingest([tmp_path / "in"])
        assert (report.added, report.changed, report.unchanged) == (0, 0, 4)


def test_vectors_of_another_encoder_or_of_odd_sizes_are_not_used(
    filled: Archive, tmp_path: Path
) -> None:
    lines = written(filled, vectors=True)
    encoder = CountingEncoder(salt="anders")
    with open_hashed(tmp_path / "other", encoder) as other:
        other.archive.load(read_dump(lines, "dump"))
        assert encoder.encoded > 0
        assert other.check() == []
    short = [json.loads(line) for line in lines]
    for line in short[1:-1]:
        line["vectors"] = dict.fromkeys(line["vectors"], "AAAAAAAA")
    same = CountingEncoder()
    with open_hashed(tmp_path / "third", same) as third:
        third.archive.load(read_dump([json.dumps(line).encode() for line in short], "dump"))
        assert same.encoded > 0
        assert third.check() == []


def test_what_a_later_version_adds_is_passed_over(filled: Archive, tmp_path: Path) -> None:
    lines = [json.loads(line) for line in written(filled)]
    for line in lines[1:-1]:
        line["article"]["mood"] = "grim"
    lines.insert(2, {"basket": {"name": "mine"}})
    with open_hashed(tmp_path / "other") as other:
        given = [*(json.dumps(line).encode() for line in lines), b"\n"]
        other.archive.load(read_dump(given, "dump"))
        assert other.count()[0] == 3


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda lines: lines[:-1], "line 4: the dump breaks off here, after 3 articles"),
        (lambda lines: [*lines[:2], lines[-1]], "tells of 3 articles, and 1 are there"),
        (lambda lines: [*lines[:3], lines[3][:50]], "line 4: this line is no JSON"),
        (lambda lines: [*lines[:3], b"\xff\xfe", *lines[3:]], "line 4: this line is no JSON"),
        (lambda lines: [*lines[:3], b'["x"]', *lines[3:]], "line 4: this line is no JSON"),
        (lambda lines: [*lines[:3], b'{"x": "\\ud800"}'], "line 4: this line is no JSON"),
        (lambda lines: [*lines[:3], b'{"article": {"id": 7}}'], "'id' is 7"),
        (lambda lines: [*lines[:3], b'{"article": "x"}'], "line 4: the article cannot be read"),
        (lambda lines: lines[1:], "line 1: this is no dump of Dateline"),
        (lambda _: [], "line 1: this is no dump of Dateline"),
        (lambda lines: [*lines, lines[-1]], "line 6: a dump ends before this line"),
        (
            lambda lines: [*lines[:-1], b'{"kept": {}}', lines[-1]],
            "line 6: the dump tells of 0 things that readers kept, and 1 are there",
        ),
        (lambda lines: [b'{"dump": 99}', *lines[1:]], "of a newer Dateline"),
    ],
)
def test_a_damaged_dump_is_told_in_words_and_what_was_whole_is_kept(
    filled: Archive, tmp_path: Path, change: Any, reason: str
) -> None:
    lines = change(written(filled))
    with open_hashed(tmp_path / "other") as other:
        with pytest.raises(IngestError, match=reason):
            other.archive.load(read_dump(lines, "dump.jsonl"))
        whole = {article.id: article for article in filled.articles()}
        assert all(article == whole[article.id] for article in other.articles())
        assert other.check() == []


def test_a_line_without_an_end_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dump, "LONGEST_LINE", 100)
    stream = BytesIO(b"short\n" + b"x" * 1000)
    lines = lines_of(stream, "dump")
    assert next(lines) == b"short\n"
    with pytest.raises(IngestError, match="line 2: this line has more than 100 bytes"):
        next(lines)
    assert stream.tell() < 200


def test_dates_of_a_dump_that_contradict_themselves_are_refused(filled: Archive) -> None:
    lines = [json.loads(line) for line in written(filled)]
    dated = next(line for line in lines if line.get("by_hand"))
    dated["by_hand"]["last"] = "1999-01-01"
    with pytest.raises(IngestError, match="after its end"):
        list(read_dump([json.dumps(line).encode() for line in lines], "dump").articles)


def test_dumped_articles_carry_no_inferred_dates(filled: Archive) -> None:
    for dumped in read_dump(written(filled), "dump").articles:
        assert replace(dumped.article).published.provenance is not Provenance.INFERRED
