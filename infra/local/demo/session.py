"""One run of the demo: its tenant, its key, its clients, and what it heard."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import requests
import sqlalchemy as sa
from google.cloud import firestore, pubsub_v1, storage
from rich.console import Console

from infra.local.environment import bucket_name, saved
from infra.local.places import PROJECT, Places
from shared.adapters.postgres.administration import create_api_key, create_tenant

_TIMEOUT_S = 30
_SHOWN_EVENTS = 8


@dataclass(slots=True)
class Session:
    """A tenant of the running local cloud, and clients that act for it.

    Attributes:
        events: Every event of the tenant that a subscriber was sent, in order.
    """

    places: Places
    tenant: str
    api_key: str
    events: list[dict[str, Any]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def open(cls, places: Places, tenant: str) -> Session:
        """Register *tenant*, give it a key, and subscribe to its events."""
        variables = saved(places)
        engine = sa.create_engine(variables["LINERNOTES_ADMIN_DATABASE_URL"])
        create_tenant(engine, tenant, "Quayside Recordings")
        key = create_api_key(
            engine, tenant, "demo", "admin", variables["LINERNOTES_API_KEY_PEPPER"]
        )
        engine.dispose()
        session = cls(places, tenant, key)
        session._subscribe()
        return session

    @property
    def bucket(self) -> storage.Bucket:
        return storage.Client(project=PROJECT).bucket(bucket_name("uploads"))

    def watch_uploads(
        self, tell: Callable[[dict[str, Any]], None]
    ) -> Callable[[], None]:
        """Call *tell* with each upload's document as it changes; return how to stop."""
        collection = firestore.Client(project=PROJECT).collection(
            f"tenants/{self.tenant}/uploads"
        )

        def changed(_all: object, changes: list[Any], _at: object) -> None:
            for change in changes:
                tell(change.document.to_dict())

        watch = collection.on_snapshot(changed)
        return watch.unsubscribe  # type: ignore[no-any-return]

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """Call the API with the tenant's key; raise on an error it answers."""
        headers = {
            "Authorization": f"Bearer {self.api_key}",
            **options.pop("headers", {}),
        }
        answer = requests.request(
            method,
            f"{self.places.url('api')}{path}",
            headers=headers,
            timeout=_TIMEOUT_S,
            **options,
        )
        answer.raise_for_status()
        return answer

    def get(self, path: str) -> Any:
        return self.call("GET", path).json()

    def show_events(self, console: Console) -> None:
        with self._lock:
            events = list(self.events)
        kinds = Counter(event["type"] for event in events)
        for name, count in sorted(kinds.items()):
            console.print(f"{count:>5} {name}")
        told = [event for event in events if event["data"].get("changed_fields")]
        for event in told[-_SHOWN_EVENTS:]:
            data = event["data"]
            fields = ", ".join(data["changed_fields"])
            what = f"{data['action']} by {data['actor'].partition(':')[0]}: {fields}"
            console.print(f"      {data['number']:>4} {event['type']:<26} {what}"[:116])

    def _subscribe(self) -> None:
        subscriber = pubsub_v1.SubscriberClient()
        path = subscriber.subscription_path(PROJECT, f"catalog-events.{self.tenant}")
        subscriber.create_subscription(
            request={
                "name": path,
                "topic": f"projects/{PROJECT}/topics/catalog-events",
                "filter": f'attributes.tenant = "{self.tenant}"',
                "enable_message_ordering": True,
            }
        )
        subscriber.subscribe(path, callback=self._heard)

    def _heard(self, message: pubsub_v1.subscriber.message.Message) -> None:
        with self._lock:
            self.events.append(json.loads(message.data))
        message.ack()
