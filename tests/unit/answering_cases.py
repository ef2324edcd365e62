"""Sentences written for these tests, each with claims that it carries and claims that it does not.

Reports are of Friday 23 June 2017. `wrong` changes one number, date, name, place or polarity.
"""

from __future__ import annotations

from typing import NamedTuple


class Case(NamedTuple):
    quote: str
    faithful: tuple[str, ...]
    wrong: tuple[str, ...]


CASES = (
    Case(
        "On Thursday the army entered Qasr Marun and captured 14 fighters of the Northern Guard.",
        (
            "The army captured 14 Northern Guard fighters in Qasr Marun on 22 June 2017.",
            "Fourteen fighters of the Northern Guard were captured in Qasr Marun.",
        ),
        (
            "The army captured 41 Northern Guard fighters in Qasr Marun.",
            "The army captured 14 Northern Guard fighters in Tel Marun.",
            "The army captured 14 Southern Guard fighters in Qasr Marun.",
            "The army entered Qasr Marun on 21 June 2017.",
        ),
    ),
    Case(
        "At least four people died and 23 were wounded when a shell hit the market of Belkorra.",
        (
            "A shell on the Belkorra market killed at least 4 people and wounded twenty-three.",
            "At least four people died in Belkorra.",
        ),
        (
            "A shell on the Belkorra market killed at least 23 people.",
            "A shell on the market of Dorvan killed at least four people.",
            "At least five people died in Belkorra.",
        ),
    ),
    Case(
        "The militia did not retake the bridge at Halvard, a spokesman for the Red Star said.",
        (
            "The militia failed to retake the Halvard bridge, a Red Star spokesman said.",
            "The Halvard bridge was not retaken by the militia.",
        ),
        (
            "The militia retook the bridge at Halvard.",
            "The militia did not retake the bridge at Norrvik.",
            "A spokesman for the Blue Star said the militia did not retake the bridge.",
        ),
    ),
    Case(
        "Government troops resumed attempts to re-take the Ithra-Resafa road from ISIS.",
        (
            "Troops resumed attempts to retake the Ithra-Resafa road from ISIS.",
            "Government troops are trying to take the Ithra-Resafa road from Daesh.",
            "ISIS held the Ithra-Resafa road.",
        ),
        (
            "Government troops control the Ithra-Resafa road.",
            "Government troops have captured the Ithra-Resafa road from ISIS.",
            "Government troops resumed attempts to re-take the Ithra-Palmyra road.",
        ),
    ),
    Case(
        "Turkey plans to deploy 1,200 soldiers in Idlib in early July.",
        (
            "Turkey plans to send 1200 soldiers to Idlib in early July 2017.",
            "About 1,200 Turkish soldiers are to be deployed in Idlib under the plan.",
        ),
        (
            "Turkey deployed 1,200 soldiers in Idlib.",
            "Turkey plans to deploy 1,300 soldiers in Idlib in early July.",
            "Turkey plans to deploy 1,200 soldiers in Idlib in early August.",
            "Turkey plans to deploy 1,200 soldiers in Hama in early July.",
        ),
    ),
    Case(
        "Russia, Turkey and Iran signed the accord in Astana on May 4.",
        (
            "The accord was signed in Astana on 4 May 2017 by Russia, Turkey and Iran.",
            "Russia, Turkey and Iran signed it in May.",
            "The Russian, Turkish and Iranian accord dates from 2017-05-04.",
        ),
        (
            "The accord was signed in Astana on 5 May 2017.",
            "Russia, Turkey and Iraq signed the accord in Astana.",
            "The accord was signed in Geneva on May 4.",
            "Russia, Turkey and Iran signed the accord in June.",
        ),
    ),
    Case(
        "The Syrian Democratic Forces (SDF) took Al-Kamb, three kilometres south of Raqqah.",
        (
            "The SDF took al-Kamb, 3 km south of Raqqa.",
            "Al Kamb, south of Raqqah, was taken by the Syrian Democratic Forces.",
        ),
        (
            "The SDF took Al-Kasb, three kilometres south of Raqqah.",
            "The SAA took Al-Kamb, three kilometres south of Raqqah.",
            "The SDF took Al-Kamb, 13 km south of Raqqa.",
        ),
    ),
    Case(
        "Inflation in Lisenne rose to 4.7 percent in May, the central bank said.",
        (
            "Inflation in Lisenne was 4.7% in May, according to the central bank.",
            "Lisenne's inflation rose to 4.7 per cent in May 2017.",
        ),
        (
            "Inflation in Lisenne rose to 7.4 percent in May.",
            "Inflation in Corvay rose to 4.7 percent in May.",
            "Inflation in Lisenne rose to 4.7 percent in April.",
        ),
    ),
    Case(
        "Halvard Oil will pay $1.2 billion for Norrvik Gas, the companies announced yesterday.",
        (
            "Halvard Oil is to pay $1.2bn for Norrvik Gas.",
            "Halvard Oil buys Norrvik Gas for 1.2 billion dollars, it was announced on 22 June.",
        ),
        (
            "Halvard Oil will pay $1.2 million for Norrvik Gas.",
            "Halvard Oil will pay $2.1 billion for Norrvik Gas.",
            "Norrvik Oil will pay $1.2 billion for Halvard Steel.",
        ),
    ),
    Case(
        "Nobody was hurt when the fourth tunnel at Kellmar collapsed two days ago.",
        (
            "The 4th tunnel at Kellmar collapsed on 21 June 2017.",
            "The fourth Kellmar tunnel collapsed on Wednesday and nobody was hurt.",
        ),
        (
            "The fifth tunnel at Kellmar collapsed.",
            "The fourth tunnel at Teyn collapsed.",
            "The fourth tunnel at Kellmar collapsed on Tuesday.",
        ),
    ),
    Case(
        "Colonel Rami Haddad told reporters that 14 vehicles had been destroyed near Salamiyah.",
        (
            "Fourteen vehicles were destroyed near Salamiyah, Colonel Haddad said.",
            "Colonel Rami Haddad spoke of 14 vehicles destroyed near Salamiyah.",
        ),
        (
            "Colonel Rami Hassan spoke of 14 vehicles destroyed.",
            "General Rami Haddad spoke of 14 vehicles destroyed.",
            "Sixteen vehicles were destroyed near Salamiyah.",
            "Fourteen vehicles were destroyed near Palmyra.",
        ),
    ),
    Case(
        "Ibrahim Kalin met Vladimir Shamanov in Moscow last week.",
        (
            "Kalin and Shamanov met in Moscow last week.",
            "Vladimir Shamanov and Ibrahim Kalin met in Moscow.",
        ),
        (
            "Ibrahim Shamanov was in Moscow last week.",
            "Kalin met Shamanov in Ankara.",
            "Ibrahim Kalin met Vladimir Shamanov in Moscow this week.",
        ),
    ),
    Case(
        "The observatory counted 19 dead, among them three children.",
        (
            "Nineteen people died, three of them children, by the observatory's count.",
            "The observatory counted 19 dead, including 3 children.",
        ),
        (
            "The observatory counted 19 children among the dead.",
            "The observatory counted 19 dead, among them four children.",
            "The observatory counted 20 dead.",
        ),
    ),
    Case(
        "If the SDF seizes Mustajid, ISIS units will be encircled inside the city.",
        (
            "ISIS units would be encircled if the SDF seizes Mustajid.",
            "Should the SDF take Mustajid, ISIS will be encircled in the city.",
        ),
        (
            "ISIS units are encircled inside the city.",
            "The SDF seized Mustajid.",
            "If the SDF seizes Mustafa, ISIS units will be encircled.",
        ),
    ),
    Case(
        "The Su-22 was shot down near Tabqa on 18 June 2017.",
        (
            "A Su-22 was shot down near Tabqa on Sunday.",
            "The Su-22 was shot down near Tabqa in June.",
        ),
        (
            "A Su-24 was shot down near Tabqa.",
            "The Su-22 was shot down near Raqqa.",
            "The Su-22 was shot down near Tabqa on 19 June 2017.",
            "The Su-22 was shot down near Tabqa in July.",
        ),
    ),
    Case(
        "Earlier this week soldiers seized a workshop and six battle tanks in Resafa.",
        (
            "Soldiers seized 6 battle tanks in Resafa earlier this week.",
            "One workshop and six tanks were seized in Resafa.",
        ),
        (
            "Soldiers seized nine battle tanks in Resafa.",
            "Soldiers seized six battle tanks in Rasheed.",
            "Soldiers seized six battle tanks in Resafa last week.",
        ),
    ),
    Case(
        "Prime Minister Ana Lindqvist resigned on Tuesday after 11 years in office.",
        (
            "Ana Lindqvist resigned as prime minister on 20 June 2017.",
            "After eleven years, Prime Minister Lindqvist resigned.",
        ),
        (
            "Ana Lindqvist resigned on Wednesday.",
            "Prime Minister Eva Lindqvist resigned.",
            "Ana Lindqvist resigned after 12 years in office.",
        ),
    ),
    Case(
        "The ministry denied that its jets had bombed the school in Teyn.",
        (
            "The ministry denied bombing the school in Teyn.",
            "Its jets had not bombed the Teyn school, the ministry said.",
        ),
        (
            "The ministry's jets bombed the school in Teyn.",
            "The ministry denied that its jets had bombed the school in Kestrel.",
        ),
    ),
    Case(
        "No one has claimed the blast, which killed two policemen in Corvay.",
        (
            "The blast in Corvay killed 2 policemen.",
            "Two policemen were killed in Corvay and no one has claimed the blast.",
        ),
        (
            "The blast in Corvay killed three policemen.",
            "The blast in Lisenne killed two policemen.",
        ),
    ),
    Case(
        "Dozens of families left eastern Aleppo in 45 buses on 19 April 2017.",
        (
            "On 19 April 2017 dozens of families left eastern Aleppo in forty-five buses.",
            "Forty-five buses took families out of eastern Aleppo.",
        ),
        (
            "Hundreds of families left eastern Aleppo in 45 buses.",
            "Dozens of families left eastern Aleppo in 54 buses.",
            "Dozens of families left eastern Homs.",
            "Dozens of families left eastern Aleppo on 18 April 2017.",
        ),
    ),
    Case(
        "Norrvik won the final 3-1 in front of 48,000 spectators.",
        (
            "Norrvik won 3-1 before 48,000 spectators.",
            "The final, which Norrvik won, had 48,000 spectators.",
        ),
        (
            "Norrvik won the final 3-2.",
            "Halvard won the final 3-1.",
            "Norrvik won the final in front of 84,000 spectators.",
        ),
    ),
    Case(
        "The European Commission opened an inquiry into Varenna AG in 2016.",
        (
            "In 2016 the European Commission opened an inquiry into Varenna.",
            "An inquiry into Varenna AG was opened by the European Commission.",
        ),
        (
            "The European Commission opened an inquiry into Varenna AG in 2015.",
            "The European Parliament opened an inquiry into Varenna AG.",
            "The European Commission opened an inquiry into Ravenna AG.",
        ),
    ),
    Case(
        "Residents of Daraa said the ceasefire was holding on Friday morning.",
        (
            "The ceasefire in Daraa was holding on 23 June 2017, residents said.",
            "The ceasefire was holding, according to residents of Daraa.",
        ),
        (
            "The ceasefire was not holding, residents of Daraa said.",
            "Residents of Homs said the ceasefire was holding.",
            "The ceasefire was holding on Thursday, residents said.",
        ),
    ),
    Case(
        "Lavrov expects talks with Tillerson to begin in Vienna next month.",
        (
            "Talks with Tillerson are expected in Vienna in July 2017, Lavrov said.",
            "Lavrov expects the talks to begin next month.",
        ),
        (
            "Lavrov expects talks with Tillerson in Geneva.",
            "Lavrov expects talks with Mattis to begin in Vienna.",
            "Lavrov expects talks to begin in August.",
        ),
    ),
    Case(
        "The dam supplies half of the 2.4 million people of the Orontes valley.",
        (
            "Half of the Orontes valley's 2.4 million people are supplied by the dam.",
            "The dam supplies half of the 2,400,000 people of the valley.",
        ),
        (
            "The dam supplies all 2.5 million people of the Orontes valley.",
            "The dam supplies half of the 2.4 million people of the Khabur valley.",
            "The dam supplies half of the 2.4 billion people of the Orontes valley.",
        ),
    ),
    Case(
        "Doctors Without Borders closed its clinic in Salma after the third raid.",
        (
            "After a third raid Doctors Without Borders closed its clinic in Salma.",
            "The Salma clinic of Doctors Without Borders was closed.",
        ),
        (
            "After the first raid Doctors Without Borders closed its clinic in Salma.",
            "The Red Crescent closed its clinic in Salma.",
            "Doctors Without Borders closed its clinic in Latakia.",
        ),
    ),
    Case(
        "Engineers could not restore power to Hasakah before Monday.",
        (
            "Engineers were unable to restore power to Hasakah before Monday.",
            "Power to Hasaka could not be restored before Monday.",
        ),
        (
            "Engineers restored power to Hasakah.",
            "Engineers could not restore power to Qamishli before Monday.",
            "Engineers could not restore power to Hasakah before Sunday.",
        ),
    ),
    Case(
        "Between 10 and 15 boats were lost off Lesbos, the coastguard of Greece said.",
        (
            "The Greek coastguard said that 10 to 15 boats were lost off Lesbos.",
            "Between ten and fifteen boats were lost off Lesbos.",
        ),
        (
            "Between 10 and 50 boats were lost off Lesbos.",
            "Between 10 and 15 boats were lost off Chios.",
            "The coastguard of Italy said that boats were lost off Lesbos.",
        ),
    ),
    Case(
        "The verdict against Tomás Ibáñez was never published.",
        (
            "The verdict against Tomas Ibanez was never published.",
            "The verdict against Ibáñez has not been published.",
        ),
        (
            "The verdict against Tomás Ibáñez was published.",
            "The verdict against Tomás Ibarra was never published.",
        ),
    ),
    Case(
        "Badia Watch put the army's dead at 17 and those of ISIS at 22.",
        (
            "Badia Watch counted 17 dead of the army and 22 of ISIS.",
            "ISIS lost 22, Badia Watch said.",
        ),
        (
            "Badia Watch put the army's dead at 27.",
            "Desert Watch put the army's dead at 17.",
        ),
    ),
    Case(
        "The court in Dorvan fined the newspaper 30,000 euros on 2017-05-30.",
        (
            "On 30 May the Dorvan court fined the newspaper €30,000.",
            "The newspaper was fined 30,000 euros in Dorvan.",
        ),
        (
            "The court in Dorvan fined the newspaper $30,000.",
            "The court in Dorvan fined the newspaper 3,000 euros.",
            "The court in Dorvan fined the newspaper on 31 May.",
        ),
    ),
    Case(
        "Officials in Kabul said that a dozen trucks crossed at Torkham on Saturday.",
        (
            "Twelve trucks crossed at Torkham on 17 June, officials in Kabul said.",
            "A dozen trucks crossed at Torkham.",
        ),
        (
            "Two dozen trucks crossed at Torkham.",
            "A dozen trucks crossed at Chaman.",
            "Officials in Islamabad said that a dozen trucks crossed.",
        ),
    ),
    Case(
        "The vaccine was 92 per cent effective among 3,400 volunteers, Plain Science reported.",
        (
            "Plain Science reported that the vaccine was 92% effective.",
            "Among 3400 volunteers the vaccine was 92 percent effective.",
        ),
        (
            "The vaccine was 29 per cent effective.",
            "The vaccine was 92 per cent effective among 4,300 volunteers.",
            "Pure Science reported that the vaccine was effective.",
        ),
    ),
    Case(
        "Hezbollah has withdrawn from Arsal, according to Lebanese officers.",
        (
            "According to officers in Lebanon, Hezbollah has left Arsal.",
            "Hezbollah has withdrawn from Arsal.",
        ),
        (
            "Hezbollah has not withdrawn from Arsal.",
            "Hamas has withdrawn from Arsal.",
            "Hezbollah has withdrawn from Tripoli.",
        ),
    ),
    Case(
        "The United Nations wants to open two corridors to Eastern Ghouta.",
        (
            "The UN wants to open 2 corridors to Eastern Ghouta.",
            "Two corridors to Eastern Ghouta are wanted by the United Nations.",
        ),
        (
            "The UN opened two corridors to Eastern Ghouta.",
            "The UN wants to open three corridors to Eastern Ghouta.",
            "The EU wants to open two corridors to Eastern Ghouta.",
            "The UN wants to open two corridors to Western Ghouta.",
        ),
    ),
    Case(
        "Marta Oyelaran ran the Lisenne marathon in 2:21:07.",
        (
            "Oyelaran ran the Lisenne marathon in 2:21:07.",
            "Marta Oyelaran's time in the Lisenne marathon was 2:21:07.",
        ),
        (
            "Oyelaran ran the Lisenne marathon in 2:12:07.",
            "Marta Okafor ran the Lisenne marathon.",
            "Marta Oyelaran ran the Corvay marathon.",
        ),
    ),
    Case(
        "The rebels may hand over Belkorra before the end of the month.",
        (
            "Belkorra may be handed over by the rebels.",
            "A handover of Belkorra by the rebels is possible.",
        ),
        (
            "The rebels hand over Belkorra.",
            "The rebels may hand over Dorvan.",
        ),
    ),
    Case(
        "Police in Kellmar arrested 8 men and two women over the fire of 10 June.",
        (
            "Eight men and 2 women were arrested in Kellmar over the fire of June 10.",
            "Kellmar police arrested 8 men and two women over the fire of 10 June.",
        ),
        (
            "Police in Kellmar arrested two men and 8 women.",
            "Police in Kellmar arrested 8 men over the fire of 11 June.",
            "Police in Corvay arrested 8 men.",
        ),
    ),
    Case(
        "The Khabur Agency reported that British advisers had reached Deir ez-Zor.",
        (
            "Advisers from Britain had reached Deir Ezzor, the Khabur Agency reported.",
            "British advisers had reached Deir ez-Zor, it was reported.",
        ),
        (
            "French advisers had reached Deir ez-Zor.",
            "British advisers had reached Deir Hafer.",
            "The Tigris Agency reported that British advisers had arrived.",
        ),
    ),
    Case(
        "Grey Harbour postponed the vote from 3 to 17 July because of the strike.",
        (
            "Because of the strike, Grey Harbour postponed the vote to 17 July.",
            "The vote in Grey Harbour was postponed because of the strike.",
        ),
        (
            "Grey Harbour postponed the vote to 27 July.",
            "Grey Haven postponed the vote because of the strike.",
        ),
    ),
)
