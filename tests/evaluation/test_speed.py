from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import asdict, fields
from itertools import islice
from pathlib import Path

import httpx
import numpy as np
import pytest
from numpy.typing import NDArray
from typer.testing import CliRunner

from qa.__main__ import app
from qa.answer.consultation import Consultant
from qa.cli.benchmark_rows import ingest_rows, query_rows, retrieval_rows
from qa.errors import DatelineError, IngestError, SettingsError
from qa.evaluation.soak.stand_ins import HashEncoder
from qa.evaluation.speed.browser import launch
from qa.evaluation.speed.ingest import bare_encode, bench_ingest
from qa.evaluation.speed.made_archives import made_articles, write_archive
from qa.evaluation.speed.page import (
    Way,
    call_api,
    compare,
    crowd_figures,
    take_turns,
)
from qa.evaluation.speed.query import PartlyEncoding, QueryFigures, bench_query
from qa.evaluation.speed.retrieval import (
    RetrievalFigures,
    bench_retrieval,
    measure,
    read_judged,
)
from qa.evaluation.speed.server_process import SERVER
from qa.models.encoder import SentenceEncoder
from qa.models.generator import GeneratorSettings
from qa.retrieval.stages import Stages
from tests.conftest import open_hashed
from tests.lying_server import LyingServer


class CountingEncoder(HashEncoder):
    """Counts the passages it encodes."""

    encoded = 0

    def encode_passages(
        self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        self.encoded += len(texts)
        return super().encode_passages(texts, on_progress=on_progress)


def write_lines(path: Path, records: Iterable[object]) -> Path:
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records))
    return path


def judged(question: str, context: str, passage_id: str) -> dict[str, str]:
    return {"question": question, "context": context, "passage_id": passage_id}


# -- archives -------------------------------------------------------------------------------


def test_made_articles_are_the_same_every_time(tmp_path: Path) -> None:
    made = write_archive(tmp_path / "one.jsonl", chunks=50)
    write_archive(tmp_path / "two.jsonl", chunks=50)
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()
    assert made == list(islice(made_articles(), len(made)))


def test_made_articles_answer_their_question_and_differ_in_length() -> None:
    articles = list(islice(made_articles(), 200))
    for article in articles:
        unit = article.question.split()[1]
        assert f" {unit} nodig." in article.text.split("\n\n")[0]
    lengths = sorted(len(article.text.split()) for article in articles)
    assert lengths[180] > 3 * lengths[20]
    assert len({article.text for article in articles}) == 200
    assert {len(article.date or "") for article in articles} == {0, 7, 10}


def test_a_made_archive_goes_in_whole(tmp_path: Path) -> None:
    made = write_archive(tmp_path / "made.jsonl", chunks=100)
    with open_hashed(tmp_path / "store") as assistant:
        report = assistant.ingest([tmp_path / "made.jsonl"])
        assert (report.added, report.refused, report.duplicates) == (len(made), (), 0)
        assert 50 < assistant.count()[1] < 200


# -- ingest ---------------------------------------------------------------------------------


def test_ingest_is_compared_on_the_very_same_texts(tmp_path: Path) -> None:
    archive = tmp_path / "made.jsonl"
    write_archive(archive, chunks=80)
    bare: list[str] = []
    figures = bench_ingest(archive, chunks=1, encoder=HashEncoder(), bare=bare.extend)
    counting = CountingEncoder()
    with open_hashed(tmp_path / "store", counting) as assistant:
        assistant.ingest([archive])
        assert (figures.articles, figures.chunks) == assistant.count()
    assert figures.encoded_chunks == counting.encoded == len(bare)
    assert len(set(bare)) == len(bare)
    assert [len(text) for text in bare] == sorted(map(len, bare), reverse=True)
    assert figures.throughput_ratio == pytest.approx(figures.bare_seconds / figures.ingest_seconds)
    assert figures.again_ratio == pytest.approx(figures.again_seconds / figures.ingest_seconds)
    assert figures.store_bytes_per_chunk > 2 * HashEncoder().dimension
    assert figures.peak_memory_mb > 10


