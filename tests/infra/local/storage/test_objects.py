import base64
import hashlib
import os

import google_crc32c
import pytest
from google.api_core.exceptions import (
    BadRequest,
    Conflict,
    Forbidden,
    NotFound,
    PreconditionFailed,
)

ODD_NAMES = ["a b/é.flac", "100%/x?y#z.mp3", "x+y=z&w", "日本/曲.wav", "//double//"]


def _crc32c(content):
    return base64.b64encode(google_crc32c.Checksum(content).digest()).decode()


def test_an_object_comes_back_as_it_went_in(bucket):
    content = os.urandom(100_000)
    blob = bucket.blob("so-what.flac")
    blob.metadata = {"artist": "Miles Davis", "title": "Só"}
    blob.cache_control = "no-store"

    blob.upload_from_string(content, content_type="audio/flac")

    stored = bucket.get_blob("so-what.flac")
    assert stored.download_as_bytes() == content
    assert stored.metadata == {"artist": "Miles Davis", "title": "Só"}
    assert stored.cache_control == "no-store"
    assert stored.content_type == "audio/flac"
    assert stored.size == len(content)
    assert stored.metageneration == 1
    assert stored.crc32c == _crc32c(content)
    digest = hashlib.md5(content).digest()
    assert stored.md5_hash == base64.b64encode(digest).decode()


@pytest.mark.parametrize("name", ODD_NAMES)
def test_any_name_can_be_written_read_and_deleted(bucket, name):
    bucket.blob(name).upload_from_string(name.encode())

    assert [blob.name for blob in bucket.list_blobs()] == [name]
    assert bucket.blob(name).download_as_bytes() == name.encode()
    bucket.blob(name).delete()
    assert bucket.get_blob(name) is None


@pytest.mark.parametrize(
    "name", ["a\nb", "x" * 1025, "..", ".well-known/acme-challenge/"]
)
def test_a_name_that_no_object_may_have_is_refused(bucket, http, name):
    response = http.post(
        f"/upload/storage/v1/b/{bucket.name}/o",
        params={"uploadType": "media", "name": name},
        content=b"x",
    )

    assert response.status_code == 400
    assert response.json()["error"]["errors"][0]["reason"] == "invalid"


@pytest.mark.parametrize("size", [0, 1, 8 << 20])
def test_sizes_from_nothing_to_large(bucket, size):
    content = os.urandom(size)

    bucket.blob("x").upload_from_string(content)

    assert bucket.get_blob("x").size == size
    assert bucket.blob("x").download_as_bytes() == content


def test_content_that_looks_like_a_boundary_stays_whole(bucket):
    content = b"\r\n--===============1==\r\nContent-Type: x\r\n\r\n--\r\n" * 5000

    bucket.blob("x").upload_from_string(content)

    assert bucket.blob("x").download_as_bytes() == content


@pytest.mark.parametrize(
    ("field", "value"),
    [("crc32c", "AAAAAA=="), ("md5_hash", "AAAAAAAAAAAAAAAAAAAAAA==")],
)
def test_content_that_differs_from_its_checksum_is_refused(bucket, field, value):
    blob = bucket.blob("x")
    setattr(blob, field, value)

    with pytest.raises(BadRequest):
        blob.upload_from_string(b"content", checksum=None)

    assert not bucket.blob("x").exists()


def test_generations_ascend_even_over_deletion(bucket):
    generations = []
    for _ in range(5):
        blob = bucket.blob("x")
        blob.upload_from_string("1")
        generations.append(blob.generation)
        blob.delete()

    assert generations == sorted(set(generations))


def test_a_patch_merges_and_removes(bucket):
    blob = bucket.blob("x")
    blob.metadata = {"keep": "1", "drop": "2"}
    blob.upload_from_string("1", content_type="text/plain")

    blob.metadata = {"drop": None, "add": "3"}
    blob.content_language = "en"
    blob.patch()

    stored = bucket.get_blob("x")
    assert stored.metadata == {"keep": "1", "add": "3"}
    assert stored.content_language == "en"
    assert stored.content_type == "text/plain"
    assert stored.metageneration == 2
    assert stored.generation == blob.generation


def test_an_update_replaces_all_settings(bucket, http):
    blob = bucket.blob("x")
    blob.metadata = {"a": "1"}
    blob.upload_from_string("1", content_type="text/plain")

    response = http.put(
        f"/storage/v1/b/{bucket.name}/o/x", json={"contentType": "audio/flac"}
    )

    assert response.json()["contentType"] == "audio/flac"
    assert "metadata" not in response.json()


