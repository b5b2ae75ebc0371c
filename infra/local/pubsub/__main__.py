"""python -m infra.local.pubsub: serve until SIGINT or SIGTERM."""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
import sys
from pathlib import Path

from infra.local.pubsub.errors import UnavailableError
from infra.local.pubsub.server import ServerOptions, serve


def main() -> None:
    options = _options()
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    try:
        asyncio.run(_run(options))
    except (OSError, UnavailableError) as exc:
        sys.exit(f"pubsub: {exc}")


async def _run(options: ServerOptions) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    server = await serve(options)
    print(
        f"pubsub on {options.host}:{server.port}, "
        f"admin on http://{options.host}:{server.admin_port}",
        flush=True,
    )
    await stopped.wait()
    await server.stop()


def _options() -> ServerOptions:
    parser = argparse.ArgumentParser(
        prog="python -m infra.local.pubsub",
        description="A Pub/Sub server of one machine. Port 0 takes a free one.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    add = parser.add_argument
    default = ServerOptions()
    add("--host", default=default.host)
    add("--port", type=int, default=default.port, help="gRPC")
    add("--admin-port", type=int, default=default.admin_port, help="HTTP")
    add("--data", type=Path, metavar="DIR", help="keep everything in DIR")
    add(
        "--backoff-scale",
        type=float,
        default=default.backoff_scale,
        help="shorten every retry backoff, for tests",
    )
    add(
        "--push-concurrency",
        type=int,
        default=default.push_concurrency,
        help="pushes under way at a time, per subscription",
    )
    return ServerOptions(**vars(parser.parse_args()))


if __name__ == "__main__":
    main()
