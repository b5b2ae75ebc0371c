"""What many requests have in common: update masks and pages."""

from __future__ import annotations

from collections.abc import Iterable

from google.protobuf import field_mask_pb2

from infra.local.pubsub.errors import InvalidArgumentError
from infra.local.pubsub.wire import Proto

_PAGE_SIZE = 100
_LARGEST_PAGE = 1000


def merged(
    current: Proto, change: Proto, mask: Proto, immutable: frozenset[str] = frozenset()
) -> Proto:
    """Return a copy of *current* with the fields that *mask* names from *change*.

    A named field that *change* leaves unset is cleared.
    """
    if not mask.paths:
        raise InvalidArgumentError("The update_mask must name at least one field")
    if not field_mask_pb2.FieldMask.IsValidForDescriptor(mask, current.DESCRIPTOR):
        raise InvalidArgumentError("Unknown field", update_mask=list(mask.paths))
    if fixed := immutable.intersection(mask.paths):
        raise InvalidArgumentError("Immutable field", update_mask=sorted(fixed))
    updated = type(current)()
    updated.CopyFrom(current)
    mask.MergeMessage(
        change, updated, replace_message_field=True, replace_repeated_field=True
    )
    return updated


def page(items: Iterable[Proto], request: Proto, response: Proto, field: str) -> Proto:
    """Fill *response*'s *field* with the page of *items* that *request* asks for."""
    everything = list(items)
    try:
        start = int(request.page_token or 0)
    except ValueError:
        raise InvalidArgumentError("Invalid page token") from None
    size = min(request.page_size or _PAGE_SIZE, _LARGEST_PAGE)
    getattr(response, field).extend(everything[start : start + size])
    if start + size < len(everything):
        response.next_page_token = str(start + size)
    return response
