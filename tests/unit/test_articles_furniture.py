"""Page furniture goes as whole lines; sentences of the article stay."""

from __future__ import annotations

import time

import pytest

from assistant.articles.blocks import Block
from assistant.articles.build import clean_text
from assistant.articles.furniture import furniture, strip_furniture
from assistant.articles.furniture_credits import CREDITS
from assistant.articles.furniture_languages import LANGUAGES
from assistant.articles.furniture_rules import RULES
from assistant.articles.furniture_tools import TOOLS

# Reason, and lines that a page of some invented outlet could have.
FURNITURE = {
    "no letter and no digit: a rule, dots, stars": ["* * *", "—", "_____"],
    "advertisement": [
        "Advertisement", "ADVERTISEMENT - SCROLL TO CONTINUE", "Story continues below",
        "Sponsored content", "Scroll down to continue reading",
    ],
    "call to click": ["CLICK HERE TO GET THE TARN APP", "Like what you’re reading? Click here"],
    "subscription": [
        "Become a Member of Open Commons", "Sign up for our newsletter", "Subscribe now!",
        "Get the latest news in your inbox.", "Already a subscriber? Log in",
        "Support our journalism", "Stay informed! Join 40,000 readers of our briefing.",
    ],
    "newsletter": [
        "skip past newsletter promotion Sign up to Tarn Daily after newsletter promotion",
        "Tarn email {{ #verifyErrors }} {{ message }} {{ /verifyErrors }}",
        "Live better with our free weekly Tarn newsletter. Please enter a valid email address",
        "Tarn Deals / Sign up for the best deals in your inbox. See our Privacy Policy",
    ],
    "share bar": [
        "Facebook Twitter WhatsApp Reddit Email Share", "Share this article on Facebook",
        "Print", "Share | Tweet | LinkedIn 12", "Share All sharing options for: Ferry strike",
    ],
    "follow us": [
        "Follow us on Twitter", "Follow Ruth Almas on X", "Find us on Facebook and Instagram!",
        "Join the conversation on our Facebook page", "Like us on Facebook",
    ],
    "comments": [
        "Comment on Open Commons Articles on our Facebook page", "12 Comments", "Leave a comment",
        "Comments (3)", "Comments are closed.", "What do you think? Tell us below",
    ],
    "copyright": [
        "Copyright © Harbour Front, Harbour Front, 2021", "© Tarn Courier", "All rights reserved.",
        "(c) 2021 Tarn Courier", "Copyright 2021 Tarn Courier Ltd.", "Copyright Tarn Courier, 2021",
    ],
    "re-published": [
        "The original source of this article is Harbour Front",
        "This article was originally published on tarncourier.example.",
        "Originally published by Tarn Courier", "A version of this story ran in Tarn Courier.",
        "Republished with permission from Tarn Courier.",
    ],
    "author's page": ["Articles by: Harbour Front", "More stories by Ruth Almas"],
    "link to the full article": ["Read the full story here.", "See the whole report"],
    "disclaimer": [
        "Disclaimer: The contents of this article are the sole responsibility of its author.",
        "The views expressed in this article are the author’s own.",
        "Tarn Courier is not responsible for the content of external sites. Contact | Imprint",
        "The contents of this page do not constitute advice.",
        "The information in this article may be out of date.",
        "This article is for general information only.",
        "Nothing in this article constitutes an offer.",
    ],
    "copyright notice": [
        "www.example.org contains copyrighted material used under fair use.",
        "This material may not be rewritten or redistributed without permission.",
        "No part of this page may be reproduced without the consent of its owner.",
    ],
    "contact": [
        "For media inquiries: desk@example.org", "Contact the newsroom at desk@example.org",
        "For more information, please visit our site", "desk@example.org",
        "Got a tip about the ferries? Write to us.",
    ],
    "picture credit": [
        "Featured image: Harbour Front", "Photo by Per Holt / Tarn Courier", "(Getty Images)",
        "Per Holt / Tarn via Getty Images",
        "Photograph: Per Holt", "Image courtesy of the county",
    ],
    "links to other articles": [
        "Related articles:", "Read more", "Most read", "You may also like",
        "READ MORE: Why the old pier was closed", "Related: Seals return to Cape Tarrow",
        "WATCH: The wave that hit the pier", "Lesen Sie auch: Klinik baut an",
        "Читайте также: Мост",
        "اقرأ أيضا", "Te puede interesar", "À lire aussi : le pont",
    ],
    "cookies and privacy": [
        "This site uses cookies to improve your visit.", "Privacy Policy", "Accept all cookies",
        "By continuing to use this page you agree to our terms.", "We value your privacy.",
        "We and our 214 partners store and access information on a device.",
    ],
    "affiliate notice": [
        "If you buy something through a link, we may earn a commission.",
        "Our stories may include affiliate links.",
    ],
    "navigation": ["Home", "Back to top", "5 min read", "Home > News > Islands", "1.2k shares"],
    "credits": [
        "Reporting by Ruth Almas in Tarn; editing by Per Holt and Ida Oren",
        "(Writing by Ruth Almas; additional reporting by the Corvay newsroom)",
        "Reporting and writing by Ruth Almas, Per Holt and Ida Oren.",
        "Tarn Press writers Ruth Almas and Per Holt contributed to this report.",
        "Ruth Almas also contributed reporting to this story.",
        "Our Standards: The Tarn Courier Trust Principles.",
    ],
    "app": ["Download our free mobile app now"],
    "thanks to the reader": ["Thank you for reading Tarn Courier"],
    "player": [
        "This video can not be played", "Video loading", "2 of 14", "🔊 Listen (2 min)",
        "To play this video you need to enable JavaScript in your browser.",
    ],
    "feedback": [
        "Was this article helpful? 👍 👎", "Report an error", "Spotted a mistake? Tell us.",
        "Do you know more about the ferries? Write to desk@example.org",
    ],
    "e-mail": [
        "You are receiving this email because you signed up.", "Unsubscribe | Update preferences",
        "Trouble reading this email? View it in your browser", "Forwarded to you?",
    ],
    "appeal": ["Every contribution, however small, helps.", "Note to readers: please share."],
    "betting": ["Bet now: Sarn to win 7/1", "18+ Please gamble responsibly"],
    "address": ["URL: https://tarn.example/a", "https://tarn.example/a?b=c", "View full site"],
    "page tool": [
        "This page updates automatically.", "Tap to read next 👇", "Around the web",
        "Press office, Ministry of the Sea. Telephone: 0555 011400",
    ],
}  # fmt: skip