def test_too_much_metadata_is_refused(bucket):
    blob = bucket.blob("x")
    blob.metadata = {"long": "x" * 9000}

    with pytest.raises(BadRequest):
        blob.upload_from_string("1")


def test_compose_joins_in_order_and_has_no_md5(bucket):
    parts = [bucket.blob(f"part-{number}") for number in range(3)]
    for number, part in enumerate(parts):
        part.upload_from_string(f"{number}" * 10)
    whole = bucket.blob("whole")
    whole.content_type = "text/plain"

    whole.compose([parts[2], parts[0], parts[1]])

    assert whole.download_as_bytes() == b"2" * 10 + b"0" * 10 + b"1" * 10
    assert whole.component_count == 3
    assert whole.md5_hash is None
    assert whole.crc32c == _crc32c(b"2" * 10 + b"0" * 10 + b"1" * 10)


def test_compose_can_append_to_its_own_source(bucket):
    log, line = bucket.blob("log"), bucket.blob("line")
    log.upload_from_string("a")
    line.upload_from_string("b")

    bucket.blob("log").compose([log, line])

    assert bucket.blob("log").download_as_bytes() == b"ab"


def test_compose_of_a_missing_source_makes_nothing(bucket):
    with pytest.raises(NotFound):
        bucket.blob("whole").compose([bucket.blob("absent")])

    assert not bucket.blob("whole").exists()


def test_a_copy_outlives_its_source(client, bucket):
    other = client.create_bucket(f"{bucket.name}-other")
    source = bucket.blob("x")
    source.metadata = {"a": "1"}
    source.upload_from_string("content", content_type="text/plain")

    bucket.copy_blob(source, other, "y")
    source.delete()

    copied = other.get_blob("y")
    assert copied.download_as_bytes() == b"content"
    assert copied.metadata == {"a": "1"}
    assert copied.content_type == "text/plain"


def test_a_rewrite_reports_that_it_is_done(bucket):
    source = bucket.blob("x")
    source.upload_from_string("content")

    token, rewritten, total = bucket.blob("y").rewrite(source)

    assert (token, rewritten, total) == (None, 7, 7)
    assert bucket.blob("y").download_as_bytes() == b"content"


def test_a_rename_and_a_move_leave_nothing_behind(bucket):
    bucket.blob("a").upload_from_string("content")

    bucket.rename_blob(bucket.blob("a"), "b")
    bucket.move_blob(bucket.blob("b"), "c")

    assert [blob.name for blob in bucket.list_blobs()] == ["c"]
    assert bucket.blob("c").download_as_bytes() == b"content"


def test_rewriting_an_object_onto_itself_keeps_its_content(bucket):
    blob = bucket.blob("x")
    blob.upload_from_string("content")

    bucket.blob("x").rewrite(blob)

    assert bucket.blob("x").download_as_bytes() == b"content"


def test_an_object_under_a_hold_stays(bucket):
    blob = bucket.blob("x")
    blob.upload_from_string("1")
    blob.temporary_hold = True
    blob.patch()

    with pytest.raises(Forbidden):
        bucket.blob("x").delete()
    with pytest.raises(Forbidden):
        bucket.blob("x").upload_from_string("2")

    blob.temporary_hold = False
    blob.patch()
    bucket.blob("x").delete()


def test_versioning_keeps_what_was_overwritten_and_deleted(client, bucket):
    bucket.versioning_enabled = True
    bucket.patch()
    first, second = bucket.blob("x"), bucket.blob("x")
    first.upload_from_string("1")
    second.upload_from_string("2")

    bucket.blob("x").delete()

    assert bucket.get_blob("x") is None
    versions = list(client.list_blobs(bucket, versions=True))
    assert [blob.generation for blob in versions] == [
        first.generation,
        second.generation,
    ]
    assert all(blob.time_deleted for blob in versions)
    old = bucket.blob("x", generation=first.generation)
    assert old.download_as_bytes() == b"1"
    old.delete()
    assert len(list(client.list_blobs(bucket, versions=True))) == 1


def test_without_versioning_content_files_do_not_pile_up(bucket, folder):
    files = folder / "data" / "content"
    bucket.blob("x").upload_from_string("0")
    before = len(list(files.iterdir()))

    for number in range(5):
        bucket.blob("x").upload_from_string(str(number))

    assert len(list(files.iterdir())) == before


