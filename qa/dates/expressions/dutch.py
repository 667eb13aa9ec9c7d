"""Dutch words for dates."""

from __future__ import annotations

from functools import cache

from qa.dates.expressions.vocabulary import DateVocabulary, build

_TABLES: dict[str, dict[str, str | int]] = {
    "month_short": {
        "jan": 1, "feb": 2, "febr": 2, "mrt": 3, "mar": 3, "maa": 3, "apr": 4, "jun": 6, "jul": 7,
        "aug": 8, "sep": 9, "sept": 9, "okt": 10, "oct": 10, "nov": 11, "dec": 12,
    },
    "weekday_short": {
        "ma": 0, "maa": 0, "di": 1, "din": 1, "wo": 2, "woe": 2, "do": 3, "don": 3, "vr": 4,
        "vrij": 4, "vrijd": 4, "za": 5, "zat": 5, "zo": 6, "zon": 6,
    },
    "unit": {
        "dag": "day", "dagen": "day", "etmaal": "day", "week": "week", "weken": "week",
        "weekend": "weekend", "weekeinde": "weekend", "weekends": "weekend",
        "weekenden": "weekend", "werkdag": "workday", "werkdagen": "workday",
        "maand": "month", "maanden": "month", "kwartaal": "quarter", "kwartalen": "quarter",
        "halfjaar": "half", "jaar": "year", "jaren": "year", "kalenderjaar": "year",
        "decennium": "decade", "decennia": "decade", "eeuw": "century", "eeuwen": "century",
    },
    "turn": {
        "deze": "this", "dit": "this", "huidige": "this", "huidig": "this", "lopende": "this",
        "deze_huidige": "this", "dit_lopende": "this",
        "die": "same", "dat": "same", "dezelfde": "same", "hetzelfde": "same",
        "datzelfde": "same", "diezelfde": "same",
        "vorige": "last", "vorig": "last", "voorgaande": "last", "voorgaand": "last",
        "verleden": "last", "voorafgaande": "last",
        "afgelopen": "past", "voorbije": "past", "jongstleden": "past", "deze_afgelopen": "past",
        "volgende": "next", "volgend": "next", "eropvolgende": "next", "daaropvolgende": "next",
        "komende": "coming", "komend": "coming", "aanstaande": "coming", "aankomende": "coming",
        "aankomend": "coming", "eerstvolgende": "coming", "a.s.": "coming",
        "deze_komende": "coming", "deze_aanstaande": "coming",
    },
    "counted_turn": {
        "afgelopen": "past", "laatste": "past", "voorbije": "past", "vorige": "past",
        "voorgaande": "past", "verstreken": "past",
        "komende": "coming", "volgende": "coming", "aankomende": "coming",
        "aanstaande": "coming", "eerstvolgende": "coming",
    },
    "deictic": {
        "eergisteren": -2, "gisteren": -1, "gister": -1, "vandaag": 0, "heden": 0, "morgen": 1,
        "overmorgen": 2, "gisteravond": -1, "gisterochtend": -1, "gistermorgen": -1,
        "gistermiddag": -1, "gisternacht": -1, "eergisteravond": -2, "vanochtend": 0,
        "vanmorgen": 0, "vanmiddag": 0, "vanavond": 0, "vannacht": 0, "morgenochtend": 1,
        "morgenmiddag": 1, "morgenavond": 1, "morgenvroeg": 1, "eerder_vandaag": 0,
        "later_vandaag": 0,
    },
    "story_day": {
        "de_dag_erna": 1, "de_dag_daarna": 1, "de_dag_daarop": 1, "de_dag_ervoor": -1,
        "de_dag_daarvoor": -1, "de_dag_ervoren": -1,
    },
    "story_turn": {
        "erna": "next", "daarna": "next", "erop": "next", "daarop": "next", "nadien": "next",
        "ervoor": "last", "daarvoor": "last",
    },
    "season": {
        "lente": 0, "voorjaar": 0, "zomer": 1, "herfst": 2, "najaar": 2, "winter": 3,
    },
    "part": {
        "begin": "start", "het_begin": "start", "aanvang": "start", "half": "middle",
        "medio": "middle", "halverwege": "middle", "midden": "middle", "het_midden": "middle",
        "eind": "end",
        "einde": "end", "het_eind": "end", "het_einde": "end", "vroeg_in": "start",
        "laat_in": "end",
    },
    "sooner": {"eerder": "earlier", "vroeger": "earlier", "later": "later"},
    "vague": {"een": 1, "'n": 1, "1": 1, "paar": 3, "een_paar": 3, "enkele": 3, "enige": 3},
    "ten": {
        "twintig": 20, "dertig": 30, "veertig": 40, "vijftig": 50, "zestig": 60, "zeventig": 70,
        "tachtig": 80, "negentig": 90,
    },
    "ten_adjective": {
        "twintiger_jaren": 20, "dertiger_jaren": 30, "veertiger_jaren": 40,
        "vijftiger_jaren": 50, "zestiger_jaren": 60,
        "zeventiger_jaren": 70, "tachtiger_jaren": 80, "negentiger_jaren": 90,
    },
    "hundred_year": {
        "tweeduizend": 2000, "negentienhonderd": 1900, "achttienhonderd": 1800,
        "zeventienhonderd": 1700, "zestienhonderd": 1600, "vijftienhonderd": 1500,
    },
    "open": {
        "sinds": "since", "sedert": "since", "vanaf": "since", "met_ingang_van": "since",
        "startend_op": "since", "beginnend_op": "since", "startend": "since",
        "niet_eerder_dan": "since", "niet_voor": "since", "niet_vroeger_dan": "since",
        "ingaande": "since",
        "op_of_na": "since", "in_of_na": "since", "na_of_op": "since", "na_of_in": "since",
        "op_zijn_vroegst": "since", "op_zijn_laatst": "through", "op_of_voor": "through",
        "in_of_voor": "through", "voor_of_op": "through", "voor_of_in": "through",
        "tot": "until", "tot_aan": "until", "voor": "before", "voorafgaand_aan": "before",
        "eerder_dan": "before", "vroeger_dan": "before",
        "t/m": "through", "t.e.m.": "through", "tot_en_met": "through", "uiterlijk": "through",
        "uiterlijk_op": "through", "niet_later_dan": "through", "uiterlijk_tot": "through",
        "niet_na": "through", "ten_laatste": "through",
        "na": "after", "later_dan": "after", "na_afloop_van": "after",
        "rond": "around", "rondom": "around", "omstreeks": "around", "circa": "around",
        "ca.": "around", "ongeveer": "around", "tegen": "around", "zo_rond": "around",
    },
    "closing": {
        "en_later": "since", "of_later": "since", "en_daarna": "since", "of_daarna": "since",
        "en_verder": "since", "en_nadien": "since", "of_erna": "since", "en_erna": "since",
        "en_eerder": "through", "of_eerder": "through", "en_daarvoor": "through",
        "of_daarvoor": "through", "en_vroeger": "through", "of_vroeger": "through",
        "of_ervoor": "through",
    },
    "till": {
        "tot": "to", "tot_aan": "to", "-": "to", "~": "to", "en_tot": "to",
        "tot_en_met": "through", "t/m": "through", "t.e.m.": "through", "tem": "through",
    },
    "either": {"of": "through", "en": "through"},
    "from": {
        "van": "till", "vanaf": "till", "tussen": "and", "in_de_periode": "till",
        "in_de_periode_van": "till", "in_de_periode_tussen": "and", "periode": "till",
        "periode_tussen": "and",
    },
    "between_and": {"en": "to", "-": "to", "tot": "to", "t/m": "through"},
}  # fmt: skip

