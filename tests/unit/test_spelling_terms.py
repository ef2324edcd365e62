"""Which terms of a collection are searched for the names of a question."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.library import ClosedSet, analyze
from assistant.library.spellings import TermSpellings
from assistant.library.words import Words
from assistant.passages import split_passages
from assistant.retrieval.spellings import expand, spellings
from assistant.types import Article


def no_vectors(texts: list[str]) -> NDArray[np.float32]:
    return np.zeros((len(texts), 2), dtype=np.float32)


def collection_of(*texts: str) -> ClosedSet:
    return ClosedSet([Article(str(n), text) for n, text in enumerate(texts)], no_vectors)


FILLER = [f"The mill of village {n} ground wheat and barley on market day." for n in range(60)]


@pytest.fixture(scope="module")
def found() -> Callable[[str], dict[str, list[str]]]:
    held = collection_of(
        "Engineers mended the bridge at Deir ez-Zor. Trucks came to Dayr al-Zawr by dusk.",
        "The convoy left Resafa for the east. In Rusafah, west of Tell Karam, wells were dug.",
        "Shepherds of Resafa met at Tell Karam with those of the hills.",
        "A market in Rusafa in Baghdad sold lamps.",
        "The Upper Valley Council (UVC) met. The UVC heard complaints; a mouse was seen.",
        "Fighters of ISIS left the ridge. Tellabyad was quiet; so was Qusayr.",
        "The Idlib bakery reopened. The rubber boots were dry, and a rasp was found.",
        *FILLER,
    )

    def run(question: str) -> dict[str, list[str]]:
        terms = list(dict.fromkeys(analyze(question)))
        return {term: others for term, others in spellings(held, terms).items() if others}

    return run


Found = Callable[[str], dict[str, list[str]]]


def test_a_name_that_is_unknown_is_found_by_its_sound(found: Found) -> None:
    assert set(found("Who met at Rasafa?")["rasafa"]) == {"resafa", "rusafa", "rusafah"}
    assert found("What was seen in Qusair?") == {"qusair": ["qusayr"]}
    assert found("Irbil?") == {}


def test_a_name_that_is_known_is_searched_in_its_other_spellings(found: Found) -> None:
    assert found("Who dug wells at Resafa near Tell Karam?")["resafa"] == ["rusafah"]
    assert "rusafah" in found("wells at Rusafa")["rusafa"]


def test_a_spelling_that_stands_among_other_things_is_left_out(found: Found) -> None:
    assert "rusafa" not in found("Who met at Resafa and Tell Karam in the hills?")["resafa"]


def test_names_beside_a_name_speak_for_it_where_the_question_says_nothing() -> None:
    held = collection_of(
        "The army took the road from Tarn to Resafa.",
        "Lorries drove from Tarn to Rusafah by night.",
        "In Baghdad, Rusafeh sells lamps.",
        *FILLER,
    )
    terms = analyze("Who controls Resafa?")
    assert spellings(held, terms)["resafa"] == ["rusafah"]


def test_articles_and_joined_names(found: Found) -> None:
    assert {"zor", "zawr"} <= set(found("The bridge at Deir Ezzor")["ezzor"])
    assert found("Was Tal Abyad quiet?") == {"tal": ["tellabyad"], "abyad": ["tellabyad"]}


def test_aliases_and_acronyms_that_the_collection_explains(found: Found) -> None:
    assert found("Did Daesh fighters leave?") == {"daesh": ["isi"]}
    assert found("Did Islamic State fighters leave?") == {"islam": ["isi"], "state": ["isi"]}
    council = found("What did the Upper Valley Council hear?")
    assert council == {"upper": ["uvc"], "vallei": ["uvc"], "council": ["uvc"]} or council == {
        "upper": ["uvc"],
        "valley": ["uvc"],
        "council": ["uvc"],
    }
    assert found("What did the Urban Village Club hear?") == {}


def test_words_that_are_no_names_stay_as_they_are(found: Found) -> None:
    assert found("Where is the mouse, and where are the rubber boots?") == {}
    assert found("What did the moose see?") == {}


def test_what_is_searched() -> None:
    held = collection_of("The road to Resafa and Rasafa was cut.", *FILLER)
    assert expand(held, ["rusafa", "road"]) == ["rasafa", "resafa", "road"]
    assert expand(held, ["resafa", "road"]) == ["resafa", "rasafa", "road"]
    assert expand(held, []) == []


def test_an_empty_collection_has_no_spellings() -> None:
    assert spellings(ClosedSet([], no_vectors), ["rusafa", "deir", "zor"]) == {
        "rusafa": [],
        "deir": [],
        "zor": [],
    }


def test_terms_by_sound_follow_what_the_index_holds() -> None:
    words = Words(None)
    assert words.spelt_like("rusafa") == {}
    road = Article("a", "The road to Resafa was cut.")
    words.put([(passage, road) for passage in split_passages(road)])
    assert words.spelt_like("rusafa") == {"resafa": pytest.approx(0.4)}
    words.replace([])
    assert words.spelt_like("rusafa") == {}


def test_every_kind_of_term_can_be_held() -> None:
    terms = ["", "x", "aeiou", "Зеленский", "الرقة", "军队", "word2", "a" * 80, "raqqah"]
    held = TermSpellings(None, lambda: terms)
    assert set(held.near("Raqqa")) == {"raqqah", "الرقة"}
    assert set(held.near("Zelensky")) == {"Зеленский"}
    assert held.near("") == {} == held.near("军队")


def test_a_lone_term_that_is_held_has_nothing_that_speaks_for_a_spelling() -> None:
    held = collection_of("The road to Raqqa was cut. Raqqah was quiet.", *FILLER)
    assert expand(held, ["raqqa"]) == ["raqqa"]
    assert expand(held, ["raqqa", "road"]) == ["raqqa", "raqqah", "road"]
    assert expand(held, ["raqa"]) == ["raqqa", "raqqah"]
