"""What was acknowledged is there after `kill -9`, and a start takes no time."""

import threading
import time

import pytest
from google.api_core import exceptions

from tests.infra.local.firestore.servers import server


def test_a_killed_server_loses_nothing_that_it_acknowledged(connected, tmp_path):
    acknowledged = []
    with server(tmp_path) as first:
        tracks = connected(first.address).collection("tracks")

        def write():
            for i in range(100_000):
                batch = tracks._client.batch()
                batch.set(tracks.document(f"a{i}"), {"i": i})
                batch.set(tracks.document(f"b{i}"), {"i": i})
                batch.commit(retry=None, timeout=2)
                acknowledged.append(i)

        def until_the_server_dies():
            with pytest.raises(exceptions.GoogleAPICallError):
                write()

        writer = threading.Thread(target=until_the_server_dies)
        writer.start()
        while len(acknowledged) < 100:
            time.sleep(0.005)
        first.kill()
        writer.join()

    with server(tmp_path) as second:
        tracks = connected(second.address).collection("tracks")
        found = {document.id for document in tracks.stream()}

    assert found >= {f"{half}{i}" for i in acknowledged for half in "ab"}
    assert {key[1:] for key in found if key[0] == "a"} == {
        key[1:] for key in found if key[0] == "b"
    }


def test_a_listener_goes_on_over_a_restart(connected, tmp_path):
    seen = []
    changed = threading.Condition()

    def told(documents, *_):
        with changed:
            seen.append(sorted(document.id for document in documents))
            changed.notify_all()

    def wait_for(documents):
        with changed:
            assert changed.wait_for(lambda: seen and seen[-1] == documents, 15), seen

    with server(tmp_path) as first:
        port = int(first.address.rpartition(":")[2])
        tracks = connected(first.address).collection("tracks")
        tracks.document("a").set({"x": 1})
        watch = tracks.on_snapshot(told)
        wait_for(["a"])
        first.kill()
    with server(tmp_path, port=port):
        tracks.document("b").set({"x": 1}, timeout=10)
        wait_for(["a", "b"])
        watch.unsubscribe()
