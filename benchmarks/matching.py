"""Matching: recall, calibration, wrong merges and speed on labelled pairs.

    python -m benchmarks.matching [DATA]

DATA has the labelled sets, by default beside the project. Every figure of ours is of
pairs whose entities the model that judged them had not seen (`scripts.fit_matching`).
"""

from __future__ import annotations

import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from benchmarks._machine import machine
from benchmarks._match_peers import beets, picard
from scripts.fit_matching import Labelled, all_sets, fold_models
from scripts.labelled_pairs import Pair
from scripts.match_document import document_of
from scripts.match_figures import figures
from shared.domain.match_weights import Weights, default_weights
from shared.domain.matching import RecordingFacts, match
from shared.domain.merging import POLICIES, Outcome, candidates_of, decide

BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data" / "matching"
_REPEATS = 5
_TIMED_PAIRS = 30_000
# Bars: recall at precision .99, calibration error, share of wrong merges, pairs/s.
_RECALL = {
    "iTunes-Amazon": 0.95,
    "MusicBrainz-20K cleaned": 0.95,
    "MusicBrainz-20K raw": 0.90,
}
_CALIBRATION, _WRONG, _SPEED = 0.02, 0.01, 20_000

Floats = NDArray[np.float64]
Kept = dict[int, RecordingFacts]
_T = TypeVar("_T")


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else BESIDE
    print(machine())
    if not folder.is_dir():
        print(f"skipped: there is no {folder}")
        return
    sets = all_sets(folder)
    kept: Kept = {}
    judged = _judge(sets, kept)
    _print_recall(sets, judged, kept)
    _print_decisions(sets, judged)
    _print_speed(next(one.pairs for one in sets if one.name.endswith("raw")))


class Judged:
    """What unseen models said of the pairs of one set."""

    def __init__(self, count: int) -> None:
        self.scores: Floats = np.zeros(count)
        self.outcomes: dict[str, Counter[tuple[Outcome, bool]]] = {
            name: Counter() for name in POLICIES
        }


def _judge(sets: Sequence[Labelled], kept: Kept) -> dict[str, Judged]:
    judged = {one.name: Judged(len(one.pairs)) for one in sets if one.is_measured}
    base = {"accept_from": default_weights().accept_from}
    for coefficients, parts in fold_models(sets):
        weights = Weights.of_json(document_of(coefficients) | base)
        for one, tested in zip(sets, parts, strict=True):
            if one.is_measured:
                for place in np.flatnonzero(tested):
                    _judge_pair(one, int(place), weights, judged[one.name], kept)
    return judged


def _judge_pair(
    one: Labelled, place: int, weights: Weights, judged: Judged, kept: Kept
) -> None:
    pair = one.pairs[place]
    query, candidate = (_facts(r, kept) for r in (pair.query, pair.candidate))
    candidates = candidates_of(query, [("candidate", candidate)], weights)
    judged.scores[place] = candidates[0].match.probability
    for name, policy in POLICIES.items():
        outcome = decide(candidates, policy).outcome
        judged.outcomes[name][outcome, pair.is_same] += 1


def _print_recall(
    sets: Sequence[Labelled], judged: dict[str, Judged], kept: Kept
) -> None:
    print("\nrecall at precision .99 / best F1 / calibration error")
    for one in sets:
        if not one.is_measured:
            continue
        ours = figures(judged[one.name].scores, one.labels)
        is_calibrated = ours.calibration_error <= _CALIBRATION
        print(f"{one.name}: {ours.pairs} pairs, {ours.true_pairs} true")
        print(
            f"  ours, unseen          {ours.recall:.3f} / {ours.best_f1:.3f} / "
            f"{ours.calibration_error:.4f}   bars {_RECALL[one.name]:.2f} "
            f"{_verdict(ours.recall >= _RECALL[one.name])}, "
            f"{_CALIBRATION} {_verdict(is_calibrated)}"
        )
        for name, peer in (("Picard", picard), ("beets", beets)):
            theirs = figures(_peer_scores(peer, one.pairs, kept), one.labels)
            print(
                f"  {name + ', formula':21} {theirs.recall:.3f} / "
                f"{theirs.best_f1:.3f} / none"
                f"   ours has {ours.recall / max(theirs.recall, 1e-3):.2f} x the recall"
            )


def _peer_scores(
    peer: Callable[[RecordingFacts, RecordingFacts], float],
    pairs: Iterable[Pair],
    kept: Kept,
) -> Floats:
    return np.array(
        [peer(_facts(one.query, kept), _facts(one.candidate, kept)) for one in pairs]
    )


def _print_decisions(sets: Sequence[Labelled], judged: dict[str, Judged]) -> None:
    print("\ndecisions: merged alone / for a person / apart; wrong among the merged")
    for one in sets:
        if not one.is_measured:
            continue
        for name, told in judged[one.name].outcomes.items():
            merged, wrong = told[Outcome.SAME, True], told[Outcome.SAME, False]
            asked = told[Outcome.REVIEW, True] + told[Outcome.REVIEW, False]
            apart = told[Outcome.DIFFERENT, True] + told[Outcome.DIFFERENT, False]
            share = wrong / max(1, merged + wrong)
            bar = f"bar {_WRONG} {_verdict(share <= _WRONG)}"
            print(
                f"  {one.name:24} {name:8} {merged + wrong:6} /{asked:6} /{apart:7}; "
                f"{wrong} wrong ({share:.2%})"
                + (f"   {bar}" if name == "default" else "")
            )


def _print_speed(pairs: Sequence[Pair]) -> None:
    chosen = pairs[:: max(1, len(pairs) // _TIMED_PAIRS)][:_TIMED_PAIRS]
    kept: Kept = {}
    facts = [(_facts(one.query, kept), _facts(one.candidate, kept)) for one in chosen]
    for query, candidate in facts:
        match(query, candidate)
    print(f"\nspeed: {len(chosen)} pairs, CPU time, median of {_REPEATS}")
    rates = [_rate(facts, match) for _ in range(_REPEATS)]
    fastest = statistics.median(rates)
    print(
        f"  match(), facts kept      {fastest:8,.0f} pairs/s   bar {_SPEED:,} "
        f"{_verdict(fastest >= _SPEED)}"
    )
    read = [_rate([(one.query, one.candidate) for one in chosen], _match_read)]
    read += [_rate([(p.query, p.candidate) for p in chosen], _match_read) for _ in "12"]
    print(f"  read as messy text first {statistics.median(read):8,.0f} pairs/s")


def _match_read(query: dict[str, str], candidate: dict[str, str]) -> object:
    return match(RecordingFacts.read(query), RecordingFacts.read(candidate))


def _rate(pairs: Sequence[tuple[_T, _T]], ask: Callable[[_T, _T], object]) -> float:
    started = time.process_time()
    for one, other in pairs:
        ask(one, other)
    return len(pairs) / (time.process_time() - started)


def _facts(record: dict[str, str], kept: Kept) -> RecordingFacts:
    if id(record) not in kept:
        kept[id(record)] = RecordingFacts.read(record)
    return kept[id(record)]


def _verdict(is_met: bool) -> str:
    return "met" if is_met else "MISSED"


if __name__ == "__main__":
    main()
