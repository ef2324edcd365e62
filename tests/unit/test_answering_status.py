"""Status in the source's own terms, and who said it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from status_sentences import HELD_OUT, TUNED, Told

from assistant.answering.framing.attribution import attributed_to
from assistant.answering.framing.status import status_of


@pytest.mark.parametrize(
    ("sentence", "context", "status"),
    [
        ("The army took the hill.", "", "reported"),
        (
            "Reports of a truce appeared.",
            "However, these reports were not confirmed.",
            "unconfirmed",
        ),
        ("Twelve died.", "The claim could not be independently verified.", "unconfirmed"),
        ("Twelve died.", "The weather could not be confirmed for Sunday.", "reported"),
        ("Twelve died.", "The commander reportedly fled.", "reported"),
        ("The general was reportedly killed.", "", "unconfirmed"),
        ("According to unconfirmed reports, the bridge fell.", "", "unconfirmed"),
        ("The rebels allegedly shelled the road.", "", "unconfirmed"),
        ("The ministry denied that its jets had bombed the school.", "", "denied"),
        ("The mayor rejected the claim.", "", "denied"),
        ("Twelve died.", "The ministry denied the report.", "denied"),
        ("Activists said 86 died, but the government denied it.", "", "denied"),
        ("He reportedly offered to fly alone, but his ministry later denied it.", "", "denied"),
        ("Twelve were hurt.", "The police denied that the bridge was unsafe.", "reported"),
        ("Twelve were hurt.", "The police denied that.", "denied"),
        ("He was denied a visa, but the embassy said nothing.", "", "reported"),
        ("Word of a truce spread, but officials would not confirm it.", "", "unconfirmed"),
        ("Police declined to confirm the figure.", "", "unconfirmed"),
        ("The rebels claimed last month to have taken two posts.", "", "claimed"),
        ("The rebels said on Tuesday that their fighters had taken two posts.", "", "claimed"),
        ("The rebels were denied access to the town.", "", "reported"),
        ("ISIS claimed responsibility for the blast.", "", "claimed"),
        ("The army said it had retaken the town.", "", "claimed"),
        ("Twelve died, according to the observatory.", "", "claimed"),
        ("The blast claimed 12 lives.", "", "reported"),
        ("According to plan, the bridge opened.", "", "reported"),
        ("The sides will meet in July.", "", "expected"),
        ("Turkey plans to send troops.", "", "expected"),
        ("The army may re-establish control over the border.", "", "expected"),
        ("If the SDF seizes the mill, the city will be encircled.", "", "expected"),
        ("The ministry said it would hold the road.", "", "expected"),
        ("The talks are expected to begin.", "", "expected"),
        ("Troops, which will leave in May, captured the hill.", "", "reported"),
        ("The army took the hill and will move on.", "", "reported"),
        ("The three crossings are to reopen on Monday.", "", "expected"),
        ("Lenz is to name a successor.", "", "expected"),
        ("The talks, which were broken off in May, are to resume.", "", "expected"),
        ("Two gates that were shut in May are to open, officials said.", "", "expected"),
        ("Engineers who had been shut out are waiting.", "", "reported"),
        ("The ford is to the north of the mill.", "", "reported"),
        ("Who is to blame is not known.", "", "reported"),
        # What something is for: its noun is the head, and an active verb follows.
        ("The aim of the raid is to open the road.", "", "reported"),
        ("Their mission is to hold the road.", "", "reported"),
        ("The task force is to leave on Friday.", "", "expected"),
        ("The task force is to leave.", "", "expected"),
        ("The peace plan is to be signed on Friday.", "", "expected"),
        ("The peace plan is to be signed.", "", "expected"),
        ("On his way home the minister is to meet Lavrov.", "", "expected"),
        ("The mission is to end on Friday.", "", "expected"),
        ("The job centre is to be closed.", "", "expected"),
        ("The goal of the new Council of Teyn is to vote by hand.", "", "reported"),
        ("Its leader is to be sworn in.", "", "expected"),
        ("The vote is to be held in the mill.", "", "expected"),
        ("If rumours are to be believed, he fled.", "", "reported"),
        ("The Teyn Dream is to own a mill.", "", "reported"),
        ("Our task at Psagot is to restore it.", "", "reported"),
        # Advice, too.
        ("The key is to rest.", "", "reported"),
        ("The first step is to remove the mines.", "", "reported"),
        ("Her dream is to run.", "", "reported"),
        ("The rule is to shoot first.", "", "reported"),
        ("What matters most is to win the valley back.", "", "reported"),
        ("It is to keep out the rain.", "", "reported"),
    ],
)
def test_status(sentence: str, context: str, status: str) -> None:
    assert status_of(sentence, context) == status


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        (
            "The road is open, Turkish presidential spokesman Ibrahim Kalin told media.",
            "Turkish presidential spokesman Ibrahim Kalin",
        ),
        (
            "Twelve died, according to the Syrian Observatory for Human Rights.",
            "the Syrian Observatory for Human Rights",
        ),
        ("On Thursday, the defence ministry said the road was open.", "the defence ministry"),
        (
            "Meanwhile, Vladimir Shamanov, head of the defence committee, said talks go on.",
            "Vladimir Shamanov, head of the defence committee",
        ),
        ("“They come at night,” said Samer Qabbani, who runs the network.", "Samer Qabbani"),
        ("Local sources told the agency that three fell.", "Local sources"),
        ("The ministry of defence has said it will hold the road.", "The ministry of defence"),
        ("He said they had left.", None),
        ("The army took the hill.", None),
        ("According to independent monitors hundreds of people died.", "independent monitors"),
        ("According to the hospital about 30 people died.", "the hospital"),
        ("According to the hospital more than 30 people died.", "the hospital"),
        ("Two died, according to Teyn Channel 4.", "Teyn Channel 4"),
        ("Two died, according to hundreds of witnesses.", "hundreds of witnesses"),
        ("Lavrov met Kerry and said that talks had failed.", None),
        ("While the ministry says little, the road is open.", None),
    ],
)
def test_speaker(sentence: str, speaker: str | None) -> None:
    assert attributed_to(sentence) == speaker


@given(
    st.lists(
        st.sampled_from(
            ("The", "army", "said,", "according", "to", "”", "“", "Kalin", "told", "he", "On", ":")
        ),
        max_size=14,
    )
)
def test_speaker_is_a_stretch_of_the_sentence(words: list[str]) -> None:
    sentence = " ".join(words)
    speaker = attributed_to(sentence)
    assert speaker is None or (speaker in sentence and speaker.strip())


@pytest.mark.parametrize("told", TUNED, ids=lambda told: told.sentence)
def test_sentences_by_hand(told: Told) -> None:
    assert status_of(told.sentence, told.after) == told.status


def test_held_out_sentences() -> None:
    """The other half was not looked at while the rules were mended; its share is a floor."""
    right = sum(status_of(told.sentence, told.after) == told.status for told in HELD_OUT)
    assert len(TUNED) >= 30 and len(HELD_OUT) >= 30
    assert right >= 34
