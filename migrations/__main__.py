"""`python -m migrations upgrade --url … [--app-password …]`."""

from __future__ import annotations

import argparse
import sys

from migrations.run import current, upgrade


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m migrations", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    up = commands.add_parser("upgrade", help="bring the schema up to date")
    now = commands.add_parser("current", help="print the schema's revision")
    for command in (up, now):
        command.add_argument("--url", required=True, help="as the schema's owner")
    up.add_argument("--app-password", help="let linernotes_app log in with it")
    told = parser.parse_args(arguments)
    if told.command == "upgrade":
        upgrade(told.url, app_password=told.app_password)
    sys.stdout.write(f"{current(told.url) or 'empty'}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
