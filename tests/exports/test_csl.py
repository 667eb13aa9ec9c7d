"""CSL-JSON: only fields and types that CSL 1.0 allows, with dates as precise as they are known."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from index_store.records import Precision, Provenance, PublicationDate
from qa.exports import export, read_quotes, save, verify
from tests.exports.test_exports import (
    CITED,
    HOSTILE,
    INFERRED,
    NOVEMBER,
    SECOND,
    SOEROVIKIN,
    answer,
    article,
    citation,
)

# Of the fields of csl-data.json of CSL 1.0, those that an article of a newspaper can have.
TEXTS = {"id", "title", "container-title", "language", "URL", "abstract", "note"}
DAY = date(2021, 12, 17)


def items(text: str) -> list[dict[str, Any]]:
    """Return the items of an export, each of which fits the schema."""
    found = json.loads(text)
    assert isinstance(found, list)
    for item in found:
        assert {"id", "type"} <= item.keys() <= TEXTS | {"type", "author", "issued"}
        assert item["type"] == "article-newspaper"
        assert all(isinstance(item[name], str) for name in TEXTS & item.keys())
        for name in item.get("author", []):
            assert name.keys() == {"literal"}
            assert isinstance(name["literal"], str)
        issued = item.get("issued", {"date-parts": [[1]]})
        assert {"date-parts"} <= issued.keys() <= {"date-parts", "circa"}
        assert issued.get("circa", True) is True
        assert 1 <= len(issued["date-parts"]) <= 2
        for parts in issued["date-parts"]:
            assert 1 <= len(parts) <= 3
            assert all(type(part) is int for part in parts)
    return found


def test_an_article_is_one_item_with_its_quotes() -> None:
    [item] = items(export([answer(CITED, SECOND), answer(CITED)], ".csl.json", language="nl"))
    assert item == {
        "id": "krant/1",
        "type": "article-newspaper",
        "title": "Een titel",
        "author": [{"literal": "A. Schrijver; B. Schrijver"}],
        "container-title": "De Krant",
        "issued": {"date-parts": [[2022, 11]]},
        "language": "nl",
        "URL": "https://krant.example/1?a=b;c=d",
        "abstract": f"{CITED.quote}\n\n{SECOND.quote}",
        "note": "[november 2022 (op de maand nauwkeurig, vermeld door de bron)]\n"
        f"[0-57] {CITED.quote}\n[58-84] {SECOND.quote}\ndateline-export 2 nl 1/1",
    }


@pytest.mark.parametrize(
    ("published", "issued"),
    [
        (NOVEMBER, {"date-parts": [[2022, 11]]}),
        (INFERRED, {"date-parts": [[2022, 2, 15], [2022, 2, 18]], "circa": True}),
        (
            PublicationDate(DAY, DAY, Precision.DAY, Provenance.STATED),
            {"date-parts": [[2021, 12, 17]]},
        ),
        (
            PublicationDate(
                date(2021, 1, 1), date(2021, 12, 31), Precision.YEAR, Provenance.INFERRED, score=0.9
            ),
            {"date-parts": [[2021]], "circa": True},
        ),
        (PublicationDate(), None),
    ],
)
def test_a_date_has_the_parts_that_are_known(
    published: PublicationDate, issued: dict[str, Any] | None
) -> None:
    found = replace(SOEROVIKIN, published=published)
    [item] = items(export([answer(replace(CITED, article=found))], ".csl.json"))
    assert item.get("issued") == issued


@pytest.mark.parametrize("hostile", [*HOSTILE, "{:title: Weg}\nissued: 1999", "\\{:DOI: 10.1/1}"])
def test_text_of_an_article_makes_no_field(hostile: str, tmp_path: Path) -> None:
    fields = dict.fromkeys(("id", "title", "source", "author", "url"), hostile)
    found = article(f"a{hostile}b", **fields)
    path = tmp_path / "bronnen.csl.json"
    save(path, [answer(citation(found, 1, 1 + len(hostile)))])
    [item] = items(path.read_text(encoding="utf-8"))
    assert item.get("URL", "https://").startswith("https://")
    assert (item["id"], item["abstract"]) == (hostile, hostile)
    # Citation programs take a line "field: value" of a note for a field, and "{:field: value}".
    assert all(line.startswith(("[", "dateline-export ")) for line in item["note"].split("\n"))
    assert "{:" not in item["note"]
    assert [each.quote for each in read_quotes(path)] == [hostile]
    assert verify(path, {hostile: found}.get) == []
