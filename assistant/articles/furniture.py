"""Page furniture: what a page says around an article. The shapes of it are data (`RULES`).

A rule matches a whole line (a paragraph, or one line of it that ends in a hard break), never a
part of one, so that a sentence about newsletters or Facebook stays. Only the credits of those who
made the report (`CREDITS`) may also end a line that is the report's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from assistant.articles.blocks import Block
from assistant.articles.furniture_credits import CREDITS
from assistant.articles.furniture_languages import LANGUAGES
from assistant.articles.furniture_rules import NETWORKS, RULES, Rule
from assistant.articles.furniture_tail import strip_tail
from assistant.articles.furniture_tools import TOOLS

# Legal words: after a disclaimer or a copyright notice, a paragraph with several is more of it.
_LEGAL = re.compile(
    r"\b(?:copyright\w*|fair use|permission|liab\w+|responsib\w+|warrant\w*|accura\w+|inaccura\w+|"
    r"re-?produc\w+|re-?publi\w+|distribut\w+|cross-post|hyperlink|consent|advice|owner|purposes?|"
    r"terms|acknowledg\w+)\b",
    re.IGNORECASE,
)
_LEGAL_REASONS = {"disclaimer", "copyright notice"}
_LEGAL_WORDS = 3
_NETWORK = re.compile(rf"(?:{NETWORKS}|e-?mail|copy link|shares?|tweet|print)\W*", re.IGNORECASE)
# Of what stands below an article on its page.
_ENDINGS = {"comments", "copyright", "e-mail", "author's page", "feedback", "disclaimer"}
_LINKS = "links to other articles"
_LABEL_WORDS = 5
# Where credits may begin: after a sentence, or a mark of its source, or in brackets.
_CREDITS_BEGIN = re.compile(r"""[.!?…)\]]["'”’»)\]]*\s+(?=[^\w\s]{0,2}[A-Z])|\s+(?=\([A-Z])""")
# What stands before the label of a button or after it.
_ICONS = re.compile(
    "^[\\s\\ufe0f\\u2190-\\u21ff\\u2300-\\u23ff\\u25a0-\\u27bf\\U0001f000-\\U0001faff]+|"
    "[\\s\\ufe0f\\u2190-\\u21ff\\u2300-\\u23ff\\u25a0-\\u27bf\\U0001f000-\\U0001faff]+$"
)
_LONGEST_CREDITS = 600  # characters
_LONG_WORD = 25  # characters; a line counts as so many words at least


@cache
def _compiled() -> tuple[tuple[Rule, re.Pattern[str]], ...]:
    """The rules and their patterns, those for long lines first."""
    ordered = sorted((*RULES, *TOOLS, *LANGUAGES, *CREDITS), key=lambda rule: -rule.words)
    return tuple((rule, re.compile(rule.pattern, re.IGNORECASE)) for rule in ordered)


@cache
def _credits() -> tuple[tuple[Rule, re.Pattern[str]], ...]:
    return tuple(both for both in _compiled() if both[0] in CREDITS)


def furniture(line: str, heading: bool = False) -> Rule | None:
    """The rule that makes this line page furniture, or None for a line of the article."""
    if not line.isascii() and (bare := _ICONS.sub("", line)):
        line = bare
    return _rule_of(line, heading, _compiled())


def _rule_of(
    line: str, heading: bool, rules: Iterable[tuple[Rule, re.Pattern[str]]]
) -> Rule | None:
    words = max(line.count(" ") + 1, len(line) // _LONG_WORD)
    for rule, pattern in rules:
        if words > rule.words:
            return None
        if rule.needs and not any(word in line.casefold() for word in rule.needs):
            continue
        if (rule.headings or not heading) and pattern.fullmatch(line):
            return rule
    return None


def strip_furniture(blocks: Iterable[Block]) -> tuple[list[Block], list[str]]:
    """The blocks of the article, and the lines that were furniture, in order."""
    kept: list[Block] = []
    dropped: list[str] = []
    # Before which of the blocks that are kept something went that a page ends with.
    ended: list[int] = []
    legal = False
    for block in _without_networks(list(blocks), dropped):
        rest, gone, reasons = _stripped(block)
        dropped += gone
        if reasons & _ENDINGS or (_LINKS in reasons and len(gone[-1].split()) <= _LABEL_WORDS):
            ended.append(len(kept))
        if rest and legal and not rest.heading and _is_legal(rest.text):
            dropped.append(rest.text)
            rest = None
        elif rest:
            kept.append(rest)
            legal = False
        if reasons & _LEGAL_REASONS:
            legal = True
    body, tail = strip_tail(kept, ended)
    return body, dropped + tail


def _without_networks(blocks: list[Block], dropped: list[str]) -> list[Block]:
    """The blocks without runs of names of networks, as in a share bar; one alone is no sign."""
    named = [bool(_NETWORK.fullmatch(block.text)) for block in blocks]
    barred = [
        here and (before or after)
        for before, here, after in zip([False, *named], named, [*named[1:], False], strict=False)
    ]
    dropped += [block.text for block, bar in zip(blocks, barred, strict=True) if bar]
    return [block for block, bar in zip(blocks, barred, strict=True) if not bar]


def _stripped(block: Block) -> tuple[Block | None, list[str], set[str]]:
    """What is left of one block without furniture and credits, what went, and why."""
    rest, gone, reasons = _split(block)
    while rest and (credited := _credits_of(rest)):
        *before, last = rest.parts
        parts = (*before, last[: -len(credited)].rstrip())
        gone.append(credited.replace("\n", " "))
        rest, more, why = _split(Block(parts, rest.heading))
        gone, reasons = [*gone, *more], reasons | why
    return rest, gone, reasons


def _credits_of(block: Block) -> str:
    """The credits that the last line of a block ends in; empty where there are none."""
    line = block.parts[-1]
    for sentence in _CREDITS_BEGIN.finditer(line, max(0, len(line) - _LONGEST_CREDITS)):
        end = line[sentence.end() :]
        if _rule_of(end.replace("\n", " "), bool(block.heading), _credits()):
            return end
    return ""


def _split(block: Block) -> tuple[Block | None, list[str], set[str]]:
    """What is left of one block, the lines that went, and why."""
    parts: list[str] = []
    gone: list[str] = []
    reasons: set[str] = set()
    for part in block.parts:
        # Wrapped lines are one line of the page, unless each of them is furniture by itself.
        whole = part.replace("\n", " ")
        rules = [furniture(whole, bool(block.heading))]
        if rules == [None] and "\n" in part:
            rules = [furniture(line, bool(block.heading)) for line in part.split("\n")]
        if all(rules):
            gone.append(whole)
            reasons |= {rule.reason for rule in rules if rule}
        else:
            parts.append(part)
    if not parts:
        return None, gone, reasons
    rest = Block(tuple(parts), block.heading)
    if len(block.parts) > 1 and (rule := furniture(rest.text, bool(block.heading))):
        return None, [*gone, rest.text], reasons | {rule.reason}
    return rest, gone, reasons


def _is_legal(text: str) -> bool:
    return len({word.casefold() for word in _LEGAL.findall(text)}) >= _LEGAL_WORDS
