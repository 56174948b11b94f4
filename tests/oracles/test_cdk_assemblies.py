"""load(cdk.out) against what the AWS CDK itself says of the application that it has synthesised.

`tests/oracles/cdk/app.js` and `app.py` are synthesised with the published packages: those in the folder that `STOCKADE_CDK`
names (after `npm ci` there), and those for Python in the one that `STOCKADE_CDK_PYTHON` names. `.ci/run` installs both. What is
expected comes from the tree of constructs in the
program's own memory and from the CDK's assertions, not from what is written in `cdk.out`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest

from stockade import api
from stockade.inputs.load import load
from stockade.model.app import App, Database, EventSource, Function, Permission, Role
from stockade.model.policy import Statement
from stockade.model.value import File, Known
from tests.support import TODAY

HERE = Path(__file__).parent / "cdk"
LIVE = Path(os.environ.get("STOCKADE_CDK", ""))
pytestmark = [
    pytest.mark.cdk,
    pytest.mark.skipif(not os.environ.get("STOCKADE_CDK"), reason="STOCKADE_CDK names no folder with the AWS CDK"),
]


@cache
def synthesised(*, metadata: bool) -> tuple[App, dict[str, Any], Path]:
    """The application in JavaScript: what we read, what the CDK says, and where it is."""
    folder = Path(mkdtemp())
    out, told = folder / "cdk.out", folder / "expected.json"
    shutil.copy(HERE / "app.js", folder)
    shutil.copytree(HERE / "code", folder / "code")
    node_path = str(LIVE / "node_modules")
    command = ["node", str(folder / "app.js"), str(out), str(told), *(["metadata"] if metadata else [])]
    subprocess.run(command, check=True, env=os.environ | {"NODE_PATH": node_path}, capture_output=True)
    return load(out), json.loads(told.read_text(encoding="utf-8")), out


BOTH = pytest.mark.parametrize(
    "metadata", [True, False], ids=["as the CDK's command runs it", "as a program runs by itself"]
)


def functions(app: App) -> dict[str, Function]:
    found = {f"{function.address}": function for function in app.functions}
    assert len(found) == len(app.functions)
    return found


def policy_statements(role: Role) -> list[Statement]:
    return [statement for policy in role.policies for statement in policy.statements]


def expected(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {path.removesuffix("/Resource"): entry for path, entry in told["functions"].items()}


@BOTH
def test_every_function_is_there_and_is_the_users_or_the_librarys(*, metadata: bool) -> None:
    app, told, _ = synthesised(metadata=metadata)
    ours, theirs = functions(app), expected(told)
    assert ours.keys() == theirs.keys()
    assert {path for path, f in ours.items() if not f.framework_owned} == {p for p, e in theirs.items() if e["ours"]}


def test_a_template_alone_says_whose_its_functions_are(tmp_path: Path) -> None:
    _, told, out = synthesised(metadata=False)
    (tmp_path / "t.template.json").write_bytes((out / "Helpers.template.json").read_bytes())
    theirs = {f.address for f in load(tmp_path).functions if f.framework_owned}
    nested = "Helpers/@aws-cdk--aws-dynamodb.ReplicaProvider/"
    wanted = {
        entry["id"]: path
        for path, entry in expected(told).items()
        if path.startswith("Helpers/") and not path.startswith(nested) and not entry["ours"]
    }
    # That of EvaluateExpression has a name like any other; only the manifest marks it.
    assert {path for id_, path in wanted.items() if id_ not in theirs} == {"Helpers/Sum/EvalFunction"}
    assert theirs <= wanted.keys()


@BOTH
def test_functions_have_what_the_tree_says(*, metadata: bool) -> None:
    app, told, _ = synthesised(metadata=metadata)

    def of(function: Function) -> dict[str, Any]:
        role = function.execution_role
        return {
            "id": function.key.partition("#")[2].rpartition("#")[2] or function.key,
            "role": role.address if role is not None else None,
            "runtime": function.runtime.v if isinstance(function.runtime, Known) else None,
            "memory": function.memory.v if isinstance(function.memory, Known) else None,
            "timeout": function.timeout.v if isinstance(function.timeout, Known) else None,
            "layers": len(function.layers),
        }

    wanted = {
        path: {k: v for k, v in entry.items() if k in {"id", "runtime", "memory", "timeout", "layers"}}
        | {"role": entry["role"].removesuffix("/Resource")}
        for path, entry in expected(told).items()
    }
    found = {path: of(function) for path, function in functions(app).items()}
    for path, entry in wanted.items():
        if isinstance(entry["runtime"], dict):  # of a region's map, which only the deployment reads
            del entry["runtime"], found[path]["runtime"]
    assert found == wanted


@BOTH
def test_the_line_of_the_program_is_known(*, metadata: bool) -> None:
    app, _, _ = synthesised(metadata=metadata)
    lines = (HERE / "app.js").read_text(encoding="utf-8").splitlines()
    for path, written in (("Shop/Take", "new lambda.Function(scope"), ("Shop/Inline", "new lambda.Function(this")):
        origin = functions(app)[path].origin
        assert isinstance(origin, File)
        place = origin.via[0].what.partition(" (../app.js:")[2].removesuffix(")")
        assert written in lines[int(place) - 1]


@BOTH
def test_code_lies_where_the_asset_is(*, metadata: bool) -> None:
    app, told, out = synthesised(metadata=metadata)
    for path, entry in expected(told).items():
        function = functions(app)[path]
        if not entry["folder"]:
            assert path.endswith("Inline") is isinstance(function.code_inline, Known) or not entry["ours"]
            continue
        assert isinstance(function.code_path, Known), path
        template = function.site.document.path if function.site is not None else ""
        folder = (out / template).parent / str(function.code_path.v)
        held = {file.name: file.read_bytes() for file in folder.iterdir()}
        assert held == {file.name: file.read_bytes() for file in (HERE / "code" / entry["folder"]).iterdir()}


@BOTH
def test_the_environment_is_the_stacks(*, metadata: bool) -> None:
    app, told, _ = synthesised(metadata=metadata)
    for path, entry in expected(told).items():
        function = functions(app)[path]
        context = function.site.context if function.site is not None else None
        assert context is not None
        assert {
            name: context.given[name].value for name in ("AWS::AccountId", "AWS::Region") if name in context.given
        } == {
            name: entry[key] for name, key in (("AWS::AccountId", "account"), ("AWS::Region", "region")) if entry[key]
        }, path


@BOTH
def test_what_belongs_to_functions_is_linked(*, metadata: bool) -> None:
    app, told, _ = synthesised(metadata=metadata)
    mappings = {m.address: m for m in app.of(EventSource)}
    assert mappings.keys() == {path.removesuffix("/Resource") for path in told["mappings"]}
    for path, entry in told["mappings"].items():
        mapping = mappings[path.removesuffix("/Resource")]
        assert isinstance(mapping.batch_size, Known)
        assert mapping.batch_size.v == entry["batch"]
        assert mapping.function is not None
        assert path.startswith(mapping.function.address + "/")
        assert mapping.source is not None, "the queue of a nested stack and the table beside are found"
    assert len(app.urls) == told["urls"]
    assert all(url.function is not None for url in app.urls)
    assert len(app.of(Permission)) == told["permissions"]
    for path in ("Shop", "Prod/Shop"):
        assert [
            i.source.address for i in functions(app)[f"{path}/Seen"].invokers if i.source is not None and i.via == "s3"
        ] == [f"{path}/Uploads"]
        groups = functions(app)[f"{path}/Take"].log_groups
        assert [group.retention.v for group in groups if isinstance(group.retention, Known)] == [7]


@BOTH
def test_grants_are_read_across_stacks(*, metadata: bool) -> None:
    app, _, _ = synthesised(metadata=metadata)
    ask = functions(app)["Asker/Ask"]
    assert ask.execution_role is not None
    invokes = [
        statement
        for statement in policy_statements(ask.execution_role)
        if statement.actions is not None and statement.actions.any(lambda a: a.is_("lambda:InvokeFunction")).is_yes
    ]
    assert len(invokes) == 1
    resources = invokes[0].resources
    assert resources is not None
    targets = {ref.target for resource in resources for _, ref in resource.references()}
    assert targets == {functions(app)["Shop/Take"].key}


def test_both_ways_say_the_same() -> None:
    with_, without = (
        {
            (f.rule.code, f.subject.address, f.message, f.persona, tuple(s.address for s in f.also))
            for f in api.scan(synthesised(metadata=metadata)[2], persona="auditor", today=TODAY).findings
        }
        for metadata in (True, False)
    )
    assert with_ == without


def test_what_is_the_librarys_is_quiet_and_stages_are_one_finding() -> None:
    result = api.scan(synthesised(metadata=True)[2], today=TODAY)
    for finding in result.visible:
        if isinstance(finding.subject, Database):  # the user's own, though only a handler of the library asks it
            assert finding.subject.address == "Helpers/Search"
            continue
        assert any(not f.framework_owned for f in finding.functions) or "CustomResourcePolicy" in str(
            finding.origin.via
        ), (
            finding.rule.code,
            finding.message,
        )
    stages = [f for f in result.visible if f.subject.address.startswith(("Beta/", "Prod/"))]
    assert stages
    for finding in stages:
        assert finding.subject.address.startswith("Beta/")
        assert [s.address for s in finding.also if s.address.startswith("Prod/")], finding.rule.code


def test_what_a_program_in_python_makes() -> None:
    site = os.environ.get("STOCKADE_CDK_PYTHON", "")
    if not site:
        pytest.skip("STOCKADE_CDK_PYTHON names no folder with the AWS CDK for Python")
    folder = Path(mkdtemp())
    out, told = folder / "cdk.out", folder / "expected.json"
    environment = os.environ | {"PYTHONPATH": site, "JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION": "1"}
    command = [sys.executable, str(HERE / "app.py"), str(out), str(told)]
    subprocess.run(command, check=True, env=environment, capture_output=True)
    app = load(out)
    found: dict[str, dict[str, list[str]]] = {}
    for kind, records in (
        ("AWS::Lambda::Function", app.functions),
        ("AWS::IAM::Role", app.of(Role)),
        ("AWS::Lambda::Url", app.urls),
        ("AWS::Lambda::Permission", app.of(Permission)),
    ):
        for record in records:
            stack = record.site.context.template.stack.path if record.site is not None else ""
            found.setdefault(stack, {}).setdefault(kind, []).append(
                record.site.address if record.site is not None else ""
            )
    held = json.loads(told.read_text(encoding="utf-8"))
    assert {s: {k: sorted(ids) for k, ids in kinds.items()} for s, kinds in found.items()} == held
