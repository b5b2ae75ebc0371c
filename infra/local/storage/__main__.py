"""Serve Cloud Storage from this machine until told to stop."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from pathlib import Path

from infra.local.storage.errors import ConflictError
from infra.local.storage.server import StorageConfig, serve


def main() -> int:
    config = _config(sys.argv[1:])
    try:
        asyncio.run(_run(config))
    except (ConflictError, OSError) as exc:
        print(f"storage: {exc}", file=sys.stderr)
        return 1
    return 0


def _config(arguments: list[str]) -> StorageConfig:
    parser = argparse.ArgumentParser(
        prog="python -m infra.local.storage",
        description="Cloud Storage on this machine, for the usual client libraries.",
        epilog="PUBSUB_EMULATOR_HOST (host:port) says where notifications go; "
        "clients find the server through STORAGE_EMULATOR_HOST.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=9023, help="0 takes a free one")
    parser.add_argument("--data", type=Path, required=True, help="folder for objects")
    parser.add_argument("--keys", type=Path, required=True, help="folder for keys")
    options = parser.parse_args(arguments)
    return StorageConfig(
        data_dir=options.data,
        keys_dir=options.keys,
        host=options.host,
        port=options.port,
        pubsub_address=os.environ.get("PUBSUB_EMULATOR_HOST") or None,
    )


async def _run(config: StorageConfig) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    async with serve(config) as address:
        print(f"storage: serving {address}", flush=True)
        await stopped.wait()


if __name__ == "__main__":
    sys.exit(main())
