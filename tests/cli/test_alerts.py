"""`dateline alerts`: what is new for saved searches, told once."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
from typer.testing import CliRunner

from qa.__main__ import app
from qa.alerts import Alerts
from qa.errors import SettingsError
from qa.history.history import FILE_NAME, History
from qa.history.schema import HistoryError
from qa.history.searches import MOST_SEARCHES
from tests.conftest import open_hashed
from tests.store_building import make_article, make_store, put

runner = CliRunner()


def write(store: Path, folder: Path, name: str, text: str) -> None:
    (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    with open_hashed(store) as assistant:
        assistant.ingest([folder])


def told(store: Path, *options: str) -> list[dict[str, Any]]:
    result = runner.invoke(app, ["alerts", "--store", str(store), "--json", *options])
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture
def folder(store_path: Path, tmp_path: Path) -> Path:
    made = tmp_path / "artikelen"
    made.mkdir()
    write(store_path, made, "een", "De brug bij Zaandam is dicht.")
    return made


def save(store: Path, *words: str) -> None:
    result = runner.invoke(app, ["alerts", "add", *words, "--store", str(store)])
    assert result.exit_code == 0, result.output


def test_what_comes_in_after_saving_is_told_once(store_path: Path, folder: Path) -> None:
    save(store_path, "bruggen", "brug*")
    assert told(store_path) == []  # the archive held it before
    write(store_path, folder, "twee", "Een brug en nog een brug in Weesp.")
    write(store_path, folder, "drie", "In Weesp ligt een sluis.")
    assert len(told(store_path, "--keep")) == 2
    first, second = told(store_path)
    assert (first["alert"], first["match"], first["start"]) == ("bruggen", "brug", 4)
    assert second["start"] > first["start"]
    assert told(store_path) == []


def test_words_for_people_name_the_search_and_its_counts(store_path: Path, folder: Path) -> None:
    save(store_path, "bruggen", "brug*")
    write(store_path, folder, "twee", "Een brug in Weesp.")
    shown = runner.invoke(app, ["alerts", "--store", str(store_path)]).stdout
    assert shown.startswith("bruggen: ")
    assert "[brug]" in shown
    listed = runner.invoke(app, ["alerts", "list", "--store", str(store_path)]).stdout
    assert listed == "bruggen\tbrug*\n"


def test_bounds_are_kept(store_path: Path, folder: Path) -> None:
    save(store_path, "vroeger", "brug*", "--until", "2001", "--source", "elders")
    write(store_path, folder, "twee", "Een brug in Weesp.")
    assert told(store_path) == []
    [kept] = runner.invoke(
        app, ["alerts", "list", "--store", str(store_path), "--json"]
    ).stdout.splitlines()
    assert json.loads(kept)["query"] == "brug*"


def test_each_search_has_its_own_last_look(store_path: Path, folder: Path) -> None:
    save(store_path, "bruggen", "brug*")
    write(store_path, folder, "twee", "Een brug over de Vecht in Weesp.")
    save(store_path, "Weesp", "Weesp")
    assert {each["alert"] for each in told(store_path)} == {"bruggen"}


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("bruggen", "sluis"), "already"),
        (("  ", "sluis"), "printable"),
        (("x" * 101, "sluis"), "printable"),
        (("a\x1bb", "sluis"), "printable"),
        (("sluizen", '"open'), "open"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_what_cannot_be_saved_is_refused(
    store_path: Path, words: tuple[str, str], why: str
) -> None:
    save(store_path, "bruggen", "brug*")
    refused = runner.invoke(app, ["alerts", "add", *words, "--store", str(store_path)])
    assert refused.exit_code == 2
    assert why in refused.output
    listed = runner.invoke(app, ["alerts", "list", "--store", str(store_path)]).stdout
    assert listed == "bruggen\tbrug*\n"


def test_a_removed_search_is_told_no_more(store_path: Path, folder: Path) -> None:
    save(store_path, "bruggen", "brug*")
    for code in (0, 1):
        gone = runner.invoke(app, ["alerts", "remove", "bruggen", "--store", str(store_path)])
        assert gone.exit_code == code
    write(store_path, folder, "twee", "Een brug in Weesp.")
    assert told(store_path) == []


@pytest.mark.usefixtures("folder")
def test_an_archive_that_was_put_back_tells_all_again(store_path: Path) -> None:
    with open_hashed(store_path) as assistant, History(store_path / FILE_NAME) as history:
        known = Alerts(assistant, history)
        saved = known.save("bruggen", "brug*", {})
        news = known.news_of(saved)
        assert list(news.matches) == []
        later = news.upto + 100  # of a state that is lost
        history.searches.see("", "bruggen", later, last=later)
        [seen] = known.all()
        news = known.news_of(seen)
        assert [each.match for each in news.matches] == ["brug"]


def test_what_comes_in_and_cannot_be_searched_yet_stays_new(store_path: Path) -> None:
    make_store(store_path, [make_article("eerst", "Een brug.")]).close()
    with open_hashed(store_path) as assistant, History(store_path / FILE_NAME) as history:
        known = Alerts(assistant, history)
        saved = known.save("bruggen", "brug*", {})
        with assistant.archive.store.writing("test") as writer:
            put(writer.catalog, [make_article("laat", "Nog een brug.")])
            news = known.news_of(saved)
            assert list(news.matches) == []
            assert known.see("bruggen", news.upto)
        [seen] = known.all()
        assert [each.article_id for each in known.news_of(seen).matches] == ["laat"]


@pytest.mark.usefixtures("folder")
def test_owners_do_not_see_each_other_and_have_bounded_room(store_path: Path) -> None:
    with open_hashed(store_path) as assistant, History(store_path / FILE_NAME) as history:
        ria, bas = (Alerts(assistant, history, name) for name in ("ria", "bas"))
        for number in range(MOST_SEARCHES):
            ria.save(f"zoek {number}", "brug", {})
        with pytest.raises(SettingsError, match="remove one"):
            ria.save("nog een", "brug", {})
        bas.save("zoek 0", "sluis", {})
        assert [each.query for each in bas.all()] == ["sluis"]
        assert bas.remove("zoek 0")
        assert len(ria.all()) == MOST_SEARCHES


def test_a_feed_holds_the_newest_articles_and_is_read_by_a_feed_reader(
    store_path: Path, folder: Path
) -> None:
    save(store_path, "bruggen & meer", "brug*")
    hostile = "<script>alert(1)</script> ]]> &amp; een brug\x1b[31m \ufffe in Weesp"
    write(store_path, folder, "2023-05-04 twee", hostile)
    write(store_path, folder, "drie", "In Weesp ligt een sluis.")
    command = ["alerts", "atom", "bruggen & meer", "--store", str(store_path)]
    printed = runner.invoke(app, command).stdout
    feed = feedparser.parse(printed)
    assert not feed.bozo
    assert feed.feed.title == "bruggen & meer"
    assert len(feed.entries) == 2
    assert len({entry.id for entry in feed.entries}) == 2
    shown = ElementTree.fromstring(printed).findall(".//{*}summary")
    assert any(
        "<script>alert(1)</script> ]]> &amp; een brug" in (each.text or "") for each in shown
    )
    assert told(store_path)  # still new
    unknown = runner.invoke(app, ["alerts", "atom", "sluizen", "--store", str(store_path)])
    assert unknown.exit_code == 1


@pytest.mark.usefixtures("folder")
def test_options_before_a_command_are_refused_and_not_ignored(
    store_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = runner.invoke(app, ["alerts", "--store", str(tmp_path), "list"])
    assert refused.exit_code == 2
    assert "behind the command" in refused.output
    monkeypatch.setenv("DATELINE_STORE", str(store_path))
    assert runner.invoke(app, ["alerts", "list"]).exit_code == 0


def test_a_search_without_news_is_told_beside_the_news(store_path: Path, folder: Path) -> None:
    save(store_path, "bruggen", "brug*")
    save(store_path, "sluizen", "sluis*")
    write(store_path, folder, "twee", "Een brug in Weesp.")
    shown = runner.invoke(app, ["alerts", "--store", str(store_path)])
    assert "sluizen" not in shown.stdout
    assert "nothing new: sluizen" in shown.stderr


def test_an_empty_archive_has_no_news(store_path: Path) -> None:
    open_hashed(store_path).close()
    save(store_path, "bruggen", "brug*")
    assert told(store_path) == []


@pytest.mark.usefixtures("folder")
def test_a_damaged_search_is_named_with_what_to_do(store_path: Path) -> None:
    save(store_path, "bruggen", "brug*")
    for column, value in (("selection", "{"), ("selection", "3"), ("query", '"open')):
        with closing(sqlite3.connect(store_path / FILE_NAME)) as file, file:
            file.execute(f"UPDATE search SET {column} = ?", (value,))
        for command in (["alerts"], ["alerts", "atom", "bruggen"]):
            done = runner.invoke(app, [*command, "--store", str(store_path)])
            assert done.exit_code == 1
            assert isinstance(done.exception, SystemExit)  # no traceback
            assert "'bruggen' cannot be read" in done.stderr
            assert "alerts remove" in done.stderr


@pytest.mark.usefixtures("folder")
def test_a_folder_that_can_only_be_read_is_told(
    store_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(store_path, "bruggen", "brug*")
    monkeypatch.setattr(os, "access", lambda _place, how: how != os.W_OK)  # root may always write
    with pytest.raises(HistoryError, match="can only be read"):
        History.on_disk(store_path / FILE_NAME)
