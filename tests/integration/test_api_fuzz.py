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
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from assistant.pipeline import Assistant
from assistant.settings import load_settings
from tests.fake_endpoint import FakeEndpoint
from tests.served import api_app, served

pytest_plugins = ["tests.sample_index"]

# Not all that a schema allows is a question, a day or an outlet of this library.
NOT_ASKED_OF_IT = [positive_data_acceptance]
ANY_TIME: Any = {
    "deadline": None,
    "derandomize": True,
    "suppress_health_check": list(HealthCheck),
}


@pytest.fixture
def api_schema(
    sample_index: Path, clean_environment: None, one_embedder: None
) -> Iterator[schemathesis.BaseSchema]:
    with (
        FakeEndpoint() as endpoint,
        Assistant.open(
            sample_index, load_settings(openai_base_url=endpoint.url, openai_retries=0)
        ) as assistant,
    ):
        assistant.warm_up()
        with served(api_app(assistant)) as url:
            yield schemathesis.openapi.from_url(f"{url}/openapi.json")


schema = schemathesis.pytest.from_fixture("api_schema")


@schema.parametrize()
@settings(max_examples=15, **ANY_TIME)
def test_any_request(case: schemathesis.Case) -> None:
    case.call_and_validate(excluded_checks=NOT_ASKED_OF_IT)


@pytest.mark.slow
@schema.parametrize()
@settings(max_examples=500, **ANY_TIME)
def test_any_request_at_length(case: schemathesis.Case) -> None:
    case.call_and_validate(excluded_checks=NOT_ASKED_OF_IT)
