"""Bodies of several parts, read as they stream in (RFC 2046, 5.1).

Strict where it matters: a body that ends before its closing boundary was cut off, and
is refused, so that a part is never taken for whole when it is not.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from email.message import Message
from email.parser import HeaderParser

from aiohttp import StreamReader

from .errors import InvalidError

_LARGEST_HEAD_BYTES = 64 << 10
_END_OF_HEAD = b"\r\n\r\n"


class MultipartBody:
    """The parts of one body, each to be read before the next is asked for."""

    def __init__(self, content_type: str, stream: StreamReader) -> None:
        """Read from *stream*, which a request's *content_type* describes.

        Raises:
            InvalidError: the content type is not multipart, or has no boundary.
        """
        head = Message()
        head["Content-Type"] = content_type
        boundary = head.get_boundary()
        if head.get_content_maintype() != "multipart" or not boundary:
            raise InvalidError("the body is not multipart", content_type=content_type)
        self._stream = stream
        self._delimiter = b"\r\n--" + boundary.encode()
        # The first delimiter needs no line break before it.
        self._buffer = bytearray(b"\r\n")
        self._is_inside = True

    async def next_part(self) -> Message | None:
        """Return the next part's headers; None behind the last.

        Raises:
            InvalidError: the body is malformed, or cut off.
        """
        async for _ in self.blocks():
            pass
        while len(self._buffer) < len(_END_OF_HEAD):
            if not await self._fill():
                break
        if self._buffer.startswith(b"--"):
            return None
        head = await self._head()
        self._is_inside = True
        return HeaderParser().parsestr(head)

    async def blocks(self) -> AsyncIterator[bytes]:
        """Give the rest of the current part, piece by piece.

        Raises:
            InvalidError: the body ends inside it.
        """
        while self._is_inside:
            end = self._buffer.find(self._delimiter)
            if end >= 0:
                block = bytes(self._buffer[:end])
                del self._buffer[: end + len(self._delimiter)]
                self._is_inside = False
            else:
                # The end of what is there may be the beginning of a delimiter.
                safe = max(0, len(self._buffer) - len(self._delimiter) + 1)
                block = bytes(self._buffer[:safe])
                del self._buffer[:safe]
            if block:
                yield block
            if self._is_inside and not await self._fill():
                raise InvalidError("the body ends before its closing boundary")

    async def read(self, limit_bytes: int) -> bytes:
        """Return the rest of the current part, at most *limit_bytes*.

        Raises:
            InvalidError: it is longer, or the body ends inside it.
        """
        content = bytearray()
        async for block in self.blocks():
            content += block
            if len(content) > limit_bytes:
                raise InvalidError("a part is too large", limit_bytes=limit_bytes)
        return bytes(content)

    async def _head(self) -> str:
        while (end := self._buffer.find(_END_OF_HEAD)) < 0:
            if len(self._buffer) > _LARGEST_HEAD_BYTES or not await self._fill():
                raise InvalidError("malformed head of a part")
        head = bytes(self._buffer[:end])
        del self._buffer[: end + len(_END_OF_HEAD)]
        try:
            # What stands on the boundary's own line is padding.
            return head.partition(b"\r\n")[2].decode("utf-8")
        except UnicodeDecodeError as exc:
            raise InvalidError("malformed head of a part") from exc

    async def _fill(self) -> bool:
        block = await self._stream.readany()
        self._buffer += block
        return bool(block)
