"""The names that fields have in exports, and which of a record's names stand for which field.

The names are those of Nexis, Factiva, Media Cloud, 4CAT, news-please, newspaper4k, fundus, the
Wayback Machine, Delpher, NewsAPI, the Guardian, GDELT, WordPress and AmCAT, and the usual Dutch
and English words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from qa.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# fmt: off
FIELD_NAMES: dict[str, tuple[str, ...]] = {
    "id": (
        "id", "article_id", "key", "guid", "uuid", "artikel_id", "stories_id", "story_id",
        "document_id", "doc_id", "accession_number", "an", "gkgrecordid", "identifier",
    ),
    "title": (
        "title", "headline", "kop", "titel", "article_title", "artikeltitel", "titel_artikel",
        "web_title", "hoofdkop", "koptekst", "hl", "hd", "story_title", "news_title",
        "document_title", "title_headline", "subject", "onderwerp", "dc:title", "og:title",
        "title_page", "title_rss", "kopregel", "krantenkop", "überschrift", "titre",
    ),
    "text": (
        "text", "tekst", "body_text", "plain_text", "content_text", "text_content", "body",
        "content", "inhoud", "article_body", "article", "artikel", "main_text", "full_text",
        "article_text", "artikeltekst", "story_text", "text_cleaned", "clean_text", "broodtekst",
        "hoofdtekst", "volledige_tekst", "platte_tekst", "bericht", "ocr", "ocr_text",
        "ocr_tekst", "td", "news_text", "document_text", "content:encoded", "raw_text",
        "paragraphs", "alineas", "bodytekst", "volltext", "texte", "contenu",
    ),
    "lead": (
        "kicker", "bovenkop", "subtitle", "subheadline", "onderkop", "subkop", "ondertitel",
        "chapeau", "lead", "lede", "intro", "inleiding", "introduction", "introductie",
        "standfirst", "deck", "dek", "trail_text", "lead_paragraph", "lp", "eerste_alinea",
        "aanhef",
    ),
    "date": (
        "date", "published", "publication_date", "date_published", "published_at",
        "published_date", "pub_date", "datum", "publicatiedatum", "gepubliceerd", "publish_date",
        "date_publish", "publishing_date", "publish_time", "published_time", "published_on",
        "publication_time", "article:published_time", "datetime", "web_publication_date",
        "first_published", "first_publication_date", "date_of_publication", "datum_publicatie",
        "verschijningsdatum", "verschenen", "datum_verschenen", "gepubliceerd_op",
        "plaatsingsdatum", "artikeldatum", "article_date", "issue_date", "issued", "story_date",
        "news_date", "posted", "posted_at", "date_posted", "post_date", "created_utc", "pd",
        "dc:date", "dcterms:issued", "publication_datetime", "pubdatetime", "display_date",
        "published_utc", "date_gmt", "timestamp", "unix_timestamp", "timestamp_unix", "tijdstip",
        "epoch", "erscheinungsdatum", "date_de_publication", "datum_uitgave",
        "uitgavedatum", "datum_print", "datum_krant", "print_date", "datum_online", "online_date",
        "seen_date",
    ),
    "modified": (
        "date_modified", "modified", "modified_at", "modified_date", "date_modify",
        "last_modified", "updated", "updated_at", "updated_date", "date_updated",
        "article:modified_time", "gewijzigd", "bijgewerkt", "laatst_bijgewerkt",
        "laatst_gewijzigd", "wijzigingsdatum", "datum_gewijzigd", "modified_time",
    ),
    "url": (
        "url", "link", "web_url", "article_url", "artikel_url", "permalink", "canonical_link",
        "canonical_url", "story_url", "webadres", "href", "uri", "document_identifier",
        "original_url", "requested_url",
    ),
    "author": (
        "author", "authors", "auteur", "auteurs", "byline", "by", "creator", "dc:creator",
        "journalist", "journalisten", "schrijver", "redacteur", "author_name", "naam_auteur",
        "writer", "autor", "autoren",
    ),
    "section": (
        "section", "rubriek", "sectie", "category", "section_name", "categorie", "categories",
        "katern", "news_desk", "se", "desk", "article_section",
    ),
    "source": (
        "source", "bron", "outlet", "publication", "krant", "medium", "media_name", "newspaper",
        "publisher", "publicatie", "publication_name", "publication_title", "source_name", "sn",
        "outlet_name", "krantentitel", "titel_krant", "paper_title", "newspaper_title",
        "newspaper_name", "paper", "dagblad", "blad", "nieuwsbron", "nieuwsmedium", "naam_krant",
        "naam_medium", "titel_publicatie", "journal", "site_name", "meta_site_name",
        "source_common_name", "clean_url", "news_outlet", "uitgave", "uitgever", "source_domain",
        "domain", "krantnaam", "krantennaam", "pub_title", "mediumnaam", "bronnaam", "source_title",
        "zeitung", "quelle", "media_outlet", "nieuwssite", "website", "site",
    ),
    "language": (
        "language", "lang", "taal", "meta_lang", "la", "language_code", "dc:language", "sprache",
    ),
}
"""The names of each field, the preferred one first; case, "_", "-", ".", ":" and " " do not matter.

