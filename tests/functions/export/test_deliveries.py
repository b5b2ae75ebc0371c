"""A delivery: clean messages with their files, the same at every try."""

from __future__ import annotations

import hashlib
import importlib.util
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from lxml import etree

from functions.export.service import Exporter
from functions.export.stores import Stores
from shared.adapters.local import LocalObjectStore
from shared.adapters.memory.catalog import MemoryCatalog
from shared.adapters.memory.clock import FixedClock
from shared.ddex.catalog import statements_of
from shared.ddex.checking import check
from shared.ddex.model import read
from shared.ddex.writing import message
from shared.domain.claims import Claim, Kind, SourceRecord
from shared.domain.decisions import Export, ExportFormat, ExportStatus
from shared.events.pipeline import ExportRequested

_HERE = Path(__file__).parents[2] / "shared" / "ddex" / "writing" / "kinds.py"
_SPEC = importlib.util.spec_from_file_location("delivered_kinds", _HERE)
kinds = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(kinds)

TENANT = "a-label"
_AT = datetime(2026, 11, 1, 12, tzinfo=UTC)
_XSD = Path(__file__).parents[4] / "shared/data/ddex/xsd/ERN-C-SFTP_1.8_transcribed"
_OPTIONS = {
    "sender": {"dpid": kinds.SENDER, "name": "Quayside Recordings"},
    "recipient": {"dpid": kinds.RECIPIENT, "name": "A Store"},
}


class World:
    """A catalog that one message was staged in, with the files that it names."""

    def __init__(self, folder, described):
        self.catalog = MemoryCatalog(TENANT)
        for name in ("uploads", "resources", "exports"):
            (folder / name).mkdir(parents=True)
        self.uploads, self.resources, self.exports = (
            LocalObjectStore(folder / name)
            for name in ("uploads", "resources", "exports")
        )
        self.exporter = Exporter(
            catalog=self.catalog,
            queries=None,
            exports=self.exports,
            clock=FixedClock(),
            relay=lambda _: None,
            stores=Stores(self.uploads, self.resources, self.exports),
        )
        uri = f"{self.uploads.base_uri}/{TENANT}/in/message.xml"
        files = [place.recording.file for place in described.places]
        files += [picture.file for picture in described.pictures]
        for file in files:
            name = f"{TENANT}/in/{file.uri}"
            self.uploads.create(name, file.uri.encode(), content_type="audio/flac")
        self.stage(message(with_sums(described)), uri)

    def stage(self, content, uri):
        said = statements_of(read(content), uri)
        records = [
            SourceRecord(
                statement.kind,
                statement.keys,
                said.source,
                thread.name,
                1,
                tuple(sorted(statement.claims, key=lambda claim: claim.field)),
                _AT,
            )
            for thread in said.threads
            for statement in thread.statements
        ]
        with self.catalog.transaction(TENANT) as tx:
            tx.stage(records)

    def find(self, kind, key):
        with self.catalog.transaction(TENANT) as tx:
            return tx.find(kind, key)

    @property
    def release(self):
        return self.find(Kind.RELEASE, "gtin:02000000000008")

    def export(self, **options) -> Export:
        wanted = Export(
            id=UUID(int=7),
            tenant_id=TENANT,
            kind=Kind.RELEASE,
            format=ExportFormat.ERN,
            status=ExportStatus.REQUESTED,
            requested_at=_AT,
            requested_by="person:ann",
            options={"release_ids": [str(self.release)], **_OPTIONS, **options},
        )
        with self.catalog.transaction(TENANT) as tx:
            tx.save_export(wanted)
        self.exporter.export(
            ExportRequested(
                event_id=uuid4(),
                tenant_id=TENANT,
                occurred_at=_AT,
                export_id=wanted.id,
            )
        )
        with self.catalog.transaction(TENANT) as tx:
            return tx.export(wanted.id)

    def written(self, done) -> dict[str, bytes]:
        folder = f"{TENANT}/{done.id}"
        return {
            file["name"]: b"".join(self.exports.read(f"{folder}/{file['name']}"))
            for file in done.result["files"]
        }


