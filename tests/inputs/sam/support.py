"""Reading a SAM template from a text, for the tests beside."""

from __future__ import annotations

from collections.abc import Callable

from stockade.inputs.cloudformation.read import read
from stockade.model.app import App, Resource, Source
from stockade.model.link import link
from stockade.model.value import File
from stockade.text.document import Document
from stockade.text.node import Mapping, Node
from stockade.text.yaml import read_yaml

HEAD = "Transform: AWS::Serverless-2016-10-31\n"


def sam(text: str, local: Callable[[str], Node | None] | None = None) -> App:
    """The application of a template; the transform is put before it."""
    document = Document("template.yaml", HEAD + text, syntax="yaml")
    parsed = read_yaml(document)
    root = parsed.root
    if not isinstance(root, Mapping):
        raise TypeError("the template is no mapping")
    resources, gaps = read([(document, root)], local=local)
    return link(resources, (Source(document, parsed.roots),), tuple(gaps))


def keyed(app: App, logical_id: str) -> Resource:
    """The record of a logical id."""
    found = app.get(f"template.yaml#{logical_id}")
    assert found is not None, f"no {logical_id} among {[r.key for r in app.resources]}"
    return found


def written(record: Resource) -> str:
    """The text that a record's origin points at."""
    assert isinstance(record.origin, File)
    return record.origin.span.text
