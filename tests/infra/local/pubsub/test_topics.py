from __future__ import annotations

import pytest
from google.api_core import exceptions
from google.protobuf import field_mask_pb2
from google.pubsub_v1 import types

PROJECT = "projects/proj-local"


def test_a_topic_is_found_again_until_it_is_deleted(cloud):
    name = cloud.topic(labels={"a": "b"})

    found = cloud.publisher.get_topic(topic=name)
    listed = [each.name for each in cloud.publisher.list_topics(project=PROJECT)]
    cloud.publisher.delete_topic(topic=name)

    assert dict(found.labels) == {"a": "b"}
    assert name in listed
    with pytest.raises(exceptions.NotFound):
        cloud.publisher.get_topic(topic=name)


def test_a_topic_is_made_once(cloud):
    name = cloud.topic()

    with pytest.raises(exceptions.AlreadyExists):
        cloud.publisher.create_topic(name=name)


@pytest.mark.parametrize(
    "name",
    [
        f"{PROJECT}/topics/1x",
        f"{PROJECT}/topics/ab",
        f"{PROJECT}/topics/goog-topic",
        f"{PROJECT}/topics/sp ace",
        f"{PROJECT}/subscriptions/topic",
        "topic",
    ],
)
def test_bad_names_are_refused(cloud, name):
    with pytest.raises(exceptions.InvalidArgument):
        cloud.publisher.create_topic(name=name)


def test_an_update_changes_what_its_mask_names_and_clears_what_it_leaves_out(cloud):
    name = cloud.topic(labels={"a": "b"}, message_retention_duration={"seconds": 600})
    change = types.Topic(name=name, labels={"c": "d"})
    paths = ["labels", "message_retention_duration"]

    cloud.publisher.update_topic(
        topic=change, update_mask=field_mask_pb2.FieldMask(paths=paths)
    )

    found = cloud.publisher.get_topic(topic=name)
    assert dict(found.labels) == {"c": "d"}
    assert not found.message_retention_duration


@pytest.mark.parametrize("paths", [[], ["nonsense"], ["name"]])
def test_masks_that_name_nothing_that_can_change_are_refused(cloud, paths):
    topic = types.Topic(name=cloud.topic())

    with pytest.raises(exceptions.InvalidArgument):
        cloud.publisher.update_topic(
            topic=topic, update_mask=field_mask_pb2.FieldMask(paths=paths)
        )


def test_lists_come_in_pages(cloud):
    names = {cloud.topic() for _ in range(5)}
    request = {"project": PROJECT, "page_size": 2}

    pages = list(cloud.publisher.list_topics(request=request).pages)

    assert all(len(page.topics) <= 2 for page in pages)
    assert names <= {topic.name for page in pages for topic in page.topics}


def test_every_subscription_of_a_topic_gets_every_message(cloud):
    topic = cloud.topic()
    subscriptions = [cloud.subscription(topic) for _ in range(3)]

    ids = cloud.publish(topic, b"1", b"2", k="v")

    for subscription in subscriptions:
        got = [each.message for each in cloud.pull(subscription)]
        assert [each.message_id for each in got] == ids
        assert [each.data for each in got] == [b"1", b"2"]
        assert {each.attributes["k"] for each in got} == {"v"}
        assert all(each.publish_time for each in got)


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"attributes": {"k" * 257: "v"}},
        {"attributes": {"k": "v" * 1025}},
        {"attributes": {f"k{n}": "v" for n in range(101)}},
        {"data": b"x" * 10_000_001},
    ],
)
def test_messages_beyond_the_services_limits_are_refused(cloud, message):
    topic = cloud.topic()

    with pytest.raises(exceptions.InvalidArgument):
        cloud.publisher.api.publish(request={"topic": topic, "messages": [message]})


@pytest.mark.parametrize("count", [0, 1001])
def test_a_request_has_from_one_to_a_thousand_messages(cloud, count):
    messages = [{"data": b"x"}] * count

    with pytest.raises(exceptions.InvalidArgument):
        cloud.publisher.api.publish(
            request={"topic": cloud.topic(), "messages": messages}
        )


def test_publishing_to_no_topic_is_not_found(cloud):
    with pytest.raises(exceptions.NotFound):
        cloud.publish(f"{PROJECT}/topics/nowhere", b"x")


def test_a_subscription_outlives_its_topic(cloud):
    topic = cloud.topic()
    subscription = cloud.subscription(topic)
    cloud.publish(topic, b"left")

    cloud.publisher.delete_topic(topic=topic)

    found = cloud.subscriber.get_subscription(subscription=subscription)
    assert found.topic == "_deleted-topic_"
    assert [each.message.data for each in cloud.pull(subscription)] == [b"left"]


def test_a_detached_subscription_gets_nothing_more(cloud):
    topic = cloud.topic()
    subscription = cloud.subscription(topic)
    cloud.publish(topic, b"before")

    cloud.publisher.detach_subscription(request={"subscription": subscription})
    cloud.publish(topic, b"after")

    assert cloud.subscriber.get_subscription(subscription=subscription).detached
    assert list(cloud.publisher.list_topic_subscriptions(topic=topic)) == []
    with pytest.raises(exceptions.FailedPrecondition):
        cloud.pull(subscription)


def test_access_policies_are_kept_and_everything_is_allowed(cloud):
    topic = cloud.topic()
    policy = {"bindings": [{"role": "roles/pubsub.viewer", "members": ["allUsers"]}]}
    wanted = ["pubsub.topics.publish"]

    cloud.publisher.set_iam_policy(request={"resource": topic, "policy": policy})

    found = cloud.publisher.get_iam_policy(request={"resource": topic})
    allowed = cloud.publisher.test_iam_permissions(
        request={"resource": topic, "permissions": wanted}
    )
    assert found.bindings[0].role == "roles/pubsub.viewer"
    assert found.etag
    assert list(allowed.permissions) == wanted
