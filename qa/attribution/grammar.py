"""Which stretch of a news text is said by whom."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace

from qa.attribution.persons import resolve
from qa.attribution.quotations import HIDDEN, Quotation, hide_quotations, quotations
from qa.attribution.reporting_verbs import PARTICIPLE, Report, reports
from qa.attribution.speakers import is_speaker, noun_phrase_end
from qa.sentences import split_sentences

LONGEST_TEXT = 200_000  # characters; what stands further on is not read
LONGEST_SENTENCE = 2_000  # characters; a longer "sentence" is no prose
_ACCORDING = re.compile(
    r"\b(?:volgens|according to|in de ogen van|in the eyes of)\s+", re.IGNORECASE
)
_ALDUS = re.compile(r"\b(?:aldus|dixit)\s+")
_CLAUSE_START = re.compile(
    r"(?:^|[,;:]|\b(?:dat|that|maar|but|want|en|and|as|zo)\b)[\s\"”“’]*"
    r"(?:(?:maar|en|want|but|and|as|zowel)\s+(?!.{0,3}$))?",
    re.IGNORECASE,
)
_FILLER = re.compile(
    r"\s*(?:,\s[^,]{1,80},\s*)?"
    r"(?:(?:heeft|hebben|had|hadden|zou|has|have|had|hebben|ook|nog|al|eerder|also|later)\s+)*"
    r"(?:\w+dag\s+)?$"
)
_PARTICIPLE_FILLER = re.compile(
    r"\s+(?:heeft|hebben|had|hadden|zou|has|have)\b(?:\s+\w+){0,4}?\s*$"
)
_THAT = {
    "nl": re.compile(r"\b(?:dat|of|waarom|hoe|om)\b\s*"),
    "en": re.compile(r"\b(?:that|whether|why|how)\b\s*"),
}
_THAT_WITHIN = 80  # characters between the verb and its clause
_CONTRAST = re.compile(r",\s+(?:maar|but|terwijl|while)\s")
_INFINITIVE = re.compile(r"\s*(?:geen|niets|niet|zich)?\b[^,]*\bte\s\w+en\W*$")
_LATER = re.compile(r"^\s+(?:reporters\s+|(?:on|op|in)\s+\w+\s+|\w*dag\s+)?(?=\S)")
_DENIED_REPORT = re.compile(r"\b(?:niet|nooit|not|never)\s+$")
_THAT_SAYS = re.compile(r"(?:Dat|Dit|That)\s")
_AGAINST = re.compile(r"(?P<verb>\bspreekt|\bsprak|\bspreken)\s+dat\s+tegen")
_OPEN_CLAUSE_STOP = re.compile(r"(?:niets|niet|wie|wat|when|what|nothing|so|zo|zich)\b")


@dataclass(frozen=True, slots=True)
class Attribution:
    """Words of a text, `text[start:end]`, and who says them.

    `speaker` stands at `text[speaker_start:speaker_end]`, unless a pronoun or role stands there
    and the speaker was found further up: then both are None. `resolved` is False where it stays
    open whom the pronoun means. `quoted` marks direct speech; `verb_start` is where the verb, or
    a word such as "volgens", stands, and None where only a colon leads to the words.
    """

    speaker: str
    speaker_start: int | None
    speaker_end: int | None
    start: int
    end: int
    quoted: bool = False
    resolved: bool = True
    verb_start: int | None = None


@dataclass(frozen=True, slots=True)
class _Reading:
    """A sentence (`hidden[start:end]`) of a text whose quotations are hidden."""

    hidden: str
    start: int
    end: int
    language: str
    verbs: tuple[Report, ...]

    def phrase(self, at: int, limit: int | None = None) -> tuple[int, int] | None:
        """Return the span of the speaker who is named from a place on."""
        end = noun_phrase_end(self.hidden, at, self.language, self.end if limit is None else limit)
        return (at, end) if end and is_speaker(self.hidden[at:end]) else None


def attributions(text: str, language: str) -> tuple[Attribution, ...]:
    """Return what is said in a text and by whom, in order; offsets are those of the text.

    >>> text = "Minister Kaag was in Gent. „Het is klaar”, zei ze. Volgens Jan Bos is dat onwaar."
    >>> [(a.speaker, text[a.start:a.end]) for a in attributions(text, "nl")]
    [('Minister Kaag', 'Het is klaar'), ('Jan Bos', 'is dat onwaar')]
    """
    language = "en" if language == "en" else "nl"
    text = text[:LONGEST_TEXT]
    marked = quotations(text)
    hidden = hide_quotations(text, marked)
    found: list[Attribution] = []
    before: _Reading | None = None
    starts = [quotation.opens for quotation in marked]
    for sentence in split_sentences(hidden, language=language):
        if sentence.end - sentence.start > LONGEST_SENTENCE:
            before = None
            continue
        verbs = _shifted(reports(hidden[sentence.start : sentence.end], language), sentence.start)
        reading = _Reading(hidden, sentence.start, sentence.end, language, verbs)
        inside = marked[
            bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)
        ]
        found += _in_sentence(reading, inside, before, found[-8:])
        before = reading
    found = _closed_by_later_words(hidden, found)
    ordered = sorted(set(found), key=lambda one: (one.start, one.end))
    return tuple(resolve_all(text, ordered, language))


def resolve_all(
    text: str, found: list[Attribution], language: str
) -> Iterator[Attribution]:
    """Yield the attributions with pronouns and roles replaced by whom they mean."""
    for one in found:
        assert one.speaker_start is not None
        assert one.speaker_end is not None
        written = text[one.speaker_start : one.speaker_end]
        meant, is_sure = resolve(text, one.speaker_start, written, language)
        if meant == written:
            yield replace(one, speaker=written, resolved=is_sure)
        else:
            yield replace(one, speaker=meant, speaker_start=None, speaker_end=None)


def _shifted(verbs: tuple[Report, ...], by: int) -> tuple[Report, ...]:
    return tuple(
        Report(
            verb.start + by,
            verb.end + by,
            verb.companion_start + by,
            verb.companion_end + by,
            verb.whole,
        )
        for verb in verbs
    )


def _in_sentence(
    reading: _Reading,
    inside: tuple[Quotation, ...],
    before: _Reading | None,
    earlier: list[Attribution],
) -> list[Attribution]:
    """Return what one sentence attributes, to its own words or to the sentence before it."""
    direct = list(_direct_speech(reading, inside))
    if inside and not direct:
        direct = list(_continued(reading, inside, before, earlier))
    taken = {one.verb_start for one in direct}
    indirect = [*_backward(reading, before), *_according(reading, inside)]
    taken |= {one.verb_start for one in indirect}
    for verb in reading.verbs:
        if verb.start not in taken:
            indirect += _report(reading, verb)
    return [*direct, *indirect]


def _said(
    speaker: tuple[int, int], said: tuple[int, int], verb: int | None, *, quoted: bool = False
) -> Attribution:
    return Attribution("", *speaker, *said, quoted=quoted, verb_start=verb)


# Direct speech


def _direct_speech(reading: _Reading, inside: tuple[Quotation, ...]) -> Iterator[Attribution]:
    """Yield the quotations of a sentence that have a speaker beside them."""
    known: tuple[tuple[int, int], int | None] | None = None
    for quotation in inside:
        spoken = _speaker_after(reading, quotation) or _speaker_before(reading, quotation)
        gap = reading.hidden[known[0][1] : quotation.opens] if known else ""
        if not spoken and known and re.fullmatch(r"[^¤.]{0,60}[,:.]\s*", gap):
            spoken = known  # "Nee", zei Klaver, "nooit."
        if spoken:
            known = spoken
            yield _said(spoken[0], (quotation.start, quotation.end), spoken[1], quoted=True)


def _speaker_after(
    reading: _Reading, quotation: Quotation
) -> tuple[tuple[int, int], int | None] | None:
    """Return speaker and verb behind a quotation: `", zei X`, `", X said`, `", aldus X`."""
    lead = re.compile(r"\s*,?\s*(?:zo\s+)?").match(reading.hidden, quotation.closes, reading.end)
    at = lead.end() if lead else quotation.closes
    aldus = _ALDUS.match(reading.hidden, at, reading.end)
    if aldus:
        phrase = reading.phrase(aldus.end())
        return (phrase, at) if phrase else None
    for verb in reading.verbs:
        if verb.start == at:
            phrase = reading.phrase(_after_space(reading.hidden, verb.end))
            return (phrase, at) if phrase else None
    following = [verb.start for verb in reading.verbs if verb.start > at]
    is_english = reading.language == "en" and following
    phrase = reading.phrase(at, following[0]) if is_english else None
    after = _after_space(reading.hidden, phrase[1]) if phrase else -1
    if phrase and any(verb.start == after for verb in reading.verbs):
        return phrase, after
    return None


def _speaker_before(
    reading: _Reading, quotation: Quotation
) -> tuple[tuple[int, int], int | None] | None:
    """Return speaker and verb of `X zegt: "` or `X: "`."""
    lead = reading.hidden[reading.start : quotation.opens]
    if not lead.rstrip().endswith(":") or HIDDEN in lead:
        return None
    phrase = reading.phrase(reading.start)
    verbs = [verb.start for verb in reading.verbs if verb.start < quotation.opens]
    return (phrase, verbs[0] if verbs else None) if phrase else None


def _continued(
    reading: _Reading,
    inside: tuple[Quotation, ...],
    before: _Reading | None,
    earlier: list[Attribution],
) -> Iterator[Attribution]:
    """Yield a sentence that is one quotation, behind a sentence that somebody was quoted in."""
    own = reading.hidden[reading.start : reading.end]
    is_bare = inside[0].opens == reading.start and not re.search(r"\w", own.replace(HIDDEN, ""))
    if not is_bare or before is None or "\n" in reading.hidden[before.end : reading.start]:
        return
    spoken = [one for one in earlier if one.quoted and before.start <= one.start < before.end]
    if spoken:
        last = spoken[-1]
        for quotation in inside:
            yield replace(last, start=quotation.start, end=quotation.end)


def _closed_by_later_words(hidden: str, found: list[Attribution]) -> list[Attribution]:
    """Return the attributions, those to a quotation named by "Dat zegt X" as direct speech."""
    return [
        replace(one, start=one.start + 1, end=_closing(hidden, one), quoted=True)
        if re.fullmatch(rf"[„“\"‘]{HIDDEN}+[.!?…]?[”“\"’]", hidden[one.start : one.end])
        else one
        for one in found
    ]


def _closing(hidden: str, one: Attribution) -> int:
    return one.end - 1


# Indirect speech


def _backward(reading: _Reading, before: _Reading | None) -> Iterator[Attribution]:
    """Yield `C. Dat zegt X.` and `C, zegt X.`"""
    against = _AGAINST.search(reading.hidden, reading.start, reading.end)
    if against and before:
        phrase = reading.phrase(reading.start)
        if phrase and phrase[1] < against.start():
            yield _said(phrase, (before.start, before.end), against.start("verb"))
    for verb in reading.verbs:
        phrase = reading.phrase(_after_space(reading.hidden, max(verb.end, 0)))
        if phrase is None:
            continue
        lead = reading.hidden[reading.start : verb.start]
        if before and _THAT_SAYS.fullmatch(lead):
            yield _said(phrase, (before.start, before.end), verb.start)
        elif _closes_clause(reading, verb, phrase):
            said = reading.start, _lead_end(reading, verb.start)
            yield _said(phrase, said, verb.start)
    yield from _trailing(reading)


def _closes_clause(reading: _Reading, verb: Report, phrase: tuple[int, int]) -> bool:
    """Tell whether the sentence before `, zegt X` is what X says."""
    lead = reading.hidden[reading.start : verb.start]
    rest = reading.hidden[phrase[1] : reading.end]
    is_led = re.search(r"\w[^¤]*,\s+(?:zo\s+)?$", lead) is not None
    return is_led and not _THAT[reading.language].search(rest) and HIDDEN not in lead and not lead.startswith("Op de")


def _lead_end(reading: _Reading, at: int) -> int:
    """Return where the words before `, zegt X` end."""
    lead = reading.hidden[reading.start : at]
    return reading.start + len(re.sub(r",\s+(?:zo\s+)?$", "", lead))


def _trailing(reading: _Reading) -> Iterator[Attribution]:
    """Yield `C, aldus X.` and the English `C, X said.`"""
    aldus = _ALDUS.search(reading.hidden, reading.start, reading.end)
    if aldus and HIDDEN not in reading.hidden[reading.start : aldus.start()]:
        phrase = reading.phrase(aldus.end())
        if phrase and aldus.start() > reading.start:
            said = reading.start, _lead_end(reading, aldus.start())
            yield _said(phrase, said, aldus.start())
    if reading.language != "en" or not reading.verbs:
        return
    verb = reading.verbs[-1]
    if re.fullmatch(r"\W*", reading.hidden[verb.end : reading.end]):
        comma = reading.hidden.rfind(", ", reading.start, verb.start)
        phrase = reading.phrase(comma + 2, verb.start) if comma > 0 else None
        is_free = comma > 0 and HIDDEN not in reading.hidden[reading.start : comma]
        if phrase and is_free and _after_space(reading.hidden, phrase[1]) == verb.start:
            yield _said(phrase, (reading.start, comma), verb.start)


def _according(reading: _Reading, inside: tuple[Quotation, ...]) -> Iterator[Attribution]:
    """Yield `Volgens X C` and `C volgens X C`."""
    for cue in _ACCORDING.finditer(reading.hidden, reading.start, reading.end):
        phrase = reading.phrase(cue.end())
        if phrase is None:
            continue
        said = reading.start, _sentence_close(reading)
        if cue.start() == reading.start:
            apposition = re.compile(r",\s[^,]{1,80},").match(
                reading.hidden, phrase[1], reading.end
            )
            at = apposition.end() if apposition else phrase[1]
            said = _after_punctuation(reading.hidden, at), said[1]
        if said[0] < said[1]:
            yield _said(phrase, said, cue.start())


def _report(reading: _Reading, verb: Report) -> Iterator[Attribution]:
    """Yield what a verb reports of the words behind it."""
    if _DENIED_REPORT.search(reading.hidden, max(reading.start, verb.start - 8), verb.start):
        return
    phrase = _subject_before(reading, verb)
    at = max(verb.end, verb.companion_end if not verb.whole else verb.end)
    if phrase is None:
        phrase = reading.phrase(_after_space(reading.hidden, verb.end))
        at = phrase[1] if phrase else at
        said = _clause(reading, at, whole=False)
    else:
        said = _clause(reading, at, whole=verb.whole)
        if said is None and verb.companion_start < verb.companion_end:
            said = _clause(reading, verb.end, whole=False)
    if phrase and said:
        yield _said(phrase, said, verb.start)


def _subject_before(reading: _Reading, verb: Report) -> tuple[int, int] | None:
    """Return the speaker right before a verb: the subject of the clause it stands in."""
    written = reading.hidden[verb.start : verb.end]
    filler = [_FILLER]
    if PARTICIPLE.search(written) or "laten" in written:
        filler.append(_PARTICIPLE_FILLER)
    starts = [m.end() for m in _CLAUSE_START.finditer(reading.hidden, reading.start, verb.start)]
    for start in [*reversed(starts[-6:]), reading.start]:
        phrase = reading.phrase(start, verb.start)
        if phrase:
            between = reading.hidden[phrase[1] : verb.start]
            if any(pattern.match(between) for pattern in filler):
                return _apposed(reading, phrase, verb.start)
    return None


def _apposed(reading: _Reading, phrase: tuple[int, int], verb: int) -> tuple[int, int]:
    """Return the name in "de minister, Ben Wallace, waarschuwde", else the phrase itself."""
    named = re.compile(r",\s(?=[^\W\d_])(?=[^a-z])").match(reading.hidden, phrase[1], verb)
    other = reading.phrase(named.end()) if named else None
    return other if other and reading.hidden[other[1] : other[1] + 1] == "," else phrase


def _clause(reading: _Reading, at: int, *, whole: bool) -> tuple[int, int] | None:
    """Return the reported clause behind a verb."""
    end = _sentence_close(reading)
    that = _THAT[reading.language].search(reading.hidden, at, min(end, at + _THAT_WITHIN))
    if that and not re.search(r"[.:;¤]", reading.hidden[at : that.start()]):
        start = that.start() if that.group().strip() in _KEPT else that.end()
        return _trimmed(reading, start, end)
    rest = reading.hidden[at:end]
    if whole or _INFINITIVE.match(rest):
        later = _LATER.match(rest)
        start = at + (later.end() if later else 0)
        if start < end and not _OPEN_CLAUSE_STOP.match(reading.hidden, start) and later:
            return _trimmed(reading, start, end)
    return None


_KEPT = frozenset({"waarom", "why", "whether", "hoe", "how", "om"})


def _trimmed(reading: _Reading, start: int, end: int) -> tuple[int, int] | None:
    contrast = _CONTRAST.search(reading.hidden, start, end)
    end = contrast.start() if contrast else end
    return (start, end) if start < end else None


def _sentence_close(reading: _Reading) -> int:
    """Return where the words of a sentence end, before its full stop."""
    words = reading.hidden[reading.start : reading.end]
    return reading.start + len(words.rstrip(".!?… "))


def _after_space(text: str, at: int) -> int:
    while at < len(text) and text[at] == " ":
        at += 1
    return at


def _after_punctuation(text: str, at: int) -> int:
    while at < len(text) and text[at] in " ,":
        at += 1
    return at