ARTICLE = [
    "Comments on the company’s Facebook page were disabled after the strike began.",
    "The union asked its members to subscribe to a newsletter and to follow it on Twitter.",
    "Follow the river for nine miles and you come to the mill, said the boatman.",
    "“Follow us on Twitter,” the sign above the barricade said.",
    "Copyright disputes rose in 2023, the court said.",
    "Copyright law protects a map as it protects a poem.",
    "Using copyrighted material without permission is fair use, the lawyers argued.",
    "Fair use lets a teacher hand out copyrighted material, the judge wrote.",
    "By using drones, the army won the consent of the elders.",
    "By continuing the siege, the general said, the army would lose the village.",
    "Disclaimers were printed on each of the leaflets.",
    "The views from the pass were hidden by fog.",
    "The views expressed by residents of the camp were as many as its tents.",
    "The information in the report was wrong, two officers said.",
    "This report is the best that the county has had in years.",
    "Related families were lodged in the same tents.",
    "Read aloud, the list of the dead took an hour.",
    "Advertisement revenue fell by a third at the Tarn Courier.",
    "Support for journalism is falling in the Outer Isles, a survey found.",
    "Get your flu shot for free until Friday, the county said.",
    "Join us or leave, the militia told the villagers.",
    "Like us, they had walked for nine days.",
    "Like Harbour Front, it also advertises on Facebook.",
    "Originally published in 1949, the novel was banned for forty years.",
    "Reprinted by demand, the leaflet sold out.",
    "Articles by local reporters were removed from the site on Monday.",
    "The photo shows Twitter’s old sign on the quay.",
    "Photographs of the quay were printed in every newspaper.",
    "Image processing is done on the buoy itself.",
    "The site earned a commission on each ticket that was sold by links, the court heard.",
    "The pictures were sold to Getty Images.",
    "Home prices in Tarn rose by 3 percent.",
    "Reporting by Ruth Almas led to the arrest of the harbour master.",
    "The bridge is shut. Reporting by local newspapers has since been banned.",
    "The bridge is shut. The engineers contributed to this report of the council.",
    "The rains contributed to this story of a ruined harvest.",
    "Editing by hand takes nine days, Almas said.",
    "Search teams went out at dawn.",
    "Menu prices have doubled since the strike.",
    "Reading time is falling among children in Corvay.",
    "For more information to reach the court, a witness must be found.",
    "The mayor shared the picture on Facebook and on X.",
    "22/28",
    "Published with permission of the censor, the list had one name on it.",
    "We and our children store water in jars, said the woman.",
    "The harbour master asked 40 members to join 300 others on the quay.",
    "The county is not responsible for the content of the barrels, it said.",
    "Watch the river, the boatman said: it rises at night.",
    "Unsubscribed members may not vote, the union ruled.",
    "This video cannot settle who fired first, the judge said.",
    "Report an error to the captain and you walk, the stoker said.",
    "More people than ever are reading the tide tables, the harbour office says.",
    "Bet nobody any money on the ferry, Almas said.",
    "Was this helpful? Nobody in the village would say.",
    "Anzeigen gegen die Reederei wurden am Montag erstattet.",
    "Merken Sie sich das, sagte der Fährmann.",
    "Thank you for your letter, the minister wrote; it changed nothing.",
    "Facebook",
    "(c) The tenant must leave within nine days.",
    "12 comments were read aloud in court, all of them threats.",
    "All rights, he said, are reserved for those who can pay for them.",
    "Video: the last ferry leaves Tarn",
]


