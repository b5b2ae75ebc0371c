"""A label as a user of the catalog: uploads, asks the API, waits for what becomes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import sqlalchemy as sa

from infra.local.environment import bucket_name
from infra.local.trial import Trial
from shared.adapters.postgres.administration import create_api_key, create_tenant
from shared.domain.uploads import upload_id

_WITHIN_S = 60.0
_POLL_S = 0.05
_OVER = "published", "rejected", "unchanged"


@dataclass(frozen=True, slots=True)
class Label:
    cloud: Trial
    tenant: str
    api: httpx.Client

    @classmethod
    def open(cls, cloud: Trial, tenant: str, role: str = "admin") -> Label:
        engine = sa.create_engine(cloud.stack.admin_url)
        create_tenant(engine, tenant, tenant)
        pepper = cloud.stack.variables["LINERNOTES_API_KEY_PEPPER"]
        key = create_api_key(engine, tenant, "journey", role, pepper)
        engine.dispose()
        api = httpx.Client(
            base_url=cloud.url("api"),
            headers={"Authorization": f"Bearer {key}"},
            timeout=30,
        )
        return cls(cloud, tenant, api)

    def uri(self, name: str) -> str:
        return f"gs://{bucket_name('uploads')}/{self.tenant}/{name}"

    def send(self, name: str, content: bytes) -> int:
        """Upload into the label's folder; return the generation."""
        return self.cloud.upload(f"{self.tenant}/{name}", content)

    def sent(self, name: str, content: bytes) -> dict[str, Any]:
        """Upload, and return the upload once everything is done about it."""
        generation = self.send(name, content)
        return self.done(upload_id(self.uri(name)), generation)

    def done(self, upload: UUID, generation: int = 0) -> dict[str, Any]:
        """Return the upload once it is final, and heard and checked if published."""

        def found() -> dict[str, Any] | None:
            answer = self.api.get(f"/api/uploads/{upload}")
            told = answer.json() if answer.status_code == 200 else None
            if told is None or int(told["generation"]) < generation:
                return None
            return told if is_done(told) else None

        return until(found)

    def get(self, path: str, **query: str) -> Any:
        answer = self.api.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def track(self, isrc: str) -> dict[str, Any]:
        """Return the one track with *isrc*."""
        (found,) = self.get("/api/tracks", isrc=isrc)["items"]
        return self.get(f"/api/tracks/{found['id']}")

    def updates(self) -> list[dict[str, Any]]:
        return self.get("/api/updates", since="0", limit="200")["items"]

    def edit(self, track: dict[str, Any], **values: object) -> dict[str, Any]:
        path = f"/api/tracks/{track['id']}"
        etag = self.api.get(path).headers["etag"]
        answer = self.api.patch(path, json=values, headers={"If-Match": etag})
        assert answer.status_code == 200, answer.text
        return answer.json()


def is_done(upload: dict[str, Any]) -> bool:
    stages = upload["stages"]
    if "published" not in stages:
        return any(stage in stages for stage in _OVER)
    heard = upload["file_kind"] != "audio" or "enriched" in stages
    return heard and "validated" in stages


def until(found: Callable[[], Any], within_s: float = _WITHIN_S) -> Any:
    """Return what *found* finds, asking again and again; fail after a while."""
    end = time.monotonic() + within_s
    while True:
        result = found()
        if result:
            return result
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(_POLL_S)
