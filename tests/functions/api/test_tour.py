"""Every documented operation answers as documented: one tour past all of them."""

from __future__ import annotations

from datetime import timedelta

from functions.api.routes import all_operations
from shared.domain.claims import Kind
from shared.domain.decisions import ReviewItem
from tests.functions.api.harness import START, Api
from tests.functions.api.test_audio_features import heard
from tests.functions.api.test_service import FLAC, letter


def test_every_documented_operation_answers(admin, world, tenant, album):
    Api.answered.clear()
    entries = {
        "tracks": album.so_what,
        "releases": album.release,
        "albums": album.release,
        "artists": album.artist,
    }

    for address, found in entries.items():
        visit_entry(admin, address, f"/api/{address}/{found}")
    visit_reviews(admin, world, tenant, album)
    visit_orders(admin, world, tenant, album)
    for path in ("/health", "/metrics", "/openapi.json", "/docs", "/api/me"):
        admin.get(path)

    redirects = {"root.get"}
    expected = {operation.id for operation in all_operations()} - redirects
    assert expected - Api.answered == set()


def visit_entry(admin: Api, address: str, path: str) -> None:
    admin.get(f"/api/{address}")
    named = "name" if address == "artists" else "title"
    admin.edit(path, {named: "Something else"})
    etag = admin.get(path).headers["etag"]
    admin.post(f"{path}/revert", json={"fields": [named]}, headers={"if-match": etag})
    for part in ("provenance", "history", "findings", "reviews"):
        admin.get(f"{path}/{part}")


def visit_reviews(admin: Api, world, tenant: str, album) -> None:
    item = ReviewItem(
        tenant_id=tenant,
        kind=Kind.RECORDING,
        entity_id=album.blue,
        field="bpm",
        value=54.5,
        source="audio-analysis@v1",
        confidence=0.3,
        reason="low-confidence",
        created_at=START + timedelta(days=1),
    )
    with world.catalog.transaction(tenant) as tx:
        tx.open_review(item)
    admin.get("/api/reviews")
    admin.get(f"/api/reviews/{item.id}")
    admin.post(f"/api/reviews/{item.id}", json={"decision": "accept"})


def visit_orders(admin: Api, world, tenant: str, album) -> None:
    world.dead_letters.letters = {"entity-extracted.enrich": [letter(tenant, 1)]}
    admin.get("/api/dead-letters")
    admin.post("/api/dead-letters/entity-extracted.enrich/redrive", json={})
    for path, body in (
        ("/api/uploads", FLAC),
        ("/api/exports", {"kind": "release"}),
    ):
        made = admin.post(path, json=body)
        admin.get(path)
        admin.get(made.headers["location"])
    large = b"<a/>" + b" " * (2 << 20)
    made = admin.post(
        "/api/validate", content=large, headers={"content-type": "application/xml"}
    )
    admin.get(made.headers["location"])
    admin.post("/api/tracks/analyze", json={"ids": [str(album.blue)]})
    heard(world, tenant, f"id:{album.blue}")
    for part in ("", "/waveform", "/spectrogram", "/similar"):
        admin.get(f"/api/audio-features/{album.blue}{part}")
    admin.post("/api/audio-features/analyze", json={"ids": [str(album.blue)]})
    admin.get(f"/api/artists/{album.artist}/tracks")
    admin.get("/api/updates")
