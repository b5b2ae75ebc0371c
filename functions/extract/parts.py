"""The records of a file in parts, each as large as one transaction takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from shared.domain.claims import SourceRecord

_BATCHES_A_TRANSACTION: Final = 50


def in_parts(
    batches: Iterable[Sequence[SourceRecord]],
) -> Iterator[tuple[int, Sequence[Sequence[SourceRecord]], bool]]:
    """Yield *batches* as transactions take them, numbered, and whether it is the last.

    There is one part at least.
    """
    remaining = iter(batches)
    part = list(islice(remaining, _BATCHES_A_TRANSACTION))
    number = 0
    while following := list(islice(remaining, _BATCHES_A_TRANSACTION)):
        yield number, part, False
        number, part = number + 1, following
    yield number, part, True
