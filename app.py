"""Index the articles in `seeds/` at the first start, and open the page to ask them."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated

import typer

from qa.assistant import Assistant
from qa.cli.chat import (
    ArticlesOption,
    AuthOption,
    HostOption,
    NoAuthOption,
    NoHistoryOption,
    PortOption,
    RateOption,
    RootPathOption,
    TrustProxyOption,
    UploadOption,
)
from qa.cli.generator_options import (
    GeneratorModelOption,
    GeneratorOption,
    GeneratorParallelOption,
    GeneratorSourceOption,
    GeneratorTimeoutOption,
    generator_of,
)
from qa.cli.options import ExplainingGroup
from qa.cli.serving import Serving, serve
from qa.cli.stores import NamedStore, written_store
from qa.errors import StoreNotFoundError
from qa.settings import INDEX_HERE, data_path

SEEDS = Path(__file__).resolve().parent / "seeds"

# Not the option of `dateline`: that one reads DATELINE_STORE, the user's own archive.
StoreOption = Annotated[
    list[NamedStore] | None,
    typer.Option(
        "--store",
        parser=written_store,
        metavar="NAME=DIR",
        help="Folder of the archive; several are served with NAME=DIR each. Default: a demo of its "
        "own.",
        show_default=False,
    ),
]

app = typer.Typer(
    cls=ExplainingGroup,
    add_completion=False,
    subcommand_metavar="",
    pretty_exceptions_enable=False,
)


@app.callback(invoke_without_command=True)
def main(
    *,
    host: HostOption = "127.0.0.1",
    port: PortOption = 7860,
    store: StoreOption = None,
    articles: ArticlesOption = None,
    auth: AuthOption = None,
    no_auth: NoAuthOption = False,
    root_path: RootPathOption = None,
    trust_proxy: TrustProxyOption = None,
    rate: RateOption = 600,
    allow_upload: UploadOption = None,
    no_history: NoHistoryOption = False,
    generator: GeneratorOption = None,
    generator_model: GeneratorModelOption = None,
    generator_timeout: GeneratorTimeoutOption = None,
    generator_source: GeneratorSourceOption = None,
    generator_parallel: GeneratorParallelOption = None,
) -> None:
    """Chat with a news archive: the five articles in seeds/, or those given; Ctrl-C ends it.

    Exit code: 1 something failed; 2 wrong usage; 130 stopped.
    """
    asking = generator_of(locals())
    given = articles or []
    stores = store or [NamedStore(None, demo_store(given))]
    seeds = not given and len(stores) == 1 and (not store or is_free_for_seeds(stores[0].path))
    serve(
        stores,
        [SEEDS] if seeds else given,
        Serving(
            *(host, port, auth, no_auth, root_path, trust_proxy or (), rate, allow_upload, asking),
            no_history=no_history,
        ),
        examples=seeds,
        index=INDEX_HERE,
    )


def demo_store(articles: list[Path]) -> Path:
    """Return where these articles (default: the seeds) are kept; never the user's archive."""
    if not articles:
        return data_path() / "demo"
    names = "\n".join(str(path.resolve()) for path in articles)
    return data_path() / f"demo-{hashlib.sha256(names.encode()).hexdigest()[:8]}"


def is_free_for_seeds(store: Path) -> bool:
    """Tell whether a store holds nothing but seeds: an archive of somebody's own gets none."""
    seeds = {path.stem for path in SEEDS.glob("*.txt")}
    try:
        with Assistant.open(store, index=INDEX_HERE) as assistant:
            return all(article.id in seeds for article in assistant.articles())
    except StoreNotFoundError:
        return True


if __name__ == "__main__":
    app()
