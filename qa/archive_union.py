"""Several archives that are asked at once, as one set of articles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from heapq import merge
from itertools import islice
from typing import TypeVar

from index_store.errors import StoreMismatchError
from index_store.records import Article, ArticleFilter, Manifest
from index_store.store import StoreView
from index_store.union_numbers import UnionNumbers
from index_store.union_overlap import StoreOverlap
from index_store.union_view import UnionView
from qa.answer.archive_names import ArchiveNames
from qa.answer.fingerprint import fingerprint_of
from qa.answer.respondent import Respondent
from qa.archive import Archive
from qa.errors import SettingsError
from qa.ingest.preparation import described
from qa.models.calibration import Calibration
from qa.models.encoder import Encoder
from qa.retrieval.finding import Finding
from qa.retrieval.joint_matches import JointMatches, first_of_groups
from qa.retrieval.match import CONTEXT, checked_context
from qa.retrieval.match_sorting import MatchOrder
from qa.retrieval.matches import Matches

_Common = TypeVar("_Common")


class ArchiveUnion:
    """What several archives hold, asked as one set; each stays what it is.

    Reading is safe from several threads at once.
    """

    names = ArchiveNames(are_several=True)

    def __init__(self, archives: Sequence[Archive]) -> None:
        """Take several archives, each with another name; the models are those of the first.

        Raises:
            SettingsError: there are fewer than two, one has no name, or two have the same.
        """
        self._archives = {each.name: each for each in archives if each.name}
        if len(self._archives) < max(2, len(archives)):
            raise SettingsError("to ask several archives at once, open each by another name")
        self.models = archives[0].models
        self._overlaps: dict[tuple[str, ...], StoreOverlap] = {}

    def view(self) -> UnionView | None:
        """Return the present state of the archives; `None` if none has anything indexed yet.

        Raises:
            StoreMismatchError: an archive was made with another encoder than the first.
        """
        views = {name: view for name, each in self._archives.items() if (view := each.view())}
        if not views:
            return None
        self._compare({name: view.manifest for name, view in views.items()})
        names = tuple(views)
        overlap = self._overlap_of(names)
        return UnionView(names, tuple(views.values()), overlap.twins, overlap.copies)

    def matches(
        self,
        queries: Sequence[str],
        only: ArticleFilter,
        *,
        order: str = MatchOrder.DATE,
        context: int = CONTEXT,
    ) -> list[JointMatches]:
        """Return every match of each query in all archives, which any encoders may have made."""
        views = {name: each.store.view() for name, each in self._archives.items()}
        names = tuple(views)
        overlap, numbers = self._overlap_of(names), UnionNumbers(len(names))

        def joined(query: str) -> JointMatches:
            return JointMatches(
                {
                    name: Matches(
                        view, query, only, order=order, context=max(context, CONTEXT), archive=name
                    )
                    for name, view in views.items()
                },
                context=checked_context(context),
                number=lambda name, number: numbers.one(names.index(name), number),
                first_of=lambda: first_of_groups(overlap.copies(), overlap.twins()),
            )

        return [joined(query) for query in queries]

    def _overlap_of(self, names: tuple[str, ...]) -> StoreOverlap:
        stores = [self._archives[name].store for name in names]
        return self._overlaps.setdefault(names, StoreOverlap(stores))

    def encoder(self) -> Encoder:
        """Return the encoder; the first call loads it (seconds)."""
        filled = (each for each in self._archives.values() if each.store.catalog.manifest())
        return next(filled, next(iter(self._archives.values()))).encoder()

    def calibration(self) -> Calibration:
        """Return the calibration that all archives have, or the one that comes with Dateline."""
        return self._common(Archive.calibration) or Calibration.load(None)

    def calibration_with(self, model: str) -> Calibration | None:
        """Return the calibration that all archives have with a language model, if they do."""
        return self._common(lambda each: each.calibration_with(model))

    def fingerprint(self, view: StoreView | None, *settings: object) -> str:
        """Return a hash of all that determines an answer: store states, models and settings."""
        named = tuple(self._archives)
        return fingerprint_of(view, self.models, self.calibration, named, *settings)

    def article(self, article_id: str, archive: str | None = None) -> Article | None:
        """Return the article with this id in the archive of this name, or `None`."""
        found = self._archives.get(archive or "")
        return found.article(article_id) if found else None

    def newest(self, only: ArticleFilter, limit: int) -> list[Article]:
        """Return the newest articles of all archives that pass a filter, at most `limit`."""
        each = (archive.newest(only, limit) for archive in self._archives.values())
        return list(islice(merge(*each, key=_recency, reverse=True), limit))

    def _common(self, told: Callable[[Archive], _Common]) -> _Common | None:
        first, *others = map(told, self._archives.values())
        return first if all(each == first for each in others) else None

    def _compare(self, manifests: dict[str, Manifest]) -> None:
        first = next(iter(manifests.values()))
        for name, each in manifests.items():
            if _vectors_of(each) != _vectors_of(first):
                path = self._archives[name].store.path
                raise StoreMismatchError(
                    str(path),
                    expected=described(first),
                    found=described(each),
                    remedy=f"ask it alone, or make it anew with: dateline reindex --store {path} "
                    f"--encoder {first.encoder}",
                )


class UnionAssistant(Finding[JointMatches], Respondent):
    """Answers questions about several archives, and finds matches in them."""

    archive: ArchiveUnion

    def matches(
        self,
        queries: Sequence[str],
        only: ArticleFilter,
        *,
        order: str = MatchOrder.DATE,
        context: int = CONTEXT,
        after: int = 0,
    ) -> list[JointMatches]:
        """Return every match of each query, as `Finding.matches` does.

        Raises:
            SettingsError: a query cannot be read, or there is a number of an article in `after`.
        """
        if after:
            raise SettingsError("new_after is a number of one archive; search each by itself")
        return self.archive.matches(queries, only, order=order, context=context)


def _vectors_of(manifest: Manifest) -> tuple[str, int]:
    """Return what decides whether vectors can be compared; chunks may be cut in other ways."""
    return manifest.weights_hash, manifest.dimension


def _recency(article: Article) -> int:
    last = article.published.last
    return last.toordinal() if last else 0
