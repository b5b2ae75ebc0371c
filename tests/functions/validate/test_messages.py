"""Messages are checked whole, and what is wrong is shown where people look."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from functions.validate.messages import MessageChecks
from functions.validate.service import Validator
from shared.adapters.local import LocalObjectStore
from shared.adapters.memory.catalog import MemoryCatalog
from shared.adapters.memory.clock import FixedClock
from shared.ddex.catalog import acknowledged, statements_of
from shared.ddex.model import read
from shared.ddex.reading import parsed
from shared.ddex.writing import message, purge
from shared.domain.claims import Claim, Kind, SourceRecord
from shared.domain.decisions import Validation, ValidationStatus
from shared.events.pipeline import (
    MessageExtracted,
    ReleaseExtracted,
    ValidationRequested,
)

_HERE = Path(__file__).parents[2] / "shared" / "ddex" / "writing" / "kinds.py"
_SPEC = importlib.util.spec_from_file_location("validated_kinds", _HERE)
kinds = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(kinds)

_AT = datetime(2026, 11, 21, tzinfo=UTC)
_TENANT = "t"
_RELEASE_KEY = "gtin:02000000000008"


class World:
    def __init__(self, folder):
        self.catalog = MemoryCatalog(_TENANT)
        self.uploads = LocalObjectStore(folder)
        self.relayed = []
        checks = MessageChecks(self.catalog, self.uploads, FixedClock())
        self.validator = Validator(
            self.catalog, FixedClock(), self.relayed.append, checks
        )
        self.count = 0

    def arrive(self, content):
        """Store and stage a message as extract does, and have it checked."""
        self.count += 1
        name = f"{_TENANT}/{self.count}.xml"
        stat = self.uploads.create(name, content, content_type="application/xml")
        root = parsed(content)
        if "Acknowledgement" in str(root.tag):
            said = acknowledged(root)
            self.stage(said.source, stat.uri, said.statements)
        else:
            said = statements_of(read(content), stat.uri)
            about = said.about
            sha256 = Claim("sha256", f"{hash(content)}")
            marked = replace(about, claims=(*about.claims, sha256))
            self.stage(said.source, stat.uri, (marked,))
            for thread in said.threads:
                self.stage(said.source, thread.name, thread.statements)
        self.validator.validate(
            MessageExtracted(
                event_id=uuid4(),
                tenant_id=_TENANT,
                occurred_at=_AT,
                upload_id=uuid4(),
                uri=stat.uri,
                generation=stat.generation,
                message_id="M",
                version="ern/4.3",
            )
        )

    def stage(self, source, origin, statements):
        records = [
            SourceRecord(
                s.kind, s.keys, source, origin, self.count, s.claims, _AT
            )
            for s in statements
        ]  # fmt: skip
        with self.catalog.transaction(_TENANT) as tx:
            tx.stage(records)

    def release_checked(self):
        self.validator.validate(
            ReleaseExtracted(
                event_id=uuid4(),
                tenant_id=_TENANT,
                occurred_at=_AT,
                upload_id=uuid4(),
                release_id=self.release,
            )
        )

    @property
    def release(self) -> UUID:
        with self.catalog.transaction(_TENANT) as tx:
            return tx.find(Kind.RELEASE, _RELEASE_KEY)

    def codes(self):
        release = self.release
        with self.catalog.transaction(_TENANT) as tx:
            return {finding.code for finding in tx.findings(Kind.RELEASE, release)}

    def documents(self):
        shown = []
        self.catalog.drain(
            _TENANT, lambda items: shown.extend(out.item for out in items)
        )
        paths = (getattr(item, "path", "") for item in shown)
        return [path for path in paths if "/findings/" in path]


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


def told(number=1, **changes):
    said = replace(
        kinds.CORRESPONDENCE,
        message_id=f"M-{number}",
        created_at="2025-12-01T12:00:00Z",
    )
    return replace(kinds.album(), correspondence=said, **changes)


def test_a_clean_delivery_has_no_findings(world):
    world.arrive(message(told()))
    world.release_checked()

    assert not {c for c in world.codes() if c.startswith("ERN")}


def test_what_is_wrong_with_a_message_is_shown_at_its_release(world):
    content = message(told()).replace(b"<Year>2026</Year>", b"<Year>1776</Year>")

    world.arrive(content)

    assert "ERN-S15" in world.codes()


def test_findings_are_mirrored_under_paths_that_can_be_written(world):
    said = replace(kinds.CORRESPONDENCE, sender_dpid="A/B")
    world.arrive(message(replace(kinds.album(), correspondence=said)))

    documents = world.documents()

    assert documents
    assert all(path.count("/") == 3 for path in documents)
    assert world.relayed


def test_a_release_is_checked_as_what_its_export_would_be(world):
    world.arrive(message(told()))
    world.stage(
        "person:ann",
        "edit:1",
        [_edited(Kind.RELEASE, _RELEASE_KEY, "original_release_date", "2030-01-01")],
    )

    world.release_checked()

    assert "ERN-L11" in world.codes()


def _edited(kind, key, field, value):
    from shared.ddex.catalog import Statement

    return Statement(kind, (key,), (Claim(field, value),))


def test_a_release_without_a_delivery_is_no_business_of_partners(world):
    world.stage(
        "table", "x", [_edited(Kind.RELEASE, _RELEASE_KEY, "title", "Tidewater")]
    )

    world.release_checked()

    assert not {c for c in world.codes() if c.startswith("ERN")}


def test_what_did_not_change_is_not_checked_again(world):
    world.arrive(message(told()))
    world.release_checked()
    world.documents()

    world.release_checked()

    assert world.documents() == []


def test_deals_left_out_are_told(world):
    world.arrive(message(told(1)))
    world.arrive(message(told(2, deals=(kinds.STREAM,))))

    assert "ERN-X14" in world.codes()


def test_a_first_message_without_deals_is_told(world):
    world.arrive(message(told(1, deals=())))

    assert "ERN-X15" in world.codes()


def test_another_message_under_the_same_id_is_told(world):
    world.arrive(message(told(1)))
    world.arrive(message(told(1, deals=(kinds.STREAM,))))

    assert "LN-MESSAGE-ID-REUSED" in world.codes()


def test_a_purge_leaves_no_release(world):
    world.arrive(message(told(1)))
    release = world.release

    world.arrive(purge(told(2)))

    with world.catalog.transaction(_TENANT) as tx:
        assert tx.entity(Kind.RELEASE, release).deleted_at
        assert tx.pointing(Kind.DEAL, Kind.RELEASE, release) == []


def test_what_a_partner_refuses_is_shown_with_the_rule(world):
    world.arrive(message(told(1)))
    world.arrive(
        f"""<c:AcknowledgementMessage xmlns:c="http://ddex.net/xml/ern-c-sftp/18"
        AvsVersionId="9"><MessageHeader><MessageId>A</MessageId>
        <MessageSender><PartyId>{kinds.RECIPIENT}</PartyId></MessageSender>
        <MessageRecipient><PartyId>{kinds.SENDER}</PartyId></MessageRecipient>
        <MessageCreatedDateTime>2026-01-01T00:00:00Z</MessageCreatedDateTime>
        </MessageHeader><ReleaseStatus><ReleaseId><ICPN>2000000000008</ICPN>
        </ReleaseId><ReleaseStatus>Rejected</ReleaseStatus><Acknowledgement>
        <MessageType>NewReleaseMessage</MessageType><MessageId>M-1</MessageId>
        <MessageStatus><Status>OriginalReleaseDateLaterThanReleaseDate</Status>
        </MessageStatus></Acknowledgement></ReleaseStatus>
        </c:AcknowledgementMessage>""".encode()
    )

    assert "ERN-L11" in world.codes()


def test_what_is_sent_in_is_checked_and_forgotten(world):
    validation = Validation(
        id=uuid4(),
        tenant_id=_TENANT,
        status=ValidationStatus.REQUESTED,
        requested_at=_AT,
        requested_by="person:ann",
        content=b"<nonsense/>",
    )
    with world.catalog.transaction(_TENANT) as tx:
        tx.save_validation(validation)

    world.validator.validate(
        ValidationRequested(
            event_id=validation.id,
            tenant_id=_TENANT,
            occurred_at=_AT,
            validation_id=validation.id,
        )
    )

    with world.catalog.transaction(_TENANT) as tx:
        done = tx.validation(validation.id)
    assert done.status is ValidationStatus.DONE
    assert done.content is None
    assert done.result["findings"][0]["code"] == "ERN-A02"
