"""Who said it, by hand: sentences by themselves, and sentences inside an article.

Rules were mended on the `TUNED` lists; the `HELD_OUT` ones were measured once they stood.
"""

from __future__ import annotations

from typing import NamedTuple


class Said(NamedTuple):
    sentence: str
    speaker: str | None


class SaidInside(NamedTuple):
    """`sentence` stands in `text`, which says elsewhere who said it."""

    text: str
    sentence: str
    speaker: str | None


TUNED = (
    Said("The valley is quiet, the observatory said.", "the observatory"),
    Said("A nurse told the station that the clinic had no power.", "A nurse"),
    Said("Nine men fell, the interior ministry said in a statement.", "the interior ministry"),
    Said(
        "According to the mayor, Dagny Holm, the hall opens in May.",
        "the mayor, Dagny Holm",
    ),
    Said("According to state television, the governor resigned.", "state television"),
    Said("State television reported that the governor had resigned.", "State television"),
    Said("Oskar Lenz claimed that the list was forged.", "Oskar Lenz"),
    Said("The list was forged, claimed Oskar Lenz.", "Oskar Lenz"),
    Said("“It was forged,” Lenz told reporters in Sarne.", "Lenz"),
    Said("“It was,” said the minister's lawyer, Ada Brun.", "the minister's lawyer, Ada Brun"),
    Said(
        "Jorun Vask, the spokesman of the Front, admitted the loss.",
        "Jorun Vask, the spokesman of the Front",
    ),
    Said(
        "The dam could burst, warned an engineer of the waterworks.",
        "an engineer of the waterworks",
    ),
    Said("The depot burned, the agency reported, citing two firemen.", "two firemen"),
    Said("The radio, quoting the garrison, said that the depot burned.", "the garrison"),
    Said("Stana Kolvic was quoted as saying that both men had confessed.", "Stana Kolvic"),
    Said("In the words of the judge, the case is closed.", "the judge"),
    Said("By the hospital's count, 31 people died.", "the hospital"),
    Said("Two residents said on Monday that the bakery was shut.", "Two residents"),
    Said("Speaking in Dorvan, the envoy said the list was long.", "the envoy"),
    Said("In Dorvan, police said that the cart came from the east.", "police"),
    Said("Last week General Marek Dollin said the silo was empty.", "General Marek Dollin"),
    Said("He said the silo was empty.", None),
    Said("The silo is said to be empty.", None),
    Said("The council reported a loss of two millions.", "The council"),
    Said("The army took the silo and announced a parade.", None),
    Said("A report said that the pipe had been mended.", "A report"),
    Said("The man who said so has left.", None),
    Said("Activists, however, said the market had been hit twice.", "Activists"),
    Said("The bomb killed six, Khabur Bulletin reported on Friday.", "Khabur Bulletin"),
    Said(
        "Ines Carvalho, its coordinator, said every sack was counted.",
        "Ines Carvalho, its coordinator",
    ),
)

HELD_OUT = (
    Said("The harbour is open, the port authority said.", "the port authority"),
    Said("A clerk told the paper that the books had been burned.", "A clerk"),
    Said("Four boats sank, the coastguard said on Sunday.", "the coastguard"),
    Said("According to the union, 300 welders walked out.", "the union"),
    Said("Prices have doubled, according to traders in Joura.", "traders in Joura"),
    Said("Edda Wirth, who leads the police, said nobody resisted.", "Edda Wirth"),
    Said("Rika Saal claimed that the army broke the truce first.", "Rika Saal"),
    Said("“Nobody resisted,” said Edda Wirth.", "Edda Wirth"),
    Said("“Nobody resisted,” Wirth said.", "Wirth"),
    Said("“Nobody resisted,” the commander of the police added.", "the commander of the police"),
    Said("The Badia Watch network reported 17 dead.", "The Badia Watch network"),
    Said("Rebel sources told Orontes Dispatch that the pass was lost.", "Rebel sources"),
    Said("The pass was lost, the agency said, citing a rebel commander.", "a rebel commander"),
    Said("The paper wrote, quoting the ministry, that the pass was safe.", "the ministry"),
    Said("Matteo Lindt was quoted by the Ledger as saying that rates would fall.", "Matteo Lindt"),
    Said("By the army's count, 640 fighters left.", "the army"),
    Said(
        "On Tuesday, the general command announced the end of the campaign.", "the general command"
    ),
    Said("Meanwhile, the parish said two pickers were killed.", "the parish"),
    Said(
        "Hala Mansour, a lawyer, told the court that her client was ill.", "Hala Mansour, a lawyer"
    ),
    Said("The foreign ministry in Corvay confirmed the price.", "The foreign ministry in Corvay"),
    Said("She added that the road was mined.", None),
    Said("It was said that the road was mined.", None),
    Said("Troops crossed the river at night.", None),
    Said("The pilot, who is said to be ill, landed safely.", None),
    Said("Officials acknowledged that the wall was cracked.", "Officials"),
    Said("Economists at Finch & Holloway predicted a cut.", "Economists at Finch & Holloway"),
    Said(
        "Lina Sarkis of the engineering corps said the work would take weeks.",
        "Lina Sarkis of the engineering corps",
    ),
    Said("The film shows the silo, the station said.", "the station"),
    Said("A statement said that the envoy would return.", "A statement"),
    Said("As the mayor put it, the hall is a ruin.", "the mayor"),
)

