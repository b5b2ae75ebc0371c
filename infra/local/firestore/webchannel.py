"""WebChannel: the two-way streams of browsers, over plain HTTP requests.

A session carries one bidirectional call. The client POSTs its messages as form fields
`req{i}___data__`, counted by `ofs`. It GETs one long answer, the back channel, in which
every message is a numbered array; `AID` acknowledges numbers. A frame is its length in
UTF-16 units, a line feed, and JSON. Source: the open-source client, Closure Library's
`goog.labs.net.webChannel`, protocol version 8.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import time
from collections import deque
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs

from aiohttp import web

from .errors import StatusError
from .json_messages import as_json, as_message, error_json, from_text
from .messages import Message
from .methods import CALLS, Call
from .service import FirestoreService

_PROTOCOL_VERSION, _CLIENT_VERSION, _KEEPALIVE_MS = 8, 14, 30_000
_BACK_CHANNEL_S = 60.0
_NOOP_EVERY_S = 20.0
_FORGOTTEN_AFTER_S = 120.0
_TEXT = {
    "Content-Type": "text/plain; charset=utf-8",
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
    "X-Accel-Buffering": "no",
}


class Channel:
    """One session: numbered messages out, requests in, and the call between them."""

    def __init__(self, call: Call, firestore: FirestoreService) -> None:
        self.session_id = secrets.token_hex(8)
        self.used_s = time.monotonic()
        self.is_closed = False
        self.changed = asyncio.Event()
        self._request_class = call.request
        self._outgoing: deque[tuple[int, Any]] = deque()
        self._next_number = 0
        self._requests: asyncio.Queue[Message | StatusError] = asyncio.Queue()
        self._last_offset = -1
        self.send(
            [
                "c",
                self.session_id,
                "",
                _PROTOCOL_VERSION,
                _CLIENT_VERSION,
                _KEEPALIVE_MS,
            ]
        )
        responses = getattr(firestore, call.attribute)(self._incoming())
        self._pump = asyncio.ensure_future(self._carry(responses))

    @property
    def last_number(self) -> int:
        return self._next_number - 1

    def send(self, content: list[Any]) -> None:
        """Queue *content* as the next numbered message."""
        self._outgoing.append((self._next_number, content))
        self._next_number += 1
        self.changed.set()

    def unsent(self, after: int) -> list[tuple[int, Any]]:
        return [message for message in self._outgoing if message[0] > after]

    def acknowledge(self, number: int) -> None:
        while self._outgoing and self._outgoing[0][0] <= number:
            self._outgoing.popleft()

    def receive(self, form: dict[str, list[str]]) -> None:
        """Take the requests of a POST; those of a repeated POST are known already."""
        offset = int(form.get("ofs", ["0"])[0])
        for index in range(int(form.get("count", ["0"])[0])):
            if offset + index <= self._last_offset:
                continue
            self._last_offset = offset + index
            for text in form.get(f"req{index}___data__", [])[:1]:
                self._requests.put_nowait(self._parsed(text))

    def close(self) -> None:
        self.is_closed = True
        self._pump.cancel()
        self.changed.set()

    def _parsed(self, text: str) -> Message | StatusError:
        try:
            return as_message(from_text(text), self._request_class)
        except StatusError as exc:
            return exc

    async def _incoming(self) -> AsyncIterator[Message]:
        while True:
            request = await self._requests.get()
            if isinstance(request, StatusError):
                raise request
            yield request

    async def _carry(self, responses: AsyncIterator[Message]) -> None:
        try:
            async for response in responses:
                self.send([as_json(response)])
        except StatusError as exc:
            self.send([error_json(exc)])
        finally:
            self.is_closed = True
            self.changed.set()


class WebChannels:
    """The handler of `/google.firestore.v1.Firestore/{method}/channel`."""

    def __init__(self, firestore: FirestoreService) -> None:
        self._firestore = firestore
        self._channels: dict[str, Channel] = {}

    def __len__(self) -> int:
        return len(self._channels)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        asked = request.query
        if "SID" not in asked:
            return await self._open(request)
        if asked.get("TYPE") == "terminate":
            self._drop(asked["SID"])
            return web.Response(headers=_TEXT)
        channel = self._channels.get(asked["SID"])
        if channel is None:
            return web.Response(status=400, text="Unknown SID", headers=_TEXT)
        channel.used_s = time.monotonic()
        channel.acknowledge(int(asked.get("AID", "-1")))
        if asked.get("RID") == "rpc":
            return await _back_channel(request, channel)
        channel.receive(await _form(request))
        return _framed([1, channel.last_number, 0])

    def close(self) -> None:
        """End all sessions."""
        for session_id in list(self._channels):
            self._drop(session_id)

    async def _open(self, request: web.Request) -> web.Response:
        self._drop_forgotten()
        channel = Channel(CALLS[request.match_info["method"]], self._firestore)
        self._channels[channel.session_id] = channel
        channel.receive(await _form(request))
        response = _framed(channel.unsent(-1)[:1])
        response.headers["X-HTTP-Session-Id"] = channel.session_id
        return response

    def _drop(self, session_id: str) -> None:
        channel = self._channels.pop(session_id, None)
        if channel is not None:
            channel.close()

    def _drop_forgotten(self) -> None:
        oldest = time.monotonic() - _FORGOTTEN_AFTER_S
        for session_id, channel in list(self._channels.items()):
            if channel.used_s < oldest:
                self._drop(session_id)


async def _form(request: web.Request) -> dict[str, list[str]]:
    return parse_qs((await request.read()).decode(), keep_blank_values=True)


async def _back_channel(request: web.Request, channel: Channel) -> web.StreamResponse:
    response = web.StreamResponse(headers=_TEXT)
    response.enable_chunked_encoding()
    await response.prepare(request)
    # A browser that goes away ends its back channel; its session goes on with the next.
    with contextlib.suppress(ConnectionResetError):
        await _stream(request, response, channel)
        await response.write_eof()
    channel.used_s = time.monotonic()
    return response


async def _stream(
    request: web.Request, response: web.StreamResponse, channel: Channel
) -> None:
    told = int(request.query.get("AID", "-1"))
    is_streaming = request.query.get("CI") == "0"
    end_s = time.monotonic() + _BACK_CHANNEL_S
    while time.monotonic() < end_s:
        channel.changed.clear()
        unsent = channel.unsent(told)
        if unsent:
            told = unsent[-1][0]
            await response.write(_frame(unsent))
            if not is_streaming:
                return
        if channel.is_closed:
            return
        await _changed(channel)


async def _changed(channel: Channel) -> None:
    try:
        await asyncio.wait_for(channel.changed.wait(), _NOOP_EVERY_S)
    except TimeoutError:
        channel.used_s = time.monotonic()
        channel.send(["noop"])


def _framed(content: Any) -> web.Response:
    return web.Response(body=_frame(content), headers=_TEXT)


def _frame(content: Any) -> bytes:
    # ASCII alone, so that bytes, characters and UTF-16 units are as many.
    text = json.dumps(content, separators=(",", ":"))
    return f"{len(text)}\n{text}".encode()
