"""The words that the rules know: synonyms, opposites, kinds of nouns."""

from __future__ import annotations

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
