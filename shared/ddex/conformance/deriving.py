"""Derives the tables of requirements from compiled Schematron files (XSLT 2.0).

A Schematron file, once compiled, holds one template for each context, and in it a
`choose` for each assertion and an `if` for each report (ISO/IEC 19757-3, annex C).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from lxml import etree

from .notation import Requirement, Severity

_XSL: Final = "{http://www.w3.org/1999/XSL/Transform}"
_SVRL: Final = "{http://purl.oclc.org/dsdl/svrl}"
_NUMBER: Final = re.compile(r"Rule\s+([0-9A-Z.]+(?:-\d+)?)")
_FILLED: Final = re.compile(r"\[string-length\(normalize-space\(text\(\)\)\) > 0\]")
_ONE_OF: Final = re.compile(
    r"\[\s*\(?text\(\) = '[^']*'\)?(?:\s+or\s+\(?text\(\) = '[^']*'\)?)*\s*\]"
)
_QUOTED: Final = re.compile(r"'([^']*)'")
_ROOT: Final = re.compile(r"(?:^|(?<=[\s|(]))/?\*:NewReleaseMessage\b")
_LATER: Final = re.compile(
    r"translate\(((?:substring\()?[\w/]+(?:,1,10\))?),'-',''\) > "
    r"translate\((substring\([\w/]+,1,10\)),'-',''\)"
)
_FORM: Final = re.compile(r"matches\(\., '(.*)'\)")
_JOINS: Final = tuple(
    (re.compile(pattern), written)
    for pattern, written in (
        # What has this one's reference, and in it something: a look into one set.
        (
            r"//(\w+)\[(\w+) = current\(\)/(\w+)\]/(\w+)$",
            r"\3 in //\1[\4]/\2",
        ),
        (
            r"//ResourceReference\[text\(\) = current\(\)\]/\.\./([\w/*]+!?)",
            r". in //ResourceReference[../\1]/text()",
        ),
        (r"^([\w]+) = (//[^=]+(?:\[\w+ = '\w+'\])?/\w+)$", r"\1 in \2"),
        (r"^matches\(substring\(\.,1,2\), '.*'\)$", "isrc-prefix(.)"),
        (
            r"^some \$x in tokenize\((@\w+), '.s\+'\) .*?'([^']*)', ?\$x\)\)$",
            r"unlisted \1 \2",
        ),
        (r"matches\(text\(\),'\.(\w+)'\)", r"contains(substring(text(),2),'\1')"),
        (r"count\(distinct-values\((.+)\)\)", r"differing(\1)"),
        (r"\) \| \. in ", ") or . in "),
        (r"^([\w]+)\[text\(\) = (//[\w/]+)\]$", r"\1 in \2"),
        (r"^count\(//(\w+)\[(\w+) = current\(\)/(\w+)\]\) = 1$", r"\3 once in //\1/\2"),
        (
            r"^//([\w/]+)\[(\w+) = current\(\)/(\w+)\]$",
            r"\3 in //\1/\2",
        ),
        (r"^\.=//\*\[ends-with\(name\(\),'Reference'\).*$", "pointed-to"),
        (
            r"^\.=//\*\[\(ends-with\(name\(\),'Reference'\).*$",
            "pointed-to or . in //MusicRightsSociety or . in //Label",
        ),
    )
)


def requirements(folder: Path) -> dict[str, list[Requirement]]:
    """Return the requirements of each profile whose compiled file is in *folder*."""
    return {path.stem: list(_of_file(path)) for path in sorted(folder.glob("*.xsl"))}


def _of_file(path: Path) -> Iterator[Requirement]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    root = etree.parse(path, parser).getroot()
    for template in root.iterchildren(f"{_XSL}template"):
        where = template.get("match", "")
        for told in template.iter(f"{_SVRL}failed-assert", f"{_SVRL}successful-report"):
            text = " ".join("".join(told.itertext()).split())
            number = _NUMBER.search(text)
            yield Requirement(
                number=number[1].rstrip(".") if number else "",
                severity=Severity.named(_role(told)),
                where=_place(where),
                is_must=told.tag == f"{_SVRL}failed-assert",
                what=_test(told.get("test", "")),
            )


def test_of(told: etree._Element) -> str:
    """Return the test of an assertion, in the notation of the tables."""
    return _test(told.get("test", ""))


def _place(where: str) -> str:
    found = _short(where)
    if not found.startswith(("/", "$")):
        found = f"//{found}"
    return found


def _test(test: str) -> str:
    found = _short(test)
    form = _FORM.fullmatch(found)
    if form:
        return f"like {form[1]}"
    found = _LATER.sub(r"\1 after \2", found)
    for pattern, written in _JOINS:
        found = pattern.sub(written, found)
    return found.replace("current()", "$it")


def _short(path: str) -> str:
    found = _ROOT.sub("$message", " ".join(path.split()))
    found = found.replace("*:ResourceGroup", "ResourceGroup")
    found = _FILLED.sub("!", found)
    return _ONE_OF.sub(lambda each: f"{{{'|'.join(_QUOTED.findall(each[0]))}}}", found)


def _role(told: etree._Element) -> str:
    named = told.find(f"{_XSL}attribute[@name='role']")
    return told.get("role", "") if named is None else "".join(named.itertext()).strip()
