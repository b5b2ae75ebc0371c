"""Deals, deliveries and messages are found by whatever key means their release."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from shared.domain.claims import Kind
from shared.domain.decisions import Validation, ValidationStatus
from shared.domain.findings import Finding, Level
from tests.contract.statements import release, said

_AT = datetime(2026, 1, 1, tzinfo=UTC)
_FINDING = Finding("ERN-L13", Level.ERROR, "", "no genre", "Give one.")


def stage(catalog, tenant, *records):
    with catalog.transaction(tenant) as tx:
        return tx.stage(records)


def pointing(catalog, tenant, kind, of=Kind.RELEASE, key="gtin:1"):
    with catalog.transaction(tenant) as tx:
        found = tx.find(of, key)
        return [dict(entity.values) for entity in tx.pointing(kind, of, found)]


@pytest.fixture
def offered(any_catalog, at):
    stage(any_catalog, at, release(["gtin:1", "grid:2"], title="Tidewater"))
    return any_catalog


@pytest.mark.parametrize("key", ["gtin:1", "grid:2"])
@pytest.mark.parametrize("kind", [Kind.DEAL, Kind.DELIVERY])
def test_what_names_a_release_by_any_key_is_found(offered, at, kind, key):
    stage(offered, at, said(kind, ["x:1"], origin="y", release=key, sender="s"))

    assert pointing(offered, at, kind) == [{"release": key, "sender": "s"}]


def test_a_message_lists_the_releases_it_is_about(offered, at):
    releases = ["gtin:1", "grid:2"]
    stage(offered, at, said(Kind.MESSAGE, ["m:1"], origin="y", releases=releases))

    assert pointing(offered, at, Kind.MESSAGE) == [{"releases": releases}]


def test_what_is_gone_is_not_found(offered, at):
    first = said(Kind.DEAL, ["x:1"], origin="y", release="gtin:1")
    later = said(Kind.DELIVERY, ["d:1"], origin="y", version=2, release="gtin:1")
    stage(offered, at, first)

    changes = stage(offered, at, later)

    assert pointing(offered, at, Kind.DEAL) == []
    assert [(c.entity.kind, c.action) for c in changes] == [
        (Kind.DEAL, "deleted"),
        (Kind.DELIVERY, "created"),
    ]


def test_another_tenants_deals_are_not_found(offered, at, elsewhere):
    stage(offered, elsewhere, release(["gtin:1"], title="Tidewater"))
    stage(offered, elsewhere, said(Kind.DEAL, ["x:1"], release="gtin:1"))

    assert pointing(offered, at, Kind.DEAL) == []


def test_findings_are_shown_only_where_that_is_asked(offered, at):
    about = (Kind.RELEASE, UUID(int=1))
    with offered.transaction(at) as tx:
        tx.replace_findings(*about, "quiet@v1", [_FINDING])
        tx.replace_findings(*about, "ddex/x@v1", [_FINDING], shown=True)
    paths = []

    offered.drain(
        at, lambda items: paths.extend(getattr(o.item, "path", "") for o in items)
    )

    assert [path for path in paths if "findings" in path] == [
        f"tenants/{at}/findings/{UUID(int=1)}~ddex_x@v1"
    ]


def test_what_is_shown_last_has_the_highest_version(offered, at):
    mirrors = []
    for findings in ([_FINDING], []):
        with offered.transaction(at) as tx:
            tx.replace_findings(
                Kind.RELEASE, UUID(int=1), "ddex@v1", findings, shown=True
            )

    offered.drain(at, lambda items: mirrors.extend(o.item for o in items))

    shown = [item for item in mirrors if "findings" in getattr(item, "path", "")]
    assert shown[0].version < shown[1].version
    assert shown[1].content["findings"] == []


def test_a_message_to_check_is_kept_until_it_is_checked(any_catalog, at):
    wanted = Validation(
        id=UUID(int=5),
        tenant_id=at,
        status=ValidationStatus.REQUESTED,
        requested_at=_AT,
        requested_by="person:ann",
        content=b"<a/>",
    )
    with any_catalog.transaction(at) as tx:
        tx.save_validation(wanted)

    with any_catalog.transaction(at) as tx:
        assert tx.validation(UUID(int=5)) == wanted
        assert tx.validation(UUID(int=6)) is None
