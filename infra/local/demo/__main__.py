"""Sets up, uploads an album, and shows what became of every file and every field."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from infra.local import __main__ as local
from infra.local import environment
from infra.local.demo.catalog import show_catalog
from infra.local.demo.edits import show_edit, show_export
from infra.local.demo.session import Session
from infra.local.demo.uploads import rough_mix, upload_and_watch
from infra.local.places import DEFAULT_PORT_BASE, Places
from infra.local.postgres import PostgresUnavailableError
from infra.local.processes import DidNotStartError
from infra.local.samples import album
from infra.local.services import ROOT
from infra.local.stack import is_running, state_of

_WIDEST = 118


def main() -> int:
    options = _options()
    places = Places(options.data.absolute(), options.port_base)
    console = Console(highlight=False, width=_width(Console()))
    begun = time.monotonic()
    was_up = is_running(state_of(places))
    console.rule("[bold]1 · A cloud of one machine")
    try:
        if local.up(places) != 0:
            return 1
        _show(console, places)
    except (DidNotStartError, PostgresUnavailableError, TimeoutError) as exc:
        console.print(f"[red]error:[/] {exc}")
        return 1
    finally:
        if not (options.keep or was_up):
            local.down(places)
    console.print(f"\nAll of it took {time.monotonic() - begun:.0f} s.")
    if options.keep or was_up:
        console.print("It is still up: `make status`, `make env`, `make down`.")
    else:
        console.print("`make demo KEEP=1` leaves it up to be tried by hand.")
    return 0


def _width(console: Console) -> int:
    """Return the terminal's width, up to a point; where there is none, that point."""
    return min(console.width, _WIDEST) if console.is_terminal else _WIDEST


def _show(console: Console, places: Places) -> None:
    os.environ.update(environment.saved(places))
    tenant = f"demo-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    session = Session.open(places, tenant)
    console.print(f"\nTenant [bold]{tenant}[/], with an API key of its own.")
    with tempfile.TemporaryDirectory(prefix="linernotes-demo-") as folder:
        sample = album(Path(folder, "Tidewater"), tracks=8)
        untagged = rough_mix(Path(folder))
        console.rule("[bold]2 · Upload an album, as it is in real life")
        upload_and_watch(console, session, sample, untagged)
        console.rule("[bold]3 · The catalog as it came out")
        show_catalog(console, session)
        console.rule("[bold]4 · A correction that survives")
        show_edit(console, session, sample)
        console.rule("[bold]5 · Out again")
        show_export(console, session)
    console.rule("[bold]6 · What a subscriber of catalog-events saw")
    session.show_events(console)
    console.rule("[bold]7 · Where to go on")
    api = places.url("api")
    console.print(f"API and its documentation   {api}/docs")
    console.print(f"An API key of this tenant   {session.api_key}")
    console.print(
        f"Try it   curl -H 'Authorization: Bearer {session.api_key}' "
        f"'{api}/api/tracks?bpm_min=100&sort=title'",
        soft_wrap=True,
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--keep", action="store_true", help="leave it up afterwards")
    parser.add_argument("--data", type=Path, default=ROOT / ".local")
    parser.add_argument("--port-base", type=int, default=DEFAULT_PORT_BASE)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
