from __future__ import annotations

import io
import json
import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

from qa.archive import Archive
from qa.assistant import Assistant
from qa.errors import StoreMismatchError
from qa.evaluation.soak.stand_ins import HashEncoder
from qa.ingest.ingester import Progress
from qa.models.loading import Models
from tests.conftest import open_hashed
from tests.counting_encoder import CountingEncoder
from tests.paths import SEEDS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SEEDS, tmp_path / "kranten"))


def write_jsonl(path: Path, *records: object) -> Path:
    path.write_text("\n".join(json.dumps(record) for record in records), encoding="utf-8")
    return path


def test_the_same_record_once_more_is_no_other_article(
    tmp_path: Path,
) -> None:
    line = '{"id": "m1", "title": "De Golf", "text": "Het bad gaat dicht.", "source": "Blad"}\n'
    for name, lines in (("a", line * 2), ("b", line + line.replace("dicht", "open"))):
        (tmp_path / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    with open_hashed(tmp_path / "store") as assistant:
        preview = assistant.preview([tmp_path / "a.jsonl", tmp_path / "b.jsonl"])
        assert (preview.count, len(preview.refused)) == (1, 1)
        report = assistant.ingest([tmp_path / "a.jsonl", tmp_path / "b.jsonl"])
        assert (report.added, report.unchanged, report.duplicates) == (1, 2, 2)
        assert ["already given" in each.reason for each in report.refused] == [True]


def test_seeds_are_stored_to_the_letter(archive: Assistant, folder: Path) -> None:
    report = archive.ingest([folder])
    assert (report.added, report.undated, report.refused) == (5, 2, ())
    dated = archive.article("001_e7b9567429ba9747")
    assert dated is not None
    assert dated.title is None
    assert dated.text.startswith("Rusland is nog steeds in rap tempo")
    raw = (folder / "001_e7b9567429ba9747.txt").read_text(encoding="utf-8")
    assert raw == f" date 2021-12 {dated.text}"
    assert (dated.published.precision, dated.published.provenance) == ("month", "stated")
    assert dated.published.words == "2021-12"
    assert dated.language == "nl"
    undated = archive.article("000_a8d320557e8b4f72")
    assert undated is not None
    assert undated.published.provenance == "inferred"  # no source states it
    assert undated.published.words is None


def test_an_unchanged_archive_costs_nothing_and_loads_no_model(
    archive: Assistant, folder: Path
) -> None:
    archive.ingest([folder])

    def no_model(name: str | None) -> HashEncoder:
        raise AssertionError(f"loaded {name}")

    with Assistant(Archive(archive.archive.store, Models(load_encoder=no_model))) as again:
        report = again.ingest([folder])
    assert (report.unchanged, report.added, report.changed, report.encoded_chunks) == (5, 0, 0, 0)


def test_one_changed_article_encodes_only_itself(
    archive: Assistant, folder: Path, counting: CountingEncoder
) -> None:
    archive.ingest([folder])
    counting.encoded.clear()
    changed = folder / "002_d6634ea9b322a4cb.txt"
    text = changed.read_text(encoding="utf-8")
    changed.write_text(text.replace("zes uur", "zeven uur"), encoding="utf-8")
    report = archive.ingest([folder])
    assert (report.changed, report.unchanged) == (1, 4)
    assert 1 <= len(counting.encoded) == report.encoded_chunks <= 2
    assert all("zeven uur" in encoded for encoded in counting.encoded)
    found = [passage.chunk.text for passage in archive.search("ontmoeting")]
    assert any("zeven uur" in text for text in found)
    assert not any("zes uur" in text for text in found)
    assert archive.check() == []


def test_sync_removes_what_is_gone_and_only_then(archive: Assistant, folder: Path) -> None:
    archive.ingest([folder])
    (folder / "003_25c24ee5ade538df.txt").unlink()
    assert archive.ingest([folder]).removed == 0
    assert archive.ingest([folder], sync=True).removed == 1
    assert archive.article("003_25c24ee5ade538df") is None
    assert archive.count()[0] == 4


def test_sync_keeps_articles_of_a_file_that_cannot_be_read_now(
    archive: Assistant, folder: Path
) -> None:
    archive.ingest([folder])
    (folder / "003_25c24ee5ade538df.txt").write_bytes(b"\x00\x01\x02")
    report = archive.ingest([folder], sync=True)
    assert len(report.refused) == 1
    assert report.removed == 0
    assert archive.count()[0] == 5


def test_sync_touches_no_other_folder(archive: Assistant, folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "anders"
    other.mkdir()
    (other / "los.txt").write_text("Een los artikel over iets anders.")
    archive.ingest([folder])
    archive.ingest([other], sync=True)
    assert archive.count()[0] == 6


def test_a_removed_record_of_a_jsonl_file_goes_with_sync(
    archive: Assistant, tmp_path: Path
) -> None:
    file = tmp_path / "a.jsonl"
    write_jsonl(file, {"id": "een", "text": "Eerste."}, {"id": "twee", "text": "Tweede."})
    archive.ingest([file])
    write_jsonl(file, {"id": "twee", "text": "Tweede."})
    assert archive.ingest([file], sync=True).removed == 1
    assert [article.id for article in archive.articles()] == ["twee"]


def test_bad_records_are_refused_one_by_one(archive: Assistant, tmp_path: Path) -> None:
    lines = [json.dumps({"id": str(n), "text": f"Artikel nummer {n}."}) for n in range(1, 11)]
    lines[6] = '{"id": "7", "text": '
    lines[8] = json.dumps({"id": "9", "text": "Datum.", "date": "2021-13-45"})
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    (tmp_path / "leeg.txt").write_bytes(b"")
    (tmp_path / "plaatje.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    report = archive.ingest([tmp_path, tmp_path / "bestaat-niet"])
    assert report.added == 8
    refused = {(Path(refusal.path).name, refusal.line) for refusal in report.refused}
    assert refused == {
        ("a.jsonl", 7),
        ("a.jsonl", 9),
        ("leeg.txt", None),
        ("plaatje.txt", None),
        ("bestaat-niet", None),
    }
    assert any("2021-13-45" in refusal.reason for refusal in report.refused)


def test_an_id_given_twice_is_refused_the_second_time(archive: Assistant, tmp_path: Path) -> None:
    file = write_jsonl(
        tmp_path / "a.jsonl", {"id": "x", "text": "Eerste."}, {"id": "x", "text": "Tweede."}
    )
    report = archive.ingest([file])
    assert report.added == 1
    assert "line 1" in report.refused[0].reason
    stored = archive.article("x")
    assert stored is not None
    assert stored.text == "Eerste."


def test_same_file_name_in_another_folder_never_overwrites(
    archive: Assistant, tmp_path: Path
) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "1.txt").write_text(f"Het artikel van {name}.")
    archive.ingest([tmp_path / "a"])
    report = archive.ingest([tmp_path / "b"])
    assert "--prefix" in report.refused[0].reason
    assert archive.ingest([tmp_path / "b"], prefix="b").added == 1
    assert sorted(article.id for article in archive.articles()) == ["1", "b/1"]


def test_a_moved_folder_is_the_same_archive(
    archive: Assistant, folder: Path, tmp_path: Path
) -> None:
    archive.ingest([folder])
    moved = folder.rename(tmp_path / "verhuisd")
    report = archive.ingest([moved], sync=True)
    assert (report.unchanged, report.encoded_chunks, report.removed) == (5, 0, 0)
    (moved / "000_a8d320557e8b4f72.txt").unlink()
    assert archive.ingest([moved], sync=True).removed == 1


def test_exact_duplicates_are_one_article_with_several_sources(
    archive: Assistant, tmp_path: Path
) -> None:
    file = write_jsonl(
        tmp_path / "a.jsonl",
        {"id": "nrc-1", "text": "Hetzelfde bericht.", "source": "NRC"},
        {"id": "anp-1", "text": "Hetzelfde bericht.", "source": "ANP"},
        {"id": "nos-1", "text": "Een ander bericht.", "source": "NOS"},
    )
    report = archive.ingest([file])
    assert (report.added, report.duplicates) == (3, 1)
    assert archive.count()[0] == 2
    article = archive.article("anp-1")
    assert article is not None
    assert (article.id, article.source, article.other_sources) == ("nrc-1", "NRC", ("ANP",))
    found = archive.search("bericht", sources=["ANP"])
    assert [passage.article.id for passage in found] == ["nrc-1"]
    again = archive.ingest([file])
    assert (again.unchanged, again.duplicates) == (3, 1)


def test_a_copy_that_changes_parts_from_its_twin(archive: Assistant, tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    first = {"id": "een", "text": "Hetzelfde bericht."}
    write_jsonl(file, first, {"id": "twee", "text": "Hetzelfde bericht."})
    archive.ingest([file])
    write_jsonl(file, {"id": "een", "text": "Gewijzigd."}, {"id": "twee", "text": first["text"]})
    archive.ingest([file])
    assert texts(archive) == {"een": "Gewijzigd.", "twee": "Hetzelfde bericht."}
    assert archive.check() == []


def test_standard_input(archive: Assistant) -> None:
    stream = io.BytesIO(json.dumps({"kop": "Titel", "tekst": "Een bericht."}).encode())
    assert archive.ingest(stream=stream).added == 1
    assert next(iter(archive.articles())).title == "Titel"


def test_other_encoder_or_chunks_are_named_with_the_remedy(
    archive: Assistant, folder: Path, store_path: Path
) -> None:
    archive.ingest([folder])
    (folder / "nieuw.txt").write_text("Een nieuw artikel.")
    with (
        open_hashed(store_path, HashEncoder("ander", salt="x")) as other,
        pytest.raises(StoreMismatchError, match=r"ander .*hash-encoder.*|dateline reindex"),
    ):
        other.ingest([folder])
    with (
        Assistant.open(store_path, max_tokens=99, models=archive.archive.models) as other,
        pytest.raises(StoreMismatchError, match="dateline reindex"),
    ):
        other.ingest([folder])
    assert archive.count()[0] == 5


def test_reindex_with_another_encoder(archive: Assistant, folder: Path, store_path: Path) -> None:
    archive.ingest([folder])
    before = archive.count()
    other = CountingEncoder("ander", salt="x")
    with open_hashed(store_path, other) as opened:
        with pytest.raises(StoreMismatchError):
            opened.search("Poetin")
        assert opened.reindex() == len(other.encoded) == before[1]
        assert opened.count() == before
        assert opened.search("Poetin")
        assert opened.check() == []
    with pytest.raises(StoreMismatchError):
        archive.search("Poetin")


def test_reindex_with_other_chunks_encodes_only_new_text(
    archive: Assistant, folder: Path, store_path: Path, counting: CountingEncoder
) -> None:
    archive.ingest([folder])
    counting.encoded.clear()
    with Assistant.open(store_path, max_tokens=80, models=archive.archive.models) as other:
        encoded = other.reindex()
        assert encoded == len(counting.encoded) > 0
        assert other.count()[1] > archive.count()[1] - 1
        assert other.check() == []


def test_progress_never_runs_backwards(archive: Assistant, folder: Path) -> None:
    seen: list[Progress] = []
    archive.ingest([folder], on_progress=seen.append)
    total = sum(os.path.getsize(file) for file in folder.iterdir())  # noqa: PTH202
    assert [p.bytes_done for p in seen] == sorted(p.bytes_done for p in seen)
    assert (seen[-1].bytes_done, seen[-1].bytes_total, seen[-1].articles) == (total, total, 5)


def test_an_interrupt_leaves_whole_articles_and_a_rerun_finishes(
    store_path: Path, folder: Path
) -> None:
    class Interrupted(HashEncoder):
        def encode_passages(self, *_: object, **__: object) -> NoReturn:
            raise KeyboardInterrupt

    with open_hashed(store_path, Interrupted()) as stopped, pytest.raises(KeyboardInterrupt):
        stopped.ingest([folder])
    with open_hashed(store_path) as again:
        assert again.check() == [] or again.count() == (0, 0)
        assert again.ingest([folder]).added == 5
        assert again.check() == []


def test_two_files_swap_their_texts(archive: Assistant, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text("Het eerste bericht.")
    (folder / "b.txt").write_text("Het tweede bericht.")
    archive.ingest([folder])
    (folder / "a.txt").write_text("Het tweede bericht.")
    (folder / "b.txt").write_text("Het eerste bericht.")
    archive.ingest([folder])
    assert texts(archive) == {"a": "Het tweede bericht.", "b": "Het eerste bericht."}


def test_a_file_is_renamed_and_its_name_used_again(archive: Assistant, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text("Het oude bericht.")
    archive.ingest([folder])
    (folder / "a.txt").rename(folder / "c.txt")
    (folder / "a.txt").write_text("Het nieuwe bericht.")
    archive.ingest([folder], sync=True)
    assert texts(archive) == {"a": "Het nieuwe bericht.", "c": "Het oude bericht."}
    assert archive.check() == []


def test_a_new_copy_keeps_the_text_that_its_twin_gives_up(
    archive: Assistant, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "b.txt").write_text("Het oude bericht.")
    archive.ingest([folder])
    (folder / "a.txt").write_text("Het oude bericht.")
    (folder / "b.txt").write_text("Het nieuwe bericht.")
    archive.ingest([folder])
    assert texts(archive) == {"a": "Het oude bericht.", "b": "Het nieuwe bericht."}


def texts(archive: Assistant) -> dict[str, str]:
    return {article.id: article.text for article in archive.articles()}


def test_another_text_from_a_stream_never_overwrites(archive: Assistant) -> None:
    archive.ingest(stream=io.BytesIO(b"Het eerste bericht."), stream_format="txt")
    again = archive.ingest(stream=io.BytesIO(b"Het tweede bericht."), stream_format="txt")
    assert "--prefix" in again.refused[0].reason
    second = io.BytesIO(b"Het tweede bericht.")
    assert archive.ingest(stream=second, stream_format="txt", prefix="b/").added == 1
    assert texts(archive) == {"stdin": "Het eerste bericht.", "b/stdin": "Het tweede bericht."}


def test_a_mapped_column_that_is_not_there_changes_nothing(
    archive: Assistant, tmp_path: Path
) -> None:
    file = tmp_path / "a.csv"
    file.write_text("a,b\nTitel,De tekst.\n")
    archive.ingest([file], mapping={"title": "a", "text": "b"})
    report = archive.ingest([file], mapping={"title": "nope", "text": "b"})
    assert "title=nope" in report.refused[0].reason
    assert next(iter(archive.articles())).title == "Titel"


def test_sync_on_an_emptied_folder_removes_nothing(archive: Assistant, folder: Path) -> None:
    archive.ingest([folder])
    for file in folder.iterdir():
        file.unlink()
    report = archive.ingest([folder], sync=True)
    assert (report.removed, len(report.refused)) == (0, 1)
    assert archive.count()[0] == 5


def test_what_the_page_received_is_neither_read_nor_removed_with_the_folder_around_it(
    tmp_path: Path, counting: CountingEncoder
) -> None:
    (tmp_path / "a.txt").write_text("Een molen draait.", encoding="utf-8")
    with open_hashed(tmp_path / "store", counting) as archive:
        received = tmp_path / "store" / "incoming" / "x"
        received.mkdir(parents=True)
        (received / "b.txt").write_text("Een sluis schut.", encoding="utf-8")
        assert archive.ingest([tmp_path], sync=True).added == 1
        assert archive.ingest([received], prefix="added", replace=False).added == 1
        (received / "b.txt").unlink()
        assert archive.ingest([tmp_path], sync=True).removed == 0
        (tmp_path / "store" / "feedback.jsonl").write_text('{"text": "Nee."}', encoding="utf-8")
        report = archive.ingest([tmp_path / "store", tmp_path])
        assert (report.added, report.refused) == (0, ())
        assert {each.id for each in archive.articles()} == {"a", "added/b"}
