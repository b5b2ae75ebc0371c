"""The operations, one module per resource, and the table of them all."""

from __future__ import annotations

from ..operations import Operation
from . import (
    artists,
    audio_features,
    dead_letters,
    exports,
    releases,
    reviews,
    system,
    tracks,
    updates,
    uploads,
    validations,
)


def all_operations() -> tuple[Operation, ...]:
    """Return every operation of the API, in the order of the document."""
    return (
        *uploads.OPERATIONS,
        *tracks.OPERATIONS,
        *releases.OPERATIONS,
        *artists.OPERATIONS,
        *audio_features.OPERATIONS,
        *reviews.OPERATIONS,
        *updates.OPERATIONS,
        *exports.OPERATIONS,
        *validations.OPERATIONS,
        *dead_letters.OPERATIONS,
        *system.OPERATIONS,
    )
