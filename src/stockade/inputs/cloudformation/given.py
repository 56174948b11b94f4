"""Parameters from files: CloudFormation's own forms, CodePipeline's, and `samconfig.toml`.

- a list of `{ParameterKey, ParameterValue}` or a plain mapping:
  https://docs.aws.amazon.com/cli/latest/reference/cloudformation/deploy/
- `{"Parameters": {…}}`:
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/continuous-delivery-codepipeline-cfn-artifacts.html
- `samconfig.toml`:
https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-config.html
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from stockade.errors import UsageError
from stockade.inputs.cloudformation.parameters import Given
from stockade.patterns import regex
from stockade.text.document import Problem, read_document
from stockade.text.json import read_json
from stockade.text.node import to_python
from stockade.text.yaml import read_yaml

SAMCONFIG = "samconfig.toml"
_FORMS = (
    'either [{"ParameterKey": "Stage", "ParameterValue": "prod"}], '
    'or {"Stage": "prod"}, or {"Parameters": {"Stage": "prod"}}'
)
_PAIR = regex(
    r"""ParameterKey=(?P<long>"[^"]*"|[^,\s]+),ParameterValue=(?P<longvalue>"(?:\\.|[^"\\])*"|(?:\\.|[^\s])*)"""
    r"""|(?P<key>"[^"]*"|[\w:]+)=(?P<value>"(?:\\.|[^"\\])*"|'[^']*'|(?:\\.|[^\s])*)"""
)


def read_parameter_file(path: Path) -> dict[str, Given]:
    """The parameters of a parameter file, JSON or YAML. Raises UsageError: whoever names a file wants it to count."""
    document = read_document(path, path.name)
    if isinstance(document, Problem):
        raise UsageError(f"the parameter file `{path}` {document.message}", hint=document.remedy)
    parsed = read_json(document) if document.syntax == "json" else read_yaml(document)
    broken = next((p for p in parsed.problems if p.kind in {"syntax", "limit"}), None)
    if broken is not None or parsed.root is None:
        why = broken.message if broken is not None else "it is empty"
        raise UsageError(f"the parameter file `{path}` can't be read: {why}", hint=f"write {_FORMS}")
    found = _pairs(to_python(parsed.root))
    if found is None:
        raise UsageError(f"`{path}` is no parameter file", hint=f"write {_FORMS}")
    return {name: Given(value, path.name) for name, value in found.items()}


def _pairs(data: object) -> dict[str, str] | None:
    if isinstance(data, dict) and isinstance(data.get("Parameters"), dict):
        data = data["Parameters"]
    if isinstance(data, dict):
        return {str(k): _text(v) for k, v in data.items()} if all(_is_plain(v) for v in data.values()) else None
    if not isinstance(data, list):
        return None
    found: dict[str, str] = {}
    for item in data:
        if isinstance(item, dict) and "ParameterKey" in item:
            # `UsePreviousValue` says nothing that could be known here.
            if "ParameterValue" in item:
                found[str(item["ParameterKey"])] = _text(item["ParameterValue"])
        elif isinstance(item, str) and "=" in item:
            found.update(overrides(item))
        else:
            return None
    return found


def _is_plain(value: object) -> bool:
    return not isinstance(value, dict) and not (
        isinstance(value, list) and any(isinstance(i, dict | list) for i in value)
    )


def _text(value: Any) -> str:  # noqa: ANN401 - plain data of a file
    if isinstance(value, list):
        return ",".join(_text(v) for v in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def read_samconfig(path: Path, environment: str) -> dict[str, Given]:
    """What `samconfig.toml` passes to `sam deploy` in one environment. Raises UsageError."""
    import tomllib

    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"`{path}` can't be read: {error}", hint="correct it, or leave --config-env out") from error
    config = data.get(environment)
    if not isinstance(config, dict):
        names = ", ".join(sorted(name for name, value in data.items() if isinstance(value, dict))) or "none"
        raise UsageError(f"`{path}` has no environment `{environment}`", hint=f"it has: {names}")
    found: dict[str, str] = {}
    for command in ("global", "deploy"):
        block = config.get(command)
        parameters = block.get("parameters") if isinstance(block, dict) else None
        if not isinstance(parameters, dict):
            continue
        stated = parameters.get("parameter_overrides")
        found.update(_stated(stated))
        region = parameters.get("region")
        if isinstance(region, str):
            found["AWS::Region"] = region
    return {name: Given(value, f"{path.name} ({environment})") for name, value in found.items()}


def _stated(stated: object) -> dict[str, str]:
    if isinstance(stated, str):
        return overrides(stated)
    if isinstance(stated, dict):
        return {str(k): _text(v) for k, v in stated.items()}
    found: dict[str, str] = {}
    for item in stated if isinstance(stated, list) else []:
        found.update(_stated(item) if isinstance(item, dict) else overrides(str(item), whole=True))
    return found


def overrides(text: str, *, whole: bool = False) -> dict[str, str]:
    """`Stage=prod Name="a b"` or `ParameterKey=Stage,ParameterValue=prod …`; `whole`: one pair only."""
    if whole and not text.startswith("ParameterKey="):
        name, mark, value = text.partition("=")
        return {name.strip(): _unquoted(value)} if mark else {}
    found: dict[str, str] = {}
    for match in _PAIR.finditer(text):
        key = match.group("long") or match.group("key")
        value = match.group("longvalue") if match.group("long") else match.group("value")
        found[_unquoted(key)] = _unquoted(value or "")
    return found


def _unquoted(text: str) -> str:
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "\"'":
        text = text[1:-1]
    return re.sub(r"\\(.)", r"\1", text)
