"""What a catalog's own reviews teach: `python -m infra.local.learning <command>`.

train     teach a shipped model what people decided, judge it, and keep it with its card
compare   say how models that answered the same recordings did against each other

Of the local cloud that was last up, unless --env names another: then LINERNOTES_*
variables say where: LINERNOTES_DATABASE_URL, LINERNOTES_RESOURCES_URL.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from infra.local import environment
from infra.local.places import DEFAULT_PORT_BASE, Places
from infra.local.services import ROOT
from shared.adapters.postgres.engine import open_engine
from shared.adapters.postgres.queries import PostgresQueries
from shared.adapters.urls import open_object_store
from shared.audio.comparison import Answer, report
from shared.audio.learning import Decided, Learned, card, class_of, learned
from shared.audio.model import (
    CONTENT_TYPE,
    LinearModel,
    loaded,
    object_name,
    shipped,
    stored,
)
from shared.domain.errors import CatalogError, NotFoundError
from shared.ports.audio_queries import ReviewedLabel
from shared.ports.object_store import ObjectStore

FIELDS: Final = {"genre": "genres", "mood": "moods"}
"""What models guess, and where people decide it."""

_CARD_TYPE = "text/markdown; charset=utf-8"


class NothingToLearnFromError(RuntimeError):
    """No variable says where the catalog, or the store of models, is."""


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    commands: dict[str, Callable[[argparse.Namespace], None]] = {
        "train": train,
        "compare": compare,
    }
    if options.env == "local":
        kept = environment.saved(Places(options.data.absolute(), DEFAULT_PORT_BASE))
        for name, value in kept.items():
            os.environ.setdefault(name, value)
    try:
        commands[options.command](options)
    except (NothingToLearnFromError, CatalogError) as exc:
        print(f"error: {exc}", file=sys.stderr)
        return 1
    return 0


def train(options: argparse.Namespace) -> None:
    """Teach the base model what the tenant's people decided, and keep the result."""
    store = open_object_store(_told("LINERNOTES_RESOURCES_URL"))
    base = _base(store, options.base or f"{options.field}_v1")
    with _queries() as queries:
        labels = list(_labels(queries, options.tenant, FIELDS[options.field]))
    name = _free_name(store, f"{options.field}_{options.tenant}")
    found = learned(base, name, decided(labels, base))
    told = card(found, base, datetime.now(UTC).date().isoformat())
    print(told)
    if options.dry_run:
        return
    keep(store, found, told)
    print(f"kept as {object_name(name)}; the tenant's setting audio_models names it")


def compare(options: argparse.Namespace) -> None:
    """Print how the models of a field did on the tenant's recordings."""
    with _queries() as queries:
        field = FIELDS[options.field]
        kept = queries.model_answers(options.tenant, options.field, field)
    known = sorted({answer.value for answer in kept})
    answers = [
        Answer(
            recording=str(answer.recording_id),
            model=answer.model,
            value=answer.value,
            confidence=answer.confidence,
            truth=class_of(answer.truth, known),
        )
        for answer in kept
    ]
    print(report(options.field, answers))


def decided(labels: Sequence[ReviewedLabel], base: LinearModel) -> list[Decided]:
    """Return *labels* as the model's; a recording without artist stands alone."""
    return [
        Decided(label.document, name, label.artist or str(label.recording_id))
        for label in labels
        if (name := class_of(label.value, base.classes)) is not None
    ]


def keep(store: ObjectStore, found: Learned, told: str) -> None:
    """Write model and card; a name is never written twice."""
    name = found.model.name
    training = {"reviews": sum(found.classes.values()), "right": found.after.right}
    content = stored(found.model, training)
    store.create(object_name(name), content, content_type=CONTENT_TYPE)
    store.create(f"models/{name}.md", told.encode(), content_type=_CARD_TYPE)


def _base(store: ObjectStore, name: str) -> LinearModel:
    try:
        return shipped(name)
    except NotFoundError:
        return loaded(b"".join(store.read(object_name(name))))


def _free_name(store: ObjectStore, stem: str) -> str:
    number = 1
    while True:
        try:
            store.stat(object_name(f"{stem}_v{number}"))
        except NotFoundError:
            return f"{stem}_v{number}"
        number += 1


def _labels(
    queries: PostgresQueries, tenant: str, field: str
) -> Iterator[ReviewedLabel]:
    last = None
    while page := queries.reviewed_labels(tenant, field, after=last):
        yield from page
        last = page[-1].recording_id


@contextmanager
def _queries() -> Iterator[PostgresQueries]:
    engine = open_engine(_told("LINERNOTES_DATABASE_URL"))
    try:
        yield PostgresQueries(engine)
    finally:
        engine.dispose()


def _told(variable: str) -> str:
    found = os.environ.get(variable, "")
    if not found:
        raise NothingToLearnFromError(
            f"nothing says where to: `make up` first, or set {variable}"
        )
    return found


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m infra.local.learning",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=("train", "compare"))
    parser.add_argument("--env", default="local")
    parser.add_argument("--tenant", required=True)
    parser.add_argument("--field", choices=sorted(FIELDS), default="genre")
    parser.add_argument("--base", help="the model to teach, instead of the shipped one")
    parser.add_argument("--data", type=Path, default=ROOT / ".local")
    parser.add_argument("--dry-run", action="store_true", help="train: keep nothing")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
