"""What a respondent asks of an archive."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from index_store.records import Article, ArticleFilter
from index_store.store import StoreView
from qa.answer.archive_names import ArchiveNames
from qa.models.calibration import Calibration
from qa.models.encoder import Encoder
from qa.models.loading import Models


class AskedArchive(Protocol):
    """What is asked: an archive, or several as one."""

    @property
    def names(self) -> ArchiveNames:
        """Which archives these are."""

    @property
    def models(self) -> Models:
        """The encoder and the reader."""

    def view(self) -> StoreView | None:
        """Return the present state; `None` if nothing is indexed yet."""

    def encoder(self) -> Encoder:
        """Return the encoder; the first call loads it (seconds)."""

    def calibration(self) -> Calibration:
        """Return how likely answers are right."""

    def calibration_with(self, model: str) -> Calibration | None:
        """Return the calibration that was fitted with a language model, if any."""

    def fingerprint(self, view: StoreView | None, *settings: object) -> str:
        """Return a hash of all that determines an answer."""

    def article(self, article_id: str, archive: str | None = None) -> Article | None:
        """Return the article with this id, or `None`; of several archives, one must be named."""

    def newest(self, only: ArticleFilter, limit: int) -> Sequence[Article]:
        """Return the newest articles that pass a filter."""
