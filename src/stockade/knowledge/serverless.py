"""What plugins of the Serverless Framework do to the template of a service."""

from functools import cache
from typing import Literal

from msgspec import Struct

from stockade.knowledge._data import Provenance, read_json


class Plugin(Struct, frozen=True, forbid_unknown_fields=True):
    """One plugin.

    Attributes:
        name: its name in the npm registry.
        effect: "none" (nothing of the template is another one), "read" (its configuration is read here), "adds" (resources of
            some kinds), "changes" (what is there may be another).
        kinds: the kinds of the model that it adds.
        does: what it does, as the end of a sentence that begins with "it".
        where: further kinds that it adds where something is written at a path of the configuration (`*`: under any name).
        extends: the properties of functions, in CloudFormation's words, to whose items it adds.
    """

    name: str
    effect: Literal["none", "read", "adds", "changes"]
    kinds: tuple[str, ...]
    does: str
    where: dict[str, tuple[str, ...]] = {}
    extends: tuple[str, ...] = ()


_OFFLINE = "serverless-offline"


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    provenance: Provenance
    plugins: tuple[Plugin, ...]


@cache
def _file() -> _File:
    return read_json("serverless_plugins.json", _File)


@cache
def _by_name() -> dict[str, Plugin]:
    return {plugin.name: plugin for plugin in _file().plugins}


def provenance() -> Provenance:
    """When the facts held, and where they come from."""
    return _file().provenance


def plugins() -> tuple[Plugin, ...]:
    """Every plugin that is known."""
    return _file().plugins


def plugin(name: str) -> Plugin | None:
    """The plugin of this name, or None where nothing is known of it."""
    known = _by_name()
    # What is named after the plugin that runs a service on one's own machine adds something to that, not to the template.
    return known.get(name) or (known.get(_OFFLINE) if name.startswith(f"{_OFFLINE}-") else None)
