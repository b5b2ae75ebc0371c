from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from scripts.terraform_provider.offline import (
    ENVIRONMENTS,
    HOW_TO_GET_IT,
    OfflineTerraform,
    find_terraform,
)


@dataclass(frozen=True)
class Planned:
    """One resource as a plan would make it; what is known after apply is left out."""

    address: str
    type: str
    name: str
    key: str | None
    values: dict[str, Any]


@dataclass(frozen=True)
class Plan:
    environment: str
    document: dict[str, Any]

    def resources(self, kind: str, name: str | None = None) -> list[Planned]:
        return [
            resource
            for resource in self.all()
            if resource.type == kind and name in {None, resource.name}
        ]

    def all(self) -> Iterator[Planned]:
        for change in self.document["resource_changes"]:
            if change["mode"] == "managed":
                yield Planned(
                    address=change["address"],
                    type=change["type"],
                    name=change["name"],
                    key=change.get("index"),
                    values=change["change"]["after"],
                )

    def function(self, name: str) -> dict[str, Any]:
        [found] = [
            resource.values
            for resource in self.resources("google_cloudfunctions2_function")
            if resource.values["name"] == name
        ]
        return found


@pytest.fixture(scope="session")
def plans() -> dict[str, Plan]:
    if find_terraform() is None:
        pytest.skip(HOW_TO_GET_IT)
    with OfflineTerraform() as terraform:
        return {name: Plan(name, terraform.plan(name)) for name in ENVIRONMENTS}


@pytest.fixture(params=ENVIRONMENTS)
def plan(request: pytest.FixtureRequest, plans: dict[str, Plan]) -> Plan:
    return plans[request.param]
