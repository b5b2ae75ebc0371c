"""From an upload to a Pub/Sub subscriber, through a Pub/Sub that goes and comes."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from google.api_core.exceptions import DeadlineExceeded
from google.cloud import pubsub_v1

PROJECT = "proj-local"
TOPIC = f"projects/{PROJECT}/topics/uploaded"
SUBSCRIPTION = f"projects/{PROJECT}/subscriptions/uploaded.extract"


@contextmanager
def _pubsub(port, folder):
    command = [sys.executable, "-m", "infra.local.pubsub", "--port", str(port)]
    command += ["--admin-port", "0", "--data", str(folder / "pubsub")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.readline()
    try:
        yield
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        process.stderr.close()


@pytest.fixture
def pubsub_address(unused_port, monkeypatch):
    address = f"127.0.0.1:{unused_port}"
    monkeypatch.setitem(os.environ, "PUBSUB_EMULATOR_HOST", address)
    return address


def _subscribe():
    with pubsub_v1.PublisherClient() as publisher:
        publisher.create_topic(name=TOPIC)
    with pubsub_v1.SubscriberClient() as subscriber:
        subscriber.create_subscription(name=SUBSCRIPTION, topic=TOPIC)


def _receives(name):
    """Pull and acknowledge until the object *name* is told of, for at most 20 s."""
    deadline = time.monotonic() + 20
    with pubsub_v1.SubscriberClient() as subscriber:
        while time.monotonic() < deadline:
            try:
                response = subscriber.pull(
                    subscription=SUBSCRIPTION, max_messages=10, timeout=5, retry=None
                )
            except DeadlineExceeded:
                continue
            received = response.received_messages
            if received:
                ids = [message.ack_id for message in received]
                subscriber.acknowledge(subscription=SUBSCRIPTION, ack_ids=ids)
            if name in {m.message.attributes["objectId"] for m in received}:
                return True
    return False


def test_notifications_reach_a_subscriber_even_past_an_outage(
    running, connect, tmp_path, pubsub_address, unused_port
):
    with running(tmp_path, pubsub_address=pubsub_address) as base_url:
        bucket = connect(base_url).create_bucket("uploads")
        bucket.notification("uploaded", topic_project=PROJECT).create()
        with _pubsub(unused_port, tmp_path):
            _subscribe()
            bucket.blob("before").upload_from_string("1")
            assert _receives("before")
        bucket.blob("during").upload_from_string("1")
        with _pubsub(unused_port, tmp_path):
            assert _receives("during")
