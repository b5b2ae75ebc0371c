"""Kill, repeat and reorder; then count what was lost or doubled.

    python -m tests.chaos [--short] [--uploads 300] [--seed 1]

The same uploads go into two tenants of one local cloud: one undisturbed, one while
functions are killed with SIGKILL, deliveries come twice and out of order, and
PostgreSQL crashes. Exits with 1 if anything was lost, doubled, or came out otherwise.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterable

from infra.local.trial import Trial, trial
from tests.chaos import checks
from tests.chaos.material import Sending, sendings
from tests.chaos.run import Disturbance, Run, poison, run

_CALM, _WILD = "a-label", "b-label"
_SHOWN = 8
# Tries follow one another within seconds here, and each death of a function costs all
# messages on their way to it one: in the cloud the same number lasts for hours.
_ATTEMPTS = 100
_ATTEMPTS_SHORT = 30


def main() -> int:
    options = _options()
    begun = time.monotonic()
    sent = sendings(options.uploads, options.seed)
    what = Counter(one.what for one in sent)
    _row("uploads", ", ".join(f"{n} {name}" for name, n in what.most_common()))
    overrides = {} if options.listen else {"LINERNOTES_AUDIO_ANALYSIS": "false"}
    attempts = _ATTEMPTS_SHORT if options.short else _ATTEMPTS
    with trial(overrides, attempts=attempts) as cloud:
        calm, wild = _both(cloud, sent, options)
        wrong = _checked(cloud, calm, wild)
    print(f"{time.monotonic() - begun:.0f} s; {wrong or 'nothing'} wrong")
    return 1 if wrong else 0


def _both(
    cloud: Trial, sent: list[Sending], options: argparse.Namespace
) -> tuple[Run, Run]:
    cloud.add_tenant(_WILD)
    poison(cloud, _WILD)
    calm = run(cloud, _CALM, sent)
    _row("undisturbed", f"{calm.seconds:.0f} s")
    pause_s = (0.5, 1.5) if options.short else (1.5, 5.0)
    disturbance = Disturbance(options.seed, options.kills, pause_s)
    wild = run(cloud, _WILD, sent, disturbance)
    _row("disturbed", f"{wild.seconds:.0f} s")
    killed = Counter(wild.killed)
    _row("killed", ", ".join(f"{n} {name}" for name, n in sorted(killed.items())))
    _row("database crashed", f"{wild.database_crashes} times")
    return calm, wild


def _checked(cloud: Trial, calm: Run, wild: Run) -> int:
    results: dict[str, Iterable[str]] = {
        "nothing lost": checks.nothing_lost(cloud, calm, wild),
        "same words staged": checks.same_words_staged(cloud, calm, wild),
        "nothing doubled": checks.nothing_doubled(cloud, wild),
        "feed without gaps": checks.feed_without_gaps(cloud, wild),
        "same catalog": checks.same_catalog(cloud, calm, wild),
        "same findings": checks.same_findings(cloud, calm, wild),
        "Firestore shows it": checks.mirror_shows_the_catalog(cloud, wild),
        "nothing under way": checks.outbox_empty(cloud),
        "only poison is dead": checks.dead_letters_are_poison(cloud),
        "replay, undisturbed": checks.replays_exactly(cloud, calm),
        "replay, disturbed": checks.replays_exactly(cloud, wild),
    }
    wrong = 0
    for name, result in results.items():
        found = list(result)
        wrong += len(found)
        _row(name, f"{len(found)} WRONG" if found else "yes")
        for line in found[:_SHOWN]:
            print(f"    {line}")
    return wrong


def _row(name: str, told: str) -> None:
    print(f"{name:<20} {told}", flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make chaos",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--short", action="store_true", help="40 uploads, a few kills")
    parser.add_argument("--uploads", type=int)
    parser.add_argument("--kills", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--deaf", dest="listen", action="store_false", help="do not analyse sound"
    )
    found = parser.parse_args()
    found.uploads = found.uploads or (40 if found.short else 300)
    found.kills = found.kills or (5 if found.short else 30)
    return found


if __name__ == "__main__":
    sys.exit(main())
