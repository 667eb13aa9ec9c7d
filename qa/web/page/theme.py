"""Colours and fonts for Gradio's own parts; page.css has the rest."""

from __future__ import annotations

import gradio as gr

_INK = gr.themes.Color(
    "#eef5f5", "#d7e8e9", "#b2d3d5", "#86bbbe", "#579fa4", "#33848a",
    "#1f6c72", "#16575d", "#12464b", "#0e363a", "#082326",
)  # fmt: skip


def theme() -> gr.themes.Default:
    """Return the theme; it names only fonts of the visitor's system.

    The file of Gradio's default font lacks almost every bold character.
    """
    return gr.themes.Default(
        primary_hue=_INK,
        neutral_hue=gr.themes.colors.stone,
        font=["system-ui", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
        text_size=gr.themes.sizes.text_lg,
        radius_size=gr.themes.sizes.radius_sm,
    )
