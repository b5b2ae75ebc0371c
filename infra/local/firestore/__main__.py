"""`python -m infra.local.firestore`: a Firestore for one machine."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from .server import Options, serve


def options(arguments: list[str] | None = None) -> Options:
    """Return the options in *arguments*, else in those of the process."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.local.firestore",
        description="A Firestore for one machine, speaking gRPC, REST and WebChannel.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument(
        "--port", type=int, default=8080, help="for FIRESTORE_EMULATOR_HOST; 0: any"
    )
    parser.add_argument(
        "--web-port", type=int, default=8081, help="for browsers and /status; 0: any"
    )
    parser.add_argument("--data", type=Path, help="folder of the journal")
    return Options(**vars(parser.parse_args(arguments)))


if __name__ == "__main__":
    asyncio.run(serve(options()))