def test_a_refused_upload_leaves_no_file(bucket, folder):
    files = folder / "data" / "content"
    bucket.blob("x").upload_from_string("0")
    before = len(list(files.iterdir()))

    with pytest.raises(PreconditionFailed):
        bucket.blob("x").upload_from_string("1", if_generation_match=0)

    assert len(list(files.iterdir())) == before


def test_a_batch_answers_each_call_by_itself(client, bucket):
    for name in ("a b", "c"):
        bucket.blob(name).upload_from_string("1")

    with client.batch(raise_exception=False) as batch:
        bucket.blob("a b").delete()
        bucket.blob("absent").delete()
        changed = bucket.blob("c")
        changed.metadata = {"k": "v"}
        changed.patch()

    assert [response.status_code for response in batch._responses] == [204, 404, 200]
    assert [blob.name for blob in bucket.list_blobs()] == ["c"]
    assert bucket.get_blob("c").metadata == {"k": "v"}


def test_what_is_no_batch_is_refused(http):
    response = http.post("/batch/storage/v1", content=b"x")

    assert response.status_code == 400


def test_buckets_have_names_settings_and_an_end(client, bucket):
    bucket.blob("x").upload_from_string("1")

    with pytest.raises(Conflict):
        client.create_bucket(bucket.name)
    with pytest.raises(Conflict):
        client.bucket(bucket.name).delete()
    with pytest.raises(BadRequest):
        client.create_bucket("Not-A-Name")
    client.bucket(bucket.name).delete(force=True)

    assert client.lookup_bucket(bucket.name) is None


def test_buckets_are_listed_in_pages(client):
    for number in range(3):
        client.create_bucket(f"page-{number}")

    pages = client.list_buckets(prefix="page-", page_size=2).pages

    assert [[found.name for found in page] for page in pages] == [
        ["page-0", "page-1"],
        ["page-2"],
    ]


def test_bucket_settings_merge_and_go(client, bucket):
    bucket.labels = {"a": "1", "b": "2"}
    bucket.cors = [{"origin": ["*"], "method": ["GET"]}]
    bucket.patch()

    bucket.labels = {"a": "1"}
    bucket.cors = []
    bucket.patch()

    stored = client.get_bucket(bucket.name)
    assert stored.labels == {"a": "1"}
    assert stored.cors == []
    assert stored.metageneration == 3


def test_an_access_policy_is_kept(bucket):
    policy = bucket.get_iam_policy()
    policy.bindings.append({"role": "roles/storage.admin", "members": {"user:a@b.c"}})
    bucket.set_iam_policy(policy)

    assert bucket.get_iam_policy().bindings[0]["role"] == "roles/storage.admin"
    asked = ["storage.objects.get", "storage.objects.list"]
    assert bucket.test_iam_permissions(asked) == asked


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/storage/v1/b/absent-bucket", 404),
        ("GET", "/storage/v1/b/absent-bucket/o", 404),
        ("GET", "/storage/v1/b/absent-bucket/o/x", 404),
        ("GET", "/storage/v1/no-such-thing", 404),
        ("POST", "/upload/storage/v1/b/absent-bucket/o?name=x", 404),
        ("GET", "/absent-bucket/x", 404),
        ("PUT", "/absent-bucket/x", 404),
        ("GET", "/healthz", 200),
        ("GET", "/_local/status", 200),
    ],
)
def test_what_is_not_there_is_said_to_be_so(http, method, path, status):
    assert http.request(method, path).status_code == status


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/storage/v1/b", b"not json"),
        ("/storage/v1/b", b"[1]"),
        ("/upload/storage/v1/b/{}/o?uploadType=resumable&name=x", b"[1]"),
        ("/upload/storage/v1/b/{}/o?uploadType=odd&name=x", b""),
        ("/upload/storage/v1/b/{}/o?uploadType=multipart&name=x", b"--x--"),
        ("/storage/v1/b/{}/notificationConfigs", b'{"topic": "nowhere"}'),
    ],
)
def test_a_malformed_body_is_refused(http, bucket, path, body):
    headers = {"Content-Type": "multipart/related; boundary=x"}

    response = http.post(path.format(bucket.name), content=body, headers=headers)

    assert response.status_code == 400
    assert response.json()["error"]["code"] == 400


def test_status_counts_what_is_stored(http, bucket):
    before = http.get("/_local/status").json()

    bucket.blob("x").upload_from_string("12345")

    after = http.get("/_local/status").json()
    assert after["objects"] == before["objects"] + 1
    assert after["stored_bytes"] == before["stored_bytes"] + 5
