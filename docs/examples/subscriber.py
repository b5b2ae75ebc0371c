"""Follow a catalog's changes: a subscriber of `catalog-events`, complete.

    python docs/examples/subscriber.py <project> <tenant> [--for-s 60]

Prints one line per change. Events come at least once, in order per entry: so it keeps
the highest version it has seen of each entry, and passes over what is not newer.
"""

from __future__ import annotations

import argparse
import json
import time
from concurrent.futures import TimeoutError as NothingMoreError
from contextlib import suppress
from typing import Any

from google.api_core.exceptions import AlreadyExists
from google.cloud import pubsub_v1


class Follower:
    """What is known of each entry: only newer news counts."""

    def __init__(self) -> None:
        self.versions: dict[str, int] = {}

    def is_news(self, event: dict[str, Any]) -> bool:
        """Return whether *event* tells something new, and remember it."""
        version = event["data"].get("version", 1)
        if self.versions.get(event["subject"], 0) >= version:
            return False
        self.versions[event["subject"]] = version
        return True


def line_of(event: dict[str, Any]) -> str:
    """Return *event* as a person reads it."""
    data = event["data"]
    if event["type"] == "upload.rejected.v1":
        return f"{event['subject']} rejected: {data['reason']}"
    if "number" not in data:
        return f"{event['subject']} {event['type']}"
    fields = ", ".join(data["changed_fields"])
    return f"#{data['number']} {event['subject']} {data['action']}: {fields}"


def subscribe(project: str, tenant: str) -> str:
    """Make a subscription of one's own to one tenant's events; return its path."""
    subscriber = pubsub_v1.SubscriberClient()
    path = subscriber.subscription_path(project, f"catalog-events.{tenant}-example")
    wanted = {
        "name": path,
        "topic": f"projects/{project}/topics/catalog-events",
        "filter": f'attributes.tenant = "{tenant}"',
        "enable_message_ordering": True,
    }
    with suppress(AlreadyExists):
        subscriber.create_subscription(request=wanted)
    return path


def follow(path: str, for_s: float) -> None:
    follower = Follower()

    def heard(message: pubsub_v1.subscriber.message.Message) -> None:
        event = json.loads(message.data)
        if follower.is_news(event):
            print(line_of(event), flush=True)
        # Only now: if this process had died before, the event would come again.
        message.ack()

    with pubsub_v1.SubscriberClient() as subscriber:
        pull = subscriber.subscribe(path, callback=heard)
        try:
            pull.result(timeout=for_s)
        except NothingMoreError:
            pull.cancel()
            pull.result()


def main() -> None:
    parser = argparse.ArgumentParser(description="Follow a catalog's changes.")
    parser.add_argument("project")
    parser.add_argument("tenant")
    parser.add_argument("--for-s", type=float, default=60.0)
    options = parser.parse_args()
    path = subscribe(options.project, options.tenant)
    print(f"listening at {path} since {time.strftime('%H:%M:%S')}", flush=True)
    follow(path, options.for_s)


if __name__ == "__main__":
    main()
