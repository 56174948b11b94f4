"""What all tests share: real projects, and programs that are not ours, are only used where somebody names them."""

from __future__ import annotations

import os
import shutil
import tempfile

import pytest
from hypothesis import HealthCheck, settings

from tests.reports.browser import installed

# Tests with these markers are not run unless the variable names a folder: of real projects, of snapshots of public
# repositories of Terraform, of Terraform's provider plugins, of the Serverless Framework.
NAMED = {
    "corpus": "STOCKADE_CORPUS",
    "snapshots": "STOCKADE_TERRAFORM",
    "plugins": "STOCKADE_TERRAFORM_PLUGINS",
    "serverless": "STOCKADE_SERVERLESS",
}

# A machine that is busy with something else is slow: that is no fault of what is tested.
settings.register_profile(
    "stockade",
    settings.get_profile(settings.get_current_profile_name()),
    suppress_health_check=[HealthCheck.too_slow],
    deadline=None,
)
settings.load_profile("stockade")

# What a developer has fetched for himself must not decide a test; those about it say otherwise.
os.environ["STOCKADE_DATA"] = "shipped"
# Nor what he has configured, nor what was said before; and what tests leave behind is not his.
_OWN = tempfile.TemporaryDirectory(prefix="stockade-tests-")
os.environ["STOCKADE_CACHE"] = os.path.join(_OWN.name, "cache")  # noqa: PTH118 - the environment has texts
os.environ["XDG_CONFIG_HOME"] = _OWN.name


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests that want a folder which nobody names."""
    left = {marker for marker, variable in NAMED.items() if not os.environ.get(variable)}
    if shutil.which("terraform") is None:
        left.add("terraform")
    if installed() is None:
        left.add("browser")
    out = {id(item) for item in items if any(item.get_closest_marker(marker) is not None for marker in left)}
    config.hook.pytest_deselected(items=[item for item in items if id(item) in out])
    items[:] = [item for item in items if id(item) not in out]
