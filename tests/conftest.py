"""How all tests run: random laws draw the same examples everywhere, and leave nothing behind."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile(
    "house",
    derandomize=True,  # the same examples in every run: a failure is seen by everybody
    deadline=None,  # no test depends on how fast a machine is
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("house")