_PIECES = {
    "ordinal_end": r"(?:e|ste|de|en)",
    "the": r"(?:de|het|'t)",
    "of": r"(?:van|in|uit)",
    "on": r"(?:op|met)",
    "weekday_part": r"(?:ochtend|morgen|middag|namiddag|avond|nacht)",
    "ago": r"(?:geleden|terug)",
    "ahead": r"over",
    "within": r"binnen",
    "more": r"(?:meer|langer)_dan",
    "less": r"(?:minder_dan|nog_geen)",
    "shift_later": r"(?:na|vanaf|gerekend_vanaf|te_rekenen_vanaf|later_dan)",
    "shift_earlier": r"(?:voor|voorafgaand_aan)",
    "last_of": r"(?:laatste|allerlaatste)",
    "half_of": r"helft",
    "fourth_of": r"kwart",
    "half_year": r"(?:halfjaar|half_jaar|semester)",
    "quarter": r"kwartaal",
    "century": r"eeuw",
    "decades": r"jaren",
    "week": r"week(?:nummer)?",
    "week_of": r"(?:van|beginnend(?:_op)?|startend(?:_op)?|die_begint_op|vanaf)",
    "rest": r"(?:rest|restant|resterende_deel)",
    "year": r"(?:kalenderjaar|jaar|begrotingsjaar|boekjaar)",
    "anno": r"anno",
    "month_word": r"maand",
    "now": r"(?:nu(?:_toe)?|op_heden|heden|dusver|op_dit_moment)",
    "until_now": r"tot_(?:nu_toe|nu|op_heden|heden|dusver|op_de_dag_van_vandaag|aan_vandaag)",
    "past_mark": r"(?:jl\.?|j\.l\.|l\.l\.|jongstleden)",
    "coming_mark": r"(?:a\.s\.|aanstaande)",
    "aside": r"aan",
    "during": r"(?:tijdens|gedurende|binnen)(?:_de)?",
    "since": r"(?:sinds|sedert)",
    "day_word_only": r"dag",
    "month_day_joint": r"_de_",
}


@cache
def vocabulary() -> DateVocabulary:
    """Return the Dutch vocabulary."""
    return build("nl", _TABLES, _PIECES)
