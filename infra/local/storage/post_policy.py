"""Policy documents: what a browser's form may upload ("Policy document").

A form names a bucket's address, carries a signed policy, and has to fulfil each of its
conditions; a field that no condition speaks of is refused.
"""

from __future__ import annotations

import base64
import binascii
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .errors import ExpiredError, ForbiddenError, InvalidError
from .keys import KeyRing
from .ranges import ANY_SIZE, SizeRange
from .signing import ALGORITHM, require_scope, timestamp

# Fields that no condition has to speak of, besides `x-ignore-…`.
_FREE_FIELDS = {"policy", "file", "x-goog-signature", "signature", "googleaccessid"}
_CONDITION_LENGTH = 3


@dataclass(frozen=True, slots=True)
class PostPolicy:
    """A policy: conditions such as `("eq", "key", "name")`, and the sizes allowed."""

    conditions: tuple[tuple[str, str, str], ...]
    sizes: SizeRange = ANY_SIZE

    def require_fields(self, bucket: str, fields: Mapping[str, str]) -> None:
        """Check a form's fields, whose names are in lower case.

        Raises:
            ForbiddenError: a condition is not met, or a field is not provided for.
        """
        values = {**fields, "bucket": bucket}
        for operator, name, expected in self.conditions:
            value = values.get(name, "")
            if not _holds(operator, value, expected):
                raise ForbiddenError(
                    "the form does not meet a condition of its policy",
                    condition=[operator, f"${name}", expected],
                    value=value,
                )
        named = {name for _, name, _ in self.conditions} | _FREE_FIELDS
        extra = [n for n in fields if n not in named and not n.startswith("x-ignore-")]
        if extra:
            raise ForbiddenError("the policy does not provide for fields", fields=extra)


def signed_policy(
    fields: Mapping[str, str], keys: KeyRing, now: Callable[[], float] = time.time
) -> PostPolicy | None:
    """Return the policy in a form's *fields*, whose names are in lower case.

    Returns:
        None for a form without one: anybody may write here.

    Raises:
        SignatureError: it is not signed by a known account.
        ExpiredError: its time is over.
        InvalidError: it is malformed.
    """
    encoded = fields.get("policy")
    if encoded is None:
        return None
    if "x-goog-signature" in fields:
        _verify_v4(fields, keys, encoded)
    else:
        _verify_v2(fields, keys, encoded)
    try:
        document = json.loads(base64.b64decode(encoded, validate=True))
        expires = datetime.fromisoformat(document["expiration"])
        conditions = list(document["conditions"])
    except (ValueError, KeyError, TypeError, binascii.Error) as exc:
        raise InvalidError("malformed policy document") from exc
    if expires.timestamp() < now():
        raise ExpiredError("the policy has expired", expiration=document["expiration"])
    return _policy(conditions)


def _verify_v4(fields: Mapping[str, str], keys: KeyRing, encoded: str) -> None:
    if fields.get("x-goog-algorithm") != ALGORITHM:
        raise InvalidError("unknown signing algorithm")
    email, _, scope = fields.get("x-goog-credential", "").partition("/")
    date = fields.get("x-goog-date", "")
    timestamp(date)
    require_scope(scope, date)
    try:
        signature = binascii.unhexlify(fields["x-goog-signature"])
    except (binascii.Error, ValueError) as exc:
        raise InvalidError("the signature is not hexadecimal") from exc
    keys.verify(email, encoded.encode(), signature)


def _verify_v2(fields: Mapping[str, str], keys: KeyRing, encoded: str) -> None:
    try:
        signature = base64.b64decode(fields.get("signature", ""), validate=True)
    except binascii.Error as exc:
        raise InvalidError("the signature is not base64") from exc
    keys.verify(fields.get("googleaccessid", ""), encoded.encode(), signature)


def _policy(raw_conditions: list[Any]) -> PostPolicy:
    conditions: list[tuple[str, str, str]] = []
    sizes = ANY_SIZE
    for raw in raw_conditions:
        if isinstance(raw, dict):
            conditions += [("eq", k.lower(), str(value)) for k, value in raw.items()]
            continue
        if not isinstance(raw, list) or len(raw) != _CONDITION_LENGTH:
            raise InvalidError("malformed condition", condition=raw)
        operator, first, second = raw
        if operator == "content-length-range":
            sizes = _sizes(first, second)
        elif operator in {"eq", "starts-with"} and str(first).startswith("$"):
            conditions.append((operator, first[1:].lower(), str(second)))
        else:
            raise InvalidError("malformed condition", condition=raw)
    return PostPolicy(tuple(conditions), sizes)


def _sizes(low: object, high: object) -> SizeRange:
    try:
        return SizeRange(int(str(low)), int(str(high)))
    except ValueError as exc:
        raise InvalidError("malformed size range", low=low, high=high) from exc


def _holds(operator: str, value: str, expected: str) -> bool:
    return value == expected if operator == "eq" else value.startswith(expected)
