"""Says of which archive each quote and passage is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from index_store.records import Article
from index_store.union_numbers import own_id
from qa.answer.generation import Generation, SentSentence
from qa.answer.records import AlsoIn, Citation
from qa.retrieval.passage import Passage


@dataclass(frozen=True, slots=True)
class ArchiveNames:
    """How the archives that are asked are named: one alone has a `name` or none.

    If `are_several` are asked at once, their articles have the ids of the union while an answer is
    made. Before it is handed out, each gets the id back that it has in its archive, and the name of
    that.
    """

    name: str | None = None
    are_several: bool = False

    def own(self, article_id: str) -> tuple[str, str | None]:
        """Return the id that an article has in its archive, and the name of that archive."""
        return own_id(article_id) if self.are_several else (article_id, self.name)

    def own_ids(self, article_ids: Iterable[str]) -> tuple[str, ...]:
        """Return the ids that articles have in their archives."""
        return tuple(self.own(each)[0] for each in article_ids)

    def archives_of(self, article_ids: Sequence[str]) -> tuple[str, ...]:
        """Return the name of the archive of each article; nothing if all are of one."""
        return tuple(self.own(each)[1] or "" for each in article_ids if self.are_several)

    def citation(self, citation: Citation) -> Citation:
        """Return a citation that names its archive."""
        article, name = self._article(citation.article)
        return replace(citation, article=article, archive=name)

    def passages(self, passages: Iterable[Passage]) -> tuple[Passage, ...]:
        """Return passages that name their archives."""
        return tuple(map(self._passage, passages))

    def copies(self, places: Iterable[AlsoIn]) -> tuple[AlsoIn, ...]:
        """Return other places of quotes that name their archives."""
        return tuple(map(self._copy, places))

    def generation(self, generation: Generation | None) -> Generation | None:
        """Return what a language model was asked, with the articles that its sentences are of."""
        return generation and replace(generation, sent=tuple(map(self._sent, generation.sent)))

    def _article(self, article: Article) -> tuple[Article, str | None]:
        found, name = self.own(article.id)
        return replace(article, id=found) if self.are_several else article, name

    def _passage(self, passage: Passage) -> Passage:
        article, name = self._article(passage.article)
        chunk = replace(passage.chunk, article_id=article.id)
        return replace(passage, chunk=chunk, article=article, archive=name)

    def _copy(self, place: AlsoIn) -> AlsoIn:
        article, name = self._article(place.article)
        return replace(place, article=article, archive=name)

    def _sent(self, sentence: SentSentence) -> SentSentence:
        found, name = self.own(sentence.article_id)
        return replace(sentence, article_id=found, archive=name)


ONE_ARCHIVE = ArchiveNames()
"""One archive without a name."""
