from __future__ import annotations

import time
from dataclasses import asdict

import pytest

from qa.retrieval.stages import StageClock, Stages
from tests.paths import ROOT


def test_an_inner_stage_is_not_counted_twice() -> None:
    clock = StageClock()
    with clock.timing("passages"):
        time.sleep(0.01)
        with clock.timing("fuse"):
            time.sleep(0.02)
            with clock.timing("dense"):
                time.sleep(0.03)
    taken = clock.stages()
    # No stage is shorter than its own sleep, and together they are no longer than the whole.
    assert taken.passages >= 10
    assert taken.fuse >= 20
    assert taken.dense >= 30
    assert sum(asdict(taken).values()) <= clock.seconds() * 1000


def test_times_add_up() -> None:
    clock = StageClock()
    for _ in range(2):
        with clock.timing("read"):
            time.sleep(0.01)
    with clock.timing("understand"):
        clock.add(Stages(read=1000.25, encode=3))
    taken = clock.stages()
    assert taken.read >= 1020.25
    assert taken.encode == 3


def test_a_stage_has_a_known_name() -> None:
    with pytest.raises(KeyError), StageClock().timing("thinking"):
        pass


def test_every_stage_is_documented() -> None:
    page = (ROOT / "qa" / "evaluation" / "README.md").read_text(encoding="utf-8")
    told = Stages.__doc__ or ""
    for name in asdict(Stages()):
        assert f"`{name}`" in told
        assert f"| `{name}` |" in page
