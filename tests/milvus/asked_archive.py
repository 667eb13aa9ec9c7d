from __future__ import annotations

from pathlib import Path

from qa.assistant import Assistant
from qa.evaluation.soak.stand_ins import HashEncoder, WordReader
from qa.models.loading import Models


def asked_archive(folder: Path, index: str) -> Assistant:
    """Make an archive of a few files, whose questions cost nothing."""
    texts = folder / "kranten"
    texts.mkdir(exist_ok=True)
    for number, topic in enumerate(("troepen", "sancties", "gas", "overleg")):
        words = f"Op {number + 1} maart 2022 schreef de krant over {topic} bij Dorp{number}."
        (texts / f"{number}.txt").write_text(words, encoding="utf-8")
    models = Models(load_encoder=lambda _: HashEncoder(), load_reader=lambda _: WordReader())
    opened = Assistant.open(folder / "archief", create=True, index=index, models=models)
    assert opened.ingest([texts]).added in (0, 4)
    return opened
