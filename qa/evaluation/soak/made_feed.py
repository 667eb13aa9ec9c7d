"""A feed on this machine that has news each time it is asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_MOST_ITEMS = 20  # in the feed at a time, as in feeds of papers
_NEWS = 3


class MadeFeed:
    """Items with texts of their own; the newest are in the feed."""

    def __init__(self) -> None:
        """Listen at a free port; nothing is answered before `serving`."""
        self.texts: list[str] = []
        feed = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = feed.written()
                self.send_response(200)
                self.send_header("Content-Type", "application/rss+xml")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/nieuws.xml"

    def add_news(self) -> None:
        """Add a few items."""
        for number in range(len(self.texts), len(self.texts) + _NEWS):
            self.texts.append(f"Nieuws{number} meldt dat de sluis bij Oord{number} weer open is.")

    def written(self) -> bytes:
        """Return the feed as RSS."""
        items = "".join(
            f"<item><guid isPermaLink='false'>nieuws-{number}</guid><title>Nieuws {number}</title>"
            f"<description>{self.texts[number]}</description></item>"
            for number in range(max(0, len(self.texts) - _MOST_ITEMS), len(self.texts))
        )
        channel = f"<channel><title>Oordblad</title>{items}</channel>"
        return f"<rss version='2.0'>{channel}</rss>".encode()

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Answer while the block runs."""
        thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()
