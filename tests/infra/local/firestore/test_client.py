"""The real client library against a running server."""

import asyncio
import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from google.api_core import exceptions
from google.cloud import firestore
from google.cloud.firestore_v1.base_query import And, FieldFilter, Or
from google.cloud.firestore_v1.base_vector_query import DistanceMeasure
from google.cloud.firestore_v1.vector import Vector


@pytest.fixture
def tracks(db):
    return db.collection("tracks")


def _ids(documents):
    return [document.id for document in documents]


def test_every_type_of_value_comes_back_as_it_went(tracks):
    fields = {
        "null": None,
        "boolean": True,
        "integer": -(2**63),
        "double": 1.5,
        "text": "Ünï 🎵\x00",
        "bytes": b"\x00\xff",
        "moment": dt.datetime(2026, 1, 1, 2, 3, 4, 567, tzinfo=dt.UTC),
        "place": firestore.GeoPoint(1.5, -2),
        "reference": tracks.document("other"),
        "list": [1, "x", {"y": None}],
        "map": {"a.b": {"`": 1}, "empty": {}},
        "vector": Vector([1.0, 2.0]),
    }

    tracks.document("a").set(fields)
    snapshot = tracks.document("a").get()

    assert snapshot.to_dict() == fields
    assert snapshot.create_time == snapshot.update_time


def test_a_missing_document_does_not_exist(tracks):
    assert not tracks.document("absent").get().exists


def test_creating_twice_conflicts_and_updating_nothing_is_not_found(tracks):
    tracks.document("a").create({"x": 1})

    with pytest.raises(exceptions.AlreadyExists):
        tracks.document("a").create({"x": 2})
    with pytest.raises(exceptions.NotFound):
        tracks.document("absent").update({"x": 1})


def test_merges_and_updates_touch_what_they_name_alone(tracks):
    track = tracks.document("a")
    track.set({"a": {"b": 1, "c": 2}, "d": 1})

    track.set({"a": {"b": 9}}, merge=True)
    track.update({"a.c": 5, "d": firestore.DELETE_FIELD})

    assert track.get().to_dict() == {"a": {"b": 9, "c": 5}}


def test_transforms_are_computed_by_the_server(tracks):
    track = tracks.document("a")
    track.set({"plays": 1, "tags": ["x"]})

    track.update(
        {
            "plays": firestore.Increment(2),
            "tags": firestore.ArrayUnion(["x", "y"]),
            "at": firestore.SERVER_TIMESTAMP,
        }
    )

    stored = track.get().to_dict()
    assert (stored["plays"], stored["tags"]) == (3, ["x", "y"])
    assert abs(dt.datetime.now(dt.UTC) - stored["at"]) < dt.timedelta(minutes=1)


def test_a_stale_version_is_refused(db, tracks):
    track = tracks.document("a")
    first = track.set({"x": 1})
    track.set({"x": 2})
    stale = db.write_option(last_update_time=first.update_time)

    with pytest.raises(exceptions.FailedPrecondition):
        track.update({"x": 3}, option=stale)


def test_a_batch_happens_as_a_whole_or_not_at_all(db, tracks):
    bad = db.batch()
    bad.set(tracks.document("b0"), {"x": 0})
    bad.update(tracks.document("absent"), {"x": 0})
    good = db.batch()
    for i in range(50):
        good.set(tracks.document(f"g{i}"), {"x": i})

    with pytest.raises(exceptions.NotFound):
        bad.commit()
    good.commit()

    assert len(list(tracks.stream())) == 50


def test_a_bulk_writer_reports_each_write_by_itself(db, tracks):
    failed = []
    writer = db.bulk_writer()
    writer.on_write_error(
        lambda error, _: failed.append((error.code, error.operation.reference.id))
    )
    writer.set(tracks.document("a"), {"x": 1})
    writer.update(tracks.document("absent"), {"x": 1})
    writer.close()

    assert tracks.document("a").get().exists
    assert failed == [(5, "absent")]


def test_many_documents_are_got_at_once_with_the_missing_ones(db, tracks):
    tracks.document("a").set({"x": 1, "y": 2})
    asked = [tracks.document("a"), tracks.document("absent")]

    found = {each.id: each.to_dict() for each in db.get_all(asked, ["x"])}

    assert found == {"a": {"x": 1}, "absent": None}


@pytest.fixture
def numbered(tracks):
    for i in range(10):
        tracks.document(f"d{i}").set({"i": i, "kind": "ab"[i % 2], "tags": [f"t{i}"]})
    return tracks


def test_queries_filter_sort_and_cut(numbered):
    odd = FieldFilter("kind", "==", "b")
    first_or_late = Or(
        [FieldFilter("i", "==", 0), And([odd, FieldFilter("i", ">", 6)])]
    )
    third = numbered.document("d3").get()

    def ids(query):
        return _ids(query.stream())

    assert ids(numbered.where(filter=odd).order_by("i").limit(2).offset(1)) == [
        "d3",
        "d5",
    ]
    assert ids(numbered.where(filter=first_or_late)) == ["d0", "d7", "d9"]
    assert ids(numbered.order_by("i").start_after(third).limit(1)) == ["d4"]
    assert _ids(numbered.order_by("i").limit_to_last(2).get()) == ["d8", "d9"]
    any_of = FieldFilter("tags", "array_contains_any", ["t2", "t3"])
    assert ids(numbered.where(filter=any_of).select([])) == ["d2", "d3"]


def test_aggregations_count_sum_and_average(numbered):
    asked = numbered.where(filter=FieldFilter("kind", "==", "b"))

    aggregates = asked.count(alias="n").sum("i", alias="s").avg("i", alias="a").get()

    assert {each.alias: each.value for each in aggregates[0]} == {
        "n": 5,
        "s": 25,
        "a": 5.0,
    }


