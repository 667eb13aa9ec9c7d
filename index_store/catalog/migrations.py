"""The scripts that make the tables of the catalog, one for each version of its file."""

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
# The date columns of `article` are the stated date and nothing else: whatever `date_by_hand` and
# `inferred_date` say, an article that is read again is unchanged. A row of `inferred_date`
# without days says that the evidence was too little; `inputs` is a hash of all that was weighed.
# `quoted_article` knows whose words the evidence is: no inferred date outlives what it quotes,
# whichever way that changed.
#
# `lost` names articles that a repair had to give up, by the place to ingest them from again, with
# the dates that were set by hand.
#
# `seal` is a hash of the rest of a row; see `seals`. The step that adds it seals every row.
#
# `changed_article` has the number of each article, gone ones too, of which something changed that
# inferred dates depend on, since they were last inferred. Triggers write it, so no writer can
# forget to. `nearest_dated` keeps for each undated article the dated ones nearest to it; rows of
# articles that are gone do no harm, and go at the next inference.
#
# AUTOINCREMENT: a chunk number is never used twice. The properties `store` and `state` name the
# archive and its present state: a catalog that was put back from a copy uses numbers again.
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
        checksum INTEGER NOT NULL,
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
    """
    CREATE TABLE date_by_hand (
        article INTEGER PRIMARY KEY REFERENCES article ON DELETE CASCADE,
        first TEXT NOT NULL,
        last TEXT NOT NULL,
        precision TEXT NOT NULL,
        words TEXT
    ) STRICT;

    CREATE TABLE inferred_date (
        article INTEGER PRIMARY KEY REFERENCES article ON DELETE CASCADE,
        inputs BLOB NOT NULL,
        first TEXT,
        last TEXT,
        precision TEXT,
        score REAL,
        evidence TEXT
    ) STRICT;

    CREATE TABLE quoted_article (
        inferred INTEGER NOT NULL REFERENCES inferred_date ON DELETE CASCADE,
        article INTEGER NOT NULL,
        PRIMARY KEY (article, inferred)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX quoted_by_inferred ON quoted_article (inferred);
    CREATE TRIGGER article_reworded AFTER UPDATE OF id, text ON article
        WHEN old.id IS NOT new.id OR old.text IS NOT new.text
    BEGIN
        DELETE FROM inferred_date WHERE article IN
            (SELECT inferred FROM quoted_article WHERE quoted_article.article = old.number);
    END;
    CREATE TRIGGER article_gone AFTER DELETE ON article BEGIN
        DELETE FROM inferred_date WHERE article IN
            (SELECT inferred FROM quoted_article WHERE quoted_article.article = old.number);
    END;
    """,
    """
    INSERT INTO property VALUES
        ('store', lower(hex(randomblob(16)))), ('state', lower(hex(randomblob(16))));
    """,
    """
    ALTER TABLE edition ADD COLUMN seal INTEGER;
    ALTER TABLE article ADD COLUMN seal INTEGER;
    ALTER TABLE date_by_hand ADD COLUMN seal INTEGER;
    ALTER TABLE inferred_date ADD COLUMN seal INTEGER;
    ALTER TABLE origin ADD COLUMN seal INTEGER;
    ALTER TABLE chunk ADD COLUMN seal INTEGER;
    """,
    """
    CREATE TABLE lost (
        key TEXT PRIMARY KEY,
        path TEXT NOT NULL,
        source TEXT NOT NULL,
        first TEXT,
        last TEXT,
        precision TEXT,
        words TEXT
    ) STRICT, WITHOUT ROWID;
    """,
    """
    CREATE TABLE changed_article (article INTEGER PRIMARY KEY) STRICT;
    CREATE TRIGGER article_added AFTER INSERT ON article BEGIN
        INSERT OR IGNORE INTO changed_article VALUES (new.number);
    END;
    CREATE TRIGGER article_changed AFTER UPDATE OF
        id, title, text, first, last, precision, language, content_hash ON article
    BEGIN
        INSERT OR IGNORE INTO changed_article VALUES (new.number);
    END;
    CREATE TRIGGER article_removed AFTER DELETE ON article BEGIN
        INSERT OR IGNORE INTO changed_article VALUES (old.number);
    END;
    CREATE TRIGGER chunk_added AFTER INSERT ON chunk BEGIN
        INSERT OR IGNORE INTO changed_article VALUES (new.article);
    END;
    CREATE TRIGGER chunk_removed AFTER DELETE ON chunk BEGIN
        INSERT OR IGNORE INTO changed_article VALUES (old.article);
    END;
    CREATE TRIGGER dated_by_hand AFTER INSERT ON date_by_hand BEGIN
        INSERT OR IGNORE INTO changed_article VALUES (new.article);
    END;
    CREATE TRIGGER no_longer_dated_by_hand AFTER DELETE ON date_by_hand BEGIN
        INSERT OR IGNORE INTO changed_article VALUES (old.article);
    END;

    CREATE TABLE nearest_dated (
        article INTEGER PRIMARY KEY,
        nearest BLOB NOT NULL,
        checksum INTEGER NOT NULL
    ) STRICT;
    """,
)
