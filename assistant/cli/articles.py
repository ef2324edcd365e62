"""`assistant articles list | show | remove | export`."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.options import IndexOption, JsonOption, opened, settings_of
from assistant.console import article_dict, article_lines, counted, note, say
from assistant.errors import UsageError

if TYPE_CHECKING:
    from assistant.types import Link

articles_app = typer.Typer(help="List, show and remove the articles of an index.")


@articles_app.command("list")
def list_articles(index: IndexOption = None, as_json: JsonOption = False) -> None:
    """List every article, newest first."""
    with opened(settings_of(index)) as assistant:
        articles = assistant.articles()
        links = assistant.links()
    if as_json:
        of: dict[str, list[Link]] = defaultdict(list)
        for link in links:
            of[link.article_id].append(link)
            of[link.original_id].append(link)
        say(json.dumps([article_dict(article, of[article.id]) for article in articles], indent=2))
        return
    for article in articles:
        day = article.published.isoformat() if article.published else "undated   "
        say(f"{day}  {article.id}  {article.source}  {article.title}")
    note(counted(len(articles), "article"))


@articles_app.command("show")
def show_article(
    article_id: str,
    revision: Annotated[str | None, typer.Option(help="an older revision")] = None,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print one article as it is stored: the text that offsets refer to."""
    with opened(settings_of(index)) as assistant:
        article = assistant.article(article_id, revision)
        links = assistant.links(article_id)
    if as_json:
        fields = article_dict(article, links)
        say(json.dumps(fields | {"text": article.text}, ensure_ascii=False, indent=2))
        return
    for line in article_lines(article, links):
        say(line)
    say(f"\n{article.text}")


@articles_app.command("remove")
def remove_articles(article_ids: list[str], index: IndexOption = None) -> None:
    """Remove articles from the index; their files stay where they are."""
    with opened(settings_of(index)) as assistant:
        removed = assistant.remove(article_ids)
    missing = [article_id for article_id in article_ids if article_id not in removed]
    note(f"{len(removed)} removed")
    if missing:
        raise UsageError(
            f"not in this library: {', '.join(missing)}; `assistant articles list` shows what is"
        )


@articles_app.command("export")
def export(
    out: Annotated[Path, typer.Argument(help="JSONL file to write")], index: IndexOption = None
) -> None:
    """Write every article, one a line, as `assistant index` reads them."""
    with opened(settings_of(index)) as assistant:
        note(f"{counted(assistant.export(out), 'article')} written to {out}")
