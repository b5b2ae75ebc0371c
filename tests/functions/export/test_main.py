"""The function as it is deployed: its own process, PostgreSQL and Cloud Storage."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from datetime import timedelta
from uuid import uuid4

import pytest
import requests

from shared.adapters.gcs import GcsObjectStore
from shared.adapters.gcs_signing import KeySigning
from shared.domain.claims import Claim, Kind, SourceRecord
from shared.domain.decisions import Export, ExportFormat, ExportStatus
from shared.events.pipeline import ExportRequested
from tests.contract.servers import fresh, storage_client, storage_server
from tests.functions.export.conftest import FixedClock
from tests.functions.export.reading import read_csv

__all__ = ["storage_client", "storage_server"]

NOW = FixedClock().now()
SOON = timedelta(minutes=5)
CALL = """
import json, sys
from cloudevents.http import CloudEvent
from functions.export.main import export
event = CloudEvent(
    {"type": "google.cloud.pubsub.topic.v1.messagePublished", "source": "//test"},
    json.load(sys.stdin),
)
export(event)
export(event)
heavy = {"librosa", "numba", "scipy", "mutagen", "lxml", "boto3"} & set(sys.modules)
print("heavy:", sorted(heavy))
"""


@pytest.fixture
def bucket(storage_client):
    return storage_client.create_bucket(fresh("exports"))


@pytest.fixture
def deployed(bucket, storage_server, database):
    """Call the function, in a process of its own, twice with one event."""

    def call(event: ExportRequested) -> str:
        pushed = {
            "message": {
                "data": base64.b64encode(event.to_cloud_event()).decode(),
                "attributes": event.attributes,
            }
        }
        told = subprocess.run(
            [sys.executable, "-c", CALL],
            input=json.dumps(pushed),
            env={
                **os.environ,
                "STORAGE_EMULATOR_HOST": storage_server.url,
                "GOOGLE_CLOUD_PROJECT": "proj-contract",
                "LINERNOTES_DATABASE_URL": database.url_app,
                "LINERNOTES_EXPORTS_URL": f"gs://{bucket.name}",
                "LINERNOTES_RESOURCES_URL": f"gs://{bucket.name}",
                "LINERNOTES_UPLOADS_URL": f"gs://{bucket.name}",
                "LINERNOTES_BUS_URL": "memory:",
                "LINERNOTES_DOCUMENTS_URL": "memory:",
                "LINERNOTES_SIGNER_KEY_FILE": str(storage_server.signer_key_file),
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert told.returncode == 0, told.stderr
        return told.stdout

    return call


def test_a_pushed_request_becomes_a_file_with_a_link(
    deployed, bucket, storage_server, postgres_catalog, tenant
):
    recordings = [
        SourceRecord(
            Kind.RECORDING,
            (f"sha256:{tenant}{number}",),
            "tags",
            f"x:{number}",
            1,
            (Claim("title", f"=Title {number}", 0.9),),
            NOW,
        )
        for number in range(700)
    ]
    wanted = Export(
        id=uuid4(),
        tenant_id=tenant,
        kind=Kind.RECORDING,
        format=ExportFormat.CSV,
        status=ExportStatus.REQUESTED,
        requested_at=NOW,
        requested_by="person:ann",
    )
    with postgres_catalog.transaction(tenant) as tx:
        tx.stage(recordings)
        tx.save_export(wanted)
    event = ExportRequested(
        event_id=wanted.id, tenant_id=tenant, occurred_at=NOW, export_id=wanted.id
    )

    output = deployed(event)

    with postgres_catalog.transaction(tenant) as tx:
        done = tx.export(wanted.id)
    assert (done.status, done.row_count) == (ExportStatus.DONE, 700)
    signing = KeySigning(storage_server.signer_key_file)
    store = GcsObjectStore(bucket.client, bucket.name, signing)
    assert [stat.name for stat in store.list()] == [done.object_name]
    url = store.signed_download(done.object_name, valid_for=SOON, filename="a.csv")
    content = requests.get(url, timeout=10).content
    assert len(content) == done.size_bytes
    assert {row["title"] for row in read_csv(content)} == {
        f"=Title {number}" for number in range(700)
    }
    assert output.count('"message": "handled"') == 2
    assert "heavy: []" in output
