import gzip

import pytest

LYRICS = b"so what " * 20_000


@pytest.fixture
def packed(bucket):
    blob = bucket.blob("lyrics.txt")
    blob.content_encoding = "gzip"
    blob.upload_from_string(gzip.compress(LYRICS), content_type="text/plain")
    return blob


def _path(blob):
    return f"/{blob.bucket.name}/{blob.name}"


def test_gzip_is_unpacked_for_who_does_not_take_it(http, packed):
    response = http.get(_path(packed), headers={"Accept-Encoding": "identity"})

    assert response.content == LYRICS
    assert "Content-Encoding" not in response.headers
    assert response.headers["X-Goog-Stored-Content-Encoding"] == "gzip"
    assert response.headers["X-Goog-Stored-Content-Length"] == str(packed.size)


def test_gzip_is_sent_as_stored_to_who_takes_it(http, packed):
    headers = {"Accept-Encoding": "br, gzip;q=0.9"}

    with http.stream("GET", _path(packed), headers=headers) as response:
        raw = b"".join(response.iter_raw())

    assert response.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(raw) == LYRICS


def test_gzip_that_must_not_be_transformed_is_sent_as_stored(http, packed):
    packed.cache_control = "no-transform"
    packed.patch()
    headers = {"Accept-Encoding": "identity"}

    with http.stream("GET", _path(packed), headers=headers) as response:
        raw = b"".join(response.iter_raw())

    assert gzip.decompress(raw) == LYRICS


def test_the_client_unpacks_or_not_as_it_is_told(packed):
    assert packed.download_as_bytes() == LYRICS
    assert gzip.decompress(packed.download_as_bytes(raw_download=True)) == LYRICS


def test_a_gzip_body_sent_to_a_plain_path_is_stored_as_it_is(http, bucket):
    body = gzip.compress(LYRICS)

    http.put(
        f"/{bucket.name}/x", content=body, headers={"Content-Encoding": "gzip"}
    ).raise_for_status()

    assert bucket.get_blob("x").size == len(body)
    assert bucket.blob("x").download_as_bytes() == LYRICS


def test_what_only_claims_to_be_gzip_is_refused_unpacking(http, bucket):
    blob = bucket.blob("x")
    blob.content_encoding = "gzip"
    blob.upload_from_string(b"not gzip")

    response = http.get(f"/{bucket.name}/x", headers={"Accept-Encoding": "identity"})

    assert response.status_code == 400


def test_ranges_over_both_interfaces(http, bucket):
    bucket.blob("r").upload_from_string("0123456789")
    paths = [f"/{bucket.name}/r", f"/storage/v1/b/{bucket.name}/o/r?alt=media"]

    for path in paths:
        part = http.get(path, headers={"Range": "bytes=2-4"})
        suffix = http.get(path, headers={"Range": "bytes=-3"})
        beyond = http.get(path, headers={"Range": "bytes=50-60"})

        assert (part.status_code, part.content) == (206, b"234")
        assert part.headers["Content-Range"] == "bytes 2-4/10"
        assert (suffix.status_code, suffix.content) == (206, b"789")
        assert beyond.status_code == 416
        assert beyond.headers["Content-Range"] == "bytes */10"


def test_a_range_of_a_large_object(bucket):
    content = bytes(range(256)) * 8192
    bucket.blob("x").upload_from_string(content)

    part = bucket.blob("x").download_as_bytes(start=1_000, end=1_500_000)

    assert part == content[1_000:1_500_001]


def test_head_tells_everything_but_the_content(http, bucket):
    blob = bucket.blob("x")
    blob.metadata = {"artist": "Miles"}
    blob.upload_from_string("12345", content_type="audio/flac")

    response = http.head(f"/{bucket.name}/x")

    assert response.status_code == 200
    assert response.content == b""
    assert response.headers["Content-Length"] == "5"
    assert response.headers["Content-Type"] == "audio/flac"
    assert response.headers["X-Goog-Meta-artist"] == "Miles"
    assert response.headers["X-Goog-Generation"] == str(blob.generation)
    assert f"crc32c={blob.crc32c}" in response.headers["X-Goog-Hash"]
    assert http.head(f"/{bucket.name}/absent").status_code == 404


def test_a_line_break_in_a_setting_makes_no_header(http, bucket):
    blob = bucket.blob("x")
    blob.metadata = {"note": "a\r\nSet-Cookie: b"}
    blob.upload_from_string("1")

    response = http.get(f"/{bucket.name}/x")

    assert response.headers["X-Goog-Meta-note"] == "a Set-Cookie: b"
    assert "Set-Cookie" not in response.headers


def test_an_entity_tag_spares_sending_again(http, bucket):
    bucket.blob("x").upload_from_string("1")
    tag = http.get(f"/{bucket.name}/x").headers["ETag"]

    unchanged = http.get(f"/{bucket.name}/x", headers={"If-None-Match": tag})
    bucket.blob("x").upload_from_string("2")
    changed = http.get(f"/{bucket.name}/x", headers={"If-None-Match": tag})

    assert unchanged.status_code == 304
    assert changed.content == b"2"


def test_a_link_can_name_the_file_it_downloads(http, bucket):
    bucket.blob("x").upload_from_string("1")
    disposition = 'attachment; filename="a.csv"'

    response = http.get(
        f"/{bucket.name}/x", params={"response-content-disposition": disposition}
    )

    assert response.headers["Content-Disposition"] == disposition


def test_an_object_deleted_while_it_is_sent_arrives_whole(http, bucket):
    content = bytes(40 << 20)
    bucket.blob("x").upload_from_string(content)

    with http.stream("GET", f"/{bucket.name}/x") as response:
        blocks = response.iter_bytes(1 << 20)
        received = len(next(blocks))
        bucket.blob("x").delete()
        received += sum(len(block) for block in blocks)

    assert received == len(content)


def test_a_file_is_written_and_read_as_a_stream(bucket):
    with bucket.blob("x").open("wb", chunk_size=256 << 10) as stream:
        for number in range(5):
            stream.write(bytes([number]) * 200_000)

    with bucket.blob("x").open("rb", chunk_size=100_000) as stream:
        stream.seek(200_000)
        assert stream.read(3) == b"\1\1\1"
        assert len(stream.read()) == 799_997


def test_plain_paths_copy_and_delete(http, bucket):
    bucket.blob("a b").upload_from_string("1", content_type="text/plain")
    source = {"x-goog-copy-source": f"/{bucket.name}/a%20b"}

    copied = http.put(f"/{bucket.name}/c", headers=source)
    deleted = http.delete(f"/{bucket.name}/a%20b")

    assert (copied.status_code, deleted.status_code) == (200, 204)
    assert bucket.get_blob("c").content_type == "text/plain"
    assert not bucket.blob("a b").exists()


def test_plain_paths_refuse_what_they_do_not_know(http, bucket):
    assert http.request("PROPFIND", f"/{bucket.name}/x").status_code == 501
    assert http.patch(f"/{bucket.name}").status_code == 501
    assert http.post(f"/{bucket.name}/x").status_code == 400
    refused = http.get(f"/{bucket.name}/absent")
    assert "<Code>NoSuchKey</Code>" in refused.text
