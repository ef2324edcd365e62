"""The API under requests made up from its own OpenAPI document, good ones and bad ones.

What schemathesis looks at: no 5xx, the statuses, content types and bodies that the document names,
and nothing accepted that the document does not allow. A language model's endpoint stands behind it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import positive_data_acceptance

from assistant.pipeline import Assistant
from assistant.settings import load_settings
from tests.fake_endpoint import FakeEndpoint
from tests.served import api_app, served

pytest_plugins = ["tests.sample_index"]

# Not all that a schema allows is a question, a day or an outlet of this library.
NOT_ASKED_OF_IT = [positive_data_acceptance]
# What is of the wrong form may be too large as well.
REFUSED = {"checks": {"negative_data_rejection": {"expected-statuses": [400, 404, 413]}}}
ANY_TIME: Any = {
    "deadline": None,
    "derandomize": True,
    "suppress_health_check": list(HealthCheck),
}


@pytest.fixture
def url(sample_index: Path, clean_environment: None, one_embedder: None) -> Iterator[str]:
    with FakeEndpoint() as endpoint:
        known = load_settings(openai_base_url=endpoint.url, openai_retries=0)
        with Assistant.open(sample_index, known) as assistant:
            assistant.warm_up()
            with served(api_app(assistant)) as url:
                yield url


def send(url: str, examples: int) -> int:
    """Send that many requests of both kinds to each route, and look at each reply; how many."""
    config = SchemathesisConfig.from_dict(REFUSED)
    document, sent = schemathesis.openapi.from_url(f"{url}/openapi.json", config=config), 0
    for operation in (each.ok() for each in document.get_all_operations()):
        # Any name may stand in an address: only a body can be of the wrong form.
        kinds = [GenerationMode.POSITIVE, *[GenerationMode.NEGATIVE] * bool(operation.body)]
        for kind in kinds:

            @settings(max_examples=examples, **ANY_TIME)
            @given(case=operation.as_strategy(generation_mode=kind))
            def check(case: schemathesis.Case) -> None:
                nonlocal sent
                sent += 1
                case.call_and_validate(excluded_checks=NOT_ASKED_OF_IT, timeout=60)

            check()
    return sent


def test_any_request(url: str) -> None:
    assert send(url, 15) > 100


@pytest.mark.slow
def test_any_request_at_length(url: str) -> None:
    assert send(url, 100) > 500
