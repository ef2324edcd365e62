"""What a model makes of a question before the search, against a real server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from llama_index.core.llms import LLM

from assistant.answering.writing.rewording import Reworded, rewrite_with_model, split_with_model
from assistant.errors import EndpointError
from assistant.models.llm import load_llm
from assistant.prompting import load_prompt
from assistant.settings import load_settings
from assistant.types import Answer, Citation, Tokens
from tests.fake_endpoint import FakeEndpoint, closest, fails, says

pytest_plugins = ["tests.sample_index"]

QUESTION = "Who holds the Kesra road?"
COMPOUND = (
    "Which company did the Harbour Post say would mend the Kesra dam after the flood, and how many "
    "people had to leave the valley below it by June, according to Hill Echo?"
)
PARTS = (
    "Which company did the Harbour Post say would mend the Kesra dam after the flood?",
    "How many people had to leave the valley below the Kesra dam by June, according to Hill Echo?",
)


@pytest.fixture
def endpoint(clean_environment: None) -> Iterator[FakeEndpoint]:
    with FakeEndpoint() as server:
        yield server


def llm_of(endpoint: FakeEndpoint) -> LLM:
    return load_llm(load_settings(openai_base_url=endpoint.url, openai_retries=0))


# Follow-ups


def answer_of(question: str, text: str) -> Answer:
    citation = Citation(
        1,
        "kesra",
        "r",
        "p",
        "Fighting near Kesra",
        "Harbour Post",
        "",
        date(2021, 3, 4),
        "",
        "q",
        0,
        1,
    )
    return Answer(
        question=question,
        standalone_question=question,
        text=text,
        writer="openai",
        model="m",
        prompt_id="p",
        abstained=False,
        abstention_reason=None,
        confidence=1.0,
        dropped=0,
        citations=(citation,),
    )


HISTORY = [answer_of(QUESTION, "Fighting went on there.\x1b [1]")]


def rewrite(endpoint: FakeEndpoint, question: str = "And when was that?") -> tuple[str, ...]:
    return rewrite_with_model(llm_of(endpoint), question, HISTORY).questions


def test_a_follow_up_is_put_into_its_own_words(endpoint: FakeEndpoint) -> None:
    endpoint.script(says('<think>Hm.\n</think>\n"When was there fighting at the Kesra road?"\n'))
    assert rewrite(endpoint) == ("When was there fighting at the Kesra road?",)
    (request,) = endpoint.requests
    assert request.question == "And when was that?"
    assert f"Reader: {QUESTION}\nAnswer: Fighting went on there. [1]" in request.prompt
    assert "Cited: Fighting near Kesra (2021-03-04)" in request.prompt


def test_without_history_nothing_is_asked(endpoint: FakeEndpoint) -> None:
    llm = llm_of(endpoint)
    assert rewrite_with_model(llm, QUESTION, []) == Reworded((QUESTION,))
    assert endpoint.requests == []


@pytest.mark.parametrize("reply", ["One?\nTwo?", "x" * 301, "...", "<think>When?</think>"])
def test_a_rewrite_that_is_no_question(endpoint: FakeEndpoint, reply: str) -> None:
    endpoint.script(says(reply))
    assert rewrite(endpoint) == ()


def test_a_rewrite_costs_what_it_costs(endpoint: FakeEndpoint) -> None:
    endpoint.script(says(closest))
    found = rewrite_with_model(llm_of(endpoint), "And when was that?", HISTORY)
    assert found.questions == ("And when was that?",)
    assert (found.prompt_id, found.tokens) == (load_prompt("standalone").id, Tokens(321, 21))


def test_a_rewrite_from_a_failing_endpoint(endpoint: FakeEndpoint) -> None:
    endpoint.script(fails(500))
    with pytest.raises(EndpointError, match="500"):
        rewrite(endpoint)


# Compound questions


def split(endpoint: FakeEndpoint) -> Reworded:
    return split_with_model(llm_of(endpoint), COMPOUND)


def test_a_question_is_taken_apart(endpoint: FakeEndpoint) -> None:
    endpoint.script(says("<think>Two.</think>\n" + "\n\n".join(PARTS) + "\n"))
    assert split(endpoint) == Reworded(PARTS, load_prompt("split").id, Tokens(321, 21))
    (request,) = endpoint.requests
    assert request.question == COMPOUND
    assert "two to 4 questions" in request.prompt


@pytest.mark.parametrize("mark", ["- ", "* ", "1. ", "(2) ", "3) ", '"', "• "])
def test_marks_before_the_lines_are_taken_off(endpoint: FakeEndpoint, mark: str) -> None:
    endpoint.script(says("\n".join(f"{mark}{part}" for part in PARTS)))
    assert split(endpoint).questions == PARTS


def test_several_questions_on_one_line_are_several(endpoint: FakeEndpoint) -> None:
    endpoint.script(says(" ".join(PARTS)))
    assert split(endpoint).questions == PARTS


def test_a_year_is_no_mark(endpoint: FakeEndpoint) -> None:
    parts = ("2023: which company would mend the Kesra dam after the flood?", PARTS[1])
    endpoint.script(says("\n".join(parts)))
    assert split(endpoint).questions == parts


@pytest.mark.parametrize(
    "reply",
    [
        COMPOUND,  # not apart at all
        f"{PARTS[0]}\n{PARTS[0]}",
        "\n".join(f"Who mends the Kesra dam {n}?" for n in range(5)),
        f"Here are the questions:\n{PARTS[0]}\n{PARTS[1]}",
        f"{PARTS[0]}\nSouthern Builders Limited won the contract.",  # answered
        f"{PARTS[0]}\n...",
        f"{PARTS[0]}\nWhich of them is it?",
        f"{PARTS[0]}\n{'dam ' * 80}",
        f"{PARTS[0]}\nWhich company did the Harbour Post name?",  # half of it is left out
        "<think>a\nb</think>",
    ],
)
def test_a_reply_that_is_not_usable(endpoint: FakeEndpoint, reply: str) -> None:
    endpoint.script(says(reply))
    found = split(endpoint)
    assert found.questions == ()
    assert found.prompt_id.startswith("split@2:"), "it was asked, and cost something"
    assert found.tokens == Tokens(321, 21)


def test_splitting_with_a_failing_endpoint(endpoint: FakeEndpoint) -> None:
    endpoint.script(fails(500))
    with pytest.raises(EndpointError, match="500"):
        split(endpoint)