@pytest.mark.parametrize(
    ("reason", "line"), [(reason, line) for reason, lines in FURNITURE.items() for line in lines]
)
def test_furniture_is_known_with_its_reason(reason: str, line: str) -> None:
    rule = furniture(line)
    assert rule is not None
    assert rule.reason == reason


def test_every_reason_has_samples() -> None:
    assert {rule.reason for rule in (*RULES, *TOOLS, *LANGUAGES, *CREDITS)} == set(FURNITURE)


@pytest.mark.parametrize("line", ARTICLE)
def test_sentences_of_an_article_stay(line: str) -> None:
    assert clean_text(line) == line


def test_a_line_in_a_paragraph_goes_only_at_a_hard_break() -> None:
    block = Block(("The bridge is shut.", "Follow us on Twitter", "It opens on Monday."))
    kept, dropped = strip_furniture([block])
    assert [b.text for b in kept] == ["The bridge is shut. It opens on Monday."]
    assert dropped == ["Follow us on Twitter"]
    wrapped = Block(("The sign on the bridge said\nFollow us on Twitter\nin red letters.",))
    assert strip_furniture([wrapped]) == ([wrapped], [])


@pytest.mark.parametrize(
    "end",
    [
        "Reporting by Ruth Almas; Editing by Per Holt Our Standards:The Tarn Trust Principles.",
        "Additional reporting by Ruth Almas in Tarn and Per Holt; writing by Ida Oren",
        "(Writing by Ruth Almas)",
        "Editing by Ida Oren. Our Standards: The Tarn Trust Principles.",
        "Ruth Almas contributed to this report.",
    ],
)
def test_credits_go_from_the_end_of_a_paragraph(end: str) -> None:
    article = "The bridge is shut, “for good”, the mayor told Ruth Almas [TP]."
    assert clean_text(f"{article} {end}") == article
    within = f"{article} {end} The ferry runs."
    assert clean_text(within) == within
    kept, dropped = strip_furniture([Block((article, f"It is old. {end}"))])
    assert [block.text for block in kept] == [f"{article} It is old."]
    assert dropped == [end]


def test_what_stands_before_credits_may_be_furniture_or_credits() -> None:
    text = "The bridge is shut.\n\nPrint. Reporting by Ruth Almas. (Editing by Per Holt)"
    assert clean_text(text) == "The bridge is shut."


