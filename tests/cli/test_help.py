"""`--help` of every command at 80 and 60 columns, and what a shell completes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from qa.__main__ import app

COLUMNS = 80
COMMAND: Any = get_command(app)


def paths(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    for name, each in getattr(command, "commands", {}).items():
        yield from paths(each, (*path, name))


def command_at(path: tuple[str, ...]) -> Any:
    found = COMMAND
    for name in path:
        found = found.commands[name]
    return found


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(COLUMNS))


@pytest.mark.parametrize("path", list(paths(COMMAND)), ids=" ".join)
def test_help_is_readable_at_eighty_columns(path: tuple[str, ...]) -> None:
    told = CliRunner().invoke(app, [*path, "--help"]).stdout
    assert max(map(len, told.splitlines())) <= COLUMNS
    names = [name for each in command_at(path).params for name in each.opts + each.secondary_opts]
    for name in (name for name in names if name.startswith("--")):
        assert re.search(rf"(?m)^  (\S+ / |-\w, )?{name}\b", told), name
    columns = [len(found) for found in re.findall(r"(?m)^( {3,})\S", told)]
    assert max(columns, default=0) <= COLUMNS * 0.45, "few columns are left for words"
    for name, each in getattr(command_at(path), "commands", {}).items():
        sentence = " ".join(each.help.split("\n\n")[0].split())
        assert f" {name} {sentence}" in " ".join(told.split())


@pytest.mark.parametrize("path", list(paths(COMMAND)), ids=" ".join)
def test_no_word_is_cut_at_sixty_columns(path: tuple[str, ...]) -> None:
    told = CliRunner().invoke(app, [*path, "--help"], terminal_width=60).stdout
    shown = {*told.split(), *re.sub(r"-\s+", "-", told).split()}  # a hyphen may end a line
    for each in command_at(path).params:
        for word in (getattr(each, "help", None) or "").split():
            assert word in shown or len(word) > 36, word


@pytest.mark.parametrize("command", ["token create x", "passwd zoë"])
def test_roles_are_completed(command: str) -> None:
    def completed(typed: str) -> list[str]:
        words = f"dateline {command} --role {typed}"
        how = {"_DATELINE_COMPLETE": "complete_bash", "COMP_WORDS": words,
               "COMP_CWORD": str(len(words.split(" ")) - 1)}  # fmt: skip
        return CliRunner().invoke(app, [], env=how, prog_name="dateline").stdout.split()

    assert completed("") == ["reader", "editor", "admin"]
    assert completed("ed") == ["editor"]
    assert completed("x") == []
