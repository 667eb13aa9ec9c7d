"""The marks that number the documents of a Nexis export, and what its cover says of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from qa.ingest.formats.press_export import refuse_export

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qa.ingest.refusals import RefusedError

_OF = r"\s+(?:of|van|von|de|sur)\s+"
_MARK = re.compile(
    rf"(?:FOCUS\s*-\s*)?(?P<number>[0-9]{{1,6}}){_OF}(?P<total>[0-9]{{1,6}})\s+DO[CK]UMENT(?:EN|E|S)?"
    rf"|DO[CK]UMENT\s+(?P<number_2>[0-9]{{1,6}}){_OF}(?P<total_2>[0-9]{{1,6}})",
    re.I,
)
_COVER = re.compile(
    r"(?:download|print|e-?mail|fax)[ -]?request:|ausgabeauftrag:|downloadauftrag:"
    r"|download[ -]?(?:verzoek|aanvraag):|demande de t[ée]l[ée]chargement:",
    re.I,
)
_COVER_TIME = re.compile(
    r"time of request:|zeit(?:punkt)? der anforderung:|tijd van (?:verzoek|aanvraag):"
    r"|tijdstip van (?:het )?(?:verzoek|aanvraag):|heure de la demande:|date de la demande:",
    re.I,
)
_COVER_WITHIN = 6  # lines from the request to its time
_RANGE = r"[0-9]{1,6}(?:\s?[-\u2013]\s?[0-9]{1,6})?"
_RANGES = re.compile(rf"{_RANGE}(?:\s?,\s?{_RANGE})*")
_LONGEST_LINE = 200
_MOST_DOCUMENTS = 100_000
END = re.compile(r"\*{3,}.*\*{3,}")  # "****** Print Completed ******"


@dataclass(frozen=True, slots=True)
class Mark:
    """A line that may begin a document; `line` counts from 0."""

    line: int
    number: int
    total: int


def marks_of(lines: Sequence[str]) -> Iterator[Mark]:
    """Yield the lines that hold the words of a mark and nothing else."""
    for at, line in enumerate(lines):
        match = _MARK.fullmatch(line.strip()) if len(line) <= _LONGEST_LINE else None
        if match:
            number, total = match["number"] or match["number_2"], match["total"] or match["total_2"]
            yield Mark(at, int(number), int(total))


def is_cover(lines: Sequence[str], at: int) -> bool:
    """Tell whether the cover page of an export begins on a line."""
    if not _COVER.match(lines[at].strip()):
        return False
    return any(_COVER_TIME.match(line.strip()) for line in lines[at : at + _COVER_WITHIN])


def check_numbers(
    lines: Sequence[str], covers: list[int], marks: list[Mark], genuine: list[Mark]
) -> None:
    """Refuse an export whose documents are not numbered as its marks and its cover say."""
    for start, stop in pairwise([-1, *covers, len(lines)]):
        inside = [mark for mark in genuine if start < mark.line < stop]
        stated = _stated_numbers(lines[start]) if start >= 0 else None
        if start < 0 and not inside and covers:
            continue
        wanted = _wanted(inside, stated)
        if [mark.number for mark in inside] != wanted or not _agree(inside):
            lost = [each for each in marks if start < each.line < stop and each not in inside]
            raise _refusal(inside, wanted, lost, max(start, 0))


def _wanted(inside: list[Mark], stated: list[int] | None) -> list[int]:
    """Return the numbers that the marks should have.

    The cover of a part of a longer list numbers its documents in the list, or from 1.
    """
    numbers = [mark.number for mark in inside]
    if stated is not None:
        from_one = list(range(1, len(stated) + 1))
        return from_one if numbers == from_one else stated
    wanted: list[int] = []
    for mark in inside:  # exports that were pasted together begin again at 1
        if mark.number == 1:
            wanted += range(1, mark.total + 1)
    return wanted or list(range(1, max((mark.total for mark in inside), default=1) + 1))


def _agree(inside: list[Mark]) -> bool:
    """Tell whether marks state the same total until they begin again at 1."""
    return all(one.total == two.total or two.number == 1 for one, two in pairwise(inside))


def _stated_numbers(cover: str) -> list[int] | None:
    """Return the numbers of the documents that the first line of a cover states.

    >>> _stated_numbers("Download Request: Selected Items: 1-3, 7")
    [1, 2, 3, 7]
    """
    ranges = _RANGES.search(cover[:_LONGEST_LINE])
    if ranges is None:
        return None
    found: list[int] = []
    for part in ranges[0].split(","):
        first, *rest = (int(number) for number in re.findall("[0-9]+", part))
        last = rest[0] if rest else first
        if not first <= last < first + _MOST_DOCUMENTS:
            return None
        found += range(first, last + 1)
    return found


def _refusal(found: list[Mark], wanted: list[int], lost: list[Mark], line: int) -> RefusedError:
    numbers = [mark.number for mark in found]
    missing = [number for number in wanted if number not in numbers]
    undated = next((mark for mark in lost if mark.number in missing), None)
    if undated:
        reason = (
            f"document {undated.number} of {undated.total} states no day that can be read in its "
            "header; correct the day there"
        )
        return refuse_export("Nexis", reason, line=undated.line + 1)
    says = f"it says {len(wanted)} documents and {len(numbers)} were found"
    named = ", ".join(map(str, missing[:5]))
    reason = f"its marks do not fit: {says}{f' (missing: {named})' if named else ''}"
    return refuse_export(
        "Nexis", f"{reason}; download it again, with its cover page", line=line + 1
    )
