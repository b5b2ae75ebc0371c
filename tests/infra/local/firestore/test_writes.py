import datetime as dt

import pytest
from hypothesis import given

from infra.local.firestore.database import Database
from infra.local.firestore.errors import StatusError
from infra.local.firestore.messages import Write
from infra.local.firestore.writes import verification
from tests.infra.local.firestore.made import (
    SCALARS,
    deleted,
    document,
    name,
    value,
    written,
)


@pytest.fixture
def database():
    return Database()


def _fields(database, path="c/a"):
    record = database.documents.get(name(path))
    return None if record is None else record.document.fields


def _transformed(**transforms):
    write = written("c/a")
    write.update_mask.SetInParent()
    for kind, operand in transforms.items():
        write.update_transforms.add(field_path="x", **{kind: operand})
    return write


def _refusal(database, *writes):
    with pytest.raises(StatusError) as caught:
        database.commit(writes)
    return caught.value.code.name


def test_setting_replaces_the_whole_document(database):
    database.commit([written("c/a", x=1, y=2)])
    database.commit([written("c/a", z=3)])

    assert _fields(database) == document("c/a", z=3).fields


def test_a_mask_sets_and_removes_what_it_names_alone(database):
    database.commit([written("c/a", x={"y": 1, "z": 2}, w=3)])
    write = written("c/a", x={"y": 9})
    write.update_mask.field_paths.extend(["x.y", "w"])

    database.commit([write])

    assert _fields(database) == document("c/a", x={"y": 9, "z": 2}).fields


def test_a_write_that_changes_nothing_keeps_the_version(database):
    (first,), _ = database.commit([written("c/a", x=1)])
    (again,), _ = database.commit([written("c/a", x=1)])
    (other,), _ = database.commit([written("c/a", x=2)])

    assert again.update_time == first.update_time
    assert other.update_time != first.update_time


def test_a_changed_document_keeps_its_time_of_creation(database):
    database.commit([written("c/a", x=1)])
    database.commit([written("c/a", x=2)])

    record = database.documents.get(name("c/a"))
    created, updated = record.document.create_time, record.document.update_time
    assert created.ToDatetime() < updated.ToDatetime()


def test_commits_are_later_than_all_before_them(database):
    times = [database.commit([written("c/a", x=i)])[1] for i in range(100)]

    assert times == sorted(set(times))


@pytest.mark.parametrize(
    ("exists", "write", "code"),
    [
        (True, written("c/absent"), "NOT_FOUND"),
        (True, deleted("c/absent"), "NOT_FOUND"),
        (False, written("c/a"), "ALREADY_EXISTS"),
    ],
)
def test_existence_is_a_precondition(database, exists, write, code):
    database.commit([written("c/a", x=1)])
    conditional = Write(current_document={"exists": exists})
    conditional.MergeFrom(write)

    assert _refusal(database, conditional) == code


def test_a_stale_update_time_is_refused_and_the_present_one_taken(database):
    (first,), _ = database.commit([written("c/a", x=1)])
    (second,), _ = database.commit([written("c/a", x=2)])
    stale, present = (
        Write(
            update=document("c/a", x=3),
            current_document={"update_time": result.update_time},
        )
        for result in (first, second)
    )

    assert _refusal(database, stale) == "FAILED_PRECONDITION"
    database.commit([present])
    assert _fields(database) == document("c/a", x=3).fields


def test_verifying_writes_nothing_but_holds_the_commit_to_its_word(database):
    (result,), _ = database.commit([written("c/a", x=1)])
    condition = Write(current_document={"update_time": result.update_time})
    check = verification(name("c/a"), condition.current_document)

    database.commit([check, written("c/b", x=1)])
    database.commit([written("c/a", x=2)])

    assert _refusal(database, check, written("c/b", x=2)) == "FAILED_PRECONDITION"
    assert _fields(database, "c/b") == document("c/b", x=1).fields