def test_nothing_to_ingest_is_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no articles"):
        bench_ingest(tmp_path / "nowhere", chunks=1, encoder=HashEncoder(), bare=list)


def test_ingest_is_compared_with_the_model_itself(encoder: SentenceEncoder) -> None:
    bare = bare_encode(encoder)
    assert np.asarray(bare(["Ajax won."])).shape == (1, encoder.dimension)
    figures = bench_ingest(None, chunks=4, encoder=encoder, bare=bare)
    shown = ingest_rows(figures)
    assert ("ratio", f"{figures.throughput_ratio:.3f} (aim: 0.9 or more)") in shown
    assert ("ratio", f"{figures.again_ratio:.4f} (aim: 0.02 or less)") in shown


@pytest.mark.parametrize("module", ["psutil", "ir_measures"])
def test_a_missing_extra_is_named(
    module: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, module, None)  # as if it were not installed
    file = write_lines(tmp_path / "q.jsonl", [judged("Wie?", "Niemand.", "a")])
    measuring: dict[str, Callable[[], object]] = {
        "psutil": lambda: bench_ingest(None, chunks=1, encoder=HashEncoder(), bare=list),
        "ir_measures": lambda: bench_retrieval(file, store=None, encoder=HashEncoder()),
    }
    with pytest.raises(SettingsError, match=r"pip install 'dateline-qa\[bench\]'"):
        measuring[module]()


# -- query ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def timed() -> tuple[QueryFigures, int]:
    """Times of questions, with a language model beside them, and how often that was asked."""
    with LyingServer(models=["say:0"], pace=0.05) as server:
        consultant = Consultant.of(GeneratorSettings(server.url))
        encoder = HashEncoder(max_tokens=512)
        figures = bench_query(encoder, chunks=800, questions=2, consultant=consultant, warm_up=1)
        return figures, len(server.questions)


@pytest.mark.models
def test_query_times_every_stage(timed: tuple[QueryFigures, int]) -> None:
    figures, _ = timed
    assert (figures.questions, figures.encoded_chunks) == (2, 256)
    assert 600 < figures.chunks < 1000
    described = asdict(figures)
    stages = list(asdict(Stages()))
    assert list(described["stages_ms"]) == stages
    assert [stage for stage, ms in described["stages_ms"].items() if not ms] == ["generate"]
    assert sum(described["stages_ms"].values()) < 2 * figures.total_ms
    assert figures.total_ratio == figures.total_ms / figures.encode_alone_ms
    assert [round(found.share, 1) for found in figures.filtered] == [0.0, 0.1]
    assert all(found.share > 0 for found in figures.filtered)
    assert not figures.qa_loads_torch
    assert not figures.assistant_loads_torch
    shown = [name for name, _ in query_rows(figures, load_seconds=1.0)]
    assert [name for name in shown if name in stages] == stages


@pytest.mark.models
def test_a_language_model_is_measured_beside_the_reader(timed: tuple[QueryFigures, int]) -> None:
    figures, asked = timed
    found = figures.beside_model
    assert found is not None
    assert (found.model, found.questions) == ("say:0", 2)
    assert found.answered == 2
    assert asked == 3  # and so none where the model is unset or not asked
    assert 0 < found.unasked_ms < 3 * found.unset_ms
    assert found.reader_ms < found.whole_ms
    rows = dict(query_rows(figures, load_seconds=1.0))
    assert rows["asked, whole"].endswith("say:0 answered 2 of 2")
    assert "times no model set" in rows["set, not asked"]


def test_chunks_that_are_not_encoded_get_vectors_near_those_that_are() -> None:
    texts = [article.text[:200] for article in islice(made_articles(), 30)]
    encoder = PartlyEncoding(HashEncoder(), real=10)
    vectors = np.concatenate(
        [encoder.encode_passages(texts[:4]), encoder.encode_passages(texts[4:])]
    )
    assert vectors.shape == (30, 64)
    assert np.array_equal(vectors[:10], HashEncoder().encode_passages(texts[:10]))
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)
    nearest = (vectors[10:] @ vectors[:10].T).max(axis=1)
    assert np.all((nearest > 0.9) & (nearest < 0.999))
    assert np.array_equal(vectors[10:], encoder.encode_passages(texts[10:]))


