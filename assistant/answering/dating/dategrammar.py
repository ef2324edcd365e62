"""The date expressions of English news text, as rules: one pattern for each way to name a day.

Weekdays, months, "yesterday", "two days ago", "earlier this week", "4 May 2017". Month and day
names count with their capital only ("may", "march", "sun" are words). `datewords` resolves them.
"""

from __future__ import annotations

import re

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_WEEKDAY = "|".join(WEEKDAYS)
_ANY_WEEKDAY = rf"(?:{_WEEKDAY}|Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun)\.?"
MONTH = rf"(?:{'|'.join(MONTHS)}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
_YEAR = r"(?:19|20)\d\d(?![\d%]|[.,]\d|[-–/]\d)"
_OF_YEAR = r"\s+(?P<of>last|this|next)\s+year\b"
_ORDINAL = r"(?:st|nd|rd|th)?"
_PART = r"(?:[Ee]arly|[Mm]id|[Ll]ate|[Tt]he\s+(?:beginning|start|middle|end)\s+of)"
_PART_OF_DAY = r"(?:\s+(?:morning|afternoon|evening|night))?"
_DAY_AFTER_MONTH = rf"(?P<d>\d{{1,2}})(?:{_ORDINAL}\s*(?:-|–|to)\s*(?P<d2>\d{{1,2}}))?{_ORDINAL}\b"
_DAY_BEFORE_MONTH = (
    rf"(?P<d>\d{{1,2}}){_ORDINAL}(?:\s*(?:-|–|to|and)\s*(?P<d2>\d{{1,2}}){_ORDINAL})?"
)
# What makes a name of a day: "9 May Street", "Black Friday", "Wednesday Addams".
_NAMED_PLACE = (
    r"(?!['’]?s?\s+(?:Street|St\b|Road|Avenue|Square|Bridge|Stadium|Hospital|Mosque|Movement|"
    r"Brigade|University))"
)
NAMED_BEFORE = re.compile(
    r"\b(?:Black|Cyber|Good|Super|Ash|Bloody|Giving|Ruby|Sheffield|Freaky|Easter|Palm|Fat|Shrove|"
    r"Maundy|Holy|Whit|Casual|Blue|Happy|Wild|Business|Sky|Victory)\s+$"
)
NAMED_AFTER = re.compile(
    r"\s+(?:Night|Times|Mirror|Telegraph|Express|Post|Mail|Herald|Ticket|Age|Murder|Club|Football|"
    r"Live|Addams|the\s+13th)\b"
)
_SEASON = r"(?:spring|summer|autumn|fall|winter)"
_COUNT = r"(?:\d{1,3}|an?|a\s+couple\s+of|[a-z]+(?:-[a-z]+)?)"
_COUNTED = (
    r"(?!\s+(?:people|men|women|children|civilians|soldiers|fighters|militants|cases|homes|"
    r"houses|villages|times|euros|dollars|pounds|metres|meters|km|per\s?cent)\b)"
)

RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("iso", re.compile(r"(?<![\d-])(?P<y>(?:19|20)\d\d)-(?P<m>\d\d)-(?P<d>\d\d)(?![\d-])")),
    (
        "numeric",
        re.compile(
            r"(?<![\d./])(?P<a>\d{1,2})(?P<sep>[./])(?P<b>\d{1,2})(?P=sep)(?P<y>(?:19|20)\d\d)(?!\d)"
        ),
    ),
    (
        "day",
        re.compile(
            rf"(?:\b[Oo]n\s+)?(?:\b(?P<w>{_ANY_WEEKDAY}),?\s+)?(?:\b[Tt]he\s+)?(?<![\d.,:$£€-])\b"
            rf"{_DAY_BEFORE_MONTH}\s+(?:of\s+)?(?P<m>{MONTH})(?!\w){_NAMED_PLACE}"
            rf"(?:,?\s+(?P<y>{_YEAR})|{_OF_YEAR})?{_COUNTED}"
        ),
    ),
    (
        "day",
        re.compile(
            rf"(?:\b[Oo]n\s+)?(?:\b(?P<w>{_ANY_WEEKDAY}),?\s+)?\b(?P<m>{MONTH})\s+(?:the\s+)?"
            rf"{_DAY_AFTER_MONTH}(?![:%]|[.,]\d|-\d|\s+{MONTH}\b)"
            rf"(?:,?\s+(?P<y>{_YEAR})|{_OF_YEAR})?{_COUNTED}"
        ),
    ),
    (
        "month",
        re.compile(
            rf"(?:\b(?P<lead>[Ii]n|[Dd]uring|[Ll]ast|[Tt]his|[Nn]ext|[Ss]ince|[Uu]ntil|[Ff]rom)\s+)?"
            rf"(?:\b(?P<part>{_PART})[\s-]+)?\b(?P<m>{MONTH})(?!\w)(?!['’]s)"
            rf"(?:,?\s+(?:of\s+)?(?P<y>{_YEAR})|{_OF_YEAR}|(?!\.?\s+\d))"
        ),
    ),
    (
        "weekday",
        re.compile(
            rf"(?:\b(?P<lead>[Oo]n|[Ll]ast|[Tt]his|[Nn]ext|[Tt]his\s+coming|[Tt]his\s+past)\s+)?"
            rf"\b(?P<w>{_WEEKDAY})\b(?!-)(?:\s+(?:morning|afternoon|evening|night)\b)?"
            rf"(?:\s+(?P<week>last|this|next)\s+week\b)?"
        ),
    ),
    (
        "weekdays",
        re.compile(
            rf"(?:\b(?:[Oo]n|[Bb]etween|[Ff]rom)\s+)?\b(?P<w>{_WEEKDAY})(?:\s*[-–]\s*"
            rf"|\s+(?:and|to|until|through)\s+)(?P<w2>{_WEEKDAY})\b(?!['’-])"
        ),
    ),
    (
        "month_days",
        re.compile(
            rf"\b(?:[Bb]etween|[Ff]rom)\s+(?:(?P<m>{MONTH})\s+(?P<d>\d{{1,2}})\s+(?:and|to)\s+"
            rf"(?:(?P<m2>{MONTH})\s+)?(?P<d2>\d{{1,2}})\b(?![\d:%])"
            rf"|(?P<da>\d{{1,2}})\s+(?:(?P<ma>{MONTH})\s+)?(?:and|to)\s+(?P<da2>\d{{1,2}})\s+"
            rf"(?P<ma2>{MONTH}))(?!\w)(?:,?\s+(?P<y>{_YEAR}))?"
        ),
    ),
    (
        "piece",
        re.compile(
            rf"\b(?:[Ii]n|[Dd]uring)\s+the\s+(?P<nth>first|second|third|fourth|last)\s+"
            rf"(?P<piece>half|quarter|week)\s+of\s+(?:(?P<m>{MONTH})(?!\w)(?:,?\s+(?P<y>{_YEAR}))?"
            rf"|(?P<y2>{_YEAR})|(?P<which>this|last|next)\s+(?P<unit>month|year)\b)"
        ),
    ),
    (
        "season",
        re.compile(
            rf"\b(?:(?:[Ii]n|[Dd]uring)\s+)?(?:(?:the\s+)?(?:(?P<part>{_PART})[\s-]+)?{_SEASON}\s+"
            rf"(?:of\s+)?(?P<y>{_YEAR})|(?P<which>[Tt]his|[Ll]ast|[Nn]ext)\s+{_SEASON}\b(?!-))"
        ),
    ),
    (
        "past",
        re.compile(
            rf"\b(?:in|over|during|within)\s+the\s+(?:past|last)\s+(?:(?P<n>{_COUNT})\s+)?"
            r"(?P<unit>hour|day|week|fortnight|month|year)s?\b(?!\s+of\b)(?!['’-])",
            re.IGNORECASE,
        ),
    ),
    (
        "edge",
        re.compile(
            r"\b(?:(?:at|by|in|towards?)\s+)?the\s+(?P<part>beginning|start|middle|end)\s+of\s+"
            r"(?P<which>this|last|next)\s+(?P<unit>week|month|year)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "hence",
        re.compile(
            rf"\bin\s+(?P<n>{_COUNT})\s+(?P<unit>day|week|month|year)s?['’]s?\s+time\b"
            rf"|\b(?P<n2>{_COUNT})\s+(?P<unit2>day|week|month|year)s?\s+from\s+(?:now|today)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "nth",
        re.compile(
            r"\b[Oo]n\s+the\s+(?P<d>\d{1,2})(?:st|nd|rd|th)"
            r"(?:\s+of\s+(?P<which>this|last|next)\s+month\b|(?=\s*[,.;!?]|\s*$))"
        ),
    ),
    (
        "feast",
        re.compile(
            r"\b(?:[Oo]n\s+)?(?P<feast>Christmas\s+(?:Eve|Day)|New\s+Year['’]?s\s+(?:Eve|Day))\b"
            rf"(?:,?\s+(?P<y>{_YEAR}))?"
        ),
    ),
    (
        "night",
        re.compile(
            r"\bovernight\b(?!\s+(?:stay|train|bus|bag|curfew|ferry|success|flight|rate|delivery"
            r"|guest|shift|temperature)s?\b)(?!-)|\bthe\s+day\s+before\s+yesterday\b"
            r"|\bthe\s+day\s+after\s+tomorrow\b",
            re.IGNORECASE,
        ),
    ),
    (
        "near",
        re.compile(
            rf"\b(?:(?P<back>yesterday{_PART_OF_DAY}|last\s+night)|(?P<ahead>tomorrow{_PART_OF_DAY})"
            r"|(?P<now>(?:(?:earlier|later)\s+)?today|tonight|this\s+(?:morning|afternoon|evening)"
            r"|(?:earlier|later)\s+in\s+the\s+day|in\s+the\s+early\s+hours\s+of\s+today))\b",
            re.IGNORECASE,
        ),
    ),
    (
        "period",
        re.compile(
            r"\b(?:(?P<half>earlier|later|early|late)\s+)?(?<!the\s)(?P<which>this|last|next)\s+"
            r"(?P<unit>week|month|year)\b(?!-)"
            r"|\b(?P<within>earlier|later)\s+in\s+the\s+(?P<inner>week|month|year)\b"
            r"|\bthe\s+(?P<before>week|month|year)\s+before\s+last\b"
            r"|\b(?P<end>(?:over|at)\s+the|(?:over\s+)?(?:last|this|next))\s+weekend\b",
            re.IGNORECASE,
        ),
    ),
    (
        "ago",
        re.compile(
            rf"\b(?P<n>half\s+an(?=\s+hour)|{_COUNT})\s+(?P<unit>minute|hour|day|week|fortnight|month|year)s?\s+ago\b",
            re.IGNORECASE,
        ),
    ),
    (
        "year",
        re.compile(
            rf"\b(?P<lead>[Ii]n|[Dd]uring|[Tt]hroughout|[Oo]f|[Ss]ince|[Uu]ntil)\s+"
            rf"(?:(?P<part>{_PART})[\s-]+)?(?P<y>{_YEAR})\b(?![-'’]){_COUNTED}"
        ),
    ),
)
# Most sentences hold no date: one look says so.
ANY_DATE = re.compile(
    rf"{MONTH}|{_WEEKDAY}|\d{{4}}|day|week|year|month|ago\b|night|tomorrow|this|hours?\b|{_SEASON}"
    r"|\bthe\s+\d{1,2}(?:st|nd|rd|th)\b|Christmas",
    re.IGNORECASE,
)
