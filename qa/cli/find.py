"""`dateline find`: every match of a query."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from index_store.catalog.facets import Facet
from qa.answer.picture import check_plot
from qa.archive_union import UnionAssistant
from qa.assistant import Assistant
from qa.cli.collocates import (
    FunctionWordsOption,
    MeasureOption,
    MinimumOption,
    WindowOption,
    tell_collocates,
)
from qa.cli.concordance import concordance
from qa.cli.counts import columns, tell_counted
from qa.cli.find_usage import check_usage
from qa.cli.label_language import label_language
from qa.cli.ngrams import LongestOption, NgramsOption, ShortestOption, tell_ngrams
from qa.cli.no_matches import tell_no_matches
from qa.cli.options import (
    AsOfOption,
    AuthorOption,
    InferredOption,
    JsonOption,
    LanguageOption,
    SectionOption,
    SinceOption,
    SourceOption,
    UndatedOption,
    UntilOption,
    echo,
    echo_json,
    selection_of,
    tell_withheld,
    wrong_usage,
)
from qa.cli.remote import ArchivesOption, UrlOption, check_archives, open_remote
from qa.cli.stores import StoresOption, open_each, refuse_several
from qa.question.checks import Selection, asked_articles
from qa.retrieval.collocates import LIMIT, MINIMUM, WINDOW, Collocates, CollocateSettings, Measure
from qa.retrieval.cross_counts import CrossCounts
from qa.retrieval.match import CONTEXT, MOST_CONTEXT, Match
from qa.retrieval.match_counts import CountSeries, MatchCounts, Rate
from qa.retrieval.match_sorting import MatchOrder
from qa.retrieval.ngrams import LONGEST, SHORTEST, Ngrams, NgramSettings
from qa.retrieval.query import parse_query
from qa.retrieval.word_lists import words_of
from qa.text.phrases import phrase

_MOST = 10**12  # matches: more than any archive has, and a number that can be counted to


def find(
    command: typer.Context,
    query: Annotated[
        str,
        typer.Argument(
            help='Words, "exact phrases", =word, begin*, "near each other"~5, AND, OR, NOT, '
            "(brackets), and title:, text:, source:, author: or section: before a word.",
            show_default=False,
        ),
    ],
    *,
    count: Annotated[
        bool, typer.Option("--count", help="Only count the articles and the places.")
    ] = False,
    by: Annotated[
        list[Facet] | None,
        typer.Option(
            help="Only count, by day, month, source and so on; given twice, as a table of both.",
            show_default=False,
        ),
    ] = None,
    compare: Annotated[
        list[str] | None,
        typer.Option(
            "--compare",
            metavar="QUERY",
            help="With --by: count this query beside the other (may be repeated).",
            show_default=False,
        ),
    ] = None,
    per: Annotated[
        Rate | None,
        typer.Option(
            help="With --by: also tell the places for each article, or for 10,000 words.",
            show_default=False,
        ),
    ] = None,
    bars: Annotated[
        bool, typer.Option("--bars", help="With --by: draw bars in the shell.")
    ] = False,
    plot: Annotated[
        Path | None,
        typer.Option(
            help="With --by: also draw lines or bars to this file: .svg or .png.",
            show_default=False,
        ),
    ] = None,
    collocates: Annotated[
        bool,
        typer.Option("--collocates", help="Show the words that stand near the matches instead."),
    ] = False,
    window: WindowOption = WINDOW,
    measure: MeasureOption = Measure.LOG_LIKELIHOOD,
    minimum: MinimumOption = MINIMUM,
    function_words: FunctionWordsOption = False,
    ngrams: NgramsOption = False,
    shortest: ShortestOption = SHORTEST,
    longest: LongestOption = LONGEST,
    sort: Annotated[
        MatchOrder,
        typer.Option(help="Order: by date, newest first, by article id, or by the words around."),
    ] = MatchOrder.DATE,
    offset: Annotated[int, typer.Option(min=0, help="Leave out so many matches first.")] = 0,
    limit: Annotated[
        int | None,
        typer.Option(
            min=1, help="Maximum number of matches. Default: all of them.", show_default=False
        ),
    ] = None,
    context: Annotated[
        int,
        typer.Option(min=0, max=MOST_CONTEXT, help="Characters beside a match in JSON and CSV."),
    ] = CONTEXT,
    csv: Annotated[
        Path | None,
        typer.Option(
            "--csv",
            help="Write the matches to this table instead; with --by, the counts.",
            show_default=False,
        ),
    ] = None,
    stores: StoresOption = None,
    url: UrlOption = None,
    archive: ArchivesOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    as_of: AsOfOption = None,
    undated: UndatedOption = False,
    inferred: InferredOption = True,
    source: SourceOption = None,
    author: AuthorOption = None,
    section: SectionOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find every match of a query in the titles and texts, with the words around it.

    A word finds its Dutch forms and compounds. The query language is described in
    qa/retrieval/README.md. Of several archives, each match says its archive, and counts are those
    of all together and of each.

    Exit code: 0 done, even if nothing was found; 1 something failed; 2 wrong usage.
    """
    selection = selection_of(locals())  # each option has the name of its parameter
    check_usage(locals())
    check_archives(archive, url)
    refuse_several(stores, archive, reading=collocates or ngrams)
    queries = [query, *(compare or ())]
    with wrong_usage():
        for each in queries:
            parse_query(each)
        asked_articles(selection)
        most = limit or LIMIT
        near = CollocateSettings(window, measure, minimum, most, function_words)
        rows = NgramSettings(shortest, longest, minimum, most)
        listed = near if collocates else rows if ngrams else None
        if plot:
            check_plot(plot)
    offset, limit = min(offset, _MOST), limit and min(limit, _MOST)
    around = context if as_json or csv is not None else min(columns(), MOST_CONTEXT)
    tell = partial(_tell_found, query, only_counts=count, order=sort, csv=csv, as_json=as_json)
    tell_counts = partial(tell_counted, as_json=as_json, bars=bars, csv=csv, plot=plot)
    tell_words = partial(_tell_words, csv=csv, as_json=as_json)
    if url is not None:
        with open_remote(command, url) as remote:
            if by:
                chosen = (
                    partial(remote.cross, query, by=by)
                    if len(by) > 1
                    else partial(remote.compare, queries, by=by[0], per=per)
                )
                tell_counts(chosen(archives=archive, **selection))
            elif listed is not None:
                tell_words(remote.words(query, listed, archives=archive, **selection))
            else:
                at = partial(remote.find, order=sort, context=around, archives=archive)
                there = at(query, offset=offset, limit=limit, **selection)
                tell(
                    there,
                    lambda: remote.count(query, archives=archive, **selection),
                    lambda: tell_no_matches(query, selection, lambda each, only: at(each, **only)),
                )
        return
    with open_each(stores) as opened:
        first, *others = opened
        assistant = Assistant.together(opened) if others else first
        if by:
            tell_counts(_counted(assistant, queries, by, per, selection))
        elif listed is not None:
            tell_words(words_of(first.find(query, **selection), listed))
        else:
            found = assistant.find(query, order=sort, context=around, **selection)
            shown = islice(found, offset, None if limit is None else offset + limit)
            tell(shown, lambda: found.counts, partial(_hint, query, selection, assistant))
        tell_withheld(*opened)


