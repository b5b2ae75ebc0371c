import hashlib
import io

from functions.extract.technical import checksums


class Counting(io.BytesIO):
    def __init__(self, content):
        super().__init__(content)
        self.largest = 0
        self.total = 0

    def read(self, size=-1):
        found = super().read(size)
        self.largest = max(self.largest, size if size >= 0 else len(found))
        self.total += len(found)
        return found


def test_sums_are_those_of_the_standards():
    # RFC 3720 §B.4 gives the CRC32C of 32 zero bytes as aa 36 91 8a, low byte first.
    sums = checksums(io.BytesIO(bytes(32)))

    assert sums.crc32c == "8a9136aa"
    assert sums.sha256 == hashlib.sha256(bytes(32)).hexdigest()
    assert sums.md5 == hashlib.md5(bytes(32)).hexdigest()
    assert sums.size_bytes == 32


def test_a_stream_is_read_once_in_bounded_pieces():
    stream = Counting(bytes(5_000_000))

    sums = checksums(stream)

    assert sums.size_bytes == stream.total == 5_000_000
    assert 0 < stream.largest <= 2**20


def test_nothing_has_the_sums_of_nothing():
    assert checksums(io.BytesIO()).sha256 == hashlib.sha256().hexdigest()
