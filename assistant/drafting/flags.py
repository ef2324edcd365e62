"""What a person should look at in a drafted question before it is accepted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from assistant.drafting.drafts import Draft

COPIED = 0.6
"""Share of a question's words that run on as they do in its quote, from which it is flagged."""

ALIKE = 0.8
"""Share of telling words that two questions have in common, from which one is a duplicate."""

_WORD = re.compile(r"\w+(?:[’'-]\w+)*")
_SMALL = frozenset({
    "a", "an", "and", "are", "at", "be", "been", "by", "did", "do", "does", "for", "from", "had",
    "has", "have", "how", "in", "is", "it", "its", "many", "much", "of", "on", "or", "s", "that",
    "the", "their", "to", "was", "were", "what", "when", "where", "which", "who", "whom", "whose",
    "why", "with",
})  # fmt: skip
_VAGUE = re.compile(r"\b(?:last|this|next) (?:week|month|year)\b|^(?:\w+day)\b", re.IGNORECASE)

ArticleText = Callable[[str], str]


def flagged(
    drafts: Sequence[Draft], known: Iterable[str] = (), article_text: ArticleText | None = None
) -> list[Draft]:
    """The drafts with their flags anew, beside what they say of themselves.

    `known`: questions of sets that there are already. `article_text`: the text of an article by
    its id; a LookupError or "" where there is none.
    """
    seen: list[tuple[str, frozenset[str]]] = [("a known question", telling(q)) for q in known]
    result = []
    for draft in drafts:
        own = telling(draft.question)
        flags = [*_of(draft, article_text)]
        twin = next((name for name, words in seen if alike(own, words)), None)
        if twin:
            flags.insert(0, f"duplicate of {twin}")
        seen.append((draft.id, own))
        result.append(replace(draft, flags=tuple(dict.fromkeys((*draft.flags, *flags)))))
    return result


def _of(draft: Draft, article_text: ArticleText | None) -> Iterable[str]:
    for article_id, quote in draft.quotes:
        if copied(draft.question, quote) >= COPIED:
            yield "copied from its sentence: ask it in other words"
        if article_text is not None and quote not in article_text(article_id):
            yield f"its quote does not stand in {article_id} any more"
    if draft.answerable:
        quotes = " ".join(quote for _, quote in draft.quotes).casefold()
        for part in draft.answers:
            if not any(spelling.casefold() in quotes for spelling in part):
                yield f"its quote does not say {part[0]!r}"
            if all(_VAGUE.search(spelling) for spelling in part):
                yield "its day needs the report's date: add the date"
        if not draft.answers:
            yield "no expected answer: it cannot be scored as right or wrong"
    else:
        yield "make sure that the library does not answer it"


def telling(question: str) -> frozenset[str]:
    """The words of a question that tell it from others.

    >>> sorted(telling("How many people were killed in Belkorra?"))
    ['belkorra', 'killed', 'people']
    """
    return frozenset(_words(question)) - _SMALL


def alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two sets of telling words are nearly the same."""
    return bool(one | other) and len(one & other) / len(one | other) >= ALIKE


def copied(question: str, quote: str) -> float:
    """The share of a question's words in its longest run that its quote has as well.

    >>> copied("Who shut the old mine near Tarrow?", "Owners shut the old mine near Tarrow.") > 0.8
    True
    """
    asked, said = _words(question), _words(quote)
    if not asked:
        return 0.0
    matcher = SequenceMatcher(None, asked, said, autojunk=False)
    return matcher.find_longest_match(0, len(asked), 0, len(said)).size / len(asked)


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]
