"""The outputs of root modules, and the credentials that providers are given: where secrets may stand beside resources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stockade.inputs.lens import Table, lens
from stockade.inputs.terraform.configuration import attribute
from stockade.inputs.terraform.expressions import Scope
from stockade.inputs.terraform.terms import Lit, is_known, json_text, plain
from stockade.inputs.terraform.values import text, value_of
from stockade.model.app import Credentials, Output, Resource
from stockade.model.value import Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stockade.inputs.terraform.modules import Instance
    from stockade.inputs.terraform.project import Project
    from stockade.text.hcl.nodes import Block

OUTPUT = Table("output", Output, {"value": lens("value"), "hidden": lens("sensitive", "boolean")})
PROVIDER = Table("provider/aws", Credentials, {"access_key": lens("access_key"), "secret_key": lens("secret_key")})


def lower_outputs(project: Project) -> Iterator[Resource]:
    """A record for each output of each root module."""
    for instance in project.roots:
        for name, block in instance.module.outputs.items():
            fields: dict[str, Value[Any]] = {}
            stated = attribute(block, "value")
            if stated is not None:
                term = instance.output(name, block.header)
                if type(term) is not Lit and is_known(term):  # as the text that it is in JSON, so that secrets are seen
                    term = Lit(span=term.span, v=json_text(plain(term)), sensitive=term.sensitive)
                at = block.body.attributes["value"].name_span
                fields["value"] = text(value_of(term, instance.places, stated.span, at))
            hidden = attribute(block, "sensitive")
            if hidden is not None:
                term = instance.tried(hidden, Scope(instance), "`sensitive`")
                fields["hidden"] = value_of(term, instance.places, hidden.span)
            yield Output(**_base(instance, block, OUTPUT, f"output.{name}"), **fields)  # type: ignore[arg-type]


def lower_credentials(project: Project) -> Iterator[Resource]:
    """A record for each configuration of the AWS provider, in root modules, that is given keys."""
    for instance in project.roots:
        for number, block in enumerate(instance.module.providers):
            if block.labels != ("aws",):
                continue
            fields: dict[str, Value[Any]] = {}
            for field, own in PROVIDER.fields.items():
                stated = attribute(block, own.path[0])
                if stated is not None:
                    term = instance.tried(stated, Scope(instance), f"`{own.path[0]}` of the provider")
                    at = block.body.attributes[own.path[0]].name_span
                    fields[field] = text(value_of(term, instance.places, stated.span, at))
            if fields:
                base = _base(instance, block, PROVIDER, "provider.aws", f"/{number}" if number else "")
                yield Credentials(**base, **fields)  # type: ignore[arg-type]


def _base(instance: Instance, block: Block, table: Table, address: str, suffix: str = "") -> dict[str, Any]:
    folder = instance.folder or "."
    return {
        "address": address,
        "key": f"{folder}#{address}{suffix}",
        "type": table.type.partition("/")[0],
        "origin": instance.places.block(block.span, block.header),
    }
