"""Tokens are kept as hashes, end by themselves, and end at once when they are revoked."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from qa.errors import SettingsError
from qa.web.access.passwords import Passwords, User, read_users, set_user, user_in
from qa.web.access.roles import Role, Roles
from qa.web.access.tokens import Tokens

NOW = datetime(2026, 3, 2, 9, 15, tzinfo=UTC)


class Clock:
    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "access" / "tokens.json"


def test_a_token_is_kept_as_a_hash_only(path: Path) -> None:
    given, made = Tokens(path).create("invoer", Role.EDITOR, days=30)
    kept = path.read_text(encoding="utf-8")
    assert given.startswith(f"dateline_{made.id}_")
    assert given.rpartition("_")[2] not in kept
    assert given not in kept
    assert (path.stat().st_mode & 0o077, path.parent.stat().st_mode & 0o077) == (0, 0)
    other = Tokens(path)
    other.refresh()
    found = other.find(given)
    assert found is not None
    assert (found.name, found.role) == ("invoer", Role.EDITOR)
    for wrong in (
        "",
        given[:-1],
        f"{given}a",
        given.replace("_", "-"),
        given.upper(),
        "é",
        "\ud800",
    ):
        assert other.find(wrong) is None


def test_a_token_ends(path: Path) -> None:
    clock = Clock()
    tokens = Tokens(path, clock=clock)
    given, _ = tokens.create("kort", Role.READER, days=1)
    tokens.refresh()
    clock.now = NOW + timedelta(hours=23, minutes=59)
    assert tokens.find(given) is not None
    clock.now = NOW + timedelta(days=1)
    assert tokens.find(given) is None
    again, _ = tokens.create("kort", Role.READER, days=1)  # the name is free again
    assert [each.name for each in tokens.all()] == ["kort"]
    tokens.refresh()
    assert tokens.find(again) is not None


def test_a_running_server_sees_what_others_change(path: Path) -> None:
    server, shell = Tokens(path), Tokens(path)
    assert not server.is_stale()
    given, made = shell.create("a", Role.READER, days=1)
    assert server.is_stale()
    server.refresh()
    assert server.find(given) is not None
    shell.revoke(made.id)
    server.refresh()
    assert server.find(given) is None
    given, _ = shell.create("a", Role.READER, days=1)
    server.refresh()
    path.unlink()
    assert server.is_stale()
    server.refresh()
    assert server.find(given) is None


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        '{"tokens": 7}',
        '{"tokens": [{"id": "0a1b2c3d"}]}',
        "[" * 100_000,
        '{"tokens": [{"id": "0a1b2c3d", "name": "a", "role": "koning", "created": '
        '"2026-01-01T00:00:00+00:00", "expires": "2027-01-01T00:00:00+00:00", "sha256": "a"}]}',
        '{"tokens": [{"id": "0a1b2c3d", "name": "a", "role": "admin", "created": '
        '"2026-01-01T00:00:00", "expires": "2027-01-01T00:00:00", "sha256": "a"}]}',
        '{"tokens": [{"id": "0a1b2c3d", "name": "a", "role": "admin", "created": '
        '"2026-01-01T00:00:00+00:00", "expires": "2027-01-01T00:00:00+00:00", "sha256": "é"}]}',
    ],
    ids=range(8),
)
def test_a_file_that_is_not_right_lets_nobody_in(
    path: Path, content: str, caplog: pytest.LogCaptureFixture
) -> None:
    tokens = Tokens(path)
    given, _ = tokens.create("a", Role.ADMIN, days=1)
    path.write_text(content, encoding="utf-8")
    tokens.refresh()
    assert tokens.find(given) is None
    assert "no token is valid" in caplog.text
    for attempt in (tokens.all, lambda: tokens.create("b", Role.READER, days=1)):
        with pytest.raises(SettingsError, match="no file of tokens"):
            attempt()
    assert path.read_text(encoding="utf-8") == content  # nothing is lost


def test_what_cannot_be_a_token_is_refused(path: Path) -> None:
    tokens = Tokens(path)
    tokens.create("a", Role.READER, days=1)
    for name in ("", "a:b", "a\nb", " a", "x" * 101):
        with pytest.raises(SettingsError, match="name"):
            tokens.create(name, Role.READER, days=1)
    with pytest.raises(SettingsError, match="already"):
        tokens.create("a", Role.ADMIN, days=1)
    for days in (0, -1, 3651):
        with pytest.raises(SettingsError, match="days"):
            tokens.create("b", Role.READER, days=days)
    with pytest.raises(SettingsError, match="no token 'b'"):
        tokens.revoke("b")
    with pytest.raises(SettingsError, match="no place"):
        Tokens(None).create("a", Role.READER, days=1)
    with pytest.raises(SettingsError, match="cannot write"):
        Tokens(path.parent / "weg" / "weg" / "tokens.json").create("a", Role.READER, days=1)


def test_tokens_made_at_once_are_all_kept(path: Path) -> None:
    def make(number: int) -> None:
        Tokens(path).create(f"nr {number}", Role.READER, days=1)

    makers = [threading.Thread(target=make, args=(number,)) for number in range(8)]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join()
    assert {each.name for each in Tokens(path).all()} == {f"nr {number}" for number in range(8)}
    assert len(json.loads(path.read_text(encoding="utf-8"))["tokens"]) == 8


# -- roles in the file of users -------------------------------------------------------------------

HASH = "$argon2id$v=19$m=64,t=1,p=4$AAAAAAAAAAAAAAAAAAAAAA$" + "A" * 43


def test_a_role_is_a_third_field_that_may_be_missing(tmp_path: Path) -> None:
    file = tmp_path / "users"
    file.write_text(f"jan:{HASH}\nmia:{HASH}:editor\nbaas@x.example::admin\n", encoding="utf-8")
    users = Passwords.read(file)
    roles = [users.roles_of(name) for name in ("jan", "mia", "baas@x.example")]
    assert roles == [Roles(each) for each in Role]
    assert users.roles_of("niemand") == Roles()  # of whoever is taken out of the file
    assert users.roles_of_proxied("niemand") == Roles(Role.READER)
    assert users.hash_of("baas@x.example") is None
    assert not users.verify("baas@x.example", "")
    for name, role in (("mia", Role.ADMIN), ("jan", Role.READER), ("nieuw", Role.READER)):
        set_user(file, name, roles=Roles(role))
    assert Passwords.read(file).roles_of("mia") == Roles(Role.ADMIN)
    assert user_in(file, "mia") == User(HASH, Roles(Role.ADMIN))
    assert f"\njan:{HASH}\n" in file.read_text(encoding="utf-8")  # as earlier versions read it
    assert user_in(file, "nieuw") == User(None)


def test_users_that_several_programs_write_at_once_are_all_kept(tmp_path: Path) -> None:
    file = tmp_path / "users"
    names = [f"gebruiker{number}" for number in range(24)]
    begin = threading.Barrier(len(names))

    def write(name: str) -> None:
        begin.wait(30)
        set_user(file, name, written=HASH)
        set_user(file, name, roles=Roles(Role.EDITOR))  # which keeps the password

    writers = [threading.Thread(target=write, args=(name,)) for name in names]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert read_users(file) == {name: User(HASH, Roles(Role.EDITOR)) for name in names}
    assert sorted(each.name for each in tmp_path.iterdir()) == ["users", "users.lock"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (f"jan:{HASH}:koning", "line 1: there is no role 'koning'"),
        (f"jan:{HASH}:", "no role ''"),
        (f"jan:{HASH}:admin:admin", "no role 'admin:admin'"),
        ("jan:", "no user:argon2-hash"),
        ("jan::", "no role ''"),
        ("::admin", "line 1: it has no name"),
        (" :" + HASH, "line 1: it has no name"),
        ("jan:geheim:admin", "no user:argon2-hash"),
    ],
    ids=range(8),
)
def test_a_line_with_a_wrong_role_is_refused(tmp_path: Path, line: str, told: str) -> None:
    file = tmp_path / "users"
    file.write_text(f"{line}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=told):
        Passwords.read(file)


def test_a_file_of_users_without_passwords_lets_nobody_log_in(tmp_path: Path) -> None:
    file = tmp_path / "users"
    file.write_text("jan::admin\n", encoding="utf-8")
    users = Passwords.read(file)
    assert not users.verify("jan", "")
    assert not users.verify("piet", "een lang geheim")
