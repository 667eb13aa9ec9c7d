"""Takes the thoughts of a language model out of what it writes, character by character."""

from __future__ import annotations

_NAMES = ("think", "thinking", "thought", "reasoning")


class ThoughtFilter:
    """Lets through what is no thought: `<think>`, `<thinking>`, `<thought>`, `<reasoning>`.

    Some models write no opening tag. So a closing tag drops all that came before it, and the caller
    must drop what it made of that.
    """

    def __init__(self) -> None:
        self.is_open = False
        self._tag = ""  # the beginning of what may become a tag

    def feed(self, character: str) -> tuple[str, bool]:
        """Take one character; return what is now known to be no thought, and if a tag closed."""
        tag = self._tag + character
        if character == ">" and self._tag and _name(self._tag) in _NAMES:
            self._tag = ""
            self.is_open = tag[1] != "/"
            return "", not self.is_open
        if tag.startswith("<") and _may_become_tag(tag):
            self._tag = tag
            return "", False
        self._tag = "<" if character == "<" else ""
        return self._told(tag.removesuffix(self._tag)), False

    def finish(self) -> str:
        """Return the beginning of a tag that did not become one."""
        rest, self._tag = self._tag, ""
        return self._told(rest)

    def _told(self, text: str) -> str:
        return "" if self.is_open else text


def _name(tag: str) -> str:
    """Return the name in the beginning of a tag; letters of other scripts make no name.

    >>> _name("</Think")
    'think'
    """
    name = tag[1:].removeprefix("/").strip()
    return name.lower() if name.isascii() else "?"


def _may_become_tag(tag: str) -> bool:
    name = _name(tag)
    is_whole = name in _NAMES and tag.isspace() is False and len(tag) <= len("</reasoning >")
    return is_whole or any(each.startswith(name) for each in _NAMES if not tag[-1].isspace())
