from __future__ import annotations

import ast
import importlib
import pickle
import re

import qa.errors
from index_store.errors import DatelineError, StoreMismatchError
from tests.test_layers import name_of, source_files

ROOM_OF_ERROR = re.compile(r"^ {4}([ │├└─]*)(\w+Error) +([\w.]+)$", re.MULTILINE)


def drawn() -> dict[str, tuple[str | None, str]]:
    """Read the tree in the docstring: each error, the error it stands under, and its module."""
    assert qa.errors.__doc__
    above: list[str] = []
    tree: dict[str, tuple[str | None, str]] = {}
    for lines, name, module in ROOM_OF_ERROR.findall(qa.errors.__doc__):
        depth = len(lines) // 4
        assert name not in tree
        tree[name] = (above[depth - 1] if depth else None, module)
        above[depth:] = [name]
    return tree


def defined() -> dict[str, tuple[str | None, str]]:
    """Find all classes below `DatelineError`, whichever room they stand in."""
    bases: dict[str, tuple[list[str], str]] = {}
    for path in source_files():
        module = name_of(path).removesuffix(".py").replace("/", ".")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                bases[node.name] = ([ast.unparse(base) for base in node.bases], module)
    tree: dict[str, tuple[str | None, str]] = {"DatelineError": (None, bases["DatelineError"][1])}
    while found := {
        name: (next(base for base in above if base in tree), module)
        for name, (above, module) in bases.items()
        if name not in tree and tree.keys() & set(above)
    }:
        tree.update(found)
    return tree


def test_the_tree_in_the_docstring_is_that_of_the_classes() -> None:
    assert len(drawn()) > 10
    assert drawn() == defined()


def test_the_errors_that_every_room_may_raise_come_from_one_module() -> None:
    for name in qa.errors.__all__:
        assert issubclass(getattr(qa.errors, name), DatelineError)
        assert name in drawn()


def test_every_error_reaches_another_process_as_it_is() -> None:
    for name, (_, module) in drawn().items():
        kind = getattr(importlib.import_module(module), name)
        error = kind.__new__(kind, f"what {name} says")  # made without the arguments of each
        error.path = "/in/a"
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is kind
        assert str(again) == str(error)
        assert vars(again) == vars(error)
    made = StoreMismatchError("the encoder", expected="a", found="b", remedy="reindex")
    again = pickle.loads(pickle.dumps(made))
    assert (str(again), again.expected, again.found) == (str(made), "a", "b")
