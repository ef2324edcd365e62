"""The words that the rules know: forms of verbs, synonyms, opposites, kinds of nouns."""

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

NOUN_SYNONYMS: dict[str, str] = {
    "militants": "fighters",
    "fighters": "militants",
    "troops": "soldiers",
    "soldiers": "troops",
    "civilians": "people",
    "company": "firm",
    "firm": "company",
    "attack": "assault",
    "assault": "attack",
    "blast": "explosion",
    "explosion": "blast",
    "airstrikes": "air raids",
    "raids": "air strikes",
    "town": "place",
    "regime": "government",
    "phone": "handset",
    "film": "movie",
    "movie": "film",
    "game": "match",
    "kids": "children",
    "children": "kids",
    "firms": "companies",
    "companies": "firms",
    "layoffs": "job cuts",
}

_OPPOSITES = """
won lost
win lose
wins loses
north south
northern southern
east west
eastern western
northwest southeast
northeast southwest
northwestern southeastern
northeastern southwestern
before after
first last
increased decreased
increase decrease
rose fell
rise fall
seized lost
captured surrendered
advanced retreated
killed freed
wounded unharmed
injured unharmed
more fewer
largest smallest
biggest smallest
highest lowest
higher lower
best worst
oldest youngest
former current
male female
men women
accepted rejected
approved rejected
supported opposed
supports opposes
support oppose
allowed banned
entered left
arrived departed
bought sold
buy sell
began ended
start end
started ended
opened closed
arrested released
hired fired
gained lost
attack defend
attacked defended
inside outside
public private
civilians soldiers
rebels troops
morning evening
foreign domestic
ground naval
positive negative
confirmed denied
joined left
raised cut
raise cut
above below
early late
new old
major minor
destroyed repaired
expanded shrank
pro-government anti-government
opposition government
"""
# Words of several senses: they may be put in, never be taken for the one that is meant.
_UNSURE = frozenset(
    """
    left support supports attack defend general old new late early cut
""".split()
)
OPPOSITES: dict[str, str] = {}
for _line in _OPPOSITES.strip().splitlines():
    _one, _other = _line.split()
    for _word, _opposite in ((_one, _other), (_other, _one)):
        if _word not in _UNSURE:
            OPPOSITES.setdefault(_word, _opposite)

# Names for one party: one of them in place of another asks the same question.
SAME_PARTY: tuple[frozenset[str], ...] = tuple(
    frozenset(line.split(", "))
    for line in (
        "syria, syrian, syrians, damascus, assad, bashar al-assad, regime, government, saa, "
        "syrian army, syrian arab army, saf, sana, syrian government",
        "isis, isil, islamic state, daesh, is, islamic state group, the islamic state",
        "us, u.s., usa, united states, america, american, americans, washington, coalition, "
        "pentagon, the united states, trump, obama, white house",
        "russia, russian, russians, moscow, kremlin, putin",
        "turkey, turkish, turks, ankara, erdogan",
        "iran, iranian, iranians, tehran",
        "israel, israeli, israelis, tel aviv, idf, netanyahu",
        "nusra, al-nusra, nusra front, jabhat al-nusra, al-nusra front, fateh al-sham, hts, "
        "tahrir al-sham, hayat tahrir al-sham, al-qaeda, qaeda",
        "kurds, kurdish, ypg, sdf, pyd, syrian democratic forces",
        "un, u.n., united nations, the united nations",
        "uk, u.k., britain, british, united kingdom, london",
        "sohr, observatory, syrian observatory for human rights, "
        "the syrian observatory for human rights",
        "google, alphabet",
        "facebook, meta",
        "twitter, x",
        "eu, european union",
        "ftx, alameda, sam bankman-fried, bankman-fried, sbf",
        "openai, chatgpt, sam altman, altman",
    )
)

COUNTRIES: frozenset[str] = frozenset(
    """
        syria iraq iran turkey russia israel lebanon jordan egypt qatar china japan india france
        germany italy spain britain england scotland wales ireland canada mexico brazil
        argentina australia ukraine poland sweden norway denmark finland greece portugal belgium
        austria netherlands switzerland pakistan afghanistan yemen kuwait bahrain libya tunisia
        algeria morocco sudan kenya nigeria america u.s. us usa uk
    """.split()
)

PERSON_NOUNS: frozenset[str] = frozenset(
    """
        man woman person people boy girl child children soldier fighter militant rebel terrorist
        troop civilian resident official officer commander general leader president minister
        spokesman spokeswoman spokesperson activist journalist reporter doctor medic worker
        rescuer refugee player coach manager striker quarterback receiver actor actress director
        singer author writer judge lawyer prosecutor attorney senator congressman governor mayor
        executive ceo founder analyst expert researcher scientist professor student teacher
        employee driver customer user voter witness victim suspect gunman bomber attacker king
        queen prince ambassador envoy diplomat secretary chairman chief lawmaker protester
        family police army militia jihadist insurgent extremist kurd defender midfielder
        goalkeeper forward rusher captain politician investigator engineer developer investor
        shareholder regulator critic fan cousin father mother brother sister wife husband son
        daughter friend force group coalition party alliance opposition government regime team
        company firm startup
    """.split()
)
PERSONS_ALONE: frozenset[str] = PERSON_NOUNS - frozenset(
    ["company", "firm", "startup", "team", "group", "party"]
)

# Nouns that name a kind of thing: "which town", but not "which appreciation".
KIND_NOUNS: frozenset[str] = frozenset(
    """
        town city village district province neighborhood neighbourhood suburb region area
        country state road highway bridge airport airbase base camp border hospital school
        mosque market building company firm startup agency newspaper channel website platform
        app service network organisation organization ministry army group brigade division
        militia party team club squad court bank university film movie show series album song
        book game device phone laptop tablet car vehicle model product feature law bill rule
        deal agreement treaty resolution weapon missile rocket plane jet helicopter tank gun
        attack strike offensive operation campaign report study survey lawsuit investigation
        award tournament league season match official player coach analyst commander minister
        general activist journalist spokesman senator fighter rebel militant site chip console
        drug vaccine currency stock fund industry
    """.split()
)

TITLES: frozenset[str] = frozenset(
    """
        president minister governor ceo chief spokesman spokeswoman director secretary
        ambassador envoy chairman commander general senator mayor king prince coach manager
        founder captain attorney prosecutor judge professor editor analyst quarterback striker
        midfielder
    """.split()
)

SAYING: frozenset[str] = frozenset(
    """
        say state announce report claim add confirm warn declare note argue believe insist
        stress explain reveal estimate allege deny
    """.split()
)

HARM_NOUNS: frozenset[str] = frozenset(
    """
        attack strike airstrike bombing blast explosion shelling raid clash fighting crash fire
        earthquake shooting battle bombardment assault offensive massacre flood storm
    """.split()
)

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

STOP_WORDS: frozenset[str] = frozenset(
    """
        a an the of in on at to for from by with and or but as is are was were be been being has
        have had do does did will would can could may might shall should must that which who
        whom whose what when where why how many much not no this these those it its he she they
        them his her their him i we you our your my there than then so if into about over after
        before between during also more most other some such only just up out said say says
        according
    """.split()
)
