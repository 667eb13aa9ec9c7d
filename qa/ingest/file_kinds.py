"""The kinds of files that no format reads, and what to do with a file of such a kind."""

from __future__ import annotations

from pathlib import PurePath

_REMEDIES: dict[str, tuple[str, str]] = {
    ".doc": ("old Word", "save it as .docx"),
    ".xls": ("old Excel", "save it as .csv"),
    ".xlsx": ("Excel", "save it as .csv"),
    ".ods": ("OpenDocument spreadsheet", "save it as .csv"),
    ".ris": ("reference list", "export the texts themselves, as .csv or .txt"),
    ".bib": ("reference list", "export the texts themselves, as .csv or .txt"),
    ".msg": ("mail", "save its text as .txt"),
    ".sqlite": ("database", "export it as .jsonl or .csv"),
    ".db": ("database", "export it as .jsonl or .csv"),
    ".gz": ("packed", "unpack it"),
    ".zst": ("packed", "unpack it"),
    ".bz2": ("packed", "unpack it"),
    ".xz": ("packed", "unpack it"),
    ".7z": ("packed", "unpack it"),
    ".rar": ("packed", "unpack it"),
}
_PICTURES = {".jpg", ".jpeg", ".png", ".gif", ".tif", ".tiff", ".webp", ".bmp", ".jp2", ".heic"}
_SOUNDS = {".mp3", ".mp4", ".wav", ".m4a", ".mov", ".avi", ".mkv", ".ogg", ".webm"}


def passed_over(path: PurePath) -> str:
    """Say of what kind a file is that no format reads, and what to do if it holds articles.

    >>> passed_over(PurePath("tabel.XLSX"))
    'Excel (.xlsx), which is not read: save it as .csv'
    """
    suffix = path.suffix.lower()
    if not suffix:
        return "a file without a suffix, which is not read: give it one, such as .txt"
    kind, remedy = _REMEDIES.get(suffix, ("", ""))
    if suffix in _PICTURES:
        kind, remedy = "picture", "recognise its text first (OCR), if it is a page"
    elif suffix in _SOUNDS:
        kind, remedy = "sound or film", "write out what is said, if it is needed"
    if not kind:
        return f"another kind ({suffix}), which is not read: save it as .txt, if it holds articles"
    return f"{kind} ({suffix}), which is not read: {remedy}"
