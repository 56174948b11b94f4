"""Hands intents to the input that produced their resources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stockade.errors import EditError, FixError
from stockade.inputs.written import Written
from stockade.model.intent import Intent, New

if TYPE_CHECKING:
    from stockade.model.app import Resource
    from stockade.text.document import Document
    from stockade.text.edits import Edit


def edits_for(intents: tuple[Intent, ...]) -> list[tuple[Document, Edit]]:
    """The edits that make these intents true. Raises FixError, with the reason, where that can't be written."""
    written = written_for(intents)
    if written.refused:
        raise FixError(written.refused)
    return list(written.edits)


def written_for(intents: tuple[Intent, ...]) -> Written:
    """The edits that make these intents true, or why that can't be written."""
    for intent in intents:
        resource = intent.beside if isinstance(intent, New) else intent.resource
        if resource.site is None:
            return Written(refused=f"`{resource.address}` is not written anywhere: it is made by the framework")
        if resource.framework_owned:
            return Written(refused=f"`{resource.address}` can't be changed in place: {resource.framework_owned}")
        if resource.site.refuses:
            return Written(refused=resource.site.refuses)
    inputs = {_input_of(intent) for intent in intents}
    if len(inputs) > 1:
        return Written(refused="it would change resources of several formats at once")
    # As much code as reading takes; most reports do without.
    if inputs == {"terraform"}:
        from stockade.inputs.terraform.write import write

        return write(intents)
    from stockade.inputs.cloudformation.deployments import stale
    from stockade.inputs.cloudformation.write import write as write_template
    from stockade.text.edits import apply_edits

    try:
        edits = write_template(intents)
        for document in {id(d): d for d, _ in edits}.values():
            apply_edits(document, [edit for own, edit in edits if own is document])
        said = (stale(intent.resource) for intent in intents if not isinstance(intent, New))
        return Written(tuple(edits), needs="; ".join(dict.fromkeys(filter(None, said))))
    except (FixError, EditError) as error:
        return Written(refused=error.message)


def arguments_of(resources: tuple[Resource, ...]) -> dict[str, str]:
    """Of which argument of whose call the attributes of resources in modules are made; in a block: `block.attribute`."""
    if not any(resource.site is not None and resource.site.input == "terraform" for resource in resources):
        return {}
    from stockade.inputs.terraform.write import arguments_of as of_terraform

    return of_terraform(resources)


def _input_of(intent: Intent) -> str:
    resource = intent.beside if isinstance(intent, New) else intent.resource
    return resource.site.input if resource.site is not None else ""
