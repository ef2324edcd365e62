"""Phrases that date something, written by hand, with the days that they mean.

Reports are of Friday 23 June 2017. `days` is "start" or "start/end"; empty: nothing is dated, or
nobody could say when. Rules were mended on `TUNED`; `HELD_OUT` was measured once they stood.
"""

from __future__ import annotations

from typing import NamedTuple


class Phrase(NamedTuple):
    text: str
    words: str = ""
    days: str = ""
    precision: str = ""


TUNED = (
    Phrase("The bridge fell on Thursday.", "on Thursday", "2017-06-22", "day"),
    Phrase("Thursday's raid killed nine.", "Thursday", "2017-06-22", "day"),
    Phrase("Troops entered the mill late on Tuesday.", "on Tuesday", "2017-06-20", "day"),
    Phrase("He landed on Wednesday evening.", "on Wednesday evening", "2017-06-21", "day"),
    Phrase("The vote is on Monday.", "on Monday", "2017-06-26", "day"),
    Phrase("Earlier this week a pylon fell.", "Earlier this week", "2017-06-19/2017-06-23", "week"),
    Phrase(
        "The pylon fell earlier in the week.",
        "earlier in the week",
        "2017-06-19/2017-06-23",
        "week",
    ),
    Phrase("Talks will open in early July.", "in early July", "2017-07-01/2017-07-10", "month"),
    Phrase("They met in mid-May.", "in mid-May", "2017-05-11/2017-05-20", "month"),
    Phrase("Wheat ran out last month.", "last month", "2017-05-01/2017-05-31", "month"),
    Phrase("Two days ago the dam broke.", "Two days ago", "2017-06-21", "day"),
    Phrase(
        "The wing was shut a fortnight ago.", "a fortnight ago", "2017-06-05/2017-06-11", "week"
    ),
    Phrase("Three hours ago the gates opened.", "Three hours ago", "2017-06-23", "day"),
    Phrase(
        "The Front has held the silo since March.", "since March", "2017-03-01/2017-06-23", "month"
    ),
    Phrase(
        "The pass has been shut since Tuesday.", "since Tuesday", "2017-06-20/2017-06-23", "day"
    ),
    Phrase("The worst storm since March struck the coast."),
    Phrase("Shells fell overnight on the orchards.", "overnight", "2017-06-22/2017-06-23", "day"),
    Phrase("The overnight train was late."),
    Phrase(
        "Between Monday and Wednesday 40 families left.",
        "Between Monday and Wednesday",
        "2017-06-19/2017-06-21",
        "day",
    ),
    Phrase(
        "It rained on Monday and Tuesday.", "on Monday and Tuesday", "2017-06-19/2017-06-20", "day"
    ),
    Phrase(
        "From 3 to 7 June the port was shut.", "From 3 to 7 June", "2017-06-03/2017-06-07", "day"
    ),
    Phrase(
        "Nine died in the past 24 hours.", "in the past 24 hours", "2017-06-22/2017-06-23", "day"
    ),
    Phrase(
        "Over the last three days 60 men deserted.",
        "Over the last three days",
        "2017-06-20/2017-06-23",
        "day",
    ),
    Phrase("The clinic moved last summer.", "last summer", "2016-06-01/2016-08-31", "month"),
    Phrase(
        "The treaty lapsed in the summer of 2014.",
        "in the summer of 2014",
        "2014-06-01/2014-08-31",
        "month",
    ),
    Phrase(
        "The mine closed in the first half of 2016.",
        "in the first half of 2016",
        "2016-01-01/2016-06-30",
        "year",
    ),
    Phrase(
        "Prices fell in the second half of May.",
        "in the second half of May",
        "2017-05-16/2017-05-31",
        "month",
    ),
    Phrase(
        "The strike began at the end of last month.",
        "at the end of last month",
        "2017-05-21/2017-05-31",
        "month",
    ),
    Phrase(
        "He took over at the beginning of this year.",
        "at the beginning of this year",
        "2017-01-01/2017-04-30",
        "year",
    ),
    Phrase("The ferry sank on the 20th.", "on the 20th", "2017-06-20", "day"),
    Phrase(
        "The day before yesterday a barge sank.", "The day before yesterday", "2017-06-21", "day"
    ),
    Phrase("The court meets again in ten days' time.", "in ten days' time", "2017-07-03", "day"),
    Phrase("The ceasefire began on New Year's Eve.", "on New Year's Eve", "2016-12-31", "day"),
    Phrase("They signed on 4 May.", "on 4 May", "2017-05-04", "day"),
    Phrase("They signed on May 4, 2016.", "on May 4, 2016", "2016-05-04", "day"),
    Phrase("The post fell on 17/06/2017.", "17/06/2017", "2017-06-17", "day"),
    Phrase("The kiln exploded yesterday morning.", "yesterday morning", "2017-06-22", "day"),
    Phrase("The convoy will leave tomorrow.", "tomorrow", "2017-06-24", "day"),
    Phrase("Earlier in the day a drone was seen.", "Earlier in the day", "2017-06-23", "day"),
    Phrase("The school burned in 2015.", "in 2015", "2015-01-01/2015-12-31", "year"),
    Phrase(
        "He was freed in October last year.",
        "in October last year",
        "2016-10-01/2016-10-31",
        "month",
    ),
    Phrase("The law takes effect next month.", "next month", "2017-07-01/2017-07-31", "month"),
    Phrase("Guards fled at dawn on Friday.", "on Friday", "2017-06-23", "day"),
    Phrase("The siege lasted three weeks."),
    Phrase("Many years ago there was a town."),
    Phrase("He said they would march for days."),
    Phrase("The May Group sold its yard."),
    Phrase(
        "The week before last two wells ran dry.",
        "The week before last",
        "2017-06-05/2017-06-11",
        "week",
    ),
    Phrase("The town was calm before Thursday."),
    Phrase("The road, which was mined in April, is open."),
)

