from __future__ import annotations

import base64
import json
import socket
import time
import urllib.error
import urllib.request
from collections import defaultdict

import pytest
from google.auth import jwt
from google.pubsub_v1 import types


def pushed_subscription(cloud, topic, url, push=None, **settings):
    config = {"push_endpoint": url, **(push or {})}
    return cloud.subscription(topic, push_config=config, **settings)


def test_a_push_is_wrapped_exactly_as_the_service_wraps_it(cloud, sink):
    target = sink()
    topic = cloud.topic()
    subscription = pushed_subscription(cloud, topic, target.url)

    [message_id] = cloud.publish(topic, "é".encode(), k="v")

    [pushed] = target.wait(1)
    body = json.loads(pushed.body)
    published = body["message"]["publishTime"]
    assert body == {
        "message": {
            "data": base64.b64encode("é".encode()).decode(),
            "attributes": {"k": "v"},
            "messageId": message_id,
            "message_id": message_id,
            "publishTime": published,
            "publish_time": published,
        },
        "subscription": subscription,
    }
    assert published.endswith("Z")
    assert pushed.headers["content-type"] == "application/json"
    assert pushed.headers["user-agent"].startswith("CloudPubSub-Google")


def test_ordering_keys_and_attempts_are_told_where_they_are_known(cloud, sink):
    target = sink(lambda count: 500 if count == 1 else 204)
    topic = cloud.topic()
    pushed_subscription(
        cloud,
        topic,
        target.url,
        enable_message_ordering=True,
        dead_letter_policy={"dead_letter_topic": cloud.topic()},
    )

    cloud.publish_keyed(topic, "key", b"x")

    bodies = [json.loads(pushed.body) for pushed in target.wait(2)]
    assert [body["deliveryAttempt"] for body in bodies] == [1, 2]
    assert {body["message"]["orderingKey"] for body in bodies} == {"key"}


def test_a_push_starts_at_once(cloud, sink):
    target = sink()
    topic = cloud.topic()
    pushed_subscription(cloud, topic, target.url)
    waits_s = []

    for turn in range(15):
        started = time.monotonic()
        cloud.publish(topic, b"x")
        waits_s.append(target.wait(turn + 1)[turn].at_s - started)

    assert sorted(waits_s)[7] < 0.03


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_these_statuses_acknowledge(cloud, sink, status):
    target = sink(lambda _: status)
    topic = cloud.topic()
    subscription = pushed_subscription(cloud, topic, target.url)

    cloud.publish(topic, b"x")

    target.wait(1)
    time.sleep(0.05)
    assert len(target.pushed) == 1
    assert status_of(cloud, subscription)["backlog"] == 0


@pytest.mark.parametrize("status", [203, 302, 400, 404, 429, 500, 503])
def test_every_other_status_is_retried(cloud, sink, status):
    target = sink(lambda count: status if count < 3 else 204)
    topic = cloud.topic()
    subscription = pushed_subscription(cloud, topic, target.url)

    cloud.publish(topic, b"x")

    target.wait(3)
    wait_until(lambda: status_of(cloud, subscription)["backlog"] == 0)
    assert len(target.pushed) == 3


def test_a_refused_connection_is_retried_until_somebody_listens(cloud, sink):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    topic = cloud.topic()
    subscription = pushed_subscription(cloud, topic, f"http://127.0.0.1:{port}/push")
    cloud.publish(topic, b"x")
    wait_until(lambda: status_of(cloud, subscription)["counts"].get("refused", 0) > 1)

    target = sink(port=port)

    assert json.loads(target.wait(1)[0].body)["subscription"] == subscription


def test_pushed_poison_is_dead_lettered(cloud, sink):
    target = sink(lambda _: 500)
    dead = cloud.topic()
    grave = cloud.subscription(dead)
    topic = cloud.topic()
    subscription = pushed_subscription(
        cloud,
        topic,
        target.url,
        dead_letter_policy={"dead_letter_topic": dead, "max_delivery_attempts": 5},
    )

    cloud.publish(topic, b"poison")

    attempts = [json.loads(p.body)["deliveryAttempt"] for p in target.wait(5)]
    [letter] = cloud.pull(grave)
    assert attempts == [1, 2, 3, 4, 5]
    assert letter.message.data == b"poison"
    assert status_of(cloud, subscription)["dead_lettered"] == 1


