import json
import resource
import subprocess
import sys
from uuid import UUID

import pytest

from shared.domain.decisions import ExportStatus
from shared.domain.errors import NotFoundError, TransientError
from shared.domain.fields import FIELDS
from tests.functions.export.reading import READERS


@pytest.mark.parametrize("form", READERS)
def test_every_entry_is_a_row_by_id(world, entry, form):
    world.lists.entries = [entry(number) for number in range(1, 1203)]

    world.exporter.export(world.request(form))

    rows = READERS[form](world.content())
    assert [row["id"] for row in rows] == [str(UUID(int=n)) for n in range(1, 1203)]
    assert len(world.lists.asked) == 3


def test_an_export_is_done_and_announced(world, entry):
    world.lists.entries = [entry(1), entry(2)]

    world.exporter.export(world.request("csv"))

    done = world.found()
    assert done.status is ExportStatus.DONE
    assert done.object_name == f"a-label/{UUID(int=7)}/recording-2026-01-01.csv"
    assert (done.row_count, done.size_bytes) == (2, len(world.content()))
    assert done.finished_at is not None
    (event,) = world.announced()
    assert event["type"] == "export.completed.v1"
    assert event["data"] == {
        "export_id": str(done.id),
        "status": "done",
        "row_count": 2,
    }
    assert world.relayed == ["a-label"]


def test_all_fields_of_the_kind_have_a_column(world, entry):
    world.lists.entries = [entry(1)]

    world.exporter.export(world.request())

    (row,) = READERS["jsonl"](world.content())
    fields = tuple(FIELDS[world.found().kind])
    assert tuple(row) == ("id", "version", *fields, "quality", "updated_at")


def test_only_the_fields_asked_for_are_told_in_their_order(world, entry):
    world.lists.entries = [entry(1, isrc="USSM15900113", label="Columbia")]

    world.exporter.export(world.request(fields=("isrc", "title")))

    (row,) = READERS["jsonl"](world.content())
    assert tuple(row) == ("id", "version", "isrc", "title", "quality", "updated_at")
    assert row["isrc"] == "USSM15900113"


def test_provenance_stands_beside_each_value(world, entry):
    why = {"title": {"source": "tags", "confidence": 0.9, "locked": False}}
    world.lists.entries = [entry(1, provenance=why)]

    world.exporter.export(world.request(fields=("title", "isrc", "+provenance")))

    (row,) = READERS["jsonl"](world.content())
    assert list(row.items())[2:8] == [
        ("title", "Title 1"),
        ("title__source", "tags"),
        ("title__confidence", 0.9),
        ("isrc", None),
        ("isrc__source", None),
        ("isrc__confidence", None),
    ]


def test_filters_reach_the_query(world, entry):
    world.lists.entries = [entry(1, title="So What"), entry(2, title="Blue in Green")]

    world.exporter.export(world.request(filters={"title": "Blue"}))

    assert [r["title"] for r in READERS["jsonl"](world.content())] == ["Blue in Green"]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"filters": {"colour": "blue"}}, "no such filter"),
        ({"fields": ("colour",)}, "no such field"),
    ],
)
def test_what_cannot_be_written_fails_with_a_reason(world, asked, message):
    world.exporter.export(world.request(**asked))

    failed = world.found()
    assert failed.status is ExportStatus.FAILED
    assert failed.reason["code"] == "invalid-input"
    assert failed.reason["message"] == message
    assert json.dumps(failed.to_json())
    assert [event["data"]["status"] for event in world.announced()] == ["failed"]
    assert list(world.store.list()) == []


def test_redelivery_writes_and_announces_nothing_more(world, entry):
    world.lists.entries = [entry(1)]
    event = world.request()
    world.exporter.export(event)
    first = world.store.stat(world.found().object_name)

    world.exporter.export(event)

    assert world.store.stat(first.name) == first
    assert len(world.announced()) == 1


def test_an_unknown_export_is_refused(world):
    event = world.request().model_copy(update={"export_id": UUID(int=8)})

    with pytest.raises(NotFoundError):
        world.exporter.export(event)


def test_an_outage_midway_leaves_nothing_and_the_next_try_all(world, entry):
    world.lists.entries = [entry(number) for number in range(1, 1203)]
    world.lists.fail_at, world.lists.failure = 3, TransientError("away")
    event = world.request()

    with pytest.raises(TransientError):
        world.exporter.export(event)

    assert world.found().status is ExportStatus.REQUESTED
    assert list(world.store.list()) == []
    assert world.announced() == []
    world.exporter.export(event)
    assert len(READERS["jsonl"](world.content())) == 1202


_KILLED = """
import sys, time
from pathlib import Path
from shared.adapters.local import LocalObjectStore
store = LocalObjectStore(Path(sys.argv[1]))
with store.open_writer(sys.argv[2], content_type="text/csv") as stream:
    stream.write(b"half")
    stream.flush()
    print("midway", flush=True)
    time.sleep(60)
"""


def test_a_writer_killed_midway_leaves_one_whole_file_after_redelivery(
    world, entry, tmp_path
):
    world.lists.entries = [entry(1)]
    event = world.request("csv")
    name = f"a-label/{event.export_id}/recording-2026-01-01.csv"
    command = [sys.executable, "-c", _KILLED, str(tmp_path), name]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        process.kill()
    assert list(world.store.list()) == []

    world.exporter.export(event)

    assert [stat.name for stat in world.store.list()] == [name]
    assert len(READERS["csv"](world.content())) == 1


def test_a_hundred_thousand_rows_take_little_memory(world, entry):
    class Endless:
        def page(self, tenant_id, kind, query):
            start = int(query.after[0]) if query.after else 0
            items = [
                json.dumps(entry(start + n, comment="x" * 200)) for n in range(500)
            ]
            last = start + len(items)
            return type(world.lists.page("a-label", kind, query))(
                items, (str(last),) if last < 100_000 else ()
            )

    exporter = type(world.exporter)(
        world.catalog, Endless(), world.store, world.exporter.clock, lambda _: None
    )
    event = world.request("csv", fields=("title", "comment"))
    before_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    exporter.export(event)

    grown_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kib
    assert world.found().row_count == 100_000
    assert grown_kib < 64 * 1024