`lead` is what stands above or before the text in print; all its fields are taken, in this order.
"""

FALLBACK_TEXTS = ("description", "summary", "abstract", "snippet", "samenvatting", "omschrijving",
                  "abstractnote", "openingtext", "excerpt", "hitsentence")  # fmt: skip
"""Fields that stand for the text only where a record has no other."""
DATE_PARTS = {
    "year": ("year", "jaar", "publicationyear", "publicatiejaar", "jaartal", "pubyear", "jahr"),
    "month": ("month", "maand", "publicationmonth", "publicatiemaand", "mnd", "monat"),
    "day": ("day", "dag", "publicationday", "publicatiedag", "tag"),
}
"""Fields that hold a part of the date, where no field holds the whole."""
CONTAINERS = frozenset(
    {
        "_source", "_doc", "fields", "article", "artikel", "document", "doc", "item",
        "attributes", "metadata", "meta", "data", "properties", "record", "news", "story",
        "result", "node", "post", "payload", "content", "extracted", "parsed", "html",
        "bericht", "webpage",
    }
)
# fmt: on
"""Objects whose fields are those of the article that they stand in."""
# A record with one of these describes a capture of the web: its `timestamp` is not of the article.
_CAPTURED = frozenset({"urlkey", "mimetype", "digest", "statuscode", "warcfilename"})
_CAPTURE_TIMES = frozenset({"timestamp"})
_FREE_IN_NAMES = re.compile(r"[\s_.:–-]+|[?#*\ufeff\u200b]|\([^()]*\)$")
_WORDS = re.compile(r"[^\W_]+")
_JOINING = frozenset(
    {
        "van", "de", "het", "een", "of", "the", "artikel", "article", "naam", "name", "news",
        "nieuws", "nieuwsbericht", "nieuwsartikel", "welke", "which",
    }
)  # fmt: skip
_LOOSELY = 1_000  # ranks further back than any name of a list
_MOST_PLANS = 2048


@dataclass(frozen=True, slots=True)
class FieldPlan:
    """Which names of a record stand for which field, the preferred first, and which for none."""

    names: Mapping[str, tuple[str, ...]]
    others: tuple[str, ...]

    def of(self, field: str) -> tuple[str, ...]:
        """Return the record's names of a field."""
        return self.names.get(field, ())


def parse_mapping(words: str) -> dict[str, str]:
    """Parse the option that names the fields of a source.

    Raises:
        SettingsError: a field is unknown, stands twice, or has no name.

    >>> parse_mapping("title=kop, text=alinea's")
    {'title': 'kop', 'text': "alinea's"}
    """
    mapping: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in words.split(","))):
        known_field, equals, name = (side.strip() for side in part.partition("="))
        if not (equals and name):
            raise SettingsError(f"{part!r} is not of the form FIELD=NAME, as in text=body")
        if known_field not in FIELD_NAMES:
            known = ", ".join(FIELD_NAMES)
            raise SettingsError(f"{known_field!r} is not a field; the fields are {known}")
        if known_field in mapping:
            raise SettingsError(f"the field {known_field!r} is named twice; name it once")
        mapping[known_field] = name
    return mapping


def recognised_fields(names: Iterable[str], mapping: Mapping[str, str]) -> frozenset[str]:
    """Return the fields that the names of a record stand for.

    >>> sorted(recognised_fields(["Kop", "Publication Date", "x"], {"text": "x"}))
    ['date', 'text', 'title']
    """
    return frozenset(plan_fields(tuple(names), tuple(mapping.items())).names)


