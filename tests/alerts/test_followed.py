"""Questions that are followed: only what came in is asked, and only what answers is told."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import pytest

from index_store.local import LocalStore
from qa.alerts import Alerts, Followed, FoundQuote, NewQuotes
from qa.alerts.arrivals import MOST_ANSWERS
from qa.archive import Archive
from qa.assistant import Assistant
from qa.errors import SettingsError
from qa.history.history import FILE_NAME, History
from qa.history.searches import SavedSearch
from qa.models.loading import Models
from tests.conftest import open_hashed
from tests.store_building import processes

TODAY = date(2026, 3, 2)
QUESTION = "Hoeveel schepen varen over het kanaal?"
BREAD = "De bakker in Weesp bakt elke ochtend brood en koek."


def ships(number: int) -> str:
    return f"Over het kanaal varen {number} schepen."


def ingest(assistant: Assistant, folder: Path, **texts: str) -> None:
    lines = [json.dumps({"id": key, "source": "NRC", "text": text}) for key, text in texts.items()]
    (folder / "krant.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assistant.ingest([folder / "krant.jsonl"], replace=True)


def told(quotes: tuple[FoundQuote, ...]) -> dict[str, str]:
    """Return the quotes by article; each stands verbatim at its place."""
    for each in quotes:
        match, whole = each.match(5), getattr(each.article, each.place.field)
        assert whole[each.place.start : each.place.end] == match.match
    return {each.article.id: each.match(0).match for each in quotes}


class Desk:
    """An archive with one followed question, and what is done with both."""

    def __init__(self, assistant: Assistant, history: History, folder: Path) -> None:
        self.assistant, self.history, self.folder = assistant, history, folder
        self.alerts, self.followed = Alerts(assistant, history), Followed(assistant, history)

    def ingest(self, **texts: str) -> None:
        ingest(self.assistant, self.folder, **texts)

    def follow(self, question: str = QUESTION, **selection: Any) -> None:
        self.alerts.save("schepen", question, selection, is_question=True)  # type: ignore[arg-type]

    @property
    def search(self) -> SavedSearch:
        (saved,) = self.alerts.all()
        return saved

    def look(self) -> NewQuotes:
        return self.followed.look(self.search, today=TODAY)


@pytest.fixture
def desk(store_path: Path, tmp_path: Path) -> Iterator[Desk]:
    with open_hashed(store_path) as assistant, History(store_path / FILE_NAME) as history:
        made = Desk(assistant, history, tmp_path)
        made.ingest(oud=ships(7))
        yield made


@pytest.fixture
def without_models(store_path: Path) -> Callable[[], Any]:
    """Return what opens the store with models that cannot be loaded."""

    def refuse(*_: object) -> Any:
        raise AssertionError("a model is loaded")

    def opened() -> Assistant:
        models = Models(load_encoder=refuse, load_reader=refuse)
        return Assistant(Archive(LocalStore(store_path), models))

    return opened


def test_what_answers_among_what_came_in_is_told_until_it_is_seen(desk: Desk) -> None:
    desk.follow()
    assert desk.look().quotes == ()  # the archive held it before
    desk.ingest(nieuw=ships(12), brood=BREAD)
    assert desk.followed.is_pending(desk.search)
    found = desk.look()
    assert told(found.new) == {"nieuw": ships(12)}
    assert not desk.followed.is_pending(desk.search)
    assert told(desk.look().new) == {"nieuw": ships(12)}  # nobody said that it was seen
    assert desk.alerts.see("schepen", found.upto)
    assert desk.look().new == ()
    assert told(desk.look().quotes) == {"nieuw": ships(12)}
    desk.ingest(later=ships(31))
    assert told(desk.look().new) == {"later": ships(31)}


def test_an_article_is_read_once_for_a_question(
    desk: Desk, without_models: Callable[[], Assistant]
) -> None:
    desk.follow()
    desk.ingest(nieuw=ships(12))
    desk.look()
    with without_models() as other:
        found = Followed(other, desk.history).look(desk.search, today=TODAY)
    assert told(found.new) == {"nieuw": ships(12)}


def test_no_model_is_loaded_where_nothing_can_answer(
    desk: Desk, without_models: Callable[[], Assistant]
) -> None:
    desk.follow(sources=["Trouw"])
    for texts in ({}, {"nieuw": ships(12)}):  # nothing new, and nothing that passes the bounds
        if texts:
            desk.ingest(**texts)
        with without_models() as other:
            followed = Followed(other, desk.history)
            assert followed.look(desk.search, today=TODAY).quotes == ()
            assert not followed.is_pending(desk.search)


def test_all_that_answers_is_told_and_not_the_best_few(desk: Desk) -> None:
    desk.follow()
    count = 9
    assert count < MOST_ANSWERS
    desk.ingest(**{f"n{number}": ships(100 + number) for number in range(count)}, brood=BREAD)
    assert set(told(desk.look().new)) == {f"n{number}" for number in range(count)}


def long_story(number: int) -> str:
    rest = " ".join(f"Bij sluis {each} wacht een schipper op de brugwachter." for each in range(9))
    return f"{ships(number)} {rest}"


def test_a_copy_brings_no_new_quote(desk: Desk) -> None:
    desk.ingest(eerder=long_story(7))
    desk.follow()
    desk.ingest(kopie=f"{long_story(7)} (ANP)")
    assert told(desk.look().quotes) == {}
    desk.ingest(een=long_story(80), twee=f"{long_story(80)} (ANP)")
    assert len(told(desk.look().quotes)) == 1


def test_what_is_corrected_or_removed_is_told_no_more(desk: Desk) -> None:
    desk.follow()
    desk.ingest(vast=ships(11), schuift=ships(12), anders=ships(13), weg=ships(14))
    assert len(told(desk.look().new)) == 4
    desk.ingest(schuift=f"Correctie. {ships(12)}", anders=BREAD)
    desk.assistant.remove("weg")
    assert told(desk.look().new) == {"vast": ships(11), "schuift": ships(12)}
    desk.alerts.see("schepen", desk.look().upto)
    desk.ingest(weg=ships(14))  # it comes in again
    assert told(desk.look().new) == {"weg": ships(14)}


def test_an_archive_that_was_put_back_tells_all_again(desk: Desk) -> None:
    desk.follow()
    last = desk.search.seen
    later = last + 100  # of a state that is lost
    desk.history.searches.see("", "schepen", later, last=later)
    desk.history.findings.add("", desk.search, (), later, last=later)
    assert told(desk.look().new) == {"oud": ships(7)}
    assert desk.search.asked == last


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("   ", "empty"),
        ("?!", "no words"),
        ("\ud800 wie", "valid Unicode"),
        ("wie " * 2500, "characters"),
        ("Hoeveel artikelen gaan over het kanaal?", "no quote"),
        ("Hallo", "no quote"),
    ],
)
def test_what_cannot_be_followed_is_refused(desk: Desk, question: str, why: str) -> None:
    with pytest.raises(SettingsError, match=why):
        desk.follow(question)
    assert desk.alerts.all() == ()


def test_hostile_words_stay_words(desk: Desk) -> None:
    question = "<script>alert(1)</script> Hoeveel schepen varen over het kanaal? {0} %s '; DROP"
    desk.follow(question)
    desk.ingest(nieuw=f"<b>{ships(12)}</b>\x1b[31m")
    assert "nieuw" in told(desk.look().new)
    assert desk.search.query == question


def test_a_damaged_question_is_told_with_what_to_do(desk: Desk, store_path: Path) -> None:
    desk.follow()
    desk.ingest(nieuw=ships(12))
    for column, value in (("selection", "{"), ("selection", "3"), ("query", " ")):
        with closing(sqlite3.connect(store_path / FILE_NAME)) as file, file:
            file.execute(f"UPDATE search SET {column} = ?", (value,))
        with pytest.raises(SettingsError, match=r"'schepen' cannot be read .*alerts remove"):
            desk.look()


def test_a_question_that_was_replaced_meanwhile_keeps_nothing_of_the_other(desk: Desk) -> None:
    desk.follow()
    former = desk.search
    desk.ingest(nieuw=ships(12))
    desk.alerts.remove("schepen")
    desk.follow("Waar bakt de bakker brood?")
    desk.followed.look(former, today=TODAY)
    assert desk.look().quotes == ()


def look_together(store: Path, barrier: Barrier) -> None:
    with open_hashed(store) as assistant, History(store / FILE_NAME) as history:
        (search,) = Alerts(assistant, history).all()
        barrier.wait(timeout=120)
        found = Followed(assistant, history).look(search, today=TODAY)
        assert len(found.new) == 3, found


def test_processes_that_look_at_once_keep_each_quote_once(desk: Desk, store_path: Path) -> None:
    desk.follow()
    desk.ingest(**{f"n{number}": ships(100 + number) for number in range(3)})
    context = processes()
    barrier = context.Barrier(2)
    others = [context.Process(target=look_together, args=(store_path, barrier)) for _ in range(2)]
    for each in others:
        each.start()
    for each in others:
        each.join()
    assert [each.exitcode for each in others] == [0, 0]
    assert len(desk.history.findings.all("", "schepen")) == 3


def dated(**texts: tuple[str, str]) -> list[str]:
    return [
        json.dumps({"id": key, "source": "NRC", "date": day, "text": text})
        for key, (day, text) in texts.items()
    ]


class DatedDesk(Desk):
    """The same, of which the articles are dated: their texts come with a day."""

    def come_in(self, **texts: tuple[str, str]) -> list[tuple[str, str, str | None]]:
        """Return the article and answer of each quote that is new then, and the answer before."""
        (self.folder / "krant.jsonl").write_text("\n".join(dated(**texts)), encoding="utf-8")
        self.assistant.ingest([self.folder / "krant.jsonl"], replace=True)
        found = self.look()
        self.alerts.see("schepen", found.upto)
        return [
            (each.article.id, each.words, each.before.words if each.before else None)
            for each in found.new
        ]


@pytest.fixture
def paper(store_path: Path, tmp_path: Path) -> Iterator[DatedDesk]:
    with open_hashed(store_path) as assistant, History(store_path / FILE_NAME) as history:
        made = DatedDesk(assistant, history, tmp_path)
        lines = dated(oud=("2020-01-03", ships(7)), brood=("2020-02-01", BREAD))
        (tmp_path / "krant.jsonl").write_text("\n".join(lines), encoding="utf-8")
        assistant.ingest([tmp_path / "krant.jsonl"])
        made.follow()
        yield made


def test_an_answer_that_changes_is_told_once_with_the_one_before(paper: DatedDesk) -> None:
    ((article, words, before),) = paper.come_in(nieuw=("2023-05-04", ships(12)))
    assert (article, before is not None) == ("nieuw", True)
    assert ("12" in words, "7" in str(before)) == (True, True)
    (quote,) = paper.look().quotes
    assert quote.before is not None
    assert quote.before.article.id == "oud"
    assert quote.before.match(0).match == ships(7)
    told = quote.change_to_dict(0)["changed"]
    assert (told["answer"], told["before"]["match"]) == (words, ships(7))
    assert told["before"]["published"]["first"] == "2020-01-03"
    # The same answer once more, in words, is a new quote and no change.
    ((_, _, again),) = paper.come_in(later=("2023-06-01", "Over het kanaal varen twaalf schepen."))
    assert again is None
    ((_, _, before),) = paper.come_in(laatst=("2024-06-01", ships(31)))
    assert "12" in str(before) or "twaalf" in str(before)


def test_what_is_older_undated_or_as_new_changes_no_answer(paper: DatedDesk) -> None:
    assert [each[2] for each in paper.come_in(ouder=("2019-05-04", ships(3)))] == [None]
    assert [each[2] for each in paper.come_in(zelfde=("2020-01-03", ships(8)))] == [None]
    paper.ingest(zonder=ships(15))
    assert [each.before for each in paper.look().new] == [None]


def test_a_first_answer_is_no_change(desk: Desk) -> None:
    desk.follow("Hoeveel treinen rijden over de brug?")
    desk.ingest(trein="Over de brug rijden 12 treinen.")
    assert [each.before for each in desk.look().new] == [None]


def test_a_change_is_shown_as_long_as_what_stood_before_does(paper: DatedDesk) -> None:
    paper.come_in(nieuw=("2023-05-04", ships(12)))
    paper.ingest(oud=f"Correctie. {ships(7)}")
    (quote,) = paper.look().quotes
    assert quote.before is not None
    assert quote.before.words == "7" or quote.before.words.startswith("7 ")
    paper.assistant.remove("oud")
    (quote,) = paper.look().quotes
    assert quote.before is None


def test_what_is_damaged_of_a_change_is_left_out(paper: DatedDesk, store_path: Path) -> None:
    paper.come_in(nieuw=("2023-05-04", ships(12)))
    for value in ("{", "3", '{"article_id": 3}', '{"article_id": "oud", "field": "x"}'):
        with closing(sqlite3.connect(store_path / FILE_NAME)) as file, file:
            file.execute("UPDATE finding SET before = ?", (value,))
        (quote,) = paper.look().quotes
        assert quote.before is None
