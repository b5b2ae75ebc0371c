import asyncio
import json
import time

import pytest
from google.api_core.exceptions import BadRequest, NotFound

from infra.local.storage.database import Database
from infra.local.storage.notifications import EventType, Message, Notifications
from infra.local.storage.publisher import PubSubPublisher
from infra.local.storage.relay import PublishError, Relay

TOPIC = "projects/proj-local/topics/{}"


def _eventually(check, seconds=5.0):
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.005)


@pytest.fixture
def notify(bucket):
    """Have *bucket* tell the topic named like it."""

    def create(**options):
        topic = options.pop("topic", bucket.name)
        notification = bucket.notification(topic, topic_project="proj-local", **options)
        notification.create()
        return notification

    return create


@pytest.fixture
def told(bucket, pubsub):
    """What the topic named like the bucket was told, once it is *count* messages."""

    def wait(count):
        topic = TOPIC.format(bucket.name)
        _eventually(lambda: len(pubsub.of(topic)) >= count)
        return pubsub.of(topic)

    return wait


def test_a_new_object_is_told_with_the_attributes_of_the_service(bucket, notify, told):
    notify(
        payload_format="JSON_API_V1",
        custom_attributes={"origin": "test"},
    )
    blob = bucket.blob("tenant/so what.flac")
    blob.upload_from_string("content", content_type="audio/flac")

    (message,) = told(1)

    attributes = dict(message.attributes)
    assert attributes.pop("eventTime").endswith("Z")
    assert attributes == {
        "notificationConfig": (
            f"projects/_/buckets/{bucket.name}/notificationConfigs/1"
        ),
        "eventType": "OBJECT_FINALIZE",
        "payloadFormat": "JSON_API_V1",
        "bucketId": bucket.name,
        "objectId": "tenant/so what.flac",
        "objectGeneration": str(blob.generation),
        "origin": "test",
    }
    payload = json.loads(message.data)
    assert payload["kind"] == "storage#object"
    assert payload["name"] == "tenant/so what.flac"
    assert payload["size"] == "7"
    assert payload["generation"] == str(blob.generation)
    assert payload["mediaLink"].startswith("http://127.0.0.1:")


def test_an_overwritten_object_is_told_twice_linked_both_ways(bucket, notify, told):
    notify()
    first, second = bucket.blob("x"), bucket.blob("x")
    first.upload_from_string("1")

    second.upload_from_string("2")

    _, deleted, finalized = told(3)
    assert deleted.attributes["eventType"] == "OBJECT_DELETE"
    assert deleted.attributes["objectGeneration"] == str(first.generation)
    assert deleted.attributes["overwrittenByGeneration"] == str(second.generation)
    assert finalized.attributes["eventType"] == "OBJECT_FINALIZE"
    assert finalized.attributes["overwroteGeneration"] == str(first.generation)


def test_changes_and_deletions_are_told(bucket, notify, told):
    notify(payload_format="JSON_API_V1")
    blob = bucket.blob("x")
    blob.upload_from_string("1")
    blob.metadata = {"a": "b"}
    blob.patch()

    blob.delete()

    kinds = [message.attributes["eventType"] for message in told(3)]
    assert kinds == ["OBJECT_FINALIZE", "OBJECT_METADATA_UPDATE", "OBJECT_DELETE"]
    assert json.loads(told(3)[1].data)["metadata"] == {"a": "b"}


def test_with_versioning_objects_are_archived(bucket, notify, told):
    bucket.versioning_enabled = True
    bucket.patch()
    notify()
    blob = bucket.blob("x")
    blob.upload_from_string("1")
    bucket.blob("x").upload_from_string("2")
    bucket.blob("x").delete()
    bucket.blob("x", generation=blob.generation).delete()

    kinds = [message.attributes["eventType"] for message in told(5)]

    assert kinds == [
        "OBJECT_FINALIZE",
        "OBJECT_ARCHIVE",
        "OBJECT_FINALIZE",
        "OBJECT_ARCHIVE",
        "OBJECT_DELETE",
    ]


def test_only_what_was_asked_for_is_told(bucket, notify, told):
    notify(
        event_types=["OBJECT_FINALIZE"],
        blob_name_prefix="uploads/",
        payload_format="NONE",
    )
    bucket.blob("other/x").upload_from_string("1")
    bucket.blob("uploads/x").upload_from_string("1")
    bucket.blob("uploads/x").delete()
    bucket.blob("uploads/last").upload_from_string("1")

    messages = told(2)

    named = [message.attributes["objectId"] for message in messages]
    assert named == ["uploads/x", "uploads/last"]
    assert messages[0].data == b""
    assert messages[0].attributes["payloadFormat"] == "NONE"


def test_every_way_to_make_an_object_is_told(bucket, notify, told):
    notify(event_types=["OBJECT_FINALIZE"])
    source = bucket.blob("a")
    source.upload_from_string("1")
    bucket.copy_blob(source, bucket, "b")
    bucket.blob("c").rewrite(source)
    bucket.blob("d").compose([source, source])
    with bucket.blob("e").open("wb") as stream:
        stream.write(b"1")

    named = [message.attributes["objectId"] for message in told(5)]

    assert named == ["a", "b", "c", "d", "e"]


