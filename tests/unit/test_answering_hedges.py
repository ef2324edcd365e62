"""A claim must not be surer than its quote, nor exchange who does and whom it is done to."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answering.check import unsupported
from assistant.answering.hedges import lost_hedges
from assistant.answering.roles import exchanged_roles


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
        ("The army seized Salma from ISIS.", "ISIS seized Salma from the army."),
        ("The army seized Salma from ISIS.", "ISIS captured Salma from the army."),
        ("Dorvan accused Corvay of fraud.", "Corvay accused Dorvan of fraud."),
        ("Salma was seized by the army.", "The army was seized by Salma."),
        ("Halvard bought Norrvik.", "Norrvik bought Halvard last year."),
        ("The guard shelled the Teyn militia in May.", "The Teyn militia shelled the guard."),
        ("The militia was beaten by Teyn fighters.", "Teyn fighters were beaten by the militia."),
        ("Envoys from Ankara met ministers of Cairo.", "Envoys from Cairo met ministers of Cairo."),
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
