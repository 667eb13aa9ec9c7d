"""Near copies: found among edited copies of real and made texts, and kept between calls."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

import pytest

from index_store.indexes import copies
from index_store.local import LocalStore
from index_store.records import UNKNOWN_DATE, Article, Precision, Provenance, PublicationDate
from tests.made_news import make_archive
from tests.paths import DATA, SEEDS
from tests.store_building import make_article, make_store, put

DAY = date(2022, 6, 15)
ANP = (
    "De gemeenteraad van Oostkerk heeft woensdag ingestemd met de bouw van een nieuwe sluis bij de "
    "Zuiddijk. Wethouder Ada Blok sprak na afloop van een historisch besluit voor het hele gebied. "
    "De bouw kost 41 miljoen euro en begint volgend voorjaar. Tegenstanders vrezen voor de "
    "weidevogels in de polder en stappen naar de rechter, zo zei hun voorman Bas Kuiper."
)


def stated(day: date) -> PublicationDate:
    return PublicationDate(day, day, Precision.DAY, Provenance.STATED, day.isoformat())


def groups(store: LocalStore) -> list[list[str]]:
    """Return the ids of each group, the first article first."""
    found: dict[int, list[int]] = {}
    for number, first in store.copies().items():
        found.setdefault(first, []).append(number)
    names = store.catalog.articles_by_number(list(store.copies()))
    return sorted([names[each].id for each in sorted(group)] for group in found.values())


def stored(folder: Path, *texts: str, days: Iterable[date] = ()) -> LocalStore:
    dates = [*map(stated, days)] or [stated(DAY)] * len(texts)
    return make_store(
        folder / "store",
        [
            make_article(f"a{at}", text, published=day)
            for at, (text, day) in enumerate(zip(texts, dates, strict=True))
        ],
    )


# Edits as desks make them


def small(text: str, chance: random.Random) -> str:
    """Change one to five in a hundred words."""
    words = text.split(" ")
    for _ in range(max(1, round(len(words) * chance.uniform(0.01, 0.05)))):
        at = chance.randrange(len(words) - 1)
        change = chance.choice(["leave out", "swap", "put in"])
        if change == "leave out":
            del words[at]
        elif change == "swap":
            words[at], words[at + 1] = words[at + 1], words[at]
        else:
            words[at] = chance.choice(["maandag", "inmiddels", "ruim", "1.250", "zo zegt men"])
    return " ".join(words)


def opened(text: str, chance: random.Random) -> str:
    return chance.choice(["Door onze redacteur\n\n", "(ANP) - ", "WATERDAM - "]) + text


def cut(text: str, chance: random.Random) -> str:
    """Cut the end, and leave 40 to 85 of a hundred sentences."""
    sentences = re.split(r"(?<=[.!?”])\s+", text)
    return " ".join(sentences[: max(1, round(len(sentences) * chance.uniform(0.4, 0.85)))])


def number(text: str, chance: random.Random) -> str:
    del chance
    return re.sub(r"\d+", lambda found: str(int(found[0]) + 1), text, count=1)


def all_of_them(text: str, chance: random.Random) -> str:
    return opened(small(cut(text, chance), chance), chance)


EDITS: tuple[Callable[[str, random.Random], str], ...] = (small, opened, cut, number, all_of_them)


def texts() -> list[str]:
    """Return texts of at least twenty words: real and invented news, and stories told often."""
    found = []
    for name in ("stories", "archive_articles", "comparison_articles"):
        lines = (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        found += [json.loads(line)["text"] for line in lines]
    made = make_archive(5, count=150)
    found += [each.article.text for each in (*made.hidden, *made.dated)]
    for path in sorted(SEEDS.glob("*.txt")):
        found += re.split(r"\n\s*\n", path.read_text(encoding="utf-8"))
    return [text for text in found if len(text.split()) >= 20]


@pytest.mark.parametrize(("half", "fewest"), [(0, 106), (1, 107)])
def test_edited_copies_are_found_and_nothing_else(tmp_path: Path, half: int, fewest: int) -> None:
    # The limits were chosen on the first half; the second half was only measured.
    chance = random.Random(half)
    originals = texts()[half::2]
    articles = [make_article(f"{at}/0", text) for at, text in enumerate(originals)]
    pairs = set()
    for at, text in list(enumerate(originals))[::3]:
        articles.append(make_article(f"{at}/1", chance.choice(EDITS)(text, chance)))
        pairs.add((f"{at}/0", f"{at}/1"))
    with closing(make_store(tmp_path / "store", articles)) as store:
        found = {tuple(sorted(pair)) for group in groups(store) for pair in combinations(group, 2)}
    assert len(pairs) >= 100
    wrong = {pair for pair in found if pair[0].split("/")[0] != pair[1].split("/")[0]}
    assert not wrong
    assert len(found & pairs) >= fewest, (len(found & pairs), len(pairs))


# What is a copy


def test_copies_with_another_headline_a_cut_end_or_a_slip_are_one_group(tmp_path: Path) -> None:
    slip, end = ANP.replace("41 miljoen", "14 miljoen"), ANP[: ANP.index(" Tegenstanders")]
    other = "De brug bij Steenhoek blijft tot april dicht, zei de provincie woensdag in een brief."
    with closing(stored(tmp_path, ANP, f"OOSTKERK (ANP) - {ANP}", slip, end, other)) as store:
        assert groups(store) == [["a0", "a1", "a2", "a3"]]


def test_the_same_words_a_year_later_are_no_copy(tmp_path: Path) -> None:
    near, far = DAY + timedelta(days=20), DAY + timedelta(days=365)
    with closing(
        stored(tmp_path, ANP, f"{ANP} Slot.", f"{ANP} Eind.", days=[DAY, near, far])
    ) as store:
        assert groups(store) == [["a0", "a1"]]


def test_an_article_of_unknown_date_may_be_a_copy(tmp_path: Path) -> None:
    first = make_article("a", ANP, published=stated(DAY))
    with closing(make_store(tmp_path, [first, make_article("b", f"{ANP} Slot.")])) as store:
        assert groups(store) == [["a", "b"]]


def test_an_excerpt_and_a_line_are_no_copies(tmp_path: Path) -> None:
    long = " ".join(f"{text} Nummer {at}." for at, text in enumerate(texts()[:30]))
    part = texts()[3]
    with closing(stored(tmp_path, long, part, "De redactie.", "De redactie!", "")) as store:
        assert groups(store) == []


def test_no_chain_of_changes_joins_two_stories(tmp_path: Path) -> None:
    words = texts()[0].split() + texts()[40].split() + texts()[80].split()
    steps = [" ".join(words[at : at + 60]) for at in range(0, 40, 8)]
    with closing(stored(tmp_path, *steps)) as store:
        for group in groups(store):
            first = copies.shingles_of(steps[int(group[0][1:])])
            for other in group[1:]:
                second = copies.shingles_of(steps[int(other[1:])])
                assert (
                    len({*first} & {*second}) / min(len(first), len(second)) >= copies.LEAST_SHARED
                )


def test_many_copies_of_one_text_do_not_take_long(tmp_path: Path) -> None:
    many = [f"{ANP} Bericht {at} van vandaag." for at in range(400)]
    with closing(stored(tmp_path, *many)) as store:
        (group,) = groups(store)
        assert len(group) == 400


# What is kept


def test_what_was_computed_is_kept_and_equals_what_is_computed_anew(tmp_path: Path) -> None:
    chance = random.Random(3)
    originals = [
        make_article(f"o{at}", text, published=stated(DAY)) for at, text in enumerate(texts()[:60])
    ]
    edited = [
        make_article(f"e{at}", all_of_them(article.text, chance), published=stated(DAY))
        for at, article in enumerate(originals[::2])
    ]
    with closing(make_store(tmp_path / "grown", originals)) as store:
        assert groups(store) == []
        with store.writing("test") as writer:
            put(writer.catalog, edited)
        grown = groups(store)
        with store.writing("test") as writer:
            writer.catalog.remove(["e0"])
            put(writer.catalog, [replace(edited[1], text="Heel iets anders dan eerst, en korter.")])
        shrunk = groups(store)
    assert grown
    assert [group for group in grown if "e0" not in group and "e1" not in group] == shrunk
    with closing(make_store(tmp_path / "fresh", [*originals, *edited])) as fresh:
        assert groups(fresh) == grown


def test_a_second_call_reads_the_file_and_a_damaged_file_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(stored(tmp_path, ANP, f"{ANP} Slot.")) as store:
        expected = dict(store.copies())
    file = tmp_path / "store" / "derived" / "copies.npz"
    with monkeypatch.context() as changed:
        changed.setattr(copies, "shingles_of", None)  # whoever calls it fails
        with closing(LocalStore(tmp_path / "store")) as again:
            assert again.copies() == expected
    whole = file.read_bytes()
    for damaged in (b"", b"PK\x03\x04", whole[: len(whole) // 2], whole[:-40] + b"\0" * 40):
        file.write_bytes(damaged)
        with closing(LocalStore(tmp_path / "store")) as again:
            assert again.copies() == expected
    file.unlink()
    file.mkdir()
    with closing(LocalStore(tmp_path / "store")) as again:
        assert again.copies() == expected
        assert [each for each in again.check() if "copies.npz: it cannot be read" in each]


def test_an_empty_archive_has_no_copies(tmp_path: Path) -> None:
    with closing(LocalStore(tmp_path / "store", create=True)) as store:
        assert store.copies() == {}
    assert Article("a", None, "x", UNKNOWN_DATE, "krant").content_hash
