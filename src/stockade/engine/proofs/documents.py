"""Policy documents out of files: JSON, YAML, Markdown with JSON in it, and what the AWS CLI prints around them."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stockade.errors import UsageError
from stockade.patterns import regex
from stockade.text.document import Document
from stockade.text.json import read_json
from stockade.text.node import Mapping as MappingNode
from stockade.text.node import Node, Parsed, Scalar
from stockade.text.yaml import read_yaml

MAX_BYTES = 10_000_000
_FENCE = regex(r"^```[^\r\n`]*\r?\n(.*?)^```[ \t]*\r?$", re.MULTILINE | re.DOTALL)
# Around a policy in what `aws iam get-role-policy`, `get-policy-version`, `lambda get-policy` … print.
_WRAPPERS = (
    "PolicyDocument",
    "PolicyVersion",
    "Document",
    "AssumeRolePolicyDocument",
    "Policy",
    "policyDocument",
    "policy",
)


def read_policy(path: str) -> dict[str, Any]:
    """The policy document in a file, or on standard input for `-`. Raises UsageError, which says what is wrong and where."""
    text = _read(path)
    if path.endswith((".md", ".markdown")):
        return _from_markdown(path, text)
    return _document(_nodes(path, text), path)


def is_tree(path: str) -> bool:
    """Whether there is a folder, or a file that is read as a template or the like and not as a policy."""
    place = Path(path)
    if place.is_dir():
        return True
    if not place.is_file() or path.endswith((".md", ".markdown")):
        return False
    if path.endswith((".tf", ".tofu", ".tf.json", ".ts", ".js")):
        return True
    try:
        return not _is_policy(_nodes(path, _read(path)))
    except UsageError:
        return True  # whoever reads it says what is wrong


def _is_policy(found: object) -> bool:
    if isinstance(found, list):
        return any(isinstance(each, Mapping) and "Effect" in each for each in found)
    return not isinstance(found, Mapping) or "Statement" in found or any(name in found for name in _WRAPPERS)


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


def _nodes(path: str, text: str) -> object:
    doc = Document(path, text)
    parsed: Parsed = read_json(doc) if text.lstrip()[:1] in {"{", "["} else read_yaml(doc)
    if parsed.problems:
        problem = parsed.problems[0]
        place = f"{path}:{problem.span.line}:{problem.span.column}" if problem.span is not None else path
        raise UsageError(f"{place}: {problem.message}", hint="correct it; a policy is a JSON object with `Statement`")
    if not parsed.roots:
        raise UsageError(f"`{path}` is empty", hint="a policy is a JSON object with `Statement`")
    return plain(parsed.roots[0])


def plain(node: Node) -> object:
    """What a node says, as `json` would give it."""
    if isinstance(node, Scalar):
        if node.value is None:
            return None
        return node.value if isinstance(node.value, bool | int | float) and node.raw != "2012-10-17" else node.raw
    if isinstance(node, MappingNode):
        return {entry.key.raw: plain(entry.value) for entry in node.entries}
    return [plain(each) for each in node.items]


def _document(found: object, path: str) -> dict[str, Any]:
    for _ in range(len(_WRAPPERS)):
        if isinstance(found, str) and found.lstrip()[:1] == "{":
            try:
                found = json.loads(found)
            except ValueError as error:
                raise UsageError(
                    f"`{path}` holds a policy as text that is no JSON: {error}", hint="correct it"
                ) from None
        if not isinstance(found, Mapping) or "Statement" in found:
            break
        inner = next((name for name in _WRAPPERS if name in found), None)
        if inner is None:
            break
        found = found[inner]
    if isinstance(found, list) and found and all(isinstance(each, Mapping) and "Effect" in each for each in found):
        return {"Version": "2012-10-17", "Statement": list(found)}
    if not isinstance(found, Mapping) or "Statement" not in found:
        raise UsageError(f"`{path}` is no policy", hint="a policy is a JSON object with `Statement`")
    return dict(found)


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
