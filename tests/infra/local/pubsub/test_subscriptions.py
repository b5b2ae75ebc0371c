from __future__ import annotations

import queue
import threading
import time
from collections import defaultdict
from contextlib import contextmanager
from itertools import pairwise

import pytest
from google.api_core import exceptions
from google.cloud.pubsub_v1.subscriber.exceptions import AcknowledgeError
from google.cloud.pubsub_v1.types import FlowControl
from google.protobuf import field_mask_pb2
from google.pubsub_v1 import types

PROJECT = "projects/proj-local"


@contextmanager
def streaming(cloud, subscription, take, **settings):
    stream = cloud.subscriber.subscribe(subscription, take, **settings)
    try:
        yield
    finally:
        stream.cancel()
        stream.result(5)


def update(cloud, subscription, paths, **settings):
    return cloud.subscriber.update_subscription(
        subscription=types.Subscription(name=subscription, **settings),
        update_mask=field_mask_pb2.FieldMask(paths=paths),
    )


def test_a_subscription_is_found_again_until_it_is_deleted(cloud):
    topic = cloud.topic()
    name = cloud.subscription(topic, ack_deadline_seconds=20, labels={"a": "b"})

    found = cloud.subscriber.get_subscription(subscription=name)
    listed = [s.name for s in cloud.subscriber.list_subscriptions(project=PROJECT)]
    of_topic = list(cloud.publisher.list_topic_subscriptions(topic=topic))
    cloud.subscriber.delete_subscription(subscription=name)

    assert found.ack_deadline_seconds == 20
    assert found.message_retention_duration.total_seconds() == 7 * 86_400
    assert name in listed
    assert of_topic == [name]
    with pytest.raises(exceptions.NotFound):
        cloud.subscriber.get_subscription(subscription=name)


def test_a_subscription_needs_its_topic_and_a_name_of_its_own(cloud):
    topic = cloud.topic()
    taken = cloud.subscription(topic)

    with pytest.raises(exceptions.AlreadyExists):
        cloud.subscriber.create_subscription(name=taken, topic=topic)
    with pytest.raises(exceptions.NotFound):
        cloud.subscriber.create_subscription(
            name=f"{taken}-other", topic=f"{PROJECT}/topics/nowhere"
        )


def test_an_update_takes_effect_and_a_bad_one_has_none(cloud):
    name = cloud.subscription(cloud.topic())

    update(cloud, name, ["ack_deadline_seconds"], ack_deadline_seconds=30)
    with pytest.raises(exceptions.InvalidArgument):
        update(cloud, name, ["ack_deadline_seconds"], ack_deadline_seconds=5)
    with pytest.raises(exceptions.InvalidArgument):
        update(cloud, name, ["filter"], filter="attributes:a")

    found = cloud.subscriber.get_subscription(subscription=name)
    assert found.ack_deadline_seconds == 30


def test_a_bad_filter_makes_no_subscription(cloud):
    topic = cloud.topic()

    with pytest.raises(exceptions.InvalidArgument):
        cloud.subscription(topic, filter="attributes.")

    assert list(cloud.publisher.list_topic_subscriptions(topic=topic)) == []


def test_a_filter_keeps_the_rest_away(cloud):
    topic = cloud.topic()
    subscription = cloud.subscription(
        topic, filter='attributes.kind = "audio" AND NOT attributes:skip'
    )

    cloud.publish(topic, b"1", kind="audio")
    cloud.publish(topic, b"2", kind="image")
    cloud.publish(topic, b"3", kind="audio", skip="1")

    assert [each.message.data for each in cloud.pull(subscription)] == [b"1"]


def test_what_is_acknowledged_is_gone_and_what_is_nacked_comes_again(cloud):
    topic = cloud.topic()
    subscription = cloud.subscription(topic)
    cloud.publish(topic, b"1", b"2")
    first, second = cloud.pull(subscription)

    cloud.ack(subscription, first)
    cloud.nack(subscription, second)

    assert [each.message.data for each in cloud.pull(subscription)] == [b"2"]


def test_a_waiting_pull_gets_a_message_the_moment_it_comes(cloud):
    topic = cloud.topic()
    subscription = cloud.subscription(topic)
    threading.Timer(0.1, cloud.publish, (topic, b"x")).start()
    started = time.monotonic()

    [received] = cloud.pull(subscription)

    assert received.message.data == b"x"
    assert 0.05 < time.monotonic() - started < 0.4


def test_an_empty_pull_ends_before_its_deadline(cloud):
    subscription = cloud.subscription(cloud.topic())

    assert cloud.pull(subscription) == []


@pytest.mark.parametrize("limit", [0, -1])
def test_a_pull_for_nothing_is_refused(cloud, limit):
    subscription = cloud.subscription(cloud.topic())

    with pytest.raises(exceptions.InvalidArgument):
        cloud.subscriber.pull(subscription=subscription, max_messages=limit)


def test_a_stream_gets_every_message_once(cloud):
    topic = cloud.topic()
    subscription = cloud.subscription(topic)
    counts: dict[bytes, int] = defaultdict(int)
    done = threading.Event()

    def take(message):
        counts[message.data] += 1
        message.ack()
        if len(counts) == 1000:
            done.set()

    with streaming(cloud, subscription, take):
        cloud.publish(topic, *(b"%d" % n for n in range(1000)))
        assert done.wait(10), len(counts)

    assert set(counts.values()) == {1}


def test_a_streams_window_bounds_what_is_out(cloud):
    topic = cloud.topic()
    subscription = cloud.subscription(topic)
    cloud.publish(topic, *(b"x" for _ in range(20)))
    held: list[object] = []
    free = threading.Event()

    def take(message):
        held.append(message)
        free.wait(5)
        message.ack()

    window = FlowControl(max_messages=3)
    with streaming(cloud, subscription, take, flow_control=window):
        time.sleep(0.3)
        status = len(held)
        free.set()

    assert status == 3


