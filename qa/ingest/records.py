"""Make articles of records, and settle first what the dates of a column leave open one by one."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import IO, TypeAlias

from index_store.analysis.language import detect_language
from qa.dates.columns import DateColumn
from qa.ingest.article_fields import ReadArticle, ReadOptions, make_article
from qa.ingest.field_names import FieldPlan, plan_fields
from qa.ingest.languages import ARTICLE_LANGUAGES
from qa.ingest.publication_dates import date_names, is_no_date, is_open, settle_column
from qa.ingest.record_values import flat_fields
from qa.ingest.refusals import Refusal, RefusedError
from qa.text.languages import language_code

_HELD_IN_MEMORY = 16_000_000  # bytes of records that wait for their column; the rest is on disk
_MOST_TEXTS = 20  # of which the language is looked at


@dataclass(frozen=True, slots=True)
class Record:
    """The fields of one article as a file states them.

    `key` becomes the id of an article that states none. `line` is where the record starts, `notes`
    are decisions of the reader, and `place` stands before the reason of a refusal.
    """

    fields: dict[str, object]
    key: str
    line: int | None = None
    notes: tuple[str, ...] = ()
    place: str = ""


Records: TypeAlias = Iterable[Record | Refusal]


def read_records(records: Records, options: ReadOptions) -> Iterator[ReadArticle | Refusal]:
    """Make an article of each record, in order; a record that cannot be one is a refusal.

    While all dates can be read by themselves, nothing is held back. At the first that cannot, such
    as "3/4/2022", the rest of the file is looked through, and its dates settle the order.
    """
    for item in _settled(iter(records), options):
        if isinstance(item, Refusal):
            yield item
            continue
        try:
            article, notes = make_article(item.fields, options, fallback_id=item.key)
            yield ReadArticle(article, options.path, item.line, item.notes + notes)
        except RefusedError as refused:
            yield Refusal(options.path, item.line, f"{item.place}{refused.reason}")


def _settled(
    records: Iterator[Record | Refusal], options: ReadOptions
) -> Iterator[Record | Refusal]:
    """Yield the records; before the first with an open date, settle how its column is read."""
    columns = _Columns(options)
    for item in records:
        if isinstance(item, Record) and columns.see(item):
            break
        yield item
    else:
        return
    with SpooledTemporaryFile(_HELD_IN_MEMORY, "w+", encoding="utf-8") as held:
        _hold(held, item)
        for item in records:
            if isinstance(item, Record):
                columns.see(item)
            _hold(held, item)
        columns.settle()
        held.seek(0)
        yield from map(_release, held)


@dataclass(slots=True)
class _Columns:
    """The columns of dates of one file."""

    options: ReadOptions
    by_name: dict[str, DateColumn] = field(default_factory=dict)
    languages: Counter[str] = field(default_factory=Counter)

    def see(self, record: Record) -> bool:
        """See the dates of a record; tell whether one cannot be read by itself."""
        mapping = self.options.mapping
        values = flat_fields(record.fields, mapping)
        plan = plan_fields(tuple(values), tuple(mapping.items()))
        any_open = False
        for name in date_names(plan):
            value = values[name]
            column = self.by_name.setdefault(name, DateColumn(name))
            if is_open(value):
                any_open = True
                column.add(value)
            elif isinstance(value, str | int | float) and not is_no_date(value):
                column.others += 1
        if any_open or self.languages:
            self._hear(plan, values)
        return any_open

    def settle(self) -> None:
        """Decide how each open column is read, and tell what was decided."""
        options, findings = self.options, self.options.findings
        language = self.languages.most_common(1)[0][0] if self.languages else "nl"
        findings.language = findings.language or language
        for name, column in self.by_name.items():
            if column.is_open:
                findings.readings[name] = settle_column(column, options, language=language)

    def _hear(self, plan: FieldPlan, values: dict[str, object]) -> None:
        """Count the language of a record, which says how dates are usually written."""
        if self.languages.total() >= _MOST_TEXTS:
            return
        stated = next((values[name] for name in plan.of("language") if values[name]), None)
        code = language_code(stated) if isinstance(stated, str) else None
        text = next((values[name] for name in plan.of("text")), None)
        if code is None and isinstance(text, str) and text.strip():
            code = detect_language(text, among=ARTICLE_LANGUAGES)
        if code:
            self.languages[code] += 1


def _hold(held: IO[str], item: Record | Refusal) -> None:
    if isinstance(item, Refusal):
        kept: list[object] = [item.path, item.line, item.reason]
    else:
        kept = [item.fields, item.key, item.line, item.notes, item.place]
    held.write(json.dumps(kept))
    held.write("\n")


def _release(line: str) -> Record | Refusal:
    kept = json.loads(line)
    if len(kept) == 3:
        return Refusal(*kept)
    fields, key, number, notes, place = kept
    return Record(fields, key, number, tuple(notes), place)
