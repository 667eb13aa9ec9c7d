"""A window of a real Firefox: what the tests do in it, and what it complains of."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.milvus.real_server import free_port

PATIENCE_SECONDS = 60
"""How long Firefox may take to start, and a page to show what is waited for."""

# What a page says is a text, a thing or an error; the browser's own parts say their names first.
_COMPLAINT = re.compile(
    r'console\.(?:error|warn): (?:["({\[]|\w*(?:Error|Exception)\b)|JavaScript \w+: http'
)
_DARK, _LIGHT = 0, 1  # of the preference for the scheme that pages are shown
_SCHEME = "layout.css.prefers-color-scheme.content-override"

PREFERENCES = {
    "intl.accept_languages": "nl-NL, nl",
    # What pages complain of goes into the log, from which `complaints` reads it.
    "browser.dom.window.dump.enabled": True,
    "devtools.console.stdout.content": True,
    # A file that a page gives is kept without a question.
    "browser.download.folderList": 2,
    "browser.download.alwaysOpenPanel": False,
}


class Window:
    """The one window of a Firefox of its own, which runs inside a `with` block."""

    def __init__(self, binary: str, folder: Path) -> None:
        """Start Firefox; `folder` is for its log and for what is downloaded."""
        self.downloads = folder / "downloads"
        self.downloads.mkdir()
        self._log = folder / "firefox.log"
        with warnings.catch_warnings():
            # The driver needs parts of Python that grow old, and leaves sockets to themselves.
            warnings.simplefilter("ignore", DeprecationWarning)
            warnings.simplefilter("ignore", ResourceWarning)
            from marionette_driver import By, Wait, keys
            from marionette_driver.marionette import Marionette

            self._by, self.keys, self._waiting = By.CSS_SELECTOR, keys.Keys, Wait
            self._driver: Any = Marionette(
                bin=binary,
                port=free_port(),
                headless=True,
                prefs={**PREFERENCES, "browser.download.dir": str(self.downloads)},
                app_args=["--remote-allow-system-access"],  # for preferences and narrow windows
                gecko_log=str(self._log),
                startup_timeout=PATIENCE_SECONDS,
            )
            # As for readers, the field of files itself is hidden, and a button opens it.
            self._driver.start_session({"strictFileInteractability": False})
        # Otherwise no window is narrower than 500 pixels.
        self._of_the_browser("document.documentElement.style.minWidth = 0")

    def __enter__(self) -> Window:
        return self

    def __exit__(self, *_: object) -> None:
        self._driver.cleanup()

    def open(self, address: str, *, width: int = 1280, dark: bool = False) -> None:
        """Open an address, in a page of this many pixels, as a new reader."""
        self._driver.set_pref(_SCHEME, _DARK if dark else _LIGHT)
        self._driver.set_window_rect(width=width, height=930)
        self._driver.navigate(address)
        assert self.run("return innerWidth") == width

    def reload(self) -> None:
        self._driver.refresh()

    def forget(self) -> None:
        """Forget what the page keeps in the browser, and leave it."""
        self.run("localStorage.clear()")
        self._driver.navigate("about:blank")

    @property
    def address(self) -> str:
        return str(self._driver.get_url())

    def run(self, script: str, *values: object) -> Any:
        """Run a script in the page, with `values` as its arguments; return what it returns."""
        return self._driver.execute_script(script, script_args=values)

    def wait(self, what: Callable[[], object], told: str = "") -> None:
        """Wait until `what` is true."""
        # A page that is just being left has no document to ask.
        from marionette_driver.errors import JavascriptException

        waiting = self._waiting(
            self._driver, timeout=PATIENCE_SECONDS, ignored_exceptions=[JavascriptException]
        )
        waiting.until(lambda _: what(), message=told)

    def wait_for(self, selector: str) -> None:
        """Wait until something that fits the selector is seen."""
        self.wait(lambda: self.is_shown(selector), selector)

    def is_shown(self, selector: str) -> bool:
        script = "return Boolean(document.querySelector(arguments[0])?.checkVisibility())"
        return bool(self.run(script, selector))

    def is_focused(self, selector: str) -> bool:
        return bool(self.run("return document.activeElement.matches(arguments[0])", selector))

    def texts(self, selector: str) -> list[str]:
        script = "return [...document.querySelectorAll(arguments[0])].map(e => e.textContent)"
        return [str(each) for each in self.run(script, selector)]

    def wait_for_texts(self, selector: str, expected: list[str]) -> None:
        self.wait(lambda: self.texts(selector) == expected, f"{selector}: {expected}")

    def press(self, pressed: str) -> None:
        """Press keys where the focus is."""
        self._driver.get_active_element().send_keys(pressed)

    def tab_to(self, selector: str) -> None:
        for _ in range(40):
            if self.is_focused(selector):
                return
            self.press(self.keys.TAB)
        raise AssertionError(f"the Tab key never reaches {selector}")

    def click(self, selector: str) -> None:
        """Click on the first thing that fits, as soon as it is seen."""
        self.wait_for(selector)
        self._driver.find_element(self._by, selector).click()

    def choose_file(self, selector: str, path: Path) -> None:
        self._driver.find_element(self._by, selector).send_keys(str(path))

    def downloaded(self) -> Path:
        """Wait for the one file that is downloaded; return where it is."""
        self.wait(lambda: [each.suffix for each in self._files()] not in ([], [".part"]))
        self.wait(lambda: len(self._files()) == 1 and self._files()[0].stat().st_size > 0)
        return self._files()[0]

    def assert_fits(self) -> None:
        """Assert that the page does not scroll sideways."""
        scroll = "return [document.documentElement.scrollWidth, innerWidth]"
        wide, shown = self.run(scroll)
        assert wide <= shown

    def keep(self, name: str) -> None:
        """Save a picture of the window, if a folder for pictures is given."""
        if folder := os.environ.get("DATELINE_PICTURES"):
            picture = self._driver.screenshot(format="binary", full=False)
            (Path(folder) / f"firefox-{name}.png").write_bytes(picture)

    def complaints(self) -> list[str]:
        """Return the errors and warnings of all pages so far."""
        lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
        return [line for line in lines if _COMPLAINT.match(line)]

    def _files(self) -> list[Path]:
        return sorted(self.downloads.iterdir())

    def _of_the_browser(self, script: str) -> None:
        with self._driver.using_context("chrome"):
            self._driver.execute_script(script)
