"""The side door, HTTP and JSON: status, signing keys, and chaos.

GET  /healthz   {"status": "ok"}
GET  /status    topics, subscriptions, totals
GET  /certs     public keys of push tokens, PEM by key id (/certs/jwks: a key set)
GET  /chaos     what goes wrong on purpose, and how often it did
POST /chaos     {"duplicate": 0.1, "reorder": 0.2, "seed": 1}; {} turns it off
"""

from __future__ import annotations

import json

from aiohttp import web

from infra.local.pubsub.broker import Broker
from infra.local.pubsub.errors import InvalidArgumentError


class AdminSite:
    def __init__(self, broker: Broker) -> None:
        self._broker = broker

    def application(self) -> web.Application:
        application = web.Application()
        application.add_routes(
            [
                web.get("/", self.status),
                web.get("/status", self.status),
                web.get("/healthz", self.health),
                web.get("/certs", self.certificates),
                web.get("/certs/jwks", self.key_set),
                web.get("/chaos", self.chaos),
                web.post("/chaos", self.set_chaos),
            ]
        )
        return application

    async def health(self, request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def status(self, request: web.Request) -> web.Response:
        return web.json_response(status_of(self._broker))

    async def certificates(self, request: web.Request) -> web.Response:
        return web.json_response(self._broker.sender.signer.certificates())

    async def key_set(self, request: web.Request) -> web.Response:
        return web.json_response(self._broker.sender.signer.key_set())

    async def chaos(self, request: web.Request) -> web.Response:
        return web.json_response(self._broker.sender.chaos.status())

    async def set_chaos(self, request: web.Request) -> web.Response:
        try:
            self._set_chaos(**json.loads(await request.text()))
        except (ValueError, TypeError, InvalidArgumentError) as exc:
            return web.json_response({"error": str(exc)}, status=400)
        return await self.chaos(request)

    def _set_chaos(
        self, *, duplicate: float = 0.0, reorder: float = 0.0, seed: int = 0
    ) -> None:
        self._broker.sender.chaos.set(float(duplicate), float(reorder), int(seed))


def status_of(broker: Broker) -> dict[str, object]:
    """Return counts of everything, as JSON."""
    subscriptions = {
        name: {
            "topic": subscription.proto.topic,
            "push_endpoint": subscription.proto.push_config.push_endpoint or None,
            **subscription.queue.status(),
        }
        for name, subscription in sorted(broker.subscriptions.items())
    }
    topics = {
        name: {
            "subscriptions": [each.name for each in topic.subscriptions],
            "published": topic.published,
            "retained": len(topic.retained),
        }
        for name, topic in sorted(broker.topics.items())
    }
    totals = {
        count: sum(int(each[count]) for each in subscriptions.values())
        for count in ("backlog", "in_flight", "delayed", "dead_lettered")
    }
    return {
        "topics": topics,
        "subscriptions": subscriptions,
        "snapshots": sorted(broker.snapshots),
        "schemas": broker.schemas.names(),
        "totals": totals,
        "chaos": broker.sender.chaos.status(),
    }
