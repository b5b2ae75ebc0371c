"""What `ports.event_bus` promises, in memory and of Pub/Sub."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from google.cloud import pubsub_v1

from shared.adapters.memory.bus import MemoryBus
from shared.adapters.pubsub import PubSubBus, publisher
from shared.domain.errors import InvalidInputError, NotFoundError, TransientError
from shared.ports.event_bus import Announcement
from tests.contract.servers import (
    closed_port,
    fresh,
    pubsub_address,
    subscriber,
)

__all__ = ["closed_port", "pubsub_address", "subscriber"]


class MemoryPlace:
    """The bus in memory, and what reached it."""

    def __init__(self) -> None:
        self.bus = MemoryBus()

    def received(self, count: int, at_once: int = 1000) -> list[Announcement]:
        assert len(self.bus.published) >= count
        return self.bus.published


class PubSubPlace:
    """Topics `one` and `two` of a fresh project, and who listens to both."""

    def __init__(self, client, subscriber) -> None:
        project = fresh("bus-project")
        self.bus = PubSubBus(client, project, patience_s=5)
        self._subscriber = subscriber
        self._subscriptions = {}
        for name in ("one", "two"):
            topic = client.topic_path(project, name)
            client.create_topic(name=topic)
            path = subscriber.subscription_path(project, f"{name}.test")
            subscriber.create_subscription(
                request={
                    "name": path,
                    "topic": topic,
                    "enable_message_ordering": True,
                }
            )
            self._subscriptions[path] = name

    def received(self, count: int, at_once: int = 1000) -> list[Announcement]:
        found: list[Announcement] = []
        until_s = time.monotonic() + 10
        while len(found) < count and time.monotonic() < until_s:
            for path, topic in self._subscriptions.items():
                found.extend(self._pull(path, topic, at_once))
        return found

    def _pull(self, path: str, topic: str, at_once: int) -> list[Announcement]:
        answer = self._subscriber.pull(
            request={
                "subscription": path,
                "max_messages": at_once,
                "return_immediately": True,
            }
        )
        received = answer.received_messages
        if received:
            self._subscriber.acknowledge(
                subscription=path, ack_ids=[each.ack_id for each in received]
            )
        return [
            Announcement(
                topic,
                each.message.data,
                dict(each.message.attributes),
                each.message.ordering_key,
            )
            for each in received
        ]


@pytest.fixture
def pubsub_client(pubsub_address, monkeypatch):
    monkeypatch.setenv("PUBSUB_EMULATOR_HOST", pubsub_address)
    client = publisher()
    yield client
    client.transport.close()


@pytest.fixture
def pubsub(pubsub_client, subscriber) -> PubSubPlace:
    return PubSubPlace(pubsub_client, subscriber)


@pytest.fixture(params=["memory", "pubsub"])
def place(request):
    if request.param == "memory":
        return MemoryPlace()
    return request.getfixturevalue("pubsub")


def test_a_message_arrives_as_it_was_announced(place):
    told = Announcement(
        "one", "¡olé! 🎺\x00".encode(), {"type": "x.v1", "tenant": "é"}, "t/recording/1"
    )

    place.bus.publish([told])

    assert place.received(1) == [told]


def test_nothing_to_publish_is_fine(place):
    place.bus.publish([])

    assert place.received(0) == []


def test_each_goes_to_its_topic(place):
    told = [Announcement(topic, topic.encode()) for topic in ("one", "two", "one")]

    place.bus.publish(told)

    found = place.received(3)
    assert sorted(f"{each.topic}:{each.data.decode()}" for each in found) == [
        "one:one",
        "one:one",
        "two:two",
    ]


def test_messages_of_a_key_arrive_in_order(place):
    told = [
        Announcement("one", str(number).encode(), {}, f"key-{number % 7}")
        for number in range(300)
    ]

    place.bus.publish(told[:100])
    place.bus.publish(told[100:])

    found = place.received(300)
    for key in {each.ordering_key for each in told}:
        numbers = [int(each.data) for each in found if each.ordering_key == key]
        assert numbers == sorted(numbers)
    assert len(found) == 300


def test_more_than_one_request_holds_stays_in_order(place):
    told = [Announcement("one", b"%d" % n, {}, "key") for n in range(1200)]

    place.bus.publish(told)

    assert [int(each.data) for each in place.received(1200)] == list(range(1200))


def test_more_bytes_than_one_request_holds_are_sent(place):
    told = [Announcement("one", bytes([n]) * 4_000_000) for n in range(5)]

    place.bus.publish(told)

    assert {each.data[0] for each in place.received(5, at_once=1)} == set(range(5))


def test_many_publish_at_once(place):
    def publish(writer: int) -> None:
        told = [Announcement("one", f"{writer}-{n}".encode()) for n in range(50)]
        place.bus.publish(told)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(publish, range(8)))

    assert len({each.data for each in place.received(400)}) == 400


def test_an_absent_topic_is_not_found(pubsub):
    with pytest.raises(NotFoundError) as caught:
        pubsub.bus.publish([Announcement("absent", b"x")])

    assert caught.value.facts["topic"] == "absent"


def test_what_no_bus_takes_is_refused(pubsub):
    with pytest.raises(InvalidInputError):
        pubsub.bus.publish([Announcement("one", b"x", {"k": "v" * 2000})])


def test_a_bus_that_is_away_is_given_up_within_seconds(monkeypatch, closed_port):
    monkeypatch.setenv("PUBSUB_EMULATOR_HOST", f"127.0.0.1:{closed_port}")
    client = publisher()
    bus = PubSubBus(client, "project", patience_s=1)

    started_s = time.monotonic()
    with pytest.raises(TransientError):
        bus.publish([Announcement("one", b"x", {}, "key"), Announcement("two", b"y")])

    assert time.monotonic() - started_s < 4
    client.transport.close()


def test_after_a_failure_a_key_can_be_published_again(pubsub):
    with pytest.raises(NotFoundError):
        pubsub.bus.publish([Announcement("absent", b"x", {}, "key")])

    pubsub.bus.publish([Announcement("one", b"x", {}, "key")])

    assert [each.data for each in pubsub.received(1)] == [b"x"]


def test_the_client_may_be_of_its_users_making(pubsub_address, monkeypatch, subscriber):
    monkeypatch.setenv("PUBSUB_EMULATOR_HOST", pubsub_address)
    client = pubsub_v1.PublisherClient()
    place = PubSubPlace(client, subscriber)

    place.bus.publish([Announcement("two", b"x")])

    assert len(place.received(1)) == 1
    client.transport.close()
