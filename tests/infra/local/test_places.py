"""Every part of the local cloud has its folder, port and log."""

from __future__ import annotations

import pytest

from infra.local.places import DEFAULT_PORT_BASE, Places
from infra.local.topology import FUNCTIONS


def test_every_part_has_a_port_of_its_own(tmp_path):
    places = Places(tmp_path, 9000)
    parts = [
        *(function.name for function in FUNCTIONS),
        *("pubsub", "pubsub_admin", "firestore", "firestore_web", "storage"),
        "postgres",
    ]

    ports = [places.port(part) for part in parts]

    assert len(set(ports)) == len(parts)
    assert {*ports} == {*range(9000, 9000 + len(parts))}


def test_the_api_has_the_first_port(tmp_path):
    assert Places(tmp_path).port("api") == DEFAULT_PORT_BASE
    assert Places(tmp_path, 9000).url("api") == "http://127.0.0.1:9000"


def test_a_part_nobody_knows_has_no_port(tmp_path):
    with pytest.raises(ValueError, match="not in tuple"):
        Places(tmp_path).port("nonsense")


def test_everything_lies_below_the_folder(tmp_path):
    places = Places(tmp_path)

    for path in (places.log("api"), places.state, places.variables, places.folder("x")):
        assert path.is_relative_to(tmp_path)
