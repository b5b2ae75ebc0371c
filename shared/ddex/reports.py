"""Checked messages as JSON lines, CSV, SVRL, HTML or plain text."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from html import escape
from types import MappingProxyType
from typing import Final

from lxml import etree

from .checking import CheckedMessage
from .findings import MessageFinding

Named = tuple[str, CheckedMessage]

_SVRL: Final = "http://purl.oclc.org/dsdl/svrl"
_COLUMNS: Final = (
    *("file", "version", "profile", "code", "level", "line", "column", "xpath"),
    *("value", "message", "source", "status", "fix"),
)
# What a spreadsheet would take for a formula.
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def as_json(messages: Iterable[Named]) -> Iterator[str]:
    """Yield one JSON object a line for each message."""
    for name, checked in messages:
        told = {"file": name, **checked.to_json()}
        yield json.dumps(told, ensure_ascii=False) + "\n"


def as_csv(messages: Iterable[Named]) -> Iterator[str]:
    """Yield a table with one finding a line."""
    line = io.StringIO()
    writer = csv.DictWriter(line, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    for name, checked in messages:
        for finding in checked.findings:
            told = {
                "file": name,
                "version": checked.version,
                "profile": checked.profile,
                **finding.to_json(),
            }
            writer.writerow({key: _harmless(told[key]) for key in _COLUMNS})
        yield line.getvalue()
        line.seek(0)
        line.truncate()
    yield line.getvalue()


def _harmless(value: object) -> object:
    is_formula = isinstance(value, str) and value.startswith(_FORMULA_STARTS)
    return f"'{value}" if is_formula else value


def as_text(messages: Iterable[Named]) -> Iterator[str]:
    """Yield lines as compilers write them: file, line, column, what is wrong."""
    for name, checked in messages:
        about = " ".join(filter(None, (checked.version, checked.message)))
        yield f"{name}: {about or 'not recognised'}, {_counted(checked)}\n"
        for finding in checked.findings:
            place = f"{name}:{finding.line}:{finding.column}"
            value = f" [{finding.value}]" if finding.value else ""
            yield f"{place}: {finding.level.name} {finding.code} {finding.message}"
            yield f"{value}\n"


def _counted(checked: CheckedMessage) -> str:
    counts = Counter(finding.level for finding in checked.findings)
    told = ", ".join(
        f"{count} {level.name}"
        for level, count in sorted(counts.items(), key=lambda each: each[0].name)
    )
    return told or "nothing wrong"


def as_svrl(messages: Iterable[Named]) -> Iterator[str]:
    """Yield a Schematron report for each message (ISO/IEC 19757-3, annex D)."""
    for name, checked in messages:
        root = etree.Element(f"{{{_SVRL}}}schematron-output", nsmap={"svrl": _SVRL})
        root.set("title", f"ERN {checked.version}".strip())
        pattern = etree.SubElement(root, f"{{{_SVRL}}}active-pattern")
        pattern.set("document", _xml(name))
        for finding in checked.findings:
            _add_assert(root, finding)
        yield etree.tostring(root, encoding="unicode", pretty_print=True)


def _add_assert(root: etree._Element, finding: MessageFinding) -> None:
    failed = etree.SubElement(root, f"{{{_SVRL}}}failed-assert")
    failed.set("id", finding.code)
    failed.set("role", finding.level.name)
    failed.set("location", _xml(finding.xpath or "/"))
    failed.set("test", _xml(finding.source))
    told = f"{finding.message} [{finding.value}]" if finding.value else finding.message
    text = etree.SubElement(failed, f"{{{_SVRL}}}text")
    text.text = _xml(f"{told} (line {finding.line}, column {finding.column})")


def _xml(text: str) -> str:
    """Return *text* without the characters that XML 1.0 has no place for."""
    return "".join(
        character if character >= " " or character in "\t\n" else "\ufffd"
        for character in text
        if character not in "\ufffe\uffff"
    )


_PAGE: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>ERN check</title><style>
body{{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:75rem;color:#222}}
table{{border-collapse:collapse;width:100%}}
td,th{{padding:.4rem .6rem;text-align:left;vertical-align:top}}
tr+tr td{{border-top:1px solid #ddd}}
code{{font-size:13px;color:#555;overflow-wrap:anywhere}}
.fatal{{color:#a00;font-weight:600}}.error{{color:#b40}}.warning{{color:#860}}
.info{{color:#666}}
</style></head><body>
{}</body></html>
"""


def as_html(messages: Iterable[Named]) -> Iterator[str]:
    """Yield one page with a table for each message."""
    yield _PAGE.format("".join(_section(name, checked) for name, checked in messages))


def _section(name: str, checked: CheckedMessage) -> str:
    about = (checked.version, checked.message, checked.profile, _counted(checked))
    told = " · ".join(filter(None, about))
    rows = "".join(map(_row, checked.findings))
    head = "<tr><th>Rule</th><th>Line</th><th>What is wrong</th><th>Remedy</th></tr>"
    table = f"<table>{head}{rows}</table>" if rows else ""
    return f"<h2>{escape(name)}</h2><p>{escape(told)}</p>{table}\n"


def _row(finding: MessageFinding) -> str:
    level = finding.level.value
    value = f"<br><code>{escape(finding.value)}</code>" if finding.value else ""
    return (
        f'<tr><td class="{level}">{escape(finding.code)}<br>{finding.level.name}</td>'
        f"<td>{finding.line}:{finding.column}</td>"
        f"<td>{escape(finding.message)}{value}<br>"
        f"<code>{escape(finding.xpath)}</code></td>"
        f"<td>{escape(finding.fix)}<br><code>{escape(finding.source)}</code></td></tr>"
    )


Report = Callable[[Iterable[Named]], Iterator[str]]
FORMATS: Final[Mapping[str, Report]] = MappingProxyType(
    {
        "text": as_text,
        "json": as_json,
        "csv": as_csv,
        "svrl": as_svrl,
        "html": as_html,
    }
)
