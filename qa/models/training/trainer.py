"""Runs the training with a seed; a run can be stopped and resumed any number of times."""

from __future__ import annotations

import json
import math
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from qa.errors import SettingsError
from qa.models.packaged_encoder import packaged_encoder_path
from qa.models.reader.network import ReaderNetwork, load_reader, save_reader
from qa.models.reader.pairs import PairTokenizer, pad
from qa.models.training.examples import Example, ExampleMaker

CHECKPOINT, STABLE = "checkpoint.safetensors", "before-cooldown.safetensors"
_POOL = 40  # batches whose examples are sorted by length together, to save padding
_SMOOTHING = 0.99  # of the reported loss


Precision = Literal["float32", "bfloat16"]
"""The number type that layers are computed in; the weights themselves stay float32."""


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    """The settings that, together with the data, determine the weights.

    The learning rate rises over the first `warmup` examples, stays constant, and falls to 0 over
    the last `cooldown` of the `examples`. A finished run can get more examples: it then resumes
    from the start of the cooldown.

    Source: Hägele et al. 2024, "Scaling Laws and Compute-Optimal Training Beyond Fixed Training
    Durations" (constant learning rate with cooldown).
    """

    examples: int = 100_000
    warmup: int = 2_000
    cooldown: int = 12_000
    batch_size: int = 16
    learning_rate: float = 2e-4
    head_learning_rate: float = 1e-3
    weight_decay: float = 0.01
    frozen_layers: int = 4
    precision: Precision = "float32"
    seed: int = 1

    def rate(self, seen: int) -> float:
        """Return the share (0–1) of the learning rate after `seen` examples.

        >>> [TrainingSettings().rate(seen) for seen in (1_000, 50_000, 94_000, 100_000)]
        [0.5, 1.0, 0.5, 0.0]
        """
        return min(1.0, seen / self.warmup, max(0, self.examples - seen) / self.cooldown)


@dataclass(frozen=True, slots=True)
class TrainingProgress:
    """The progress of a run: examples seen, smoothed loss, and examples per second of this call."""

    seen: int
    loss: float
    examples_per_second: float


