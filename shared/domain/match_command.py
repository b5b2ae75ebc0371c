"""`python -m shared.domain.matching score PAIRS.jsonl`: many pairs at once."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO

from shared.domain.errors import InvalidInputError
from shared.domain.matching import match
from shared.domain.recording_facts import RecordingFacts

_USAGE = "usage: python -m shared.domain.matching score [--reasons] PAIRS.jsonl|-"


def main(arguments: list[str], out: TextIO | None = None) -> int:
    """Score the pairs of a file; exit status 1 where a line was bad, 2 for misuse."""
    told = [one for one in arguments if one != "--reasons"]
    if len(told) != 2 or told[0] != "score":
        sys.stderr.write(_USAGE + "\n")
        return 2
    written, bad = out or sys.stdout, 0
    try:
        for answer in scored(_lines(told[1]), with_reasons="--reasons" in arguments):
            bad += "error" in answer
            written.write(json.dumps(answer, ensure_ascii=False) + "\n")
    except OSError as exc:
        sys.stderr.write(f"cannot read {told[1]}: {exc.strerror}\n")
        return 2
    return 1 if bad else 0


def scored(
    lines: Iterable[bytes], *, with_reasons: bool = False
) -> Iterator[dict[str, Any]]:
    """Return the answer to each line that is not blank, in their order.

    A line is `{"id", "query": {…}, "candidate": {…}}`; its answer has `id`,
    `probability` (six decimals) and `grade`. A bad line gets `error`, `facts` and its
    `line`, counted from 1, and costs no other line its answer.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        pair_id: Any = None
        try:
            pair = _parsed(line)
            pair_id = pair.get("id")
            found = match(_facts(pair, "query"), _facts(pair, "candidate"))
        except InvalidInputError as exc:
            yield {
                "id": pair_id,
                "line": number,
                "error": exc.message,
                "facts": exc.facts,
            }
            continue
        answer = {
            "id": pair_id,
            "probability": round(found.probability, 6),
            "grade": str(found.grade),
        }
        if with_reasons:
            answer["reasons"] = [reason.to_json() for reason in found.reasons]
        yield answer


def _lines(name: str) -> Iterator[bytes]:
    if name == "-":
        yield from sys.stdin.buffer
        return
    with Path(name).open("rb") as file:
        yield from file


def _parsed(line: bytes) -> Mapping[str, Any]:
    try:
        pair = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as exc:
        raise InvalidInputError("not UTF-8", column=exc.start + 1) from exc
    except json.JSONDecodeError as exc:
        raise InvalidInputError("not JSON", column=exc.colno, problem=exc.msg) from exc
    except RecursionError as exc:
        raise InvalidInputError("nested too deeply") from exc
    if not isinstance(pair, dict):
        raise InvalidInputError("not an object")
    return pair


def _facts(pair: Mapping[str, Any], side: str) -> RecordingFacts:
    record = pair.get(side)
    if not isinstance(record, dict):
        raise InvalidInputError("not an object", field=side)
    return RecordingFacts.read(record)
