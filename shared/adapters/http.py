"""HTTP over requests, bounded in time and size."""

from __future__ import annotations

import time
from typing import Any

import requests
from requests import exceptions as http_errors
from urllib3.exceptions import HTTPError

from shared.domain.errors import InvalidInputError, LimitExceededError, TransientError
from shared.ports.http import HttpRequest, HttpResponse

_LONGEST_BODY_BYTES = 16 * 1024 * 1024
_CHUNK_BYTES = 64 * 1024
_NO_ADDRESS = (
    http_errors.InvalidURL,
    http_errors.MissingSchema,
    http_errors.InvalidSchema,
    http_errors.InvalidHeader,
)


class RequestsHttpClient:
    """Keeps connections; follows no redirects, so that callers see where they go."""

    def __init__(self, longest_body_bytes: int = _LONGEST_BODY_BYTES) -> None:
        self._session = requests.Session()
        self._longest_body_bytes = longest_body_bytes

    def send(self, request: HttpRequest) -> HttpResponse:
        address = request.url.partition("?")[0]
        until_s = time.monotonic() + request.timeout_s
        try:
            with self._session.request(
                request.method,
                request.url,
                headers=dict(request.headers),
                data=request.body,
                timeout=request.timeout_s,
                allow_redirects=False,
                stream=True,
            ) as response:
                body = self._bounded(response.raw, until_s)
        except _NO_ADDRESS as exc:
            raise InvalidInputError("not an HTTP address", url=address) from exc
        except (requests.RequestException, HTTPError, TimeoutError) as exc:
            raise TransientError("no answer", url=address) from exc
        headers = {name.lower(): value for name, value in response.headers.items()}
        return HttpResponse(response.status_code, headers, body)

    def close(self) -> None:
        self._session.close()

    def _bounded(self, stream: Any, until_s: float) -> bytes:
        body = bytearray()
        # What is there, not a whole chunk: a body may come byte by byte for ever.
        while chunk := stream.read1(_CHUNK_BYTES, decode_content=True):
            body += chunk
            if len(body) > self._longest_body_bytes:
                raise LimitExceededError(
                    "the answer is too large", limit_bytes=self._longest_body_bytes
                )
            if time.monotonic() > until_s:
                raise TimeoutError
        return bytes(body)
