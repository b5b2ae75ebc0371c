"""The stand-in as a server that Terraform attaches to, instead of starting a plugin.

Terraform calls it over gRPC on a Unix socket, for as many commands as there are: no
process is started for each, and `terraform init` is not needed.
"""

from __future__ import annotations

import json
import os
import tempfile
from concurrent import futures
from pathlib import Path
from typing import Any, Self

import grpc

from .schema import load
from .service import ProviderService

PROVIDER = "hashicorp/google"

_PROTOCOL_VERSION = 6
_GRACE_S = 0.2


class ProviderServer:
    """Serves the stand-in while the block lasts."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="terraform-provider-")
        self._socket = Path(self._folder.name) / "provider.sock"
        self._server = grpc.server(futures.ThreadPoolExecutor(max_workers=4))
        self._server.add_generic_rpc_handlers((_provider(), _controller()))
        self._server.add_insecure_port(f"unix:{self._socket}")

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop(_GRACE_S).wait()
        self._folder.cleanup()

    @property
    def environment(self) -> dict[str, str]:
        """The variable that makes Terraform attach to this server."""
        address = {"Network": "unix", "String": str(self._socket)}
        attached = {
            "Protocol": "grpc",
            "ProtocolVersion": _PROTOCOL_VERSION,
            "Pid": os.getpid(),
            # In test mode Terraform leaves the server running when it is done.
            "Test": True,
            "Addr": address,
        }
        return {"TF_REATTACH_PROVIDERS": json.dumps({PROVIDER: attached})}

    def wait(self) -> None:
        self._server.wait_for_termination()


def _provider() -> grpc.GenericRpcHandler:
    service = ProviderService(load())
    handlers = {
        name: grpc.unary_unary_rpc_method_handler(
            lambda request, _context, answer=answer: answer(request),
            request_deserializer=request_class.FromString,
            response_serializer=lambda response: response.SerializeToString(),
        )
        for name, (request_class, answer) in service.methods().items()
    }
    return grpc.method_handlers_generic_handler("tfplugin6.Provider", handlers)


def _controller() -> grpc.GenericRpcHandler:
    # Each command takes its leave; the next one still needs the server.
    def stay(_request: bytes, _context: Any) -> bytes:
        return b""

    handlers = {"Shutdown": grpc.unary_unary_rpc_method_handler(stay)}
    return grpc.method_handlers_generic_handler("plugin.GRPCController", handlers)
