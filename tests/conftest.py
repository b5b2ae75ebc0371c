"""Fixtures that more than one folder needs, and how hypothesis runs everywhere."""

from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.contract.postgres"]

# The same examples on every run, and no test that fails because a machine is busy.
settings.register_profile(
    "house",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("house")
