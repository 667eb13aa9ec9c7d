"""Asks tantivy, and says so in words if its files turn out to be damaged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from index_store.errors import StoreCorruptError


def is_of_tantivy(error: BaseException) -> bool:
    """Tell whether tantivy says that something is wrong, or Rust gave up in it."""
    # tantivy says ValueError of everything; for the panic of Rust, Python has no name.
    return isinstance(error, ValueError | OSError) or type(error).__name__ == "PanicException"


class Searcher:
    """A searcher of tantivy, which reads its files only when it is asked.

    Every method raises `StoreCorruptError` where they are not what was written.
    """

    def __init__(self, searcher: Any, folder: Path | None) -> None:
        """Ask `searcher`, whose files are in `folder`; `None` is an index in memory."""
        self._searcher, self._folder = searcher, folder

    @property
    def num_docs(self) -> int:
        """The number of chunks, without those that were removed."""
        return int(self._searcher.num_docs)

    def doc_freq(self, field: str, term: str) -> int:
        """Return how many chunks hold a term, with those that were removed."""
        return int(self._asked(self._searcher.doc_freq, field, term))

    def search(self, query: Any, limit: int, *, count: bool = True) -> Any:
        """Return the best results, and the number of all unless `count` is false."""
        return self._asked(self._searcher.search, query, limit, count=count)

    def fast_field_values(self, field: str, addresses: list[Any]) -> Any:
        """Return the value of a field for each result."""
        values = self._asked(self._searcher.fast_field_values, field, addresses)
        if None in values:  # every chunk has one
            raise self._damaged(f"a {field} is missing")
        return values

    def _asked(self, ask: Callable[..., Any], *what: Any, **how: Any) -> Any:
        try:
            return ask(*what, **how)
        except BaseException as error:
            if not is_of_tantivy(error):
                raise
            raise self._damaged(error) from error

    def _damaged(self, error: BaseException | str) -> StoreCorruptError:
        return StoreCorruptError(
            f"the index of words in {self._folder or 'memory'} cannot be read ({error}); "
            "make it anew with: dateline repair"
        )
