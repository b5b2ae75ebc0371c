"""Staging and folding: what every catalog promises."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from shared.domain.claims import Claim, Kind, canonical_json
from tests.contract.statements import START, edit, party, recording, release, said

FILE = "object:gs://up/t/so-what.flac"
ISRC = "isrc:USSM15900113"


def stage(catalog, tenant, *records):
    with catalog.transaction(tenant) as tx:
        return tx.stage(records)


def found(catalog, tenant, key, kind=Kind.RECORDING):
    with catalog.transaction(tenant) as tx:
        entity_id = tx.find(kind, key)
        return None if entity_id is None else tx.entity(kind, entity_id)


def test_what_is_staged_is_found_by_each_of_its_keys(any_catalog, at):
    stage(any_catalog, at, recording([ISRC, FILE], title="So What"))

    assert found(any_catalog, at, ISRC).values == {"title": "So What"}
    assert found(any_catalog, at, FILE) == found(any_catalog, at, ISRC)


def test_an_unknown_key_belongs_to_nothing(any_catalog, at):
    assert found(any_catalog, at, "isrc:USXXX0000001") is None


def test_an_unknown_id_is_no_entity(any_catalog, at):
    with any_catalog.transaction(at) as tx:
        assert tx.entity(Kind.RECORDING, uuid4()) is None


def test_a_new_entity_is_version_one_and_tells_when_it_came(any_catalog, at):
    (change,) = stage(any_catalog, at, recording([ISRC], title="So What"))

    assert (change.action, change.actor) == ("created", "tags")
    assert change.entity.version == 1
    assert change.entity.created_at == change.entity.updated_at == START
    assert change.changed_fields == ("title",)


def test_what_is_read_back_is_what_the_change_said(any_catalog, at):
    (change,) = stage(
        any_catalog,
        at,
        recording([ISRC], title='Só 音 \\ "x" 1e+22', bpm=136.08, energy=1e-07),
    )

    assert found(any_catalog, at, ISRC) == change.entity


def test_numbers_come_back_as_they_went_in(any_catalog, at):
    values = {"a": 1e16, "b": 120.0, "c": 0.1, "d": 12, "e": -1.5e300, "f": 1e-9}
    raw = {**values, "text": 'a "1e+16" in words', "none": None, "list": [True, 2.0]}
    record = replace(recording([ISRC], title="So What"), raw=raw)

    stage(any_catalog, at, record)

    with any_catalog.transaction(at) as tx:
        (kept,) = tx.staged("tags", record.origin)
    assert canonical_json(kept.raw) == canonical_json(raw)


def test_times_are_kept_to_the_microsecond_in_utc(any_catalog, at):
    moment = datetime(2026, 2, 28, 23, 59, 59, 999_999, tzinfo=UTC)
    record = replace(recording([ISRC], title="So What"), received_at=moment)

    stage(any_catalog, at, record)

    entity = found(any_catalog, at, ISRC)
    assert entity.created_at == moment
    assert entity.created_at.isoformat() == "2026-02-28T23:59:59.999999+00:00"


def test_staging_the_same_twice_changes_nothing(any_catalog, at):
    stage(any_catalog, at, recording([ISRC], title="So What"))

    again = stage(any_catalog, at, recording([ISRC], title="So What"))

    assert again == ()
    assert found(any_catalog, at, ISRC).version == 1


def test_a_record_twice_in_one_batch_counts_once(any_catalog, at):
    record = recording([ISRC], title="So What")

    changes = stage(any_catalog, at, record, record)

    assert len(changes) == 1
    with any_catalog.transaction(at) as tx:
        assert len(tx.staged("tags", record.origin)) == 1


def test_staging_nothing_is_nothing(any_catalog, at):
    assert stage(any_catalog, at) == ()


def test_a_record_of_the_same_key_adds_to_the_same_entity(any_catalog, at):
    stage(any_catalog, at, recording([ISRC], title="So What"))

    (change,) = stage(
        any_catalog, at, recording([ISRC], source="table", origin="x.csv", label="CBS")
    )

    assert change.action == "updated"
    assert change.entity.values == {"title": "So What", "label": "CBS"}
    assert change.entity.version == 2


def test_a_record_that_says_nothing_new_but_agrees_is_an_update(any_catalog, at):
    stage(any_catalog, at, recording([ISRC], title="So What"))

    (change,) = stage(
        any_catalog, at, recording([ISRC], source="table", origin="x", title="So What")
    )

    assert change.entity.provenance["title"]["agreeing"] == 2


def test_two_entities_that_a_record_connects_become_one(any_catalog, at):
    (older,) = stage(any_catalog, at, recording([FILE], origin="a", title="So What"))
    (newer,) = stage(
        any_catalog, at, recording([ISRC], origin="b", minutes=1, label="CBS")
    )

    stage(any_catalog, at, recording([ISRC, FILE], origin="c", minutes=2, bpm=136.0))

    joined = found(any_catalog, at, ISRC)
    assert joined.id == older.entity.id
    assert joined.values == {"title": "So What", "label": "CBS", "bpm": 136.0}
    with any_catalog.transaction(at) as tx:
        tombstone = tx.entity(Kind.RECORDING, newer.entity.id)
    assert tombstone.merged_into == older.entity.id
    assert tombstone.values == {}


def test_a_merge_is_told_as_one_and_all_keys_follow(any_catalog, at):
    stage(any_catalog, at, recording([FILE], origin="a", title="So What"))
    stage(any_catalog, at, recording([ISRC, "mb:1"], origin="b", minutes=1, label="X"))

    changes = stage(any_catalog, at, recording([ISRC, FILE], origin="c", minutes=2))

    assert sorted(change.action for change in changes) == ["merged", "updated"]
    assert found(any_catalog, at, "mb:1") == found(any_catalog, at, FILE)


def test_merging_in_the_batch_that_creates_leaves_one_entity(any_catalog, at):
    changes = stage(
        any_catalog,
        at,
        recording([FILE], origin="a", title="So What"),
        recording([ISRC], origin="b", label="CBS"),
        recording([ISRC, FILE], origin="c", bpm=136.0),
    )

    assert [change.action for change in changes] == ["created"]
    assert len(found(any_catalog, at, ISRC).values) == 3


def test_two_isrcs_are_never_merged(any_catalog, at):
    other = "isrc:USSM15900114"
    stage(any_catalog, at, recording([ISRC, FILE], origin="a", title="So What"))

    stage(any_catalog, at, recording([other, FILE], origin="b", title="Freddie"))

    assert found(any_catalog, at, ISRC).values == {"title": "So What"}
    assert found(any_catalog, at, other).values == {"title": "Freddie"}


def test_a_record_is_about_its_own_isrc_even_if_a_stronger_key_is_taken(
    any_catalog, at
):
    other = "isrc:USSM15900114"
    stage(any_catalog, at, recording(["mb:1", ISRC], origin="a", title="So What"))

    stage(any_catalog, at, recording(["mb:1", other], origin="b", title="Freddie"))

    assert found(any_catalog, at, other).values == {"title": "Freddie"}
    assert found(any_catalog, at, "mb:1").values == {"title": "So What"}


def test_kinds_do_not_share_keys(any_catalog, at):
    stage(
        any_catalog,
        at,
        recording(["x:1"], title="So What"),
        release(["x:1"], title="Kind of Blue"),
    )

    assert found(any_catalog, at, "x:1").values == {"title": "So What"}
    assert found(any_catalog, at, "x:1", Kind.RELEASE).values == {
        "title": "Kind of Blue"
    }


def test_a_new_version_of_an_origin_replaces_what_it_said(any_catalog, at):
    stage(any_catalog, at, recording([FILE], title="So Waht", label="CBS"))

    stage(any_catalog, at, recording([FILE], version=2, minutes=1, title="So What"))

    assert found(any_catalog, at, FILE).values == {"title": "So What"}


def test_an_old_version_that_comes_late_changes_nothing(any_catalog, at):
    stage(any_catalog, at, recording([FILE], version=2, minutes=1, title="So What"))

    late = stage(any_catalog, at, recording([FILE], version=1, title="So Waht"))

    assert late == ()
    assert found(any_catalog, at, FILE).values == {"title": "So What"}


def test_what_a_new_version_no_longer_speaks_of_is_deleted(any_catalog, at):
    stage(
        any_catalog,
        at,
        recording(["row:1"], origin="x.csv", title="So What"),
        recording(["row:2"], origin="x.csv", title="Freddie"),
    )

    changes = stage(
        any_catalog,
        at,
        recording(["row:1"], origin="x.csv", version=2, minutes=1, title="So What!"),
    )

    assert {change.action for change in changes} == {"updated", "deleted"}
    gone = found(any_catalog, at, "row:2")
    assert gone.deleted_at is not None
    assert gone.merged_into is None


def test_a_new_version_in_parts_deletes_only_once(any_catalog, at):
    stage(
        any_catalog,
        at,
        recording(["row:1"], origin="x.csv", title="So What"),
        recording(["row:2"], origin="x.csv", title="Freddie"),
    )
    row = {"origin": "x.csv", "version": 2, "minutes": 1}

    stage(any_catalog, at, recording(["row:1"], **row, title="So What"))
    second = stage(any_catalog, at, recording(["row:2"], **row, title="Freddie"))

    assert [change.action for change in second] == ["created"]
    assert found(any_catalog, at, "row:1").deleted_at is None
    assert found(any_catalog, at, "row:2").deleted_at is None


def test_a_deleted_entity_that_is_spoken_of_again_comes_back(any_catalog, at):
    stage(any_catalog, at, recording(["row:1"], origin="x", title="So What"))
    stage(any_catalog, at, recording(["row:9"], origin="x", version=2, title="Other"))
    assert found(any_catalog, at, "row:1").deleted_at

    stage(any_catalog, at, recording(["row:1"], origin="y", minutes=3, title="Back"))

    back = found(any_catalog, at, "row:1")
    assert (back.values, back.deleted_at, back.version) == ({"title": "Back"}, None, 3)


def test_an_edit_survives_whatever_comes_after(any_catalog, at):
    stage(any_catalog, at, recording([FILE], title="So Waht"))
    stage(any_catalog, at, edit(FILE, 1, title="So What"))

    stage(any_catalog, at, recording([FILE], version=2, minutes=99, title="SO WAHT"))

    entity = found(any_catalog, at, FILE)
    assert entity.values == {"title": "So What"}
    assert entity.provenance["title"]["locked"] is True


def test_taking_an_edit_back_lets_the_sources_speak_again(any_catalog, at):
    stage(any_catalog, at, recording([FILE], title="So What"))
    stage(any_catalog, at, edit(FILE, 1, title="Changed"))
    back = replace(
        edit(FILE, 2), claims=(Claim("title", None, locked=True, withdrawn=True),)
    )

    stage(any_catalog, at, back)

    assert found(any_catalog, at, FILE).values == {"title": "So What"}


def test_an_entity_can_be_addressed_by_its_id(any_catalog, at):
    (change,) = stage(any_catalog, at, recording([FILE], title="So What"))

    stage(any_catalog, at, edit(f"id:{change.entity.id}", 1, label="CBS"))

    assert found(any_catalog, at, FILE).values["label"] == "CBS"


def test_standing_records_leave_out_what_was_replaced(any_catalog, at):
    stage(any_catalog, at, recording([FILE], title="One"))
    (change,) = stage(any_catalog, at, recording([FILE], version=2, title="Two"))
    ref = (Kind.RECORDING, change.entity.id)

    with any_catalog.transaction(at) as tx:
        standing, history = tx.records(*ref), tx.history(*ref)

    assert [record.origin_version for record in standing] == [2]
    assert [record.origin_version for record in history] == [1, 2]


def test_staged_records_of_an_origin_are_those_of_its_newest_version(any_catalog, at):
    record = recording([FILE], title="One")
    stage(any_catalog, at, record)
    stage(any_catalog, at, replace(record, origin_version=3))

    with any_catalog.transaction(at) as tx:
        (newest,) = tx.staged("tags", record.origin)

    assert newest.origin_version == 3
    assert newest.record_id == replace(record, origin_version=3).record_id
    assert newest.checksum == record.checksum


def test_an_origin_that_was_never_read_has_no_records(any_catalog, at):
    with any_catalog.transaction(at) as tx:
        assert list(tx.staged("tags", "gs://up/t/none.flac")) == []


def test_credits_with_places_and_parties_fold_together(any_catalog, at):
    artists = [{"name": "Miles Davis", "role": "MainArtist"}]
    changes = stage(
        any_catalog,
        at,
        recording([ISRC], title="So What", artists=artists),
        release(["gtin:1"], title="Kind of Blue", artists=artists),
        said(Kind.TRACK_POSITION, ["position:1"], release="gtin:1", recording=ISRC),
        party("Miles Davis", "miles davis"),
    )

    assert [change.entity.kind for change in changes] == sorted(
        [Kind.RECORDING, Kind.RELEASE, Kind.TRACK_POSITION, Kind.PARTY]
    )


def test_an_error_leaves_nothing_behind(any_catalog, at):
    def broken():
        with any_catalog.transaction(at) as tx:
            tx.stage([recording([ISRC], title="So What")])
            tx.first_sight("extract", uuid4())
            raise LookupError("halfway")

    with pytest.raises(LookupError):
        broken()

    assert found(any_catalog, at, ISRC) is None
    assert any_catalog.drain(at, [].extend) == 0


def test_tenants_do_not_see_one_another(any_catalog, at, elsewhere):
    stage(any_catalog, at, recording([ISRC], title="So What"))

    stage(any_catalog, elsewhere, recording([ISRC], title="Theirs"))

    assert found(any_catalog, at, ISRC).values == {"title": "So What"}
    assert found(any_catalog, elsewhere, ISRC).values == {"title": "Theirs"}
    assert found(any_catalog, at, ISRC).id != found(any_catalog, elsewhere, ISRC).id


def test_a_registered_tenant_exists_and_another_does_not(any_catalog, at):
    with any_catalog.transaction(at) as tx:
        assert tx.tenant_exists()

    with any_catalog.transaction("nobody") as tx:
        assert not tx.tenant_exists()


def test_several_stagings_in_one_transaction_build_on_each_other(any_catalog, at):
    with any_catalog.transaction(at) as tx:
        tx.stage([recording([ISRC], origin="a", title="So What")])
        (second,) = tx.stage([recording([ISRC], origin="b", label="CBS")])

    assert second.entity.version == 2
    assert found(any_catalog, at, ISRC) == second.entity
