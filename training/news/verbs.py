"""Verbs: the forms of those that the rules inflect, and their synonyms."""

from __future__ import annotations

# base, third person, past, participle, -ing; only verbs of the synonym table or irregular ones.
_FORMS = """
kill kills killed killed killing
slay slays slew slain slaying
attack attacks attacked attacked attacking
strike strikes struck struck striking
hit hits hit hit hitting
target targets targeted targeted targeting
seize seizes seized seized seizing
capture captures captured captured capturing
take takes took taken taking
retake retakes retook retaken retaking
recapture recaptures recaptured recaptured recapturing
hold holds held held holding
control controls controlled controlled controlling
say says said said saying
state states stated stated stating
announce announces announced announced announcing
declare declares declared declared declaring
claim claims claimed claimed claiming
report reports reported reported reporting
reveal reveals revealed revealed revealing
disclose discloses disclosed disclosed disclosing
buy buys bought bought buying
acquire acquires acquired acquired acquiring
purchase purchases purchased purchased purchasing
destroy destroys destroyed destroyed destroying
demolish demolishes demolished demolished demolishing
wound wounds wounded wounded wounding
injure injures injured injured injuring
arrest arrests arrested arrested arresting
detain detains detained detained detaining
release releases released released releasing
free frees freed freed freeing
launch launches launched launched launching
start starts started started starting
begin begins began begun beginning
shell shells shelled shelled shelling
bombard bombards bombarded bombarded bombarding
bomb bombs bombed bombed bombing
deploy deploys deployed deployed deploying
send sends sent sent sending
build builds built built building
construct constructs constructed constructed constructing
help helps helped helped helping
assist assists assisted assisted assisting
aid aids aided aided aiding
lead leads led led leading
head heads headed headed heading
create creates created created creating
make makes made made making
win wins won won winning
lose loses lost lost losing
support supports supported supported supporting
back backs backed backed backing
criticise criticises criticised criticised criticising
condemn condemns condemned condemned condemning
denounce denounces denounced denounced denouncing
hire hires hired hired hiring
employ employs employed employed employing
sell sells sold sold selling
fire fires fired fired firing
dismiss dismisses dismissed dismissed dismissing
abduct abducts abducted abducted abducting
kidnap kidnaps kidnapped kidnapped kidnapping
describe describes described described describing
raise raises raised raised raising
cut cuts cut cut cutting
reduce reduces reduced reduced reducing
defeat defeats defeated defeated defeating
beat beats beat beaten beating
repel repels repelled repelled repelling
thwart thwarts thwarted thwarted thwarting
plan plans planned planned planning
propose proposes proposed proposed proposing
suggest suggests suggested suggested suggesting
show shows showed shown showing
give gives gave given giving
see sees saw seen seeing
know knows knew known knowing
drive drives drove driven driving
write writes wrote written writing
break breaks broke broken breaking
choose chooses chose chosen choosing
speak speaks spoke spoken speaking
steal steals stole stolen stealing
throw throws threw thrown throwing
shoot shoots shot shot shooting
draw draws drew drawn drawing
fall falls fell fallen falling
grow grows grew grown growing
rise rises rose risen rising
go goes went gone going
do does did done doing
eat eats ate eaten eating
bring brings brought brought bringing
find finds found found finding
get gets got got getting
leave leaves left left leaving
pay pays paid paid paying
meet meets met met meeting
tell tells told told telling
think thinks thought thought thinking
keep keeps kept kept keeping
put puts put put putting
set sets set set setting
let lets let let letting
spend spends spent spent spending
fight fights fought fought fighting
teach teaches taught taught teaching
catch catches caught caught catching
feel feels felt felt feeling
become becomes became become becoming
come comes came come coming
run runs ran run running
sign signs signed signed signing
have has had had having
be is was been being
undergo undergoes underwent undergone undergoing
overtake overtakes overtook overtaken overtaking
withdraw withdraws withdrew withdrawn withdrawing
spread spreads spread spread spreading
read reads read read reading
quit quits quit quit quitting
split splits split split splitting
bind binds bound bound binding
forbid forbids forbade forbidden forbidding
forget forgets forgot forgotten forgetting
forgive forgives forgave forgiven forgiving
freeze freezes froze frozen freezing
hide hides hid hidden hiding
shake shakes shook shaken shaking
wear wears wore worn wearing
tear tears tore torn tearing
swear swears swore sworn swearing
sink sinks sank sunk sinking
sing sings sang sung singing
ring rings rang rung ringing
drink drinks drank drunk drinking
swim swims swam swum swimming
stand stands stood stood standing
understand understands understood understood understanding
"""
FORMS: dict[str, tuple[str, str, str, str, str]] = {}
for _line in _FORMS.strip().splitlines():
    _base, _third, _past, _participle, _ing = _line.split()
    FORMS[_base] = (_base, _third, _past, _participle, _ing)

VERB_SYNONYMS: dict[str, tuple[str, ...]] = {
    "attack": ("strike", "hit", "target"),
    "strike": ("attack", "hit"),
    "target": ("attack", "hit"),
    "seize": ("capture", "take"),
    "capture": ("seize", "take"),
    "retake": ("recapture",),
    "recapture": ("retake",),
    "hold": ("control",),
    "control": ("hold",),
    "say": ("state",),
    "announce": ("declare", "reveal"),
    "declare": ("announce",),
    "reveal": ("disclose",),
    "buy": ("acquire", "purchase"),
    "acquire": ("buy", "purchase"),
    "destroy": ("demolish",),
    "wound": ("injure",),
    "injure": ("wound",),
    "arrest": ("detain",),
    "detain": ("arrest",),
    "free": ("release",),
    "launch": ("start", "begin"),
    "start": ("begin",),
    "begin": ("start",),
    "shell": ("bombard",),
    "bombard": ("shell",),
    "deploy": ("send",),
    "send": ("deploy",),
    "build": ("construct",),
    "help": ("assist", "aid"),
    "support": ("back",),
    "back": ("support",),
    "condemn": ("denounce", "criticise"),
    "hire": ("employ",),
    "abduct": ("kidnap",),
    "kidnap": ("abduct",),
    "cut": ("reduce",),
    "beat": ("defeat",),
    "defeat": ("beat",),
    "repel": ("thwart",),
    "propose": ("suggest",),
}
