"""A delivery: messages about releases, their files, and the manifest that ends it.

One folder for each version that was asked for, as choreography 1.8 has it over a file
server: `ern-<version>/<batch>/<barcode>/<barcode>.xml`, its files in `resources/`
beside it, and last of all `BatchComplete_<batch>.xml`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from shared.ddex.writing import (
    BatchedMessage,
    Correspondence,
    ReleaseDescription,
    manifest,
    message,
    purge,
)
from shared.ddex.writing.catalog import CatalogRelease, described
from shared.ddex.writing.description import listed, text
from shared.ddex.writing.releases import barcode, release_ids
from shared.domain.claims import Claim, JsonValue, Kind, SourceRecord
from shared.domain.decisions import Export
from shared.domain.keys import release_keys

from .delivery_checks import require_clean, same_facts
from .delivery_files import DeliveryFolder
from .stores import Stores

SOURCE: Final = "export"
VERSION: Final = "4.3"
_XML: Final = "application/xml"
# A message without deals takes down: then it is meant to have none.
_WITHOUT_DEALS: Final = frozenset({"ERN-X01"})


@dataclass(slots=True)
class Delivery:
    """Writes one delivery; a second try writes the same bytes in the same places.

    Attributes:
        records: What is to be staged about the messages that were written.
        messages: By release and version.
    """

    export: Export
    stores: Stores
    releases: Sequence[CatalogRelease]
    folder: DeliveryFolder = field(init=False)
    records: list[SourceRecord] = field(default_factory=list)
    messages: dict[UUID, dict[str, bytes]] = field(default_factory=dict)
    warnings: int = 0

    def __post_init__(self) -> None:
        path = f"{self.export.tenant_id}/{self.export.id}"
        self.folder = DeliveryFolder(self.stores, self.export.tenant_id, path)

    def write(self) -> str:
        """Write all that was asked for; return the name of the first manifest.

        Raises:
            InvalidInputError: A message would be refused, or a file is not what was
                staged; the facts say which.
        """
        versions = listed(self.export.options, "versions") or [VERSION]
        manifests = [self._version(version) for version in versions]
        return manifests[0]

    def result(self) -> dict[str, JsonValue]:
        """Return what was written, and what versions say differently."""
        different = [d for m in self.messages.values() for d in same_facts(m)]
        return {
            "files": [*self.folder.files],
            "warnings": self.warnings,
            "same_facts": not different,
            "differences": different,
        }

    def _version(self, version: str) -> str:
        base = f"ern-{version}/{self._batch}"
        batched = list(self._batched(base, version))
        said = self._correspondence("")
        content = manifest(said, f"/{self._batch}", batched)
        return self.folder.write(
            f"{base}/BatchComplete_{self._batch}.xml", content, _XML
        )

    def _batched(self, base: str, version: str) -> Iterator[BatchedMessage]:
        for place, found in enumerate(self.releases, 1):
            number = f"{version.replace('.', '')}{place:03}"
            said = self._correspondence(f"LN{self.export.id.hex}{number}")
            release = described(found, said)
            name = _name(release)
            action = self.export.options.get("action")
            is_purge = action == "purge"
            if action == "take_down":
                release = replace(release, deals=())
            if is_purge:
                content = purge(release, version)
            else:
                if self.export.options.get("with_files") is not False:
                    release = self.folder.with_files(f"{base}/{name}", release)
                content = message(release, version)
            intended = _WITHOUT_DEALS if action == "take_down" else frozenset()
            self.warnings += require_clean(content, version, intended)
            self.messages.setdefault(found.release.id, {})[version] = content
            written = self.folder.write(f"{base}/{name}/{name}.xml", content, _XML)
            self.records.append(self._record(release, version, content, written))
            yield BatchedMessage(
                message_type="PurgeReleaseMessage" if is_purge else "NewReleaseMessage",
                message_id=said.message_id,
                path=f"{name}/{name}.xml",
                sha256=hashlib.sha256(content).hexdigest(),
                release_ids=release_ids(release.values, release.id, said.sender_dpid),
                delivery_type=_delivery_type(release, is_purge=is_purge),
                product_type=_product_type(release),
            )

    @property
    def _batch(self) -> str:
        at = self.export.requested_at
        return f"{at:%Y%m%d%H%M%S}{at.microsecond // 1000:03}"

    def _correspondence(self, message_id: str) -> Correspondence:
        options = self.export.options
        sender, recipient = options.get("sender"), options.get("recipient")
        sending = sender if isinstance(sender, dict) else {}
        getting = recipient if isinstance(recipient, dict) else {}
        return Correspondence(
            message_id=message_id,
            sender_dpid=text(sending, "dpid"),
            sender_name=text(sending, "name"),
            recipient_dpid=text(getting, "dpid"),
            recipient_name=text(getting, "name"),
            created_at=self.export.requested_at.isoformat(timespec="milliseconds"),
            thread_id=f"LN{self.export.id.hex}",
            is_test=options.get("is_test") is True,
        )

    def _record(
        self, release: ReleaseDescription, version: str, content: bytes, written: str
    ) -> SourceRecord:
        """Return what the catalog keeps of a message it sends."""
        said = release.correspondence
        claims: dict[str, JsonValue] = {
            "message_id": said.message_id,
            "thread_id": said.thread_id,
            "sender": said.sender_dpid,
            "recipient": said.recipient_dpid,
            "created_at": said.created_at,
            "standard": f"ern/{version}",
            "direction": "out",
            "releases": [f"id:{release.id}", *release_keys(release.values)],
            "sha256": hashlib.sha256(content).hexdigest(),
            "uri": f"{self.stores.exports.base_uri}/{written}",
        }
        return SourceRecord(
            kind=Kind.MESSAGE,
            keys=(f"message:{said.sender_dpid}|{said.message_id}",),
            source=SOURCE,
            origin=f"export:{self.export.id}/{said.message_id}",
            origin_version=1,
            claims=tuple(Claim(name, claims[name]) for name in sorted(claims)),
            received_at=self.export.requested_at,
            batch=self.export.id,
        )


def _name(release: ReleaseDescription) -> str:
    values = release.values
    return barcode(text(values, "gtin")) or text(values, "grid") or release.id


def _delivery_type(release: ReleaseDescription, *, is_purge: bool) -> str:
    if is_purge or not release.deals:
        return "TakeDown"
    return "NewReleaseDelivery"


def _product_type(release: ReleaseDescription) -> str:
    videos = [place.recording.is_video for place in release.places]
    if any(videos):
        return "VideoProduct" if all(videos) else "MixedMediaBundleProduct"
    return "AudioProduct"
