"""What an operator does to a catalog: `python -m infra.local.operate <command>`.

replay    rebuild tenants' catalogs from what was staged, and compare to the last byte
redrive   deliver dead letters again (all, or those of one subscription)
digest    print the digests of tenants' catalogs
set       change what holds for these tenants: `set a-label --to audio_timing=batch`

On the local cloud that was last up, unless LINERNOTES_* variables name another:
LINERNOTES_ADMIN_DATABASE_URL, LINERNOTES_DATABASE_URL and LINERNOTES_BUS_URL.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import sqlalchemy as sa

from infra.local import environment
from infra.local.places import DEFAULT_PORT_BASE, Places
from infra.local.services import ROOT
from shared.adapters.postgres.administration import change_tenant_settings
from shared.adapters.postgres.catalog import open_catalog
from shared.adapters.postgres.engine import open_engine
from shared.adapters.postgres.replay import digest, replay
from shared.adapters.pubsub_dead_letters import open_dead_letters
from shared.domain.claims import JsonValue
from shared.domain.errors import CatalogError

_AT_ONCE = 1000
_ADMIN_URL = "LINERNOTES_ADMIN_DATABASE_URL"
_APP_URL = "LINERNOTES_DATABASE_URL"
_BUS_URL = "LINERNOTES_BUS_URL"


class NothingToOperateError(RuntimeError):
    """Neither a variable nor a local cloud says where the catalog is."""


def main() -> int:
    options = _options()
    commands: dict[str, Callable[[argparse.Namespace], int]] = {
        "replay": replay_all,
        "redrive": redrive,
        "digest": digest_all,
        "set": change_settings,
    }
    kept = environment.saved(Places(options.data.absolute(), DEFAULT_PORT_BASE))
    for name, value in kept.items():
        os.environ.setdefault(name, value)
    try:
        return commands[options.command](options)
    except (NothingToOperateError, CatalogError) as exc:
        print(f"error: {exc}", file=sys.stderr)
        return 1


def replay_all(options: argparse.Namespace) -> int:
    """Replay each tenant; return 1 if any came out otherwise."""
    engine = open_engine(_told(_ADMIN_URL))
    wrong = 0
    for tenant in _tenants(engine, options.names):
        report = replay(engine, tenant, accept=options.accept)
        outcome = "exact" if report.is_exact else "DIFFERENT"
        print(
            f"{tenant}: {report.records} records in {report.batches} batches, "
            f"{report.entities} entries, {outcome}, digest {report.exact_after[:16]}"
        )
        for name in report.differences:
            print(f"  {name}")
        wrong += not (report.is_exact or report.is_kept)
    engine.dispose()
    return 1 if wrong else 0


def digest_all(options: argparse.Namespace) -> int:
    """Print content digest and exact digest of each tenant's catalog."""
    engine = open_engine(_told(_ADMIN_URL))
    catalog = open_catalog(_told(_APP_URL))
    for tenant in _tenants(engine, options.names):
        content, exact = digest(catalog, tenant)
        print(f"{tenant}: content {content} exact {exact}")
    engine.dispose()
    return 0


def redrive(options: argparse.Namespace) -> int:
    """Publish dead letters again, of the subscriptions named or of all."""
    letters = open_dead_letters(_told(_BUS_URL))
    for name in options.names or letters.subscriptions():
        count = letters.redrive(name, tenant_id=None, limit=_AT_ONCE)
        print(f"{name}: {count} delivered again")
    return 0


def change_settings(options: argparse.Namespace) -> int:
    """Change settings of the tenants named; a setting without a value is removed."""
    pairs = (text.partition("=") for text in options.to)
    settings: dict[str, JsonValue] = {name: value or None for name, _, value in pairs}
    engine = open_engine(_told(_ADMIN_URL))
    for tenant in options.names:
        told = change_tenant_settings(engine, tenant, settings)
        print(f"{tenant}: {told}")
    engine.dispose()
    return 0


def _tenants(engine: sa.Engine, named: Sequence[str]) -> Sequence[str]:
    if named:
        return named
    with engine.connect() as connection:
        found = connection.execute(sa.text("SELECT id FROM tenant ORDER BY id"))
        return list(found.scalars())


def _told(variable: str) -> str:
    found = os.environ.get(variable, "")
    if not found:
        raise NothingToOperateError(
            f"nothing says where to: `make up` first, or set {variable}"
        )
    return found


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m infra.local.operate",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=("replay", "redrive", "digest", "set"))
    parser.add_argument("names", nargs="*", help="tenants, or subscriptions; or all")
    parser.add_argument("--data", type=Path, default=ROOT / ".local")
    parser.add_argument(
        "--accept", action="store_true", help="replay: keep what came out otherwise"
    )
    parser.add_argument(
        "--to",
        nargs="*",
        default=[],
        help="set: audio_timing=batch|realtime, "
        "audio_models=genre_v2, or name= to remove",
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