HELD_OUT = (
    Phrase("On Sunday the two columns met.", "On Sunday", "2017-06-18", "day"),
    Phrase("A mortar struck the bakery on Friday night.", "on Friday night", "2017-06-23", "day"),
    Phrase("Police searched the yard early on Wednesday.", "on Wednesday", "2017-06-21", "day"),
    Phrase("Last Tuesday the envoy resigned.", "Last Tuesday", "2017-06-20", "day"),
    Phrase("The council is to vote on Saturday.", "on Saturday", "2017-06-24", "day"),
    Phrase(
        "Earlier this month a hangar burned.",
        "Earlier this month",
        "2017-06-01/2017-06-23",
        "month",
    ),
    Phrase("Later this year the tunnel opens.", "Later this year", "2017-06-23/2017-12-31", "year"),
    Phrase("The raid came in late April.", "in late April", "2017-04-21/2017-04-30", "month"),
    Phrase("The barracks fell in early March.", "in early March", "2017-03-01/2017-03-10", "month"),
    Phrase("Two ships left last week.", "last week", "2017-06-12/2017-06-18", "week"),
    Phrase("A week ago the council split.", "A week ago", "2017-06-12/2017-06-18", "week"),
    Phrase("A couple of days ago the pump stopped.", "A couple of days ago", "2017-06-21", "day"),
    Phrase("Six months ago the yard was sold.", "Six months ago", "2016-12-01/2016-12-31", "month"),
    Phrase("Half an hour ago the siren stopped.", "Half an hour ago", "2017-06-23", "day"),
    Phrase(
        "The army has controlled the ridge since 4 June.",
        "since 4 June",
        "2017-06-04/2017-06-23",
        "day",
    ),
    Phrase(
        "Villagers have had no water since last week.",
        "since last week",
        "2017-06-12/2017-06-23",
        "week",
    ),
    Phrase(
        "The island has been ruled by clerics since 2011.",
        "since 2011",
        "2011-01-01/2017-06-23",
        "year",
    ),
    Phrase("It was the first visit since 2011."),
    Phrase("Three guards were hurt overnight.", "overnight", "2017-06-22/2017-06-23", "day"),
    Phrase("Overnight shelling killed a nurse.", "Overnight", "2017-06-22/2017-06-23", "day"),
    Phrase(
        "The pass was shut from Sunday to Tuesday.",
        "from Sunday to Tuesday",
        "2017-06-18/2017-06-20",
        "day",
    ),
    Phrase(
        "Between 1 and 9 June the camp took in 300 people.",
        "Between 1 and 9 June",
        "2017-06-01/2017-06-09",
        "day",
    ),
    Phrase(
        "From May 28 to June 2 nobody crossed.",
        "From May 28 to June 2",
        "2017-05-28/2017-06-02",
        "day",
    ),
    Phrase(
        "In the last 48 hours five bakeries shut.",
        "In the last 48 hours",
        "2017-06-21/2017-06-23",
        "day",
    ),
    Phrase(
        "Rents doubled over the past two months.",
        "over the past two months",
        "2017-04-23/2017-06-23",
        "month",
    ),
    Phrase("The herd was lost last winter.", "last winter", "2016-12-01/2017-02-28", "month"),
    Phrase(
        "The wall was built in the autumn of 2012.",
        "in the autumn of 2012",
        "2012-09-01/2012-11-30",
        "month",
    ),
    Phrase("They came in spring 2015.", "in spring 2015", "2015-03-01/2015-05-31", "month"),
    Phrase(
        "Output sank in the third quarter of 2016.",
        "in the third quarter of 2016",
        "2016-07-01/2016-09-30",
        "year",
    ),
    Phrase(
        "The envoy came in the first week of June.",
        "in the first week of June",
        "2017-06-01/2017-06-07",
        "week",
    ),
    Phrase(
        "The fund ran dry at the start of this month.",
        "at the start of this month",
        "2017-06-01/2017-06-10",
        "month",
    ),
    Phrase("The judge was shot on the 3rd.", "on the 3rd", "2017-06-03", "day"),
    Phrase("The law was passed on the 28th.", "on the 28th", "2017-05-28", "day"),
    Phrase(
        "The ship arrives the day after tomorrow.", "the day after tomorrow", "2017-06-25", "day"
    ),
    Phrase(
        "Two weeks from now the mandate ends.",
        "Two weeks from now",
        "2017-07-03/2017-07-09",
        "week",
    ),
    Phrase("The cell was found on Christmas Day.", "on Christmas Day", "2016-12-25", "day"),
    Phrase("The decree of 12 May was annulled on 9 June.", "on 9 June", "2017-06-09", "day"),
    Phrase("It was signed on the 2nd of February.", "on the 2nd of February", "2017-02-02", "day"),
    Phrase("Witnesses saw him on Tuesday, 13 June.", "on Tuesday, 13 June", "2017-06-13", "day"),
    Phrase("The post fell on 2017-06-17.", "2017-06-17", "2017-06-17", "day"),
    Phrase("Last night the depot burned.", "Last night", "2017-06-22", "day"),
    Phrase("Fighting flared again this morning.", "this morning", "2017-06-23", "day"),
    Phrase("The wing opened last June.", "last June", "2016-06-01/2016-06-30", "month"),
    Phrase("The pact was agreed in December.", "in December", "2016-12-01/2016-12-31", "month"),
    Phrase("They meet again next week.", "next week", "2017-06-26/2017-07-02", "week"),
    Phrase(
        "Over the weekend two boats capsized.", "Over the weekend", "2017-06-17/2017-06-18", "week"
    ),
    Phrase("Nothing moved until Wednesday."),
    Phrase("It took them five days."),
    Phrase("The paper, published on Monday, names nobody."),
    Phrase("April Moss leads the party."),
    Phrase("The nights were cold."),
    Phrase("Decades ago the river was wide."),
)
