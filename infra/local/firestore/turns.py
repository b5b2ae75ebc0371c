"""Turns: a transaction that was aborted goes first when it is tried again."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress

from .transactions import Transaction

_PATIENCE_S = 1.0


class Turns:
    """Who may read which document next, in order to write it.

    Optimistic transactions that contend for one document could starve, where the
    cloud's locks make them queue. So one that is tried again, or that had to wait,
    reserves what it reads until it ends, and others wait for that. This is advice
    alone: commits are checked as ever, and after a second patience ends.
    """

    def __init__(self) -> None:
        self._holders: dict[str, Transaction] = {}

    async def take(self, transaction: Transaction, names: Iterable[str]) -> None:
        """Wait until no other transaction has reserved one of *names*."""
        for name in sorted(names):
            waited = await self._wait(transaction, name)
            if waited or transaction.is_retry:
                self._holders[name] = transaction

    async def _wait(self, transaction: Transaction, name: str) -> bool:
        end_s = asyncio.get_running_loop().time() + _PATIENCE_S
        waited = False
        while (holder := self._holder(name)) not in {None, transaction}:
            waited = True
            left_s = end_s - asyncio.get_running_loop().time()
            if left_s <= 0:
                break
            with suppress(TimeoutError):
                await asyncio.wait_for(holder.ended.wait(), left_s)
        return waited

    def _holder(self, name: str) -> Transaction | None:
        holder = self._holders.get(name)
        if holder is None or not holder.ended.is_set():
            return holder
        del self._holders[name]
        return None
