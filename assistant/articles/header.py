"""The head of an article without metadata: title, byline, outlets and dates, labels.

    ## Video: Army Advances Near Palmyra
    By [Basalt Post](#)
    Commons Digest, June 25, 2017        <- who carried it, and when
    [Basalt Post](#) 24 June 2017        <- who reported it, and when
    Region: [Middle East](#)

Lines of these shapes are metadata while they stand above the first line of another shape, and are
then none of the article's text. Below that, nothing is taken: a date in running prose is no date of
publication.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from assistant.articles.blocks import Block
from assistant.articles.dates import DATE, date_of, find_date
from assistant.articles.fields import Metadata, split_tags, unique
from assistant.articles.outlets import is_agency, is_name, is_outlet, is_place
from assistant.errors import ArticleError

_LABELS = {
    "region": "region", "location": "region", "theme": "tags", "themes": "tags",
    "in-depth report": "tags", "in-depth reports": "tags", "topic": "tags", "topics": "tags",
    "tag": "tags", "tags": "tags", "keywords": "tags", "category": "tags", "categories": "tags",
    "section": "tags", "filed under": "tags", "source": "source", "outlet": "source",
    "publisher": "publisher", "author": "author", "authors": "author", "written by": "author",
    "reported by": "author", "language": "language",
}  # fmt: skip
_LABEL = re.compile(r"([A-Za-z][A-Za-z -]{2,20}?)\s*:\s*(.*)")
_BYLINE = re.compile(
    r"(?:(?:written|reported|story|words|text) )?by:?\s+"
    r"(?P<who>(?:[^.!?:]|(?<=\b[A-Z])\.)+)",
    re.IGNORECASE,
)
_DATE_WORD = (
    r"(?:(?:first |last |originally )?(?:published|posted|updated|modified|created|issued|released)"
    r"(?: (?:on|at))?|date(?: of publication| published| posted)?|on|publication date)"
)
_AROUND = r"\s*[,|·•–—@-]?\s*"
_DATED = re.compile(
    rf"(?:(?P<word>{_DATE_WORD})\s*:?\s*)?(?P<before>[^\W_][^.!?:]{{1,60}}?)??{_AROUND}"
    rf"(?P<date>{DATE.pattern}){_AROUND}(?P<by>by\s+)?(?P<after>[^\W_][^.!?:]{{1,60}})?",
    re.IGNORECASE,
)
# A dateline opens the first paragraph: LONDON, Jan 3, 2017 (Reuters) - ...
_DATELINE = re.compile(
    r"(?P<place>[A-Z][\w .,'’/-]{1,60}?)?,?\s*\((?P<outlet>[A-Z][\w .&-]{1,30})\)\s*[-–—:]+\s"
)
_LEADING_DATE = re.compile(rf"(?:{_DATE_WORD}\s*:?\s*)?(?P<date>{DATE.pattern})", re.IGNORECASE)
_NOT_PROSE = re.compile(r"[\s\"'“‘([]*[A-Z0-9]|\s*[-–—:|]")
_MOST_TITLE_WORDS = 35
_MOST_LINE_WORDS = 14
_MOST_LINES = 25

# Who publishes what, in the credits below an article.
_CREDITS = (
    re.compile(
        r"(?i:the original source of this (?:article|story|post|report) is:?) "
        r"(?P<source>[^.]{2,60})\.?"
    ),
    re.compile(
        r"(?i:(?:this (?:article|story|post|report|piece) (?:was )?)?(?:first|originally) "
        r"(?:published|appeared|posted) (?:on|in|at|by)) "
        r"(?P<source>[A-Z][^.,]{1,40}?)(?: on .*)?\.?"
    ),
    re.compile(r"(?i:re-?published|reprinted) from (?P<source>[A-Z][^.,]{1,40})\.?"),
)


@dataclass(slots=True)
class _Found:
    """What the head's lines say, before it is settled who reported and who carried."""

    title: str = ""
    bylines: list[str] = field(default_factory=list)
    dated: list[tuple[str, date]] = field(default_factory=list)
    published: date | None = None
    labels: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    block: int
    last: bool
    heading: int


