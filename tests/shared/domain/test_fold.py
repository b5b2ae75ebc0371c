"""Folding over a ledger: which thing a record is about, what changes, what is held."""

from __future__ import annotations

from uuid import UUID

import pytest

from shared.adapters.memory.books import Books, MemoryLedger
from shared.adapters.outgoing import Pending
from shared.domain.claims import Kind
from shared.domain.entities import entity_id
from shared.domain.fold import fold, in_batches
from shared.domain.subjects import held_keys, subject_key
from shared.domain.trust import Trust
from tests.contract.statements import START, party, recording, release, said

ISRC = "isrc:USSM15900113"
OTHER = "isrc:USSM15900114"


class WatchedLedger(MemoryLedger):
    """Remembers in which order it was asked to hold, stage and save."""

    def __init__(self):
        self.books = Books()
        self.asked = []
        super().__init__("t", self.books, Pending())

    def lock(self, keys):
        self.asked.append(("lock", tuple(keys)))

    def add(self, records):
        self.asked.append(("add", tuple(r.record_id for r in records)))
        super().add(records)

    def save(self, changes):
        self.asked.append(("save", tuple(c.entity.id for c in changes)))
        super().save(changes)


@pytest.fixture
def ledger():
    return WatchedLedger()


def test_an_id_comes_from_what_the_record_is_about_and_when(ledger):
    (change,) = fold(ledger, [recording([ISRC, "object:a"], title="So What")])

    assert change.entity.id == entity_id("t", Kind.RECORDING, ISRC, START)
    assert change.entity.id.version == 7


def test_a_replay_mints_the_same_ids(ledger):
    records = [recording([ISRC], title="So What"), release(["gtin:1"], title="Blue")]

    first = fold(ledger, records)
    second = fold(WatchedLedger(), records)

    assert first == second


def test_keys_are_held_before_and_entities_before_anything_is_staged(ledger):
    fold(ledger, [recording([ISRC], title="So What")])

    assert [what for what, _ in ledger.asked] == ["lock", "lock", "add", "save"]


def test_what_is_held_is_sorted_so_that_no_two_wait_for_each_other(ledger):
    fold(ledger, [release(["b:2"], title="x"), recording(["a:1", "a:0"], title="y")])

    first, second = (keys for what, keys in ledger.asked if what == "lock")
    assert list(first) == sorted(first)
    assert list(second) == sorted(second)


def test_records_known_already_are_left_out(ledger):
    known = recording([ISRC], title="So What")
    fold(ledger, [known])

    (change,) = fold(ledger, [known, recording([ISRC], origin="b", label="CBS")])

    assert change.changed_fields == ("label",)


def test_changes_come_in_a_fixed_order(ledger):
    records = [
        release(["gtin:1"], title="Kind of Blue"),
        recording([OTHER], title="Freddie"),
        recording([ISRC], title="So What"),
        party("Miles Davis", "miles davis"),
    ]

    forward = fold(ledger, records)
    backward = fold(WatchedLedger(), records[::-1])

    refs = [(c.entity.kind, c.entity.id) for c in forward]
    assert refs == sorted(refs) == [(c.entity.kind, c.entity.id) for c in backward]


def test_the_older_of_two_entities_survives(ledger):
    (older,) = fold(ledger, [recording(["object:a"], origin="a", title="1")])
    (newer,) = fold(ledger, [recording(["object:b"], origin="b", minutes=1, title="2")])

    changes = fold(
        ledger, [recording(["object:b", "object:a"], origin="c", minutes=2, label="x")]
    )

    outcome = {change.entity.id: change for change in changes}
    assert outcome[older.entity.id].action == "updated"
    assert outcome[newer.entity.id].action == "merged"
    assert outcome[newer.entity.id].entity.merged_into == older.entity.id


def test_an_entity_with_another_exclusive_identifier_is_left_alone(ledger):
    fold(ledger, [recording([ISRC, "object:a"], origin="a", title="1")])
    fold(ledger, [recording([OTHER, "object:b"], origin="b", title="2")])

    fold(ledger, [recording(["object:a", "object:b"], origin="c", label="x")])

    by_isrc = [ledger.books.mapping[Kind.RECORDING, key] for key in (ISRC, OTHER)]
    assert len(set(by_isrc)) == 2


