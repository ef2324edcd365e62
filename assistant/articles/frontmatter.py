"""Front matter: the YAML between two `---` lines at the head of a text file."""

from __future__ import annotations

import re

import yaml

from assistant.errors import ArticleError

_FIELD = re.compile(r"[^\W\d][\w -]{0,40}:(?:\s|$)")
_MOST_CHARACTERS = 64_000
_DEEPEST = 8

# libyaml where the wheel has it: the same grammar, ten times as fast. Both build nothing but
# strings, lists and dicts, so `id: 0012` keeps its zeros and `region: NO` does not become False.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def split_front_matter(text: str) -> tuple[dict[str, object], str]:
    """The fields of the front matter (none where there is none) and the rest of the text.

    Values are strings, lists and dicts of them; nothing is guessed to be a date or a number.

    Raises:
        ArticleError: front matter that is not closed, not YAML, or uses aliases.
    """
    lines = text.split("\n", 1)
    if lines[0].rstrip() != "---" or len(lines) == 1:
        return {}, text
    first = next((line for line in lines[1].split("\n") if line.strip(" #-")), "")
    if not _FIELD.match(first):
        return {}, text  # a rule above an article
    closing = re.search(r"^(?:---|\.\.\.)[ \t]*$\n?", lines[1], re.MULTILINE)
    if closing is None:
        raise ArticleError("the front matter is not closed by a line of ---")
    source = lines[1][: closing.start()]
    if len(source) > _MOST_CHARACTERS:
        raise ArticleError(f"the front matter is longer than {_MOST_CHARACTERS} characters")
    return _load(source), lines[1][closing.end() :]


def _load(source: str) -> dict[str, object]:
    try:
        _refuse_traps(source)
        fields = yaml.load(source, Loader=_LOADER)  # noqa: S506 - it builds strings, lists, dicts
    except yaml.MarkedYAMLError as error:
        where = f" (line {error.problem_mark.line + 2})" if error.problem_mark else ""
        raise ArticleError(f"the front matter is not YAML{where}: {error.problem}") from error
    except yaml.YAMLError as error:
        raise ArticleError("the front matter is not YAML") from error
    if not isinstance(fields, dict):
        raise ArticleError("the front matter is not a list of fields")
    return {str(key): value for key, value in fields.items()}


def _refuse_traps(source: str) -> None:
    """Refuse what grows or nests without end (aliases, brackets) before anything is built."""
    depth = 0
    for event in yaml.parse(source, Loader=_LOADER):
        if isinstance(event, yaml.AliasEvent):
            raise ArticleError("the front matter uses YAML aliases")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _DEEPEST:
            raise ArticleError(f"the front matter is nested more than {_DEEPEST} deep")
