"""The published Schematron, run by Saxon: what it finds in a message, and where."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import saxonche
from lxml import etree

from shared.ddex.conformance.deriving import test_of
from shared.ddex.conformance.requirements import breaches
from shared.ddex.conformance.tables import profiles_of
from shared.ddex.nodes import Node

Findings = Counter[tuple[str, str]]

FOLDERS = {"1.4": "14", "2.1": "21"}
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"
_NUMBER = re.compile(r"Rule\s+([0-9A-Z.]+(?:-\d+)?)")
_FILTER = re.compile(r"\[(?:local-name|namespace-uri)\(\)='[^']*'\]")
_ROOT = re.compile(r"^/(?:\*:|\w+:)?\w+(?:\[1\])?")
# The list of country codes that the published files carry is of 2018.
OUTDATED = "isrc-prefix(.)"


class Oracle:
    def __init__(self, folder: Path, processor: saxonche.PySaxonProcessor) -> None:
        self._folder = folder
        self._processor = processor
        self._compiled: dict[tuple[str, str], saxonche.PyXsltExecutable] = {}

    def findings(self, path: Path, edition: str, profile: str) -> Findings:
        """Return how often the published rules of *profile* tell of which place."""
        source = self._processor.parse_xml(xml_file_name=str(path))
        report = self._stylesheet(edition, profile).transform_to_string(xdm_node=source)
        root = etree.fromstring(report.encode())
        return Counter(
            (_rule(told), _place(told.get("location", "")))
            for told in root.iter(f"{_SVRL}failed-assert", f"{_SVRL}successful-report")
        )

    def _stylesheet(self, edition: str, profile: str) -> saxonche.PyXsltExecutable:
        key = (edition, profile)
        if key not in self._compiled:
            path = self._folder / FOLDERS[edition] / f"{profile}.xsl"
            self._compiled[key] = (
                self._processor.new_xslt30_processor().compile_stylesheet(
                    stylesheet_file=str(path)
                )
            )
        return self._compiled[key]


@contextmanager
def oracle(data: Path) -> Iterator[Oracle]:
    with saxonche.PySaxonProcessor(license=False) as processor:
        yield Oracle(data / "schematron" / "compiled_xslt", processor)


def own_findings(path: Path, edition: str, profile: str) -> Findings:
    """Return the same, as our tables tell it."""
    root = etree.parse(path, etree.XMLParser(remove_comments=True)).getroot()
    return Counter(
        (each.requirement.number or each.requirement.what, _path(each.node))
        for each in breaches(root, profiles_of(edition)[profile])
    )


def exceptions(edition: str, profile: str) -> set[str]:
    """Return the numbers of the rules that need not agree: see OUTDATED."""
    requirements = profiles_of(edition)[profile]
    return {each.number for each in requirements if each.what == OUTDATED}


def _rule(told: etree._Element) -> str:
    found = _NUMBER.search(" ".join("".join(told.itertext()).split()))
    return found[1].rstrip(".") if found else test_of(told)


def _place(location: str) -> str:
    plain = _FILTER.sub("", location).replace("/*:", "/")
    return _ROOT.sub("/*", plain.replace("/*", "/NewReleaseMessage", 1)).replace(
        "[1]", ""
    )


def _path(node: Node) -> str:
    return _ROOT.sub("/*", node.getroottree().getpath(node)).replace("[1]", "")
