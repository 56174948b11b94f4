"""Where Stockade keeps what belongs to a user and to no project."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path


def cache_folder() -> Path:
    """Where Stockade keeps what it may lose: `STOCKADE_CACHE`, or the system's place for it."""
    if own := os.environ.get("STOCKADE_CACHE"):
        return Path(own)
    if shared := os.environ.get("XDG_CACHE_HOME"):
        return Path(shared) / "stockade"
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return (Path(local) if local else Path.home() / "AppData" / "Local") / "stockade" / "cache"
    return Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache") / "stockade"


def user_configuration(environment: Mapping[str, str]) -> Path | None:
    """Where a user's own settings are; None where the system has no place for them."""
    if shared := environment.get("XDG_CONFIG_HOME"):
        return Path(shared) / "stockade" / "config.toml"
    if sys.platform == "win32":
        roaming = environment.get("APPDATA")
        return Path(roaming) / "stockade" / "config.toml" if roaming else None
    home = environment.get("HOME")
    return Path(home) / ".config" / "stockade" / "config.toml" if home else None