def test_one_bad_write_undoes_the_whole_commit(database):
    missing = Write(update=document("c/absent"), current_document={"exists": True})

    assert _refusal(database, written("c/a", x=1), missing) == "NOT_FOUND"
    assert _fields(database) is None


def test_later_writes_of_a_commit_see_the_earlier(database):
    must_exist = Write(update=document("c/a", x=2), current_document={"exists": True})

    database.commit([written("c/a", x=1), must_exist])

    assert _fields(database) == document("c/a", x=2).fields


@pytest.mark.parametrize(
    ("before", "transform", "after"),
    [
        (1, {"increment": value(2)}, 3),
        (1, {"increment": value(0.5)}, 1.5),
        (2**63 - 1, {"increment": value(1)}, 2**63 - 1),
        (-(2**63), {"increment": value(-1)}, -(2**63)),
        ("text", {"increment": value(4)}, 4),
        (5, {"maximum": value(7.5)}, 7.5),
        (5, {"maximum": value(5.0)}, 5),
        (5, {"minimum": value(1)}, 1),
        ("text", {"minimum": value(1)}, 1),
        ([1], {"append_missing_elements": value([1.0, 2, 2]).array_value}, [1, 2]),
        ("text", {"append_missing_elements": value([1]).array_value}, [1]),
        ([1, 2, 1], {"remove_all_from_array": value([1]).array_value}, [2]),
        ("text", {"remove_all_from_array": value([1]).array_value}, []),
        (1, {"increment": value(1), "maximum": value(9)}, 9),
    ],
)
def test_the_server_computes_transforms(database, before, transform, after):
    database.commit([written("c/a", x=before)])

    database.commit([_transformed(**transform)])

    assert _fields(database)["x"] == value(after)


def test_transforms_tell_their_results(database):
    write = _transformed(increment=value(2), set_to_server_value=1)

    (result,), at_us = database.commit([write])

    number, moment = result.transform_results
    assert number == value(2)
    assert moment.timestamp_value.ToMicroseconds() == at_us


def test_a_transform_by_itself_keeps_the_other_fields(database):
    database.commit([written("c/a", x=1, y=2)])
    write = Write(transform={"document": name("c/a")})
    write.transform.field_transforms.add(field_path="x", increment=value(1))

    database.commit([write])

    assert _fields(database) == document("c/a", x=2, y=2).fields


def test_deleting_what_is_not_there_is_fine(database):
    database.commit([deleted("c/a")])

    assert len(database.documents) == 0


@pytest.mark.parametrize(
    "write",
    [
        Write(),
        Write(update={"name": "c/a"}),
        Write(update={"name": name("c")}),
        Write(update={"name": name("c/..")}),
        Write(update={"name": name("c/__a__")}),
        Write(update={"name": name("c/" + "a" * 1501)}),
        written("c/a", **{"": 1}),
        written("c/a", __x__=1),
        written("c/a", x=[[1]]),
        written("c/a", x="a" * 1_048_576),
        _transformed(increment=value("1")),
    ],
    ids=str,
)
def test_what_the_service_refuses_is_refused(database, write):
    assert _refusal(database, write) == "INVALID_ARGUMENT"


def test_nesting_ends_at_twenty_levels(database):
    nested = {}
    for _ in range(18):
        nested = {"x": nested}
    database.commit([written("c/a", x=nested)])

    assert _refusal(database, written("c/a", x={"x": nested})) == "INVALID_ARGUMENT"


@given(SCALARS)
def test_what_is_written_is_what_is_read(each):
    database = Database()

    database.commit([written("c/a", x=each)])

    assert _fields(database)["x"].SerializeToString() == each.SerializeToString()


def test_times_are_cut_to_microseconds(database):
    exact = value(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    exact.timestamp_value.nanos = 123_456_789

    database.commit([written("c/a", x=exact)])

    assert _fields(database)["x"].timestamp_value.nanos == 123_456_000
