"""English words for dates."""

from __future__ import annotations

from functools import cache

from qa.dates.expressions.vocabulary import DateVocabulary, build

_TABLES: dict[str, dict[str, str | int]] = {
    "month_short": {
        "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9,
        "sept": 9, "oct": 10, "nov": 11, "dec": 12,
    },
    "weekday_short": {
        "mon": 0, "tue": 1, "tues": 1, "wed": 2, "thu": 3, "thur": 3, "thurs": 3, "fri": 4,
        "sat": 5, "sun": 6,
    },
    "unit": {
        "day": "day", "days": "day", "week": "week", "weeks": "week", "fortnight": "fortnight",
        "fortnights": "fortnight", "weekend": "weekend", "weekends": "weekend",
        "workday": "workday", "workdays": "workday", "month": "month", "months": "month",
        "business_days": "workday", "quarter": "quarter", "quarters": "quarter", "year": "year",
        "years": "year", "decade": "decade", "decades": "decade", "century": "century",
        "centuries": "century",
    },
    "turn": {
        "this": "this", "the_current": "this", "current": "this",
        "that": "same", "the_same": "same", "same": "same",
        "last": "last", "the_previous": "last", "previous": "last", "this_past": "past",
        "the_past": "past", "past": "past",
        "next": "next", "the_following": "next", "following": "next",
        "coming": "coming", "upcoming": "coming", "this_coming": "coming",
    },
    "counted_turn": {
        "last": "past", "past": "past", "previous": "past", "preceding": "past",
        "next": "coming", "coming": "coming", "following": "coming", "upcoming": "coming",
    },
    "deictic": {
        "yesterday": -1, "today": 0, "tomorrow": 1, "tonight": 0, "last_night": -1,
        "the_day_before_yesterday": -2, "day_before_yesterday": -2,
        "the_day_after_tomorrow": 2, "day_after_tomorrow": 2, "this_morning": 0,
        "this_afternoon": 0, "this_evening": 0, "later_today": 0, "earlier_today": 0,
    },
    "story_day": {
        "the_next_day": 1, "the_day_after": 1, "the_following_day": 1, "the_previous_day": -1,
        "the_day_before": -1,
    },
    "story_turn": {"after": "next", "afterwards": "next", "before": "last"},
    "season": {"spring": 0, "summer": 1, "autumn": 2, "fall": 2, "winter": 3},
    "part": {
        "early": "start", "beginning": "start", "the_beginning": "start", "start": "start",
        "the_start": "start", "mid": "middle", "middle": "middle", "the_middle": "middle",
        "end": "end", "the_end": "end", "late": "end",
    },
    "sooner": {"earlier": "earlier", "later": "later"},
    "vague": {
        "a": 1, "an": 1, "few": 3, "a_few": 3, "several": 3, "some": 3, "couple_of": 2,
        "a_couple_of": 2, "a_couple": 2,
    },
    "ten": {
        "twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60,
        "seventies": 70, "eighties": 80, "nineties": 90,
    },
    "ten_adjective": {"roaring_twenties": 20},
    "hundred_year": {
        "two_thousand": 2000, "twenty": 2000, "nineteen": 1900, "nineteen_hundred": 1900,
        "eighteen": 1800, "seventeen": 1700, "sixteen": 1600,
    },
    "open": {
        "since": "since", "from": "since", "starting": "since", "starting_on": "since",
        "beginning_on": "since", "as_of": "since", "not_before": "since",
        "no_earlier_than": "since",
        "on_or_after": "since", "in_or_after": "since",
        "on_or_before": "through", "in_or_before": "through",
        "until": "until", "till": "until", "before": "before", "prior_to": "before",
        "earlier_than": "before", "up_to": "until", "ahead_of": "before",
        "through": "through", "by": "through", "no_later_than": "through",
        "not_later_than": "through",
        "up_to_and_including": "through", "not_after": "through",
        "after": "after", "later_than": "after", "following": "after",
        "around": "around", "circa": "around", "about": "around", "c.": "around",
        "ca.": "around", "approximately": "around",
    },
    "closing": {
        "and_later": "since", "or_later": "since", "and_after": "since", "or_after": "since",
        "onwards": "since", "onward": "since", "and_onwards": "since",
        "and_earlier": "through", "or_earlier": "through", "and_before": "through",
        "or_before": "through",
    },
    "till": {
        "to": "to", "until": "to", "till": "to", "-": "to", "~": "to", "up_to": "to",
        "through": "through", "thru": "through", "up_to_and_including": "through",
    },
    "either": {"or": "through", "and": "through"},
    "from": {
        "from": "till", "between": "and",
        "in_the_period": "till", "in_the_period_from": "till", "in_the_period_between": "and",
    },
    "between_and": {"and": "to", "-": "to", "to": "to"},
}  # fmt: skip

_PIECES = {
    "ordinal_end": r"(?:st|nd|rd|th)",
    "the": r"the",
    "of": r"(?:of|in)",
    "on": r"(?:on|at)",
    "weekday_part": r"(?:_(?:morning|afternoon|evening|night))",
    "ago": r"(?:ago|back)",
    "ahead": r"in",
    "within": r"within",
    "more": r"(?:more|longer)_than",
    "less": r"less_than",
    "shift_later": r"(?:after|from|following)",
    "shift_earlier": r"(?:before|prior_to)",
    "last_of": r"last",
    "half_of": r"half",
    "fourth_of": r"quarter",
    "half_year": r"(?:half-year|half_year)",
    "quarter": r"quarter",
    "century": r"century",
    "decades": r"the",
    "week": r"week",
    "week_of": r"(?:of|beginning(?:_on)?|starting(?:_on)?|commencing)",
    "rest": r"(?:rest|remainder)",
    "year": r"(?:calendar_year|year|fiscal_year)",
    "anno": r"anno_domini",
    "month_word": r"month",
    "now": r"(?:now|today|the_present)",
    "until_now": r"(?:until|till|up_to|up_till|up_until)_(?:now|today|the_present)",
    "past_mark": r"last",
    "coming_mark": r"next",
    "aside": r"at",
    "during": r"(?:during|within)(?:_the)?",
    "since": r"since",
    "day_word_only": r"day",
    "month_day_joint": r"_(?:the_)?",
}


@cache
def vocabulary() -> DateVocabulary:
    """Return the English vocabulary."""
    return build("en", _TABLES, _PIECES)
