"""Encoders as the nodes of a cluster load them."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.evaluation.soak.stand_ins import HashEncoder
from tests.ingest.worker_encoders import load_hashed
from tests.ray.local_cluster import DOOMED

_PATIENCE_SECONDS = 120


@dataclass(frozen=True)
class Rendezvous:
    """Loads an encoder that stops for good on the second node, and leaves a marker then.

    Until there is one, the head encodes nothing, so that the second node must get work.
    """

    marker: Path
    driver: int

    def __call__(self, name: str | None) -> HashEncoder:
        encoder = load_hashed(name)
        if os.getpid() == self.driver:
            return encoder
        encode = encoder.encode_passages

        def stopping(texts: Sequence[str], **how: Any) -> Any:
            if DOOMED in os.environ:
                self.marker.touch()
                threading.Event().wait()
            until = time.monotonic() + _PATIENCE_SECONDS
            while not self.marker.exists():
                assert time.monotonic() < until, "the second node got no work"
                time.sleep(0.05)
            return encode(texts, **how)

        encoder.encode_passages = stopping  # type: ignore[method-assign]
        return encoder
