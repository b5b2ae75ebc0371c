import pytest

from infra.local.firestore import transactions
from infra.local.firestore.database import Database
from infra.local.firestore.errors import StatusError
from infra.local.firestore.messages import request_class
from tests.infra.local.firestore.made import (
    deleted,
    field_filter,
    name,
    query,
    written,
)


def _options(**mode):
    return request_class("BeginTransaction")(options=mode).options


@pytest.fixture
def database():
    database = Database()
    database.commit([written("c/a", x=1)])
    return database


@pytest.fixture
def transaction_id(database):
    return database.transactions.begin(_options(read_write={}))


def _commit_code(database, transaction_id, *writes):
    with pytest.raises(StatusError) as caught:
        database.commit(writes, transaction_id)
    return caught.value.code.name


def test_an_undisturbed_transaction_commits(database, transaction_id):
    database.read(name("c/a"), database.transactions.get(transaction_id))

    database.commit([written("c/a", x=2)], transaction_id)

    assert database.documents.get(name("c/a")).document.fields["x"].integer_value == 2


@pytest.mark.parametrize(
    ("read", "between"),
    [
        ("c/a", written("c/a", x=9)),
        ("c/a", deleted("c/a")),
        ("c/absent", written("c/absent", x=9)),
    ],
)
def test_a_document_read_and_changed_aborts(database, transaction_id, read, between):
    database.read(name(read), database.transactions.get(transaction_id))
    database.commit([between])

    code = _commit_code(database, transaction_id, written("c/b", x=2))

    assert code == "ABORTED"
    assert database.documents.get(name("c/b")) is None


@pytest.mark.parametrize("between", [written("c/new", x=1), written("c/a", x=1, y=2)])
def test_a_changed_query_result_aborts(database, transaction_id, between):
    asked = query("c", where=field_filter("x", "EQUAL", 1))
    database.run(asked, database.transactions.get(transaction_id))
    database.commit([between])

    assert _commit_code(database, transaction_id, written("c/b")) == "ABORTED"


def test_changes_elsewhere_do_not_disturb(database, transaction_id):
    transaction = database.transactions.get(transaction_id)
    database.read(name("c/a"), transaction)
    database.run(query("c", where=field_filter("x", "EQUAL", 1)), transaction)
    database.commit([written("c/b", x=5), written("d/a", x=1)])

    database.commit([written("c/a", x=2)], transaction_id)

    assert database.documents.get(name("c/a")).document.fields["x"].integer_value == 2


def test_a_transaction_ends_with_its_commit(database, transaction_id):
    database.commit([], transaction_id)

    assert _commit_code(database, transaction_id) == "INVALID_ARGUMENT"


def test_a_read_only_transaction_may_not_write(database):
    transaction_id = database.transactions.begin(_options(read_only={}))

    code = _commit_code(database, transaction_id, written("c/b", x=2))

    assert code == "INVALID_ARGUMENT"


def test_transactions_expire(database, transaction_id, monkeypatch):
    monkeypatch.setattr(transactions, "_MAX_AGE_S", -1)

    database.transactions.begin(_options(read_write={}))

    assert _commit_code(database, transaction_id) == "INVALID_ARGUMENT"
