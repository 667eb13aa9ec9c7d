"""What is killed: `python -m qa`, with models that cost nothing and in small steps.

With `--fork` it does that again and again, each time in a process of its own that has all libraries
loaded, so that a kill hits the work and not the loading. For a line of JSON on standard input
(`arguments`, `stdout`, `stderr`) a process is started and its id written; after an empty line, its
exit code: until then its id is not given to another.
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import runpy
import shutil
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

import index_store.local
import qa.ingest.ingester
from index_store.analysis.language import detect_language
from index_store.analysis.terms import question_terms, terms
from index_store.records import UNKNOWN_DATE, Article
from qa.evaluation.soak.stand_ins import HashEncoder, plug_in
from qa.ingest.chunking import ChunkingSettings, cut_article

FORK = "--fork"
_BATCH_ARTICLES = 2
_TRIAL = "De troepenopbouw bij de grens gaat door, zegt de minister. Er komen sancties."


def main() -> None:
    """Run a module with arguments (`qa check …`), as `python -m` does."""
    arguments = sys.argv[1:]
    if arguments == [FORK]:
        arguments = _wait_to_be_forked()
    plug_in()
    # Commit, and renew the indexes, every few articles: a kill may hit any step of many.
    qa.ingest.ingester.BATCH_ARTICLES = _BATCH_ARTICLES  # type: ignore[attr-defined]
    index_store.local.SHARE_FOR_RENEWAL = 1
    module, *rest = arguments
    sys.argv = [module, *rest]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _wait_to_be_forked() -> list[str]:
    """Start a process for each order; return in each of them, with its arguments."""
    _warm_up()
    folder = Path(tempfile.mkdtemp(prefix="dateline-soak-"))
    trial, modules = folder / "trial.txt", folder / "modules"
    trial.write_text(_TRIAL, encoding="utf-8")
    process = os.fork()
    if process == 0:
        atexit.register(lambda: modules.write_text("\n".join(list(sys.modules))))
        _redirect(os.devnull, str(folder / "stderr"))
        return ["qa", "ingest", str(trial), "--store", str(folder / "store")]
    os.waitpid(process, 0)
    for name in modules.read_text(encoding="utf-8").splitlines():
        with suppress(ImportError):
            importlib.import_module(name)
    shutil.rmtree(folder)
    if threading.active_count() > 1:  # such a process must not be forked
        raise SystemExit("a library has started a thread")
    for line in iter(sys.stdin.readline, ""):
        order = json.loads(line)
        process = os.fork()
        if process == 0:
            _redirect(order["stdout"], order["stderr"])
            return [str(each) for each in order["arguments"]]
        _tell(process)
        sys.stdin.readline()
        _, status = os.waitpid(process, 0)
        _tell(os.waitstatus_to_exitcode(status))
    raise SystemExit


def _redirect(stdout: str, stderr: str) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    for number, path, how in ((0, os.devnull, os.O_RDONLY), (1, stdout, flags), (2, stderr, flags)):
        opened = os.open(path, how, 0o600)
        os.dup2(opened, number)
        os.close(opened)


def _tell(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def _warm_up() -> None:
    """Load the tables that analysis reads when it is first used."""
    encoder = HashEncoder()
    cut_article(
        Article("a", None, _TRIAL, UNKNOWN_DATE, "krant", "nl"),
        ChunkingSettings(),
        encoder_tokens=encoder.count_tokens,
        encoder_limit=encoder.max_tokens,
    )
    detect_language("Sancties, troepenopbouw", among=("nl", "en"))
    terms(_TRIAL, language="nl")
    question_terms(_TRIAL)


if __name__ == "__main__":
    main()