def read_head(
    blocks: Sequence[Block], known: Metadata, credits_: Sequence[str]
) -> tuple[Metadata, list[Block]]:
    """What the head and the credits say, and the blocks below the head.

    `known` is what is known already: its title is looked for among the lines. `credits_` are the
    page's furniture lines, which may name the first publisher.
    """
    found = _Found(title=known.title)
    lines = _head_lines(blocks)
    end = _take(lines, found)
    rest = _below(blocks, lines, end)
    meta = _settle(found, _credited(credits_), known)
    if rest:
        meta = meta.filled_from(_from_opening(rest[0].text))
    return replace(meta, title=found.title), rest


def _head_lines(blocks: Sequence[Block]) -> list[_Line]:
    found: list[_Line] = []
    for number, block in enumerate(blocks[:_MOST_LINES]):
        lines = block.lines
        found.extend(
            _Line(line, number, at == len(lines) - 1, block.heading)
            for at, line in enumerate(lines[:_MOST_LINES])
        )
    return found[:_MOST_LINES]


def _take(lines: Sequence[_Line], found: _Found) -> int:
    """Read lines into `found` until one is none of the head; how many were read."""
    titled = False
    for at, line in enumerate(lines):
        following = lines[at + 1] if at + 1 < len(lines) else None
        if not titled and found.title and _same(line.text, found.title):
            titled = True
        elif _read_line(line.text, found):
            continue
        elif not titled and not found.title and _is_title(line, following):
            found.title, titled = line.text, True
        else:
            return at
    return len(lines)


def _below(blocks: Sequence[Block], lines: Sequence[_Line], end: int) -> list[Block]:
    """The blocks from line `end` on; a block that the head ends in keeps its other lines."""
    if end == len(lines):
        return list(blocks[lines[-1].block + 1 :]) if lines else []
    first = lines[end].block
    before = sum(1 for line in lines[:end] if line.block == first)
    block = blocks[first]
    if before:
        block = Block(("\n".join(block.lines[before:]),), block.heading)
    return [block, *blocks[first + 1 :]]


def _is_title(line: _Line, following: _Line | None) -> bool:
    if following is None or line.text.count(" ") >= _MOST_TITLE_WORDS:
        return False
    if line.heading:
        return True
    if _read_line(following.text, _Found()):
        return True
    # The first of several wrapped lines is the beginning of a paragraph.
    return line.last and not line.text.endswith((".", ",", ";", ":", "”", '"'))


def _read_line(line: str, found: _Found) -> bool:
    """Whether the line is one of the head's; what it says goes into `found`."""
    if label := _LABEL.fullmatch(line):
        name = _LABELS.get(label[1].casefold())
        if name:
            found.labels.setdefault(name, []).append(label[2])
            return True
    if line.count(" ") >= _MOST_LINE_WORDS:
        return False
    if dated := _DATED.fullmatch(line):
        return _read_dated(dated, found)
    if (byline := _BYLINE.fullmatch(line)) and byline["who"][0].isupper():
        found.bylines.append(byline["who"].strip())
        return True
    return False


def _read_dated(dated: re.Match[str], found: _Found) -> bool:
    """A line of a date, with an outlet, a place or a byline on either side of it.

    Above the title only a name that is evidently an outlet's makes one: headlines have dates too.
    """
    day = find_date(dated["date"])
    names = [name.strip() for name in (dated["before"], dated["after"]) if name]
    if not all(is_name(name) for name in names):
        return False
    for name in names:
        if byline := _BYLINE.fullmatch(name):
            found.bylines.append(byline["who"].strip())
        elif dated["by"] and not is_outlet(name):
            found.bylines.append(name)
        elif day and not is_place(name) and (is_outlet(name) or (found.title and " " in name)):
            found.dated.append((name, day))
            return True
        elif not found.title:
            return False
    if day and (found.published is None or not (dated["word"] or "").lower().startswith(_UPDATES)):
        found.published = found.published or day
    return True


