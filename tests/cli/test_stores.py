"""The archives that a server is started with."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest
import typer

from qa.cli.serving import Serving, serve
from qa.cli.stores import NamedStore, check_stores, open_stores, written_store
from qa.errors import SettingsError, StoreNotFoundError
from qa.settings import INDEX_HERE
from tests.conftest import open_hashed

SERVING = Serving("127.0.0.1", 0, None, False, None, (), 0)


@pytest.mark.parametrize(
    ("written", "name", "folder"),
    [
        ("kranten/nrc", None, "kranten/nrc"),
        ("nrc=kranten/nrc", "nrc", "kranten/nrc"),
        ("N-r_c9=a=b", "N-r_c9", "a=b"),
        ("./a=b", None, "a=b"),
        ("/x/a=b", None, "/x/a=b"),
        ("kr/ant=DIR", None, "kr/ant=DIR"),
    ],
)
def test_a_store_is_a_folder_with_or_without_a_name(
    written: str, name: str | None, folder: str
) -> None:
    assert NamedStore.parse(written) == NamedStore(name, Path(folder))


@pytest.mark.parametrize(
    "written", ["=DIR", "nrc=", "n r c=DIR", "é=DIR", "..=DIR", "a" * 51 + "=D"]
)
def test_a_name_that_cannot_be_one_is_refused(written: str) -> None:
    with pytest.raises(SettingsError, match=r"written \./DIR"):
        NamedStore.parse(written)
    with pytest.raises(typer.BadParameter):
        written_store(written)


def test_stores_that_cannot_be_served_together_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = tmp_path / "een", tmp_path / "twee"
    one.mkdir()
    (tmp_path / "weer").symlink_to(one)
    refused = {
        "has no name": [NamedStore("een", one), NamedStore(None, other)],
        "differ in more than case": [NamedStore("een", one), NamedStore("Een", other)],
        "given twice": [NamedStore("een", one), NamedStore("twee", tmp_path / "weer")],
        "no archive at": [NamedStore("een", one), NamedStore("twee", other)],
    }
    for told, stores in refused.items():
        with pytest.raises((SettingsError, StoreNotFoundError), match=told):
            serve(stores, [], SERVING)
    with pytest.raises(SettingsError, match="--articles is for one archive"):
        serve(refused["no archive at"], [one], SERVING)
    monkeypatch.setenv("DATELINE_INDEX", "milvus://127.0.0.1:19530/krant")
    with pytest.raises(SettingsError, match="--index"):
        check_stores(refused["no archive at"])
    check_stores(refused["no archive at"], index=INDEX_HERE)  # app.py leaves the variable alone
    assert not other.exists()
    assert list(one.iterdir()) == []


def test_archives_share_their_models(tmp_path: Path) -> None:
    for name in ("een", "twee"):
        open_hashed(tmp_path / name).close()
    stores = [NamedStore(name, tmp_path / name) for name in ("een", "twee")]
    with ExitStack() as opened:
        first, second = open_stores(stores, opened, generator=None, index=None)
        assert first.archive.models is second.archive.models
        assert (first.archive.name, second.archive.name) == ("een", "twee")
