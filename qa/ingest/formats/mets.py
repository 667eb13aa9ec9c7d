"""The format of newspaper issues of libraries: a METS file, with the ALTO pages beside it.

The METS file states the day and the title of the paper, and which blocks of which pages make an
article. Where it names no articles, each page is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from index_store.records import Precision
from qa.dates.stated import parse_stated_date
from qa.ingest.article_fields import ReadArticle, ReadOptions, make_article
from qa.ingest.formats.ocr import blocks_of_alto
from qa.ingest.formats.xml_reading import local_name, named, parse_xml
from qa.ingest.refusals import Refusal, RefusedError

if TYPE_CHECKING:
    from qa.ingest.decoding import Decoded

_MOST_PAGES = 2_000
_MOST_PIECES = 20_000
_LONGEST_NAME = 300
_MOST_HEADINGS = 100  # of an article, among which its title is looked for
# Some blocks belong to two articles; a file that repeats all of them would fill the archive.
_FREE_CHARACTERS, _MOST_TIMES = 1_000_000, 10
_DAY_IN_LABEL = re.compile(r"[\s,;(]*\d{4}-\d\d-\d\d.*\Z", re.DOTALL)
_EXACTNESS = (Precision.DAY, Precision.MONTH, Precision.YEAR)
_HEADINGS = ("heading", "headline", "title")


@dataclass(frozen=True, slots=True)
class _Area:
    """A block of a page, or the whole page; both are named by their ids."""

    file: str
    block: str


@dataclass(slots=True)
class _Issue:
    """One METS file, and the texts of those of its pages that were read."""

    options: ReadOptions
    decoded: Decoded
    files: dict[str, str]  # id → where the page lies
    pages: dict[str, dict[str, str] | RefusedError] = field(default_factory=dict)
    sections: dict[str, Any] = field(default_factory=dict)  # descriptions, by their ids
    used: set[_Area] = field(default_factory=set)
    _taken: int = 0
    _read: int = 0

    def texts(self, areas: list[_Area]) -> list[str]:
        """Return the texts of areas in their order.

        Raises:
            RefusedError: a page or a block is not there, so that a part would be missing.
        """
        found: list[str] = []
        for area in areas:
            blocks = self._page(area.file)
            if area.block and area.block not in blocks:
                place = f"{self.files[area.file][:_LONGEST_NAME]!r}"
                raise RefusedError(f"there is no block {area.block[:80]!r} on the page {place}; "
                                   "get the issue again")  # fmt: skip
            names = [area.block] if area.block else list(blocks)
            found += [blocks[name] for name in names if blocks[name]]
            self.used |= {_Area(area.file, name) for name in names}
        self._taken += sum(map(len, found))
        if self._taken > _FREE_CHARACTERS + _MOST_TIMES * self._read:
            raise RefusedError("its articles hold the same pages over and over; get it again")
        return found

    def left(self) -> int:
        """Return how many blocks of text of the pages that were read are in no article."""
        return sum(
            bool(text) and _Area(file, name) not in self.used
            for file, blocks in self.pages.items()
            if isinstance(blocks, dict)
            for name, text in blocks.items()
        )

    def _page(self, file: str) -> dict[str, str]:
        if file not in self.pages:
            try:
                self.pages[file] = self._read_page(self.files[file])
            except RefusedError as refused:
                self.pages[file] = refused
        page = self.pages[file]
        if isinstance(page, RefusedError):
            raise RefusedError(page.reason)
        return page

    def _read_page(self, name: str) -> dict[str, str]:
        if len(self.pages) > _MOST_PAGES:
            raise RefusedError(f"it has more than {_MOST_PAGES:,} pages; split it")
        open_beside = self.options.open_beside
        if open_beside is None:
            raise RefusedError("its pages are other files, which cannot be reached from here; "
                               "unpack all into a folder, and give that")  # fmt: skip
        root = parse_xml(open_beside(name))
        if local_name(root.tag) != "alto":
            raise RefusedError(f"the page {name[:_LONGEST_NAME]!r} is no ALTO; get the issue again")
        blocks = blocks_of_alto(root)
        self._read += sum(map(len, blocks.values()))
        return blocks


def read_mets(root: Any, decoded: Decoded, options: ReadOptions) -> Iterator[ReadArticle | Refusal]:
    """Read each article of an issue, or each page if no articles are named.

    Raises:
        RefusedError: it names no pages of text.

    Source: METS and MODS, standards of the Library of Congress, as libraries use them for papers.
    """
    issue = _Issue(replace(options, mapping={}), decoded, _files(root), sections=_sections(root))
    if not issue.files:
        raise RefusedError("it names no pages in ALTO; get the issue with its recognised text")
    articles = list(_divisions(root, "article"))
    if not any(_areas(each, issue.files) for each in articles):
        articles = []  # only a table of contents: it does not say where the articles stand
    pieces = articles or _in_order(list(_divisions(root, "page")))
    stated = _stated(root, pieces, issue.sections)
    for number, piece in enumerate(pieces[:_MOST_PIECES], start=1):
        place = f"{'article' if articles else 'page'} {number}"
        try:
            yield _article(issue, piece, stated, f"{options.key}#{number}")
        except RefusedError as refused:
            yield Refusal(options.path, None, f"{place}: {refused.reason}")
    if len(pieces) > _MOST_PIECES or not pieces:
        raise RefusedError(f"it names no pages or articles, or more than {_MOST_PIECES:,}")
    if left := issue.left():
        options.findings.tell(
            f"{left} blocks of text on its pages are in no article, and were left out"
        )


def pages_named(data: bytes) -> list[str]:
    """Return where the pages of an issue lie, as its METS file says; none if it is no METS file."""
    with suppress(RefusedError):
        root = parse_xml(data)
        return list(_files(root).values()) if local_name(root.tag) == "mets" else []
    return []


def _article(issue: _Issue, piece: Any, stated: Mapping[str, str | None], key: str) -> ReadArticle:
    texts = issue.texts(_areas(piece, issue.files))
    if not texts:
        raise RefusedError("no word was recognised on the page; leave it out")
    title = None
    if _kind(piece).endswith("article"):
        title = piece.get("LABEL") or _title_of(piece, issue) or None
    fields = {**stated, "title": title and " ".join(title.split())}
    article, notes = make_article(fields, issue.options, fallback_id=key, text="\n\n".join(texts))
    return ReadArticle(article, issue.options.path, None, issue.decoded.notes + notes)


def _title_of(piece: Any, issue: _Issue) -> str | None:
    """Return the title that the description of an article states, else that of its heading."""
    for section in _described(issue.sections, [piece]):
        if title := _mods_title(section):
            return title
    headings = (each for each in piece.iter() if _kind(each).endswith(_HEADINGS))
    areas = (_areas(each, issue.files) for each in islice(headings, _MOST_HEADINGS))
    return next((" ".join(issue.texts(found)) for found in areas if found), None)


def _files(root: Any) -> dict[str, str]:
    """Return where the XML files that are no METS lie, by their ids."""
    found = {}
    for each in _all(root, "file"):
        place = next((named(one.attrib, "href") or "" for one in _all(each, "FLocat")), "")
        is_xml = "xml" in (each.get("MIMETYPE") or "") or place.lower().endswith(".xml")
        if each.get("ID") and place and is_xml:
            found[each.get("ID")] = place
    return found


def _divisions(root: Any, kind: str) -> Iterator[Any]:
    """Yield the outermost divisions of a kind; some profiles write "np:page" or "NewsArticle"."""
    for map_ in _all(root, "structMap"):
        for each in _all(map_, "div"):
            is_inside = any(_kind(one).endswith(kind) for one in each.iterancestors())
            if _kind(each).endswith(kind) and not is_inside:
                yield each


def _in_order(pages: list[Any]) -> list[Any]:
    orders = [page.get("ORDER") or "" for page in pages]
    if all(order.isdecimal() and len(order) < 9 for order in orders):
        return sorted(pages, key=lambda page: int(page.get("ORDER")))
    return pages


def _areas(piece: Any, files: Mapping[str, str]) -> list[_Area]:
    """Return the areas of a division, without those of pictures and none twice."""
    found = []
    for each in piece.iter():
        name = local_name(each.tag)
        if name == "area" or (name == "fptr" and each.get("FILEID")):
            found.append(_Area(each.get("FILEID") or "", each.get("BEGIN") or ""))
    return [area for area in dict.fromkeys(found) if area.file in files]


def _kind(division: Any) -> str:
    return (division.get("TYPE") or "").lower() if local_name(division.tag) == "div" else ""


def _stated(root: Any, pieces: list[Any], described: Mapping[str, Any]) -> dict[str, str | None]:
    """Return what is stated of the whole issue: its day, the title of the paper, its language."""
    inside = set(pieces)
    above = [each for each in _all(root, "div")
             if each.get("DMDID") and each not in inside
             and inside.isdisjoint(each.iterancestors())]  # fmt: skip
    sections = list(_described(described, above)) or list(described.values())
    hosts = (_mods_title(host) for one in sections for host in _all(one, "relatedItem"))
    titles = (_mods_title(one) for one in sections)
    label = _DAY_IN_LABEL.sub("", root.get("LABEL") or "")
    languages = (_text(each) for one in sections for name in ("languageTerm", "language")
                 for each in _all(one, name))  # fmt: skip
    return {
        "date": _day(sections),
        "source": next(filter(None, hosts), None) or next(filter(None, titles), None) or label,
        "language": next(filter(None, languages), None),
    }


def _sections(root: Any) -> dict[str, Any]:
    return {each.get("ID") or "": each for each in _all(root, "dmdSec")}


def _described(sections: Mapping[str, Any], divisions: list[Any]) -> Iterator[Any]:
    """Yield the descriptions of divisions, in their order."""
    wanted = dict.fromkeys(name for one in divisions for name in (one.get("DMDID") or "").split())
    return (sections[name] for name in wanted if name in sections)


def _day(sections: list[Any]) -> str | None:
    """Return the most exact date of the issue; of equals, the one of the innermost description."""
    best: tuple[int, str] | None = None
    for section in reversed(sections):
        for each in section.iter():
            is_host = any(local_name(one.tag) == "relatedItem" for one in each.iterancestors())
            if local_name(each.tag) not in ("dateIssued", "date") or each.get("point") or is_host:
                continue
            with suppress(ValueError):
                published = parse_stated_date(_text(each))
                if published.precision in _EXACTNESS:
                    rank = _EXACTNESS.index(published.precision)
                    best = (rank, _text(each)) if best is None or rank < best[0] else best
    return best[1] if best else None


def _mods_title(section: Any) -> str | None:
    """Return the title in MODS or Dublin Core, with an article that stands apart ("De ")."""
    for each in _all(section, "title"):
        parent = each.getparent()
        if any(local_name(one.tag) == "relatedItem" and one is not section
               for one in each.iterancestors()):  # fmt: skip
            continue
        before = "".join(_text(one) + " " for one in _all(parent, "nonSort"))
        if title := _text(each):
            return f"{before}{title}"
    return None


def _text(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _all(root: Any, name: str) -> Iterator[Any]:
    return (each for each in root.iter() if local_name(each.tag) == name)
