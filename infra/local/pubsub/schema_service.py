"""google.pubsub.v1.SchemaService: schemas and their revisions."""

from __future__ import annotations

import grpc

from infra.local import rpc
from infra.local.pubsub import wire
from infra.local.pubsub.broker import Broker
from infra.local.pubsub.names import check_name
from infra.local.pubsub.requests import page
from infra.local.pubsub.schemas import check_data, parse_schema
from infra.local.pubsub.wire import Context, Proto, message_class, method, nothing


class SchemaService:
    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._book = broker.schemas

    def handler(self) -> grpc.GenericRpcHandler:
        return rpc.service(
            "google.pubsub.v1.SchemaService",
            [
                method("CreateSchema", self.create),
                method("GetSchema", self.get),
                method("ListSchemas", self.list_page),
                method("ListSchemaRevisions", self.list_revisions),
                method("CommitSchema", self.commit),
                method("RollbackSchema", self.rollback),
                method("DeleteSchemaRevision", self.delete_revision),
                method("DeleteSchema", self.delete),
                method("ValidateSchema", self.validate),
                method("ValidateMessage", self.validate_message),
            ],
        )

    async def create(self, request: Proto, context: Context) -> Proto:
        request.schema.name = f"{request.parent}/schemas/{request.schema_id}"
        check_name(request.schema.name, "schemas")
        return await self._saved(self._book.add(request.schema))

    async def get(self, request: Proto, context: Context) -> Proto:
        return _viewed(self._book.get(request.name), request.view)

    async def list_page(self, request: Proto, context: Context) -> Proto:
        schemas = [
            _viewed(self._book.get(name), request.view)
            for name in self._book.names()
            if name.startswith(f"{request.parent}/")
        ]
        return page(schemas, request, message_class("ListSchemasResponse")(), "schemas")

    async def list_revisions(self, request: Proto, context: Context) -> Proto:
        revisions = [
            _viewed(revision, request.view)
            for revision in reversed(self._book.revisions(request.name))
        ]
        response = message_class("ListSchemaRevisionsResponse")()
        return page(revisions, request, response, "schemas")

    async def commit(self, request: Proto, context: Context) -> Proto:
        request.schema.name = request.name
        return await self._saved(self._book.commit(request.schema))

    async def rollback(self, request: Proto, context: Context) -> Proto:
        older = self._book.get(f"{request.name}@{request.revision_id}")
        return await self._saved(self._book.commit(older))

    async def delete_revision(self, request: Proto, context: Context) -> Proto:
        dropped = self._book.drop_revision(request.name)
        await self._dropped([dropped])
        return self._book.get(dropped.name)

    async def delete(self, request: Proto, context: Context) -> Proto:
        await self._dropped(self._book.drop(request.name))
        return nothing()

    async def validate(self, request: Proto, context: Context) -> Proto:
        parse_schema(request.schema)
        return message_class("ValidateSchemaResponse")()

    async def validate_message(self, request: Proto, context: Context) -> Proto:
        schema = self._book.get(request.name) if request.name else request.schema
        check_data(parse_schema(schema), request.encoding, request.message)
        return message_class("ValidateMessageResponse")()

    async def _saved(self, revision: Proto) -> Proto:
        self._broker.save("schema", _row_name(revision), revision)
        await self._broker.journal.committed()
        return revision

    async def _dropped(self, revisions: list[Proto]) -> None:
        for revision in revisions:
            self._broker.journal.resources.drop(("schema", _row_name(revision)))
        await self._broker.journal.committed()


def _row_name(revision: Proto) -> str:
    return f"{revision.name}@{revision.revision_id}"


def _viewed(schema: Proto, view: int) -> Proto:
    if view != wire.SchemaView.BASIC:
        return schema
    basic = wire.Schema()
    basic.CopyFrom(schema)
    basic.ClearField("definition")
    return basic
