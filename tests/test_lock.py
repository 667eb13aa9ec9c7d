"""The lock file and the bill of materials hold what constraints.txt and pyproject.toml say."""

from __future__ import annotations

import json
import re
import tomllib
from itertools import chain

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.paths import ROOT

FOLDER = ROOT / ".github"
LOCK = (FOLDER / "requirements.lock").read_text(encoding="utf-8")
BILL = (FOLDER / "sbom.cdx.json").read_text(encoding="utf-8")
REMEDY = "write it again with: .ci/lock"
# A package may stand in the lock twice, with another version for another system.
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)


def pinned(text: str) -> set[tuple[str, str]]:
    return {(canonicalize_name(name), version) for name, version in _PINNED.findall(text)}


def test_the_lock_has_every_version_that_the_tests_pass_with() -> None:
    constraints = pinned((ROOT / "constraints.txt").read_text(encoding="utf-8"))
    assert len(constraints) > 50
    assert constraints - pinned(LOCK) == set(), REMEDY


def test_the_lock_has_every_package_that_is_required() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    told = list(chain(project["dependencies"], *project["optional-dependencies"].values()))
    versions: dict[str, set[str]] = {}
    for name, version in pinned(LOCK):
        versions.setdefault(name, set()).add(version)
    for requirement in map(Requirement, told):
        if requirement.name != project["name"]:
            found = versions.get(canonicalize_name(requirement.name), set())
            assert found, f"{requirement} is not in the lock; {REMEDY}"
            assert all(map(requirement.specifier.contains, found)), f"{requirement}; {REMEDY}"


def test_every_package_of_the_lock_has_a_hash() -> None:
    parts = re.split(r"^(?=[A-Za-z0-9])", LOCK, flags=re.MULTILINE)[1:]
    assert len(parts) > 100
    assert [part.split()[0] for part in parts if "--hash=sha256:" not in part] == []


def test_the_bill_of_materials_has_what_the_lock_has() -> None:
    listed = json.loads(BILL)["components"]
    assert {(canonicalize_name(one["name"]), one["version"]) for one in listed} == pinned(LOCK)


@pytest.mark.parametrize("text", [LOCK, BILL], ids=["lock", "bill"])
def test_no_address_of_a_package_index_is_in_it(text: str) -> None:
    assert re.search(r"pypi\.|pythonhosted|/simple\b|--(?:extra-)?index|--find-links", text) is None
