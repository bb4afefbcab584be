"""How property tests run: no time limit per example (the machine may be busy), and a way to replay a failure."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile("lumbung", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("few", settings.get_profile("lumbung"), max_examples=25)
settings.load_profile("lumbung")
