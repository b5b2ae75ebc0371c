"""Safe automatic fixes of a message: how it is written, never what it says.

Formats, dates and the order of elements are brought to what the version asks. Check
digits, names and terms of deals are the sender's to correct.
"""

from .fixing import Change, Fixed, fixed

__all__ = ["Change", "Fixed", "fixed"]
