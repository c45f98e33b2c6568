"""How long Hypothesis looks: HYPOTHESIS_PROFILE names the profile, the default takes a minute."""

import os

from hypothesis import HealthCheck, settings

_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]

settings.register_profile(
    "short", max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=_SLOW
)
settings.register_profile(
    "long", max_examples=500, stateful_step_count=80, deadline=None, suppress_health_check=_SLOW
)
settings.register_profile(
    "night",
    max_examples=20_000,
    stateful_step_count=150,
    deadline=None,
    suppress_health_check=_SLOW,
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "short"))
