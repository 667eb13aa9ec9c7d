from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.main import get_command

import qa
from qa.__main__ import app
from tests.paths import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_command_stands_in_the_readme() -> None:
    for name in get_command(app).commands:  # type: ignore[attr-defined]
        assert f"dateline {name}" in README, name


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


def test_the_python_example_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    example = re.search(r"```python\n(from datetime.*?)```", README, re.DOTALL)
    assert example
    monkeypatch.chdir(tmp_path)
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    exec(compile(example[1], "README.md", "exec"), {})
    assert "Generaal Armageddon" in capsys.readouterr().out