def with_sums(described):
    """Return *described* with the sums that its files have here."""

    def summed(file):
        sha256 = hashlib.sha256(file.uri.encode()).hexdigest()
        return replace(file, values={**file.values, "sha256": sha256})

    places = tuple(
        replace(p, recording=replace(p.recording, file=summed(p.recording.file)))
        for p in described.places
    )
    pictures = tuple(replace(p, file=summed(p.file)) for p in described.pictures)
    return replace(described, places=places, pictures=pictures)


@pytest.fixture
def world(tmp_path):
    return World(tmp_path, kinds.album())


def facts(content):
    said = statements_of(read(content), "gs://a/b.xml")
    return {
        (statement.kind, statement.keys[0], claim.field): claim.value
        for thread in said.threads
        for statement in thread.statements
        if statement.kind in (Kind.RELEASE, Kind.RECORDING, Kind.TRACK_POSITION)
        for claim in statement.claims
    }


def xml(written, version):
    (found,) = [
        content
        for name, content in written.items()
        if name.startswith(f"ern-{version}/")
        and name.endswith(".xml")
        and "BatchComplete" not in name
    ]
    return found


def test_a_delivery_has_a_clean_message_files_and_a_manifest(world):
    done = world.export()

    names = [file["name"] for file in done.result["files"]]
    base = "ern-4.3/20261101120000000"
    assert done.status is ExportStatus.DONE, done.reason
    assert names == [
        f"{base}/2000000000008/resources/01_001.flac",
        f"{base}/2000000000008/resources/01_002.flac",
        f"{base}/2000000000008/resources/01_003.flac",
        f"{base}/2000000000008/resources/FrontCoverImage.jpg",
        f"{base}/2000000000008/2000000000008.xml",
        f"{base}/BatchComplete_20261101120000000.xml",
    ]
    assert done.object_name == f"{TENANT}/{done.id}/{names[-1]}"
    assert check(xml(world.written(done), "4.3")).exit_code == 0


def test_a_delivery_says_what_was_delivered_to_us(world):
    sent = facts(xml(world.written(world.export()), "4.3"))

    assert sent == facts(message(kinds.album()))


def test_two_versions_are_proven_to_say_the_same(world):
    done = world.export(versions=["4.3", "4.3.2", "4.2"])

    written = world.written(done)
    assert done.result["same_facts"] is True
    assert facts(xml(written, "4.3")) == facts(xml(written, "4.2"))


def test_a_version_that_cannot_say_all_is_refused_unless_that_is_allowed(world):
    refused = world.export(versions=["4.3", "3.8.2"])
    allowed = world.export(versions=["4.3", "3.8.2"], allow_loss=True)

    assert refused.status is ExportStatus.FAILED
    assert "instrument" in str(refused.reason) or "Piano" in str(refused.reason)
    assert allowed.status is ExportStatus.DONE
    assert {d["field"] for d in allowed.result["differences"]} == {"contributors"}
    assert check(xml(world.written(allowed), "3.8.2")).exit_code == 0


def test_every_try_writes_the_same_bytes(world):
    first = world.written(world.export(versions=["4.3", "4.2"]))

    assert world.written(world.export(versions=["4.3", "4.2"])) == first


def test_sums_are_those_of_the_files(world):
    written = world.written(world.export())

    sums = {
        name.rpartition("/")[2]: hashlib.sha256(content).hexdigest()
        for name, content in written.items()
    }
    root = etree.fromstring(xml(written, "4.3"))
    told = {
        file.findtext("URI").rpartition("/")[2]: file.findtext("HashSum/HashSumValue")
        for file in root.iter("File")
    }
    assert told == {name: sums[name] for name in told}
    manifest = written["ern-4.3/20261101120000000/BatchComplete_20261101120000000.xml"]
    assert sums["2000000000008.xml"].encode() in manifest


