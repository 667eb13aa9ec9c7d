"""Holds the extras to what the code imports: each is enough alone, and is named when missing."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from pathlib import Path

import httpx
import pytest
import zstandard
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from qa.web import server
from qa.web.api.mcp_tools import INSTALL_MCP
from tests.conftest import open_hashed
from tests.ingest.format_examples import CONTENT, content_of
from tests.page_serving import PANDAS_WARNINGS, serving
from tests.paths import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
OWN = PROJECT["name"]
FOR_DEVELOPERS = {"test", "browser", "dev"}
# A notebook brings its own, and type checkers theirs.
NOT_ASKED_FOR = {"IPython", "_typeshed"}

READ = """
from pathlib import Path
from qa.ingest.files import FoundFile
from qa.ingest.formats.reading import read_file
(item,) = read_file(FoundFile(Path({name!r}), Path(), "a"))
print(getattr(item, "reason", "read"))
"""
SHELL = """
from qa.__main__ import main
import sys
sys.argv[1:] = {words!r}
main()
"""
MILVUS = """
from pathlib import Path
from index_store.indexes.milvus_place import MilvusPlace
from tests.store_building import make_store, news
make_store(Path("store"), news(1), index=MilvusPlace("127.0.0.1", 9, "kranten"))
"""
NOWHERE = "ray://127.0.0.1:9"
TOOLS = """
from qa.web.api.mcp_tools import INSTALL_MCP, build_tools, can_serve_tools
from qa.web.archives import Archives
print(build_tools(Archives([])) if can_serve_tools() else INSTALL_MCP)
"""
RANKS = "from qa.evaluation.ranking import ranking_scores\nprint(ranking_scores([1], depth=2))"
INTERVAL = (
    "from qa.evaluation.comparison import paired_interval\nprint(paired_interval([1, 0], [0, 0]))"
)
PICTURE = """
from pathlib import Path
from qa.answer.picture import check_plot
check_plot(Path("a.png"))
from qa.evaluation.plots import require_matplotlib
print(require_matplotlib())
"""
FIGURES = """
from qa.evaluation.soak.stand_ins import HashEncoder
from qa.evaluation.speed.ingest import bench_ingest
print(bench_ingest(None, chunks=1, encoder=HashEncoder(), bare=list))
"""
SEARCH = """
from pathlib import Path
from qa.evaluation.soak.stand_ins import HashEncoder
from qa.evaluation.speed.retrieval import bench_retrieval
Path("q.jsonl").write_text({line!r})
print(bench_retrieval(Path("q.jsonl"), store=None, encoder=HashEncoder()))
"""
FRAME = "from qa.retrieval.frame import frame_of\nprint(frame_of([], {'a': 'str'}))"
QUESTION = json.dumps({"question": "Wie?", "context": "Niemand.", "passage_id": "a"})


@dataclass(frozen=True, slots=True)
class Use:
    """How the program comes to use a library of an extra, as a program of its own."""

    extra: str
    library: str
    code: str


USES = (
    Use("pdf", "pdfminer", READ.format(name="a.pdf")),
    Use("parquet", "pyarrow", READ.format(name="a.parquet")),
    Use("zstd", "zstandard", READ.format(name="a.jsonl.zst")),
    Use("mcp", "mcp", TOOLS),
    Use("milvus", "pymilvus", MILVUS),
    Use("ray", "ray", SHELL.format(words=["ingest", ".", "--store", "s", "--workers", NOWHERE])),
    Use("bench", "psutil", FIGURES),
    Use("bench", "ir_measures", SEARCH.format(line=QUESTION)),
    Use("frame", "pandas", FRAME),
    Use("eval", "ir_measures", RANKS),
    Use("eval", "matplotlib", PICTURE),
    Use("eval", "scipy", INTERVAL),
    Use("eval", "sklearn", SHELL.format(words=["calibrate", "--store", "none"])),
    Use(
        "train",
        "sklearn",
        SHELL.format(words=["train-reader", "none.jsonl", "--out", "none", "--precision", "x"]),
    ),
)


@cache
def homes() -> dict[str, frozenset[str]]:
    """Return the distributions that bring each library, by their plain names."""
    return {
        library: frozenset(map(canonicalize_name, names))
        for library, names in packages_distributions().items()
    }


def home_of(library: str) -> frozenset[str]:
    """Return the distributions of a library; one that is not installed has its own name, often."""
    return homes().get(library, frozenset({canonicalize_name(library)}))


def asked_by(lines: Iterable[str], extra: str = "") -> Iterator[Requirement]:
    """Yield what counts on this machine of the requirements with an extra."""
    for each in map(Requirement, lines):
        if each.marker is None or each.marker.evaluate({"extra": extra}):
            yield each


def listed(extra: str) -> frozenset[str]:
    """Return the distributions that an extra lists, with those of extras that it takes in."""
    names: set[str] = set()
    for each in asked_by(EXTRAS[extra]):
        if canonicalize_name(each.name) == OWN:
            names |= {name for inner in each.extras for name in listed(inner)}
        else:
            names.add(canonicalize_name(each.name))
    return frozenset(names)


@cache
def brought_by(names: frozenset[str]) -> frozenset[str]:
    """Return distributions with all that they need in turn."""
    known: set[tuple[str, str]] = set()
    ahead = {(name, "") for name in names}
    while ahead:
        name, extra = ahead.pop()
        known.add((name, extra))
        try:
            needs = requires(name) or []
        except PackageNotFoundError:  # of another platform
            continue
        for each in asked_by(needs, extra):
            inner = canonicalize_name(each.name)
            ahead |= {(inner, extra) for extra in ("", *each.extras)} - known
    return frozenset(name for name, _ in known)


CORE = frozenset(canonicalize_name(each.name) for each in asked_by(PROJECT["dependencies"]))
RUNNING = sorted(set(EXTRAS) - FOR_DEVELOPERS)


def imported() -> dict[str, set[str]]:
    """Return the libraries of others that the program imports anywhere, and in which files."""
    found: dict[str, set[str]] = {}
    for room in ("qa", "index_store"):
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                if isinstance(node, ast.ImportFrom):
                    names = [node.module or ""]
                for name in names:
                    top = name.partition(".")[0]
                    if top not in sys.stdlib_module_names | {"qa", "index_store"}:
                        found.setdefault(top, set()).add(path.relative_to(ROOT).as_posix())
    return found


def test_every_library_comes_with_the_core_or_an_extra_that_lists_it() -> None:
    extra = {name for each in EXTRAS for name in brought_by(listed(each))}
    homeless = {
        library: files
        for library, files in imported().items()
        if not home_of(library) & (brought_by(CORE) | extra) and library not in NOT_ASKED_FOR
    }
    assert not homeless


def test_every_library_that_an_extra_lists_is_used_and_its_absence_tried() -> None:
    names = {(use.extra, name) for use in USES for name in home_of(use.library)}
    for extra in set(RUNNING) - {"formats"}:
        assert listed(extra) <= {name for tried, name in names if tried == extra}, extra
    assert listed("formats") == listed("pdf") | listed("parquet") | listed("zstd")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "a.pdf").write_bytes(content_of("pdf"))
    (tmp_path / "a.parquet").write_bytes(content_of("parquet"))
    packed = zstandard.compress(str(CONTENT["jsonl"]).encode())
    (tmp_path / "a.jsonl.zst").write_bytes(packed)
    (tmp_path / "sitecustomize.py").write_text(BLOCKING, encoding="utf-8")
    return tmp_path


BLOCKING = """
import os
from importlib.machinery import PathFinder
blocked = frozenset(os.environ["BLOCKED"].split())
find = PathFinder.find_spec
def found(name, path=None, target=None):
    spec = find(name, path, target)
    is_own = spec and "thirdparty_files" in (spec.origin or "")  # Ray brings its own psutil
    return spec if is_own or name.partition(".")[0] not in blocked else None
