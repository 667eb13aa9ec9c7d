"""What the pages for readers say must be true: examples, commands, options, links and paths."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import typer
from typer.main import get_command

import app as demo
import qa
from index_store.local import LocalStore
from qa.__main__ import app
from qa.archive import Archive
from qa.assistant import Assistant
from qa.models.encoder import SentenceEncoder
from qa.models.loading import Models
from qa.models.reader.reader import TrainedReader
from tests.page_serving import PANDAS_WARNINGS, serving
from tests.paths import ROOT, SEEDS
from tests.test_layers import MAY_IMPORT, source_files

pytestmark = PANDAS_WARNINGS

PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *(page for room in ("index_store", "qa", "tests") for page in (ROOT / room).rglob("*.md")),
    ]
)
README = (ROOT / "README.md").read_text(encoding="utf-8")
ADDRESS = "http://127.0.0.1:7860/"
# What each Python example prints, at the least and in this order.
PRINTED = {
    "README.md 1": ["5", "Generaal Armageddon"],
    "qa/README.md 1": ["2021-12", "\n[]\n"],
    "qa/README.md 2": ["| De bijnaam", "| Navragen", "\n[]\n", "20 quotes, []\n20 quotes, []"],
    "qa/README.md 3": ["Generaal Armageddon", "? failed:", "Eiffeltoren? None"],
    "qa/README.md 4": ["Generaal Armageddon 1"],
    "qa/README.md 5": ["oost", "Armageddon"],
    "qa/exports/README.md 1": ["Generaal Armageddon"],
    "qa/retrieval/README.md 1": ["2022-11", "2023-03"],
    "qa/web/README.md 1": ["Generaal Armageddon", "retrieved", "partial", "final"],
    "qa/web/README.md 2": ["['ask', 'ask_stream', 'search', 'article']", "Generaal Armageddon"],
    "qa/web/README.md 3": ["Generaal Armageddon", "“Toen was Sergej", "november 2022", "004_"],
}
# Options of other programs.
FOREIGN = {"--extra-index-url", "--constraint", "--constraints", "--from", "--pip-args", "--spec"}
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
INLINE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"")
OPTION = re.compile(r"--[a-z][a-z-]*")
PATH = re.compile(r"(?:qa|index_store|tests|seeds|\.ci|\.github)/[\w./-]*|[\w/]+\.py")


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path, language: str) -> list[str]:
    found = BLOCK.findall(page.read_text(encoding="utf-8"))
    return [code for kind, code in found if kind == language]


def prose(page: Path) -> str:
    return BLOCK.sub("", page.read_text(encoding="utf-8"))


def examples() -> dict[str, str]:
    """Return every Python example by its page and its place there."""
    return {
        f"{name_of(page)} {number}": code
        for page in PAGES
        for number, code in enumerate(blocks(page, "python"), start=1)
    }


EACH_PAGE = pytest.mark.parametrize("page", PAGES, ids=name_of)


def test_the_pages_are_found() -> None:
    names = {name_of(page) for page in PAGES}
    rooms = ("dates", "evaluation", "exports", "ingest", "question", "web")
    assert {"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "index_store/README.md"} <= names
    assert {f"qa/{room}/README.md" for room in rooms} <= names


def test_the_readme_stays_a_front_door() -> None:
    assert len(README.splitlines()) <= 220


# Examples


@pytest.fixture(scope="module")
def address(encoder: SentenceEncoder, reader: TrainedReader, seed_store: Path) -> Iterator[str]:
    with (
        Assistant(
            Archive(
                LocalStore(seed_store),
                Models(load_encoder=lambda _: encoder, load_reader=lambda _: reader),
            )
        ) as assistant,
        serving(assistant, seed_store) as address,
    ):
        yield address


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which a reader tries the examples, one after the other."""
    folder = tmp_path_factory.mktemp("reader")
    (folder / "seeds").symlink_to(SEEDS)
    return folder


