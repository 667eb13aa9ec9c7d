"""Makes exports of invented articles in ten shapes, each with the truth of what is in it."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
PLACES = ("Oostkerk", "Lovendorp", "Steenhoek", "Waterdam", "Zuidveen", "Molenrijk")
PAPERS = ("De Dijkbode", "Het Polderblad", "Waterdamse Courant")
DEEDS = ("kreeg een nieuwe brug", "sloot het zwembad", "koos een burgemeester", "vierde feest")


@dataclass(frozen=True)
class Made:
    """One article as it is meant."""

    number: int
    day: date
    title: str
    lead: str
    body: str
    source: str

    @property
    def moment(self) -> datetime:
        """A moment on that day in the land of the paper, sometimes of another day in UTC."""
        hour = (23, 0, 9)[self.number % 3]
        return datetime(self.day.year, self.day.month, self.day.day, hour, 30, tzinfo=AMSTERDAM)


@dataclass(frozen=True)
class Export:
    """A file of an export; `lead_is_told` says that its texts begin with the lead."""

    name: str
    content: bytes
    made: tuple[Made, ...]
    form: str
    lead_is_told: bool = False


def made_articles(chance: random.Random, count: int) -> tuple[Made, ...]:
    """Make articles, of which some lie after the twelfth of a month and some before."""
    first = date(2019, 1, 1)
    days = [first + timedelta(days=chance.randrange(2200)) for _ in range(count - 2)]
    days += [date(2021, 4, 23), date(2021, 3, 2)]  # one settles every order, one needs it
    chance.shuffle(days)
    return tuple(
        Made(
            number,
            day,
            f"Nieuws {number} uit {chance.choice(PLACES)}",
            f"Inleiding {number}: de raad van {chance.choice(PLACES)} vergaderde lang.",
            f"Bericht {number}. De gemeente {chance.choice(PLACES)} {chance.choice(DEEDS)}. "
            f"Volgens de wethouder waren er {chance.randrange(20, 900)} mensen bij.",
            chance.choice(PAPERS),
        )
        for number, day in enumerate(days, start=1)
    )


Write = Callable[[random.Random, tuple[Made, ...]], Export]
NUMERIC = ("%d-%m-%Y", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y %H:%M", "%m/%d/%Y %H:%M")
WORDY: tuple[Callable[[Made], str], ...] = (
    lambda made: made.day.isoformat(),
    lambda made: format_date(made.day, "d MMMM y EEEE", locale="nl"),
    lambda made: format_date(made.day, "EEE d MMM y", locale="nl"),
    lambda made: format_date(made.day, "MMMM d, y", locale="en"),
    lambda made: f"Gepubliceerd: {format_date(made.day, 'd MMMM y', locale='nl')}",
    lambda made: f"{format_date(made.day, 'd MMM y', locale='nl')}, 14.05 uur",
    lambda made: made.moment.isoformat(),
    lambda made: made.moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    lambda made: made.moment.astimezone(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT"),
    lambda made: made.day.strftime("%Y%m%d"),
)


def a_date(chance: random.Random) -> Callable[[Made], str]:
    """Choose how a column writes its dates: always in one way."""
    if chance.random() < 0.5:
        pattern = chance.choice(NUMERIC)
        return lambda made: made.moment.strftime(pattern)
    return chance.choice(WORDY)


def a_sheet(rows: list[dict[str, str]], delimiter: str) -> str:
    sheet = io.StringIO(newline="")
    writer = csv.DictWriter(sheet, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return sheet.getvalue()


def dutch_sheet(chance: random.Random, made: tuple[Made, ...]) -> Export:
    write, delimiter = a_date(chance), chance.choice(";,\t|")
    names = {
        "title": chance.choice(("kop", "Titel", "Artikeltitel")),
        "date": chance.choice(("datum", "Publicatiedatum", "verschijningsdatum")),
        "source": chance.choice(("krant", "Medium", "bron", "publicatie")),
        "text": chance.choice(("tekst", "Inhoud", "broodtekst", "volledige tekst")),
    }
    rows = [
        {
            names["date"]: write(each),
            names["title"]: each.title,
            names["source"]: each.source,
            names["text"]: each.body,
            "pagina": str(each.number),
        }
        for each in made
    ]
    head = f"sep={delimiter}\r\n" if chance.random() < 0.3 else ""
    encoding = chance.choice(("utf-8", "utf-8-sig", "cp1252"))
    return Export("blad.csv", (head + a_sheet(rows, delimiter)).encode(encoding), made, "csv")


def sheet_with_lead(chance: random.Random, made: tuple[Made, ...]) -> Export:
    write = a_date(chance)
    lead = chance.choice(("lead", "intro", "Inleiding", "chapeau"))
    rows = [
        {"headline": each.title, "date": write(each), "medium": each.source, lead: each.lead,
         "text": each.body}
        for each in made
    ]  # fmt: skip
    return Export("lead.csv", a_sheet(rows, ",").encode(), made, "csv", lead_is_told=True)


def media_cloud(chance: random.Random, made: tuple[Made, ...]) -> Export:
    rows = [
        {
            "stories_id": str(1000 + each.number),
            "publish_date": each.day.isoformat() + chance.choice(("", " 09:00:00")),
            "title": each.title,
            "url": f"https://x.example/{each.number}",
            "language": "nl",
            "media_name": each.source,
            "text": each.body,
        }
        for each in made
    ]
    return Export("mediacloud.csv", a_sheet(rows, ",").encode(), made, "csv")


def spreadsheet_days(_: random.Random, made: tuple[Made, ...]) -> Export:
    rows = [
        {"Datum": str((each.day - date(1899, 12, 30)).days), "Kop": each.title,
         "Krant": each.source, "Tekst": each.body}
        for each in made
    ]  # fmt: skip
    return Export("excel.csv", a_sheet(rows, ";").encode(), made, "csv")


def json_lines(records: list[dict[str, object]]) -> bytes:
    return "\n".join(json.dumps(each) for each in records).encode()


def newspaper(chance: random.Random, made: tuple[Made, ...]) -> Export:
    write = chance.choice(WORDY)
    records: list[dict[str, object]] = [
        {"title": each.title, "authors": ["J. Voorbeeld"], "publish_date": write(each),
         "text": each.body, "top_image": "", "meta_lang": "nl", "meta_site_name": each.source}
        for each in made
    ]  # fmt: skip
    return Export("articles.jsonl", json_lines(records), made, "jsonl")


def news_please(chance: random.Random, made: tuple[Made, ...]) -> Export:
    write = chance.choice(WORDY)
    records: list[dict[str, object]] = [
        {"title": each.title, "title_page": None, "date_publish": write(each),
         "date_download": "2026-11-01 10:00:00", "date_modify": None, "text": None,
         "maintext": each.body, "source_domain": each.source, "language": "nl"}
        for each in made
    ]  # fmt: skip
    return Export("crawl.jsonl", json_lines(records), made, "jsonl")


def mongo(chance: random.Random, made: tuple[Made, ...]) -> Export:
    def stamp(each: Made) -> object:
        utc = each.moment.astimezone(UTC)
        if style == "text":
            return {"$date": utc.strftime("%Y-%m-%dT%H:%M:%S.000Z")}
        count = int(utc.timestamp()) * 1000
        return {"$date": {"$numberLong": str(count)}} if style == "long" else {"$date": count}

    style = chance.choice(("text", "long", "number"))
    records: list[dict[str, object]] = [
        {"_id": {"$oid": f"{each.number:024x}"}, "publishedAt": stamp(each), "headline": each.title,
         "publisher": {"name": each.source}, "articleBody": each.body}
        for each in made
    ]  # fmt: skip
    return Export("mongo.jsonl", json_lines(records), made, "jsonl")


def wrapped(chance: random.Random, made: tuple[Made, ...]) -> Export:
    write = a_date(chance)
    records = [
        {"source": {"id": None, "name": each.source}, "title": each.title,
         "publishedAt": write(each), "content": each.body}
        for each in made
    ]  # fmt: skip
    wrap: Callable[[], object] = chance.choice(
        (
            lambda: {"status": "ok", "totalResults": len(made), "articles": records},
            lambda: {"data": records},
            lambda: {"results": records, "next": None},
            lambda: {"response": {"docs": records}},
            lambda: {
                "hits": {"hits": [{"_id": f"e{n}", "_source": r} for n, r in enumerate(records)]}
            },
            lambda: {"articles": {str(n): record for n, record in enumerate(records)}},
        )
    )
    return Export("api.json", json.dumps(wrap()).encode(), made, "json")


def epochs(chance: random.Random, made: tuple[Made, ...]) -> Export:
    units = chance.choice((1, 1000))
    as_text = chance.random() < 0.5
    records: list[dict[str, object]] = []
    for each in made:
        count = int(each.moment.timestamp()) * units
        records.append(
            {"id": each.number, "timestamp": str(count) if as_text else count,
             "subject": each.title, "body": each.body, "outlet": each.source}
        )  # fmt: skip
    return Export("4cat.jsonl", json_lines(records), made, "jsonl")


def short_years(chance: random.Random, made: tuple[Made, ...]) -> Export:
    pattern = chance.choice(("%d-%m-%y", "%d/%m/%y", "%m/%d/%y", "%d.%m.%y"))
    rows = [
        {"id": str(each.number), "datum": each.day.strftime(pattern), "titel": each.title,
         "krant": each.source, "tekst": each.body}
        for each in made
    ]  # fmt: skip
    return Export("oud.csv", a_sheet(rows, ";").encode(), made, "csv")


SHAPES: tuple[Write, ...] = (
    dutch_sheet,
    sheet_with_lead,
    media_cloud,
    spreadsheet_days,
    newspaper,
    news_please,
    mongo,
    wrapped,
    epochs,
    short_years,
)


def make_export(shape: Write, variant: int) -> Export:
    """Make one variant of a shape; the same variant is always the same."""
    chance = random.Random(f"{shape.__name__} {variant}")
    made = made_articles(chance, chance.randrange(4, 12))
    return replace(shape(chance, made), made=made)
