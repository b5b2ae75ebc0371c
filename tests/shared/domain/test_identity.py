"""Identity: which thing a record is about, whatever the order in which records come."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.adapters.memory.catalog import MemoryCatalog
from shared.domain.claims import Claim, Kind, SourceRecord
from shared.domain.entities import content_digest
from shared.domain.keys import party_keys, recording_keys, release_keys

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
BLUE = {"title": "Blue", "artists": [{"name": "Joni Mitchell", "role": "MainArtist"}]}


def release(number, *, gtin="", folder=""):
    values = {**BLUE, **({"gtin": gtin} if gtin else {})}
    return SourceRecord(
        kind=Kind.RELEASE,
        keys=release_keys(values, folder=folder),
        source="tags",
        origin=f"gs://u/a/{number}.flac",
        origin_version=1,
        claims=tuple(Claim(name, values[name]) for name in sorted(values)),
        received_at=NOON + timedelta(minutes=number),
    )


def party(number, *, isni=""):
    said = {"name": "Joni Mitchell", **({"isni": isni} if isni else {})}
    return SourceRecord(
        kind=Kind.PARTY,
        keys=party_keys("Joni Mitchell", isni=isni),
        source="tags",
        origin=f"gs://u/a/{number}.flac",
        origin_version=1,
        claims=tuple(Claim(name, said[name]) for name in sorted(said)),
        received_at=NOON + timedelta(minutes=number),
    )


# What is in a file decides what its tags say. Files that share bytes or a path carry
# one ISRC or none here: decision 4 tells what happens to those that carry two.
BYTES = {"aa": "USSM15900113", "bb": "USSM15900113", "cc": "", "dd": ""}


def recording(path, version, sha256):
    uri = f"gs://u/a/{path}.flac"
    isrc = BYTES[sha256]
    values = {"title": f"From {sha256}", **({"isrc": isrc} if isrc else {})}
    return SourceRecord(
        kind=Kind.RECORDING,
        keys=recording_keys(values, sha256=sha256, uri=uri),
        source="tags",
        origin=uri,
        origin_version=version,
        claims=tuple(Claim(name, values[name]) for name in sorted(values)),
        received_at=NOON + timedelta(minutes=version),
    )


def catalog_of(records):
    catalog = MemoryCatalog("a")
    for record in records:
        with catalog.transaction("a") as tx:
            tx.stage([record])
    return [e for e in catalog.entities("a") if e.deleted_at is None]


def sizes(entities):
    """How many records say the title or name of each entity, by its identifier."""
    found = {}
    for entity in entities:
        identifier = entity.values.get("gtin") or entity.values.get("isni") or ""
        named = entity.provenance.get("title") or entity.provenance["name"]
        found[identifier] = named["agreeing"]
    return found


releases = st.builds(
    release,
    st.integers(0, 50),
    gtin=st.sampled_from(
        ["", "", "00602547202895", "00036000291452", "04006381333931"]
    ),
    folder=st.sampled_from(["", "x", "y"]),
)
parties = st.builds(
    party,
    st.integers(0, 50),
    isni=st.sampled_from(["", "0000000121032683", "000000012150090X"]),
)
mixed = st.lists(st.one_of(releases, parties), max_size=8, unique_by=lambda r: r.origin)


uploads = st.lists(
    st.builds(
        recording,
        st.sampled_from(["1", "2"]),
        st.integers(1, 3),
        st.sampled_from(sorted(BYTES)),
    ),
    max_size=5,
    unique_by=lambda r: (r.origin, r.origin_version),
)


@settings(max_examples=300, deadline=None)
@given(records=uploads, data=st.data())
def test_the_order_of_uploads_never_decides_what_is_one(records, data):
    shuffled = data.draw(st.permutations(records))

    assert content_digest(catalog_of(shuffled)) == content_digest(catalog_of(records))


@settings(max_examples=300, deadline=None)
@given(records=mixed, data=st.data())
def test_the_order_of_records_never_decides_what_is_one(records, data):
    shuffled = data.draw(st.permutations(records))

    assert content_digest(catalog_of(shuffled)) == content_digest(catalog_of(records))


def test_files_without_a_barcode_join_the_only_barcode_in_their_folder():
    records = [release(1, folder="x"), release(2, gtin="00602547202895", folder="x")]

    for order in (records, records[::-1]):
        assert sizes(catalog_of(order)) == {"00602547202895": 2}


def test_two_barcodes_in_a_folder_leave_files_without_one_to_themselves():
    records = [
        release(1, gtin="00602547202895", folder="x"),
        release(2, folder="x"),
        release(3, gtin="00036000291452", folder="x"),
    ]

    found = sizes(catalog_of(records))

    assert found == {"00602547202895": 1, "00036000291452": 1, "": 1}


def test_a_name_joins_the_only_isni_it_comes_with():
    records = [party(1), party(2, isni="0000000121032683"), party(3)]

    assert sizes(catalog_of(records)) == {"0000000121032683": 3}


def test_an_edit_stays_with_its_release_when_a_barcode_turns_up():
    catalog = MemoryCatalog("a")
    with catalog.transaction("a") as tx:
        tx.stage([release(1, folder="x")])
        edited = tx.find(Kind.RELEASE, "folder:x|blue")
        edit = SourceRecord(
            kind=Kind.RELEASE,
            keys=(f"id:{edited}",),
            source="person:ann",
            origin="edit:1",
            origin_version=1,
            claims=(Claim("title", "Blue (Remastered)", locked=True),),
            received_at=NOON,
        )
        tx.stage([edit])

    with catalog.transaction("a") as tx:
        tx.stage([release(2, gtin="00602547202895", folder="x")])

    (entity,) = [e for e in catalog.entities("a") if e.deleted_at is None]
    assert entity.values["title"] == "Blue (Remastered)"
    assert entity.values["gtin"] == "00602547202895"
