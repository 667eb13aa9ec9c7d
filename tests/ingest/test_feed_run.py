"""Feeds that a local server gives, in all the ways in which servers fail."""

from __future__ import annotations

import gzip
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from typer.testing import CliRunner, Result

from qa.__main__ import app
from qa.assistant import Assistant
from qa.cli.feed import FeedRun
from qa.errors import SettingsError
from qa.ingest.feeds.addresses import addresses_of, check_url, is_public
from qa.ingest.feeds.client import FetchError, FetchLimits, fetch
from qa.ingest.feeds.subscriptions import Subscription, Subscriptions
from qa.ingest.refusals import RefusedError
from qa.ingest.report import IngestReport
from tests.conftest import open_hashed

LIMITS = FetchLimits(most_bytes=200_000, connect=1.0, pause=0.5, whole=1.0)
NOW = "2024-03-01T10:00:00+00:00"

Answer = Callable[[BaseHTTPRequestHandler], None]


def rss(*items: tuple[str, str, str]) -> bytes:
    """Make a feed of items with a guid, a title and a text."""
    written = "".join(
        f"<item><guid isPermaLink='false'>{guid}</guid><title>{title}</title>"
        f"<link>https://krant.example/{guid}</link><author>Jo Smit</author>"
        f"<pubDate>Fri, 01 Mar 2024 08:00:00 +0100</pubDate>"
        f"<description>{text}</description></item>"
        for guid, title, text in items
    )
    return (
        f"<rss version='2.0'><channel><title>Polderblad</title>{written}</channel></rss>".encode()
    )


ONE = ("1", "Brug dicht", "De brug bij Zwolle is sinds maandag dicht.")
TWO = ("2", "Veer vaart", "De veerpont vaart weer tussen Hattem en Zwolle.")


def giving(body: bytes, *, status: int = 200, **headers: str) -> Answer:
    def answer(asked: BaseHTTPRequestHandler) -> None:
        asked.send_response(status)
        for name, value in headers.items():
            asked.send_header(name.replace("_", "-"), value)
        asked.send_header("Content-Length", str(len(body)))
        asked.end_headers()
        asked.wfile.write(body)

    return answer


def giving_if_changed(body: bytes, tag: str) -> Answer:
    def answer(asked: BaseHTTPRequestHandler) -> None:
        is_known = asked.headers["If-None-Match"] == tag
        giving(b"" if is_known else body, status=304 if is_known else 200, ETag=tag)(asked)

    return answer


def dripping(asked: BaseHTTPRequestHandler) -> None:
    asked.send_response(200)
    asked.end_headers()
    try:
        for _ in range(60):
            asked.wfile.write(b" ")
            asked.wfile.flush()
            time.sleep(0.1)
    except OSError:
        return


def silent(asked: BaseHTTPRequestHandler) -> None:
    time.sleep(1.5)
    asked.close_connection = True


def endless(asked: BaseHTTPRequestHandler) -> None:
    asked.send_response(200)
    asked.end_headers()
    try:
        for _ in range(10_000):
            asked.wfile.write(b"<item/>" * 1_000)
    except OSError:
        return


class Server:
    """A server whose answers a test sets, path by path."""

    def __init__(self) -> None:
        answers: dict[str, Answer] = {}
        requests: list[dict[str, str]] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                requests.append({"path": self.path, **dict(self.headers.items())})
                answers.get(self.path, giving(b"niets", status=404))(self)

            def log_message(self, *_: object) -> None:
                pass

        self.answers, self.requests = answers, requests
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.http.server_address[1]}"
        self.thread = threading.Thread(target=self.http.serve_forever, args=(0.02,))
        self.thread.start()

    def set(self, answer: Answer, path: str = "/rss") -> str:
        self.answers[path] = answer
        return self.address + path

    def close(self) -> None:
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()


@pytest.fixture
def server() -> Iterator[Server]:
    started = Server()
    yield started
    started.close()


class Following:
    """The feeds of an archive, with what running them told."""

    def __init__(self, assistant: Assistant) -> None:
        self.feeds = Subscriptions(assistant.archive.store.path)
        self.shown: list[IngestReport | str] = []
        self.told: list[str] = []
        self.run = FeedRun(
            assistant,
            threading.Event(),
            show=lambda _, done: self.shown.append(done),
            tell=self.told.append,
            limits=LIMITS,
        )

    def once(self, url: str) -> IngestReport | str:
        self.feeds.add(url, source=None, now=NOW)
        is_well = self.run.once([url])
        done = self.shown[-1]
        refused = isinstance(done, str) or bool(done.refused)
        assert is_well is not refused or str(done).startswith("not fetched: the server wants")
        return done

    def report(self, url: str) -> IngestReport:
        done = self.once(url)
        assert not isinstance(done, str), done
        return done

    def failure(self, url: str) -> str:
        done = self.once(url)
        assert isinstance(done, str), done
        return done

    def kept(self, url: str) -> Subscription:
        return next(each for each in self.feeds.all() if each.url == url)


@pytest.fixture
def following(assistant: Assistant) -> Following:
    return Following(assistant)


