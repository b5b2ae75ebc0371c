from __future__ import annotations

import datetime as dt

import pytest
from google.api_core import exceptions
from google.protobuf import field_mask_pb2
from google.pubsub_v1 import types

PROJECT = "projects/proj-local"


def in_an_hour() -> dt.datetime:
    return dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)


def an_hour_ago() -> dt.datetime:
    return dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)


def seek(cloud, subscription, **to):
    cloud.subscriber.seek(request={"subscription": subscription, **to})


def payloads(cloud, subscription):
    return [each.message.data for each in cloud.pull(subscription)]


def test_seeking_to_the_future_acknowledges_everything(cloud):
    topic = cloud.topic()
    subscription = cloud.subscription(topic)
    cloud.publish(topic, b"1", b"2")
    [out] = cloud.pull(subscription, limit=1)

    seek(cloud, subscription, time=in_an_hour())
    cloud.nack(subscription, out)

    assert payloads(cloud, subscription) == []


def test_seeking_back_brings_what_the_subscription_retained(cloud):
    topic = cloud.topic()
    subscription = cloud.subscription(topic, retain_acked_messages=True)
    cloud.publish(topic, b"1", b"2")
    cloud.ack(subscription, *cloud.pull(subscription))

    seek(cloud, subscription, time=an_hour_ago())

    assert payloads(cloud, subscription) == [b"1", b"2"]


def test_seeking_back_brings_what_the_topic_retained(cloud):
    topic = cloud.topic(message_retention_duration={"seconds": 3600})
    cloud.publish(topic, b"before the subscription")
    subscription = cloud.subscription(topic)
    cloud.publish(topic, b"after")
    cloud.ack(subscription, *cloud.pull(subscription))

    seek(cloud, subscription, time=an_hour_ago())

    assert payloads(cloud, subscription) == [b"before the subscription", b"after"]


def test_without_retention_what_is_acknowledged_is_gone(cloud):
    topic = cloud.topic()
    subscription = cloud.subscription(topic)
    cloud.publish(topic, b"1")
    cloud.ack(subscription, *cloud.pull(subscription))

    seek(cloud, subscription, time=an_hour_ago())

    assert payloads(cloud, subscription) == []


def test_a_snapshot_brings_back_its_backlog_and_all_that_came_since(cloud):
    topic = cloud.topic()
    subscription = cloud.subscription(topic)
    cloud.publish(topic, b"acked", b"open")
    cloud.ack(subscription, *cloud.pull(subscription, limit=1))
    name = f"{PROJECT}/snapshots/backlog"

    made = cloud.subscriber.create_snapshot(name=name, subscription=subscription)
    cloud.publish(topic, b"since")
    seek(cloud, subscription, time=in_an_hour())
    seek(cloud, subscription, snapshot=name)

    assert made.topic == topic
    assert made.expire_time > dt.datetime.now(dt.UTC) + dt.timedelta(days=6)
    assert payloads(cloud, subscription) == [b"open", b"since"]


def test_a_snapshot_serves_another_subscription_with_its_filter(cloud):
    topic = cloud.topic()
    first = cloud.subscription(topic)
    cloud.publish(topic, b"audio", kind="audio")
    cloud.publish(topic, b"image", kind="image")
    name = f"{PROJECT}/snapshots/shared"
    cloud.subscriber.create_snapshot(name=name, subscription=first)
    second = cloud.subscription(topic, filter='attributes.kind = "audio"')

    seek(cloud, second, snapshot=name)

    assert payloads(cloud, second) == [b"audio"]


def test_snapshots_are_listed_updated_and_deleted(cloud):
    topic = cloud.topic()
    subscription = cloud.subscription(topic)
    name = f"{PROJECT}/snapshots/managed"
    cloud.subscriber.create_snapshot(name=name, subscription=subscription)

    with pytest.raises(exceptions.AlreadyExists):
        cloud.subscriber.create_snapshot(name=name, subscription=subscription)
    cloud.subscriber.update_snapshot(
        snapshot=types.Snapshot(name=name, labels={"a": "b"}),
        update_mask=field_mask_pb2.FieldMask(paths=["labels"]),
    )
    found = cloud.subscriber.get_snapshot(snapshot=name)
    listed = [s.name for s in cloud.subscriber.list_snapshots(project=PROJECT)]
    of_topic = list(cloud.publisher.list_topic_snapshots(topic=topic))
    cloud.subscriber.delete_snapshot(snapshot=name)

    assert dict(found.labels) == {"a": "b"}
    assert name in listed
    assert of_topic == [name]
    with pytest.raises(exceptions.NotFound):
        seek(cloud, subscription, snapshot=name)
