"""What the user says of a deployment, before any input reads it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct


class Variables(Struct, frozen=True, eq=False):
    """What the user gives: values by name, and files of values, later ones winning; the workspace that is meant.

    `environment` holds the values of `TF_VAR_…`, if they were asked for. `stage` and `region` are those that a service of the
    Serverless Framework is deployed to, `whole_environment` the environment that its variables may name, if that was asked for.
    """

    values: Mapping[str, str] = {}
    files: tuple[Path, ...] = ()
    environment: Mapping[str, str] = {}
    workspace: str = ""
    stage: str = ""
    region: str = ""
    whole_environment: Mapping[str, str] = {}
