from shared.adapters.mirrors import newest_of_each, reduced
from shared.ports.document_store import Mirror


def test_of_each_path_the_newest_is_kept_in_the_order_of_first_sight():
    told = [
        Mirror("a/1", 2, {}),
        Mirror("a/2", 1, {}),
        Mirror("a/1", 3, None),
        Mirror("a/1", 1, {}),
    ]

    assert newest_of_each(told) == [Mirror("a/1", 3, None), Mirror("a/2", 1, {})]


def test_what_is_reduced_keeps_what_is_short_and_says_so():
    content = {"id": "1", "version": 3, "comment": "x" * 201, "list": [], "gone": None}

    assert reduced(content) == {
        "id": "1",
        "version": 3,
        "gone": None,
        "oversized": True,
    }