class Trainer:
    """One training run, which keeps its checkpoints in one folder."""

    def __init__(
        self,
        maker: ExampleMaker,
        out: Path,
        settings: TrainingSettings,
        *,
        resume: bool,
        start_from: Path | None = None,
    ) -> None:
        """Start a new run, or resume the run in the folder.

        A new run starts from the packaged encoder, or from the reader at `start_from`.

        Raises:
            SettingsError: the folder holds a run and `resume` is false, or a run with other
                settings.
        """
        self._maker = maker
        self._out = out
        self._settings = settings
        torch.manual_seed(settings.seed)
        self._network = ReaderNetwork(frozen_layers=settings.frozen_layers)
        self._tokenizer = PairTokenizer(packaged_encoder_path())
        self._parameters = self._network.trained()
        if start_from is not None:
            self._take_over(start_from)
        self._optimizer = torch.optim.AdamW(
            [
                {"params": [value], "lr": 0.0, "base": self._base_rate(name)}
                for name, value in self._parameters.items()
            ],
            weight_decay=settings.weight_decay,
            fused=True,
        )
        self._steps = 0
        self._loss = float("nan")
        out.mkdir(parents=True, exist_ok=True)
        if any((out / name).exists() for name in (CHECKPOINT, STABLE)):
            if not resume:
                raise SettingsError(f"{out} holds a run; add --resume, or name another")
            self._restore()

    @property
    def seen(self) -> int:
        """The number of examples that the network has learned from, repeats included.

        Each step counts as a full batch. A passage that is read beside others counts as one, so a
        batch whose questions have fewer passages than others is counted too high.
        """
        return self._steps * self._settings.batch_size

    def run(
        self,
        *,
        minutes: float,
        on_progress: Callable[[TrainingProgress], None] = lambda _: None,
        checkpoint_minutes: float = 10.0,
    ) -> bool:
        """Train until the minutes or the examples run out; return whether the run is complete.

        A checkpoint is saved every `checkpoint_minutes`, and at the end, also after Ctrl-C.
        """
        started = kept = time.monotonic()
        first = self.seen
        self._network.train()
        try:
            for batch in self._batches():
                self._step(batch)
                now = time.monotonic()
                on_progress(
                    TrainingProgress(self.seen, self._loss, (self.seen - first) / (now - started))
                )
                if self._before_cooldown():
                    self._keep(STABLE)
                if now - started > minutes * 60:
                    break
                if now - kept > checkpoint_minutes * 60:
                    self._keep(CHECKPOINT)
                    kept = now
        finally:
            self._keep(CHECKPOINT)
        return self.seen >= self._settings.examples

    def save(self, path: Path, *, about: dict[str, Any]) -> None:
        """Write the present network in the file format that Dateline ships."""
        facts = {"settings": asdict(self._settings), "examples_seen": self.seen}
        save_reader(self._network, path, about={**facts, **about})

    def _take_over(self, path: Path) -> None:
        reader, _ = load_reader(path)
        learned = dict(reader.named_parameters())
        with torch.no_grad():
            for name, value in self._parameters.items():
                value.copy_(learned[name])

    def _base_rate(self, name: str) -> float:
        is_body = name.startswith("body.")
        return self._settings.learning_rate if is_body else self._settings.head_learning_rate

    def _before_cooldown(self) -> bool:
        last = self._settings.examples - self._settings.cooldown
        return self.seen <= last < self.seen + self._settings.batch_size

    def _batches(self) -> Iterator[list[Example]]:
        """Yield the remaining batches, epoch after epoch."""
        skipped = self._steps
        epoch = 0
        while True:
            batches = _by_length(self._maker.epoch(epoch), self._settings, epoch)
            for batch in batches[skipped:]:
                if self.seen >= self._settings.examples:
                    return
                yield batch
            skipped = max(0, skipped - len(batches))
            epoch += 1

    def _step(self, examples: Sequence[Example]) -> None:
        for group in self._optimizer.param_groups:
            group["lr"] = group["base"] * self._settings.rate(self.seen + len(examples))
        with torch.autocast(
            "cpu", dtype=torch.bfloat16, enabled=self._settings.precision == "bfloat16"
        ):
            loss = self._loss_of(examples)
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self._parameters.values(), 1.0)
        self._optimizer.step()
        self._steps += 1
        now = loss.item()
        before = now if math.isnan(self._loss) else self._loss
        self._loss = _SMOOTHING * before + (1 - _SMOOTHING) * now

    def _loss_of(self, asked: Sequence[Example]) -> Tensor:
        """Return the mean cross-entropy of start and end, plus half the cross-entropy of presence.

        If there is no answer, the first token is the correct start and end. Spans of different
        passages can therefore be compared by their distance above "no answer". Where a question is
        read in several passages at once, half of its loss compares them: the start and the end are
        chosen among the tokens of all of them, by that distance, and "no answer".

        Source: Clark and Gardner 2018, "Simple and Effective Multi-Paragraph Reading Comprehension"
        (shared normalization).
        """
        examples = [each for one in asked for each in (one, *one.others)]
        questions = [number for number, one in enumerate(asked) for _ in (one, *one.others)]
        pairs = self._tokenizer.pairs(
            [example.question for example in examples],
            [example.preface for example in examples],
            [example.passage for example in examples],
        )
        goals = torch.zeros((len(pairs), 2), dtype=torch.int64)
        for row, pair in enumerate(pairs):
            answer = examples[pair.passage].answer
            if answer:
                inside = (pair.places[:, 0] < answer[1]) & (pair.places[:, 1] > answer[0])
                places = inside.nonzero()[0]
                if len(places):
                    goals[row] = torch.tensor([places[0], places[-1]]) + pair.first
        batch = pad(pairs)
        spans, presence = self._network(
            torch.from_numpy(batch.ids),
            torch.from_numpy(batch.mask),
            torch.from_numpy(batch.answerable),
        )
        ends: Tensor = nn.functional.cross_entropy(spans, goals)  # the mean over both ends
        if any(one.others for one in asked):
            of = torch.tensor([questions[pair.passage] for pair in pairs])
            ends = (ends + loss_among_passages(spans, goals, of)) / 2
        is_there = nn.functional.binary_cross_entropy_with_logits(
            presence, (goals[:, 0] > 0).float()
        )
        return ends + 0.5 * is_there

    # -- checkpoints ----------------------------------------------------------------------

    def _keep(self, name: str) -> None:
        tensors: dict[str, Tensor] = {}
        for key, value in self._parameters.items():
            tensors[key] = value.detach()
            for kind, moment in self._optimizer.state[value].items():
                tensors[f"{key}|{kind}"] = moment
        about = {"steps": self._steps, "loss": self._loss, "settings": asdict(self._settings)}
        part = self._out / f"{name}.part"
        save_file(tensors, part, metadata={"about": json.dumps(about)})
        part.replace(self._out / name)

    def _restore(self) -> None:
        from safetensors import safe_open

        def about(name: str) -> dict[str, Any]:
            with safe_open(self._out / name, framework="pt") as file:
                found: dict[str, Any] = json.loads(file.metadata()["about"])
                return found

        name = CHECKPOINT if (self._out / CHECKPOINT).exists() else STABLE
        then = about(name)
        was, now = then["settings"], asdict(self._settings)
        cooling = then["steps"] * was["batch_size"] > was["examples"] - was["cooldown"]
        if now["examples"] > was["examples"] and cooling:
            name = STABLE
            then = about(name)
        differing = [
            key for key in now if now[key] != was.get(key, now[key]) and key not in _LENGTH
        ]
        if differing:
            raise SettingsError(
                f"the run in {self._out} was begun with other settings: {', '.join(differing)}"
            )
        tensors = load_file(self._out / name)
        with torch.no_grad():
            for key, value in self._parameters.items():
                value.copy_(tensors.pop(key))
                for full in [full for full in tensors if full.startswith(f"{key}|")]:
                    self._optimizer.state[value][full.partition("|")[2]] = tensors.pop(full)
        self._steps, self._loss = then["steps"], then["loss"]