PathFinder.find_spec = found
"""
"""As if some libraries were not installed, in this process and those that it starts."""


def said(uses: Iterable[Use], place: Path, blocked: Iterable[str]) -> str:
    """Return what uses of the program print while some libraries are missing."""
    run = "from qa.errors import DatelineError\n"
    for use in uses:
        run += f"try:\n{_indented(use.code)}"
        run += "except (DatelineError, SystemExit) as error:\n    print(error)\n"
    paths = os.pathsep.join((str(place), str(ROOT)))
    done = subprocess.run(
        [sys.executable, "-c", run],
        cwd=place,
        env=os.environ | {"BLOCKED": " ".join(blocked), "PYTHONPATH": paths, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    told = done.stdout + done.stderr
    assert "Traceback" not in told, told
    return told


def _indented(code: str) -> str:
    return "".join(f"    {line}\n" for line in code.strip().split("\n"))


EACH = pytest.mark.parametrize("use", USES, ids=lambda use: f"{use.extra}: {use.library}")


@EACH
def test_a_missing_library_is_told_with_an_extra_that_brings_it(use: Use, place: Path) -> None:
    told = said([use], place, [use.library])
    named = re.findall(r"'dateline-qa\[(\w+)\]'", told)
    assert use.extra in named, told
    assert f"pip install 'dateline-qa[{use.extra}]'" in " ".join(told.split())
    assert all(home_of(use.library) & listed(extra) for extra in named)


@pytest.mark.parametrize("extra", [each for each in RUNNING if each != "formats"])
def test_an_extra_is_enough_alone(extra: str, place: Path) -> None:
    there = brought_by(CORE | listed(extra))
    others = {library for library, names in libraries() if not names & there}
    told = said([use for use in USES if use.extra == extra], place, others)
    assert told
    assert "pip install" not in told, told


def libraries() -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the libraries of all extras with the distributions that bring them."""
    brought = {name for extra in EXTRAS for name in brought_by(listed(extra))} - brought_by(CORE)
    for library, names in homes().items():
        if names <= brought:
            yield library, names


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_page_without_the_tools_says_how_to_get_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    monkeypatch.setattr(server, "can_serve_tools", lambda: False)
    with (
        open_hashed(tmp_path / "store") as assistant,
        serving(assistant, tmp_path / "store") as address,
    ):
        for path in ("gradio_api/mcp", "gradio_api/mcp/"):
            answer = httpx.request(method, f"{address}{path}", trust_env=False)
            assert (answer.status_code, answer.json()) == (404, {"detail": INSTALL_MCP})


pytestmark = PANDAS_WARNINGS