def test_a_claim_that_changes_hands_is_a_changed_field(ledger):
    fold(ledger, [recording([ISRC], title="So What")])

    (change,) = fold(
        ledger, [recording([ISRC], source="person:ann", origin="e", title="So What")]
    )

    assert change.changed_fields == ("title",)
    assert change.actor == "person:ann"


def test_time_never_runs_backwards_for_an_entity(ledger):
    fold(ledger, [recording([ISRC], minutes=10, title="So What")])

    (change,) = fold(ledger, [recording([ISRC], origin="b", minutes=1, label="CBS")])

    assert change.at == change.entity.updated_at
    assert change.entity.updated_at > START.replace(minute=9)


def test_a_tenant_may_trust_in_an_order_of_its_own(ledger):
    tags_last = Trust(general=("person", "table", "tags"), per_field={})

    (change,) = fold(
        ledger,
        [
            recording([ISRC], title="From tags"),
            recording([ISRC], source="table", origin="x", title="From a table"),
        ],
        tags_last,
    )

    assert change.entity.values == {"title": "From a table"}


def test_a_tombstone_says_nothing_and_tells_what_is_gone(ledger):
    fold(ledger, [recording([ISRC], title="So What", label="CBS")])

    changes = fold(ledger, [release(["gtin:1"], version=2, title="Other")])

    gone = next(c for c in changes if c.entity.kind is Kind.RECORDING)
    assert (gone.action, gone.changed_fields) == ("deleted", ("label", "title"))
    assert gone.entity.quality == 0.0


@pytest.mark.parametrize(
    ("record", "key"),
    [
        (recording(["mb:1", ISRC]), ISRC),
        (recording(["mb:1", "object:a"]), "mb:1"),
        (release(["folder:x", "gtin:1"]), "gtin:1"),
        (said(Kind.PARTY, ["name:x", "isni:1"]), "isni:1"),
        (said(Kind.RESOURCE, ["sha256:1", "isrc:1"]), "sha256:1"),
    ],
)
def test_an_exclusive_identifier_stands_for_the_record(record, key):
    assert subject_key(record) == key


def test_a_place_holds_what_it_refers_to():
    place = said(
        Kind.TRACK_POSITION, ["p:1"], release="gtin:1", recording=ISRC, track_number=1
    )

    held = set(held_keys(place))

    assert {(Kind.RELEASE, "gtin:1"), (Kind.RECORDING, ISRC)} < held


def test_two_batches_about_one_origin_hold_something_in_common():
    one = set(held_keys(recording(["a:1"], origin="x.csv")))
    other = set(held_keys(release(["b:1"], origin="x.csv", version=2)))

    assert one & other


def test_staged_records_go_back_into_the_batches_they_were_folded_in(ledger):
    fold(ledger, [recording(["a:1"], title="1"), recording(["a:2"], title="2")])
    fold(ledger, [recording(["a:3"], title="3")])

    batches = in_batches(ledger.books.records.values())

    assert [[r.keys[0] for r in batch] for batch in batches] == [
        ["a:1", "a:2"],
        ["a:3"],
    ]


def test_a_record_without_a_batch_is_one_of_its_own():
    loose = [recording(["a:1"], title="1"), recording(["a:2"], title="2")]

    assert len(in_batches(loose)) == 2


def test_a_chain_of_merges_in_one_batch_ends_in_the_oldest(ledger):
    first = [
        recording([f"object:{n}"], origin=str(n), minutes=n, title=str(n))
        for n in range(4)
    ]
    for record in first:
        fold(ledger, [record])

    fold(
        ledger,
        [
            recording([f"object:{n + 1}", f"object:{n}"], origin=f"j{n}", minutes=9)
            for n in (2, 1, 0)
        ],
    )

    owners: set[UUID] = set(ledger.books.mapping.values())
    assert owners == {entity_id("t", Kind.RECORDING, "object:0", START)}
