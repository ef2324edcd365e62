"""What page furniture looks like: one shape a rule, with the reason why it is none of the article.

Patterns match a whole line, whatever its case. They are general: no outlet is named. A new one
needs a line in the tests that it takes, and a sentence of an article that it leaves.
"""

from __future__ import annotations

from dataclasses import dataclass

NETWORKS = (
    r"(?:facebook|twitter|x|instagram|linkedin|pinterest|reddit|whats ?app|telegram|tumblr|"
    r"flipboard|messenger|youtube|tik ?tok|snapchat|threads|bluesky|mastodon|vk|viber|pocket)"
)
_LABEL_END = r"\s*[:.…»>→]*"


@dataclass(frozen=True, slots=True)
class Rule:
    """A shape of furniture: why it is none of the article, its pattern, its longest length.

    `headings`: whether a heading of this shape is furniture too; some shapes are good headlines.
    `needs`: words one of which the line must hold; they spare a slow pattern most lines.
    """

    reason: str
    pattern: str
    words: int
    headings: bool = True
    needs: tuple[str, ...] = ()


RULES: tuple[Rule, ...] = (
    Rule("no letter and no digit: a rule, dots, stars", r"[\W_]+", 200),
    Rule(
        "advertisement",
        r"(?:advertise?ments?|sponsored(?: content| links?)?|ad|promoted(?: stories)?)"
        r"(?:\W+(?:scroll|continue|article|story)\b.*)?" + _LABEL_END,
        12,
    ),
    Rule(
        "advertisement",
        r"(?:(?:article|story) continues (?:below|after)|(?:continue|keep) reading(?: below)?|"
        r"scroll (?:down )?to continue|continue reading the main story)\b.*",
        10,
    ),
    Rule(
        "call to click",
        r"(?:app users )?click (?:here|below|on the link)\b.*|read this article for free\b.*|"
        r"\W*like what you.re reading\b.*",
        25,
    ),
    Rule(
        "subscription",
        r"(?:please )?(?:subscribe|sign up|sign in|log ?in|register|become an?|"
        r"(?:donate|join|support|get|receive|enter) (?:to |in )?(?:our|us|your|the latest|more))\b"
        r".*\b(?:newsletters?|inbox|e-?mail(?: address)?|updates|alerts|members?|membership|"
        r"subscribers?|patron|donations?|free account|journalism|breaking news|"
        r"our (?:channel|app|community|page|site))\b.*",
        20,
    ),
    Rule(
        "subscription",
        r"(?:subscribe|sign up|sign in|log ?in|register|join (?:us|now)|donate|support us|"
        r"become a (?:member|subscriber|patron|supporter)|newsletter(?: sign-?up)?|my account|"
        r"already a (?:subscriber|member)\?.*|"
        r"(?:subscribe|donate|register|sign up|log in)(?: here| now| today| for (?:free|more))+)"
        r"[.!:]*",
        14,
    ),
    Rule("newsletter", r"skip past newsletter promotion\b.*", 120),
    Rule("newsletter", r".*\bafter newsletter promotion", 120, needs=("newsletter promotion",)),
    Rule("newsletter", r".*\{\{\s*[#^/].*\}\}.*", 200, needs=("{{",)),
    Rule(
        "newsletter",
        r"(?:[^\"“”]*\b(?:our|free) (?:\w+ ){0,4}(?:newsletter|email)\b[^\"“”]*\b(?:sign up|"
        r"subscribe|unsubscribe|inbox|enter your email|email address)\b[^\"“”]*|"
        r"[^\"“”]*\b(?:sign up|subscribe)\b[^\"“”]*\b(?:newsletter|email|inbox)\b[^\"“”]*"
        r"\b(?:privacy (?:policy|notice)|unsubscribe|enter (?:a valid|your) email)\b.*)",
        90,
        needs=("newsletter", "email", "inbox"),
    ),
    Rule(
        "share bar",
        rf"(?=.*\b{NETWORKS}\b)(?=.*\s)(?:(?:{NETWORKS}|shares?|tweet|e-?mail|print|copy|link|"
        r"url|post|save|comments?|more|this|article|story|page|via|on|to|with|and|or|your|"
        r"friends|send|a|it|pin|icon|logo|in|new|window|opens|\d+)\b[\s,|/·•+:.&-]*)+",
        25,
    ),
    Rule(
        "share bar",
        r"(?:share|tweet|print|e-?mail)(?: this)?(?: (?:article|story|page|post))?[.:!]*|"
        r"(?:share )?all sharing options\b.*",
        40,
    ),
    Rule(
        "follow us",
        rf"(?:(?:follow|find|like|connect with|join|visit|watch|reach) (?:us|our|me|@\S+|the "
        rf"(?:author|writer|conversation|discussion))|follow [\w.’' -]{{2,40}}?)(?: \S+){{0,6}}? "
        rf"(?:on|at|via) (?:our )?{NETWORKS}\b(?:[\s,/&]|and|or|page|feed|channel|group|at|here|"
        rf"@\w+\b|{NETWORKS})*[.!:]*",
        20,
    ),
    Rule("follow us", r"(?:follow|find|connect with) us\b.*|(?:like|join) us (?:on|at)\b.*", 20),
    Rule(
        "comments",
        rf"comments? (?:on|about|this|below|here)\b.*\b(?:our|this) (?:\S+ ){{0,3}}?(?:{NETWORKS} "
        r"(?:page|group|feed|channel)|page|article|story|post)[.!:]*",
        20,
    ),
    Rule(
        "comments",
        r"(?:\d+ comments?|comments? ?\(\d+\)|comments?|(?:leave|post|add|write|view|read|show|"
        r"see|hide|load)(?: a| all| your| the| more)? (?:comments?|reply)(?: \(?\d+\)?)?|"
        r"comments are (?:closed|off)|join the (?:conversation|discussion)|"
        r"(?:what do you think|have your say)\?(?: .{0,80})?)[.!:]*",
        20,
    ),
    Rule(
        "copyright",
        r"(?:copyright\s*)?©.*|(?:copyright\s*)?\(c\)\W*(?:19|20)\d\d\b.*|"
        r"copyright\W{1,4}(?:19|20)\d\d\b.*|copyright\W+[^.]{2,60},\s*(?:19|20)\d\d\W*|"
        r"copyright by\b.*|copyright(?: notice)?\W*|all rights reserved\b.*",
        60,
    ),
    Rule(
        "re-published",
        r"(?:the )?original (?:source|version) of this (?:article|story|post|report) is\b.*|"
        r"this (?:article|story|post|report|piece|interview) (?:was |is )?(?:(?:first|originally) "
        r"(?:published|appeared|posted)|re-?published|reprinted)\b.*|"
        r"(?:first|originally) (?:published|appeared|posted) (?:on|in|at|by) [^,]{2,60}"
        r"(?:, (?:19|20)\d\d)?\W*|"
        r"(?:re-?published|reprinted|reposted) (?:from|with (?:kind )?permission|courtesy|under)"
        r"\b.*",
        35,
    ),
    Rule(
        "author's page",
        r"(?:more|other|all) (?:articles|stories|posts) (?:by|from)\b[^.]*|"
        r"(?:articles|stories|posts) by:.*",
        12,
    ),
    Rule(
        "link to the full article",
        r"(?:read|see|view|continue to) (?:the )?(?:full|original|whole|complete|entire|rest of "
        r"(?:the|this))(?: \S+)? (?:article|story|report|post|text|interview|piece|release)\b.*",
        14,
    ),
    Rule(
        "disclaimer",
        r"(?:disclaimer|legal notice|legal disclaimer|fair use notice)\b\s*(?:[:.–—-].*)?",
        400,
    ),
    Rule(
        "disclaimer",
        r"(?:the |any |all )?(?:views?|opinions?)(?:(?:,| and| or|/) (?:views?|opinions?|"
        r"statements?|facts?))* (?:expressed|stated|presented) (?:here|in this|on this|are|by the "
        r"(?:authors?|writer)|by (?:guest )?(?:contributors|columnists|authors))\b.*|"
        r"the contents? of this (?:article|page|site|website)\b.*\b(?:responsib|liab|accura|advice)"
        r".*|the information (?:contained |provided |presented )?(?:in|on) this (?:article|site|"
        r"page|website)\b.*|(?:this|the above) (?:content|article|material|information|report) "
        r"(?:is|does not) (?:provided |intended |meant )*(?:for (?:general )?(?:information|"
        r"informational|educational)|not (?:intended|meant)|(?:not )?(?:constitute )?(?:financial|"
        r"investment|legal|medical|professional))\b.*|"
        r"nothing (?:in|on) this (?:article|site|page|website) (?:constitutes|should|is intended)"
        r"\b.*",
        150,
    ),
    Rule(
        "copyright notice",
        r"(?:\S+\.\S+|this (?:site|website|article|page|material|blog)) (?:may )?contains? "
        r"copyrighted material\b.*|(?:this (?:article|story|report|material|content|page)|"
        r"no part of|all (?:content|material|articles|rights)|(?:unauthori[sz]ed |any )?"
        r"reproduction)\b.*\b(?:re-?published|reproduced|reproduction|rewritten|redistributed|"
        r"distributed|copied)\b.*\b(?:permission|consent|prohibited|redistributed|authori[sz]ation)"
        r"\b.*",
        300,
    ),
    Rule(
        "contact",
        r"(?:for|to) (?:\w+,? ){0,4}(?:inquiries|enquiries|queries|publication|permissions?|"
        r"syndication|reprints?|information|corrections|advertising|advertise)\b(?:[^@]{0,80}[,:] "
        r"?(?:please )?(?:contact|e-?mail|visit|click|call|write|go to)\b.*|:.*|[^@]{0,80}\S@\S.*)",
        40,
    ),
    Rule(
        "contact",
        r"(?:(?:contact|e-?mail|write to|reach)(?: us| me| the (?:author|editor|editors|writer|"
        r"newsroom|reporter)| [\w.’' -]{2,40}?)?(?: at| on|:| by)? \S+@\S+\w|\S+@\S+\.\w+)[.!]*",
        14,
    ),
    Rule(
        "contact",
        r"(?:got|have|know) (?:a|an|any|something) .{2,60}\?.*\b(?:contact|e-?mail|send|tell|call|"
        r"write|get in touch|let us)\b.*",
        40,
    ),
    Rule(
        "picture credit",
        r"\W*(?:(?:featured?|cover|lead) (?:image|photo)|(?:photo|image|picture|photograph|"
        r"photography|illustration|graphic|screenshot|video|file photo)(?: credits?| source| "
        r"courtesy(?: of)?)|photo|image|photograph|photography|illustration|screenshot|file photo)"
        r"\s*[:：]\s*.*",
        18,
        headings=False,
    ),
    Rule(
        "picture credit",
        r"\W*(?:photo|image|photograph|illustration|screenshot|picture) (?:by|from|via|courtesy of|"
        r"courtesy)\b[^.!?]*\W*",
        14,
        headings=False,
    ),
    Rule(
        "picture credit",
        r"\W*(?:embed from |image source,? |(?:[\w.’'&-]+[ /]+){1,6}?(?:via |(?<=/)|(?<=/ )))"
        r"getty images\W*|"
        r"\W*(?:getty(?: images)?|shutterstock|ap photo|afp photo|file photo|reuters photo|"
        r"ap images|alamy|istock)(?:\W+\w[\w.’' -]{0,50}){0,2}\W*",
        10,
        headings=False,
    ),
    Rule(
        "links to other articles",
        r"\W*(?:related(?: (?:articles?|stories|story|content|posts?|pages|links|topics|coverage|"
        r"news|reading|tags|videos))?|(?:also )?read(?: more| next| also| this)?|more(?: stories| "
        r"on this(?: story| topic)?| like this| news| to read| coverage)?|see (?:also|more|all)|"
        r"you (?:may|might) (?:also )?(?:like|be interested in|enjoy|have missed)|"
        r"recommended(?: for you| stories| reading| articles)?|(?:most|top) (?:read|popular|"
        r"viewed|shared|stories)|trending(?: now| stories| topics)?|don.?t miss|"
        r"what to read next|editor.?s.? picks?|latest (?:news|stories|articles)|"
        r"in case you missed it|popular (?:stories|posts|articles)|further reading|learn more|"
        r"show (?:more|less)|load more|view (?:more|all))" + _LABEL_END,
        8,
    ),
    Rule(
        "links to other articles",
        r"\W*(?:related(?: (?:articles?|stories|story|coverage|reading))?|also read|"
        r"read (?:more|next|also)|see also|don.?t miss|watch (?:also|now)|you may also like|"
        r"more on this(?: story| topic)?)\s*[:|»>–—]\s*.*",
        28,
    ),
    Rule(
        "cookies and privacy",
        r"(?:this|our) (?:web)?site uses cookies\b.*|we(?: and our partners)? (?:use|store) "
        r"(?:\S+ ){0,3}?cookies\b.*|by (?:continuing|using|clicking|signing up|entering|"
        r"submitting|registering|providing)\b.*\byou (?:agree|accept|consent|acknowledge|confirm)"
        r"\b.*|(?:accept|reject|manage)(?: all)?(?: cookies)?|cookie (?:policy|settings|"
        r"preferences|notice)|privacy (?:policy|notice|settings)|terms (?:of (?:use|service)|and "
        r"conditions)|we value your privacy\b.*",
        80,
    ),
    Rule(
        "affiliate notice",
        r"(?:[^\"“”]*\b(?:we|us|our|publisher) may (?:earn|receive|get)\b[^\"“”]*\b(?:commissions?|"
        r"compensation)\b[^\"“”]*|[^\"“”]*\b(?:our|this|these) (?:stories|posts?|articles?|"
        r"reviews?|pages?|site)\b[^\"“”]*\b(?:includes?|contains?) affiliate links\b[^\"“”]*)",
        80,
        needs=("commission", "compensation", "affiliate"),
    ),
    Rule(
        "navigation",
        r"(?:home|menu|search|close|skip to (?:main )?(?:content|navigation)|back to (?:top|home)|"
        r"go back|(?:next|previous|prev) (?:article|story|post|page)|toggle navigation|loading\W*|"
        r"\d+ min(?:ute)?s? read|reading time:?\s*\d.*|\d[\d,.]*k? (?:shares|views|likes|reads)|"
        r"(?:play|watch|listen) ?(?:now|video)?|listen to (?:this )?article\b.*|"
        r"(?:get )?short url\W*\d*|home(?: ?[>»/›|] ?[\w &’'-]+){1,5})" + _LABEL_END,
        14,
    ),
    Rule("app", r"(?:download|get|install) (?:the|our) (?:\S+ ){0,5}?apps?\b[^.?!]*[.!]?", 18),
    Rule(
        "thanks to the reader",
        r"thank you for (?:reading|subscribing|signing up|your (?:support|feedback))\b.*",
        20,
    ),
)
