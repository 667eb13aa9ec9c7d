"""`dateline token` and roles in the shell; what is changed there stands in the audit log."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from qa.__main__ import app
from qa.cli.serving import Serving, serve
from qa.cli.stores import NamedStore
from qa.errors import SettingsError
from qa.web.access.passwords import Passwords
from qa.web.access.roles import Role
from qa.web.access.tokens import Tokens
from tests.conftest import open_hashed

runner = CliRunner()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shell")
    (folder / "a.txt").write_text("De purperreiger staat in de sloot.", encoding="utf-8")
    with open_hashed(folder / "store") as assistant:
        assistant.ingest([folder / "a.txt"])
    return folder / "store"


def run(*arguments: object, code: int = 0, **how: Any) -> Result:
    result = runner.invoke(app, [str(each) for each in arguments], **how)
    assert result.exit_code == code, result.output
    return result


def events(store: Path) -> list[dict[str, Any]]:
    lines = (store / "access" / "audit.jsonl").read_text("ascii").splitlines()
    return [json.loads(line) for line in lines]


def test_a_token_is_made_listed_and_revoked(store: Path) -> None:
    made = run("token", "create", "invoer", "--role", "editor", "--days", 7, "--store", store)
    given = made.stdout.strip()
    assert "not shown again" in made.stderr
    tokens = Tokens.of_store(store)
    tokens.refresh()
    found = tokens.find(given)
    assert found is not None
    assert found.role is Role.EDITOR
    listed = run("token", "list", "--store", store).stdout
    assert listed.startswith(f"{found.id}\tinvoer\teditor\t")
    assert given[18:] not in listed
    (described,) = map(
        json.loads, run("token", "list", "--json", "--store", store).stdout.split("\n")[:-1]
    )
    assert (described["name"], described["valid"], "sha256" in described) == ("invoer", True, False)
    again = run("token", "create", "invoer", "--store", store, code=2)
    assert "already" in again.output
    as_json = json.loads(run("token", "create", "b", "--json", "--store", store).stdout)
    assert as_json["token"].startswith("dateline_")
    assert as_json["role"] == "reader"
    run("token", "revoke", "invoer", "--store", store)
    run("token", "revoke", as_json["id"], "--store", store)
    assert run("token", "list", "--store", store).stdout == ""
    assert "no token" in run("token", "revoke", "invoer", "--store", store, code=2).output
    told = [(each["event"], each.get("token_name")) for each in events(store)]
    assert told[:4] == [
        ("token created", "invoer"),
        ("token created", "b"),
        ("token revoked", "invoer"),
        ("token revoked", "b"),
    ]
    assert events(store)[0]["user"].startswith("shell:")
    assert given not in (store / "access" / "audit.jsonl").read_text("ascii")


def test_what_cannot_be_is_wrong_usage(store: Path, tmp_path: Path) -> None:
    for wrong in (("x", "--role", "koning"), ("x", "--days", 0), ("a:b",)):
        run("token", "create", *wrong, "--store", store, code=2)
    for name in ("", "a:b", "x" * 101):
        refused = run("token", "create", name, "--store", store, code=2).output
        assert "cannot be the name of a token" in " ".join(refused.split())
    run("token", "list", "--store", tmp_path / "weg", code=1)
    assert not (tmp_path / "weg").exists()


def test_a_date_and_a_removal_in_the_shell_are_told(store: Path) -> None:
    run("date", "a", "2021-03", "--store", store)
    run("remove", "a", "--store", store)
    dated, removed = events(store)[-2:]
    assert (dated["event"], dated["article"], dated["date"]["first"]) == (
        "dated",
        "a",
        "2021-03-01",
    )
    assert (removed["event"], removed["article"], removed["means"]) == ("removed", "a", "shell")


def test_a_user_gets_a_role_and_keeps_it_with_a_new_password(tmp_path: Path) -> None:
    file = tmp_path / "users"

    def role() -> Role | None:
        return Passwords.read(file).roles_of("mia").everywhere

    first = ["passwd", "mia", "--stdin", "--file", file]
    run(*first, "--role", "editor", input="een lang geheim\n")
    assert role() is Role.EDITOR
    run(*first, input="een ander geheim\n")
    assert role() is Role.EDITOR
    run("passwd", "mia", "--no-password", "--role", "admin", "--file", file)
    assert role() is Role.ADMIN
    assert Passwords.read(file).verify("mia", "een ander geheim")
    run("passwd", "mia", "--no-password", "--role", "reader", "--file", file)
    assert file.read_text(encoding="utf-8").count(":") == 1  # a reader's line is as it always was
    run("passwd", "jan", "--no-password", "--role", "koning", code=2)
    assert run("passwd", "jan", "--no-password", "--role", "editor").stdout == "jan::editor\n"


@pytest.mark.parametrize(
    ("header", "proxies", "more", "told"),
    [
        ("Cookie", (), {}, "name the header"),
        ("X Forwarded User", (), {}, "name the header"),
        ("X-Forwarded-For", (), {}, "name the header"),
        ("", (), {}, "name the header"),
        ("X-Forwarded-User", ("0.0.0.0/0",), {}, "everybody"),
        ("X-Forwarded-User", (), {"no_auth": True}, "contradict"),
    ],
)
def test_a_header_that_cannot_name_the_user_is_refused(
    tmp_path: Path, header: str, proxies: tuple[str, ...], more: dict[str, bool], told: str
) -> None:
    how: dict[str, Any] = {"no_auth": False, **more, "auth_header": header}
    serving = Serving("127.0.0.1", 7999, None, how.pop("no_auth"), None, proxies, 600, **how)
    with pytest.raises(SettingsError, match=told):
        serve([NamedStore(None, tmp_path / "store")], [], serving)
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize(
    "line",
    [
        "mia:$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$aGFzaA:koning",
        "mia:$argon2x$kapot",
        "mia:$2b$12$of.another.program",
        "mia::editor\nmia::admin",
    ],
    ids=range(4),
)
def test_a_line_that_cannot_be_read_is_never_written_over_by_half(
    tmp_path: Path, line: str
) -> None:
    file = tmp_path / "users"
    file.write_text(f"jan::editor\n{line}\n", encoding="utf-8")
    before = file.read_bytes()
    for more in (["--no-password", "--role", "admin"], ["--stdin"]):
        done = run("passwd", "mia", *more, "--file", file, code=1, input="een lang geheim\n")
        assert f"{file}, line " in done.stderr
        assert "dateline passwd mia --role ROLE" in done.stderr
        assert file.read_bytes() == before
    # What is given wholly needs nothing of the old line.
    new = ["--stdin", "--role", "admin", "--file", file]
    run("passwd", "mia", *new, input="een lang geheim\n")
    assert Passwords.read(file).verify("mia", "een lang geheim")
    assert str(Passwords.read(file).roles_of("mia")) == "admin"


# -- roles in one archive of several --------------------------------------------------------------


@pytest.fixture
def stores(tmp_path: Path) -> list[str]:
    """Two archives, as options."""
    for name in ("zeeland", "drenthe"):
        open_hashed(tmp_path / name).close()
    return [
        each for name in ("zeeland", "drenthe") for each in ("--store", f"{name}={tmp_path / name}")
    ]


def test_one_token_opens_several_archives(stores: list[str], tmp_path: Path) -> None:
    roles = ["--role", "zeeland=reader", "--role", "drenthe=editor"]
    made = run("token", "create", "invoer", *roles, *stores)
    assert "reader in zeeland, editor in drenthe until" in made.stderr
    for name, role in (("zeeland", Role.READER), ("drenthe", Role.EDITOR)):
        tokens = Tokens.of_store(tmp_path / name)
        tokens.refresh()
        found = tokens.find(made.stdout.strip())
        assert found is not None
        assert found.role is role
        assert "zeeland" not in (tmp_path / name / "access" / "tokens.json").read_text("utf-8")
        assert events(tmp_path / name)[-1]["token_role"] == role
    listed = run("token", "list", *stores).stdout.splitlines()
    assert [each.split("\t")[1:3] + each.split("\t")[4:] for each in listed] == [
        ["invoer", "reader", "zeeland"],
        ["invoer", "editor", "drenthe"],
    ]
    as_json = json.loads(run("token", "create", "b", "--role", "admin", "--json", *stores).stdout)
    assert as_json["archives"] == {"zeeland": "admin", "drenthe": "admin"}
    assert "in zeeland, drenthe" in run("token", "revoke", "b", *stores).stderr
    run("token", "revoke", "invoer", *stores[2:])
    assert run("token", "list", *stores[2:]).stdout == ""
    assert "invoer" in run("token", "list", *stores[:2]).stdout  # of the archive that was named


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["--role", "zeeland=reader"], "there is no role in drenthe"),
        (["--role", "reader", "--role", "friesland=editor"], "is of no --store here"),
        (["--role", "zeeland=koning"], "there is no role 'koning'"),
        (["--role", "zeeland=reader", "--role", "zeeland=editor"], "two roles in zeeland"),
    ],
)
def test_a_token_of_several_archives_is_made_in_all_or_in_none(
    stores: list[str], tmp_path: Path, given: list[str], told: str
) -> None:
    refused = run("token", "create", "x", *given, *stores, code=2)
    assert told in " ".join(refused.output.split())
    run("token", "create", "x", *stores[2:])  # so that the name is taken in the second
    assert "already" in run("token", "create", "x", *stores, code=2).output
    assert Tokens.of_store(tmp_path / "zeeland").all() == []


def test_a_user_gets_roles_of_archives(tmp_path: Path) -> None:
    file = tmp_path / "users"
    named = ["--role", "nrc=editor", "--role", "weekbladen=reader"]
    for _ in ("added", "changed"):
        told = run("passwd", "mia", *named, "--no-password", "--file", file).stderr
    assert "mia is nrc=editor,weekbladen=reader in" in " ".join(told.split())
    assert file.read_text(encoding="utf-8") == "mia::nrc=editor,weekbladen=reader\n"
    run("passwd", "mia", "--stdin", "--file", file, input="een lang geheim\n")
    users = Passwords.read(file)
    assert users.verify("mia", "een lang geheim")
    assert str(users.roles_of("mia")) == "nrc=editor,weekbladen=reader"
    for wrong in (["nrc=koning"], ["n r c=editor"], ["reader", "editor"], ["a=editor", "a=reader"]):
        given = [each for role in wrong for each in ("--role", role)]
        run("passwd", "mia", *given, "--no-password", "--file", file, code=2)


def test_a_server_does_not_start_with_a_role_in_no_archive(
    stores: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "users"
    file.write_text("jan::admin\nmia::zeland=editor\n", encoding="utf-8")
    named = [NamedStore.parse(each) for each in stores[1::2]]
    serving = Serving("127.0.0.1", 0, file, False, None, (), 600)
    with pytest.raises(SettingsError, match="no archive 'zeland' on this server, which") as refused:
        serve(named, [], serving)
    assert str(refused.value).startswith(f"{file}, line 2: ")
