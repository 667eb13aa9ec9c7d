"""Tells from a common first name whether a person is a woman or a man."""

from __future__ import annotations

from enum import StrEnum


class Gender(StrEnum):
    """The gender that "she" or "he" shows."""

    FEMALE = "female"
    MALE = "male"


PRONOUNS = {
    **dict.fromkeys(
        ("hij", "hem", "hemzelf", "zijn", "diens", "he", "him", "himself", "his"), Gender.MALE
    ),
    **dict.fromkeys(("zij", "ze", "haar", "she", "her", "herself"), Gender.FEMALE),
}


def gender_of(name: str) -> Gender | None:
    """Return the gender of a first name; `None` if it is unknown, or women and men both have it.

    >>> gender_of("Angela Merkel"), gender_of("Merkel")
    (<Gender.FEMALE: 'female'>, None)
    """
    first = name.strip().partition(" ")[0].casefold()
    if first in _FEMALE:
        return Gender.FEMALE
    return Gender.MALE if first in _MALE else None


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# First names of two thirds of the people in the news of about one year, Dutch and foreign. Names
# of women and men alike (Kim, Robin, Sam, Jean, Andrea, Simone) are left out: they show no gender.
_FEMALE = _names("""
    agnes aisha alexandra alice alicia amalia amanda amina amy angela angelina anita anke anna anne
    anneke annelies annie astrid audrey barbara beatrix beatrice bettina birgit brigitte britt
    camilla carice carla carmen carola carolien carolina caroline catherine cecilia charlotte
    christina christine claudia cornelia daphne deborah diana dilan dina dorien
    eleanor elena elisabeth elise elizabeth ella ellen els emily emma esther eva evelien fatima
    femke fleur florence frederike gerda gina giorgia greta hanna hannah hanneke heidi heleen
    helena helen hilde hillary inge ingrid irene iris isabel isabella ivanka jacinda jacqueline
    jane janet janneke jasmine jeanine jennifer jessica joan joanna johanna josephine joyce judith
    julia juliana julie kaja kamala karen karin katarina kate katherine kathleen katja katrin
    laila lara laura lea leila lena leonie liesbeth lilian lilianne linda lisa liz louise lucia
    lucy magda magdalena maja malala margaret margarita margrethe margriet maria marianne mariëtte
    marie marieke marielle marije marina marine marjan marjolein marleen martha martine mary
    máxima melania melanie melissa mette michelle miranda mirjam monica monique nadia nancy naomi
    natalia natalie natasha nicola nicole nina nora olena olga olivia pamela patricia paula petra
    pia rachel rebecca renate renée rita rosa rosanne roberta ruth sabine samira sandra sanna sara
    sarah saskia sheila sigrid silvia simona sofia sonja sophie stella stephanie susan
    susanna suzanne svetlana sylvia sylvana tamara tanja tatjana teresa tessa theresa tineke
    ulrike ursula vanessa vera veronica victoria vivianne wilma xandra yasmin yulia yvonne
""")
_MALE = _names("""
    aad abdel abdul abdullah adam ahmed alain alan albert aleksandr aleksej alexander alexei
    alfred ali anders andré andreas andrej andrew antonio anthony antónio anton arend arie arjen
    arnold arthur barack bart bashar ben benjamin benny bernard bernd bert bill björn bob boris
    bram brian bruno carl carles carlos charles christian christopher claus constantijn cor cornelis
    daan daniel david denis diederik dick dirk dmitri dmitry donald edward edwin eelco emil
    emmanuel enrico eric erik ernst evert ferdinand fernando filip floris francesco francis
    franciscus francisco frank frans franz frederik friedrich gabriel geert george georg gerard
    gerrit gijs giuseppe gordon gregor guido gustav guy hamid hans harold harry hassan hendrik
    henk henri henry herman hubert hugo ibrahim igor ilham ivan jaap jack jacob jacques jake jakob
    james jan janez jens jeroen jerome jim jimmy job joe joeri johan johannes john jonas jonathan
    joop joost jordan jorge josé josep joseph josh juan julian julius jürgen kees keir kenneth
    kevin khalid klaas klaus koen kristian lars laurens lionel lodewijk louis luca lucas ludwig
    luis luka maarten magnus manuel marc marcel marco mario mark markus martijn martin mateusz
    matteo matthew matthias maurice maurits max maxim mehmet menno michael michail michel miguel
    mike mikhail milan mohamed mohammed muhammad mustafa narendra nicolas nicolás nigel
    nikolai nikos olaf oleg oleksi oleksandr olivier omar oscar otto pablo patrick paul pavel pedro
    peter petro philip philippe pier pierre pieter piet pim rafael ralf ramzan raymond recep
    reinier remco richard rishi rob robbert robert roberto rodrigo roger roland roman ronald ruben
    rudolf rutger sander sebastian sebastien sergei sergej sergio silvio simon sjoerd stefan stephen
    steve steven sven tadej theo thierry thijs thomas tim timothy tobias tom tony ulrich
    vadim valeri valery vasili victor viktor vincent vitali vladimir volodimir volodymyr walter
    werner willem william willy wim winston wolfgang wopke wouter yair yanis yuri yusuf zoran
""")
