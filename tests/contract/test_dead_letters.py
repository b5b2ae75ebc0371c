"""What `ports.dead_letters` promises, of Google's clients over a Pub/Sub server."""

from __future__ import annotations

import time

import pytest
from google.cloud import pubsub_v1

from shared.adapters.pubsub_dead_letters import open_dead_letters
from shared.domain.errors import InvalidInputError, NotFoundError, TransientError
from tests.contract.servers import closed_port, fresh, pubsub_address, subscriber

__all__ = ["closed_port", "pubsub_address", "subscriber"]


@pytest.fixture
def project() -> str:
    return fresh("dead-project")


@pytest.fixture
def publisher(pubsub_address, monkeypatch):
    monkeypatch.setenv("PUBSUB_EMULATOR_HOST", pubsub_address)
    client = pubsub_v1.PublisherClient()
    yield client
    client.stop()


@pytest.fixture
def letters(publisher, subscriber, project):
    """Dead letters of `events.one` and `events.two`, and who listens to the topic."""
    topic = publisher.topic_path(project, "events")
    publisher.create_topic(name=topic)
    for name in ("one", "two"):
        dead = publisher.topic_path(project, f"events.{name}.dead")
        publisher.create_topic(name=dead)
        subscriber.create_subscription(
            name=subscriber.subscription_path(project, f"events.{name}.dead"),
            topic=dead,
        )
    subscriber.create_subscription(
        name=subscriber.subscription_path(project, "events.one"), topic=topic
    )
    return open_dead_letters(f"pubsub://{project}")


@pytest.fixture
def die(publisher, project):
    """Puts a message among the dead letters of `events.one`, as Pub/Sub does."""

    def put(text: str, tenant: str) -> str:
        topic = publisher.topic_path(project, "events.one.dead")
        return publisher.publish(
            topic,
            text.encode(),
            tenant=tenant,
            type="x.v1",
            CloudPubSubDeadLetterSourceDeliveryCount="8",
            CloudPubSubDeadLetterSourceSubscription="events.one",
        ).result(10)

    return put


def delivered(subscriber, project, expected: int):
    path = subscriber.subscription_path(project, "events.one")
    found = []
    until = time.monotonic() + 10
    while len(found) < expected and time.monotonic() < until:
        pulled = subscriber.pull(subscription=path, max_messages=10, timeout=5)
        found += [received.message for received in pulled.received_messages]
    return found


def test_subscriptions_with_dead_letters_are_told(letters):
    assert letters.subscriptions() == ["events.one", "events.two"]


def test_looking_leaves_everything_where_it_is(letters, die):
    die("a", "t1")
    die("b", "t1")

    first = letters.peek("events.one", tenant_id="t1", limit=10)
    again = letters.peek("events.one", tenant_id="t1", limit=10)

    assert sorted(item.data for item in first) == [b"a", b"b"]
    assert {i.message_id for i in first} == {i.message_id for i in again}
    assert first[0].delivery_attempts == 8
    assert first[0].attributes == {"tenant": "t1", "type": "x.v1"}


def test_a_tenant_sees_and_drives_its_own_alone(letters, die, subscriber, project):
    die("a", "t1")
    theirs = die("b", "t2")

    count = letters.redrive("events.one", tenant_id="t1", limit=10)

    assert count == 1
    (message,) = delivered(subscriber, project, 1)
    assert message.data == b"a"
    assert message.attributes["target"] == "one"
    assert message.attributes["redrive_of"]
    assert message.attributes["type"] == "x.v1"
    left = letters.peek("events.one", tenant_id=None, limit=10)
    assert [item.message_id for item in left] == [theirs]


def test_an_operator_drives_everything(letters, die, subscriber, project):
    for number in range(3):
        die(str(number), f"t{number}")

    assert letters.redrive("events.one", tenant_id=None, limit=2) == 2
    assert letters.redrive("events.one", tenant_id=None, limit=2) == 1
    assert letters.redrive("events.one", tenant_id=None, limit=2) == 0
    assert len(delivered(subscriber, project, 3)) == 3


def test_no_such_subscription_is_not_found(letters):
    with pytest.raises(NotFoundError):
        letters.peek("events.three", tenant_id=None, limit=1)


def test_where_the_subscriptions_are_known_there_are_no_others(letters, die, project):
    die("a", "t1")
    some = open_dead_letters(f"pubsub://{project}", ["events.two"])

    assert some.subscriptions() == ["events.two"]
    with pytest.raises(NotFoundError):
        some.peek("events.one", tenant_id=None, limit=1)


def test_another_bus_has_no_dead_letters():
    with pytest.raises(InvalidInputError):
        open_dead_letters("memory:")


def test_a_bus_that_is_away_is_worth_another_try(monkeypatch, closed_port):
    monkeypatch.setenv("PUBSUB_EMULATOR_HOST", f"127.0.0.1:{closed_port}")
    monkeypatch.setattr(
        "shared.adapters.pubsub_dead_letters._PATIENCE", {"timeout": 0.5, "retry": None}
    )

    with pytest.raises(TransientError):
        open_dead_letters("pubsub://project").subscriptions()
