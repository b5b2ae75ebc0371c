"""The manifest that completes a batch: choreography 1.8 over a file server.

Where a batch is a folder, and each release has a folder of its own in it, the manifest
is written last: once it is there, all is there (ERN choreography 1.8, clause 5).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from shared.ddex.model import Part, node_of, serialised

from .building import element, optional
from .description import Correspondence

_NAMESPACE: Final = "http://ddex.net/xml/ern-c-sftp/18"
_VERSION: Final = "ern-c-sftp/18"
_AVS: Final = "9"


@dataclass(frozen=True, slots=True)
class BatchedMessage:
    """One message of a batch.

    Attributes:
        path: Relative to the batch's folder.
        sha256: Of the message's bytes.
        release_ids: The release's ICPN and GRid, as `ReleaseId` has them.
        delivery_type: `NewReleaseDelivery`, `TakeDown`, `ReDelivery` …
        product_type: `AudioProduct`, `VideoProduct`, `MixedMediaBundleProduct` …
    """

    message_type: str
    message_id: str
    path: str
    sha256: str
    release_ids: Part
    delivery_type: str
    product_type: str


def manifest(
    said: Correspondence, folder: str, messages: Sequence[BatchedMessage]
) -> bytes:
    """Return the ManifestMessage of the batch in *folder*."""
    root = element(
        f"{{{_NAMESPACE}}}ManifestMessage",
        element(
            "MessageHeader",
            _party("MessageSender", said.sender_dpid, said.sender_name),
            _party("MessageRecipient", said.recipient_dpid, said.recipient_name),
            element("MessageCreatedDateTime", text=said.created_at),
        ),
        element("IsTestFlag", text=str(said.is_test).lower()),
        element("RootDirectory", text=folder),
        element("NumberOfMessages", text=str(len(messages))),
        *(_message(each) for each in messages),
        MessageVersionId=_VERSION,
        AvsVersionId=_AVS,
    )
    return serialised(node_of(root, {"ern-c-sftp": _NAMESPACE}))


def _message(batched: BatchedMessage) -> Part:
    return element(
        "MessageInBatch",
        element("MessageType", text=batched.message_type),
        element("MessageId", text=batched.message_id),
        element("URL", text=batched.path),
        element("IncludedReleaseId", *batched.release_ids.parts),
        element("DeliveryType", text=batched.delivery_type),
        element("ProductType", text=batched.product_type),
        element(
            "HashSum",
            element("HashSumValue", text=batched.sha256),
            element("HashSumAlgorithmType", text="SHA-256"),
        ),
    )


def _party(role: str, dpid: str, name: str) -> Part:
    return element(
        role,
        element("PartyId", text=dpid, IsDPID="true"),
        element("PartyName", element("FullName", text=name)) if name else None,
        optional("TradingName", ""),
    )
