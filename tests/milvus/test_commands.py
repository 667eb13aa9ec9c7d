"""How the commands, Python and the environment name a collection."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from index_store.errors import StoreError
from index_store.indexes.milvus_place import MilvusPlace
from index_store.local import LocalStore
from qa.__main__ import app
from qa.assistant import Assistant
from qa.diagnosis.storage import StoreExamination
from qa.evaluation.soak.stand_ins import HashEncoder, WordReader
from qa.models.loading import Models
from tests.milvus.asked_archive import asked_archive
from tests.milvus.real_server import free_port

pytestmark = pytest.mark.milvus


def test_a_command_takes_the_address(store: LocalStore, collection: MilvusPlace) -> None:
    store.close()
    for index, code in ((collection.name, 0), (f"milvus://127.0.0.1:{free_port()}/x", 1)):
        command = ["check", "--store", str(store.path), "--index", index]
        done = CliRunner().invoke(app, command)
        assert done.exit_code == code, done.output
        assert ("does not answer" in done.output) == bool(code)
        assert "DATELINE_INDEX" not in os.environ


def test_doctor_tells_where_the_vectors_are(store: LocalStore, collection: MilvusPlace) -> None:
    store.close()
    nowhere = MilvusPlace("127.0.0.1", free_port(), "x")
    for index, told in ((collection, "as in the catalog in milvus://"), (nowhere, "missing")):
        examination = StoreExamination(store.path, index)
        list(examination.examine_catalog())
        (finding,) = examination.examine_indexes()
        assert told in finding.told


def test_python_and_the_environment_take_the_address(
    tmp_path: Path, collection: MilvusPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = "Wat schreef de krant over sancties?"
    with asked_archive(tmp_path / "", collection.name) as assistant:
        answer = assistant.ask(question)
    monkeypatch.setenv("DATELINE_INDEX", f"milvus://127.0.0.1:{free_port()}/x")
    models = Models(load_encoder=lambda _: HashEncoder(), load_reader=lambda _: WordReader())
    with (
        Assistant.open(tmp_path / "archief", models=models) as nowhere,
        pytest.raises(StoreError, match="does not answer"),
    ):
        nowhere.ask(question)
    with Assistant.open(tmp_path / "archief", models=models, index="local") as here:
        assert here.ask(question).text == answer.text
