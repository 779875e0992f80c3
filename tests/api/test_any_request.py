"""Requests that a machine makes up from the published description: whatever comes, the answer is one of ours."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.testclient import TestClient

from outbreath.wiring import Outbreath
from tests.api.conftest import HERE, settled, wav

CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
SLOW_TO_MAKE = list(HealthCheck)


@pytest.mark.parametrize("known", [True, False], ids=["of what is there", "of what is not"])
# The background work waits for random times meanwhile, which the choice of examples does not depend on.
@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisDeprecationWarning")
def test_every_operation_answers_as_described(client: TestClient, outbreath: Outbreath, known: bool) -> None:
    described = schemathesis.openapi.from_dict(client.get("/api/v1/openapi.json").json())
    described.app = client.app
    spoken = client.post("/api/v1/entries", files={"audio": ("a.wav", wav(), "audio/wav")}).json()["id"]
    settled(client, spoken)
    operations = [result.ok() for result in described.get_all_operations()]
    assert len(operations) > 15
    for operation in operations:

        @settings(max_examples=12, deadline=None, suppress_health_check=SLOW_TO_MAKE, derandomize=True, database=None)
        @given(case=operation.as_strategy())
        def answers(case: schemathesis.Case) -> None:
            outbreath.places.passcode.unlink(missing_ok=True)  # one that was made up locks all that follows
            if known and "slug" in case.path_parameters:
                case.path_parameters["slug"] = "hum"
            if known and "entry_id" in case.path_parameters:
                case.path_parameters["entry_id"] = spoken if case.method == "GET" else typed(client)
            case.call_and_validate(base_url=HERE, checks=CHECKS)

        answers()


def typed(client: TestClient) -> str:
    entry_id: str = client.post("/api/v1/entries", json={"text": "a quiet day"}).json()["id"]
    return entry_id