def test_what_lacks_an_aggregated_field_is_not_counted_with_it(tracks):
    tracks.document("whole").set({"x": 1, "y": 1})
    tracks.document("half").set({"x": 5})

    (both,) = tracks.count(alias="n").sum("x", alias="s").avg("y", alias="a").get()
    (alone,) = tracks.count(alias="n").get()

    assert {each.alias: each.value for each in both} == {"n": 1, "s": 1, "a": 1.0}
    assert alone[0].value == 2


def test_neighbours_of_a_vector_are_found(tracks):
    for key, members in {"near": [1.0, 0.1], "far": [0.0, 1.0]}.items():
        tracks.document(key).set({"v": Vector(members)})

    found = tracks.find_nearest(
        vector_field="v",
        query_vector=Vector([1.0, 0.0]),
        distance_measure=DistanceMeasure.COSINE,
        limit=1,
        distance_result_field="d",
    ).get()

    assert _ids(found) == ["near"]
    assert found[0].get("d") == pytest.approx(0.00496, abs=1e-4)


def test_collections_groups_and_missing_parents_are_listed(db, tracks):
    tracks.document("ghost").collection("parts").document("p").set({"x": 1})
    tracks.document("a").set({"x": 1})

    assert _ids(db.collections()) == ["tracks"]
    assert sorted(_ids(tracks.list_documents(page_size=1))) == ["a", "ghost"]
    assert _ids(tracks.document("ghost").collections()) == ["parts"]
    assert _ids(db.collection_group("parts").stream()) == ["p"]
    assert _ids(tracks.stream()) == ["a"]


def test_a_group_is_cut_into_partitions_that_make_up_the_whole(db, tracks):
    for i in range(10):
        tracks.document(str(i)).set({"i": i})

    partitions = list(db.collection_group("tracks").get_partitions(3))

    found = [_ids(part.query().stream()) for part in partitions]
    assert len(found) == 4
    assert [each for part in found for each in part] == [str(i) for i in range(10)]


def test_a_whole_tree_is_deleted(db, tracks):
    tracks.document("a").collection("parts").document("p").set({"x": 1})
    tracks.document("b").set({"x": 1})

    db.recursive_delete(tracks)

    assert list(db.collections()) == []


def test_contended_transactions_all_succeed_and_lose_no_update(db, tracks):
    track = tracks.document("a")
    track.set({"n": 0})

    @firestore.transactional
    def increment(transaction):
        count = track.get(transaction=transaction).get("n")
        transaction.update(track, {"n": count + 1})

    def worker(_):
        for _ in range(5):
            # Five tries, the client's own measure, are few on a busy machine.
            increment(db.transaction(max_attempts=30))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(worker, range(8)))

    assert track.get().get("n") == 40


def test_a_transaction_is_tried_again_when_its_reads_changed(db, tracks):
    track = tracks.document("a")
    track.set({"n": 0})
    seen = []

    @firestore.transactional
    def increment(transaction):
        seen.append(track.get(transaction=transaction).get("n"))
        if len(seen) == 1:
            track.update({"n": 100})
        transaction.update(track, {"n": seen[-1] + 1})

    increment(db.transaction())

    assert seen == [0, 100]
    assert track.get().get("n") == 101


class _Seen:
    """What a listener was told, waited for."""

    def __init__(self):
        self.snapshots = []
        self._changed = threading.Condition()

    def __call__(self, documents, changes, read_time):
        with self._changed:
            names = [(change.type.name, change.document.id) for change in changes]
            self.snapshots.append((sorted(_ids(documents)), names))
            self._changed.notify_all()

    def wait_for(self, documents):
        with self._changed:
            assert self._changed.wait_for(
                lambda: self.snapshots and self.snapshots[-1][0] == documents, 10
            ), self.snapshots


def test_a_listener_on_a_query_is_told_of_every_change(tracks):
    seen = _Seen()
    ready = tracks.where(filter=FieldFilter("state", "==", "ready"))

    watch = ready.on_snapshot(seen)
    seen.wait_for([])
    tracks.document("a").set({"state": "ready"})
    seen.wait_for(["a"])
    tracks.document("a").update({"state": "done"})
    seen.wait_for([])
    watch.unsubscribe()

    changes = [names for _, names in seen.snapshots]
    assert changes == [[], [("ADDED", "a")], [("REMOVED", "a")]]


def test_a_listener_with_a_limit_sees_the_window_move(tracks):
    seen = _Seen()
    for i in range(3):
        tracks.document(f"d{i}").set({"i": i})

    watch = tracks.order_by("i", direction="DESCENDING").limit(2).on_snapshot(seen)
    seen.wait_for(["d1", "d2"])
    tracks.document("d9").set({"i": 9})
    seen.wait_for(["d2", "d9"])
    tracks.document("d2").delete()
    seen.wait_for(["d1", "d9"])
    watch.unsubscribe()


def test_a_listener_on_a_document_sees_it_come_and_go(tracks):
    seen = _Seen()

    watch = tracks.document("a").on_snapshot(seen)
    tracks.document("a").set({"x": 1})
    seen.wait_for(["a"])
    tracks.document("a").delete()
    seen.wait_for([])
    watch.unsubscribe()


def test_the_asynchronous_client_works_as_well(running, connected, db):
    async def run():
        client = connected(running.address, db.project, firestore.AsyncClient)
        tracks = client.collection("tracks")
        await tracks.document("a").set({"x": 1})
        return [each.id async for each in tracks.stream()]

    assert asyncio.run(run()) == ["a"]
