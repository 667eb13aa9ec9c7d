"""Holidays, by their Dutch and English names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from index_store.records import DateRange
from qa.dates.expressions.calendar_spans import (
    DAY,
    days,
    months,
    nth_weekday,
)


def easter(year: int) -> date:
    """Return Easter Sunday in the Gregorian calendar.

    Source: "Anonymous Gregorian algorithm", Nature, 20 April 1876.

    >>> easter(2018)
    datetime.date(2018, 4, 1)
    """
    century, rest = divmod(year, 100)
    correction = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * (year % 19) + century - century // 4 - correction + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    shift = (year % 19 + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


def _on(month: int, day: int, last: int | None = None) -> Callable[[int], DateRange]:
    return lambda year: days(date(year, month, day), date(year, month, last or day))


def _after_easter(first: int, last: int | None = None) -> Callable[[int], DateRange]:
    end = first if last is None else last
    return lambda year: days(easter(year) + first * DAY, easter(year) + end * DAY)


def _nth(month: int, number: int, weekday: int, shift: int = 0) -> Callable[[int], DateRange]:
    return lambda year: days(nth_weekday(months(year, month), number, weekday) + shift * DAY)


def _kings_day(year: int) -> DateRange:
    """Return King's Day, until 2013 Queen's Day on the 30th; it never falls on a Sunday."""
    day = date(year, 4, 27 if year >= 2014 else 30)
    return days(day - DAY if day.weekday() == 6 else day)


# The month and day of the day of independence, and of the other national day, of each country:
# without its country no such day is known. Names are as in the patterns below.
_INDEPENDENCE = (
    ("oekraiense", "oekraine", "ukrain(?:ian|e's)", "ukraine", 8, 24),
    ("amerikaanse", "(?:de_)?(?:verenigde_staten|vs)", "(?:american|us)", "(?:the_)?us", 7, 4),
    ("indiase", "india", "india(?:n|'s)", "india", 8, 15),
    ("pakistaanse", "pakistan", "pakistan(?:i|'s)", "pakistan", 8, 14),
    ("poolse", "polen", "(?:polish|poland's)", "poland", 11, 11),
    ("finse", "finland", "(?:finnish|finland's)", "finland", 12, 6),
    ("surinaamse", "suriname", "surinam(?:ese|e's)", "suriname", 11, 25),
    ("indonesische", "indonesie", "indonesia(?:n|'s)", "indonesia", 8, 17),
    ("estse", "estland", "estonia(?:n|'s)", "estonia", 2, 24),
    ("letse", "letland", "latvia(?:n|'s)", "latvia", 11, 18),
    ("braziliaanse", "brazilie", "brazil(?:ian|'s)", "brazil", 9, 7),
    ("mexicaanse", "mexico", "mexic(?:an|o's)", "mexico", 9, 16),
    ("kosovaarse", "kosovo", "kosov(?:an|o's)", "kosovo", 2, 17),
    ("georgische", "georgie", "georgia(?:n|'s)", "georgia", 5, 26),
    ("moldavische", "moldavie", "moldov(?:an|a's)", "moldova", 8, 27),
)
_NATIONAL = (
    ("belgische", "belgie", "(?:belgian|belgium's)", "belgium", 7, 21),
    ("franse", "frankrijk", "(?:french|france's)", "france", 7, 14),
    ("luxemburgse", "luxemburg", "luxembourg(?:ish|'s)", "luxembourg", 6, 23),
    ("zwitserse", "zwitserland", "(?:swiss|switzerland's)", "switzerland", 8, 1),
    ("spaanse", "spanje", "(?:spanish|spain's)", "spain", 10, 12),
    ("noorse", "noorwegen", "(?:norwegian|norway's)", "norway", 5, 17),
    ("zweedse", "zweden", "(?:swedish|sweden's)", "sweden", 6, 6),
    ("chinese", "china", "(?:chinese|china's)", "china", 10, 1),
)


def _of_countries(language: str) -> tuple[tuple[str, Callable[[int], DateRange]], ...]:
    """Return the patterns of the holidays that depend on a country, each with its country."""
    names = {
        "nl": ("onafhankelijkheidsdag", "nationale_feestdag", "van"),
        "en": ("independence_day", "national_day", "(?:of|in)"),
    }[language]
    found = []
    for celebrated, table in zip(names, (_INDEPENDENCE, _NATIONAL), strict=False):
        for *words, month, day in table:
            its, country = words[:2] if language == "nl" else words[2:]
            pattern = rf"(?:{its}_{celebrated}|{celebrated}_{names[2]}_{country})"
            found.append((pattern, _on(month, day)))
    return tuple(found)


# Patterns over lower-cased words without accents; "_" is the space between words.
HOLIDAYS: dict[str, tuple[tuple[str, Callable[[int], DateRange]], ...]] = {
    "nl": (
        (r"nieuwjaar(?:s?dag)?", _on(1, 1)),
        (r"(?:drie_?koningen|driekoningendag)", _on(1, 6)),
        (r"(?:sint[_-])?valentijn(?:s_?dag)?", _on(2, 14)),
        (r"(?:st\.?|saint)_patrick'?s_?day", _on(3, 17)),
        (r"(?:internationale_)?vrouwendag", _on(3, 8)),
        (r"(?:1_april(?:grap)?pendag|aprildag|eerste_aprildag)", _on(4, 1)),
        (r"dag_van_de_aarde", _on(4, 22)),
        (r"(?:koningsdag|koninginnedag|konings_dag)", _kings_day),
        (r"dag_van_de_arbeid", _on(5, 1)),
        (r"(?:(?:nationale_)?dodenherdenking)", _on(5, 4)),
        (r"(?:bevrijdingsdag)", _on(5, 5)),
        (r"moederdag", _nth(5, 2, 6)),
        (r"vaderdag", _nth(6, 3, 6)),
        (r"(?:keti_koti)", _on(7, 1)),
        (r"(?:quatorze_juillet)", _on(7, 14)),
        (r"(?:maria-?_?hemelvaart)", _on(8, 15)),
        (r"prinsjesdag", _nth(9, 3, 1)),
        (r"dierendag", _on(10, 4)),
        (r"(?:halloween)", _on(10, 31)),
        (r"(?:allerheiligen)", _on(11, 1)),
        (r"(?:allerzielen)", _on(11, 2)),
        (r"(?:sint[_-]maarten|wapenstilstandsdag|singles'?_?day)", _on(11, 11)),
        (r"thanksgiving(?:_?day)?", _nth(11, 4, 3)),
        (r"black_friday", _nth(11, 4, 3, 1)),
        (r"cyber_monday", _nth(11, 4, 3, 4)),
        (r"columbus_?day", _nth(10, 2, 0)),
        (r"labor_?day", _nth(9, 1, 0)),
        (r"memorial_?day", _nth(5, -1, 0)),
        (r"(?:martin_luther_king_?(?:day|dag))", _nth(1, 3, 0)),
        (r"(?:sinterklaas(?:avond|feest)?|pakjesavond)", _on(12, 5)),
        (r"sint-?_?nicolaas(?:dag)?", _on(12, 6)),
        (r"kerst_?avond", _on(12, 24)),
        (r"(?:kerst(?:mis|feest)?|(?:eerste|1e)_kerst_?dag|kerst_?dag)", _on(12, 25)),
        (r"(?:tweede|2e)_kerst_?dag", _on(12, 26)),
        (r"kerst_?dagen", _on(12, 25, 26)),
        (
            r"(?:oud_en_nieuw|oud_?jaar(?:s?_?(?:dag|avond))?|oudejaars_?(?:dag|avond|nacht)"
            r"|silvester(?:avond)?)",
            _on(12, 31),
        ),
        (r"(?:carnaval|vastenavond)", _after_easter(-49, -47)),
        (r"rozenmaandag", _after_easter(-48)),
        (r"aswoensdag", _after_easter(-46)),
        (r"palm_?(?:zondag|pasen)", _after_easter(-7)),
        (r"witte_donderdag", _after_easter(-3)),
        (r"goede_vrijdag", _after_easter(-2)),
        (r"(?:stille|paas)_?zaterdag", _after_easter(-1)),
        (r"(?:pasen|(?:eerste|1e)_paas_?dag|paas_?(?:dag|zondag))", _after_easter(0)),
        (r"(?:(?:tweede|2e)_paas_?dag|paas_?maandag)", _after_easter(1)),
        (r"paas_?weekend", _after_easter(-1, 1)),
        (r"paas_?dagen", _after_easter(0, 1)),
        (r"(?:hemelvaart(?:s_?dag)?|o\.?l\.?h\.?-hemelvaart)", _after_easter(39)),
        (r"(?:pinksteren|(?:eerste|1e)_pinkster_?dag|pinkster_?(?:dag|zondag))", _after_easter(49)),
        (r"(?:(?:tweede|2e)_pinkster_?dag|pinkster_?maandag)", _after_easter(50)),
        (r"pinkster_?weekend", _after_easter(48, 50)),
        (r"sacramentsdag", _after_easter(60)),
        *_of_countries("nl"),
    ),
    "en": (
        (r"new_year'?s?_day", _on(1, 1)),
        (r"new_year'?s?_eve", _on(12, 31)),
        (r"epiphany", _on(1, 6)),
        (r"(?:(?:st\.?|saint)_)?valentine'?s?_day", _on(2, 14)),
        (r"(?:st\.?|saint)_patrick'?s_day", _on(3, 17)),
        (r"(?:international_)?women'?s_day", _on(3, 8)),
        (r"april_fools'?(?:_day)?", _on(4, 1)),
        (r"earth_day", _on(4, 22)),
        (r"(?:king's|kings|queen's)_day", _kings_day),
        (r"(?:may_day|international_workers'?_day)", _on(5, 1)),
        (r"ve_day", _on(5, 8)),
        (r"mother'?s'?_day", _nth(5, 2, 6)),
        (r"father'?s'?_day", _nth(6, 3, 6)),
        (r"(?:juneteenth)", _on(6, 19)),
        (r"fourth_of_july", _on(7, 4)),
        (r"bastille_day", _on(7, 14)),
        (r"halloween", _on(10, 31)),
        (r"all_saints'?_day", _on(11, 1)),
        (r"(?:armistice|veterans'?|remembrance)_day", _on(11, 11)),
        (r"thanksgiving(?:_day)?", _nth(11, 4, 3)),
        (r"black_friday", _nth(11, 4, 3, 1)),
        (r"cyber_monday", _nth(11, 4, 3, 4)),
        (r"columbus_day", _nth(10, 2, 0)),
        (r"labou?r_day", _nth(9, 1, 0)),
        (r"memorial_day", _nth(5, -1, 0)),
        (r"(?:martin_luther_king|mlk)_day", _nth(1, 3, 0)),
        (r"(?:saint|st\.?)_nicholas'?_day", _on(12, 6)),
        (r"christmas_eve", _on(12, 24)),
        (r"(?:christmas(?:_day)?|xmas)", _on(12, 25)),
        (r"boxing_day", _on(12, 26)),
        (r"(?:mardi_gras|shrove_tuesday)", _after_easter(-47)),
        (r"ash_wednesday", _after_easter(-46)),
        (r"palm_sunday", _after_easter(-7)),
        (r"(?:maundy|holy)_thursday", _after_easter(-3)),
        (r"good_friday", _after_easter(-2)),
        (r"easter(?:_sunday)?", _after_easter(0)),
        (r"easter_monday", _after_easter(1)),
        (r"easter_weekend", _after_easter(-1, 1)),
        (r"ascension_day", _after_easter(39)),
        (r"(?:pentecost|whit_sunday|whitsun)", _after_easter(49)),
        (r"whit_monday", _after_easter(50)),
        *_of_countries("en"),
    ),
}
