"""What is quoted of a match: the sentences in which it stands."""

from __future__ import annotations

from index_store.records import Article
from qa.retrieval.query.records import TEXT
from qa.text.sentences import split_sentences

_LONGEST_SENTENCE = 1000  # characters before a match, and as many after it


def sentences_around(article: Article, field: str, start: int, end: int) -> tuple[int, int]:
    """Return the place of the sentences around a place, or of the whole headline.

    Of what is too long for a sentence, the place itself.
    """
    text = (article.text if field == TEXT else article.title) or ""
    first, last = max(0, start - _LONGEST_SENTENCE), min(len(text), end + _LONGEST_SENTENCE)
    if field != TEXT:
        return (start, end) if first or last < len(text) else (first, last)
    around = split_sentences(text[first:last], language=article.language)
    spans = [(first + each.start, first + each.end) for each in around]
    met = [span for span in spans if span[0] < end and start < span[1]] or [(start, end)]
    is_cut = (first and met[0][0] == first) or (last < len(text) and met[-1][1] == last)
    return (start, end) if is_cut else (met[0][0], met[-1][1])