def test_unwrapped_pushes_carry_the_data_and_metadata_in_headers(cloud, sink):
    target = sink()
    topic = cloud.topic()
    unwrapped = {"no_wrapper": {"write_metadata": True}}
    subscription = pushed_subscription(cloud, topic, target.url, unwrapped)

    [message_id] = cloud.publish(topic, b"raw", kind="audio", broken="a\r\nb: c")

    [pushed] = target.wait(1)
    assert pushed.body == b"raw"
    assert pushed.headers["x-goog-pubsub-message-id"] == message_id
    assert pushed.headers["x-goog-pubsub-subscription-name"] == subscription
    assert pushed.headers["x-goog-pubsub-publish-time"].endswith("Z")
    assert pushed.headers["kind"] == "audio"
    assert "broken" not in pushed.headers
    assert "b" not in pushed.headers


def test_eventarc_makes_a_cloud_event_of_a_message(cloud, sink):
    target = sink()
    topic = cloud.topic()
    eventarc = {"attributes": {"x-local-eventarc": "pubsub"}}
    subscription = pushed_subscription(cloud, topic, target.url, eventarc)

    [message_id] = cloud.publish(topic, b"x")

    [pushed] = target.wait(1)
    published = "google.cloud.pubsub.topic.v1.messagePublished"
    assert pushed.headers["ce-type"] == published
    assert pushed.headers["ce-id"] == message_id
    assert pushed.headers["ce-source"] == f"//pubsub.googleapis.com/{topic}"
    assert pushed.headers["ce-specversion"] == "1.0"
    assert json.loads(pushed.body)["subscription"] == subscription


def test_eventarc_makes_a_storage_event_of_a_notification(cloud, sink):
    target = sink()
    topic = cloud.topic()
    eventarc = {"attributes": {"x-local-eventarc": "storage"}}
    pushed_subscription(cloud, topic, target.url, eventarc)

    cloud.publish(
        topic,
        b'{"name": "a b/\xc3\xa9.flac"}',
        eventType="OBJECT_FINALIZE",
        bucketId="uploads",
        objectId="a b/é.flac",
        eventTime="2026-11-21T10:00:00Z",
    )

    [pushed] = target.wait(1)
    source = "//storage.googleapis.com/projects/_/buckets/uploads"
    assert pushed.body == b'{"name": "a b/\xc3\xa9.flac"}'
    assert pushed.headers["ce-type"] == "google.cloud.storage.object.v1.finalized"
    assert pushed.headers["ce-source"] == source
    assert pushed.headers["ce-subject"] == "objects/a%20b/%C3%A9.flac"
    assert pushed.headers["ce-time"] == "2026-11-21T10:00:00Z"


def test_an_identity_token_can_be_checked_with_the_published_keys(cloud, sink):
    target = sink()
    topic = cloud.topic()
    identity = {
        "oidc_token": {
            "service_account_email": "push@proj-local.iam.gserviceaccount.com",
            "audience": "https://extract.example",
        }
    }
    pushed_subscription(cloud, topic, target.url, identity)

    cloud.publish(topic, b"x")

    [pushed] = target.wait(1)
    with urllib.request.urlopen(f"{cloud.admin}/certs") as answer:
        keys = json.load(answer)
    scheme, _, token = pushed.headers["authorization"].partition(" ")
    claims = jwt.decode(token, certs=keys, audience="https://extract.example")
    assert scheme == "Bearer"
    assert claims["iss"] == "https://accounts.google.com"
    assert claims["email"] == "push@proj-local.iam.gserviceaccount.com"
    assert claims["email_verified"] is True


def test_a_subscription_turns_from_pulled_to_pushed_and_back(cloud, sink):
    target = sink()
    topic = cloud.topic()
    subscription = cloud.subscription(topic)
    cloud.publish(topic, b"1")

    cloud.subscriber.modify_push_config(
        subscription=subscription,
        push_config=types.PushConfig(push_endpoint=target.url),
    )
    target.wait(1)
    cloud.subscriber.modify_push_config(
        subscription=subscription, push_config=types.PushConfig()
    )
    cloud.publish(topic, b"2")

    assert [each.message.data for each in cloud.pull(subscription)] == [b"2"]
    assert len(target.pushed) == 1


