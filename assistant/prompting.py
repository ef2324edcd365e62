"""Prompt files -> prompts: front matter (name, version, variables), then the template.

The template is LlamaIndex's `RichPromptTemplate` (Jinja, sandboxed): what is put into it is never
read as template again, and cannot open a message of its own. A prompt that uses a variable it does
not declare, or declares one that it does not use, is refused when it is loaded, not when a reader
asks.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from assistant.errors import PromptError

if TYPE_CHECKING:
    from llama_index.core.llms import ChatMessage
    from llama_index.core.prompts import RichPromptTemplate

_NAME = re.compile(r"[a-z][a-z0-9_-]*")
_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt; `variables` are the names that rendering needs, all of them."""

    name: str
    version: str
    variables: frozenset[str]
    digest: str
    template: RichPromptTemplate

    @property
    def id(self) -> str:
        """`name@version:digest`: the first 8 hex digits of the file's sha256."""
        return f"{self.name}@{self.version}:{self.digest}"

    def render(self, **values: str | int) -> str:
        """Fill the template in, as one text with its roles written out.

        Raises:
            PromptError: a variable is missing, or is none of this prompt's.
        """
        self._check(values)
        return self.template.format(**values)  # type: ignore[arg-type]  # no variable has its names

    def messages(self, **values: str | int) -> list[ChatMessage]:
        """Fill the template in, as the messages that a chat model reads.

        Raises:
            PromptError: a variable is missing, or is none of this prompt's.
        """
        self._check(values)
        return self.template.format_messages(**values)  # type: ignore[arg-type]  # as above

    def _check(self, values: dict[str, str | int]) -> None:
        missing, unknown = self.variables - values.keys(), values.keys() - self.variables
        if missing:
            raise PromptError(f"prompt {self.name} needs {_names(missing)}")
        if unknown:
            raise PromptError(f"prompt {self.name} has no place for {_names(unknown)}")


def load_prompt(name: str, folder: Path | None = None) -> Prompt:
    """Read `NAME.md` from `folder`, or from the prompts that came with the program.

    Raises:
        PromptError: there is no such prompt, or its file is malformed.
    """
    if not _NAME.fullmatch(name):
        raise PromptError(f"{name!r} is not the name of a prompt: small letters, digits, - and _")
    path = (folder or _prompts_folder()) / f"{name}.md"
    try:
        content = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PromptError(f"prompt {name} cannot be read from {path}: reinstall it") from error
    parts = _FRONT_MATTER.match(content)
    if parts is None:
        raise PromptError(f"prompt {path.name} does not open with front matter between --- lines")
    version, declared = _front_matter(path.name, name, parts[1])
    return Prompt(
        name=name,
        version=version,
        variables=declared,
        digest=hashlib.sha256(content.encode()).hexdigest()[:8],
        template=_template(path.name, parts[2].strip() + "\n", declared),
    )


def _prompts_folder() -> Path:
    """Find `assistant/prompts` (in the wheel) or `prompts` beside the package (in a checkout)."""
    package = Path(__file__).parent
    shipped = package / "prompts"
    return shipped if shipped.is_dir() else package.parent / "prompts"


def _front_matter(file: str, name: str, text: str) -> tuple[str, frozenset[str]]:
    """Check the front matter and return its version and its variables."""
    try:
        head = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise PromptError(f"prompt {file}: its front matter is not YAML") from error
    if not isinstance(head, dict) or head.get("name") != name:
        raise PromptError(f"prompt {file}: its front matter must say name: {name}")
    version, variables = head.get("version"), head.get("variables")
    if isinstance(version, bool) or not isinstance(version, int | str) or not str(version):
        raise PromptError(f"prompt {file}: its front matter must give a version")
    if not isinstance(variables, list) or not all(isinstance(v, str) for v in variables):
        raise PromptError(f"prompt {file}: its front matter must list its variables")
    return str(version), frozenset(variables)


def _template(file: str, text: str, declared: frozenset[str]) -> RichPromptTemplate:
    """Build the template and hold the variables that it uses against the declared ones."""
    from jinja2 import TemplateError
    from llama_index.core.prompts import RichPromptTemplate

    try:
        template = RichPromptTemplate(text)
    except TemplateError as error:
        raise PromptError(f"prompt {file}: {' '.join(str(error).split())}") from error
    used = frozenset(template.template_vars)
    if used - declared:
        raise PromptError(f"prompt {file} uses {_names(used - declared)} without declaring it")
    if declared - used:
        raise PromptError(f"prompt {file} declares {_names(declared - used)} without using it")
    return template


def _names(variables: frozenset[str] | set[str]) -> str:
    return ", ".join(sorted(variables))
