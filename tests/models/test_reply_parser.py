"""The reading of what a chat server sends: any bytes, cut anywhere."""

from __future__ import annotations

import itertools
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.models.generator import Limits
from qa.models.generator.reply_parser import BadReplyError, ReplyParser

EVENTS = st.one_of(
    st.just(b"data: [DONE]\n\n"),
    st.just(b": keep\r\n"),
    st.binary(max_size=40),
    st.builds(
        lambda delta, reason: (
            b"data: "
            + json.dumps({"choices": [{"delta": delta, "finish_reason": reason}]}).encode()
            + b"\n\n"
        ),
        st.one_of(
            st.none(),
            st.dictionaries(
                st.sampled_from(["content", "reasoning_content", "role"]),
                st.one_of(
                    st.text(max_size=20), st.none(), st.lists(st.text(max_size=3)), st.integers()
                ),
            ),
        ),
        st.sampled_from([None, "stop", "length", 5]),
    ),
)


def parsed(parts: list[bytes]) -> tuple[str, str]:
    parser = ReplyParser(Limits(most_characters=30, longest_line=500, most_bytes=5_000))
    text = ""
    try:
        for part in parts:
            for piece in parser.feed(part):
                text += piece
            if parser.is_done:
                break
        for piece in parser.finish():
            text += piece
    except BadReplyError as error:
        return text, error.kind.value
    return text, ""


@settings(deadline=None)
@given(st.lists(EVENTS, max_size=12), st.lists(st.integers(0, 2_000), max_size=12))
def test_any_bytes_mean_the_same_however_they_are_cut(events: list[bytes], cuts: list[int]) -> None:
    whole = b"".join(events)
    places = [0, *sorted(min(cut, len(whole)) for cut in cuts), len(whole)]
    parts = [whole[start:end] for start, end in itertools.pairwise(places)]
    assert parsed(parts) == parsed([whole])
    text, _ = parsed(parts)
    assert len(text) <= 30
    text.encode()


def test_an_answer_that_does_not_end_is_left_at_the_limit_of_bytes() -> None:
    parser = ReplyParser(Limits())
    remarks = [b": keep\n" * 1_000] * 300
    with pytest.raises(BadReplyError):
        list(itertools.chain.from_iterable(map(parser.feed, remarks)))