def loss_among_passages(spans: Tensor, goals: Tensor, questions: Tensor) -> Tensor:
    """Return the mean cross-entropy of start and end among all passages of each question.

    `spans` has shape (rows, tokens, 2), `goals` (rows, 2), 0 for no answer, and `questions` (rows,)
    numbers the question of each row.
    """
    above = spans - spans[:, :1]  # the distance above "no answer", which is 0
    of_row = above[:, 1:].logsumexp(1)  # (rows, 2)
    mine = questions[None] == torch.arange(int(questions.max()) + 1)[:, None]  # (questions, rows)
    all_rows = of_row.masked_fill(~mine.unsqueeze(-1), float("-inf")).logsumexp(1)
    total = torch.logaddexp(all_rows, torch.zeros(()))
    # A second window that holds the same answer is left out of what is right, not of the rest.
    rows = torch.arange(len(spans))[:, None]
    right = above[rows, goals, torch.arange(2)].masked_fill(goals == 0, float("-inf"))
    best = right.masked_fill(~mine.unsqueeze(-1), float("-inf")).amax(1)
    return (total - best.where(best > float("-inf"), 0.0)).mean()


_LENGTH = {"examples", "cooldown"}  # settings that may differ when a run resumes


def _by_length(
    examples: Sequence[Example], settings: TrainingSettings, epoch: int
) -> list[list[Example]]:
    """Return batches of examples of similar length, in random order.

    The passages that a question is read in together stay together.
    """
    chance = random.Random(f"{settings.seed}:order:{epoch}")  # noqa: S311 - nothing secret
    passages = 1 + max((len(each.others) for each in examples), default=0)
    size = max(1, settings.batch_size // passages)
    batches = []
    for start in range(0, len(examples), size * _POOL):
        pool = sorted(
            examples[start : start + size * _POOL],
            key=lambda each: len(each.question) + len(each.preface) + len(each.passage),
        )
        parts = [pool[at : at + size] for at in range(0, len(pool), size)]
        chance.shuffle(parts)
        batches += parts
    return batches
