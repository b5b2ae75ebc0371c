"""The offline stand-in for hashicorp/google, started by Terraform as a plugin.

Speaks go-plugin's handshake: one line on standard output tells the socket and the
certificate; Terraform then calls over gRPC, and asks for the end when it is done.
"""

from __future__ import annotations

import base64
import datetime as dt
import os
import sys
import tempfile
import threading
from concurrent import futures
from pathlib import Path
from typing import Any

import grpc
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from .schema import load
from .service import ProviderService

# Terraform sets this for the plugins it starts; nobody else has a use for one.
_COOKIE_NAME = "TF_PLUGIN_MAGIC_COOKIE"
_COOKIE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"
_HANDSHAKE_VERSION = 1
_PROTOCOL_VERSION = 6
_GRACE_S = 0.2
_PARENT_CHECK_S = 2.0


def main() -> None:
    if os.environ.get(_COOKIE_NAME) != _COOKIE:
        sys.exit("This is a Terraform plugin: Terraform starts it.")
    stopped = threading.Event()
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=4))
    _add_handlers(server, stopped)
    with tempfile.TemporaryDirectory(prefix="terraform-provider-") as folder:
        socket = Path(folder) / "plugin.sock"
        key, certificate = _identity()
        server.add_secure_port(f"unix:{socket}", _credentials(key, certificate))
        server.start()
        der = certificate.public_bytes(serialization.Encoding.DER)
        print(_handshake(socket, der), flush=True)
        _wait(stopped)
        server.stop(_GRACE_S).wait()


def _wait(stopped: threading.Event) -> None:
    # A killed Terraform cannot ask for the end: without its parent a plugin leaves.
    parent = os.getppid()
    while not stopped.wait(_PARENT_CHECK_S) and os.getppid() == parent:
        pass


def _handshake(socket: Path, certificate: bytes) -> str:
    encoded = base64.b64encode(certificate).decode().rstrip("=")
    return f"{_HANDSHAKE_VERSION}|{_PROTOCOL_VERSION}|unix|{socket}|grpc|{encoded}"


def _add_handlers(server: grpc.Server, stopped: threading.Event) -> None:
    service = ProviderService(load())
    provider = {
        name: grpc.unary_unary_rpc_method_handler(
            lambda request, _context, answer=answer: answer(request),
            request_deserializer=request_class.FromString,
            response_serializer=lambda response: response.SerializeToString(),
        )
        for name, (request_class, answer) in service.methods().items()
    }

    def shut_down(_request: bytes, _context: Any) -> bytes:
        stopped.set()
        return b""

    controller = {"Shutdown": grpc.unary_unary_rpc_method_handler(shut_down)}
    server.add_generic_rpc_handlers(
        (
            grpc.method_handlers_generic_handler("tfplugin6.Provider", provider),
            grpc.method_handlers_generic_handler("plugin.GRPCController", controller),
        )
    )


def _identity() -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(minutes=5))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return key, certificate


def _credentials(
    key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate
) -> grpc.ServerCredentials:
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = certificate.public_bytes(serialization.Encoding.PEM)
    return grpc.ssl_server_credentials([(private, public)])


if __name__ == "__main__":
    main()
