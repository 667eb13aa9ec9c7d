"""The query language of exhaustive search: read, narrowed by the index, compared with the text."""

from __future__ import annotations

from qa.retrieval.query.candidates import candidates, read_articles
from qa.retrieval.query.comparison import ArticleWords, KnownWords, Place, places
from qa.retrieval.query.errors import QueryError, UnreadableQueryError
from qa.retrieval.query.parser import parse_query
from qa.retrieval.query.records import Query

__all__ = [
    "ArticleWords",
    "KnownWords",
    "Place",
    "Query",
    "QueryError",
    "UnreadableQueryError",
    "candidates",
    "parse_query",
    "places",
    "read_articles",
]
