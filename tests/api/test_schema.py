"""The API keeps to its schema, whatever is sent to it."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from mtm.wsgi import application
from tests.trust.conftest import Stage
from tests.trust.routes import api_class, walk

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
IDS = {
    "criteria": "criteria_id",
    "members": "member_id",
    "determinations": "determination_id",
    "enrollments": "enrollment_id",
    "alerts": "alert_id",
    "appointments": "appointment_id",
    "letters": "letter_id",
    "loads": "load_id",
    "files": "file_id",
    "simulations": "simulation_id",
    "sweeps": "sweep_id",
    "drug-mappings": "mapping_id",
}


def schema_of_the_api() -> dict[str, Any]:
    return dict(SchemaGenerator().get_schema(public=True))


SCHEMA = schema_of_the_api()
OPERATIONS = [(path, method) for path, item in SCHEMA["paths"].items() for method in item]


def test_the_schema_is_valid() -> None:
    validate_schema(SCHEMA)


def test_every_route_of_the_api_is_in_the_schema() -> None:
    routes = {
        "/" + route.replace("<plan:", "{").replace("<uuid:", "{").replace(">", "}")
        for route, view in walk()
        if api_class(view) and "schema" not in route
    }
    assert set(SCHEMA["paths"]) == routes


def test_every_method_of_a_route_is_in_the_schema() -> None:
    declared = {(path, method.upper()) for path, method in OPERATIONS}
    views = [(route, api_class(view)) for route, view in walk() if api_class(view) and "schema" not in route]
    written = {
        ("/" + route.replace("<plan:", "{").replace("<uuid:", "{").replace(">", "}"), method)
        for route, view in views
        for method in view.permissions
    }
    assert declared == written


@pytest.fixture(scope="module")
def session(stage: Stage) -> dict[str, dict[str, str]]:
    """For each role the cookies of a signed-in session, one of them the token that changes need."""
    return {role: signed_in(stage.client(role)) for role in ("pharmacist", "administrator")}


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """A WSGI request ends by closing the connection; here it holds the rows of the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def signed_in(client: Client) -> dict[str, str]:
    client.get("/account/password/change/")
    return {name: morsel.value for name, morsel in client.cookies.items()}


API = schemathesis.openapi.from_dict(SCHEMA)
API.app = application


@pytest.mark.parametrize("role", ["pharmacist", "administrator"])
@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=[f"{m} {p.split('}', 1)[1]}" for p, m in OPERATIONS])
def test_answers_are_as_the_schema_says(
    path: str,
    method: str,
    role: str,
    stage: Stage,
    session: dict[str, dict[str, str]],
    db: None,
) -> None:
    operation = API[path][method.upper()]
    ours = known_values(path, stage)

    @settings(
        max_examples=25,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy())
    def all_examples(case: Any) -> None:
        case.path_parameters = ours
        with transaction.atomic():
            response = case.call(cookies=session[role], headers={"X-CSRFToken": session[role]["mtm-csrf"]})
            transaction.set_rollback(True)
        assert response.status_code != 401, "the session was not recognized"
        assert b"CSRF" not in response.content, "the token was not recognized"
        case.validate_response(response, checks=CHECKS)

    all_examples()


def known_values(path: str, where: Stage) -> dict[str, str]:
    """An address that exists, so that what lies behind it is reached."""
    word = path.split("/")[5]
    values = {"plan_code": where.ours.plan.code}
    return values | ({"id": str(where.ours.ids[IDS[word]])} if "{id}" in path else {})
