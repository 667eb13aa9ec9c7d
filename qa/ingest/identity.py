"""Whether two records of one id are the same article: an update, or another that must not go."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index_store.records import Article

# Of the words of two texts; a corrected text shares nearly all, two short reports of one kind half.
_ALIKE = 0.7
_WORD = re.compile(r"\w+")
_LONGEST_COMPARED = 20_000  # characters


@dataclass(frozen=True, slots=True)
class Meeting:
    """A stored article, and the one that a file now gives the same id.

    `same_file` says that both come from one file; `is_path` that the id is that of the whole file,
    and `is_number` that it is the place of the record in it.
    """

    stored: Article
    found: Article
    same_file: bool
    is_path: bool = False
    is_number: bool = False


def is_update(meeting: Meeting) -> bool:
    """Tell whether the found article is a later state of the stored one.

    An id is unique within its source: with the same source and title, the text may differ. A file
    that holds one article may say what it likes, as its path says which article it is. Everything
    else must share its text, or nearly all words of it.
    """
    stored, found = meeting.stored, meeting.found
    if meeting.same_file and meeting.is_path:
        return True
    if _plain(stored.text) == _plain(found.text):
        return True
    if meeting.is_path or meeting.is_number:
        return (_same_title(stored, found) and meeting.is_number) or _are_alike(stored, found)
    if not stored.title and not found.title:
        return meeting.same_file or _are_alike(stored, found)
    return _same_title(stored, found) and (meeting.same_file or _is_same_issue(stored, found))


def _is_same_issue(stored: Article, found: Article) -> bool:
    """Tell whether two articles of one title, in two files, are no two of a series."""
    same_source = _plain(stored.source) == _plain(found.source)
    same_day = stored.stated.first is None or stored.stated.first == found.stated.first
    return (same_source and same_day) or _are_alike(stored, found)


def _same_title(stored: Article, found: Article) -> bool:
    return bool(found.title) and _plain(stored.title or "") == _plain(found.title or "")


def _are_alike(stored: Article, found: Article) -> bool:
    one, other = (_words(article.text) for article in (stored, found))
    return len(one & other) >= _ALIKE * len(one | other)


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text[:_LONGEST_COMPARED].casefold()))


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
