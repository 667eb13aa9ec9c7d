"""The scripts, styles and texts that a page loads beside Gradio's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from qa.ingest.formats.compressed import COMPRESSIONS
from qa.ingest.formats.registry import SUFFIXES
from qa.web.page.answer_words import ANSWER
from qa.web.page.basket_words import BASKET
from qa.web.page.finder_words import FINDER
from qa.web.page.history_words import HISTORY
from qa.web.page.query_words import QUERY_LANGUAGE
from qa.web.page.saved_words import SAVED
from qa.web.page.theme import theme
from qa.web.page.timeline_words import TIMELINE
from qa.web.page.words import FRAME

HERE = Path(__file__).parent
_SCRIPTS = (
    "answer_actions.js",
    "suggestions.js",
    "personal.js",
    "conversation_list.js",
    "keep_button.js",
    "basket_list.js",
    "article_keeping.js",
    "upload_view.js",
    "upload.js",
    "panel_trail.js",
    "address.js",
    "awaited.js",
    "period.js",
    "name_lists.js",
    "archive_choice.js",
    "table_file.js",
    "finder_charts.js",
    "finder_comparison.js",
    "finder_cross.js",
    "follow_button.js",
    "followed_questions.js",
    "saved_searches.js",
    "concordance.js",
)
_STYLES = (
    "front.css",
    "answer.css",
    "answer_actions.css",
    "composer.css",
    "filters.css",
    "panel.css",
    "conversation_list.css",
    "basket_list.css",
    "finder.css",
    "saved_searches.css",
    "timeline_view.css",
    "forced_colors.css",
    "print.css",
)
# Rules of ours must outweigh those of Gradio's parts. Not `css_paths`: of what stands in @media,
# Gradio keeps only a copy that it prefixes, and breaks at every comma.
_OUTWEIGHING = ".gradio-container.gradio-container.gradio-container"


def constant_html(name: str, template: str | None = None) -> dict[str, Any]:
    """Return the arguments for a gr.HTML that runs `name`.js in `name`.html (or another template).

    The template is constant, because Gradio evaluates inserted values as JavaScript.
    """
    template = template if template is not None else _read(f"{name}.html")
    return {
        "html_template": template,
        "js_on_load": _read(f"{name}.js"),
        "apply_default_css": False,
    }


def dress(language: str, *, keeps: bool = False) -> dict[str, Any]:
    """Return the arguments of `gr.mount_gradio_app` for a page in one language.

    With `keeps`, the page shows the conversations, quotes and searches that the server keeps for a
    reader.
    """
    return {"theme": theme(), "head": head(language, keeps=keeps)}


def head(language: str, *, keeps: bool = False) -> str:
    """Return the head of a page: the texts in its language, and the shared scripts."""
    parts = "".join(_read(name) for name in _STYLES)
    style = f"{_read('page.css')}\n{_OUTWEIGHING} {{\n{parts}}}"
    told: dict[str, object] = {"language": language, "style": style}
    told |= {"frame": FRAME[language], "answer": ANSWER}
    told |= {"finder": FINDER[language], "topic": TIMELINE[language]}
    told |= {"help": QUERY_LANGUAGE[language]}
    told |= {"past": HISTORY[language], "baskets": BASKET, "keeps": keeps}
    told |= {"saved": SAVED[language]}
    told |= {"suffixes": SUFFIXES, "formats": format_names()}
    shared = _read("shared.js").replace("/* told */ {}", _inline(told))
    script = shared + "".join(map(_read, _SCRIPTS))
    return f"{_read('head.html')}<script>{script}</script>"


def format_names() -> dict[str, str]:
    """Return the suffixes of all formats that are read, and those of compressions, for a sentence.

    >>> format_names()["packed"]
    '.gz, .zst, .bz2, .xz'
    """
    known = [suffix.removeprefix(".") for suffix in SUFFIXES if suffix not in COMPRESSIONS]
    return {"formats": ", ".join(known), "packed": ", ".join(COMPRESSIONS)}


def _inline(values: object) -> str:
    r"""Return JSON that is safe inside a script element.

    >>> _inline("</script>")
    '"\\u003c/script>"'
    """
    return json.dumps(values, ensure_ascii=False).replace("<", "\\u003c")


def _read(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")
