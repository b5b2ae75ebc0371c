"""Releases as partners would get them, and what needs to know what came before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID, uuid5

from shared.domain.claims import Kind
from shared.domain.entities import Entity
from shared.domain.findings import Finding, Level
from shared.ports.catalog import CatalogTransaction

if TYPE_CHECKING:
    from shared.ddex.writing import Correspondence

PRODUCER: Final = "ddex-export@v1"
_CONSUMER: Final = "validate-delivery"
_CHECKS: Final = UUID("0a3f3f4b-7a4c-5f0e-9b67-2c7c52e0a911")
# Who would send it to whom, and when, is decided with the delivery.
_HEADER: Final = "ERN-H"
_NOBODY: Final = "PADPIDA0000000000X"
_MOST_KEPT: Final = 500


def check_release(tx: CatalogTransaction, release_id: UUID, now: datetime) -> bool:
    """Check what a message about a release would be, where one ever was or could be.

    Return whether there is news of it.

    A release without deals and deliveries is no business of partners yet; and one of
    which nothing changed since it was checked last says the same again.
    """
    deliveries = tx.pointing(Kind.DELIVERY, Kind.RELEASE, release_id)
    if not deliveries:
        return False
    # What reads and writes DDEX takes a while to load, and few releases need it.
    from shared.runtime.offering import gathered

    found = gathered(tx, release_id)
    if found is None:
        tx.replace_findings(Kind.RELEASE, release_id, PRODUCER, (), shown=True)
        return True
    if not tx.first_sight(_CONSUMER, uuid5(_CHECKS, found.versions())):
        return False
    from shared.ddex.checking import check
    from shared.ddex.writing import message
    from shared.ddex.writing.catalog import described

    said = _correspondence(found.release, deliveries[0])
    checked = check(message(described(found, said)), now=now)
    findings = [
        finding.to_finding()
        for finding in checked.findings
        if not finding.code.startswith(_HEADER)
    ][:_MOST_KEPT]
    tx.replace_findings(Kind.RELEASE, release_id, PRODUCER, findings, shown=True)
    return True


def _correspondence(release: Entity, delivery: Entity) -> Correspondence:
    from shared.ddex.writing import Correspondence

    values = delivery.values
    sender = str(values.get("sender") or _NOBODY)
    recipient = str(values.get("recipient") or _NOBODY)
    return Correspondence(
        message_id=str(release.id),
        sender_dpid=sender,
        sender_name="",
        recipient_dpid=recipient,
        recipient_name="",
        created_at=release.updated_at.isoformat(),
    )


def state_findings(
    tx: CatalogTransaction, release_id: UUID, message: Entity
) -> Iterator[Finding]:
    """Yield what can be told only with what the sender said before.

    ERN 4.3, part 1, clause 6.19.2: a message replaces all deals before it.
    """
    sender = message.values.get("sender")
    for delivery in tx.pointing(Kind.DELIVERY, Kind.RELEASE, release_id):
        if delivery.values.get("sender") != sender:
            continue
        said = [
            {claim.field: claim.value for claim in record.claims}
            for record in tx.history(Kind.DELIVERY, delivery.id)
        ]
        state, count = delivery.values.get("state"), delivery.values.get("deal_count")
        before = said[-2] if len(said) > 1 else None
        if before is None and state == "taken_down":
            yield _X15
        elif before is not None and state == "purged":
            yield _X16
        elif before is not None and _fewer(count, before.get("deal_count")):
            yield _X14


def _fewer(now: object, before: object) -> bool:
    return isinstance(now, int) and isinstance(before, int) and now < before


_X14: Final = Finding(
    code="ERN-X14",
    level=Level.WARNING,
    field="deals",
    message="deals of the message before are missing: they are taken down",
    fix="Repeat all deals that still hold: a message replaces every one before.",
)
_X15: Final = Finding(
    code="ERN-X15",
    level=Level.ERROR,
    field="deals",
    message="the first message about the release has no deal",
    fix="Send the release with its deals, or do not send it yet.",
)
_X16: Final = Finding(
    code="ERN-X16",
    level=Level.WARNING,
    field="",
    message="the release was purged",
    fix="Purge only what was never right; otherwise end its deals.",
)
