"""What keeps a source from being deployed and belongs to no resource: names of nothing, circles, a template's own settings."""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct

from stockade.model.kinds.base import Resource
from stockade.model.value import Doubt, Origin


class Use(Struct, frozen=True, eq=False):
    """One place at which a name is used.

    `form`: how it is used there (`Ref`, `DependsOn`, `var`). `holders`: the keys of the resources in which it stands;
    empty where it stands in none (an output, say).
    """

    origin: Origin
    form: str
    holders: tuple[str, ...] = ()


class Missing(Resource, frozen=True, eq=False, kw_only=True):
    """A name that is used, and that nothing declares. The address is the name.

    `what`: what of this name there would have to be ("condition", "local value"). `near`: the declared name that is most
    like it, if one is. `inside`: where it would have to be declared. `unsure`: why something that was not read may declare it.
    """

    kind: ClassVar[str] = "missing"

    what: str
    inside: str
    near: str = ""
    unsure: Doubt | None = None
    uses: tuple[Use, ...] = ()


class Circle(Resource, frozen=True, eq=False, kw_only=True):
    """Resources each of which waits for the next one, the last for the first. `uses`: the place in each that says so."""

    kind: ClassVar[str] = "circle"

    members: tuple[str, ...] = ()
    uses: tuple[Use, ...] = ()


class Untransformed(Resource, frozen=True, eq=False, kw_only=True):
    """A template that is written for a transform which it does not declare. `uses`: each place that needs it.

    `unsure`: why something that was not read may apply it.
    """

    kind: ClassVar[str] = "template"

    transform: str
    unsure: Doubt | None = None
    uses: tuple[Use, ...] = ()


class Request(Resource, frozen=True, eq=False, kw_only=True):
    """What a source has its tool ask of another server, or of another program, each time it is read.

    `form`: `http`, or `external` for a program. `uses`: each place at which a secret goes into it.
    """

    kind: ClassVar[str] = "request"

    form: str
    uses: tuple[Use, ...] = ()


class Unsupported(Resource, frozen=True, eq=False, kw_only=True):
    """A setting of SAM's that there is not, at its place. The address is how it is written (`Globals.Function.Role`).

    `what`: why not, in words. `ignored`: SAM leaves it out without a word; else it refuses the template. `near`: what may be
    meant, or where it belongs.
    """

    kind: ClassVar[str] = "setting"

    what: str
    ignored: bool = False
    near: str = ""
    uses: tuple[Use, ...] = ()


FAULTS: frozenset[str] = frozenset({kind.kind for kind in (Missing, Circle, Untransformed, Unsupported)})
"""The kinds of what no deployment is made of: nothing is lost with them."""
