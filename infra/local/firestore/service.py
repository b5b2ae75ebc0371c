"""The methods of google.firestore.v1.Firestore, whatever carries them."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Iterator

import grpc
from google.protobuf.empty_pb2 import Empty

from .aggregates import aggregated, aggregated_fields
from .database import Database
from .documents import Record, id_of
from .errors import StatusError, invalid, not_found
from .fields import parse_path, projected
from .listen import Listeners, ListenStream
from .messages import Document, Message, Write, response_class
from .queries import Query
from .transactions import Transaction
from .turns import Turns
from .validation import check_parent
from .versions import timestamp

_DEFAULT_PAGE = 300

_BatchGetDocuments = response_class("BatchGetDocuments")
_BatchWrite = response_class("BatchWrite")
_BeginTransaction = response_class("BeginTransaction")
_Commit = response_class("Commit")
_ListCollectionIds = response_class("ListCollectionIds")
_ListDocuments = response_class("ListDocuments")
_PartitionQuery = response_class("PartitionQuery")
_RunAggregationQuery = response_class("RunAggregationQuery")
_RunQuery = response_class("RunQuery")
_Write = response_class("Write")


class FirestoreService:
    """One method each, from request message to response message(s).

    All raise StatusError. A method that streams looks at the database once, before its
    first response: what it yields is one consistent state.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self.listeners = Listeners(database)
        self._turns = Turns()

    async def take_turn(self, request: Message) -> None:
        """Wait until the transaction of *request* may read its documents."""
        transaction = self.database.transactions.get(request.transaction)
        if transaction is not None and not transaction.read_only:
            names = getattr(request, "documents", None) or [request.name]
            await self._turns.take(transaction, names)

    def get_document(self, request: Message) -> Message:
        transaction = self.database.transactions.get(request.transaction)
        record = self.database.read(request.name, transaction)
        if record is None:
            raise not_found(f'Document "{request.name}" not found.')
        return _masked(record, request)

    def list_documents(self, request: Message) -> Message:
        check_parent(request.parent)
        path = f"{request.parent}/{request.collection_id}"
        records = {
            record.name: record
            for record in self.database.documents.in_collection(path)
        }
        names = set(records)
        if request.show_missing:
            names |= self.database.documents.missing_in(path)
        page_size = request.page_size or _DEFAULT_PAGE
        start = f"{path}/{request.page_token}" if request.page_token else ""
        later = (name for name in names if name.encode() > start.encode())
        ordered = sorted(later, key=str.encode)
        response = _ListDocuments()
        for name in ordered[:page_size]:
            record = records.get(name)
            response.documents.append(
                _masked(record, request) if record else Document(name=name)
            )
        if len(ordered) > page_size:
            response.next_page_token = id_of(ordered[page_size - 1])
        return response

    def list_collection_ids(self, request: Message) -> Message:
        check_parent(request.parent)
        found = self.database.documents.collection_ids(request.parent)
        page_size = request.page_size or len(found)
        later = [found_id for found_id in found if found_id > request.page_token]
        response = _ListCollectionIds(collection_ids=later[:page_size])
        if len(later) > page_size:
            response.next_page_token = later[page_size - 1]
        return response

    def create_document(self, request: Message) -> Message:
        document_id = request.document_id or secrets.token_hex(10)
        document = Document(
            name=f"{request.parent}/{request.collection_id}/{document_id}",
            fields=request.document.fields,
        )
        write = Write(update=document)
        write.current_document.exists = False
        return self._written(write, request)

    def update_document(self, request: Message) -> Message:
        write = Write(update=request.document)
        if request.HasField("update_mask"):
            write.update_mask.CopyFrom(request.update_mask)
        if request.HasField("current_document"):
            write.current_document.CopyFrom(request.current_document)
        return self._written(write, request)

    def delete_document(self, request: Message) -> Message:
        write = Write(delete=request.name)
        if request.HasField("current_document"):
            write.current_document.CopyFrom(request.current_document)
        self.database.commit([write])
        return Empty()

    def begin_transaction(self, request: Message) -> Message:
        transaction_id = self.database.transactions.begin(request.options)
        return _BeginTransaction(transaction=transaction_id)

    def rollback(self, request: Message) -> Message:
        self.database.transactions.end(request.transaction)
        return Empty()

    def commit(self, request: Message) -> Message:
        results, at_us = self.database.commit(request.writes, request.transaction)
        return _Commit(write_results=results, commit_time=timestamp(at_us))

    def batch_write(self, request: Message) -> Message:
        """Apply each write by itself: one's failure is no other's."""
        response = _BatchWrite()
        for write in request.writes:
            result, status = response.write_results.add(), response.status.add()
            try:
                results, _ = self.database.commit([write])
            except StatusError as exc:
                status.code, status.message = exc.number, exc.message
            else:
                result.CopyFrom(results[0])
        return response

    def batch_get_documents(self, request: Message) -> Iterator[Message]:
        transaction_id, transaction = self._transaction(request)
        at = timestamp(self.database.clock.now())
        found = {
            name: self.database.read(name, transaction) for name in request.documents
        }
        if transaction_id:
            yield _BatchGetDocuments(transaction=transaction_id)
        for name, record in found.items():
            if record is None:
                yield _BatchGetDocuments(missing=name, read_time=at)
            else:
                yield _BatchGetDocuments(found=_masked(record, request), read_time=at)

    def run_query(self, request: Message) -> Iterator[Message]:
        query = Query(request.parent, request.structured_query)
        transaction_id, transaction = self._transaction(request)
        at = timestamp(self.database.clock.now())
        found = self.database.run(query, transaction)
        self.database.advice.note(query)
        if transaction_id:
            yield _RunQuery(transaction=transaction_id)
        for record in found:
            yield _RunQuery(document=query.told(record), read_time=at)
        if not found:
            yield _RunQuery(read_time=at)

    def run_aggregation_query(self, request: Message) -> Iterator[Message]:
        structured = request.structured_aggregation_query
        fields = aggregated_fields(structured.aggregations)
        query = Query(request.parent, structured.structured_query, required=fields)
        transaction_id, transaction = self._transaction(request)
        found = self.database.run(query, transaction)
        values = aggregated(structured.aggregations, found)
        self.database.advice.note(query, fields)
        response = _RunAggregationQuery(
            transaction=transaction_id,
            read_time=timestamp(self.database.clock.now()),
        )
        for alias, value in values.items():
            response.result.aggregate_fields[alias].CopyFrom(value)
        yield response

    def partition_query(self, request: Message) -> Message:
        """Return cursors that cut the result, by name, into parts of one size."""
        query = Query(request.parent, request.structured_query)
        if request.partition_count < 1:
            raise invalid("A partition count must be positive.")
        found = sorted(record.name for record in self.database.run(query))
        step = -(-len(found) // (request.partition_count + 1)) or 1
        response = _PartitionQuery()
        for name in found[step::step]:
            cursor = response.partitions.add(before=True)
            cursor.values.add(reference_value=name)
        return response

    def listen(self, requests: AsyncIterator[Message]) -> AsyncIterator[Message]:
        return ListenStream(self.database, self.listeners).responses(requests)

    async def write(self, requests: AsyncIterator[Message]) -> AsyncIterator[Message]:
        """Answer a browser's write stream: a handshake, then one batch at a time."""
        stream_id, count = secrets.token_hex(8), 0
        async for request in requests:
            count += 1
            token = count.to_bytes(8, "big")
            if count == 1:
                yield _Write(stream_id=stream_id, stream_token=token)
                if not request.writes:
                    continue
            results, at_us = self.database.commit(request.writes)
            yield _Write(
                stream_token=token, write_results=results, commit_time=timestamp(at_us)
            )

    def _written(self, write: Message, request: Message) -> Message:
        self.database.commit([write])
        record = self.database.documents.get(write.update.name)
        if record is None:
            raise StatusError(grpc.StatusCode.INTERNAL, "a written document is gone")
        return _masked(record, request)

    def _transaction(self, request: Message) -> tuple[bytes, Transaction | None]:
        """Return the transaction to read in, with its id if it begins here."""
        transactions = self.database.transactions
        if request.HasField("new_transaction"):
            transaction_id = transactions.begin(request.new_transaction)
            return transaction_id, transactions.get(transaction_id)
        return b"", transactions.get(request.transaction)


def _masked(record: Record, request: Message) -> Message:
    if not request.HasField("mask"):
        return record.document
    return projected(record.document, map(parse_path, request.mask.field_paths))
