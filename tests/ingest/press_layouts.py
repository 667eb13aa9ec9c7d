"""Invented exports of press databases, written out in each layout for the tests."""

from __future__ import annotations

import html
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date


@dataclass(frozen=True, slots=True)
class Piece:
    """An invented article, as the export of it should be read."""

    title: str
    source: str
    day: date
    text: str
    author: str | None = None
    section: str | None = None
    copyright: str | None = None


PIECES = (
    Piece(
        "Zwembad De Golf wordt verbouwd",
        "Waterdamse Courant",
        date(2021, 3, 4),
        "Zwembad De Golf in Waterdam gaat een jaar dicht. De verbouwing kost 4,2\n"
        "miljoen euro, zei wethouder Pieter Molenaar donderdag.\n\n"
        "'Lees Document 2 of 3 er maar op na', zei hij. Copyright 2021 rust op het plan.",
        author="J. Voorbeeld",
        section="Regio",
        copyright="Copyright 2021 Waterdam Media B.V.",
    ),
    Piece(
        "Réctor Smit vertrekt na twintig jaar: 'Het was goed'",
        "Het Polderblad",
        date(2021, 9, 9),
        "Rector Anna Smit verlaat het Polder College.\n\nDocument 2 of 3\n\n"
        "Zo heet het stuk waarin zij haar besluit uitlegt. LENGTH: kort, zegt zij.",
        section="Voorpagina",
    ),
    Piece(
        "Brug bij Steenhoek blijft dicht",
        "De Dijkbode",
        date(2022, 1, 3),
        "De brug bij Steenhoek blijft tot april dicht.",
        author="Zoë Núñez",
        copyright="Copyright 2022 De Dijkbode",
    ),
)


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one language of an export."""

    language: str
    mark: str
    request: str
    section: str
    length: str
    author: str
    loaded: str
    tongue: str
    words: str
    rights: str
    page: str
    day: str = "d MMMM yyyy"


WORDINGS = {
    "nl": Wording(
        "DUTCH; NEDERLANDS",
        "Document {0} van {1}",
        "Downloadverzoek: Geselecteerde items: 1-{1}\nTijd van verzoek: maandag 2 mei 2022",
        "RUBRIEK",
        "LENGTE",
        "AUTEUR",
        "LAADDATUM",
        "TAAL",
        "woorden",
        "Alle rechten voorbehouden",
        "Blz. 5",
        "d MMMM yyyy EEEE",
    ),
    "en": Wording(
        "ENGLISH",
        "{0} of {1} DOCUMENTS",
        "Download Request: Selected Items: 1-{1}\nTime Of Request: Monday, May 02, 2022  10:11:12",
        "SECTION",
        "LENGTH",
        "BYLINE",
        "LOAD-DATE",
        "LANGUAGE",
        "words",
        "All Rights Reserved",
        "Pg. 5",
        "MMMM d, yyyy EEEE",
    ),
    "de": Wording(
        "GERMAN; DEUTSCH",
        "Dokument {0} von {1}",
        "Ausgabeauftrag: Dokument(e) 1-{1}\nZeit der Anforderung: Montag, 2. Mai 2022",
        "RUBRIK",
        "LÄNGE",
        "AUTOR",
        "UPDATE",
        "SPRACHE",
        "Wörter",
        "Alle Rechte vorbehalten",
        "S. 5",
        "EEEE d. MMMM yyyy",
    ),
    "fr": Wording(
        "FRENCH; FRANÇAIS",
        "Document {0} de {1}",
        "Demande de téléchargement: documents 1-{1}\nHeure de la demande: lundi 2 mai 2022",
        "RUBRIQUE",
        "LONGUEUR",
        "AUTEUR",
        "DATE-CHARGEMENT",
        "LANGUE",
        "mots",
        "Tous droits réservés",
        "p. 5",
        "EEEE d MMMM yyyy",
    ),
}


def day_in(piece: Piece, wording: str, pattern: str | None = None) -> str:
    return format_date(piece.day, pattern or WORDINGS[wording].day, locale=wording)


def nexis(
    wording: str = "en",
    *,
    pieces: tuple[Piece, ...] = PIECES,
    cover: bool = True,
    rights_below: bool = False,
    break_page: str = "\n\n",
    labels: tuple[str, str] | None = None,
) -> str:
    """Write an export of the older Nexis; `labels` name headline and text, as some editions do."""
    say, total = WORDINGS[wording], len(pieces)
    parts = [f"\n\n{say.request.format('', total)}\n\nTerms: (zwembad)\n\n"] if cover else []
    for number, piece in enumerate(pieces, 1):
        rights = f"{piece.copyright}\n{say.rights}" if piece.copyright else None
        header = [centred(say.mark.format(number, total))]
        header += [centred(rights)] if rights and not rights_below else []
        header += [centred(piece.source), centred(day_in(piece, wording) + "\nEditie 1;")]
        header += [f"{labels[0]}: {piece.title}" if labels else piece.title]
        header += [f"{say.author}: {piece.author}"] if piece.author else []
        header += [f"{say.section}: {piece.section}; {say.page}"] if piece.section else []
        header += [f"{say.length}: 62 {say.words}"]
        header += [f"{labels[1]}:\n\n{piece.text}" if labels else piece.text]
        header += [f"{say.loaded}: {day_in(piece, wording, 'd MMMM yyyy')}"]
        header += [f"{say.tongue}: {say.language}", "PUBLICATION-TYPE: Krant"]
        header += [centred(rights)] if rights and rights_below else []
        parts.append("\n\n".join(header) + break_page)
    return "".join(parts)


def centred(lines: str) -> str:
    return "\n".join(line.center(78).rstrip() for line in lines.split("\n"))


UNI = {
    "nl": ("Taaknummer", "Documenten", "Sectie", "Lengte", "Auteur", "Tekst", "Laaddatum"),
    "en": ("Job Number", "Documents", "Section", "Length", "Byline", "Body", "Load-Date"),
    "de": ("Auftragsnummer", "Dokumente", "Rubrik", "Länge", "Autor", "Volltext", "Ladedatum"),
    "fr": (
        "Numéro de tâche",
        "Documents",
        "Rubrique",
        "Longueur",
        "Auteur",
        "Corps",
        "Date de chargement",
    ),
}
UNI_ENDS = {
    "nl": "Einde van document",
    "en": "End of Document",
    "de": "Ende des Dokuments",
    "fr": "Fin du document",
}


def nexis_uni(
    wording: str = "en",
    *,
    pieces: tuple[Piece, ...] = PIECES,
    cover: bool = True,
    loaded: bool = True,
    pages: bool = False,
) -> str:
    """Write an export of Nexis Uni."""
    job, documents, section, length, author, body, load = UNI[wording]
    say = WORDINGS[wording]
    parts = []
    if cover:
        listed = "\n".join(
            f"{number}. {piece.title}\nClient/Matter: -None-\nSearch Terms: zwembad\n"
            for number, piece in enumerate(pieces, 1)
        )
        parts.append(
            f"User Name: =J. Lezer\nDate and Time: Monday, May 2, 2022 10:11:00 AM CEST\n"
            f"{job}: 170000001\n\n{documents} ({len(pieces)})\n\n{listed}\n"
            "| About LexisNexis | Privacy Policy | Terms & Conditions | Copyright © 2022 LexisNexis"
        )
    for number, piece in enumerate(pieces, 1):
        block = [f"Page {number} of {len(pieces)}"] if pages else []
        block += [piece.title, piece.source, day_in(piece, wording)]
        block += [f"{piece.copyright} {say.rights}"] if piece.copyright else []
        block += (
            [f"{section}:\N{NO-BREAK SPACE}{piece.section}; {say.page}"] if piece.section else []
        )
        block += [f"{length}:\N{NO-BREAK SPACE}62 {say.words}"]
        block += [f"{author}: {piece.author}"] if piece.author else []
        block += [body, piece.text, "Classification"]
        block += [f"Language: {say.language}", "Publication-Type: Newspaper"]
        block += [f"{load}: {day_in(piece, wording, 'd MMMM yyyy')}"] if loaded else []
        parts.append("\n\n".join([*block, UNI_ENDS[wording]]))
    return "\n\n".join(parts) + "\n"


FACTIVA = {
    "nl": ("Dokument", "Door", "woorden", "Nederlands", "d MMMM yyyy"),
    "en": ("Document", "By", "words", "Dutch", "d MMMM yyyy"),
    "de": ("Dokument", "Von", "Wörter", "Niederländisch", "d MMMM yyyy"),
    "fr": ("Document", "Par", "mots", "Néerlandais", "d MMMM yyyy"),
}


def number_of(piece: Piece) -> str:
    return f"WATC0000{piece.day:%Y%m%d}eh3400001"


def factiva(
    wording: str = "en",
    *,
    pieces: tuple[Piece, ...] = PIECES,
    codes: bool = False,
    clock: bool = False,
    summary: bool = True,
) -> str:
    """Write an export of Factiva as text."""
    document, by, words, tongue, pattern = FACTIVA[wording]
    parts = []
    for piece in pieces:
        day, end = day_in(piece, wording, pattern), f"{document} {number_of(piece)}"
        author = f"{by} {piece.author}" if piece.author else None
        rights = piece.copyright or f"(c) {piece.day.year} {piece.source}"
        if codes:
            lead, _, rest = piece.text.partition("\n\n")
            rows = [
                ("SE", piece.section),
                ("HD", piece.title),
                ("BY", author),
                ("WC", f"62 {words}"),
            ]
            rows += [("PD", day), ("ET", "10:11" if clock else None), ("SN", piece.source)]
            rows += [
                ("SC", "WATC"),
                ("LA", tongue),
                ("CY", rights),
                ("LP", lead),
                ("TD", rest or None),
            ]
            rows += [("IN", "i1 : Zwembaden"), ("NS", "c1 : Bouw"), ("AN", end)]
            parts.append("\n".join(f"{code}\t{value}" for code, value in rows if value))
        else:
            header = [piece.section, piece.title, author, f"62 {words}", day]
            header += ["10:11" if clock else None, piece.source, "WATC", "5", tongue, rights]
            above = "\n".join(line for line in header if line)
            parts.append(f"{above}\n\n{piece.text}\n\n{end}")
    found = "Search Summary\nText\tzwembad\nResults Found\t3\n" if summary else ""
    return "\n\n".join([*parts, found, "© 2022 Factiva, Inc. All rights reserved.\n"])


def factiva_page(
    wording: str = "en", *, pieces: tuple[Piece, ...] = PIECES, codes: bool = True
) -> str:
    """Write a page that Factiva saved."""
    document, by, words, tongue, pattern = FACTIVA[wording]
    parts = []
    for piece in pieces:
        title = f'<span class="{wording}Headline">{html.escape(piece.title)}</span>'
        author = f"{by} {piece.author}" if piece.author else None
        day, end = day_in(piece, wording, pattern), f"{document} {number_of(piece)}"
        paragraphs = [
            f'<p class="articleParagraph {wording}articleParagraph">{html.escape(one)}</p>'
            for one in piece.text.split("\n\n")
        ]
        rights = html.escape(piece.copyright or f"(c) {piece.day.year} {piece.source}")
        if codes:
            rows = [("SE", piece.section), ("HD", title), ("BY", author), ("WC", f"62 {words}")]
            rows += [("PD", day), ("SN", piece.source), ("SC", "WATC"), ("LA", tongue)]
            rows += [("CY", rights), ("LP", paragraphs[0]), ("TD", "".join(paragraphs[1:]))]
            rows += [("IN", "i1 : Zwembaden"), ("AN", end)]
            inner = "".join(
                f"<tr><td><b>{code}</b>&nbsp;</td><td>{value}</td></tr>\n"
                for code, value in rows
                if value
            )
            inner = f"<table>{inner}</table>"
        else:
            lines = [piece.section, title, author, f"62 {words}", day, piece.source, "WATC", tongue]
            inner = "".join(f"<div>{line}</div>\n" for line in [*lines, rights] if line)
            inner += "".join(paragraphs) + f"<p>{end}</p>"
        parts.append(
            f'<div id="article-{number_of(piece)}" class="article {wording}Article">{inner}</div>'
        )
    return f"<html><head><title>Factiva</title></head><body>{'<br>'.join(parts)}</body></html>"


def mediargus(*, pieces: tuple[Piece, ...] = PIECES, pattern: str = "dd MMM yyyy") -> str:
    """Write a list of Mediargus with its texts."""
    listed = "\n\n\n".join(
        f"{number}. {piece.title}\n\n"
        f"{piece.source}, {day_in(piece, 'nl', pattern)}, p.{number}, {60 + number}w."
        for number, piece in enumerate(pieces, 1)
    )
    texts = "\n\n\n\n\n".join(
        f"{piece.title}\n\n{piece.section or 'Nieuws'}\n\n\n{piece.text}" for piece in pieces
    )
    return f"{listed}\n\n\n\n\n\n{texts}\n"


def gopress(
    *,
    pieces: tuple[Piece, ...] = PIECES,
    title_first: bool = False,
    page: str = "Page",
    pattern: str = "dd MMM. yyyy",
    language: str = "nl",
) -> str:
    """Write articles as GoPress gives them, one below another."""
    parts = []
    for number, piece in enumerate(pieces, 1):
        head = f"{piece.source}* - {day_in(piece, language, pattern)}\n{page} {number}"
        above = f"{piece.title}\n{head}\n" if title_first else f"{head}\n{piece.title}\n"
        author = f"\n\nAuteur: {piece.author}" if piece.author else ""
        foot = f"\n\nCopyright © {piece.day.year} gopress. Alle rechten voorbehouden"
        parts.append(f"{above}\n{piece.text}{author}{foot}")
    return "\n\n\n".join(parts) + "\n"


def as_page(text: str, *, kept: bool = False) -> str:
    """Put lines into a page, as a paragraph for each, or as they stand."""
    if kept:
        return f"<html><body><pre>{html.escape(text)}</pre></body></html>"
    paragraphs = "\n".join(
        "<div><p>" + "<br>\n".join(map(html.escape, block.split("\n"))) + "</p></div>"
        for block in text.replace("\f", "\n\n").split("\n\n")
        if block.strip()
    )
    return f"<html><body>{paragraphs}</body></html>"