TUNED_INSIDE = (
    SaidInside(
        "The road was mined. “We lost two lorries there,” said Fadi Barakat, a driver. “Nobody "
        "will go back before the summer.” The army gave no comment.",
        "“Nobody will go back before the summer.”",
        "Fadi Barakat",
    ),
    SaidInside(
        "Samer Qabbani disputed the count. There were four tanks, he said, and none could run.",
        "There were four tanks, he said, and none could run.",
        "Samer Qabbani",
    ),
    SaidInside(
        "Colonel Nizar Ammoun leads the column. It has lost six men since Monday.\n\nAmmoun said "
        "that the hills would be taken by night.",
        "Ammoun said that the hills would be taken by night.",
        "Colonel Nizar Ammoun",
    ),
    SaidInside(
        "The relief agency said that 21 tonnes were dropped. It added that no sack was lost.",
        "It added that no sack was lost.",
        "The relief agency",
    ),
    SaidInside(
        "The mayor spoke at noon. “The wells are dry. The cattle will follow,” Dagny Holm said. "
        "“Then we must.”",
        "“The wells are dry.",
        "Dagny Holm",
    ),
    SaidInside(
        "The ferry sank at dawn. Eleven people were saved. The owner was held.",
        "Eleven people were saved.",
        None,
    ),
    SaidInside(
        "“We saw the flames,” said Iva Stroud. The depot burned for two days.",
        "The depot burned for two days.",
        None,
    ),
    SaidInside(
        "The bridge fell in March. He said it had been weak.",
        "He said it had been weak.",
        None,
    ),
)

HELD_OUT_INSIDE = (
    SaidInside(
        "“They come at night,” said Pavel Renn, who runs the ward. “We count them at dawn.” Nurses "
        "wept.",
        "“We count them at dawn.”",
        "Pavel Renn",
    ),
    SaidInside(
        "General Marek Dollin praised his men. Eleven vehicles were burned, Dollin said.",
        "Eleven vehicles were burned, Dollin said.",
        "General Marek Dollin",
    ),
    SaidInside(
        "Rika Saal told a crowd in Sarne that the list was short. She added that 70 names lacked.",
        "She added that 70 names lacked.",
        "Rika Saal",
    ),
    SaidInside(
        "The garrison said that a flare had been fired. It denied that shells were used.",
        "It denied that shells were used.",
        "The garrison",
    ),
    SaidInside(
        "Rents rose again. “I sold the goats. I will sell the house next,” a farmer said.",
        "“I sold the goats.",
        "a farmer",
    ),
    SaidInside(
        "A storm broke. Trees fell in Tarrow. Nobody was hurt.",
        "Trees fell in Tarrow.",
        None,
    ),
    SaidInside(
        "“It is over,” the envoy said. Both delegations left on Monday.",
        "Both delegations left on Monday.",
        None,
    ),
    SaidInside(
        "The council met. They said that the wall was cracked.",
        "They said that the wall was cracked.",
        None,
    ),
)
