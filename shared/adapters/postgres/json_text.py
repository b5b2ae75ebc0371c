"""JSON for `jsonb`, such that what is read back is what was written."""

from __future__ import annotations

import json
import re

# A large float is written `1e+16`; jsonb keeps numbers as decimals and would give back
# the digits of an integer. With a fraction it stays a float. Texts are matched first,
# so that nothing inside one is touched.
_LARGE = re.compile(r'"(?:[^"\\]|\\.)*"|(-?\d+(?:\.\d+)?[eE]\+\d+)')


def json_text(value: object) -> str:
    """Return *value* as JSON whose numbers survive `jsonb` unchanged.

    All do but -0.0, which comes back as 0.0.
    """
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return _LARGE.sub(_spelled_out, text) if "e+" in text else text


def _spelled_out(found: re.Match[str]) -> str:
    number = found.group(1)
    return found.group() if number is None else f"{int(float(number))}.0"
