"""Listing a bucket: prefix, delimiter, offsets, globs, versions, pages.

The index is walked in name order, which SQLite and Cloud Storage both take by UTF-8
bytes. Names that a delimiter folds into one prefix are skipped in a single seek, so a
folder of a million objects costs one step.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .database import Database
from .errors import InvalidError
from .resources import StoredObject

_MAX_RESULTS = 1000
_BATCH = 256
# Greater than any name that starts with what it is appended to.
_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the order of names and generations."""

    name: str
    generation: int

    def token(self) -> str:
        text = json.dumps([self.name, self.generation])
        return base64.urlsafe_b64encode(text.encode()).decode("ascii")

    @classmethod
    def after_name(cls, name: str) -> Position:
        """Return the place right behind all generations of *name*."""
        return cls(name, 1 << 62)

    @classmethod
    def from_token(cls, token: str) -> Position:
        """Read what `token` wrote.

        Raises:
            InvalidError: *token* is not one of ours.
        """
        try:
            name, generation = json.loads(base64.urlsafe_b64decode(token))
            return cls(str(name), int(generation))
        except (ValueError, TypeError, binascii.Error) as exc:
            raise InvalidError("invalid page token", token=token) from exc


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What a listing asks for."""

    bucket: str
    prefix: str = ""
    delimiter: str = ""
    start: str = ""
    end: str = ""
    glob: str = ""
    shows_versions: bool = False
    folds_trailing: bool = True
    max_results: int = _MAX_RESULTS
    after: Position | None = None

    @classmethod
    def from_query(cls, bucket: str, query: Mapping[str, str]) -> ListQuery:
        """Read the parameters of the JSON interface.

        Raises:
            InvalidError: a number or the page token is malformed.
        """
        limit = query.get("maxResults") or str(_MAX_RESULTS)
        if not limit.isdecimal() or int(limit) < 1:
            raise InvalidError("maxResults has to be positive", value=limit)
        token = query.get("pageToken")
        return cls(
            bucket=bucket,
            prefix=query.get("prefix", ""),
            delimiter=query.get("delimiter", ""),
            start=query.get("startOffset", ""),
            end=query.get("endOffset", ""),
            glob=query.get("matchGlob", ""),
            shows_versions=_is_set(query, "versions"),
            folds_trailing=not _is_set(query, "includeTrailingDelimiter"),
            max_results=min(int(limit), _MAX_RESULTS),
            after=Position.from_token(token) if token else None,
        )


def _is_set(query: Mapping[str, str], name: str) -> bool:
    # Client libraries differ in how they spell it.
    return query.get(name, "").lower() == "true"


@dataclass(slots=True)
class Listing:
    """One page: objects, folded prefixes, and where the next page starts."""

    items: list[StoredObject] = field(default_factory=list)
    prefixes: list[str] = field(default_factory=list)
    next_page: Position | None = None

    def __len__(self) -> int:
        return len(self.items) + len(self.prefixes)


def listed(database: Database, query: ListQuery) -> Listing:
    """Return the page that *query* asks for."""
    listing = Listing()
    matches = _compiled(query.glob) if query.glob else None
    last = query.after or Position("", -1)
    walk = _Walk(database, query)
    for item in walk:
        if matches and not matches.fullmatch(item.name):
            continue
        if len(listing) == query.max_results:
            listing.next_page = last
            break
        folded = _folded(item.name, query)
        if folded is None:
            listing.items.append(item)
            last = Position(item.name, item.generation)
        else:
            listing.prefixes.append(folded)
            last = walk.skip(folded)
            if folded == item.name and not query.folds_trailing:
                listing.items.append(item)
    return listing


class _Walk:
    """Objects in order, from a position that can be moved on."""

    def __init__(self, database: Database, query: ListQuery) -> None:
        self._database = database
        self._query = query
        floor = Position(max(query.prefix, query.start), -1)
        after = query.after or floor
        self._at = after if after.name >= floor.name else floor

    def __iter__(self) -> Iterator[StoredObject]:
        while batch := self._batch():
            for item in batch:
                if (item.name, item.generation) <= (self._at.name, self._at.generation):
                    continue
                if not item.name.startswith(self._query.prefix):
                    return
                self._at = Position(item.name, item.generation)
                yield item

    def skip(self, folded: str) -> Position:
        """Go on behind every name that starts with *folded*."""
        self._at = Position(folded + _LAST, 0)
        return self._at

    def _batch(self) -> list[StoredObject]:
        query = self._query
        conditions = ["bucket = ?", "(name, generation) > (?, ?)"]
        values: list[object] = [query.bucket, self._at.name, self._at.generation]
        if query.end:
            conditions.append("name < ?")
            values.append(query.end)
        if not query.shows_versions:
            conditions.append("is_live")
        statement = (
            f"SELECT * FROM object WHERE {' AND '.join(conditions)} "  # noqa: S608
            "ORDER BY name, generation LIMIT ?"
        )
        limit = min(_BATCH, query.max_results + 1)
        rows = self._database.rows(statement, *values, limit)
        return [StoredObject.from_row(row) for row in rows]


def _folded(name: str, query: ListQuery) -> str | None:
    if not query.delimiter:
        return None
    rest = name[len(query.prefix) :]
    head, delimiter, _ = rest.partition(query.delimiter)
    return query.prefix + head + delimiter if delimiter else None


def _compiled(glob: str) -> re.Pattern[str]:
    try:
        return re.compile(glob_pattern(glob))
    except re.error as exc:
        raise InvalidError("malformed glob", glob=glob) from exc


def glob_pattern(glob: str) -> str:
    """Return the regular expression of a `matchGlob`: `*`, `**`, `?`, `[a]`, `{a,b}`.

    A single star and the question mark stop at a slash; two stars do not.
    """
    pieces = re.compile(r"\*\*/|\*\*|\*|\?|\[[^\]]+\]|[{},]|\\?.", re.DOTALL)
    depth, pattern = 0, ""
    for piece in pieces.findall(glob):
        depth += {"{": 1, "}": -1}.get(piece, 0)
        pattern += _glob_token(piece, inside_braces=depth > 0)
    return pattern


def _glob_token(piece: str, *, inside_braces: bool) -> str:
    fixed = {
        "**/": "(?:.*/)?",
        "**": ".*",
        "*": "[^/]*",
        "?": "[^/]",
        "{": "(?:",
        "}": ")",
    }
    if piece in fixed:
        return fixed[piece]
    if piece == "," and inside_braces:
        return "|"
    if piece.startswith("[") and piece.endswith("]"):
        body = piece[1:-1]
        sign = "^" if body[0] in "!^" else ""
        return f"[{sign}{re.escape(body.lstrip('!^')).replace(chr(92) + '-', '-')}]"
    return re.escape(piece[-1])
