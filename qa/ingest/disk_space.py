"""Refuses what the disk of a store cannot hold, before hours go into encoding it."""

from __future__ import annotations

from collections.abc import Sequence

from index_store.catalog.rows import IndexedArticle
from index_store.catalog.writing import CatalogWriter
from index_store.errors import NoSpaceError
from index_store.space import require_space, space_to_grow, space_to_write
from qa.ingest.sources import ArticleSource


class DiskSpace:
    """Looks before each batch whether the disk can hold it, and before the first one also the rest.

    What the files ahead become is estimated by what the first batch made of those read so far.
    Files that the store knows are taken to be unchanged, so that an archive which is ingested
    again is not refused for what it has already.
    """

    def __init__(
        self, catalog: CatalogWriter, dimension: int, source: ArticleSource | None = None
    ) -> None:
        """Look at the disk of `catalog`; `source` is what is being read, if it is files."""
        self._catalog = catalog
        self._folder = catalog.path.parent
        self._dimension = dimension
        self._source = source

    def require(self, batch: Sequence[IndexedArticle]) -> None:
        """Do nothing if there is room for a batch, and for what is ahead of the first one.

        Raises:
            NoSpaceError: there is not.
        """
        source, self._source = self._source, None
        growth = space_to_grow(
            articles=len(batch),
            chunks=sum(len(each.chunks) for each in batch),
            text_bytes=sum(len(each.article.text.encode()) for each in batch),
            dimension=self._dimension,
        )
        least = growth + space_to_write(self._folder)
        if source is None:
            require_space(self._folder, least)
            return
        for_each_byte = growth / max(1, source.bytes_read)
        try:
            require_space(self._folder, least + round(for_each_byte * source.bytes_ahead()))
        except NoSpaceError:  # only now is it worth to read all paths of the store
            ahead = source.bytes_ahead(path for _, path in self._catalog.keys_by_path())
            require_space(self._folder, least + round(for_each_byte * ahead))