def test_keys_stay_in_order_through_a_nack(cloud):
    topic = cloud.topic()
    subscription = cloud.subscription(topic, enable_message_ordering=True)
    seen: dict[str, list[bytes]] = defaultdict(list)
    refused: list[bytes] = []
    done = threading.Event()

    def take(message):
        if message.data == b"3" and message.ordering_key == "a" and not refused:
            refused.append(message.data)
            message.nack()
            return
        seen[message.ordering_key].append(message.data)
        message.ack()
        if sum(map(len, seen.values())) == 20:
            done.set()

    payloads = [b"%d" % n for n in range(10)]
    with streaming(cloud, subscription, take):
        for key in "ab":
            cloud.publish_keyed(topic, key, *payloads)
        assert done.wait(10), seen

    assert refused
    assert seen == {"a": payloads, "b": payloads}


def test_exactly_once_says_what_became_of_each_acknowledgement(cloud):
    topic = cloud.topic()
    subscription = cloud.subscription(topic, enable_exactly_once_delivery=True)
    answers: list[object] = []
    done = threading.Event()

    def take(message):
        answers.append(message.ack_with_response().result(5))
        try:
            message.ack_with_response().result(5)
        except AcknowledgeError as exc:
            answers.append(exc.error_code)
        done.set()

    with streaming(cloud, subscription, take):
        cloud.publish(topic, b"x")
        assert done.wait(10), answers

    assert [answer.name for answer in answers] == ["SUCCESS", "INVALID_ACK_ID"]


def test_an_exactly_once_stream_confirms_what_it_is_sent(cloud):
    topic = cloud.topic()
    subscription = cloud.subscription(topic, enable_exactly_once_delivery=True)
    cloud.publish(topic, b"1", b"2")
    sent: queue.Queue[types.StreamingPullRequest | None] = queue.Queue()
    opening = {"subscription": subscription, "stream_ack_deadline_seconds": 10}
    sent.put(types.StreamingPullRequest(opening))
    stream = cloud.subscriber.streaming_pull(requests=iter(sent.get, None))
    answers = iter(stream)
    first, second = next(
        answer.received_messages for answer in answers if answer.received_messages
    )

    sent.put(
        types.StreamingPullRequest(
            ack_ids=[first.ack_id, "1.0:1:1"],
            modify_deadline_ack_ids=[second.ack_id],
            modify_deadline_seconds=[20],
        )
    )
    answer = next(answers)
    stream.cancel()
    sent.put(None)

    acked = answer.acknowledge_confirmation
    extended = answer.modify_ack_deadline_confirmation
    assert list(acked.ack_ids) == [first.ack_id]
    assert list(acked.invalid_ack_ids) == ["1.0:1:1"]
    assert list(extended.ack_ids) == [second.ack_id]


def test_a_stream_ends_with_its_subscription(cloud):
    subscription = cloud.subscription(cloud.topic())
    stream = cloud.subscriber.subscribe(subscription, lambda _: None)

    time.sleep(0.1)
    cloud.subscriber.delete_subscription(subscription=subscription)

    with pytest.raises(exceptions.NotFound):
        stream.result(5)


def test_what_is_pushed_cannot_be_streamed(cloud, sink):
    push = {"push_endpoint": sink().url}
    subscription = cloud.subscription(cloud.topic(), push_config=push)

    stream = cloud.subscriber.subscribe(subscription, lambda _: None)

    with pytest.raises(exceptions.FailedPrecondition):
        stream.result(5)


def test_poison_is_dead_lettered_after_five_deliveries(cloud):
    dead = cloud.topic()
    grave = cloud.subscription(dead)
    topic = cloud.topic()
    policy = {"dead_letter_topic": dead, "max_delivery_attempts": 5}
    subscription = cloud.subscription(topic, dead_letter_policy=policy)
    cloud.publish(topic, b"poison", kind="audio")

    attempts = []
    for _ in range(5):
        [received] = cloud.pull(subscription)
        attempts.append(received.delivery_attempt)
        cloud.nack(subscription, received)

    [letter] = cloud.pull(grave)
    prefix = "CloudPubSubDeadLetterSource"
    attributes = dict(letter.message.attributes)
    assert attempts == [1, 2, 3, 4, 5]
    assert letter.message.data == b"poison"
    assert attributes.pop(f"{prefix}TopicPublishTime").endswith("Z")
    assert attributes == {
        "kind": "audio",
        f"{prefix}Subscription": subscription.rsplit("/", 1)[1],
        f"{prefix}SubscriptionProject": "proj-local",
        f"{prefix}DeliveryCount": "5",
    }
    assert cloud.pull(subscription) == []


def test_attempts_are_told_only_where_there_are_dead_letters(cloud):
    topic = cloud.topic()
    subscription = cloud.subscription(topic)
    cloud.publish(topic, b"x")

    [received] = cloud.pull(subscription)

    assert received.delivery_attempt == 0


def test_a_retry_policy_delays_what_is_nacked(cloud):
    topic = cloud.topic()
    subscription = cloud.subscription(
        topic,
        retry_policy={
            "minimum_backoff": {"seconds": 4},
            "maximum_backoff": {"seconds": 8},
        },
    )
    cloud.publish(topic, b"x")
    moments = []

    for _ in range(3):
        [received] = cloud.pull(subscription)
        moments.append(time.monotonic())
        cloud.nack(subscription, received)

    waits_s = [later - sooner for sooner, later in pairwise(moments)]
    assert waits_s[0] >= 0.2
    assert waits_s[1] >= 0.4
