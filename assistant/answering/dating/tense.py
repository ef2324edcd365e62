"""Whether the verb nearest to a place in a sentence tells of what is to come or what has been.

Word rules, as data: no tagger. Both `datewords` ("will meet on Thursday") and `status` use them.
"""

from __future__ import annotations

import re

# A future form takes the verb after it along: the "deployed" of "will be deployed" is not past.
_TO_COME = r"""
    (?:\b(?:will|won['’]t|shall|would|(?:is|are|was|were|be)\s+going\s+to)\b|['’]ll\b
    |\b(?:is|are|was|were)\s+due\s+to\s+(?!the\b|an?\b|its\b|their\b|this\b)|\b(?:set|scheduled|expected|planned|slated|likely|supposed|poised|ready|about)\s+(?:to|for)\b
    |\b(?:due|scheduled|expected|planned)\s+(?=on\b|in\b|by\b)
    |\bplan(?:s|ning|ned)?\s+(?:to|for)\b|\b(?:intend|aim|hope|vow|expect)(?:s|ed|ing)?\s+to\b
    |\b(?:is|are|was|were)\s+to(?!\s+(?:the|an?|its|their|his|her|this|that|these|those)\b)(?=\s+[a-z])
    |\b(?:(?-i:may)|might|must|should)(?!\s+have\b)\b|\bcan\b
    |\b(?:upcoming|ahead\s+of)\b)
    (?:\s+(?:not|also|be|have|been|further|again|still|probably|\w+ly))*(?:\s+\w+)?
"""
# Sports pages and diaries tell of what is to come in the present.
_PRESENT = r"""
    \b(?:(?:take|kick|tip)s?\s+(?:place|on|off)
    |(?:play|host|visit|begin|start|(?:re)?open|return|arrive|travel|resume|air|close|leave|come(?=s\s+into))s|(?<!the\s)(?:face|meet)s?)\b
"""
# Forms in which the past is not one of "-ed".
_IRREGULAR = (
    "said told met held took began came made left went killed struck hit fell got gave saw won "
    "lost led ran broke brought built bought caught chose drove fought found flew grew kept knew "
    "lay laid paid put read rose sent sold shot spoke stood threw wrote was were had did became "
    "sat set taught sank hid stole shook rode drew blew swore hung bent lent spent slept dealt"
)
_PAST = rf"(?<![-\w])(?:{'|'.join(_IRREGULAR.split())}|\w{{2,}}ed)\b(?!-)"

_VERB = re.compile(
    rf"(?P<to_come>{_TO_COME}|{_PRESENT})|(?P<past>{_PAST})",
    re.VERBOSE | re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?][\"”’')\]]*\s+(?=[\"“‘'(\[]?[^\W\d_a-z])|\n\s*\n")

# A condition is met, if ever, after it is told: "she will leave if the talks fail on Friday". Not
# "unclear if", "asked if", "even if": that asks, or allows, what may have been.
_CONDITION = re.compile(
    r"(?P<no>\b(?:even|as|(?:un)?clear|unknown|known|(?:un)?certain|sure|doubt(?:s|ed)?|ask(?:s|ed|ing)?"
    r"|knows?|knew|say|see|tell|wonder(?:s|ed|ing)?)\s+(?:(?:him|her|it|them|us|me)\s+)?)?"
    r"\b(?:if|unless|once(?=\s+(?:the|an?|it|they|he|she|its|their|all)\b))\b[^,;:]*$",
    re.IGNORECASE,
)


def is_future(text: str, start: int, end: int) -> bool | None:
    """Whether `text[start:end]` stands with a verb to come; None where no verb says so.

    The verb is the last one before the place in its sentence, else the first one after it. In a
    condition it is one to come, unless the condition has a past of its own.

    >>> text = "The sides will meet on Thursday, he said on Tuesday."
    >>> is_future(text, 20, 31), is_future(text, 41, 51)
    (True, False)
    """
    ends = [m.end() for m in _SENTENCE_END.finditer(text, 0, start)]
    begin = ends[-1] if ends else 0
    before = list(_VERB.finditer(text, begin, start))
    condition = _CONDITION.search(text[begin:start])
    if condition and condition["no"]:
        condition = None
    if condition and not any(verb.start() >= begin + condition.start() for verb in before):
        return True
    if before:
        return before[-1]["to_come"] is not None
    stop = _SENTENCE_END.search(text, end)
    after = _VERB.search(text, end, stop.start() if stop else len(text))
    return after["to_come"] is not None if after else None
