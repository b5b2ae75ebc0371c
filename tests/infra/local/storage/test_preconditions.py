import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from google.api_core.exceptions import NotFound, PreconditionFailed
from hypothesis import given
from hypothesis import strategies as st

from infra.local.storage.errors import (
    InvalidError,
    NotModifiedError,
    PreconditionFailedError,
)
from infra.local.storage.preconditions import Preconditions


@dataclass(frozen=True)
class Version:
    generation: int
    metageneration: int

    @property
    def etag(self) -> str:
        return f"{self.generation}.{self.metageneration}"


versions = st.none() | st.builds(Version, st.integers(1, 3), st.integers(1, 3))
wanted = st.none() | st.integers(0, 3)
conditions = st.builds(Preconditions, wanted, wanted, wanted, wanted)


def _outcome(conditions, version, *, reading):
    try:
        conditions.require(version, reading=reading)
    except PreconditionFailedError:
        return 412
    except NotModifiedError:
        return 304
    return 200


def _expected(asked, version, *, reading):
    generation = version.generation if version else 0
    metageneration = version.metageneration if version else None
    if asked.generation_match is not None and asked.generation_match != generation:
        return 412
    if asked.metageneration_match not in (None, metageneration):
        return 412
    is_same = asked.generation_not_match == generation or (
        version is not None and asked.metageneration_not_match == metageneration
    )
    return (304 if reading else 412) if is_same else 200


@given(conditions, versions, st.booleans())
def test_conditions_decide_as_the_documentation_says(asked, version, reading):
    outcome = _outcome(asked, version, reading=reading)

    assert outcome == _expected(asked, version, reading=reading)


@given(conditions, versions)
def test_a_read_is_let_through_exactly_when_a_write_is(asked, version):
    reading = _outcome(asked, version, reading=True)
    writing = _outcome(asked, version, reading=False)

    assert (reading == 200) == (writing == 200)


@given(conditions)
def test_conditions_survive_being_stored(asked):
    assert Preconditions.from_facts(asked.facts()) == asked


@given(st.integers(1, 3), versions)
def test_creating_only_is_let_through_only_where_there_is_nothing(number, version):
    create_only = Preconditions(generation_match=0)

    assert (_outcome(create_only, version, reading=False) == 200) == (version is None)
    assert _outcome(Preconditions(generation_match=number), None, reading=False) == 412


@pytest.mark.parametrize(
    ("header", "outcome"),
    [('"2.1"', 304), ('"1.1", "2.1"', 304), ("*", 304), ('W/"2.1"', 304), ("x", 200)],
)
def test_if_none_match_spares_a_reader_what_it_has(header, outcome):
    asked = Preconditions.from_headers({"If-None-Match": header})

    assert _outcome(asked, Version(2, 1), reading=True) == outcome


def test_if_match_asks_for_an_exact_version():
    asked = Preconditions.from_headers({"If-Match": '"2.1"'})

    assert _outcome(asked, Version(2, 1), reading=True) == 200
    assert _outcome(asked, Version(2, 2), reading=True) == 412
    assert _outcome(asked, None, reading=False) == 412


def test_a_condition_that_is_no_number_is_refused():
    with pytest.raises(InvalidError):
        Preconditions.from_query({"ifGenerationMatch": "newest"})


def test_of_sixteen_racing_creators_one_wins(bucket):
    start = threading.Barrier(16)

    def create(number):
        start.wait()
        blob = bucket.blob("race")
        try:
            blob.upload_from_string(str(number), if_generation_match=0, retry=None)
        except PreconditionFailed:
            return None
        return str(number)

    with ThreadPoolExecutor(16) as pool:
        winners = [won for won in pool.map(create, range(16)) if won is not None]

    assert len(winners) == 1
    assert bucket.blob("race").download_as_text() == winners[0]


def test_of_racing_replacers_of_one_generation_one_wins(bucket):
    blob = bucket.blob("race")
    blob.upload_from_string("first")
    generation = blob.generation

    def replace(number):
        try:
            bucket.blob("race").upload_from_string(
                str(number), if_generation_match=generation, retry=None
            )
        except PreconditionFailed:
            return 0
        return 1

    with ThreadPoolExecutor(8) as pool:
        wins = sum(pool.map(replace, range(8)))

    assert wins == 1


def test_a_stale_writer_does_not_overwrite(bucket):
    blob = bucket.blob("x")
    blob.upload_from_string("1")
    stale = blob.generation
    bucket.blob("x").upload_from_string("2")

    with pytest.raises(PreconditionFailed):
        bucket.blob("x").upload_from_string("3", if_generation_match=stale)

    assert bucket.blob("x").download_as_bytes() == b"2"


def test_a_stale_deletion_deletes_nothing(bucket):
    bucket.blob("x").upload_from_string("1")

    with pytest.raises(PreconditionFailed):
        bucket.blob("x").delete(if_generation_match=1)

    assert bucket.blob("x").exists()


def test_a_stale_patch_changes_nothing(bucket):
    blob = bucket.blob("x")
    blob.upload_from_string("1")
    blob.metadata = {"title": "So What"}
    blob.patch(if_metageneration_match=1)
    blob.metadata = {"title": "Blue in Green"}

    with pytest.raises(PreconditionFailed):
        blob.patch(if_metageneration_match=1)

    assert bucket.get_blob("x").metadata == {"title": "So What"}
    assert bucket.get_blob("x").metageneration == 2


def test_a_read_on_conditions(bucket, http):
    blob = bucket.blob("x")
    blob.upload_from_string("1")
    path = f"/storage/v1/b/{bucket.name}/o/x"
    same = {"ifGenerationNotMatch": blob.generation}

    with pytest.raises(PreconditionFailed):
        blob.download_as_bytes(if_generation_match=1)
    assert http.get(path, params=same).status_code == 304
    assert http.get(path, params=same | {"alt": "media"}).status_code == 304
    assert http.get(path, params={"ifGenerationMatch": "x"}).status_code == 400


def test_a_condition_on_the_source_of_a_copy(bucket):
    blob = bucket.blob("x")
    blob.upload_from_string("1")

    with pytest.raises(PreconditionFailed):
        bucket.copy_blob(blob, bucket, "y", if_source_generation_match=1)
    assert not bucket.blob("y").exists()

    copied = bucket.copy_blob(
        blob, bucket, "y", if_source_generation_match=blob.generation
    )
    assert copied.download_as_bytes() == b"1"


def test_a_condition_on_a_bucket(client, bucket):
    bucket.reload()
    bucket.labels = {"a": "b"}

    with pytest.raises(PreconditionFailed):
        bucket.patch(if_metageneration_match=7)
    bucket.patch(if_metageneration_match=bucket.metageneration)

    assert client.get_bucket(bucket.name).labels == {"a": "b"}


def test_a_plain_path_creates_only_where_asked_to(bucket, http):
    path = f"/{bucket.name}/x"

    first = http.put(path, content=b"1", headers={"If-None-Match": "*"})
    second = http.put(path, content=b"2", headers={"If-None-Match": "*"})
    third = http.put(path, content=b"3", headers={"x-goog-if-generation-match": "0"})

    assert [r.status_code for r in (first, second, third)] == [200, 412, 412]
    assert bucket.blob("x").download_as_bytes() == b"1"


def test_another_generation_is_not_found(bucket):
    bucket.blob("x").upload_from_string("1")

    with pytest.raises(NotFound):
        bucket.blob("x", generation=1).download_as_bytes()
