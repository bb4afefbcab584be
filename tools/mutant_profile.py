"""Pytest plugin of `tools/mutants.py`: Hypothesis tries the same examples in every run, unhurried, and shrinks none."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings

settings.register_profile(
    "mutants",
    derandomize=True,
    database=None,
    deadline=None,  # on a busy machine a slow example would pass for a mutant that was noticed
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
)
