from __future__ import annotations

import base64
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from index_store.indexes.milvus_errors import (
    CollectionGoneError,
    CollectionNotLoadedError,
    MilvusError,
    told_error,
)
from index_store.indexes.milvus_place import MilvusPlace
from qa.__main__ import app
from qa.errors import SettingsError
from qa.settings import chosen_index
from tests.store_building import make_store, news

TOKEN = "authorization"
ODD = {
    "no scheme": "host:19530/kranten",
    "another scheme": "http://host:19530/kranten",
    "no collection": "milvus://host:19530",
    "an empty collection": "milvus://host:19530/",
    "two collections": "milvus://host:19530/a/b",
    "a collection with a dash": "milvus://host/nrc-kranten",
    "a collection that begins with a digit": "milvus://host/1kranten",
    "no host": "milvus:///kranten",
    "a host with markup": "milvus://<b>/kranten",
    "a port of letters": "milvus://host:poort/kranten",
    "a port too high": "milvus://host:65536/kranten",
    "port 0": "milvus://host:0/kranten",
    "a query": "milvus://host/kranten?token=1",
    "a fragment": "milvus://host/kranten#a",
    "a line end": "milvus://host/kranten\n",
    "a space": "milvus://host/kran ten",
    "an open bracket": "milvus://[::1/kranten",
    "an escape": "milvus://host/kranten\x1b[31m",
    "a very long one": "milvus://host/" + "a" * 5000,
}


@pytest.mark.parametrize("address", ODD.values(), ids=list(ODD))
def test_an_odd_address_is_refused_with_the_remedy(address: str) -> None:
    with pytest.raises(SettingsError, match=r"(?s)--index is no address.*milvus://host:19530"):
        chosen_index(address)


@pytest.mark.parametrize(
    "address",
    [
        "milvus://root:geheim@host/kranten",
        "milvus://root:x/geheim@host/kranten",  # the password ends the host's part
        "milvus://root:geheim\u2100m@host/kranten",  # a character that no host may have
        "milvus://root:[geheim]@host/kranten",  # read as an IPv6 address
        "root:geheim@host/kranten",
        "milvus://root:gehe im@host/kranten",
    ],
)
def test_a_password_in_an_address_is_not_repeated(address: str) -> None:
    with pytest.raises(SettingsError, match="DATELINE_INDEX_TOKEN") as raised:
        chosen_index(address)
    assert "gehe" not in str(raised.value)


def test_the_token_comes_from_the_environment_and_is_never_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATELINE_INDEX_TOKEN", "root:geheim")
    place = chosen_index("milvus+tls://db.example/kranten")
    assert place == MilvusPlace("db.example", 19530, "kranten", True, "root:geheim")
    assert "geheim" not in f"{place} {place!r} {place.name} {place.uri}"
    assert place.uri == "https://db.example:19530"
    monkeypatch.setenv("DATELINE_INDEX_TOKEN", "root:ge\nheim")
    with pytest.raises(SettingsError, match="DATELINE_INDEX_TOKEN") as raised:
        chosen_index("milvus://host/kranten")
    assert "heim" not in str(raised.value)


def test_what_is_given_counts_more_than_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert chosen_index() is None
    monkeypatch.setenv("DATELINE_INDEX", "milvus://een/kranten")
    monkeypatch.delenv("DATELINE_INDEX_TOKEN", raising=False)
    assert chosen_index() == MilvusPlace("een", 19530, "kranten")
    assert chosen_index("milvus://[::1]:7/twee") == MilvusPlace("::1", 7, "twee")
    assert MilvusPlace("::1", 7, "twee").name == "milvus://[::1]:7/twee"
    assert chosen_index("local") is None
    monkeypatch.setenv("DATELINE_INDEX", "kranten")
    with pytest.raises(SettingsError, match="DATELINE_INDEX is no address"):
        chosen_index()


def test_every_command_over_an_archive_takes_an_index(tmp_path: Path) -> None:
    make_store(tmp_path, news(2)).close()
    for command in ("check", "articles", "feed list"):
        words = [*command.split(), "--store", str(tmp_path), "--index"]
        assert CliRunner().invoke(app, [*words, "local"]).exit_code == 0
        refused = CliRunner().invoke(app, [*words, "http://host"])
        assert refused.exit_code == 2
        assert "--index" in refused.output
        named = CliRunner().invoke(app, words[:-1], env={"DATELINE_INDEX": "http://host"})
        assert named.exit_code == 2
        assert "DATELINE_INDEX is no address" in " ".join(named.output.replace("│", "").split())
        assert "--index" not in named.output
    assert "--index" not in CliRunner().invoke(app, ["bench", "query", "--help"]).output


def test_without_the_client_the_remedy_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    with pytest.raises(MilvusError, match=r"pip install 'dateline-qa\[milvus\]'"):
        make_store(tmp_path, news(1), index=MilvusPlace("127.0.0.1", 9, "kranten"))


@pytest.mark.parametrize(
    ("code", "said", "kind"),
    [
        (101, "failed to query: collection not loaded[collection=4]", CollectionNotLoadedError),
        (100, "collection not found[database=default][collection=x]", CollectionGoneError),
        (65535, "service unavailable: internal", MilvusError),
    ],
)
def test_what_milvus_says_is_told_apart(code: int, said: str, kind: type[MilvusError]) -> None:
    """The words are those of Milvus 2.3.5."""
    assert type(told_error(MilvusPlace("host", 1, "kranten"), code, said)) is kind


@pytest.fixture
def refusing_server() -> Iterator[tuple[int, list[str]]]:
    """A gRPC server that lets nobody in, as Milvus does; and the tokens that it was shown."""
    import grpc

    shown: list[str] = []

    class Refusing(grpc.GenericRpcHandler):  # type: ignore[misc]
        def service(self, details: Any) -> Any:
            shown.extend(value for key, value in details.invocation_metadata if key == TOKEN)
            return grpc.unary_unary_rpc_method_handler(
                lambda _, context: context.abort(
                    grpc.StatusCode.UNAUTHENTICATED,
                    f"auth check failure of geheim, {'x' * 250} root:geheim is wrong",
                )
            )

    server = grpc.server(ThreadPoolExecutor(2), handlers=[Refusing()])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield port, shown
    server.stop(None).wait()


def test_a_refused_token_is_told_with_the_remedy_and_not_repeated(
    tmp_path: Path, refusing_server: tuple[int, list[str]]
) -> None:
    port, shown = refusing_server
    place = MilvusPlace("127.0.0.1", port, "kranten", token="root:geheim")
    with pytest.raises(
        MilvusError, match=r"refuses the user or the key.*DATELINE_INDEX_TOKEN"
    ) as refused:
        make_store(tmp_path, news(1), index=place)
    assert "gehe" not in str(refused.value)  # the message is cut within it
    assert {base64.b64decode(each) for each in shown} == {b"root:geheim"}


def test_a_server_without_tls_is_told_apart(
    tmp_path: Path, refusing_server: tuple[int, list[str]]
) -> None:
    place = MilvusPlace("127.0.0.1", refusing_server[0], "kranten", is_encrypted=True, token="a:b")
    with pytest.raises(MilvusError, match="check host, port and TLS"):
        make_store(tmp_path, news(1), index=place)
    assert refusing_server[1] == []
