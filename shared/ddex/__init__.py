"""DDEX messages: recognised, held against their schema, references and rules.

Reads bytes and gives findings: no cloud, no database, no network.
"""