def test_a_refused_write_tells_nothing(bucket, notify, told):
    notify()
    blob = bucket.blob("x")
    blob.crc32c = "AAAAAA=="
    with pytest.raises(BadRequest):
        blob.upload_from_string("1", checksum=None)

    bucket.blob("y").upload_from_string("1")

    assert [message.attributes["objectId"] for message in told(1)] == ["y"]


def test_configurations_can_be_listed_read_and_removed(bucket, notify):
    first, second = notify(), notify(topic="other")

    assert [n.notification_id for n in bucket.list_notifications()] == ["1", "2"]
    assert [n.topic_name for n in bucket.list_notifications()] == [bucket.name, "other"]
    first.delete()
    with pytest.raises(NotFound):
        bucket.get_notification("1")
    assert second.exists()


@pytest.mark.parametrize(
    "config",
    [
        {"topic": "nowhere"},
        {"topic": TOPIC.format("x"), "payload_format": "XML"},
        {"topic": TOPIC.format("x"), "event_types": ["OBJECT_LOST"]},
    ],
)
def test_a_malformed_configuration_is_refused(http, bucket, config):
    path = f"/storage/v1/b/{bucket.name}/notificationConfigs"

    assert http.post(path, json=config).status_code == 400


def test_a_notification_leaves_at_once(bucket, notify, pubsub):
    notify()

    bucket.blob("x").upload_from_string("1")

    _eventually(lambda: pubsub.of(TOPIC.format(bucket.name)), seconds=0.25)


def test_pubsub_that_fails_is_asked_again_until_it_accepts(
    running, connect, tmp_path, flaky_pubsub
):
    flaky_pubsub.failures_left = 3
    with running(tmp_path, flaky_pubsub) as base_url:
        bucket = connect(base_url).create_bucket("uploads")
        bucket.notification("t", topic_project="proj-local").create()
        for name in "abc":
            bucket.blob(name).upload_from_string("1")

        _eventually(lambda: len(flaky_pubsub.messages) == 3)

    assert [m.attributes["objectId"] for m in flaky_pubsub.messages] == ["a", "b", "c"]
    assert flaky_pubsub.attempts > 3


def test_what_was_not_accepted_is_told_after_a_restart(
    running, connect, tmp_path, flaky_pubsub
):
    with running(tmp_path) as base_url:
        bucket = connect(base_url).create_bucket("uploads")
        bucket.notification("t", topic_project="proj-local").create()
        bucket.blob("x").upload_from_string("1")

    with running(tmp_path, flaky_pubsub):
        _eventually(lambda: flaky_pubsub.messages)

    with running(tmp_path, flaky_pubsub):
        time.sleep(0.05)
    assert len(flaky_pubsub.messages) == 1
    assert flaky_pubsub.messages[0].attributes["objectId"] == "x"


class _MissingTopic:
    """Takes messages for every topic but one, and says when it has enough."""

    def __init__(self, enough):
        self.taken = []
        self.has_enough = asyncio.Event()
        self._enough = enough

    async def publish(self, topic, messages):
        if topic.endswith("missing"):
            raise PublishError("NOT_FOUND")
        self.taken += [message.sequence for message in messages]
        if len(self.taken) >= self._enough:
            self.has_enough.set()

    async def close(self):
        pass


def test_a_missing_topic_holds_up_no_other(tmp_path):
    database = Database(tmp_path / "metadata.sqlite")
    for number in range(1, 301):
        topic = TOPIC.format("missing" if number % 2 else "present")
        statement = "INSERT INTO outbox (topic, data, attributes) VALUES (?, ?, '{}')"
        database.execute(statement, topic, b"")
    notifications, publisher = Notifications(database), _MissingTopic(enough=150)
    relay = Relay(notifications, publisher)

    async def run_for_a_moment():
        running = asyncio.create_task(relay.run())
        await publisher.has_enough.wait()
        await asyncio.sleep(0.01)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    asyncio.run(run_for_a_moment())

    assert publisher.taken == list(range(2, 301, 2))
    assert notifications.waiting_topics() == [TOPIC.format("missing")]
    assert notifications.waiting_count() == 150
    assert relay.last_errors == {TOPIC.format("missing"): "NOT_FOUND"}
    database.close()


def test_a_pubsub_that_cannot_be_reached_is_a_publish_error(unused_port):
    async def publish():
        publisher = PubSubPublisher(f"127.0.0.1:{unused_port}")
        message = Message(1, TOPIC.format("t"), b"", {"eventType": EventType.DELETE})
        try:
            await publisher.publish(message.topic, [message])
        finally:
            await publisher.close()

    with pytest.raises(PublishError, match="UNAVAILABLE"):
        asyncio.run(publish())