# -- retrieval ------------------------------------------------------------------------------


def test_measures_are_those_worked_out_by_hand() -> None:
    others = list("abcdefghij")
    rankings = [["x", *others], [*others[:2], "x", *others[2:]], [*others[:6], "x"]]
    recall, ndcg, mrr = measure(["x", "x", "x"], rankings)
    assert recall == pytest.approx(2 / 3)  # found at places 1, 3 and 7
    assert ndcg == pytest.approx((1 + 1 / math.log2(4) + 1 / math.log2(8)) / 3)
    assert mrr == pytest.approx((1 + 1 / 3 + 1 / 7) / 3)


def test_a_question_without_any_result_counts_as_missed() -> None:
    assert measure(["x", "y"], [["x"], []]) == (0.5, 0.5, 0.5)


def test_retrieval_ranks_the_paragraphs(tmp_path: Path) -> None:
    fire, flood = "De brand in Tiel verwoestte een loods.", "Bij de brand vielen geen gewonden."
    file = write_lines(
        tmp_path / "questions.jsonl",
        [
            judged("Wat verwoestte de brand in Tiel?", fire, "a"),
            # The words stand in the other paragraph too, and one of them only there.
            judged("Waar was de brand in Tiel?", flood, "b"),
            judged("Wat verwoestte de brand in Tiel?", fire, "copy of a"),
        ],
    )
    counting = CountingEncoder()
    store = tmp_path / "store"
    figures = bench_retrieval(file, store=store, encoder=counting)
    assert (figures.questions, figures.articles, figures.chunks) == (3, 2, 2)
    for quality in (figures.dense, figures.lexical, figures.fused):
        assert quality.recall_at_5 == 1
        assert quality.mrr == pytest.approx((1 + 1 / 2 + 1) / 3)
        assert quality.ndcg_at_10 == pytest.approx((1 + 1 / math.log2(3) + 1) / 3)
    assert counting.encoded == 2
    again = bench_retrieval(file, store=store, encoder=counting)
    assert counting.encoded == 2
    assert again.fused.mrr == figures.fused.mrr
    shown = dict(retrieval_rows(figures))
    assert shown["fused"].split()[:3] == ["1.0000", "0.8770", "0.8333"]


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([judged("Wie?", "Zij.", "a"), {"question": "Wie?"}], "line 2"),
        (["Wie?"], "line 1"),
        ([judged("Wie?", "Zij.", "a"), judged("Wie?", "Hij.", "a")], "two contexts"),
        ([], "no questions"),
    ],
)
def test_a_file_of_another_kind_is_refused(
    lines: list[object], reason: str, tmp_path: Path
) -> None:
    with pytest.raises(IngestError, match=reason):
        read_judged(write_lines(tmp_path / "questions.jsonl", lines))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IngestError, match=r"nergens\.jsonl"):
        read_judged(tmp_path / "nergens.jsonl")


# -- page -----------------------------------------------------------------------------------


def test_the_page_s_figures_are_medians_of_ratios_within_a_turn() -> None:
    ways = compare(np.array([[10, 30, 20, 10], [50, 80, 60, 20], [90, 120, 90, 60]]))
    assert ways == {
        "first_text": Way(50, 1.5),
        "browser": Way(80, 3),
        "api": Way(60, 2),
        "python": Way(20, 1),
    }


def test_every_way_is_asked_every_question_and_comes_first_in_turn() -> None:
    asked: list[str] = []

    def way(name: str, *taken: float) -> Callable[[str], tuple[float, ...]]:
        def ask(question: str) -> tuple[float, ...]:
            asked.append(name + question)
            return taken

        return ask

    times = take_turns([way("a", 1, 2), way("b", 3), way("c", 4)], ["1", "2", "3"])
    assert times.tolist() == [[1, 2, 3, 4]] * 3
    assert asked == ["a1", "b1", "c1", "c2", "a2", "b2", "b3", "c3", "a3"]


