"""The tables of the catalog and the steps that bring an older file up to date."""

from __future__ import annotations

# One script per version; entry n brings a file of version n to version n + 1. `user_version`
# of the file counts them, so a step that has been released is never edited again.
#
# `origin` has a row for each place where an article was found: `key` is the id that the place
# would give it, `record_hash` tells whether the place still says the same. Exact duplicates are
# one article with several origins.
#
# An `edition` is one choice of encoder and chunking. Rows of the next one are prepared beside
# the current one, so that a reindex can stop and go on, and vectors are never mixed.
#
# AUTOINCREMENT: a chunk number is never used twice. The derived indexes rely on it: the set
# difference between their numbers and the catalog's is all that is needed to catch up.
MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE property (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    INSERT INTO property VALUES ('generation', '0');

    CREATE TABLE edition (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        encoder TEXT NOT NULL,
        weights_hash TEXT NOT NULL,
        dimension INTEGER NOT NULL,
        chunking TEXT NOT NULL,
        current INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE UNIQUE INDEX one_current_edition ON edition (current) WHERE current = 1;

    CREATE TABLE article (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        title TEXT,
        text TEXT NOT NULL,
        first TEXT,
        last TEXT,
        precision TEXT NOT NULL,
        provenance TEXT NOT NULL,
        words TEXT,
        source TEXT NOT NULL,
        language TEXT,
        url TEXT,
        author TEXT,
        section TEXT,
        content_hash TEXT NOT NULL
    ) STRICT;
    CREATE INDEX article_by_content ON article (content_hash);
    CREATE INDEX article_by_date ON article (first, last);

    CREATE TABLE origin (
        key TEXT PRIMARY KEY,
        article INTEGER NOT NULL REFERENCES article ON DELETE CASCADE,
        source TEXT NOT NULL,
        path TEXT NOT NULL,
        record_hash TEXT NOT NULL,
        extractor TEXT
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX origin_by_article ON origin (article);
    CREATE INDEX origin_by_path ON origin (path);

    CREATE TABLE embedding (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        edition INTEGER NOT NULL REFERENCES edition ON DELETE CASCADE,
        input_hash BLOB NOT NULL,
        vector BLOB NOT NULL,
        UNIQUE (edition, input_hash)
    ) STRICT;

    CREATE TABLE chunk (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        edition INTEGER NOT NULL REFERENCES edition ON DELETE CASCADE,
        article INTEGER NOT NULL REFERENCES article ON DELETE CASCADE,
        start INTEGER NOT NULL,
        "end" INTEGER NOT NULL,
        section TEXT,
        embedding INTEGER NOT NULL REFERENCES embedding,
        CHECK (start < "end")
    ) STRICT;
    CREATE INDEX chunk_by_article ON chunk (article);
    CREATE INDEX chunk_by_embedding ON chunk (embedding);
    CREATE INDEX chunk_by_edition ON chunk (edition, number);
    """,
)
