"""`python -m infra.local.firestore`: a Firestore for one machine."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from shared.domain.errors import CatalogError

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


def main() -> int:
    """Run until asked to end; return the exit code."""
    try:
        asyncio.run(serve(options()))
    except (OSError, CatalogError) as exc:
        print(f"firestore: {exc}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