def test_calls_that_fail_are_counted_and_not_timed() -> None:
    taken = [[float(ms) for ms in range(51)], [float(ms) for ms in range(51, 101)]]
    figures = crowd_figures(taken, 50.5, questions=51, python_ms=250)
    assert (figures.answers, figures.errors) == ((51, 50), 1)
    assert (figures.p50_ms, figures.p95_ms) == (50, 95)
    assert (figures.answers_per_second, figures.throughput_ratio) == (2, 0.5)
    none = crowd_figures([[]], 1.0, questions=1, python_ms=250)
    assert (none.p50_ms, none.p95_ms, none.errors) == (None, None, 1)


def test_the_server_that_is_measured_ends_with_who_measures() -> None:
    """Closing its standard input is what the end of that process comes to, whatever ends it."""
    waiting = SERVER.replace("from qa.__main__ import main\nmain()", "threading.Event().wait()")
    assert waiting != SERVER
    with subprocess.Popen([sys.executable, "-c", waiting], stdin=subprocess.PIPE) as server:
        assert server.poll() is None
        server.communicate(timeout=20)
    assert server.returncode == 1


_QUOTES = {"citations": [{"quote": "event: error\n\ndata: ["}]}


@pytest.mark.parametrize(
    ("event", "given", "counts"),
    [
        ("complete", [_QUOTES], True),
        ("complete", [{"citations": []}], False),
        ("error", [_QUOTES], False),
        ("heartbeat", None, False),
    ],
)
def test_an_answer_through_the_api_counts_if_it_is_that_of_python(
    event: str, given: object, *, counts: bool
) -> None:
    def serve(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            assert json.loads(request.content) == {"question": "Wie?"}
            return httpx.Response(200, json={"event_id": "x1"})
        assert request.url.path == "/gradio_api/call/ask/x1"
        events = f"event: heartbeat\ndata: null\n\nevent: {event}\ndata: {json.dumps(given)}\n\n"
        return httpx.Response(200, text=events)

    expected = nullcontext() if counts else pytest.raises(DatelineError, match="does not answer")
    with httpx.Client(transport=httpx.MockTransport(serve)) as http, expected:
        assert call_api(http, "http://127.0.0.1/", "Wie?", _QUOTES) > 0


def test_what_driving_a_browser_needs_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        pytest.raises(SettingsError, match="playwright install chromium"),
        launch(None, tmp_path / "chromium"),
    ):
        pass
    monkeypatch.setitem(sys.modules, "playwright", None)
    result = CliRunner().invoke(app, ["bench", "page"])
    assert result.exit_code == 1
    assert "pip install 'dateline-qa[browser]'" in " ".join(result.output.split())


def test_an_archive_of_one_s_own_is_asked_questions_of_one_s_own(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["bench", "page", "--store", str(tmp_path)])
    assert result.exit_code == 1
    assert "--question" in result.output


# -- shell ----------------------------------------------------------------------------------


@pytest.mark.models
def test_bench_in_the_shell(tmp_path: Path) -> None:
    file = write_lines(tmp_path / "q.jsonl", [judged("Wie won?", "Ajax won.", "a")])
    result = CliRunner().invoke(app, ["bench", "retrieval", str(file), "--json"])
    assert result.exit_code == 0, result.output
    figures = json.loads(result.stdout)
    assert list(figures) == [field.name for field in fields(RetrievalFigures)]
    for way in ("dense", "lexical", "fused"):
        assert figures[way].items() >= {"recall_at_5": 1, "ndcg_at_10": 1, "mrr": 1}.items()
    wrong = CliRunner().invoke(app, ["bench", "retrieval", str(tmp_path / "nergens.jsonl")])
    assert wrong.exit_code == 1
    assert "nergens.jsonl" in wrong.output
