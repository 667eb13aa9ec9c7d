"""Ingests in small batches, in processes that are made to be killed at any moment.

For a line on standard input (store, tab, folder) a process is started and its id written; after
an empty line, its exit code: until then its id is not given to another. They are forked from this
process, which has all libraries loaded, so that a kill hits the writing and not the loading.
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path

import index_store.local
import qa.ingest.ingester
from index_store.analysis.language import detect_language
from index_store.analysis.terms import question_terms, terms
from qa.evaluation.soak.stand_ins import HashEncoder
from qa.ingest.chunking import ChunkingSettings, cut_article
from tests.conftest import open_hashed
from tests.store_building import make_article


def warm_up() -> None:
    text = "De troepenopbouw bij de grens gaat door, zegt de minister. Er komen sancties."
    encoder = HashEncoder()
    cut_article(
        make_article("a", text),
        ChunkingSettings(),
        encoder_tokens=encoder.count_tokens,
        encoder_limit=encoder.max_tokens,
    )
    detect_language("Sancties, troepenopbouw", among=("nl", "en"))
    terms(text, language="nl")
    question_terms(text)


def ingest(store: str, folder: str) -> None:
    """Commit, and renew the indexes, every few articles: a kill may hit any step of many."""
    qa.ingest.ingester.BATCH_ARTICLES = 2  # type: ignore[attr-defined]
    index_store.local.SHARE_FOR_RENEWAL = 1
    with open_hashed(Path(store)) as assistant:
        assistant.ingest([folder], sync=True)


def run(store: str, folder: str) -> int:
    """Ingest, in the process that was forked for it; return the exit code."""
    try:
        ingest(store, folder)
    except BaseException:  # noqa: BLE001 - this process must end here, whatever happens
        traceback.print_exc()
        return 1
    return 0


def main() -> None:
    warm_up()
    for line in iter(sys.stdin.readline, ""):
        process = os.fork()
        if process == 0:
            os._exit(run(*line.rstrip("\n").split("\t")))
        print(process, flush=True)  # noqa: T201
        sys.stdin.readline()
        _, status = os.waitpid(process, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
