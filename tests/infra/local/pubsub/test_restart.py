from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from google.api_core import exceptions
from google.pubsub_v1 import types

from infra.local.pubsub.errors import UnavailableError

PROJECT = "projects/proj-local"
ROOT = Path(__file__).parents[4]


class ServerProcess:
    """`python -m infra.local.pubsub`, to be killed."""

    def __init__(self, data: Path) -> None:
        command = [sys.executable, "-m", "infra.local.pubsub", "--data", str(data)]
        settings = ["--port=0", "--admin-port=0", "--backoff-scale=0.05"]
        self.process = subprocess.Popen(
            [*command, *settings],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        words = self.process.stdout.readline().split()
        self.address = words[2].rstrip(",")
        self.admin = words[-1]

    def end(self, how: signal.Signals) -> int:
        self.process.send_signal(how)
        code = self.process.wait(10)
        self.process.stdout.close()
        return code


@pytest.fixture
def server_process(tmp_path):
    started: list[ServerProcess] = []

    def start() -> ServerProcess:
        started.append(ServerProcess(tmp_path / "data"))
        return started[-1]

    yield start
    for each in started:
        if each.process.poll() is None:
            each.end(signal.SIGKILL)


@pytest.fixture
def restarted(tmp_path, running_server, clients):
    """Return what starts the server again over the same data, and its clients."""
    running = []

    def start():
        if running:
            running.pop().stop()
        running.append(running_server(tmp_path / "data"))
        running[-1].start()
        return clients(running[-1].address, running[-1].admin)

    yield start
    running.pop().stop()


def test_everything_that_was_made_is_there_again(restarted):
    cloud = restarted()
    topic = cloud.topic(labels={"a": "b"})
    subscription = cloud.subscription(topic, ack_deadline_seconds=42)
    definition = json.dumps({"type": "record", "name": "R", "fields": []})
    schema = cloud.schemas.create_schema(
        parent=PROJECT,
        schema=types.Schema(type_=types.Schema.Type.AVRO, definition=definition),
        schema_id="recording",
    )
    policy = {"bindings": [{"role": "roles/pubsub.viewer", "members": ["allUsers"]}]}
    cloud.publisher.set_iam_policy(request={"resource": topic, "policy": policy})
    gone = cloud.topic()
    cloud.publisher.delete_topic(topic=gone)

    cloud = restarted()

    found = cloud.subscriber.get_subscription(subscription=subscription)
    access = cloud.publisher.get_iam_policy(request={"resource": topic})
    assert dict(cloud.publisher.get_topic(topic=topic).labels) == {"a": "b"}
    assert found.ack_deadline_seconds == 42
    assert cloud.schemas.get_schema(name=schema.name) == schema
    assert access.bindings[0].role == "roles/pubsub.viewer"
    with pytest.raises(exceptions.NotFound):
        cloud.publisher.get_topic(topic=gone)


def test_unacknowledged_messages_come_again_and_acknowledged_ones_do_not(restarted):
    cloud = restarted()
    topic = cloud.topic()
    subscription = cloud.subscription(topic)
    cloud.publish(topic, b"acked", b"leased", b"waiting", k="v")
    acked, _ = cloud.pull(subscription, limit=2)
    cloud.ack(subscription, acked)

    cloud = restarted()

    received = cloud.pull(subscription)
    assert [each.message.data for each in received] == [b"leased", b"waiting"]
    assert received[0].message.attributes["k"] == "v"


def test_an_acknowledgement_may_come_after_the_restart(restarted):
    cloud = restarted()
    topic = cloud.topic()
    subscription = cloud.subscription(topic)
    cloud.publish(topic, b"x")
    [received] = cloud.pull(subscription)

    cloud = restarted()
    cloud.ack(subscription, received)

    assert cloud.pull(subscription) == []


def test_attempts_are_counted_over_restarts(restarted):
    cloud = restarted()
    dead = cloud.topic()
    grave = cloud.subscription(dead)
    topic = cloud.topic()
    policy = {"dead_letter_topic": dead, "max_delivery_attempts": 5}
    subscription = cloud.subscription(topic, dead_letter_policy=policy)
    cloud.publish(topic, b"poison")
    for _ in range(3):
        cloud.nack(subscription, *cloud.pull(subscription))

    cloud = restarted()
    attempts = []
    for _ in range(2):
        [received] = cloud.pull(subscription)
        attempts.append(received.delivery_attempt)
        cloud.nack(subscription, received)

    assert attempts == [4, 5]
    assert [each.message.data for each in cloud.pull(grave)] == [b"poison"]


def test_keys_stay_in_order_over_restarts(restarted):
    cloud = restarted()
    topic = cloud.topic()
    subscription = cloud.subscription(topic, enable_message_ordering=True)
    cloud.publish_keyed(topic, "a", b"1", b"2", b"3")
    cloud.ack(subscription, *cloud.pull(subscription))

    cloud = restarted()
    cloud.publish_keyed(topic, "a", b"4")

    order = []
    for _ in range(3):
        [received] = cloud.pull(subscription)
        order.append(received.message.data)
        cloud.ack(subscription, received)
    assert order == [b"2", b"3", b"4"]


def test_retained_messages_and_snapshots_survive(restarted):
    cloud = restarted()
    topic = cloud.topic(message_retention_duration={"seconds": 3600})
    subscription = cloud.subscription(topic)
    cloud.publish(topic, b"in both")
    name = f"{PROJECT}/snapshots/kept"
    cloud.subscriber.create_snapshot(name=name, subscription=subscription)
    cloud.ack(subscription, *cloud.pull(subscription))

    cloud = restarted()
    cloud.publish(topic, b"since")
    cloud.subscriber.seek(request={"subscription": subscription, "snapshot": name})

    received = [each.message.data for each in cloud.pull(subscription)]
    assert received == [b"in both", b"since"]


def test_pushes_go_on_after_the_restart(restarted, sink):
    target = sink(lambda count: 503 if count < 3 else 204)
    cloud = restarted()
    topic = cloud.topic()
    policy = {"minimum_backoff": {"seconds": 60}}
    cloud.subscription(
        topic, push_config={"push_endpoint": target.url}, retry_policy=policy
    )
    cloud.publish(topic, b"x")
    target.wait(1)

    for count in (2, 3):
        restarted()
        target.wait(count)

    assert len({json.loads(p.body)["message"]["messageId"] for p in target.pushed}) == 1


def test_a_stop_ends_streams_so_that_clients_try_again(running_server, clients):
    running = running_server()
    running.start()
    cloud = clients(running.address, running.admin)
    subscription = cloud.subscription(cloud.topic())
    first = {"subscription": subscription, "stream_ack_deadline_seconds": 10}
    open_end = threading.Event()

    def requests():
        yield types.StreamingPullRequest(first)
        open_end.wait(10)

    stream = cloud.subscriber.streaming_pull(requests=requests(), retry=None)
    threading.Timer(0.2, running.stop).start()

    with pytest.raises(exceptions.ServiceUnavailable):
        list(stream)
    open_end.set()


def test_a_kill_loses_nothing_that_a_publisher_was_told(server_process, clients):
    server = server_process()
    cloud = clients(server.address, server.admin)
    topic = cloud.topic()
    subscription = cloud.subscription(topic)
    told: list[str] = []

    def publish() -> None:
        try:
            for number in range(100_000):
                request = {"topic": topic, "messages": [{"data": b"%d" % number}] * 3}
                answer = cloud.publisher.api.publish(
                    request=request, timeout=2, retry=None
                )
                told.extend(answer.message_ids)
        except exceptions.GoogleAPICallError:
            return

    publishing = threading.Thread(target=publish)
    publishing.start()
    time.sleep(0.5)
    code = server.end(signal.SIGKILL)
    publishing.join(10)
    server = server_process()
    cloud = clients(server.address, server.admin)
    kept = set()
    while received := cloud.pull(subscription, limit=1000):
        kept.update(each.message.message_id for each in received)

    assert code == -signal.SIGKILL
    assert len(told) > 30
    assert set(told) <= kept
    assert len(kept) - len(told) <= 3


def test_a_killed_server_pushes_what_it_still_had(server_process, clients, sink):
    answers = iter([500] * 5)
    target = sink(lambda _: next(answers, 204))
    server = server_process()
    cloud = clients(server.address, server.admin)
    topic = cloud.topic()
    cloud.subscription(
        topic,
        push_config={"push_endpoint": target.url},
        retry_policy={"minimum_backoff": {"seconds": 600}},
    )
    cloud.publish(topic, *(b"%d" % n for n in range(5)))
    target.wait(5)

    server.end(signal.SIGKILL)
    server_process()

    bodies = [json.loads(p.body)["message"]["messageId"] for p in target.wait(10)]
    assert sorted(bodies[5:]) == sorted(bodies[:5])


def test_sigterm_ends_the_server_politely(server_process):
    server = server_process()

    assert server.end(signal.SIGTERM) == 0


def test_a_directory_has_one_server(running_server, tmp_path):
    first, second = running_server(tmp_path), running_server(tmp_path)
    first.start()

    with pytest.raises(UnavailableError):
        second.start()

    first.stop()


def test_a_port_has_one_server(running_server):
    first, second = running_server(), running_server()
    first.start()

    with pytest.raises(OSError, match="cannot listen"):
        second.start(first.server.port)

    first.stop()