def test_wrapped_lines_that_are_all_furniture_go() -> None:
    kept, dropped = strip_furniture([Block(("Follow us on Twitter\nSubscribe now",))])
    assert not kept
    assert dropped == ["Follow us on Twitter Subscribe now"]


def test_what_is_left_of_a_block_may_be_furniture_in_its_turn() -> None:
    kept, _ = strip_furniture([Block(("By using this page", "Print", "you agree to our terms."))])
    assert not kept


def test_legal_paragraphs_after_a_disclaimer_go_and_articles_stay() -> None:
    text = (
        "The bridge is shut.\n\nDisclaimer\n\n"
        "We accept no liability for the accuracy of what is said here, and give no warranty.\n\n"
        "Reproduction needs the permission of the copyright owner.\n\n"
        "The county gave no advice."
    )
    assert clean_text(text) == "The bridge is shut.\n\nThe county gave no advice."
    prose = "The bridge is shut.\n\nNo permission, no liability and no warranty, the mayor said."
    assert clean_text(prose) == prose


def test_headlines_of_a_picture_stay() -> None:
    assert furniture("Photo: the last ferry leaves Tarn", heading=True) is None
    assert furniture("Photo: the last ferry leaves Tarn") is not None


def test_long_lines_are_not_searched() -> None:
    assert furniture("Disclaimer: " + "no " * 1000) is None
    assert furniture("Disclaimer: " + "x" * 100_000) is None


@pytest.mark.parametrize(
    "line",
    [
        "a" * 216, "a-" * 110 + "!", "getty" + "-" * 200 + "!é", "'" * 160,
        "Follow us on x " + "@a" * 200,
        "1" * 300 + " facebook!", "facebook" * 30 + "?", "our newsletter sign up " * 22 + '"',
        "we may earn commission " * 19 + '"', "[a](" * 50, "x/" * 120 + "?", "- " * 300 + "a b c",
        "Reporting by " + "A, and A " * 8 + "!é", "A and " * 39 + "contributed.",
        "do you want " + "a? " * 50, "join 1 " * 40, "courtesy of " + "a" * 900, "←" * 900 + "a",
        "Writing by A; " * 26 + "é", "A " * 38 + "writers " + "contributed by",
    ],
)  # fmt: skip
def test_no_line_costs_more_than_its_length(line: str) -> None:
    started = time.process_time()
    for _ in range(10):
        furniture(" ".join(line.split()))
    assert time.process_time() - started < 2  # a pattern that backtracks takes minutes


def test_names_of_networks_go_together_and_one_stays() -> None:
    assert clean_text("Facebook\n\nTwitter\n\nThe bridge is shut.") == "The bridge is shut."
    assert clean_text("Facebook\n\nThe bridge is shut.").startswith("Facebook")


TAIL = "The bridge is shut for nine days, and the ferry runs every hour until it opens again."


def test_links_below_an_article_go_by_their_place() -> None:
    links = "Why nobody repairs toasters\n\nWho owns the pigeons?\n\nA town without a light"
    assert clean_text(f"{TAIL}\n\nRelated articles\n\n{links}") == TAIL
    assert clean_text(f"{TAIL}\n\nMore from the islands\n\n{links}") == TAIL
    assert clean_text(f"{TAIL}\n\n12 Comments\n\n{links}\n\n© Tarn Courier") == TAIL


@pytest.mark.parametrize(
    "text",
    [
        # no sign that the page ended
        f"{TAIL}\n\nSarn 3 Brenn 1\n\nHollin 0 Tarn 0",
        # the article goes on
        f"{TAIL}\n\nMore from the islands\n\nSeals\n\n{TAIL}",
        # a ranking is no list of links
        f"{TAIL}\n\n12 Comments\n\n1 Sarn\n\n2 Brenn",
        # sentences stay, wherever they stand
        f"{TAIL}\n\nThe ferry is free.",
    ],
)
def test_short_lines_of_an_article_stay(text: str) -> None:
    kept = text.replace("12 Comments\n\n", "")
    assert clean_text(text) == kept
    assert clean_text(f"{TAIL}\n\nAdvertisement\n\n{text}") == f"{TAIL}\n\n{kept}"
