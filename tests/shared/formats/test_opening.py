import gzip

import pytest

from shared.domain.errors import LimitExceededError, UnreadableFileError
from shared.formats import opening
from shared.formats.opening import open_bytes


@pytest.mark.parametrize("pack", [lambda content: content, gzip.compress])
def test_packed_or_not_a_file_is_what_is_in_it(tmp_path, pack):
    path = tmp_path / "a"
    path.write_bytes(pack(b"title,artist\n"))

    with open_bytes(path) as stream:
        assert stream.read() == b"title,artist\n"


def test_what_unpacks_to_far_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "_SLACK_BYTES", 1000)
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(bytes(10_000_000)))

    with open_bytes(path) as stream, pytest.raises(LimitExceededError):
        list(iter(lambda: stream.read(65536), b""))


@pytest.mark.parametrize(
    "damage", [lambda c: c[:-10], lambda c: c[:20] + b"xx" + c[22:]]
)
def test_what_is_damaged_is_refused(tmp_path, damage):
    path = tmp_path / "a.gz"
    path.write_bytes(damage(gzip.compress(bytes(range(256)) * 50)))

    with open_bytes(path) as stream, pytest.raises(UnreadableFileError):
        stream.read()
