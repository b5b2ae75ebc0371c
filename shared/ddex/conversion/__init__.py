"""Messages carried over to other versions of ERN: 3.x ↔ 4.1 ↔ 4.2 ↔ 4.3 ↔ 4.3.2.

    conversion = convert(content, "4.3")    # or converted(root, "4.3") of a tree
    conversion.to_bytes()                   # valid against the schema of 4.3
    conversion.balance.losses               # by XPath: what 4.3 has no place for
    conversion.balance.changes              # … what it says in other words
    conversion.balance.supplied             # … what it demands and nothing told

    differences = same_facts(message_a, message_b)   # of two `model.Ern`; empty: same

How (decision 22): a draft whose texts know their XPaths (`drafts`) is rearranged layout
by layout (`steps`: a table of moves in `tables`, and what is no mere move), and then
fitted to the schema tables (`fitting`). What became of each leaf is read off the result
(`ledger`). To add a mapping, add a line to `tables`.
"""

from .converting import Conversion, convert, converted, versions
from .facts import Fact, FactDifference, catalog_facts, same_facts
from .ledger import Balance, Change, Loss, Supplied

__all__ = [
    "Balance",
    "Change",
    "Conversion",
    "Fact",
    "FactDifference",
    "Loss",
    "Supplied",
    "catalog_facts",
    "convert",
    "converted",
    "same_facts",
    "versions",
]
