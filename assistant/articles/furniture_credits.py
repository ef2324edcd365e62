"""What the credits of those who made a report look like, at the end of it.

Unlike other furniture they share the last paragraph with the report where line breaks were lost:

    ... the mayor said. Additional reporting by Ann Lee in Tarn; editing by Per Holt

As in `furniture_rules`, patterns match whatever the case, but for what needs its capitals.
"""

from __future__ import annotations

from assistant.articles.furniture_rules import Rule

_WORD = r"(?:(?-i:[A-Z])[\w.’'-]*|newsrooms?|bureaus?|agencies)"
# "Ann Lee in Tarn, Per Holt and the Corvay newsroom"
_NAMES = rf"(?:the )?{_WORD}(?:(?:,|,? (?:and|in|at|of|for|from)(?: the)?)? {_WORD})*"
_WORK = r"(?:reporting|writing|editing|research)"
_BY = rf"(?:(?:additional|further) )?{_WORK}(?:,? (?:and|&) {_WORK})* by {_NAMES}"
_CONTRIBUTED = (
    rf"{_NAMES}(?: (?:[a-z]+ )?(?:writers?|reporters?|correspondents?) {_NAMES})?(?: also)? "
    r"contributed (?:reporting )?to this (?:report|article|story)(?:[’']s reporting)?"
)
_STANDARDS = r"our standards: ?the (?:\S+ ){1,4}principles"
_ONE = rf"(?:{_BY}|{_CONTRIBUTED}|{_STANDARDS})"

CREDITS: tuple[Rule, ...] = (
    Rule(
        "credits",
        rf"\W*{_ONE}(?:[;,.)]* \(?(?:and )?{_ONE})*\W*",
        80,
        headings=False,
        needs=(" by ", "contributed", "our standards"),
    ),
)
