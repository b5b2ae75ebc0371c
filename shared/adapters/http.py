"""HTTP over requests, bounded in time and size."""

from __future__ import annotations

import requests

from shared.domain.errors import LimitExceededError, TransientError
from shared.ports.http import HttpRequest, HttpResponse

_LONGEST_BODY_BYTES = 16 * 1024 * 1024
_CHUNK_BYTES = 64 * 1024


class RequestsHttpClient:
    """Keeps connections; follows no redirects, so that callers see where they go."""

    def __init__(self, longest_body_bytes: int = _LONGEST_BODY_BYTES) -> None:
        self._session = requests.Session()
        self._longest_body_bytes = longest_body_bytes

    def send(self, request: HttpRequest) -> HttpResponse:
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
                body = self._bounded(response)
        except requests.RequestException as exc:
            raise TransientError("no answer", url=_without_query(request.url)) from exc
        headers = {name.lower(): value for name, value in response.headers.items()}
        return HttpResponse(response.status_code, headers, body)

    def _bounded(self, response: requests.Response) -> bytes:
        body = bytearray()
        for chunk in response.iter_content(_CHUNK_BYTES):
            body += chunk
            if len(body) > self._longest_body_bytes:
                raise LimitExceededError(
                    "the answer is too large", limit_bytes=self._longest_body_bytes
                )
        return bytes(body)


def _without_query(url: str) -> str:
    return url.partition("?")[0]