@pytest.mark.skipif(not _XSD.is_dir(), reason="the schema lies beside the project")
def test_the_manifest_is_valid(world):
    written = world.written(world.export())
    schema = etree.XMLSchema(etree.parse(_XSD / "ern-choreography-sftp.xsd"))

    manifest = written["ern-4.3/20261101120000000/BatchComplete_20261101120000000.xml"]

    assert schema.validate(etree.fromstring(manifest)), schema.error_log


def test_a_message_that_would_be_refused_is_not_written(tmp_path):
    values = {n: v for n, v in kinds.album().values.items() if n != "genres"}
    places = tuple(
        replace(
            p,
            recording=replace(
                p.recording,
                values={n: v for n, v in p.recording.values.items() if n != "genres"},
            ),
        )
        for p in kinds.album().places
    )
    world = World(tmp_path, replace(kinds.album(), values=values, places=places))

    done = world.export()

    assert done.status is ExportStatus.FAILED
    assert "ERN-A03" in done.reason["facts"]["codes"]


def test_a_file_that_is_not_what_was_staged_stops_a_delivery(world):
    name = f"{TENANT}/in/resources/02.flac"
    with world.uploads.open_writer(name, content_type="audio/flac") as stream:
        stream.write(b"another sound")

    done = world.export()

    assert done.status is ExportStatus.FAILED
    assert done.reason["message"] == "a file is not what was staged"


def test_a_file_that_is_gone_stops_a_delivery_unless_none_are_wanted(world):
    world.uploads.delete(f"{TENANT}/in/resources/02.flac")

    assert world.export().status is ExportStatus.FAILED
    assert world.export(with_files=False).status is ExportStatus.DONE


def test_a_purge_withdraws_and_has_no_files(world):
    done = world.export(action="purge")

    written = world.written(done)
    assert len(written) == 2
    assert b"PurgeReleaseMessage" in xml(written, "4.3")


@pytest.mark.parametrize("version", ["4.3", "4.3.2", "4.2"])
def test_a_takedown_tells_of_the_release_without_deals(world, version):
    done = world.export(action="take_down", versions=[version])

    assert done.status is ExportStatus.DONE, done.reason
    assert read(xml(world.written(done), version)).deals == ()


def test_what_was_sent_is_known_at_the_release(world):
    world.export()
    release = world.release

    with world.catalog.transaction(TENANT) as tx:
        (sent,) = tx.pointing(Kind.MESSAGE, Kind.RELEASE, release)
    assert sent.values["direction"] == "out"
    assert sent.values["recipient"] == kinds.RECIPIENT
    assert sent.values["sender"] == kinds.SENDER


def test_another_tenants_file_is_never_delivered(world):
    with world.catalog.transaction(TENANT) as tx:
        tx.stage(
            [
                SourceRecord(
                    Kind.RESOURCE,
                    (f"object:{world.uploads.base_uri}/another/x.flac",),
                    "file",
                    "x",
                    1,
                    (
                        Claim("lossless", value=True),
                        Claim("recording", "isrc:QZLN92600001"),
                        Claim("size_bytes", 10**9),
                        Claim("type", "SoundRecording"),
                        Claim("uri", f"{world.uploads.base_uri}/another/x.flac"),
                    ),
                    _AT,
                )
            ]
        )

    done = world.export()

    assert done.status is ExportStatus.FAILED
    assert done.reason["message"] == "a file of the release is not there"


def test_a_release_that_is_not_there_fails(world):
    done = world.export(release_ids=[str(UUID(int=1))])

    assert done.status is ExportStatus.FAILED


def test_a_file_is_taken_from_where_it_lies_not_from_where_it_was_promised(world):
    lies = f"{world.uploads.base_uri}/{TENANT}/in/resources/01.flac"
    promised = f"{world.uploads.base_uri}/{TENANT}/in/01.flac"
    with world.catalog.transaction(TENANT) as tx:
        tx.stage(
            [
                SourceRecord(
                    Kind.RESOURCE,
                    (f"object:{lies}",),
                    source,
                    source,
                    2,
                    (Claim("type", "SoundRecording"), Claim("uri", uri)),
                    _AT,
                )
                for source, uri in (("file", lies), ("ddex:X", promised))
            ]
        )

    assert world.export().status is ExportStatus.DONE
