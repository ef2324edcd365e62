"""Sentences written by hand, with how sure their source is; `after` is the sentence that follows.

Rules were mended on `TUNED`; `HELD_OUT` was measured once they stood.
"""

from __future__ import annotations

from typing import NamedTuple

from assistant.types import Status


class Told(NamedTuple):
    sentence: str
    status: Status
    after: str = ""


TUNED = (
    Told("Soldiers took the ridge above Hollin on Monday.", "reported"),
    Told("The mayor said that the bridge would stay shut until autumn.", "expected"),
    Told("The hospital said on Tuesday that 19 patients had died.", "reported"),
    Told("The ministry, which will be moved in May, hired 30 clerks.", "reported"),
    Told("The blast claimed nine lives.", "reported"),
    Told("Engineers who had planned to leave stayed on.", "reported"),
    Told("The Front claims to hold the silo.", "claimed"),
    Told("The militia claimed it had shot down a drone.", "claimed"),
    Told("The group claimed the attack in a message.", "claimed"),
    Told("The army says its troops have entered the town.", "claimed"),
    Told("By the rebels' own account, 40 soldiers fell.", "claimed"),
    Told("In a statement the brigade took credit for the ambush.", "claimed"),
    Told("The governor asserted that no shell had hit the clinic.", "claimed"),
    Told("The two towns are free of mines, according to the regional council.", "claimed"),
    Told("Turkey plans to open a second crossing.", "expected"),
    Told("If the levee breaks, the lower town will be flooded.", "expected"),
    Told("The levee would flood the lower town if it broke.", "expected"),
    Told("Should the talks fail, the envoy will resign.", "expected"),
    Told("The verdict is due on Friday.", "expected"),
    Told("The two sides have agreed to meet again in August.", "expected"),
    Told("The company intends to close both yards.", "expected"),
    Told("Observers expect the vote to be close.", "expected"),
    Told("The column could reach the dam within days.", "expected"),
    Told("A third convoy is to leave on Sunday.", "expected"),
    Told("The army is preparing to storm the quarter.", "expected"),
    Told("The commander is believed to have fled.", "unconfirmed"),
    Told("Reports that the general had died could not be verified.", "unconfirmed"),
    Told("There were unverified accounts of a second blast.", "unconfirmed"),
    Told("The captain apparently sold the weapons.", "unconfirmed"),
    Told("It was not clear whether the hostages were alive.", "unconfirmed"),
    Told("A second blast was heard in Kellmar.", "unconfirmed", "This could not be confirmed."),
    Told("The envoy is said to have met the rebels in secret.", "unconfirmed"),
    Told("The ministry denied that its planes had been over the town.", "denied"),
    Told("No shell hit the school, the army insisted, rejecting the claims.", "denied"),
    Told("The rebels had poisoned the wells, state radio said.", "denied", "The Front denied it."),
    Told("The foreign ministry called the report of a deal false.", "denied"),
)

HELD_OUT = (
    Told("Two barges sank in the storm.", "reported"),
    Told("Police arrested two men over the fire.", "reported"),
    Told("The court, which had planned to sit in May, met on Monday.", "reported"),
    Told("The union said that 300 welders took part.", "reported"),
    Told("Rebels who may be tried in Dorvan were handed over.", "reported"),
    Told("She was denied a visa.", "reported"),
    Told("The insurgents claimed that they had cut the road.", "claimed"),
    Told("Rebel radio claimed a victory at the mill.", "claimed"),
    Told("The air force announced that it had destroyed the depot.", "claimed"),
    Told("According to the command, the whole valley has been cleared.", "claimed"),
    Told("The brigade boasted that it had taken 60 prisoners.", "claimed"),
    Told("A little-known group claimed responsibility for the bombing.", "claimed"),
    Told("The Front has claimed the killing of the judge.", "claimed"),
    Told("The general maintained that his men had fired only flares.", "claimed"),
    Told("The ferry will sail again in September.", "expected"),
    Told("Unless fuel arrives, the clinic will close on Monday.", "expected"),
    Told("If Hollin falls, the valley is lost.", "expected"),
    Told("Both delegations are expected to return to Lisenne.", "expected"),
    Told("The bank hopes to cut rates in the spring.", "expected"),
    Told("The mayor has promised to rebuild the market.", "expected"),
    Told("Parliament is set to vote on the budget next week.", "expected"),
    Told("The ceasefire might not hold.", "expected"),
    Told("The minister said the school would reopen in May.", "expected"),
    Told("Lawyers want to appeal the ruling.", "expected"),
    Told("The envoy was due to arrive on Saturday.", "expected"),
    Told("The colonel was reportedly seen in Sarne.", "unconfirmed"),
    Told("Rumours of a coup swept the capital.", "unconfirmed"),
    Told("Officials have not confirmed the arrest.", "unconfirmed"),
    Told("The suspect allegedly bought the cart in Teyn.", "unconfirmed"),
    Told("The station could not independently verify the film.", "unconfirmed"),
    Told("The judge is thought to be in hiding.", "unconfirmed"),
    Told("A drone fell on the depot.", "unconfirmed", "The report has yet to be verified."),
    Told("The spokesman denied any part in the attack.", "denied"),
    Told("The company dismissed the allegations as invented.", "denied"),
    Told("A deal had been struck, the paper wrote.", "denied", "Both sides rejected the report."),
    Told("The army had shelled the clinic, a doctor said, which the army denied.", "denied"),
)
