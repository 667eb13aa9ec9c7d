"""Makes issues of newspapers as libraries give them: a METS file and its ALTO pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

Blocks = Mapping[str, str]
"""The words of each block of a page by its id, with a line break for each line."""
_SPACES = (
    'xmlns:mets="http://www.loc.gov/METS/" xmlns:mods="http://www.loc.gov/mods/v3" '
    'xmlns:xlink="http://www.w3.org/1999/xlink"'
)
MODS = (
    "<mods:titleInfo><mods:nonSort>De</mods:nonSort><mods:title>Waterdamse Courant</mods:title>"
    '</mods:titleInfo><mods:originInfo><mods:dateIssued point="start">1870</mods:dateIssued>'
    "</mods:originInfo>"
)
ISSUE = (
    "<mods:originInfo><mods:dateIssued>1921-03-04</mods:dateIssued></mods:originInfo>"
    "<mods:language><mods:languageTerm>nl</mods:languageTerm></mods:language>"
)


def alto_of(blocks: Blocks) -> bytes:
    def line(words: str) -> str:
        return "<SP/>".join(f'<String CONTENT="{word}"/>' for word in words.split())

    inner = "".join(
        f'<TextBlock ID="{name}">'
        + "".join(f"<TextLine>{line(each)}</TextLine>" for each in text.split("\n"))
        + "</TextBlock>"
        for name, text in blocks.items()
    )
    picture = '<Illustration ID="foto"/>'
    space = f"<PrintSpace>{inner}{picture}</PrintSpace>"
    return f"<alto><Layout><Page>{space}</Page></Layout></alto>".encode()


def mets_of(
    pages: Sequence[str], articles: Mapping[str, Sequence[tuple[int, str]]], *, more: str = ""
) -> bytes:
    """Return a METS file of pages; each article has a title and areas (page, block)."""
    files = "".join(
        f'<mets:file ID="ALTO{at}" MIMETYPE="text/xml"><mets:FLocat LOCTYPE="URL" '
        f'xlink:href="{name}"/></mets:file><mets:file ID="IMG{at}" MIMETYPE="image/jp2">'
        f'<mets:FLocat xlink:href="{at}.jp2"/></mets:file>'
        for at, name in enumerate(pages, start=1)
    )
    physical = "".join(
        f'<mets:div TYPE="PAGE" ORDER="{at}"><mets:fptr FILEID="IMG{at}"/>'
        f'<mets:fptr FILEID="ALTO{at}"/></mets:div>'
        for at in reversed(range(1, len(pages) + 1))
    )
    logical = "".join(
        f'<mets:div TYPE="ARTICLE" LABEL="{title}"><mets:div TYPE="BODY">'
        + "".join(
            f'<mets:fptr><mets:area BETYPE="IDREF" FILEID="ALTO{page}" BEGIN="{block}"/>'
            "</mets:fptr>"
            for page, block in areas
        )
        + "</mets:div></mets:div>"
        for title, areas in articles.items()
    )
    return (
        f"<?xml version='1.0' encoding='UTF-8'?>{more}<mets:mets {_SPACES}>"
        + "".join(
            f'<mets:dmdSec ID="{name}"><mets:mdWrap><mets:xmlData><mods:mods>{words}</mods:mods>'
            "</mets:xmlData></mets:mdWrap></mets:dmdSec>"
            for name, words in (("PRINT", MODS), ("ISSUE", ISSUE))
        )
        + f"<mets:fileSec><mets:fileGrp>{files}</mets:fileGrp></mets:fileSec>"
        + f'<mets:structMap TYPE="PHYSICAL"><mets:div TYPE="Newspaper">{physical}</mets:div>'
        + '</mets:structMap><mets:structMap TYPE="LOGICAL"><mets:div TYPE="Newspaper" '
        + f'DMDID="PRINT"><mets:div TYPE="ISSUE" DMDID="ISSUE">{logical}</mets:div></mets:div>'
        + "</mets:structMap></mets:mets>"
    ).encode()


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
