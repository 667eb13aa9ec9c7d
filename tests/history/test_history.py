"""The history on real files: owners, search, limits, several processes, and damage."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from qa.history.basket import BasketQuote
from qa.history.history import PAGE, History, KeptTurn, Limits
from qa.history.schema import VERSIONS, HistoryError

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
JAN, MIA, NOBODY = "jan", "mia", ""


def at(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


def asked(question: str, name: str = "a", kept: str = '{"x": 1}') -> KeptTurn:
    return KeptTurn(name, question, kept)


def titles(history: History, owner: str, search: str = "") -> list[str]:
    return [each.title for each in history.entries(owner, search=search)[1]]


def test_what_was_kept_comes_back_after_a_restart(path: Path) -> None:
    hostile = "<script>${1}</script> \u202e'; DROP TABLE turn; --\0 \U0001f600"
    with History(path) as history:
        history.keep(JAN, "1", asked(hostile, kept=hostile), at=at(0))
        history.keep(JAN, "1", asked("Tweede", "b"), at=at(1))
        history.keep(JAN, "1", asked("Eerste, beter", "a", "nieuw"), at=at(2))
    assert path.stat().st_mode & 0o077 == 0
    with History(path) as history:
        assert history.turns(JAN, "1") == (
            asked("Eerste, beter", "a", "nieuw"),
            asked("Tweede", "b"),
        )
        (entry,) = history.entries(JAN)[1]
        assert entry.to_dict() == {
            "id": "1",
            "title": "Eerste, beter",
            "turns": 2,
            "started": at(0).isoformat(),
            "changed": at(2).isoformat(),
        }


def test_no_owner_touches_what_is_of_another(history: History) -> None:
    for owner in (JAN, MIA, NOBODY):
        history.keep(owner, "1", asked(f"Van {owner or 'niemand'}"), at=at(0))
    assert titles(history, MIA) == ["Van mia"]
    assert titles(history, NOBODY) == ["Van niemand"]
    assert history.turns("piet", "1") == ()
    assert not history.rename("piet", "1", "Gekaapt")
    assert not history.delete("piet", "1")
    assert history.delete_all("piet") == 0
    assert history.delete_all(MIA) == 1
    assert titles(history, JAN) == ["Van jan"]
    assert history.turns(NOBODY, "1") == (asked("Van niemand"),)


def test_search_reads_titles_and_questions_whatever_their_case_and_accents(
    history: History,
) -> None:
    history.keep(JAN, "1", asked("Wat zei Poetin over Oekraïne?"), at=at(0))
    history.keep(JAN, "1", asked("En over de 100% van het gas_net?", "b"), at=at(0))
    history.keep(JAN, "2", asked("Wie won de Elfstedentocht?"), at=at(1))
    history.rename(JAN, "2", "  Schaatsen\nin 1997 ")
    assert titles(history, JAN) == ["Schaatsen in 1997", "Wat zei Poetin over Oekraïne?"]
    assert titles(history, JAN, "OEKRAINE gas") == ["Wat zei Poetin over Oekraïne?"]
    assert titles(history, JAN, "schaatsen elfsteden") == ["Schaatsen in 1997"]
    assert titles(history, JAN, "100%") == ["Wat zei Poetin over Oekraïne?"]
    assert titles(history, JAN, "10%") == []
    history.rename(JAN, "2", " ")
    assert titles(history, JAN, "1997") == []
    assert titles(history, JAN, "won") == ["Wie won de Elfstedentocht?"]


def test_a_list_comes_in_pages_the_newest_first(history: History) -> None:
    for number in range(PAGE + 2):
        history.keep(JAN, str(number), asked(f"Vraag {number}"), at=at(number))
    history.keep(JAN, "0", asked("Vraag 0"), at=at(100))
    total, first = history.entries(JAN)
    assert (total, len(first), first[0].id) == (PAGE + 2, PAGE, "0")
    assert [each.id for each in history.entries(JAN, offset=PAGE)[1]] == ["2", "1"]


def test_beyond_the_limits_the_longest_unused_leaves(path: Path) -> None:
    with History(path, limits=Limits(conversations=2, turns=2, characters=1000)) as history:
        for number, name in enumerate("abc"):
            history.keep(JAN, "1", asked(name, name), at=at(number))
        assert [each.id for each in history.turns(JAN, "1")] == ["b", "c"]
        history.keep(MIA, "9", asked("Van een ander"), at=at(0))
        history.keep(JAN, "2", asked("Twee"), at=at(5))
        history.keep(JAN, "3", asked("Drie"), at=at(6))
        assert titles(history, JAN) == ["Drie", "Twee"]
        history.keep(JAN, "2", asked("Twee", kept="x" * 990), at=at(7))
        history.keep(JAN, "3", asked("Drie", kept="x" * 5000), at=at(8))
        assert titles(history, JAN) == ["Drie"]
        assert titles(history, MIA) == ["Van een ander"]


def test_what_is_deleted_is_gone_from_the_files(history: History, path: Path) -> None:
    history.keep(
        JAN, "1", asked("De geheime bron heet Zwartepietje", kept="Zwartepietje"), at=at(0)
    )
    history.keep(JAN, "2", asked("Blijft"), at=at(0))
    assert history.delete(JAN, "1")
    left = b"".join(each.read_bytes() for each in path.parent.iterdir())
    assert b"Zwartepietje" not in left
    assert titles(history, JAN) == ["Blijft"]


def test_a_damaged_file_is_named_and_stays(path: Path) -> None:
    path.write_bytes(b"geen databank " * 500)
    with pytest.raises(HistoryError, match=r"history\.sqlite3, is damaged .* move the file away"):
        History(path)
    assert path.read_bytes().startswith(b"geen databank")


def test_damage_while_it_is_used_is_told(history: History, path: Path) -> None:
    history.keep(JAN, "1", asked("Vraag"), at=at(0))
    with sqlite3.connect(path) as other:
        other.execute("DROP TABLE turn")
    with pytest.raises(HistoryError, match=r"is damaged .*no such table"):
        history.turns(JAN, "1")


def test_one_damaged_question_hides_no_other(path: Path) -> None:
    with History(path) as history:
        history.keep(JAN, "1", asked("Het veer"), at=at(0))
        history.keep(JAN, "2", asked("Het gemaal"), at=at(1))
    with sqlite3.connect(path) as other:
        other.execute("UPDATE turn SET question = CAST(x'41ff' AS TEXT) WHERE conversation = 1")
    with History(path) as history:
        assert titles(history, JAN) == ["Het gemaal", "A\ufffd"]
        assert titles(history, JAN, "gemaal") == ["Het gemaal"]
        assert [turn.question for turn in history.turns(JAN, "1")] == ["A\ufffd"]


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE turn SET kept = replace(kept, '27', '37')",
        "UPDATE turn SET question = 'Hoe laat?'",
        "UPDATE turn SET id = 'b'",
        "UPDATE conversation SET owner = 'mia'",
    ],
)
def test_a_turn_that_is_not_what_was_kept_is_empty(path: Path, damage: str) -> None:
    with History(path) as history:
        history.keep(JAN, "1", asked("Wanneer?", kept="27 mei"), at=at(0))
        assert history.turns(JAN, "1")[0].kept == "27 mei"
    with sqlite3.connect(path) as other:
        other.execute(damage)
    with History(path) as history:
        ((turn,),) = filter(None, (history.turns(owner, "1") for owner in (JAN, MIA)))
        assert turn.kept == ""


def test_a_conversation_whose_id_was_damaged_is_not_shown_as_empty(path: Path) -> None:
    with History(path) as history:
        history.keep(JAN, "gesprek1", asked("Wanneer?"), at=at(0))
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (size,) = other.execute("PRAGMA page_size").fetchone()
        (page,) = other.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'conversation'"
        ).fetchone()
    content = bytearray(path.read_bytes())
    place = content.index(b"gesprek1", (page - 1) * size, page * size)  # the index keeps it
    content[place : place + 8] = b"gesp2ek1"
    path.write_bytes(content)
    with History(path) as history:
        assert history.conversations(JAN) == ("gesp2ek1",)
        assert [turn.kept for turn in history.turns(JAN, "gesp2ek1")] == [""]


@pytest.mark.parametrize("there", ["folder", "pipe", "link to nowhere", "database"])
def test_what_is_no_history_is_named_and_left_as_it_is(path: Path, there: str) -> None:
    if there == "folder":
        path.mkdir()
    elif there == "pipe":
        os.mkfifo(path)
    elif there == "link to nowhere":
        path.symlink_to(path.parent / "none" / "none")
    else:
        with closing(sqlite3.connect(path)) as other:
            other.execute("CREATE TABLE van_een_ander (x)")
    with pytest.raises(HistoryError, match=r"history\.sqlite3, (is|cannot) .*; (the arch|free)"):
        History(path)
    if there == "database":
        with closing(sqlite3.connect(path)) as other:
            names = other.execute("SELECT name FROM sqlite_schema").fetchall()
        assert names == [("van_een_ander",)]


def test_half_signs_and_numbers_without_end_are_no_error(history: History) -> None:
    half = "\ud800"
    history.keep(half, half, asked(half, half, half), at=at(0))
    assert titles(history, half, half) == ["?"]
    assert [turn.id for turn in history.turns(half, half)] == ["?"]
    assert history.entries(half, offset=10**30) == (1, ())
    assert history.delete(half, half)


def test_a_file_of_a_newer_version_is_left_alone(path: Path) -> None:
    History(path).close()
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA user_version = 99")
    with pytest.raises(HistoryError, match="version 99, and this Dateline knows 7; use the newer"):
        History(path)


def test_where_nothing_can_be_written_it_stays_in_memory(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda _place, how: how != os.W_OK)  # root may always write
    with History(path) as history:
        assert history.is_in_memory
        history.keep(JAN, "1", asked("Vraag"), at=at(0))
        assert titles(history, JAN) == ["Vraag"]
    assert not path.exists()


def test_a_file_of_the_first_version_opens_with_all_that_it_held(path: Path) -> None:
    with sqlite3.connect(path) as older:
        older.executescript(VERSIONS[0])
        older.execute("PRAGMA user_version = 1")
        older.execute(
            "INSERT INTO conversation (owner, id, started, changed) VALUES ('jan', '1', ?1, ?1)",
            (at(0).isoformat(),),
        )
        older.execute("INSERT INTO turn VALUES (1, 'a', 1, 'Vraag', 2, '{}')")
    for _ in range(2):
        with History(path) as history:
            assert titles(history, JAN) == ["Vraag"]
            assert history.turns(JAN, "1")[0].kept == "{}"
            assert history.basket.quotes(JAN) == ()


def test_a_search_of_the_fourth_version_is_carried_forward(path: Path) -> None:
    with sqlite3.connect(path) as older:
        for version in VERSIONS[:4]:
            older.executescript(version)
        older.execute("PRAGMA user_version = 4")
        older.execute(
            "INSERT INTO search VALUES ('jan', 'brug', 'brug*', '{}', 7, ?)", (at(0).isoformat(),)
        )
    for _ in range(2):
        with History(path) as history:
            (search,) = history.searches.all(JAN)
            assert (search.query, search.seen, search.is_question) == ("brug*", 7, False)
            assert history.findings.all(JAN, "brug") == ()


def test_a_finding_of_the_fifth_version_is_carried_forward(path: Path) -> None:
    with sqlite3.connect(path) as older:
        for version in VERSIONS[:5]:
            older.executescript(version)
        older.execute("PRAGMA user_version = 5")
        older.execute(
            "INSERT INTO search VALUES ('jan', 'veer', 'Wie?', '{}', 3, ?, 3)", (at(0).isoformat(),)
        )
        older.execute(
            "INSERT INTO finding VALUES ('jan', 'veer', 4, 'nrc/4', 'text', 0, 3, 'Het', ?)",
            (at(1).isoformat(),),
        )
    for _ in range(2):
        with History(path) as history:
            (found,) = history.findings.all(JAN, "veer")
            assert (found.text, found.answer_start, found.before) == ("Het", None, None)


def test_a_quote_of_the_sixth_version_is_of_the_archive_of_the_file(path: Path) -> None:
    with sqlite3.connect(path) as older:
        for version in VERSIONS[:6]:
            older.executescript(version)
        older.execute("PRAGMA user_version = 6")
        older.execute(
            "INSERT INTO quote VALUES ('jan', 'q', 4, 'nrc/4', 'text', 0, 3, 'Het', '{}', 'n', ?)",
            (at(0).isoformat(),),
        )
    kept = BasketQuote("q", "nrc/4", "text", 0, 3, "Het", "{}", "n", at(0).isoformat())
    for _ in range(2):
        with History(path) as history:
            assert history.basket.quotes(JAN) == (kept,)
    with History(path) as history:
        other = replace(kept, id="r", archive="drenthe")  # the same words, of another archive
        assert history.basket.add(JAN, other) == other
        assert history.basket.add(JAN, replace(other, id="s")) == other
        assert history.basket.add(JAN, replace(kept, id="s")) == kept
        assert history.basket.quotes(JAN) == (kept, other)


def test_a_file_that_is_deleted_or_replaced_is_followed(history: History, path: Path) -> None:
    """Nothing is kept where nobody finds it, and no log is added to a file that is not its own."""
    history.keep(JAN, "1", asked("Eerst"), at=at(0))
    path.unlink()
    assert titles(history, JAN) == []
    history.keep(JAN, "2", asked("Daarna"), at=at(1))
    with History(path) as found:
        assert titles(found, JAN) == ["Daarna"]

    other = path.with_name("other")
    with History(other) as made:
        made.keep(JAN, "3", asked("Ander"), at=at(2))
    other.replace(path)
    assert titles(history, JAN) == ["Ander"]
    history.keep(JAN, "4", asked("Erbij"), at=at(3))
    with History(path) as found:
        assert titles(found, JAN) == ["Erbij", "Ander"]

    other.hardlink_to(path)
    path.unlink()
    path.write_bytes(b"geen database" * 100)
    for _ in range(2):
        with pytest.raises(HistoryError):
            titles(history, JAN)
    other.replace(path)
    assert titles(history, JAN) == ["Erbij", "Ander"]


def test_a_flipped_byte_in_the_log_changes_no_turn(history: History, path: Path) -> None:
    """As after a crash: the log holds what the file does not, and a disk has damaged it."""
    chance = random.Random(5)
    kept = {f"v{number}": asked(f"Vraag {number}", f"v{number}") for number in range(8)}
    for minute, turn in enumerate(kept.values()):
        history.keep(JAN, "1", turn, at=at(minute))
    crashed = path.with_name("crashed.sqlite3")
    for number in range(40):
        suffix = ("-wal", "-shm")[number % 2]
        for each in ("", "-wal", "-shm"):
            shutil.copy(f"{path}{each}", f"{crashed}{each}")
        damaged = Path(f"{crashed}{suffix}")
        content = bytearray(damaged.read_bytes())
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        damaged.write_bytes(content)
        try:
            with History(crashed) as opened:
                turns = opened.turns(JAN, "1")
        except HistoryError:
            continue
        assert list(turns) == list(kept.values())[: len(turns)]