@pytest.mark.models
@pytest.mark.parametrize("name", examples())
def test_a_python_example_runs(
    name: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
    seed_store: Path,
) -> None:
    code = examples()[name]
    if ADDRESS in code:
        code = code.replace(ADDRESS, request.getfixturevalue("address"))
    monkeypatch.chdir(folder)
    if "create=True" not in code and not Path("mijn-archief").exists():
        copytree(seed_store, "mijn-archief")
    exec(compile(code, name, "exec"), {})
    printed = capsys.readouterr().out
    place = 0
    for words in PRINTED[name]:
        assert words in printed[place:], f"{name} prints {printed!r}"
        place = printed.index(words, place) + len(words)


def output_of_curl(address: str, path: str) -> str:
    """Run the example that calls this path with `curl`; return what it prints."""
    (script,) = (
        code for page in PAGES for code in blocks(page, "sh") if "curl" in code and path in code
    )
    return subprocess.run(
        ["sh", "-euc", script.replace(ADDRESS, address)],
        env={**os.environ, "no_proxy": "127.0.0.1"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_the_curl_example_runs(address: str) -> None:
    told = output_of_curl(address, f"{ADDRESS}gradio_api/")
    # On a busy machine heartbeats come before it.
    *_, complete = told.partition("event: complete\ndata: ")
    assert json.loads(complete)[0]["standalone"]["leans"] is True


def test_the_curl_example_of_a_chat_runs(address: str) -> None:
    *told, done, rest = output_of_curl(address, f"{ADDRESS}v1/").split("\n\n")
    assert (done, rest) == ("data: [DONE]", "")
    deltas = [json.loads(each.removeprefix("data: "))["choices"][0]["delta"] for each in told]
    (answer,) = [delta["dateline"] for delta in deltas if "dateline" in delta]
    assert answer["standalone"]["leans"] is True


# Commands and options


@cache
def whole(program: typer.Typer) -> Any:
    """Return a program with all its commands; building it takes a second on a slow machine."""
    return get_command(program)


def command_of(words: list[str]) -> tuple[Any, list[str]]:
    """Return the command that the words after `dateline` name, and the words that are left."""
    command = whole(app)
    while words and hasattr(command, "commands"):
        if words[0].startswith("-") and command.invoke_without_command:
            break  # options of a group that does something by itself
        assert words[0] in command.commands, f"there is no command {words[0]!r}"
        command, words = command.commands[words[0]], words[1:]
    return command, words


def options_of(command: Any) -> set[str]:
    own = {name for each in command.params for name in (*each.opts, *each.secondary_opts)}
    return own.union({"--help"}, *map(options_of, getattr(command, "commands", {}).values()))


def units_of(page: Path) -> str:
    return "\n".join(blocks(page, "ini")).replace("\\\n", " ")


def test_the_unit_of_systemd_starts_a_server() -> None:
    page = ROOT / "qa" / "web" / "README.md"
    assert [call[0] for call in calls(page) if "/var/lib/dateline/krant" in call] == [
        "doctor",
        "chat",
    ]


def calls(page: Path) -> Iterator[list[str]]:
    """Yield the words after `dateline` of every call in a shell example or a unit of systemd."""
    units = re.findall(r"^Exec\w+=-?\S*/(dateline .*)$", units_of(page), re.MULTILINE)
    for code in (*blocks(page, "sh"), *units):
        for line in code.replace("\\\n", " ").splitlines():
            words = shlex.split(line, comments=True) if "dateline " in line else []
            if "dateline" in words:
                call = words[words.index("dateline") + 1 :]
                ends = (place for place, word in enumerate(call) if word in ("|", ">", "&&"))
                yield call[: next(ends, len(call))]


@EACH_PAGE
def test_calls_in_shell_examples_can_be_parsed(page: Path) -> None:
    for call in calls(page):
        command, arguments = command_of(call)
        context = command.context_class(command, info_name=call[0])
        _, left, _ = command.make_parser(context).parse_args(list(arguments))
        assert not left, f"{call}: {left} is too much"


@EACH_PAGE
def test_commands_and_options_in_the_text_exist(page: Path) -> None:
    known = options_of(whole(app)) | options_of(whole(demo.app)) | FOREIGN
    for code in INLINE.findall(prose(page)):
        allowed = known
        if match := re.match(r"dateline ([a-z-]+(?: [a-z-]+)?)(?= |$)", code):
            words = match[1].split()
            is_group = hasattr(command_of(words[:1])[0], "commands")
            allowed = options_of(command_of(words if is_group else words[:1])[0])
        assert set(OPTION.findall(code)) <= allowed, code


def test_every_command_stands_in_the_readme() -> None:
    for name in whole(app).commands:
        assert f"`dateline {name}" in README, name


def test_every_public_name_stands_in_the_readme() -> None:
    for name in qa.__all__:
        assert re.search(rf"\b{name}\b", README), name


def test_ci_runs_the_readme_s_own_commands() -> None:
    install, test = re.search(
        r"&& (pip install -c constraints\.txt '\.\[test\]') && (python -m pytest -n 2)\n", README
    ).groups()  # type: ignore[union-attr]
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8").replace("--quiet ", "")
    assert f"\n{install}\n" in script
    assert f"\n{test}\n" in script


def test_extras_in_the_text_exist() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = {
        extra
        for page in PAGES
        for extras in re.findall(r"(?<=['`])\.?\[([a-z,]+)\](?=['`])", page.read_text("utf-8"))
        for extra in extras.split(",")
    }
    assert {"mcp", "eval", "dev"} <= named
    assert named <= set(project["optional-dependencies"])


# Links, paths, the map and the version


def anchors(page: Path) -> set[str]:
    """Return the places in a page that can be linked to, as GitHub names them."""
    titles = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@EACH_PAGE
def test_links_lead_somewhere(page: Path) -> None:
    for written in LINK.findall(prose(page)):
        target = "".join(written)
        if re.match(r"https?:", target):
            continue
        path, _, anchor = target.partition("#")
        place = (page.parent / path).resolve() if path else page
        assert place.exists(), target
        assert not anchor or anchor in anchors(place), target


@EACH_PAGE
def test_paths_in_the_text_exist(page: Path) -> None:
    for code in INLINE.findall(prose(page)):
        if PATH.fullmatch(code):
            assert (ROOT / code).exists() or (page.parent / code).exists(), code


def test_every_page_of_a_room_is_linked_from_the_readme() -> None:
    linked = {path for path, _ in LINK.findall(README)}
    for page in PAGES:
        if name_of(page) not in ("README.md", "tests/data/README.md"):
            assert name_of(page) in linked, name_of(page)


def test_the_map_in_the_readme_is_the_table_that_holds_the_layers() -> None:
    section = README.partition("\n## The rooms\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `([^`]+)` \| .+ \| ([^|]+) \|$", section, re.MULTILINE)
    drawn = {
        room.removesuffix(".py").strip("/").replace("/", "."): set(below.strip("–").split(", "))
        for room, below in rows
    }
    held = {
        room: {other.removeprefix("qa.") for other in below} or {""}
        for room, below in MAY_IMPORT.items()
        if room not in ("qa.__main__", "app")
    }
    assert drawn == held
    assert list(drawn) == list(held)


def test_the_version_stands_in_one_place_and_in_the_changelog() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    version = project["version"]
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    released = re.findall(r"^## \[([\d.]+)\] - \d{4}-\d\d-\d\d$", changelog, re.MULTILINE)
    assert released[0] == version
    assert "\n## [Unreleased]\n" in changelog
    for path in source_files():
        assert version not in path.read_text(encoding="utf-8"), path
