"""What `ports.http` promises, of requests."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from shared.adapters.http import RequestsHttpClient
from shared.domain.errors import (
    InvalidInputError,
    LimitExceededError,
    TransientError,
)
from shared.ports.http import HttpRequest
from tests.contract.servers import closed_port

__all__ = ["closed_port"]


class Handler(BaseHTTPRequestHandler):
    """Answers by path; a body is sent back with what was said of it."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        match self.path.partition("?")[0]:
            case "/moved":
                self._answer(302, b"", Location="/elsewhere")
            case "/missing":
                self._answer(404, b"no such thing")
            case "/large":
                self._answer(200, b"x" * 200_000)
            case "/packed":
                packed = gzip.compress(b"x" * 90_000)
                self._answer(200, packed, **{"Content-Encoding": "gzip"})
            case "/bomb":
                packed = gzip.compress(b"x" * 50_000_000)
                self._answer(200, packed, **{"Content-Encoding": "gzip"})
            case "/short":
                self.send_response(200)
                self.send_header("Content-Length", "1000")
                self.end_headers()
                self.wfile.write(b"half")
                self.close_connection = True
            case "/trickle":
                self._trickle()
            case _:
                self._answer(200, b"hello", **{"X-Said": self.headers["X-Say"] or ""})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(201, self.command.encode() + b":" + body)

    def do_PUT(self) -> None:
        self.do_POST()

    def _trickle(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        for _ in range(40):
            try:
                self.wfile.write(b"x")
            except OSError:
                break
            time.sleep(0.1)
        self.close_connection = True

    def _answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def client() -> Iterator[RequestsHttpClient]:
    client = RequestsHttpClient(longest_body_bytes=100_000)
    yield client
    client.close()


def test_an_answer_is_told_with_headers_in_lower_case(client, site):
    answer = client.send(HttpRequest("GET", f"{site}/", {"X-Say": "hi"}))

    assert (answer.status, answer.body) == (200, b"hello")
    assert answer.headers["x-said"] == "hi"


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_body_is_sent_as_it_is(client, site, method):
    answer = client.send(HttpRequest(method, f"{site}/", body=b"\x00\xff"))

    assert (answer.status, answer.body) == (201, method.encode() + b":\x00\xff")


def test_a_refusal_is_an_answer_too(client, site):
    answer = client.send(HttpRequest("GET", f"{site}/missing"))

    assert (answer.status, answer.body) == (404, b"no such thing")


def test_redirects_are_not_followed(client, site):
    answer = client.send(HttpRequest("GET", f"{site}/moved"))

    assert (answer.status, answer.headers["location"]) == (302, "/elsewhere")


def test_a_body_too_large_is_not_read(client, site):
    with pytest.raises(LimitExceededError):
        client.send(HttpRequest("GET", f"{site}/large"))

    assert client.send(HttpRequest("GET", f"{site}/")).status == 200


def test_a_packed_body_is_unpacked(client, site):
    assert client.send(HttpRequest("GET", f"{site}/packed")).body == b"x" * 90_000


def test_a_packed_body_is_bounded_as_unpacked(client, site):
    with pytest.raises(LimitExceededError):
        client.send(HttpRequest("GET", f"{site}/bomb"))


def test_a_body_cut_short_is_no_answer(client, site):
    with pytest.raises(TransientError):
        client.send(HttpRequest("GET", f"{site}/short"))


def test_nobody_there_is_no_answer_and_secrets_stay_unsaid(client, closed_port):
    url = f"http://127.0.0.1:{closed_port}/x"

    with pytest.raises(TransientError) as caught:
        client.send(HttpRequest("GET", f"{url}?key=secret"))

    assert caught.value.facts == {"url": url}


def test_silence_is_given_up_in_time(client):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        started_s = time.monotonic()

        with pytest.raises(TransientError):
            client.send(HttpRequest("GET", url, timeout_s=0.3))

    assert time.monotonic() - started_s < 2


def test_a_body_that_trickles_is_given_up_in_time(client, site):
    started_s = time.monotonic()

    with pytest.raises(TransientError):
        client.send(HttpRequest("GET", f"{site}/trickle", timeout_s=0.5))

    assert time.monotonic() - started_s < 2


@pytest.mark.parametrize("url", ["nonsense", "ftp://x/", "http://", "http://[::1"])
def test_what_is_no_address_is_refused(client, url):
    with pytest.raises(InvalidInputError):
        client.send(HttpRequest("GET", url))
