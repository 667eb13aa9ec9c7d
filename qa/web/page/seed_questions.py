"""Questions that the five articles in seeds/ answer, for the start page and the benchmarks."""

from __future__ import annotations

EXAMPLES = (
    ("nl", "Welke bijnaam kreeg Sergej Soerovikin?"),
    ("nl", "Van wanneer tot wanneer duurde de militaire oefening in Belarus?"),
    ("nl", "In welke landen heeft de VS kernwapens staan volgens Poetin?"),
    ("en", "How long did Putin and Macron meet in the Kremlin?"),
)
