"""Policy documents out of files: JSON, YAML, Markdown with JSON in it, and what the AWS CLI prints around them."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stockade.errors import UsageError
from stockade.inputs.policy_file import declares, is_policy, parse, policy_in
from stockade.patterns import regex
from stockade.text.document import Document, Problem, read_document
from stockade.text.node import Mapping as MappingNode
from stockade.text.node import Node, Scalar

MAX_BYTES = 10_000_000
_FENCE = regex(r"^```[^\r\n`]*\r?\n(.*?)^```[ \t]*\r?$", re.MULTILINE | re.DOTALL)


def read_policy(path: str) -> dict[str, Any]:
    """The policy document in a file, or on standard input for `-`. Raises UsageError, which says what is wrong and where."""
    text = _read(path)
    if path.endswith((".md", ".markdown")):
        return _from_markdown(path, text)
    parsed = parse(Document(path, text))
    found = policy_in(parsed)
    for problem in parsed.problems:
        place = f"{path}:{problem.span.line}:{problem.span.column}" if problem.span is not None else path
        raise UsageError(f"{place}: {problem.message}", hint="correct it; a policy is a JSON object with `Statement`")
    for problem in found.problems:
        raise UsageError(f"`{path}` holds a policy as text that is no JSON: {problem.message}", hint="correct it")
    if not parsed.roots:
        raise UsageError(f"`{path}` is empty", hint="a policy is a JSON object with `Statement`")
    policy = plain(found.roots[0]) if found.root is not None and is_policy(found.root) else None
    if isinstance(policy, list):
        return {"Version": "2012-10-17", "Statement": policy}
    if not isinstance(policy, dict):
        raise UsageError(f"`{path}` is no policy", hint="a policy is a JSON object with `Statement`")
    return policy


def is_tree(path: str) -> bool:
    """Whether there is a folder, or a file that is read as a template or the like and not as a policy."""
    place = Path(path)
    if place.is_dir() or path.endswith((".tf", ".tofu", ".tf.json", ".ts", ".js")):
        return place.exists()
    if not place.is_file() or path.endswith((".md", ".markdown")):
        return False
    document = read_document(place, path)
    return isinstance(document, Problem) or declares(document)  # whoever reads it says what is wrong


def _read(path: str) -> str:
    try:
        data = sys.stdin.buffer.read(MAX_BYTES + 1) if path == "-" else _bytes(Path(path))
    except OSError as error:
        raise UsageError(f"can't read `{path}`: {error.strerror}", hint="name a policy file, or `-`") from None
    if len(data) > MAX_BYTES:
        raise UsageError(f"`{path}` has more than {MAX_BYTES:,} bytes", hint="a policy has at most a few thousand")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"`{path}` is not UTF-8 (byte {error.start})", hint="save it as UTF-8") from None


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def plain(node: Node) -> object:
    """What a node says, as `json` would give it."""
    if isinstance(node, Scalar):
        if node.value is None:
            return None
        return node.value if isinstance(node.value, bool | int | float) and node.raw != "2012-10-17" else node.raw
    if isinstance(node, MappingNode):
        return {entry.key.raw: plain(entry.value) for entry in node.entries}
    return [plain(each) for each in node.items]


def _from_markdown(path: str, text: str) -> dict[str, Any]:
    """The one policy in a Markdown file, as AWS's samples of reference policies have it."""
    found = []
    for block in _FENCE.finditer(text):
        try:
            inner = json.loads(block[1])
        except ValueError:
            continue  # code of another language
        if isinstance(inner, Mapping) and "Statement" in inner:
            found.append(dict(inner))
    if len(found) != 1:
        raise UsageError(f"`{path}` holds {len(found)} policies", hint="name a file with one")
    return found[0]