_UPDATES = ("updated", "last", "modified")


def _credited(lines: Sequence[str]) -> str:
    """The outlet that the credits call the first to publish."""
    for line in lines:
        for pattern in _CREDITS:
            if credit := pattern.fullmatch(line):
                return credit["source"].strip()
    return ""


def _settle(found: _Found, credited: str, known: Metadata) -> Metadata:
    """Who reported it, who carried it, and when each did."""
    labels = {name: [v for v in values if v] for name, values in found.labels.items()}
    authors, byline_outlets = _split_bylines(found.bylines + labels.get("author", []))
    names = [credited, *labels.get("source", []), known.source, *byline_outlets]
    names += [name for name, _ in found.dated if any(_same(name, b) for b in found.bylines)]
    confirmed = next((name for name in names if name), "")
    reported, carried = _who_when(found.dated, confirmed)
    source = confirmed or (reported[0] if reported else "")
    publisher = next(iter(labels.get("publisher", [])), carried[0] if carried else "")
    return Metadata(
        title=found.title,
        source=source,
        publisher=publisher,
        author=", ".join(a for a in authors if not _same(a, source)),
        published=found.published or (reported[1] if reported else None),
        carried_on=carried[1] if carried else None,
        region=", ".join(labels.get("region", [])),
        tags=unique(tag for value in labels.get("tags", []) for tag in split_tags(value)),
        language=next(iter(labels.get("language", [])), ""),
    )


def _who_when(
    dated: list[tuple[str, date]], confirmed: str
) -> tuple[tuple[str, date] | None, tuple[str, date] | None]:
    """The lines of an outlet and a day: the reporting one, and the carrying one.

    The reporting outlet is the one that byline or credits confirm; failing these, the earlier.
    """
    ordered = sorted(dated, key=lambda line: line[1])
    reported = next((line for line in ordered if _same(line[0], confirmed)), None)
    if reported is None and not confirmed:
        reported = next(iter(ordered), None)
    carried = next((line for line in ordered if line is not reported), None)
    return reported, carried


def _split_bylines(bylines: Sequence[str]) -> tuple[list[str], list[str]]:
    """The persons and the outlets in lines such as `Jane Doe, Reuters`."""
    authors: list[str] = []
    outlets: list[str] = []
    for byline in bylines:
        parts = re.split(r"\s*[,|]\s*|\s+[-–—]\s+|\s+for\s+", byline)
        named = [part for part in parts if is_outlet(part)]
        outlets += named
        authors += [part for part in parts if part and part not in named][:4]
    return list(unique(iter(authors))), outlets


def _from_opening(opening: str) -> Metadata:
    """What a dateline, or a date before the first words of a paragraph, says."""
    source = ""
    if (line := _DATELINE.match(opening)) and (
        is_agency(line["outlet"]) or (is_outlet(line["outlet"]) and line["place"])
    ):
        source = line["outlet"].strip()
        return Metadata(source=source, published=find_date(line["place"] or ""))
    if leading := _LEADING_DATE.match(opening):
        after = opening[leading.end() :]
        try:
            day = date_of(leading)
        except ArticleError:
            return Metadata()
        # "June 24, 2017 was a hot day" is prose; a headline or a dash after a date is not.
        if _NOT_PROSE.match(after):
            return Metadata(published=day)
    return Metadata()


def _same(a: str, b: str) -> bool:
    """Whether two names are one, whatever their case and punctuation."""
    return bool(b) and re.sub(r"\W+", "", a).casefold() == re.sub(r"\W+", "", b).casefold()