def test_items_become_articles_with_what_the_feed_states(
    server: Server, following: Following, assistant: Assistant
) -> None:
    done = following.report(server.set(giving(rss(ONE))))
    assert (done.added, done.refused) == (1, ())
    (article,) = assistant.articles()
    assert (article.id, article.title, article.text) == ("127.0.0.1/1", ONE[1], ONE[2])
    assert (article.source, article.author) == ("Polderblad", "Jo Smit")
    assert article.url == "https://krant.example/1"
    assert str(article.published.first) == "2024-03-01"
    asked = server.requests[0]
    assert asked["User-Agent"].startswith("dateline")
    assert asked["Host"] == urlsplit(server.address).netloc
    assert len(server.requests) == 1  # the page behind the link is not fetched
    audit = Path(assistant.archive.store.path) / "access" / "audit.jsonl"
    (line,) = map(json.loads, audit.read_text("ascii").splitlines())
    assert (line["event"], line["added"]) == ("added", 1)
    assert line["files"][0].startswith(server.address)


def test_new_changed_and_unchanged_items_are_told_apart_wherever_they_stand(
    server: Server, following: Following, assistant: Assistant
) -> None:
    url = server.set(giving(rss(ONE)))
    following.report(url)
    server.set(giving(rss(TWO, (*ONE[:2], ONE[2] + " Dinsdag gaat zij open."))))
    done = following.report(url)
    assert (done.added, done.changed, done.unchanged) == (1, 1, 0)
    server.set(giving(rss(TWO)))  # the other one fell out of the feed, and stays
    assert following.report(url).unchanged == 1
    assert assistant.count()[0] == 2


def test_an_unchanged_feed_is_not_sent_again(server: Server, following: Following) -> None:
    url = server.set(giving_if_changed(rss(ONE), '"a"'))
    assert following.report(url).added == 1
    first = following.kept(url)
    done = following.report(url)
    assert (done.added, done.unchanged) == (0, 0)
    assert server.requests[1]["If-None-Match"] == '"a"'
    assert following.kept(url).etag == '"a"'
    assert following.kept(url).changed == first.changed
    server.set(giving_if_changed(rss(ONE, TWO), '"b"'))
    assert following.report(url).added == 1


def test_last_modified_is_sent_back(server: Server, following: Following) -> None:
    moment = "Fri, 01 Mar 2024 07:00:00 GMT"
    url = server.set(giving(rss(ONE), Last_Modified=moment))
    following.report(url)
    following.report(url)
    assert server.requests[1]["If-Modified-Since"] == moment


def test_a_feed_that_is_stopped_before_it_is_read_is_sent_again(
    server: Server, following: Following, assistant: Assistant
) -> None:
    url = server.set(giving_if_changed(rss(ONE), '"a"'))
    following.feeds.add(url, source=None, now=NOW)
    asked = giving_if_changed(rss(ONE), '"a"')

    def stopping(handler: BaseHTTPRequestHandler) -> None:
        following.run.stop.set()
        asked(handler)

    server.set(stopping)
    following.run.once()
    assert following.kept(url).etag is None
    assert assistant.count()[0] == 0


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (giving(b"", status=404), "404: it is not there"),
        (giving(b"", status=500), "500: it is tried again"),
        (giving(b"", status=410), "dateline feed remove"),
        (silent, "too slow"),
        (dripping, "too slow"),
        (endless, "more than 0 MB"),
        (giving(gzip.compress(b" " * 50_000_000), Content_Encoding="gzip"), "more than 0 MB"),
        (giving(gzip.compress(rss(ONE))[:-20], Content_Encoding="gzip"), "cut off"),
        (giving(b"geen gzip", Content_Encoding="gzip"), "damaged"),
        (giving(b"", Content_Encoding="br"), "not asked for"),
        (giving(b"", status=302), "redirects to nowhere"),
        (giving(b"", status=302, Location="/rss"), "redirects more than 5 times"),
        (giving(b"", status=302, Location="file:///etc/passwd"), "http:// or https://"),
        (giving(b"", status=302, Location="http://localhost:1/"), "private address"),
        (lambda asked: asked.wfile.write(b"geen HTTP\r\n\r\n"), "cannot be fetched"),
    ],
)
def test_a_failure_is_told_and_kept_and_the_next_feed_is_read(
    answer: Answer, words: str, server: Server, following: Following
) -> None:
    started = time.monotonic()
    url = server.set(answer)
    assert words in following.failure(url)
    assert time.monotonic() - started < 4
    kept = following.kept(url)
    assert kept.error is not None
    assert (kept.failures, kept.changed) == (1, None)
    assert following.report(server.set(giving(rss(ONE)), "/goed")).added == 1
    assert following.kept(url) == kept
    server.set(giving(rss(ONE, TWO)))
    following.report(url)
    assert (following.kept(url).failures, following.kept(url).error) == (0, None)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<!DOCTYPE html><html><body>Hallo</body></html>", "a web page, not a feed"),
        (b"geen feed", "not well-formed"),
        (b'{"a": 1}', "no JSON Feed"),
        (b"{", "no JSON"),
        (rss(ONE)[:200], "not well-formed"),
        (b"<opml/>", "no RSS or Atom feed"),
    ],
)
def test_what_is_no_feed_is_refused(
    body: bytes, words: str, server: Server, following: Following, assistant: Assistant
) -> None:
    done = following.report(server.set(giving(body)))
    assert words in done.refused[0].reason
    assert assistant.count()[0] == 0


