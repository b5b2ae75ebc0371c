"""What a record is about, and what must not move while it is folded."""

from __future__ import annotations

from shared.domain.claims import Kind, SourceRecord

Key = tuple[Kind, str]

# Two different values of one of these mean two different things, whatever else the
# records have in common (a path that was used again, a shared folder).
EXCLUSIVE = {
    Kind.RECORDING: "isrc",
    Kind.RELEASE: "gtin",
    Kind.PARTY: "isni",
    Kind.WORK: "iswc",
    Kind.PODCAST: "podcast-guid",
}

# Of these kinds the other keys are names and places, which several things may share:
# each is claimed by those that carry it with an identifier (`identity.identified`).
CLAIMED = frozenset({Kind.RELEASE, Kind.PARTY})

# An origin is a stored thing, whatever it speaks of: one kind for all, so that two
# batches about one origin meet although they speak of different kinds.
_ORIGIN = Kind.RESOURCE
_REFERRING = {"release": Kind.RELEASE, "recording": Kind.RECORDING}
POINTING = (Kind.TRACK_POSITION, Kind.RESOURCE, Kind.DEAL, Kind.DELIVERY)
"""The kinds that name a release or a recording by a key of it."""


def subject_key(record: SourceRecord) -> str:
    """Return the key that stands for what *record* is about, whatever the others mean.

    It is the exclusive identifier where there is one, since a stronger key may belong
    to an entity with another, which the record is then not about.
    """
    namespace = EXCLUSIVE.get(record.kind)
    exclusive = (k for k in record.keys if k.partition(":")[0] == namespace)
    return next(exclusive, record.keys[0])


def claim_of(key: str) -> str:
    """Return the key under which the one thing that claims *key* is kept."""
    return f"claimed:{key}"


def dispute_of(key: str) -> str:
    """Return the key that is there once two things claim *key*."""
    return f"disputed:{key}"


def held_keys(record: SourceRecord) -> list[Key]:
    """Return what must not move while *record* is folded.

    Its keys, and who claims them; its origin, whose versions replace one another; and
    the keys of the release and recording that it places or stores.
    """
    held = [(record.kind, key) for key in record.keys]
    if record.kind in CLAIMED:
        held += [(record.kind, claim_of(key)) for key in record.keys]
        held += [(record.kind, dispute_of(key)) for key in record.keys]
    held.append((_ORIGIN, f"origin:{record.source}\x1f{record.origin}"))
    if record.kind in POINTING:
        held += [
            (_REFERRING[claim.field], str(claim.value))
            for claim in record.claims
            if claim.field in _REFERRING
        ]
    return held
