"""Holds the verbs that report what somebody says, in Dutch and English news."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Verbs that report only if a quotation, "dat" or "te" follows them.
_SAYING = {
    "nl": """zegt zei zeiden zeggen gezegd vertelt vertelde vertellen vertelden verteld
    denkt dacht denken dachten roept riep riepen roepen vraagt vroeg vroegen vragen
    antwoordt antwoordde antwoordden geantwoord schrijft schreef schreven geschreven
    meldt meldde melden meldden gemeld bericht berichtte berichtten rapporteert rapporteerde
    stelt stelde stellen stelden gesteld beweert beweerde beweren beweerden oordeelt oordeelde
    oordelen geoordeeld concludeert concludeerde concluderen concludeerden geconcludeerd
    meent meende menen meenden vermoedt vermoedde vermoeden vermoedden verklaart verklaarde
    verklaren verklaarden verklaard herhaalt herhaalde herhalen herhaalden benadrukt benadrukte
    benadrukken benadrukten onderstreept onderstreepte erkent erkende erkennen erkenden erkend
    bevestigt bevestigde bevestigen bevestigden bevestigd belooft beloofde beloven beloofden
    beloofd klaagt klaagde klagen klaagden schat schatte schatten reageert reageerde reageren
    hoopt hoopte hopen hoopten vindt vond vinden vonden gevonden constateert constateerde
    constateren suggereert suggereerde verzekert verzekerde verzekeren betoogt betoogde betogen
    onthult onthulde fluistert fluisterde lacht lachte verzucht verzuchtte vervolgt
    vervolgde bekent bekende grapt grapte benoemt mijmert gelooft geloofde geloven toont
    waarschuwt waarschuwde waarschuwen waarschuwden gewaarschuwd vreest vreesde vrezen
    verwacht verwachtte verwachten verwachtten voorspelt voorspelde ontkent ontkende""",
    "en": """says said say tells told tell adds added recalls recalled writes wrote reports
    reported replies replied answers answered asks asked shouts shouted explains explained
    announces announced""",
}
# Verbs whose whole object is reported speech: "eist opheldering", "calls it a farce".
_JUDGING = {
    "nl": """eist eiste eisen eisten geëist noemt noemde noemen noemden genoemd ontkent ontkende
    ontkennen ontkenden ontkend verwacht verwachtte verwachten verwachtten voorspelt voorspelde
    voorspellen vreest vreesde vrezen vreesden bestrijdt bestreed bestrijden bestreden betwist
    betwistte hekelt hekelde hekelen bekritiseert bekritiseerde verwijt verweet verwijten verweten
    beschuldigt beschuldigde beschuldigen beschuldigden adviseert adviseerde adviseren pleit
    pleitte pleiten pleitten dreigt dreigde dreigen dreigden waarschuwt waarschuwde waarschuwen
    waarschuwden bepleit bepleitte veroordeelt veroordeelde veroordelen""",
    "en": """denies denied deny calls called call warns warned warn urges urged urge demands
    demanded demand insists insisted insist believes believe believed claims claimed claim
    expects expected expect accuses accused accuse admits admitted admit stresses stressed
    stress describes described dismisses dismissed dismiss criticises criticised criticizes
    criticized condemns condemned condemn promises promised promise confirms confirmed confirm
    predicts predicted fears fear feared thinks think argues argued argue suggests suggested""",
}
# Verbs that report only if a clause with "that" follows them.
_FINDING = {
    "nl": "",
    "en": "finds found find rules ruled rule complains complained complain concludes concluded "
    "reveals revealed declares declared agrees agreed states stated notes noted",
}
# (verb, words that must follow within a few words, whether the whole object is reported speech)
_WITH_COMPANION = {
    "nl": (
        ("laat|laten|liet|lieten", r"weten|doorschemeren|optekenen", False),
        ("wijst|wees|wijzen|wezen", "erop", False),
        ("gaf|geeft|gaven|geven", r"aan|toe", False),
        ("riep|roept|riepen|roepen", r"[^.]*?op(?= om|[.]|$)", True),
        ("voegt|voegde|voegen|voegden", r"eraan toe|daaraan toe|toe", False),
        ("legt|legde|leggen|legden", "uit", False),
        ("gaat|ging|gaan|gingen", "ervan uit", False),
        ("sluit|sloot|sluiten|sloten", "niet uit", False),
        ("houdt|hield|houden|hielden", "vol", False),
        ("maakt|maakte|maken|maakten", "bekend", False),
        ("kondigt|kondigde|kondigen|kondigden", "aan", False),
        ("raadt|raadde|raden|raadden", "aan", True),
        ("dringt|drong|dringen|drongen", "aan op", True),
        ("spreekt|sprak|spreken|spraken", "van", True),
        ("rekent|rekende|rekenen|rekenden", "op", True),
    ),
    "en": (("points|pointed", "out", False), ("makes|made", "clear", False)),
}
_JUDGED = re.compile(r"(?:vind|vond)", re.IGNORECASE)
PARTICIPLE = re.compile(r"(?:ge\w+[dtn]|ver\w+d|be\w+d|erkend|ontkend|laten weten)$")


@dataclass(frozen=True, slots=True)
class Report:
    """A reporting verb in a text; `whole` if its whole object is reported speech."""

    start: int
    end: int
    companion_start: int
    companion_end: int
    whole: bool


def _forms(table: dict[str, str], language: str) -> frozenset[str]:
    return frozenset(table[language].split())


_PLAIN = {
    language: re.compile(
        r"\b(?:"
        + "|".join(
            sorted(
                _forms(_SAYING, language) | _forms(_JUDGING, language) | _forms(_FINDING, language),
                key=lambda form: -len(form),
            )
        )
        + r")\b"
    )
    for language in ("nl", "en")
}
_PAIRED = {
    language: tuple(
        (re.compile(rf"\b(?:{forms})\b"), re.compile(rf"\b(?:{companion})\b"), whole)
        for forms, companion, whole in _WITH_COMPANION[language]
    )
    for language in ("nl", "en")
}
_COMPANION_WITHIN = 60  # characters between the two parts of a verb


def reports(sentence: str, language: str) -> tuple[Report, ...]:
    """Return the reporting verbs of a sentence, in order.

    >>> [r.start for r in reports("Moskou liet weten dat Kiev zei niets te willen.", "nl")]
    [7, 27]
    """
    found: dict[int, Report] = {}
    for verb in _PLAIN[language].finditer(sentence):
        whole = verb.group() in _forms(_JUDGING, language)
        whole = whole or (language == "nl" and bool(_JUDGED.match(verb.group())))
        whole = whole or (language == "en" and verb.group() in _forms(_SAYING, language))
        found[verb.start()] = Report(verb.start(), verb.end(), verb.end(), verb.end(), whole)
    for forms, companion, whole in _PAIRED[language]:
        for verb in forms.finditer(sentence):
            other = companion.search(sentence, verb.end(), verb.end() + _COMPANION_WITHIN)
            if other:
                found[verb.start()] = Report(verb.start(), verb.end(), *other.span(), whole)
    return tuple(found[start] for start in sorted(found))