@lru_cache(maxsize=_MOST_PLANS)
def plan_fields(names: tuple[str, ...], mapping: tuple[tuple[str, str], ...] = ()) -> FieldPlan:
    """Decide which names of a record stand for which field.

    A name with dots is that of a field in an object: its last part counts. `mapping` overrules.

    >>> plan_fields(("kop", "fields.body", "Datum", "tags")).names["text"]
    ('fields.body',)
    """
    wanted = dict(mapping)
    mapped = {plain_name(name) for name in wanted.values()}
    found: dict[str, list[tuple[int, int, str]]] = {}
    others = []
    captured = any(plain_name(name) in _CAPTURED for name in names)
    for name in names:
        hits = list(_hits(name, wanted, mapped))
        if captured and plain_name(name) in _CAPTURE_TIMES and "date" not in wanted:
            hits = []
        for field, rank in hits:
            found.setdefault(field, []).append((rank, name.count("."), name))
        if not hits:
            others.append(name)
    if "text" not in found and "text" not in wanted:
        found, others = _with_fallback_text(found, others)
    if "date" not in found and "date" not in wanted:
        found, others = _with_date_parts(found, others)
    return FieldPlan(
        {field: tuple(name for *_, name in sorted(ranked)) for field, ranked in found.items()},
        tuple(others),
    )


def plain_name(name: str) -> str:
    """Return a name without what does not matter in it.

    >>> plain_name("Publication-Date"), plain_name("Datum (UTC)"), plain_name("dc:title")
    ('publicationdate', 'datum', 'dctitle')
    """
    return _FREE_IN_NAMES.sub("", name.strip()).casefold()


def _hits(name: str, wanted: Mapping[str, str], mapped: set[str]) -> Iterable[tuple[str, int]]:
    """Yield the fields that a name stands for, with the rank of the name among theirs."""
    whole, last = plain_name(name), plain_name(name.rpartition(".")[2])
    if whole in mapped:
        yield from ((field, 0) for field, given in wanted.items() if plain_name(given) == whole)
        return
    is_inside = name.rpartition(".")[0].rpartition(".")[2].casefold() in CONTAINERS
    first, second = (last, whole) if is_inside else (whole, last)  # "_source.title" is a title
    known = _RANKS.get(first) or _RANKS.get(second) or _loosely_known(name)
    if known and known[0] not in wanted:
        yield known


def _loosely_known(name: str) -> tuple[str, int] | None:
    """Return the field of a name without its joining words, behind all names that fit as they are.

    >>> _loosely_known("news_id") > _RANKS["storiesid"]
    True
    """
    known = _RANKS.get(_telling(name))
    return (known[0], known[1] + _LOOSELY) if known else None


def _telling(name: str) -> str:
    """Return a name without words that only join others.

    >>> _telling("Datum van publicatie"), _telling("Kop artikel")
    ('datumpublicatie', 'kop')
    """
    return "".join(word for word in _WORDS.findall(name.casefold()) if word not in _JOINING)


def _with_fallback_text(
    found: dict[str, list[tuple[int, int, str]]], others: list[str]
) -> tuple[dict[str, list[tuple[int, int, str]]], list[str]]:
    ranked = [
        (FALLBACK_TEXTS.index(plain), name.count("."), name)
        for name in others
        if (plain := plain_name(name.rpartition(".")[2])) in FALLBACK_TEXTS
    ]
    if ranked:
        found = {**found, "text": ranked}
        others = [name for name in others if name not in {name for *_, name in ranked}]
    return found, others


def _with_date_parts(
    found: dict[str, list[tuple[int, int, str]]], others: list[str]
) -> tuple[dict[str, list[tuple[int, int, str]]], list[str]]:
    """Add the fields of year, month and day; a day without a year may be a whole date."""
    parts = {
        part: name
        for name in reversed(others)
        for part, known in DATE_PARTS.items()
        if plain_name(name.rpartition(".")[2]) in known
    }
    if "year" not in parts:
        parts = {"date": parts["day"]} if "day" in parts else {}
    found = {**found, **{part: [(0, 0, name)] for part, name in parts.items()}}
    return found, [name for name in others if name not in parts.values()]


_RANKS = {
    plain_name(name): (field, rank)
    for field, names in reversed(FIELD_NAMES.items())
    for rank, name in reversed(list(enumerate(names)))
}