def _hint(query: str, selection: Selection, searched: Assistant | UnionAssistant) -> None:
    view = searched.archive.store.view() if isinstance(searched, Assistant) else None
    tell_no_matches(query, selection, lambda each, only: searched.find(each, **only), view)


def _counted(
    searched: Assistant | UnionAssistant,
    queries: Sequence[str],
    by: Sequence[Facet],
    per: Rate | None,
    selection: Selection,
) -> CountSeries | CrossCounts:
    """Return the counts of queries by one facet, or of one query by two."""
    if len(by) > 1:
        return searched.find(queries[0], **selection).cross(*by)
    return searched.compare(queries, by=by[0], per=per, **selection)


def _tell_words(found: Collocates | Ngrams, *, csv: Path | None, as_json: bool) -> None:
    if isinstance(found, Collocates):
        tell_collocates(found, csv=csv, as_json=as_json)
    else:
        tell_ngrams(found, csv=csv, as_json=as_json)


def _tell_found(
    query: str,
    matches: Iterable[Match],
    counts: Callable[[], MatchCounts],
    hint: Callable[[], None],
    *,
    only_counts: bool,
    order: MatchOrder,
    csv: Path | None,
    as_json: bool,
) -> None:
    """Print matches, and for people how many there are of them; neither is asked for in vain.

    `hint` is for people who asked to see matches where there are none.
    """
    language = label_language(query)
    if only_counts:
        pass
    elif csv is not None:
        from qa.exports import save_table

        save_table(csv, matches)
    elif as_json:
        for match in matches:
            echo_json(match.to_dict())
    else:
        for line in concordance(matches, order=order, width=columns(), language=language):
            echo(line)
        echo("")
    if only_counts and as_json:
        echo_json(counts().to_dict())
    elif only_counts or (csv is None and not as_json):
        _tell_counts(counts(), language, None if only_counts else hint)


def _tell_counts(
    counts: MatchCounts, language: str, hint: Callable[[], None] | None = None
) -> None:
    """Print how many matches there are; of several archives, also in each. A hint if none are."""
    echo(phrase("found", language, **counts.to_dict()))
    for each in counts.archives:
        echo(f"  {each.archive}: {phrase('found', language, **each.to_dict())}")
    if hint is not None and not counts.articles:
        hint()
