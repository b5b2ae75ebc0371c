"""What the message alone cannot tell: the earlier messages, and the files beside it.

Rules that need state ask for it here. Who checks gives what is known; of what is not
given such rules say nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product

from .deal_terms import DealTerms
from .territories import NOWHERE, Territories

ReleaseId = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class EarlierDeal:
    """A deal as the sender's last message stated it.

    Attributes:
        ends_at: Aware; None where it is open.
    """

    territories: Territories
    models: frozenset[str]
    uses: frozenset[str]
    ends_at: datetime | None = None

    def missing_from(self, deals: list[DealTerms]) -> Territories:
        """Return where *deals* do not go on with a model and use of this one."""
        missing = NOWHERE
        for model, use in product(self.models, self.uses):
            left = self.territories
            for terms in deals:
                if model in terms.models and use in terms.uses:
                    left = left.without(terms.territories)
            missing = missing.joined(left)
        return missing


@dataclass(frozen=True, slots=True)
class EarlierRelease:
    """A release as the sender's last message about it stated it.

    Attributes:
        ids: Kind, namespace and value: `("ICPN", "", "4006381333931")`.
    """

    ids: frozenset[ReleaseId]
    deals: tuple[EarlierDeal, ...] = ()

    def is_same_as(self, ids: frozenset[ReleaseId]) -> bool:
        """Tell whether *ids* name this release: one in common, and none against it."""
        return bool(self.ids & ids) and not self.contradicts(ids)

    def contradicts(self, ids: frozenset[ReleaseId]) -> bool:
        """Tell whether an id of the same kind and namespace has another value."""
        mine, theirs = _by_kind(self.ids), _by_kind(ids)
        return any(mine[kind].isdisjoint(theirs[kind]) for kind in mine & theirs.keys())


def _by_kind(ids: frozenset[ReleaseId]) -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for kind, namespace, value in ids:
        found.setdefault((kind, namespace), set()).add(value)
    return found


@dataclass(frozen=True, slots=True)
class CatalogFacts:
    """What the catalog knows of a message's sender.

    Attributes:
        message_ids: Of the sender's other messages, those that have this one's id
            are enough.
        releases: The sender's releases that share an id with one of the message.
    """

    message_ids: frozenset[str] = frozenset()
    releases: tuple[EarlierRelease, ...] = ()


@dataclass(frozen=True, slots=True)
class DeliveredFile:
    """A file that came with the message.

    Attributes:
        hash_sums: In hexadecimal, by the name that DDEX has for the algorithm: `MD5`.
    """

    hash_sums: Mapping[str, str] = field(default_factory=dict)


Delivery = Mapping[str, DeliveredFile]
"""The files of a delivery, by their address below the message: `resources/a1.flac`."""
