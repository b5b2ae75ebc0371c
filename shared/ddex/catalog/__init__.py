"""What a DDEX message says, as statements about entries of the catalog.

    delivered = statements_of(message)      # of `shared.ddex.model.read`
    delivered.threads                       # what replaces what, each with statements

A thread is what one sender says of one release: its newest message is all that stands
of it (ERN 4.3 part 1, clause 6.19: a message is a statement of truth).
"""

from .acknowledgements import Acknowledged, acknowledged
from .agreement import Difference, differences
from .delivered import Delivered, Thread, statements_of
from .statements import Doubt, Statement

__all__ = [
    "Acknowledged",
    "Delivered",
    "Difference",
    "Doubt",
    "Statement",
    "Thread",
    "acknowledged",
    "differences",
    "statements_of",
]
