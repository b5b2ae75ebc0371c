"""The JSON interface's calls on objects, except for their content."""

from __future__ import annotations

from dataclasses import dataclass

from .buckets import Buckets
from .content import ContentStore
from .database import Database
from .errors import InvalidError, UnsupportedError
from .json_api import NO_CONTENT, Answer, Call, Route
from .listing import ListQuery, listed
from .objects import Content, Objects, Target
from .preconditions import Preconditions
from .resources import Resource, StoredObject, settings_from, whole_number

_MAX_SOURCES = 32


@dataclass(frozen=True, slots=True)
class ObjectCalls:
    """Answers calls about objects."""

    database: Database
    content: ContentStore
    buckets: Buckets
    objects: Objects

    def routes(self) -> list[Route]:
        item = "/b/{}/o/{}"
        return [
            Route("GET", "/b/{}/o", self.list_objects),
            Route("GET", item, self.get),
            Route("PATCH", item, self.patch),
            Route("PUT", item, self.update),
            Route("DELETE", item, self.delete),
            Route("POST", item + "/compose", self.compose),
            Route("POST", item + "/copyTo/b/{}/o/{}", self.copy),
            Route("POST", item + "/rewriteTo/b/{}/o/{}", self.rewrite),
            Route("POST", item + "/moveTo/o/{}", self.move),
            Route("GET", item + "/acl", self.access_lists),
            Route("POST", item + "/acl", self.access_lists),
            Route("GET", "/b/{}/acl", self.access_lists),
            Route("POST", "/b/{}/acl", self.access_lists),
        ]

    async def list_objects(self, call: Call) -> Answer:
        bucket = self.buckets.get(*call.names)
        listing = listed(self.database, ListQuery.from_query(bucket.name, call.query))
        page: Resource = {"kind": "storage#objects"}
        if listing.items:
            page["items"] = [item.view(call.base_url) for item in listing.items]
        if listing.prefixes:
            page["prefixes"] = listing.prefixes
        if listing.next_page is not None:
            page["nextPageToken"] = listing.next_page.token()
        return Answer(page)

    async def get(self, call: Call) -> Answer:
        item = self._named(call)
        call.conditions.require(item, reading=True)
        return Answer(item.view(call.base_url))

    async def patch(self, call: Call) -> Answer:
        return self._change(call, replaces=False)

    async def update(self, call: Call) -> Answer:
        return self._change(call, replaces=True)

    async def delete(self, call: Call) -> Answer:
        bucket, name = call.names
        self.buckets.get(bucket)
        target = Target(bucket, name, call.conditions)
        self.objects.delete(target, call.number("generation"))
        return NO_CONTENT

    async def copy(self, call: Call) -> Answer:
        return Answer(self._copied(call).view(call.base_url))

    async def rewrite(self, call: Call) -> Answer:
        item = self._copied(call)
        return Answer(
            {
                "kind": "storage#rewriteResponse",
                "totalBytesRewritten": str(item.size_bytes),
                "objectSize": str(item.size_bytes),
                "done": True,
                "resource": item.view(call.base_url),
            }
        )

    async def move(self, call: Call) -> Answer:
        bucket, name, new_name = call.names
        source = self._source(call, bucket, name)
        with self.database.transaction():
            item = self.objects.copy(
                source, Target(bucket, new_name, call.conditions), source.settings
            )
            self.objects.delete(Target(bucket, name))
        return Answer(item.view(call.base_url))

    async def compose(self, call: Call) -> Answer:
        bucket, name = call.names
        self.buckets.get(bucket)
        body = call.resource()
        sources = self._sources(bucket, body.get("sourceObjects") or [])
        settings = settings_from(body.get("destination") or {})
        settings.setdefault("contentType", sources[0].content_type)
        async with self.content.new() as writer:
            await self.content.join([source.content for source in sources], writer)
            content = Content(
                writer.name,
                await writer.finish(),
                sum(source.component_count or 1 for source in sources),
            )
            with self.database.transaction():
                target = Target(bucket, name, call.conditions)
                item = self.objects.put(target, content, settings)
                if body.get("deleteSourceObjects"):
                    self._delete_sources(sources, item)
            writer.keep()
        return Answer(item.view(call.base_url))

    async def access_lists(self, call: Call) -> Answer:
        raise UnsupportedError("access control lists are not kept here")

    def _named(self, call: Call) -> StoredObject:
        bucket, name = call.names
        self.buckets.get(bucket)
        return self.objects.get(bucket, name, call.number("generation"))

    def _change(self, call: Call, *, replaces: bool) -> Answer:
        item = self.objects.patch(
            self._named(call), call.resource(), call.conditions, replaces=replaces
        )
        return Answer(item.view(call.base_url))

    def _source(self, call: Call, bucket: str, name: str) -> StoredObject:
        self.buckets.get(bucket)
        source = self.objects.get(bucket, name, call.number("sourceGeneration"))
        call.source_conditions.require(source)
        return source

    def _copied(self, call: Call) -> StoredObject:
        bucket, name, to_bucket, to_name = call.names
        source = self._source(call, bucket, name)
        self.buckets.get(to_bucket)
        # A resource in the body replaces the source's settings as a whole, but the
        # content stays what it is.
        given = settings_from(call.resource())
        settings = given or source.settings
        if "contentType" not in settings:
            settings = settings | {"contentType": source.content_type}
        return self.objects.copy(
            source, Target(to_bucket, to_name, call.conditions), settings
        )

    def _sources(self, bucket: str, named: list[Resource]) -> list[StoredObject]:
        if not 1 <= len(named) <= _MAX_SOURCES:
            raise InvalidError("1 to 32 sources can be composed", count=len(named))
        sources = []
        for entry in named:
            if not isinstance(entry, dict):
                raise InvalidError("a source is an object", source=entry)
            generation = entry.get("generation")
            source = self.objects.get(
                bucket,
                str(entry.get("name")),
                whole_number(generation, "generation") if generation else None,
            )
            conditions = entry.get("objectPreconditions") or {}
            Preconditions.from_query(conditions).require(source)
            sources.append(source)
        return sources

    def _delete_sources(
        self, sources: list[StoredObject], composed: StoredObject
    ) -> None:
        for source in {source.name: source for source in sources}.values():
            if source.name != composed.name and source.is_live:
                self.objects.delete(Target(source.bucket, source.name))
