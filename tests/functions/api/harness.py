"""The real application over PostgreSQL, with fakes for stores, bus and dead letters.

Every answer is held against the OpenAPI document: an undocumented status, header or
body fails the test that caused it.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import jsonschema
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from functions.api.access import Doorkeeper
from functions.api.app import build
from functions.api.openapi import document
from functions.api.pagination import Cursors
from functions.api.routes import all_operations
from shared.adapters.memory.bus import MemoryBus
from shared.adapters.memory.documents import MemoryDocuments
from shared.adapters.postgres.catalog import PostgresCatalog
from shared.adapters.postgres.queries import PostgresQueries
from shared.adapters.system import RandomIds
from shared.domain.claims import Claim, JsonValue, Kind, SourceRecord
from shared.domain.errors import NotFoundError
from shared.domain.keys import party_keys
from shared.ports.dead_letters import DeadLetter
from shared.ports.object_store import SignedUpload
from shared.runtime.relay import Relay

PEPPER = "pepper"
START = datetime(2026, 1, 1, tzinfo=UTC)


class TickingClock:
    """A clock that is a second later whenever it is asked."""

    def __init__(self) -> None:
        self._at = START + timedelta(days=30)

    def now(self) -> datetime:
        self._at += timedelta(seconds=1)
        return self._at


@dataclass
class FakeStore:
    """Signs for anybody: `signed` keeps what was asked for."""

    base_uri: str
    signed: list[dict[str, object]] = field(default_factory=list)

    def signed_upload(
        self,
        name: str,
        *,
        valid_for: timedelta,
        content_type: str,
        resumable: bool,
        max_bytes: int | None = None,
    ) -> SignedUpload:
        self.signed.append({"name": name, "max_bytes": max_bytes})
        return SignedUpload(
            f"https://store.test/{name}",
            "POST" if resumable else "PUT",
            {"content-type": content_type},
            START + valid_for,
        )

    def signed_download(
        self, name: str, *, valid_for: timedelta, filename: str | None = None
    ) -> str:
        return f"https://store.test/{name}?filename={filename}"


@dataclass
class FakeDeadLetters:
    letters: dict[str, list[DeadLetter]] = field(default_factory=dict)

    def subscriptions(self) -> list[str]:
        return sorted(self.letters)

    def peek(
        self, subscription: str, *, tenant_id: str | None, limit: int
    ) -> list[DeadLetter]:
        if subscription not in self.letters:
            raise NotFoundError("no such subscription", subscription=subscription)
        found = self.letters[subscription]
        return [item for item in found if tenant_id in (None, item.tenant_id)][:limit]

    def redrive(self, subscription: str, *, tenant_id: str | None, limit: int) -> int:
        again = self.peek(subscription, tenant_id=tenant_id, limit=limit)
        for item in again:
            self.letters[subscription].remove(item)
        return len(again)


class World:
    """Every service the application asks for."""

    def __init__(self, engine) -> None:
        self.catalog = PostgresCatalog(engine)
        self.queries = PostgresQueries(engine)
        self.uploads = FakeStore("gs://uploads")
        self.exports = FakeStore("gs://exports")
        self.dead_letters = FakeDeadLetters()
        self.clock = TickingClock()
        self.ids = RandomIds()
        self.bus = MemoryBus()
        self.documents = MemoryDocuments()
        self.doorkeeper = Doorkeeper(self.queries, PEPPER)
        self.cursors = Cursors(PEPPER)
        self.max_upload_bytes = 1_000_000
        self._relay = Relay(self.catalog, self.bus, self.documents)

    def relay(self, tenant_id: str) -> int:
        return self._relay.relay(tenant_id)


class Api:
    """Calls the application as one client, and checks what it answers."""

    answered: set[str] = set()  # noqa: RUF012 - of the whole session, on purpose

    def __init__(self, app, key: str = "") -> None:
        self.app = app
        self.key = key

    def as_client(self, key: str) -> Api:
        return Api(self.app, key)

    def get(self, path: str, **sent) -> httpx.Response:
        return self.request("GET", path, **sent)

    def post(self, path: str, **sent) -> httpx.Response:
        return self.request("POST", path, **sent)

    def patch(self, path: str, **sent) -> httpx.Response:
        return self.request("PATCH", path, **sent)

    def request(self, method: str, path: str, **sent) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.key}"} if self.key else {}
        headers |= sent.pop("headers", {})
        answer = asyncio.run(self._send(method, path, headers, sent))
        check_documented(method, path, answer)
        return answer

    async def _send(
        self, method: str, path: str, headers: Mapping[str, str], sent
    ) -> httpx.Response:
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=True)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://api.test"
        ) as client:
            return await client.request(method, path, headers=dict(headers), **sent)

    def edit(self, path: str, patch: object, **sent) -> httpx.Response:
        """Change what is at *path* as it is now."""
        etag = self.get(path).headers["etag"]
        headers = {"if-match": etag} | sent.pop("headers", {})
        return self.patch(path, json=patch, headers=headers, **sent)


def application(world: World, **options):
    return build(all_operations(), world, threads=8, **options)


def check_documented(method: str, path: str, answer: httpx.Response) -> None:
    """Fail unless the document describes exactly such an answer."""
    operation = documented(method, path)
    if operation is None or method in ("HEAD", "OPTIONS"):
        return
    status = str(answer.status_code)
    assert status in operation["responses"], f"{method} {path}: {status} undocumented"
    said = operation["responses"][status]
    if "$ref" in said:
        name = said["$ref"].rpartition("/")[2]
        said = document()["components"]["responses"][name]
    if answer.is_success:
        Api.answered.add(operation["operationId"])
    for name in said.get("headers", {}):
        if name != "Link":
            assert name in answer.headers, f"{method} {path}: no {name}"
    media_type = answer.headers.get("content-type", "").partition(";")[0]
    if said.get("content"):
        assert media_type in said["content"], f"{method} {path}: {media_type}"
        if media_type.endswith("json"):
            check_schema(said["content"][media_type]["schema"], answer.json())


def documented(method: str, path: str):
    asked = path.partition("?")[0]
    by_path = sorted(document()["paths"].items(), key=lambda item: "{" in item[0])
    for template, item in by_path:
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), asked):
            return item.get(method.lower())
    return None


_REGISTRY = Registry().with_resource(
    "urn:api", Resource.from_contents(document(), default_specification=DRAFT202012)
)


def check_schema(schema, instance) -> None:
    pointed = {"$ref": schema["$ref"].replace("#", "urn:api#", 1)}
    jsonschema.Draft202012Validator(
        pointed,
        registry=_REGISTRY,
        format_checker=jsonschema.FormatChecker(["uuid", "date-time"]),
    ).validate(instance)


def record(
    kind: Kind,
    keys: tuple[str, ...],
    values: Mapping[str, JsonValue],
    *,
    version: int = 1,
    **said,
) -> SourceRecord:
    """Return what tags say; *said* is for what else a record has."""
    claims = tuple(Claim(name, values[name]) for name in sorted(values))
    told = {"source": "tags", "origin": "gs://uploads/x/1.flac", "received_at": START}
    return SourceRecord(
        kind=kind, keys=keys, claims=claims, origin_version=version, **(told | said)
    )


def stage(world: World, tenant: str, *records: SourceRecord) -> None:
    with world.catalog.transaction(tenant) as tx:
        tx.stage(records)


@dataclass(frozen=True)
class Album:
    """Ids of a release of two recordings by one artist."""

    release: UUID
    so_what: UUID
    blue: UUID
    artist: UUID


MILES: JsonValue = [{"name": "Miles Davis", "role": "MainArtist"}]


def stage_album(world: World, tenant: str) -> Album:
    folder = f"gs://uploads/{tenant}"
    common = {"artists": MILES, "label": "Columbia", "release_date": "1959-08-17"}
    tracks = [
        ("So What", "USSM15900113", 136.0, "D minor", 544_000),
        ("Blue in Green", "USSM15900115", 54.0, None, 337_000),
    ]
    for number, (title, isrc, bpm, key, duration_ms) in enumerate(tracks, 1):
        uri = f"{folder}/{number}.flac"
        values = {"title": title, "isrc": isrc, "bpm": bpm, "genres": ["Jazz"]}
        values |= {"duration_ms": duration_ms} | ({"key": key} if key else {})
        place = {"release": "gtin:00074646493526", "recording": f"isrc:{isrc}"}
        stage(
            world,
            tenant,
            record(
                Kind.PARTY,
                party_keys("Miles Davis"),
                {"name": "Miles Davis"},
                origin=uri,
            ),
            record(
                Kind.RELEASE,
                ("gtin:00074646493526",),
                common | {"title": "Kind of Blue", "gtin": "00074646493526"},
                origin=uri,
            ),
            record(Kind.RECORDING, (f"isrc:{isrc}",), common | values, origin=uri),
            record(
                Kind.TRACK_POSITION,
                (f"position:gtin:00074646493526|isrc:{isrc}",),
                place | {"medium_number": 1, "track_number": number},
                origin=uri,
            ),
            record(
                Kind.RESOURCE,
                (f"object:{uri}",),
                {"type": "audio", "uri": uri, "recording": f"isrc:{isrc}"},
                source="file",
                origin=uri,
            ),
        )
    with world.catalog.transaction(tenant) as tx:
        found = [
            tx.find(Kind.RELEASE, "gtin:00074646493526"),
            tx.find(Kind.RECORDING, "isrc:USSM15900113"),
            tx.find(Kind.RECORDING, "isrc:USSM15900115"),
            tx.find(Kind.PARTY, party_keys("Miles Davis")[0]),
        ]
    return Album(*found)
