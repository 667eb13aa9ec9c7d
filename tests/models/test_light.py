"""What answers few questions without torch and the whole vocabulary gives the same."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from qa.models.encoder import SentenceEncoder
from qa.models.packaged_encoder import packaged_encoder_path, tokenizer_in
from qa.models.part_tokenizer import PartTokenizer, TextTokenizer
from qa.models.plain_bert import PlainBert, apply_gelu
from qa.models.reader import network
from qa.models.reader import reader as reader_module
from qa.models.reader.processor import has_matrix_units
from qa.models.reader.reader import Text, TrainedReader
from tests.paths import ROOT

ARTICLES = ROOT / "tests/data/kept_stories_articles.jsonl"
QUESTION = "Waarom schrapte Waalveer Zuid in 2019 de overtocht op zondag?"
STRANGE = [
    "",
    " \n Met ruimte\teromheen. ",
    'Belgie\N{COMBINING DIAERESIS} “x” … ½ <s> </s> <mask> \\ \\\\ "q" a"b \\"',
    "漢字仮名 🤖 \ufb01 \x00\x01 \u200b nbsp\xa0x ▁▁x ▁ ﷺ ㎏ ①",
    "é" * 400,
    "woord " * 700,
]
HEAVY = {"gradio", "sklearn", "pandas", "transformers", "sentence_transformers"}


@pytest.fixture(scope="module")
def texts() -> list[str]:
    lines = ARTICLES.read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]


def no_whole() -> TextTokenizer:
    raise AssertionError("so few texts need no whole vocabulary")


@pytest.mark.parametrize("special", [True, False])
def test_some_pieces_cut_as_the_whole_vocabulary_does(texts: list[str], special: bool) -> None:
    folder = packaged_encoder_path()
    part = PartTokenizer(folder / "tokenizer.json", whole=no_whole)
    whole = tokenizer_in(folder)
    for batch in (texts[:2], texts[2:20], STRANGE, texts[:2]):
        found = part.encode_batch(batch, add_special_tokens=special)
        expected = whole.encode_batch(batch, add_special_tokens=special)
        assert [each.ids for each in found] == [each.ids for each in expected]
        assert [each.offsets for each in found] == [each.offsets for each in expected]


def test_many_texts_are_cut_by_the_whole_vocabulary(texts: list[str]) -> None:
    whole = tokenizer_in(packaged_encoder_path())
    part = PartTokenizer(packaged_encoder_path() / "tokenizer.json", whole=lambda: whole)
    found = part.encode_batch(texts * 2)
    assert found[0].ids == whole.encode_batch(texts[:1])[0].ids
    assert part.encode_batch(["x" * 60_000])[0].ids == whole.encode_batch(["x" * 60_000])[0].ids


def test_gelu_is_that_of_the_error_function() -> None:
    from math import erf, sqrt

    numbers = np.linspace(-12, 12, 4800, dtype=np.float32)
    found = numbers.reshape(3, -1).copy()
    apply_gelu(found)
    expected = [x * (1 + erf(x / sqrt(2))) / 2 for x in numbers.tolist()]
    np.testing.assert_allclose(found.reshape(-1), expected, atol=1e-6)
    far = np.array([[-1e30, -1e4, -200, 200, 1e4, 1e30]], np.float32)
    apply_gelu(far)
    assert far[0].tolist() == pytest.approx([0, 0, 0, 200, 1e4, 1e30])


@pytest.mark.models
@pytest.mark.parametrize("times", [1, 100])
def test_attention_is_that_of_torch_however_far_scores_lie_from_zero(times: int) -> None:
    import torch

    from qa.models.bert import Bert

    folder, name = packaged_encoder_path(), "encoder.layer.11.attention.self.query.weight"
    bert = Bert(folder).eval()
    weights = bert.get_parameter(name).detach() * times
    bert.load_state_dict({name: weights}, strict=False, assign=True)
    ids = list(range(100, 130))
    with torch.inference_mode():
        expected = bert(torch.tensor([ids]), torch.ones(1, len(ids), dtype=torch.int64))[0]
    (found,) = PlainBert(folder, changed={name: weights.numpy()}).hidden([ids])
    np.testing.assert_allclose(found, expected.numpy(), atol=1e-4)


def test_vectors_are_those_of_torch(encoder: SentenceEncoder, texts: list[str]) -> None:
    light = SentenceEncoder.load(light=True)
    assert light.weights_hash == encoder.weights_hash
    asked = encoder.encode_question(QUESTION)
    np.testing.assert_allclose(light.encode_question(QUESTION), asked, atol=1e-5)
    passages = [*texts[:6], *STRANGE]
    expected = encoder.encode_passages(passages)
    np.testing.assert_allclose(light.encode_passages(passages), expected, atol=1e-5)


def test_spans_are_those_of_torch(texts: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    # On some processors torch reads in bfloat16, which rounds differently.
    monkeypatch.setattr(network, "is_faster_in_bfloat16", lambda: False)
    monkeypatch.setattr(reader_module, "has_matrix_units", lambda: False)
    light, reader = (TrainedReader.load(light=each) for each in (True, False))
    assert (light.weights_hash, light.about) == (reader.weights_hash, reader.about)
    passages = [Text(text, "Een kop\n2021") for text in [*texts[:8], *STRANGE[:-1]]]
    ours, theirs = (each.read(QUESTION, passages, most=3) for each in (light, reader))
    assert len(ours) > 20
    places = [[(span.passage, span.start, span.end) for span in each] for each in (ours, theirs)]
    assert places[0] == places[1]
    for measure in ("score", "answerable"):
        found, expected = ([getattr(span, measure) for span in each] for each in (ours, theirs))
        np.testing.assert_allclose(found, expected, atol=1e-4)


@pytest.mark.models
def test_a_question_in_the_shell_imports_no_heavy_library(seed_store: Path) -> None:
    program = """
import runpy, sys
sys.argv = ["dateline", *sys.argv[1:]]
try:
    runpy.run_module("qa", run_name="__main__")
finally:
    print(*{name.partition(".")[0] for name in sys.modules}, file=sys.stderr)
"""
    asked = ["ask", "Hoeveel troepen staan er aan de grens?", "--store", str(seed_store)]
    done = subprocess.run(
        [sys.executable, "-c", program, *asked],
        capture_output=True,
        check=True,
        cwd=ROOT,
        text=True,
    )
    assert "100.000" in done.stdout
    loaded = set(done.stderr.split())
    assert "tokenizers" in loaded
    assert not loaded & HEAVY
    assert has_matrix_units() or "torch" not in loaded
