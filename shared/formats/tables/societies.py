"""Lists of collecting societies: number, name, territory, and no headings at all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from shared.domain.claims import Kind
from shared.domain.keys import party_keys
from shared.formats.entries import SourceEntry, Thing
from shared.formats.statements import Statements
from shared.formats.tables.columns import Column
from shared.formats.tables.delimited import Record

SOCIETY_COLUMNS: Final = (
    Column("society_code"),
    Column("society_name"),
    Column("society_territory"),
)
# Societies of CISAC that every list has.
_KNOWN_TEXT = """
ASCAP BMI PRS GEMA SACEM SIAE SGAE JASRAC SOCAN APRA STIM KODA TONO TEOSTO
BUMA SABAM SUISA AKM MCPS SESAC
"""
_KNOWN: Final = frozenset(_KNOWN_TEXT.split())
_ENOUGH: Final = 5


def is_list_of_societies(first: Sequence[Record]) -> bool:
    """Say whether these records number societies whose names are known."""
    told = [record.cells for record in first if len(record.cells) >= 2]
    numbered = [cells for cells in told if cells[0].isdigit()]
    names = {cells[1].upper() for cells in numbered}
    return len(numbered) * 10 >= len(first) * 9 and len(names & _KNOWN) >= _ENOUGH


def society_entry(record: Record) -> SourceEntry:
    """Return what a record says of one society."""
    said = Statements(line=record.line)
    code, name, territory = (*record.cells, "", "", "")[:3]
    if name:
        said.say(Kind.PARTY, "name", name)
        said.say(Kind.PARTY, "type", "Society")
        said.say(Kind.PARTY, "society_code", code.zfill(3))
        if territory:
            said.say(Kind.PARTY, "country", territory)
    else:
        said.doubt("no-name", "name", "a society needs a name", record.cells)
    claims = tuple(said.claims)
    keys = (f"society:{code.zfill(3)}", *party_keys(name)) if claims else ()
    things = (Thing(Kind.PARTY, keys[:1], claims),) if claims else ()
    return SourceEntry(record.line, (), things, tuple(said.findings))
