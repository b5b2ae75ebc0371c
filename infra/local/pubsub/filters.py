"""Subscription filters: which messages a subscription is offered.

Source: Pub/Sub, "Filter messages from a subscription". A filter looks at attributes
alone, has at most 256 bytes, and joins conditions by AND or by OR, never by both
without brackets:

    filter    = term { "AND" term } | term { "OR" term }
    term      = ( "NOT" | "-" ) term | "(" filter ")" | condition
    condition = "attributes" ":" key
              | "attributes" "." key ( "=" | "!=" ) string
              | "hasPrefix" "(" "attributes" "." key "," string ")"
    key       = identifier | string
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from infra.local.pubsub.errors import InvalidArgumentError

_LONGEST_BYTES = 256

Attributes: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Has:
    key: str

    def matches(self, attributes: Attributes) -> bool:
        return self.key in attributes

    def __str__(self) -> str:
        return f"attributes:{_quoted(self.key)}"


@dataclass(frozen=True, slots=True)
class Equals:
    key: str
    value: str

    def matches(self, attributes: Attributes) -> bool:
        return attributes.get(self.key) == self.value

    def __str__(self) -> str:
        return f"attributes.{_quoted(self.key)} = {_quoted(self.value)}"


@dataclass(frozen=True, slots=True)
class HasPrefix:
    key: str
    prefix: str

    def matches(self, attributes: Attributes) -> bool:
        value = attributes.get(self.key)
        return value is not None and value.startswith(self.prefix)

    def __str__(self) -> str:
        return f"hasPrefix(attributes.{_quoted(self.key)}, {_quoted(self.prefix)})"


@dataclass(frozen=True, slots=True)
class Not:
    term: Filter

    def matches(self, attributes: Attributes) -> bool:
        return not self.term.matches(attributes)

    def __str__(self) -> str:
        return f"NOT ({self.term})"


@dataclass(frozen=True, slots=True)
class AllOf:
    terms: tuple[Filter, ...]

    def matches(self, attributes: Attributes) -> bool:
        return all(term.matches(attributes) for term in self.terms)

    def __str__(self) -> str:
        return " AND ".join(f"({term})" for term in self.terms)


@dataclass(frozen=True, slots=True)
class AnyOf:
    terms: tuple[Filter, ...]

    def matches(self, attributes: Attributes) -> bool:
        return any(term.matches(attributes) for term in self.terms)

    def __str__(self) -> str:
        return " OR ".join(f"({term})" for term in self.terms)


Filter: TypeAlias = Has | Equals | HasPrefix | Not | AllOf | AnyOf


def parse_filter(text: str) -> Filter:
    """Return the filter that *text* writes down.

    Raises:
        InvalidArgumentError: *text* is not a filter, or is longer than 256 bytes.
    """
    if len(text.encode()) > _LONGEST_BYTES:
        raise InvalidArgumentError("The filter is longer than 256 bytes", filter=text)
    parser = _Parser(text)
    parsed = parser.filter()
    parser.expect("")
    return parsed


_TOKEN = re.compile(
    r"""\s*(?: (?P<string>"(?:[^"\\]|\\.)*")
             | (?P<sign>!=|[=:().,\-])
             | (?P<word>[A-Za-z0-9_][\w\-]*)
             | (?P<end>\Z) )""",
    re.VERBOSE,
)
_ESCAPE = re.compile(
    r"""\\(?: u(?P<u4>[0-9a-fA-F]{4}) | U(?P<u8>[0-9a-fA-F]{8})
            | [xX](?P<hex>[0-9a-fA-F]{2}) | (?P<octal>[0-3][0-7]{2}) | (?P<char>.) )""",
    re.VERBOSE | re.DOTALL,
)
_CONTROL = dict(zip("abfnrtv", "\a\b\f\n\r\t\v", strict=True))


class _Parser:
    """Recursive descent over the tokens, one ahead."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._advance()

    def filter(self) -> Filter:
        terms = [self._term()]
        joint = self._value
        if self._kind != "word" or joint not in ("AND", "OR"):
            return terms[0]
        while self._kind == "word" and self._value == joint:
            self._advance()
            terms.append(self._term())
        return AllOf(tuple(terms)) if joint == "AND" else AnyOf(tuple(terms))

    def expect(self, token: str) -> None:
        if self._value != token or self._kind == "string":
            raise self._error()
        self._advance()

    def _term(self) -> Filter:
        if self._kind != "string" and self._value in ("NOT", "-"):
            self._advance()
            return Not(self._term())
        if self._kind == "sign" and self._value == "(":
            self._advance()
            inner = self.filter()
            self.expect(")")
            return inner
        return self._condition()

    def _condition(self) -> Filter:
        if self._kind == "word" and self._value == "hasPrefix":
            return self._has_prefix()
        self.expect("attributes")
        if self._kind == "sign" and self._value == ":":
            self._advance()
            return Has(self._take("word", "string"))
        self.expect(".")
        key = self._take("word", "string")
        operator = self._take("sign")
        if operator not in ("=", "!="):
            raise self._error()
        equals = Equals(key, self._take("string"))
        return equals if operator == "=" else Not(equals)

    def _has_prefix(self) -> Filter:
        for token in ("hasPrefix", "(", "attributes", "."):
            self.expect(token)
        key = self._take("word", "string")
        self.expect(",")
        prefix = self._take("string")
        self.expect(")")
        return HasPrefix(key, prefix)

    def _take(self, *kinds: str) -> str:
        if self._kind not in kinds:
            raise self._error()
        token = self._value
        self._advance()
        return token

    def _advance(self) -> None:
        found = _TOKEN.match(self._text, self._at)
        if found is None or found.lastgroup is None:
            raise self._error()
        self._kind = found.lastgroup
        self._value = found[self._kind]
        if self._kind == "string":
            self._value = _ESCAPE.sub(self._unescaped, self._value[1:-1])
        self._at = found.end()

    def _unescaped(self, found: re.Match[str]) -> str:
        if found["char"] is not None:
            return _CONTROL.get(found["char"], found["char"])
        digits = found["u4"] or found["u8"] or found["hex"]
        code = int(digits, 16) if digits else int(found["octal"], 8)
        if code > 0x10FFFF:
            raise self._error()
        return chr(code)

    def _error(self) -> InvalidArgumentError:
        return InvalidArgumentError(
            "Invalid filter", filter=self._text, position=self._at
        )


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n").replace("\r", "\\r") + '"'
