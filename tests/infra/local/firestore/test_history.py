from infra.local.firestore.documents import Record
from infra.local.firestore.history import Change, History
from tests.infra.local.firestore.made import document

_ONE, _TWO, _THREE = (Record(document("c/a", x=i)) for i in range(3))


def test_changes_of_one_document_add_up():
    history = History(0)
    history.add(10, [Change("a", None, _ONE)])
    history.add(20, [Change("a", _ONE, _TWO), Change("b", None, _THREE)])
    history.add(30, [Change("a", _TWO, None)])

    assert history.since(5) is not None
    assert {c.name: (c.before, c.after) for c in history.since(10)} == {
        "a": (_ONE, None),
        "b": (None, _THREE),
    }
    assert history.since(30) == []


def test_nothing_is_told_of_the_time_before_it_began():
    assert History(100).since(99) is None
    assert History(100).since(100) == []


def test_what_is_forgotten_cannot_be_resumed_from():
    history = History(0, kept=2)
    for at_us in (10, 20, 30):
        history.add(at_us, [Change("a", _ONE, _TWO)])

    assert history.since(9) is None
    assert len(history.since(10)) == 1


def test_large_documents_are_forgotten_sooner():
    large = Record(document("c/a", text="t" * 1000))
    history = History(0, kept_bytes=2500)
    for at_us in (10, 20, 30):
        history.add(at_us, [Change("a", large, _ONE)])

    assert history.since(9) is None
    assert len(history.since(10)) == 1


def test_a_commit_forgotten_in_part_is_forgotten():
    history = History(0, kept=1)
    history.add(10, [Change("a", None, _ONE), Change("b", None, _TWO)])

    assert history.since(9) is None
    assert history.since(10) == []
