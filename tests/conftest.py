"""Fixtures that more than one folder needs."""

pytest_plugins = ["tests.contract.postgres"]
