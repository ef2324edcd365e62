"""A sentence about the other of two things does not answer."""

from __future__ import annotations

import pytest

from assistant.answering.quoting.contrast import tells_of_other


@pytest.mark.parametrize(
    ("question", "sentence", "other"),
    [
        ("Who won the men's race?", "Marit Okafor won the women's race.", True),
        ("Who won the men's race?", "Lund won the men's race, Okafor the women's.", False),
        ("Who won the men's race?", "Two women's teams came.", False),
        ("How many men died?", "Three women died.", True),
        ("What was agreed in the first round?", "The second round is planned for May.", True),
        (
            "What was agreed in the first round?",
            "The second round, unlike the first, ended.",
            False,
        ),
        ("Who holds the eastern bank?", "The army took the western bank.", True),
        ("Who holds the east of the town?", "The army took the west of the town.", False),
        ("Who rules North Arvia?", "South Arvia is ruled by a council.", True),
        ("What did the US envoy say?", "The UN envoy said no.", True),
        ("What did the US envoy say?", "The U.N. special envoy said no.", True),
        ("What did the US envoy say?", "The UN and U.S. envoys said no.", False),
        ("What did the US envoy say?", "The American envoy told the UN envoy no.", False),
        ("What did the UN envoy say?", "The United Nations envoy told the US envoy no.", False),
        ("What did the US envoy say?", "The UN envoy met a US general.", True),
        ("How many ISIL fighters died?", "At least 20 ISIS fighters died.", False),
        ("How many ISIS fighters died?", "SDF fighters killed 20 Daesh men.", False),
        ("How many SAA soldiers died?", "NDF soldiers died too.", False),
        ("WHO HOLDS THE PORT OF ARDUN?", "UN troops hold the port of Ardun.", False),
        ("DID US TROOPS LEAVE?", "UN troops left.", False),
        ("Did US troops leave?", "USA troops left.", False),
        ("Did US troops leave?", "Troops left, the U.S.A. said of its UN envoy.", False),
        ("Did EU sanctions bite?", "US sanctions hit Europe.", False),
        ("Did EU sanctions bite?", "US sanctions did.", True),
        ("What did the envoy say?", "The UN envoy said no.", False),
        ("Who won the boys' race?", "Lund won the girls’ race.", True),
        ("Where did the race end?", "The women's race ended on the quay.", False),
    ],
)
def test_what_tells_of_the_other_one(question: str, sentence: str, other: bool) -> None:
    assert tells_of_other(question, sentence) is other
