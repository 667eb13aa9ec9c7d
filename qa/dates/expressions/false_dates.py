"""Rejects words that only look like a date: amounts, numbers, names and figures of speech."""

from __future__ import annotations

import re

from qa.dates.expressions.grammar import DateMatch

_BARE_YEAR = re.compile(r"(?:^|[^\w'])'?([12]\d{3})$")
_FIGURES_ONLY = re.compile(r"[\d\s/.'-]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_WORD_BEFORE = re.compile(r"([^\s(\[\"„“”]+)[\s(\[\"„“”]*$")
_WORD_AFTER = re.compile(r"[\s\"]*([^\s.,;:!?)\]\"”]+)")
_POSTCODE = re.compile(r"\s(?!CE|AD|BC)[A-Z]{2}(?!\w)")
_MORE_FIGURES = re.compile(r"[%°€$]|[.,:/]\d|-\d|\s\d{2,}(?!\w)|\s?-\s?[A-Z]?\d")
_STUCK_BEFORE = re.compile(r"(?:[€$£#@+&%*]\s?|[^\s=(\[\"'-][-/.:,_]|\d[-/.:,])$")
_LIFE_SPAN_BEFORE = re.compile(r"(?<!\d)[1-9]\d{2,3}\s?-\s?$")
_SENTENCE_END = re.compile(r"(?:^|[.!?:;\n•|>–—-]\s*|[\"'„“‘(]\s*)$")
_YEARS_BEFORE = re.compile(r"[12]\d{3}(?:-\d+)?[,;]?")
_ERA = re.compile(r",?\s(?:v\.\s?c|voor\s(?:chr|onze\sjaartelling)|b\.?c)")
# How far around a candidate is looked.
_REACH = 40


def _words(lines: str) -> frozenset[str]:
    return frozenset(lines.split())


# Before these, a number of four figures is an amount.
_MEASURES = _words(
    """
    euro euro's dollar dollars pond gulden frank mark roebel yen cent miljoen miljard duizend
    meter meters kilometer km m m2 m² cm mm mijl mile miles hectare hectaren ha voet feet liter
    kilo kg gram ton tonnen watt kw kwh mw megawatt volt graden procent percent punten punt points
    jaar jaren jarige maanden weken dagen uur uren minuten minuut seconden years months weeks days
    vierkante kubieke square cubic hours minutes rpm toeren tpm km/u
    """
)
_COUNTED = _words(
    """
    people men women soldiers students troops words seats votes pages copies
    keer maal times stuks mensen personen man mannen vrouwen kinderen inwoners
    soldaten militairen troepen manschappen strijders doden gewonden slachtoffers vluchtelingen
    arbeiders werknemers medewerkers banen leden studenten leerlingen bezoekers toeschouwers
    demonstranten agenten huizen woningen gebouwen bomen dieren koeien paarden schepen tanks
    raketten vliegtuigen auto's woorden pagina's bladzijden boeken exemplaren artikelen stemmen
    zetels plaatsen zitplaatsen bedden gevallen besmettingen patienten bedrijven winkels scholen
    kerken dorpen steden landen talen soorten foto's brieven klachten meldingen handtekeningen
    joden christenen moslims families gezinnen huishoudens passagiers reizigers klanten deelnemers
    """
)
# After these, a number of four figures is a year, whatever noun follows.
_YEAR_ONLY_CUES = _words("in sinds uit anno sedert jaar since during")
# After these, it is an amount too, or it is a number of a room, a page, a make.
_AMOUNT_BEFORE = _words(
    """
    ruim bijna zo'n minstens maximaal minimaal hooguit slechts dan zeker nr nr. nummer no. number
    room zaal kamer lokaal hal gate perron route lijn line bus flight vlucht model type page pagina
    blz. bladzijde p. artikel article art. paragraaf hoofdstuk postbus huisnummer peloton kanaal
    almost nearly over only least most some code pin pincode boeing airbus windows office audi
    formaat versie version apollo nexus expo-zaal
    """
)
_HABIT_BEFORE = _words("elke iedere elk ieder every each")
_YEAR_CUES = _words(
    """
    in sinds sedert uit anno vanaf tot na voor rond omstreeks tussen van en of jaar jaren eind
    begin medio half midden halverwege circa ca. c. since until from after before between around by
    and or of year late early mid through during per tegen to the de het sinds seizoen zomer
    """
)
# Words that may follow a year though they end like a plural.
_NO_PLURAL = _words(
    """
    en een geen tegen tussen binnen buiten samen alleen boven toen eigen heen beneden achter
    werden waren hebben hadden kregen kwamen gingen zouden moesten konden mochten wilden zagen
    was is als dus eens reeds steeds soms sinds tijdens volgens wegens alles anders ons hans does
    namen vonden bleven stonden begonnen stierven openden woonden leefden kochten verloren wonnen
    worden zijn kunnen moeten zullen willen mogen blijven gaan komen staan doen lieten lagen zaten
    """
)
_MORNING_BEFORE = _words(
    "de deze die dat elke iedere goede goeden volgende vorige een 's hele vroege mooie"
)
_NAME_BEFORE = _words(
    """
    der den 't mevrouw meneer mijnheer heer minister keizer koning paus sint familie mr. mrs. ms.
    dr. president senator emperor king queen lady lord sir
    """
)
_NO_FIRST_NAME = _words(
    """
    op met in deze dit vorige afgelopen volgende komende tot sinds van en of vanaf voor na begin
    eind medio half tussen rond on at last next this since until from by before after between or
    """
)
_ENGLISH_CUES = _words(
    """
    in since by until till last next this of early mid late before after from to between and or
    through during around every for ending starting beginning
    """
)
_ENGLISH_NAMES = _words(
    """
    monday tuesday wednesday thursday friday saturday sunday january february june july september
    october november december
    """
)
_HOLIDAY_NOUNS = {"easter": {"island", "egg", "eggs", "bunny"}, "christmas": {"tree", "trees"}}
# "Bloody Sunday" and the like are names.
_ENGLISH_DAY_NAMES = _words("bloody black freaky ruby super")
_NAMED_AFTER_DAYS = _words(
    "gebouw stichting plein straat laan comite huis school vereniging brigade"
)
_DAY_AND_CAPITAL_MONTH = re.compile(r"\d{1,2} [A-Z][a-z]+")
_TIMES_OF_HABIT = {"nights", "mornings", "evenings", "afternoons"}
_FIRST_NAMES = frozenset({"april", "june", "august"})
_AMBIGUOUS_ENGLISH = frozenset({"may", "march", "august", "fall", "spring", "sun", "sat", "mon"})


def is_false(text: str, folded: str, candidate: DateMatch, language: str) -> bool:
    """Tell whether the words around a candidate show that it is no date."""
    context = _Context(text, folded, candidate)
    if context.before in _HABIT_BEFORE and candidate.reading.kind in ("day", "weekday", "month"):
        return True
    if _ERA.match(folded, candidate.end):
        return True
    return (
        context.is_amount()
        or context.is_figures()
        or context.is_name()
        or (
            context.is_english_word()
            if language != "nl"
            else context.is_dutch_phrase() or context.is_dutch_name()
        )
    )


class _Context:
    """A candidate and the words beside it, in lower case without accents."""

    def __init__(self, text: str, folded: str, candidate: DateMatch) -> None:
        start, end = candidate.start, candidate.end
        self.kind = candidate.reading.kind
        self.words = folded[start:end]
        self.raw = text[start:end]
        self.left = text[max(start - _REACH, 0) : start]
        self.right = text[end : end + _REACH]
        left, right = folded[max(start - _REACH, 0) : start], folded[end : end + _REACH]
        before, after = _WORD_BEFORE.search(left), _WORD_AFTER.match(right)
        self.before = before[1] if before else ""
        self.after = after[1] if after else ""
        self.stuck = bool(_STUCK_BEFORE.search(left)) and not _LIFE_SPAN_BEFORE.search(left)

    def is_amount(self) -> bool:
        """Tell whether the number at the end is an amount, or the number of a thing."""
        match = _BARE_YEAR.search(self.words)
        if not match or self._names_more_than_years():
            return False
        bare = self.words == match[1]
        if self._is_measured() or (
            _MORE_FIGURES.match(self.right) and not (bare and self.before in _YEAR_CUES)
        ):
            return True
        return bare and (
            self._is_numbered() or self._is_odd_year(int(match[1])) or self._counts_a_plural()
        )

    def _is_measured(self) -> bool:
        dated = self.before in _YEAR_ONLY_CUES
        return self.after in _MEASURES or (self.after in _COUNTED and not dated)

    def _is_numbered(self) -> bool:
        """Tell whether the words before it make it the number of a room, a model or a telephone."""
        is_figure = self.before[:1].isdigit() and not _YEARS_BEFORE.fullmatch(self.before)
        is_postcode = bool(_POSTCODE.match(self.right))
        return self.stuck or is_figure or is_postcode or self.before in _AMOUNT_BEFORE

    def _names_more_than_years(self) -> bool:
        """Tell whether the words name a month, a season or the like beside the year."""
        return bool(re.search(r"\d+\W+[a-z]+\W+\d{4}$|[a-z]{3,}\.?[ ,/-]+\d{4}$", self.words)) and (
            not re.fullmatch(r"(?:[a-z]{1,9} ){1,3}\d{4}|\d{4}.*", self.words)
        )

    def _is_odd_year(self, year: int) -> bool:
        """Tell whether a year is beyond living memory and no word introduces it."""
        if 1900 <= year < 2100:
            return False
        introduced = self.before in _YEAR_CUES or self.left.rstrip(" ").endswith(("(", ",", "-"))
        return not introduced and bool(self.left.strip())

    def _counts_a_plural(self) -> bool:
        """Tell whether a plural noun follows: "de 2000 boeren"."""
        if self.before in _YEAR_ONLY_CUES:
            return False
        word = self.after
        is_word = word.isalpha() and self.right.lstrip()[:1].islower() and self.right[:1] == " "
        return is_word and len(word) > 4 and word.endswith(("en", "s")) and word not in _NO_PLURAL

    def is_figures(self) -> bool:
        """Tell whether a date in figures is part of a longer number, such as a telephone number."""
        if not _FIGURES_ONLY.fullmatch(self.words) or _BARE_YEAR.search(self.words):
            return False
        return self.stuck or bool(re.match(r"[\s-]?\d{2}|[-/]\d", self.right))

    def is_name(self) -> bool:
        """Tell whether a month or a weekday by itself is a name: "Ginger Maart", "Sven Mei"."""
        if re.fullmatch(r"q\d", self.words):
            return self.before == "audi"
        if self.kind not in ("month", "weekday") or not _LETTERS.fullmatch(self.raw):
            return False
        if self.raw.islower() or self.raw.isupper():
            return False
        return not _SENTENCE_END.search(self.left) and self._follows_name()

    def _follows_name(self) -> bool:
        """Tell whether a title or a name precedes it; English weekdays always have a capital."""
        previous = self.left.rstrip(" ").rsplit(" ", 1)[-1]
        capital = previous[:1].isupper() and previous.isalpha()
        unknown = self.words not in _ENGLISH_NAMES and self.before not in _NO_FIRST_NAME
        return self.before in _NAME_BEFORE or (capital and unknown)

    def is_dutch_phrase(self) -> bool:
        """Tell whether the words are a figure of speech: "vandaag de dag", "deze morgen"."""
        if self.words == "vandaag" and self.right.lower().startswith(" de dag"):
            return True
        if self.words == "heden":
            return self.before in ("het", "en", "van") or self.right.startswith((" ten", " en "))
        return self.words == "morgen" and self.before in _MORNING_BEFORE

    def is_dutch_name(self) -> bool:
        """Tell whether a capital makes it a name: "Zwarte Zaterdag", "gebouw 4 Mei"."""
        if self.kind == "weekday" and _LETTERS.fullmatch(self.raw) and self.raw.istitle():
            return not _SENTENCE_END.search(self.left) and self.before not in _NO_FIRST_NAME
        if (
            self.kind == "month"
            and self.raw.istitle()
            and re.search(r"(?<!\d)\d{1,2} $", self.left)
        ):
            return True  # what is left of "gebouw 4 Mei"
        if self.kind != "day" or not _DAY_AND_CAPITAL_MONTH.fullmatch(self.raw):
            return False
        return self.before in _NAMED_AFTER_DAYS or bool(re.match(r"-[a-z]", self.right))

    def is_english_word(self) -> bool:
        """Tell whether an English month or weekday is another word: "it may", "march on"."""
        if self.after in _HOLIDAY_NOUNS.get(self.words, _TIMES_OF_HABIT):
            return True
        if self.raw.endswith((" may", " march")) and not self.raw.startswith(("in ", "since ")):
            return True
        if self.kind == "weekday" and self.before in _ENGLISH_DAY_NAMES:
            return True
        if self.words.endswith(("quarter", "half")) and self.after == "of":
            return True
        if self.before in _ENGLISH_CUES:
            return self.words in _AMBIGUOUS_ENGLISH and self.raw[0].islower()
        is_first_name = self.words in _FIRST_NAMES and re.match(r" [A-Z][a-z]", self.right)
        return bool(is_first_name) or self.words in _AMBIGUOUS_ENGLISH
