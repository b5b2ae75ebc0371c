"""The party list: each party once, under a reference that others point to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.ddex.model import Part
from shared.domain.claims import JsonValue
from shared.domain.names import name_key

from .building import element, optional


@dataclass(slots=True)
class Roster:
    """Gives references to parties, in the order in which they are first named."""

    _names: dict[str, str] = field(default_factory=dict)
    _ids: dict[str, dict[str, str]] = field(default_factory=dict)

    def reference(self, name: str, said: Mapping[str, JsonValue] | None = None) -> str:
        """Return the reference of the party called *name*, with what else is known."""
        key = name_key(name) or name
        self._names.setdefault(key, name)
        known = self._ids.setdefault(key, {})
        for kind in ("isni", "ipi", "dpid"):
            value = (said or {}).get(kind)
            if isinstance(value, str):
                known.setdefault(kind, value)
        return f"P{list(self._names).index(key) + 1}"

    def part(self) -> Part:
        """Return the whole list."""
        return element(
            "PartyList",
            *(
                element(
                    "Party",
                    element("PartyReference", text=f"P{place}"),
                    element("PartyName", element("FullName", text=name)),
                    self._identified(key),
                )
                for place, (key, name) in enumerate(self._names.items(), 1)
            ),
        )

    def _identified(self, key: str) -> Part | None:
        ids = self._ids[key]
        parts = [
            optional("ISNI", ids.get("isni")),
            optional("DPID", ids.get("dpid")),
            optional("IpiNameNumber", ids.get("ipi")),
        ]
        return element("PartyId", *parts) if any(parts) else None
