"""Where the files of a delivery come from and go to."""

from __future__ import annotations

from dataclasses import dataclass

from shared.ports.object_store import ObjectStore


@dataclass(frozen=True, slots=True)
class Stores:
    uploads: ObjectStore
    resources: ObjectStore
    exports: ObjectStore
