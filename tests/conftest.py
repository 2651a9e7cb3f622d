"""What all tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

REPOSITORY = Path(__file__).resolve().parent.parent

# Examples are counted, not timed: a slow machine must not turn a property into a failure.
# The same examples each time: a change is judged by what it changed. `thorough` looks further, with new ones.
settings.register_profile("default", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of published manifests and reported faults that developers keep beside the checkout."""
    folder = REPOSITORY.parent / "shared"
    if not (folder / "manifests").is_dir():
        pytest.skip("../shared is not there: a user's clone has none")
    return folder


@pytest.fixture(scope="session")
def samples() -> Path:
    """The sample manifests of this repository."""
    return REPOSITORY / "sample_manifests"
