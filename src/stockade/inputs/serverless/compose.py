"""`serverless-compose.yml`: several services that are deployed together, and the parameters that each is given.

Source: serverless.com/framework/docs/guides/compose, read 2026-11-28.
"""

from __future__ import annotations

import posixpath

from stockade.inputs.disk import Disk
from stockade.text.document import Document
from stockade.text.node import Mapping, Scalar

NAMES = ("serverless-compose.yml", "serverless-compose.yaml", "serverless-compose.json")


def parameters_of(folder: str, disk: Disk) -> dict[str, str]:
    """The parameters that a service in a folder is given, as far as they are written out.

    One that is an output of another service (`${orders.queueUrl}`) is not known.
    """
    at = folder
    while True:
        for name in NAMES:
            if name in disk.names(at):
                return _given(disk, posixpath.join(at, name), folder)
        if not at:
            return {}
        at = posixpath.dirname(at)


def _given(disk: Disk, path: str, folder: str) -> dict[str, str]:
    document = disk.document(path)
    if not isinstance(document, Document):
        return {}
    from stockade.text.yaml import read_yaml

    root = read_yaml(document).root
    services = root.get("services") if type(root) is Mapping else None
    for entry in services.entries if type(services) is Mapping else ():
        where = entry.value.get("path") if type(entry.value) is Mapping else None
        if (
            type(where) is not Scalar
            or posixpath.normpath(posixpath.join(posixpath.dirname(path), where.raw)) != folder
        ):
            continue
        given = entry.value.get("params") if type(entry.value) is Mapping else None
        return {
            e.key.raw: e.value.raw
            for e in (given.entries if type(given) is Mapping else ())
            if type(e.value) is Scalar and "${" not in e.value.raw
        }
    return {}
