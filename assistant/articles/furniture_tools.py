"""What page furniture looks like, continued: players, feedback, e-mail, appeals, betting."""

from __future__ import annotations

from assistant.articles.furniture_rules import Rule

TOOLS: tuple[Rule, ...] = (
    Rule(
        "player",
        r"(?:(?:this|the) (?:video|audio|content|media) (?:can ?not|can’t|could not) be "
        r"(?:played|loaded|shown)|(?:to (?:play|view|use|see) this .{1,20}|please )?"
        r"(?:you need to )?enable javascript|your browser does not support|"
        r"javascript is (?:disabled|required)|"
        r"(?:video|audio|ad|content) (?:is )?loading|(?:sorry, )?this (?:video|content) is not "
        r"available)\b.*",
        25,
    ),
    Rule(
        "subscription",
        r"[^\"“”]{0,60}\bjoin (?:over |more than )?\d[\d,.]* (?:other )?(?:readers|subscribers|"
        r"members|people)\b[^\"“”]*",
        30,
        needs=("join ",),
    ),
    Rule(
        "disclaimer",
        r".{2,60} (?:is|are) not responsible for the content of (?:external|other|third.party) "
        r"(?:web)?(?:sites?|links?|pages?)\b.*",
        30,
        needs=("not responsible",),
    ),
    Rule(
        "re-published",
        r"a (?:shorter |longer )?version of this (?:article|story|report|piece|post) (?:(?:was )?"
        r"(?:first |originally )?(?:published|appeared|ran))\b.*|"
        r"(?:published|reproduced|used|shared) (?:here )?(?:with|by) (?:the )?(?:kind )?permission "
        r"(?:of|from) (?-i:(?:the )?[A-Z])[^,.]{1,60}\W*|courtesy of [^.!?]{2,60}|"
        r"this (?:article|story|report) (?:was|is) produced by\b.*\b(?:shared|permission|"
        r"licen[cs]e|partner\w*)\b.*",
        35,
        headings=False,
    ),
    Rule(
        "cookies and privacy",
        r"we(?:,)? and (?:our|up to|carefully) (?:\w+ ){0,4}?partners,? "
        r"(?:store|use|process|access)\b.*",
        90,
    ),
    Rule("player", r"listen(?: to (?:this|the) (?:article|story))? ?\(\d+ min(?:ute)?s?\)", 8),
    Rule("player", r"\d{1,3} of \d{1,3}", 3),
    Rule(
        "feedback",
        r"(?:was|is|did you find) this (?:article|page|story|content|information)? ?"
        r"(?:helpful|useful|interesting)\?"
        r"(?:\W*|\s*(?:yes|no|thank|tell|let|rate)\b.{0,60})|"
        r"report (?:an error|a (?:mistake|typo|problem)|"
        r"(?:this )?(?:ad|abuse))\b.{0,40}|(?:spotted|found|see) an? (?:error|mistake|typo)\?.*",
        14,
    ),
    Rule(
        "feedback",
        r"(?:do you|would you) (?:have|want|like|know) .{2,80}\?.*(?:\S@\S|\b(?:call|e-?mail|"
        r"contact|write to|text|message|let us know)\b).*|send (?:us )?your (?:\w+ ){0,3}"
        r"(?:ideas|tips|pictures|photos|videos|letters|comments|views)\b.*",
        60,
        needs=("do you", "would you", "send "),
    ),
    Rule(
        "e-mail",
        r"(?:you (?:are receiving|received|(?:have )?got) this (?:e-?mail|message|letter|"
        r"newsletter)|you.re receiving this|(?:trouble|problems|difficulty) (?:reading|viewing) "
        r"this|view (?:this (?:e-?mail|message|letter) |it )?in (?:your|a) browser|unsubscribe|"
        r"manage (?:your )?(?:subscriptions?|preferences)|update (?:your )?(?:\w+ )?preferences|"
        r"(?:our )?mailing address is|forwarded to you\?|was this (?:e-?mail )?forwarded|"
        r"(?:if )?(?:some(?:one|body)|a friend) (?:forwarded|sent) (?:you )?this)\b.*|"
        r"forwarded to you\?",
        40,
    ),
    Rule(
        "appeal",
        r"(?:… ?)?(?:as you (?:are|.re) (?:joining|reading) us\b.*|(?:more|fewer) people (?:than "
        r"ever )?are reading\b.*\b(?:support|paywall|contribution)\b.*|"
        r"we need your (?:support|help) to\b.*|"
        r"(?:every|any) contribution, (?:however|no matter)\b.*|"
        r"note to (?:our )?readers\b.*|(?:all )?[\w’' ]{2,40} articles can be read in \d+ languages"
        r"\b.*|feel free to (?:repost|share)\b.*)",
        80,
    ),
    Rule(
        "betting",
        r"(?:bet (?:now|here)\b.*|(?:.{0,80}\bplease )?(?:gamble|bet|play) responsibly\b.*|"
        r"(?:18|21)\+.{0,60}(?:gambl|t&cs?|terms).*)",
        30,
        needs=("bet", "gambl", "18+", "21+", "responsibly"),
    ),
    Rule(
        "address",
        r"(?:(?:url|link|permalink|short link|source url|web address) ?:? ?)?https?://\S+|"
        r"printed from \S+\.\S+.*|(?:view|see|go to) (?:the )?(?:full|desktop|mobile) (?:version|"
        r"site)\b.*",
        12,
    ),
    Rule(
        "page tool",
        r"(?:this page (?:updates|refreshes|reloads) automatically\b.*|auto-?refresh\b.*|"
        r"tap to (?:read|open|see|play|expand)\b.*|around the web|from around the web|"
        r"(?:scan|use) the qr code\b.*|(?:open|read|view|continue) in (?:the )?(?:our )?app\b.*|"
        r"(?:press|media) (?:contacts?|office|inquiries|enquiries)\b.{0,80}(?:phone|@|\d{5}).*|"
        r"(?:press|media) contacts?\W*)",
        25,
    ),
    Rule(
        "links to other articles", r"(?-i:WATCH|Watch|LISTEN|Listen): .{3,90}", 14, headings=False
    ),
)