def test_a_redirect_is_followed_and_a_lasting_one_is_told(
    server: Server, following: Following
) -> None:
    server.set(giving(rss(ONE)), "/nieuw")
    url = server.set(giving(b"", status=302, Location="/nieuw"))
    assert following.report(url).added == 1
    assert following.told == []
    server.set(giving(b"", status=301, Location="/nieuw"))
    following.report(url)
    assert following.told[0].endswith(f"add {server.address}/nieuw in its place")


def test_a_packed_feed_and_a_json_feed_are_read(server: Server, following: Following) -> None:
    packed = giving(gzip.compress(rss(ONE)), Content_Encoding="gzip")
    assert following.report(server.set(packed, "/gzip")).added == 1
    item = {"id": "9", "title": "Fietspad", "content_text": "Het fietspad is klaar."}
    json_feed = {"version": "https://jsonfeed.org/version/1.1", "title": "B", "items": [item]}
    assert following.report(server.set(giving(json.dumps(json_feed).encode()), "/json")).added == 1
    assert following.report(server.set(giving(rss()), "/leeg")).refused == ()


def test_a_server_that_wants_quiet_gets_it(server: Server, following: Following) -> None:
    url = server.set(giving(b"", status=429, Retry_After="600"))
    assert "fewer requests" in following.failure(url)
    assert "wants quiet until" in following.failure(url)
    assert len(server.requests) == 1


def test_private_addresses_count_only_for_the_host_that_was_given() -> None:
    parts = urlsplit("http://127.0.0.1:8000/rss")
    assert addresses_of(parts, trusted_host="127.0.0.1") == ["127.0.0.1"]
    with pytest.raises(RefusedError, match="private address"):
        addresses_of(parts, trusted_host="krant.example")
    for number in (
        "192.168.1.1",
        "169.254.169.254",
        "::1",
        "fe80::1%eth0",
        "2002:7f00:1::",
        "224.0.0.1",
    ):
        assert not is_public(number)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://krant.example/rss",
        "krant.example/rss",
        "http://",
        "http://jan:geheim@krant.example/",
        "http://krant.example:99999/",
        "http://krant.example/met spatie",
        f"http://krant.example/{'a' * 3_000}",
    ],
)
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(SettingsError):
        check_url(url)


def test_a_host_that_nobody_knows_or_that_does_not_answer_is_told(server: Server) -> None:
    with pytest.raises(FetchError, match="not known"):
        fetch("http://bestaat-niet.invalid/rss", limits=LIMITS)
    server.close()
    with pytest.raises(FetchError, match="cannot be fetched"):
        fetch(server.address, limits=LIMITS)


def test_a_damaged_list_of_feeds_is_told_and_not_written_over(tmp_path: Path) -> None:
    feeds = Subscriptions(tmp_path)
    feeds.add("http://krant.example/rss", source="Krant", now=NOW)
    feeds.path.write_text("{half")
    with pytest.raises(SettingsError, match="damaged"):
        feeds.add("http://krant.example/sport", source=None, now=NOW)
    assert feeds.path.read_text() == "{half"
    assert [each.name for each in tmp_path.iterdir() if each.suffix == ".json"] == ["feeds.json"]


def test_the_commands_add_list_run_and_remove(server: Server, tmp_path: Path) -> None:
    store = str(tmp_path / "store")
    url = server.set(giving(b"", status=404))

    def call(*words: str, code: int = 0) -> Result:
        result = CliRunner().invoke(app, ["feed", *words, "--store", store])
        assert result.exit_code == code, result.output
        return result

    assert "ftp" in call("add", "ftp://krant.example", code=2).output
    assert call("add", url).stdout == f"added: {url}\n"
    assert "already" in call("add", url).stdout
    assert json.loads(call("list", "--json").stdout)["fetched"] is None
    assert "404" in call("run", code=1).output
    assert "404" in call("list").stdout
    server.set(giving(rss()))  # without an item, so that no model is loaded
    assert json.loads(call("run", url, "--json").stdout)["added"] == 0
    assert "feed add" in call("run", "http://ander.example/", code=2).output
    call("remove", url)
    assert "was not followed" in call("remove", url, code=1).output
    assert "feed add" in call("run", code=2).output


def test_feeds_do_not_disturb_the_archive(
    server: Server, following: Following, assistant: Assistant, store_path: Path
) -> None:
    with open_hashed(store_path) as page:
        following.report(server.set(giving(rss(ONE, TWO))))
        assert page.search("Waar vaart de veerpont?")[0].article.id == "127.0.0.1/2"
    assert assistant.check() == []