def test_pushes_are_many_at_a_time_and_bounded(cloud, sink):
    target = sink()
    target.delay_s = 0.05
    topic = cloud.topic()
    pushed_subscription(cloud, topic, target.url)

    cloud.publish(topic, *(b"%d" % n for n in range(60)))

    target.wait(60)
    assert 8 <= target.busiest <= 32


def test_pushes_of_one_key_are_one_at_a_time_in_order(cloud, sink):
    target = sink(lambda count: 500 if count % 7 == 0 else 204)
    topic = cloud.topic()
    subscription = pushed_subscription(
        cloud, topic, target.url, enable_message_ordering=True
    )

    for key in "ab":
        cloud.publish_keyed(topic, key, *(b"%d" % n for n in range(10)))

    wait_until(lambda: status_of(cloud, subscription)["backlog"] == 0)
    for order in orders(target.pushed).values():
        assert list(dict.fromkeys(order)) == [b"%d" % n for n in range(10)]
        assert order == sorted(order, key=int)


def test_chaos_doubles_and_reorders_but_loses_nothing(cloud, sink):
    target = sink()
    topic = cloud.topic()
    subscription = pushed_subscription(cloud, topic, target.url)
    payloads = [b"%d" % n for n in range(60)]

    chaos(cloud, duplicate=0.3, reorder=0.3, seed=1)
    cloud.publish(topic, *payloads)
    wait_until(lambda: status_of(cloud, subscription)["backlog"] == 0)
    drawn = chaos(cloud)

    [order] = orders(target.pushed).values()
    firsts = list(dict.fromkeys(order))
    assert len(order) > 60
    assert sorted(firsts, key=int) == payloads
    assert firsts != payloads
    assert drawn == {
        "duplicate": 0,
        "reorder": 0,
        "seed": 0,
        "duplicated": 0,
        "reordered": 0,
    }


def test_chaos_keeps_each_key_in_order(cloud, sink):
    target = sink()
    topic = cloud.topic()
    subscription = pushed_subscription(
        cloud, topic, target.url, enable_message_ordering=True
    )

    chaos(cloud, duplicate=0.5, reorder=0.5, seed=2)
    cloud.publish_keyed(topic, "a", *(b"%d" % n for n in range(8)))
    wait_until(lambda: status_of(cloud, subscription)["backlog"] == 0)
    chaos(cloud)

    order = orders(target.pushed)["a"]
    assert order == sorted(order, key=int)


@pytest.mark.parametrize(
    "body", [b'{"duplicate": 2}', b'{"fire": 1}', b"[]", b"{", b'{"seed": "x"}']
)
def test_chaos_that_makes_no_sense_is_refused(cloud, body):
    request = urllib.request.Request(f"{cloud.admin}/chaos", data=body)

    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request)

    assert caught.value.code == 400
    assert "error" in json.loads(caught.value.read())
    caught.value.close()


def test_status_tells_what_is_where(cloud):
    topic = cloud.topic()
    subscription = cloud.subscription(topic)
    cloud.publish(topic, b"1", b"2", b"3")
    [received] = cloud.pull(subscription, limit=1)

    before = status_of(cloud, subscription)
    cloud.ack(subscription, received)
    after = status_of(cloud, subscription)

    assert (before["backlog"], before["ready"], before["in_flight"]) == (3, 2, 1)
    assert (after["backlog"], after["ready"], after["in_flight"]) == (2, 2, 0)
    assert after["topic"] == topic


def test_health_is_a_short_answer(cloud):
    with urllib.request.urlopen(f"{cloud.admin}/healthz") as answer:
        assert json.load(answer) == {"status": "ok"}


def status_of(cloud, subscription):
    with urllib.request.urlopen(f"{cloud.admin}/status") as answer:
        return json.load(answer)["subscriptions"][subscription]


def chaos(cloud, **rates):
    request = urllib.request.Request(
        f"{cloud.admin}/chaos", data=json.dumps(rates).encode()
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def orders(pushed):
    """Return the payloads in the order they came, by ordering key."""
    found = defaultdict(list)
    for each in pushed:
        message = json.loads(each.body)["message"]
        found[message.get("orderingKey", "")].append(base64.b64decode(message["data"]))
    return found


def wait_until(condition, timeout_s=8.0):
    end = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.01)
