from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from openapi_spec_validator import validate

from functions.api.openapi import document
from functions.api.routes import all_operations
from functions.api.routes.releases import FILTER_PARAMETERS as RELEASE_FILTERS
from functions.api.routes.tracks import FILTER_PARAMETERS as TRACK_FILTERS
from infra.local.topology import SUBSCRIPTIONS
from shared.adapters.postgres.queries_json import EMBEDDED
from shared.adapters.postgres.queries_lists import CONDITIONS, ORDERS
from shared.domain.claims import Kind
from shared.domain.fields import FIELDS
from shared.ports.queries import FILTERS, SORTS

WRITTEN = Path(__file__).parents[3] / "docs" / "reference" / "api" / "openapi.json"


def test_the_document_is_valid_openapi():
    validate(document())


def test_the_written_document_is_fresh():
    told = json.dumps(document(), indent=2, ensure_ascii=False) + "\n"

    assert WRITTEN.read_text() == told, (
        "run `python -m functions.api.openapi > docs/reference/api/openapi.json`"
    )


def test_every_field_of_the_domain_is_described():
    schemas = document()["components"]["schemas"]

    for kind, name in (
        (Kind.RECORDING, "Track"),
        (Kind.RELEASE, "Release"),
        (Kind.PARTY, "Artist"),
    ):
        assert set(FIELDS[kind]) <= set(schemas[name]["properties"])
        editable = {field for field in FIELDS[kind] if FIELDS[kind][field].editable}
        assert set(schemas[f"{name}Patch"]["properties"]) == editable


def test_examples_are_what_they_are_examples_of():
    schemas = document()["components"]["schemas"]
    whole = {"components": {"schemas": schemas}}

    checked = 0
    for item in document()["paths"].values():
        for operation in item.values():
            for content in operation.get("requestBody", {}).get("content", {}).values():
                validator = jsonschema.Draft202012Validator(
                    {**whole, **content["schema"]}
                )
                validator.validate(content["example"])
                checked += 1
    assert checked >= 10


@pytest.mark.parametrize("operation", all_operations(), ids=lambda o: o.id)
def test_examples_of_parameters_are_taken(operation):
    for parameter in operation.parameters:
        if parameter.example is not None:
            example = parameter.example
            text = str(example).lower() if isinstance(example, bool) else str(example)
            parameter.parse(text)


def test_the_subscriptions_that_may_give_up_are_those_that_exist():
    from functions.api import main

    assert sorted(main.SUBSCRIPTIONS) == sorted(found.name for found in SUBSCRIPTIONS)


def test_filters_and_orders_are_the_same_on_all_sides():
    for kind, parameters in (
        (Kind.RECORDING, TRACK_FILTERS),
        (Kind.RELEASE, RELEASE_FILTERS),
    ):
        assert {p.name for p in parameters} == set(FILTERS[kind])
    for kind, names in FILTERS.items():
        assert set(CONDITIONS[kind]) | {"q"} == set(names)
        assert set(ORDERS[kind]) == set(SORTS[kind])
        assert EMBEDDED[kind] is not None
