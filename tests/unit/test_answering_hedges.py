"""A claim must not be surer than its quote, nor exchange who does and whom it is done to."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answering.checking.check import unsupported
from assistant.answering.checking.hedges import lost_hedges
from assistant.answering.checking.roles import exchanged_roles


@pytest.mark.parametrize(
    ("quote", "body"),
    [
        ("The jet reportedly hit a school.", "The jet hit a school."),
        ("Allegedly, guards sold the fuel.", "Guards sold the fuel."),
        ("The mill is believed to be closed for good.", "The mill is closed for good."),
        ("The bridge may reopen in May.", "The bridge will reopen in May."),
        ("The bridge may not reopen in May.", "The bridge will not reopen in May."),
        ("The militia claimed that it held the dam.", "The militia held the dam."),
        ("The suspected gas attack closed the port.", "The gas attack closed the port."),
        ("Rebels are trying to cut the coast road.", "Rebels cut the coast road."),
        ("The army resumed attempts to re-take the road.", "The army controls the road."),
        ("Corvay decided to buy the harbour.", "Corvay bought the harbour."),
        ("If the guard seizes the pass, the town is cut off.", "The guard seized the pass."),
        ("The firm will build a mill at Teyn.", "The firm built a mill at Teyn."),
        (
            "Residents said the jet reportedly hit a school.",
            "Residents said the jet hit a school.",
        ),
    ],
)
def test_a_lost_hedge_is_seen(quote: str, body: str) -> None:
    assert lost_hedges(body, [quote])
    assert unsupported(body, [quote])


@pytest.mark.parametrize(
    ("quote", "body"),
    [
        ("The jet reportedly hit a school.", "The jet allegedly hit a school."),
        ("The jet reportedly hit a school.", "A school was hit by the jet, residents said."),
        ("The bridge may reopen in May.", "It is possible that the bridge reopens in May."),
        ("The militia claimed that it held the dam.", "The militia said it held the dam."),
        ("Rebels are trying to cut the road.", "Rebels sought to cut the road."),
        ("The army wants to take the pass from Jaysh.", "Jaysh held the pass."),
        ("The firm will build a mill at Teyn.", "The firm is to build a mill at Teyn."),
        ("They tried to take the hill and later took it.", "They took the hill later."),
        ("The firm plans to build a mill at Teyn.", "A mill will be built at Teyn by the firm."),
        ("The suspected attack closed the port.", "The port was closed."),
    ],
)
def test_a_hedge_kept_or_not_concerned_is_no_fault(quote: str, body: str) -> None:
    assert lost_hedges(body, [quote]) == []


@pytest.mark.parametrize(
    ("quote", "body"),
    [
        # The same verb stands without a hedge elsewhere.
        (
            "The guard plans to bring claims against Corvay, and the firm brought oil to Teyn.",
            "The guard brought claims against Corvay.",
        ),
        (
            "Guards are believed to have been shot at Teyn. The number of those shot may rise.",
            "Guards had been shot at Teyn.",
        ),
        (
            "The mill was shut in May, and the port is likely to be shut for a year.",
            "The port will be shut for a year.",
        ),
        # Another hedge is still there.
        (
            "The launcher was reportedly preparing to attack Teyn.",
            "The launcher reportedly attacked Teyn.",
        ),
        (
            "Crews are trying to find out which pipes may burst in frost.",
            "Crews are trying to find out which pipes will burst in frost.",
        ),
        # A comma or a quotation mark before the word.
        ("The loss could be “devastating” for Teyn.", "The loss is “devastating” for Teyn."),
        (
            "Corvay claimed that its new mill, will rival Dorvan’s.",
            "The new mill of Corvay rivals Dorvan’s.",
        ),
        ("He denied speculation that she is leaving.", "He denied the fact that she is leaving."),
        # The "to" was the quote's own.
        ("The firm may be able to raise funds.", "The firm will be able to raise funds."),
    ],
)
def test_a_hedge_is_looked_for_where_the_claim_was_made_from(quote: str, body: str) -> None:
    assert lost_hedges(body, [quote])


@pytest.mark.parametrize(
    ("quote", "body"),
    [
        ("The army tried to take Salma. It took Salma on Tuesday.", "The army took Salma."),
        (
            "The army holds the hill and hopes to take the road from Jaysh.",
            "The army controls the hill.",
        ),
        ("Crews may close the bridge. They closed the tunnel.", "Crews closed the tunnel."),
        ("It is feared that the dam may burst.", "It is possible that the dam bursts."),
        ("Guards may have been shot, it was said.", "Guards may have been shot."),
        (
            "Corvay reportedly plans to sell the mill.",
            "According to reports, Corvay intends to sell the mill.",
        ),
    ],
)
def test_the_word_that_was_told_plainly_is_no_fault(quote: str, body: str) -> None:
    assert lost_hedges(body, [quote]) == []


@pytest.mark.parametrize(
    ("quote", "body"),
    [
        ("The army seized Salma from ISIS.", "ISIS seized Salma from the army."),
        ("The army seized Salma from ISIS.", "ISIS captured Salma from the army."),
        ("Dorvan accused Corvay of fraud.", "Corvay accused Dorvan of fraud."),
        ("Salma was seized by the army.", "The army was seized by Salma."),
        ("Halvard bought Norrvik.", "Norrvik bought Halvard last year."),
        ("The guard shelled the Teyn militia in May.", "The Teyn militia shelled the guard."),
        ("The militia was beaten by Teyn fighters.", "Teyn fighters were beaten by the militia."),
        ("Envoys from Ankara met ministers of Cairo.", "Envoys from Cairo met ministers of Cairo."),
        ("Italy have beaten France in Teyn.", "France have beaten Italy in Teyn."),
        ("Dorvan sued Corvay in May.", "Dorvan was sued by Corvay in May."),
        ("Teyn is regularly bombed by Dorvan.", "Dorvan is regularly bombed by Teyn."),
        # One of two who did it together; a name behind a preposition.
        (
            "Dorvan and Halvard guards pushed the Teyn militia back.",
            "Dorvan and Teyn guards pushed the Halvard militia back.",
        ),
        ("Much of Salma is held by ISIS.", "Much of ISIS is held by Salma."),
        # The sentence that follows has the verb as well.
        (
            "Dorvan took the road from Jaysh. Guards took the bridge in May.",
            "Jaysh took the road from Dorvan.",
        ),
    ],
)
def test_exchanged_roles_are_seen(quote: str, body: str) -> None:
    assert exchanged_roles(body, [quote])
    assert unsupported(body, [quote])


@pytest.mark.parametrize(
    ("quote", "body"),
    [
        ("The army seized Salma from ISIS.", "Salma was seized from ISIS by the army."),
        ("The army seized Salma from ISIS.", "The army captured Salma."),
        ("Halvard bought Norrvik in May.", "In May Norrvik was bought by Halvard."),
        ("Dorvan and Corvay signed the pact.", "Corvay and Dorvan signed the pact."),
        ("The guard ended the strike.", "The strike ended."),
        ("Kalin met Shamanov. Shamanov met Kalin again.", "Shamanov met Kalin."),
        ("Much of Salma is held by ISIS.", "ISIS hold much of Salma."),
        ("Guards of Dorvan shelled Teyn.", "Teyn was shelled by the guards of Dorvan."),
        ("Guards of Dorvan shelled Teyn.", "Dorvan shelled Teyn with its guards."),
        (
            "Dorvan and Halvard guards pushed the Teyn militia back.",
            "The Teyn militia was pushed back by guards of Halvard and Dorvan.",
        ),
    ],
)
def test_the_same_roles_in_other_words_are_no_fault(quote: str, body: str) -> None:
    assert exchanged_roles(body, [quote]) == []


@settings(deadline=None)
@given(st.text(max_size=80), st.lists(st.text(max_size=80), max_size=2))
def test_any_text_is_answered(body: str, quotes: list[str]) -> None:
    assert all(isinstance(word, str) for word in lost_hedges(body, quotes))
    assert all(isinstance(word, str) for word in exchanged_roles(body, quotes))


@settings(deadline=None)
@given(st.sampled_from(["may", "might", "reportedly", "allegedly", "tried to", "hopes to"]))
def test_a_sentence_is_never_surer_than_itself(cue: str) -> None:
    body = f"The guard {cue} sell the old harbour of Teyn."
    assert lost_hedges(body, [body]) == []
