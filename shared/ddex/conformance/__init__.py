"""DDEX's conformance rules for release profiles 1.4 (ERN 3.8) and 2.1 (4.1, 4.2).

The rules are facts, kept as tables that are derived from a licensee's own copy of the
published Schematron files: `python -m shared.ddex.conformance FOLDER`.
"""
