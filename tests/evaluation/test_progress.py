"""How far long work is, as a file or a journal is told: by a real process without a terminal."""

from __future__ import annotations

import re
import subprocess
import sys

WORK = """
import sys
from qa.evaluation.progress import counted, each_counted
with counted("ingesting", unit="B", total=4_000_000, every=0.01) as count:
    count.update(1_000_000)
    count.set_postfix_str("7 articles")
    print("begun", flush=True)
    sys.stdin.readline()
for _ in each_counted([1, 2, 3], "quick", unit="questions"):
    print("{}")
"""


def test_lines_stand_on_standard_error_and_nothing_quick_is_told() -> None:
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-c", WORK], stdin=pipe, stdout=pipe, stderr=pipe, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "begun\n"
        lines = iter(process.stderr.readline, "")
        told = next(line for line in lines if "articles" in line)
        line = (
            r"dateline: ingesting: 1\.00 of 4\.00 MB read \(25 %\), 7 articles, \d+:\d\d so far\n"
        )
        assert re.fullmatch(line, told)
        process.stdin.write("\n")
        out, rest = process.communicate()
    assert out == "{}\n" * 3
    assert "quick" not in rest
    assert "\r" not in rest
    assert process.returncode == 0
