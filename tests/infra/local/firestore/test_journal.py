import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.local.firestore import journal as journals
from infra.local.firestore.database import Database
from infra.local.firestore.messages import Write
from shared.domain.errors import ConflictError, UnreadableFileError
from tests.infra.local.firestore.made import deleted, written


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "journal.log"


def _state(database):
    return {
        record.name: record.document.SerializeToString(deterministic=True)
        for record in database.documents
    }


@pytest.fixture
def opened():
    """Return what opens a database, which is closed when the test ends."""
    databases = []

    def open_(path):
        for database in databases:
            database.close()
        databases.append(Database(path))
        return databases[-1]

    yield open_
    for database in databases:
        database.close()


def test_a_restart_finds_everything_as_it_was(opened, path):
    database = opened(path)
    database.commit([written("c/a", x=1), written("c/b", x={"y": [1, "ä"]})])
    database.commit([written("c/a", x=2), deleted("c/b"), written("d/e", z=None)])
    before = _state(database)

    restarted = opened(path)

    assert _state(restarted) == before


def test_times_go_on_where_they_were(opened, path, monkeypatch):
    database = opened(path)
    _, before_us = database.commit([written("c/a", x=1)])
    monkeypatch.setattr(time, "time_ns", lambda: 0)

    restarted = opened(path)

    assert restarted.commit([written("c/a", x=2)])[1] > before_us


_COMMITS = st.lists(
    st.lists(
        st.one_of(
            st.builds(written, st.sampled_from(["c/a", "c/b"]), x=st.integers(0, 3)),
            st.sampled_from(["c/a", "c/b"]).map(deleted),
        ),
        min_size=1,
        max_size=3,
    ),
    min_size=1,
    max_size=4,
)


@given(_COMMITS, st.data())
def test_a_journal_torn_anywhere_holds_whole_commits(tmp_path_factory, commits, data):
    path = tmp_path_factory.mktemp("torn") / "journal.log"
    database = Database(path)
    states = [_state(database)]
    for commit in commits:
        database.commit(commit)
        states.append(_state(database))
    database.close()
    content = path.read_bytes()
    kept = data.draw(st.integers(len(journals._MAGIC), len(content)))
    path.write_bytes(content[:kept])

    restarted = Database(path)
    found = _state(restarted)
    restarted.commit([written("c/after", x=1)])
    after = _state(restarted)
    restarted.close()
    again = Database(path)
    again.close()

    assert found in states
    assert _state(again) == after


def test_a_damaged_entry_is_not_passed_over(path):
    database = Database(path)
    database.commit([written("c/a", text="first")])
    database.commit([written("c/b", text="second")])
    database.close()
    path.write_bytes(path.read_bytes().replace(b"first", b"FIRST"))

    with pytest.raises(UnreadableFileError, match="damaged"):
        Database(path)


def test_another_file_is_no_journal(path):
    path.parent.mkdir(parents=True)
    path.write_text("something else")

    with pytest.raises(UnreadableFileError, match="not a journal"):
        Database(path)


def test_two_databases_cannot_have_one_journal(path):
    first = Database(path)

    with pytest.raises(ConflictError, match="another process"):
        Database(path)

    first.close()
    Database(path).close()


def test_compaction_keeps_the_state_and_drops_the_rest(opened, path):
    database = opened(path)
    for i in range(200):
        database.commit([written("c/a", x=i, text="t" * 100)])
    before, size_bytes = _state(database), path.stat().st_size

    database.compact()
    database.commit([written("c/b", x=1)])

    assert path.stat().st_size < size_bytes / 10
    after = _state(database)
    assert after.items() > before.items()
    assert _state(opened(path)) == after


def test_a_journal_mostly_out_of_date_compacts_itself(opened, path, monkeypatch):
    monkeypatch.setattr(journals, "_SMALL_BYTES", 2000)
    database = opened(path)

    for i in range(200):
        database.commit([written("c/a", x=i, text="t" * 100)])

    assert path.stat().st_size < 2500
    before = _state(database)
    assert _state(opened(path)) == before


def test_ten_thousand_documents_are_there_within_half_a_second(opened, path):
    database = opened(path)
    template = written("c/a", title="So What", i=1, tags=["a", "b"])
    for start in range(0, 10_000, 500):
        writes = [Write(update=template.update) for _ in range(500)]
        for i, write in enumerate(writes, start=start):
            write.update.name += str(i)
        database.commit(writes)
    database.close()

    started_s = time.perf_counter()
    restarted = opened(path)

    assert time.perf_counter() - started_s < 0.5
    assert len(restarted.documents) == 10_000
