"""Services of which the configuration is a program: which files are one, and what they become."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable

from stockade.inputs.disk import Disk
from stockade.inputs.made import Made
from stockade.inputs.serverless.detect import looks_like_service
from stockade.inputs.serverless.program.program import Program
from stockade.inputs.serverless.read import provider_of, read_service
from stockade.inputs.serverless.variables.resolve import Options
from stockade.model.app import Gap
from stockade.text.document import Document
from stockade.text.node import Mapping, Node
from stockade.text.script import Computed, is_computed, spread_of

# In which order the framework looks for its configuration, as of version 3.40 and 4.
_ORDER = (".yml", ".yaml", ".json", ".js", ".cjs", ".mjs", ".ts", ".cts", ".mts")
_NAME = "serverless"
_WORDS = ("provider", "functions")


def read_scripts(
    documents: Iterable[Document], disk: Disk, options: Options, *, named: bool
) -> tuple[list[Made], list[Gap]]:
    """The templates that services become, and what could not be seen. `named`: the user has named the file."""
    made: list[Made] = []
    gaps: list[Gap] = []
    # A file of another name may be a part of the one that the framework takes, and is none of its own then.
    for document in sorted(documents, key=lambda d: (_stem(d) != _NAME, d.path)):
        if any(document.path in other.included for other in made) or not (named or _is_taken(document, disk)):
            continue
        program = Program(disk, posixpath.dirname(document.path), options.environment)
        root = program.configuration(document)
        if type(root) is Mapping and _is_service(root):
            provider = provider_of(document, root, disk, options, program)
            if provider == "aws" or (not provider and _may_be_aws(root)):
                made.append(read_service(document, root, disk, options, program))
            else:
                why = f"the service is deployed to `{provider}`, not to AWS"
                gaps.append(Gap(what=f"`{document.path}`", why=why, kind="unsupported", path=document.path))
        elif all(word in document.text for word in _WORDS) and (program.gaps or root is None or type(root) is Computed):
            gaps += program.gaps or [_nothing(document, root)]
    return made, gaps


def _nothing(document: Document, root: Node | None) -> Gap:
    """That nothing of a configuration is known."""
    why, remedy, span = "its configuration can't be told from the file", "export it as an object", None
    if type(root) is Computed:
        why, remedy, span = f"its configuration is `{root.raw[:60]}`: {root.why}", root.remedy, root.span
    return Gap(
        what=f"`{document.path}`",
        why=why,
        remedy=remedy,
        kind="computed",
        path=span.doc.path if span is not None else document.path,
        span=span,
        hides=True,
    )


def _stem(document: Document) -> str:
    return posixpath.splitext(posixpath.basename(document.path))[0]


def _is_taken(document: Document, disk: Disk) -> bool:
    """Whether the framework takes this file: of several in one folder it takes the first by its order."""
    folder, name = posixpath.split(document.path)
    stem, suffix = posixpath.splitext(name)
    if stem != _NAME:
        return True
    names = disk.names(folder)
    return not any(_NAME + other in names for other in _ORDER[: _ORDER.index(suffix)])


def _is_service(root: Mapping) -> bool:
    if looks_like_service(root):
        return True
    computed = spread_of(root) is not None or is_computed(root.get("provider"))
    return computed and any(key in root for key in ("provider", "functions")) and len(root.entries) > 1


def _may_be_aws(root: Mapping) -> bool:
    """Whether the cloud is not told, so that it may well be AWS: where there is no other, there is no need to look."""
    provider = root.get("provider")
    if type(provider) is Mapping:
        return is_computed(provider.get("name")) or spread_of(provider) is not None
    return provider is None or is_computed(provider)
