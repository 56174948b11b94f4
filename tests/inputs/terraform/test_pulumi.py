"""What Pulumi prints: previews and stacks, by themselves.

No Pulumi has run here. The texts are small, and written from what Pulumi's source says of the form: `PreviewDigest` and
`PreviewStep` (pkg/display/json.go), `massagePropertyValue` (pkg/backend/display/json.go) for secrets in previews,
`SerializePropertyValue` (pkg/resource/stack/deployment.go) for what is not known, `ResourceV3` and `DeploymentV3`
(sdk/go/common/apitype/core.go), and of the provider's bridge (`__defaults`).
"""

from __future__ import annotations

import contextlib
import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockade import api
from stockade.engine.findings import Result
from stockade.errors import FixError, NothingToScan
from stockade.inputs.load import load
from stockade.inputs.terraform.pulumi.documents import Stack, form_of, read_stack
from stockade.inputs.write import edits_for
from stockade.model.app import App, EventSource, Function, Permission
from stockade.model.intent import Set
from stockade.model.value import File
from stockade.reports import json as json_report
from stockade.reports import sarif, text
from stockade.text.document import Document
from tests.support import TODAY

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a word for secrets
ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7"
ASSET = "c44067f5952c0a294b673a41bacd8c17"
START = "urn:pulumi:dev::shop::"
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
        ],
    }
)
FUNCTION, ROLE, QUEUE = "aws:lambda/function:Function", "aws:iam/role:Role", "aws:sqs/queue:Queue"
API_ADDRESS = f"{FUNCTION}::api"
Plain = dict[str, Any]


def urn(token: str, name: str, *parents: str) -> str:
    """A URN as Pulumi makes it."""
    return START + "$".join((*parents, token)) + f"::{name}"


def state(token: str, name: str, inputs: Plain, needs: dict[str, list[str]] | None = None, **more: Any) -> Plain:
    """The state of a resource that the provider makes."""
    return {
        "urn": urn(token, name),
        "custom": True,
        "type": token,
        "inputs": inputs,
        "provider": f"{START}pulumi:providers:aws::default_7_51_1::{UNKNOWN}",
        "propertyDependencies": needs or {},
        **more,
    }


def preview(*states: Plain, op: str = "create", **more: Any) -> str:
    """A digest."""
    stack = {"urn": urn("pulumi:pulumi:Stack", "shop-dev"), "custom": False, "type": "pulumi:pulumi:Stack"}
    steps = [{"op": op, "urn": s["urn"], "newState": s} for s in (stack, *states)]
    return json.dumps({"config": {"aws:region": "eu-west-1"}, "steps": steps, **more}, indent=4)


def export(*states: Plain, **more: Any) -> str:
    """A stack as it is exported."""
    return json.dumps({"version": 3, "deployment": {"manifest": {}, "resources": list(states)}, **more}, indent=4)


ROLE_STATE = state(ROLE, "api", {"assumeRolePolicy": TRUST, "name": "api-1234567", "__defaults": ["name"]})
FUNCTION_STATE = state(
    FUNCTION,
    "api",
    {
        "__defaults": ["memorySize", "name", "packageType", "publish", "timeout"],
        "code": {SIGNATURE: ARCHIVE, "hash": "00", "path": "./app"},
        "environment": {"variables": {"STAGE": "dev"}},
        "handler": "index.handler",
        "memorySize": 128,
        "name": "api-7654321",
        "packageType": "Zip",
        "publish": False,
        "role": UNKNOWN,
        "runtime": "nodejs22.x",
        "timeout": 3,
    },
    {"role": [urn(ROLE, "api")]},
)
QUEUE_STATE = state(QUEUE, "jobs", {"name": "jobs-11", "__defaults": ["name"]})


def written(folder: Path, content: str, name: str = "preview.json") -> App:
    """The application that a text declares."""
    (folder / name).write_text(content, encoding="utf-8")
    return load(folder)


def scanned(folder: Path, content: str) -> Result:
    """The scan of a text."""
    (folder / "preview.json").write_text(content, encoding="utf-8")
    return api.scan(folder, persona="auditor", today=TODAY)


def only(app: App) -> Function:
    """The one function."""
    (function,) = app.functions
    return function


def test_what_depends_on_each_other_is_joined_though_nothing_is_known_yet(tmp_path: Path) -> None:
    function, queue, http = urn(FUNCTION, "api"), urn(QUEUE, "jobs"), urn("aws:apigatewayv2/api:Api", "http")
    app = written(
        tmp_path,
        preview(
            ROLE_STATE,
            FUNCTION_STATE,
            QUEUE_STATE,
            state(
                "aws:lambda/eventSourceMapping:EventSourceMapping",
                "jobs",
                {"eventSourceArn": UNKNOWN, "functionName": UNKNOWN, "batchSize": 5},
                {"eventSourceArn": [queue], "functionName": [function]},
            ),
            state("aws:apigatewayv2/api:Api", "http", {"protocolType": "HTTP", "name": "http"}),
            state(
                "aws:lambda/permission:Permission",
                "http",
                {"action": "lambda:InvokeFunction", "function": UNKNOWN, "principal": "apigateway.amazonaws.com",
                 "sourceArn": UNKNOWN},
                {"function": [function], "sourceArn": [http]},
            ),
            state(
                "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
                "basic",
                {"role": UNKNOWN, "policyArn": "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"},
                {"role": [urn(ROLE, "api")]},
            ),
        ),
    )  # fmt: skip
    assert app.gaps == ()
    found = only(app)
    assert found.address == API_ADDRESS
    assert found.execution_role is not None
    assert found.execution_role.address == f"{ROLE}::api"
    assert [managed.only() for managed in found.execution_role.managed] == [
        "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
    ]
    assert [source.function for source in app.of(EventSource)] == [found]
    assert [invoker.via for invoker in found.invokers] == ["sqs", "api"]
    (permission,) = app.of(Permission)
    assert permission.function is found
    assert [reference.target for _, reference in permission.source_arn.references()] == [
        "preview.json#aws:apigatewayv2/api:Api::http"
    ]


def test_values_stand_at_their_own_lines(tmp_path: Path) -> None:
    content = preview(ROLE_STATE, FUNCTION_STATE)
    found = only(written(tmp_path, content))
    whole, value = found.origin, found.runtime.origin
    assert isinstance(whole, File)
    assert isinstance(value, File)
    assert value.span.text == '"nodejs22.x"'
    assert whole.span.covers(value.span)
    assert whole.key_span is not None
    line = content.splitlines()[whole.key_span.line - 1]
    assert line.strip() == f'"urn": "{urn(FUNCTION, "api")}",'


def test_what_the_provider_put_in_is_a_default_but_a_name(tmp_path: Path) -> None:
    found = only(written(tmp_path, preview(ROLE_STATE, FUNCTION_STATE)))
    assert found.name.is_("api-7654321").is_yes
    assert type(found.timeout).__name__ == "Default"
    assert type(found.memory).__name__ == "Default"
    assert found.runtime.is_("nodejs22.x").is_yes


def test_a_map_keeps_its_keys_and_blocks_do_not(tmp_path: Path) -> None:
    inputs = FUNCTION_STATE["inputs"] | {
        "environment": {"variables": {"tableName": "orders", "__x": "kept by nobody"}},
        "tags": {"costCentre": "shop"},
        "vpcConfig": {"subnetIds": [UNKNOWN, UNKNOWN], "securityGroupIds": [UNKNOWN]},
    }
    subnets = [urn("aws:ec2/subnet:Subnet", name) for name in ("a", "b")]
    group = urn("aws:ec2/securityGroup:SecurityGroup", "own")
    app = written(
        tmp_path,
        preview(
            ROLE_STATE,
            state("aws:ec2/subnet:Subnet", "a", {"vpcId": "vpc-1", "cidrBlock": "10.0.0.0/24"}),
            state("aws:ec2/subnet:Subnet", "b", {"vpcId": "vpc-1", "cidrBlock": "10.0.1.0/24"}),
            state("aws:ec2/securityGroup:SecurityGroup", "own", {"vpcId": "vpc-1"}),
            FUNCTION_STATE
            | {"inputs": inputs, "propertyDependencies": {"role": [urn(ROLE, "api")], "vpcConfig": [*subnets, group]}},
        ),
    )
    found = only(app)
    assert [variable.name for variable in found.environment] == ["tableName"]
    assert [tag.key.only() for tag in found.tags] == ["costCentre"]
    ends = {r.target.rpartition("#")[2] for value in found.subnets for _, r in value.references()}
    assert ends == {"aws:ec2/subnet:Subnet::a", "aws:ec2/subnet:Subnet::b"}
    assert [r.target for value in found.security_groups for _, r in value.references()] == [
        "preview.json#aws:ec2/securityGroup:SecurityGroup::own"
    ]


def test_which_entry_of_a_map_is_made_of_what_is_not_told(tmp_path: Path) -> None:
    inputs = FUNCTION_STATE["inputs"] | {"environment": {"variables": {"A": UNKNOWN, "B": "b"}}}
    needs = {"environment": [urn(QUEUE, "jobs")], "role": [urn(ROLE, "api")]}
    app = written(
        tmp_path, preview(ROLE_STATE, QUEUE_STATE, FUNCTION_STATE | {"inputs": inputs, "propertyDependencies": needs})
    )
    a, b = only(app).environment
    assert (a.name, type(a.value).__name__) == ("A", "Unknown")
    assert b.value.is_("b").is_yes


@pytest.mark.parametrize("token", [UNKNOWN, "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2"])
def test_a_list_that_is_not_known_is_not_empty(tmp_path: Path, token: str) -> None:
    inputs = FUNCTION_STATE["inputs"] | {"layers": token}
    found = only(written(tmp_path, preview(ROLE_STATE, FUNCTION_STATE | {"inputs": inputs})))
    assert not found.layers.complete


def test_a_policy_that_names_what_is_not_there_yet_is_not_known(tmp_path: Path) -> None:
    policy = state(
        "aws:iam/rolePolicy:RolePolicy",
        "own",
        {"policy": UNKNOWN, "role": UNKNOWN},
        {"policy": [urn(QUEUE, "jobs")], "role": [urn(ROLE, "api")]},
    )
    result = scanned(tmp_path, preview(ROLE_STATE, QUEUE_STATE, FUNCTION_STATE, policy))
    verdicts = {row.rule.name: row.verdict for row in result.rows}
    assert verdicts["star-action"] == "unknown"
    assert verdicts["public-function-url"] == "not_applicable"


def test_of_what_is_deployed_everything_is_known(tmp_path: Path) -> None:
    arn = "arn:aws:sqs:eu-west-1:111122223333:jobs-11"
    role = ROLE_STATE | {"id": "api-1234567", "outputs": {"arn": "arn:aws:iam::111122223333:role/api-1234567"}}
    function = FUNCTION_STATE | {
        "inputs": FUNCTION_STATE["inputs"] | {"role": "arn:aws:iam::111122223333:role/api-1234567"},
        "outputs": {"arn": "arn:aws:lambda:eu-west-1:111122223333:function:api-7654321"},
    }
    queue = QUEUE_STATE | {"outputs": {"arn": arn}, "id": "https://sqs.eu-west-1.amazonaws.com/111122223333/jobs-11"}
    statement = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": arn}
    policy = state(
        "aws:iam/rolePolicy:RolePolicy",
        "own",
        {"policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]}), "role": "api-1234567"},
        {"policy": [urn(QUEUE, "jobs")], "role": [urn(ROLE, "api")]},
    )
    app = written(tmp_path, export(role, function, queue, policy), "stack.json")
    assert app.gaps == ()
    found = only(app)
    assert found.execution_role is not None
    (own,) = found.execution_role.policies
    (granted,) = own.statements
    assert granted.resources is not None
    assert [r.target for value in granted.resources for _, r in value.references()] == [f"stack.json#{QUEUE}::jobs"]


def test_an_arn_that_begins_as_another_one_is_another_ones(tmp_path: Path) -> None:
    queue = QUEUE_STATE | {"outputs": {"arn": "arn:aws:sqs:eu-west-1:111122223333:jobs"}}
    mapping = state(
        "aws:lambda/eventSourceMapping:EventSourceMapping",
        "m",
        {"eventSourceArn": "arn:aws:sqs:eu-west-1:111122223333:jobs-dead", "functionName": "f"},
        {"eventSourceArn": [urn(QUEUE, "jobs")]},
    )
    (source,) = written(tmp_path, export(queue, mapping), "stack.json").of(EventSource)
    assert list(source.source_arn.references()) == []
    assert source.source_arn.is_("arn:aws:sqs:eu-west-1:111122223333:jobs-dead").is_yes


SECRETS = {
    "a preview": ("preview", "[secret]"),
    "an export": ("export", {SIGNATURE: SECRET, "ciphertext": "v1:abc:def"}),
    "an export with secrets": ("export", {SIGNATURE: SECRET, "plaintext": '"hunter2-in-plain"'}),
    "a protocol": ("export", {SIGNATURE: SECRET, "value": "hunter2-in-plain"}),
}


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_is_not_known_and_never_shown(tmp_path: Path, name: str) -> None:
    form, secret = SECRETS[name]
    inputs = FUNCTION_STATE["inputs"] | {"environment": {"variables": {"DB_PASSWORD": secret, "RUNTIME": "x"}}}
    states = (ROLE_STATE, FUNCTION_STATE | {"inputs": inputs})
    result = scanned(tmp_path, preview(*states) if form == "preview" else export(*states))
    variable = next(v for v in only(result.app).environment if v.name == "DB_PASSWORD")
    assert type(variable.value).__name__ == "Unknown"
    for report in (text, json_report, sarif):
        assert "hunter2" not in report.render(result)


def test_a_whole_environment_may_be_a_secret(tmp_path: Path) -> None:
    inputs = FUNCTION_STATE["inputs"] | {"environment": "[secret]"}
    found = only(written(tmp_path, preview(ROLE_STATE, FUNCTION_STATE | {"inputs": inputs})))
    assert not found.environment.complete


CODE = {
    "a folder": ({SIGNATURE: ARCHIVE, "path": "./app"}, "infra/app"),
    "a file": ({SIGNATURE: ASSET, "path": "dist/index.js"}, "infra/dist/index.js"),
    "a folder in an archive": (
        {SIGNATURE: ARCHIVE, "assets": {".": {SIGNATURE: ARCHIVE, "path": "../src"}}},
        "src",
    ),
    "texts": ({SIGNATURE: ARCHIVE, "assets": {"index.js": {SIGNATURE: ASSET, "text": "x"}}}, None),
    "several": (
        {SIGNATURE: ARCHIVE, "assets": {"a": {SIGNATURE: ASSET, "path": "a"}, "b": {SIGNATURE: ASSET, "path": "b"}}},
        None,
    ),
    "not known": (UNKNOWN, None),
    "nonsense": (7, None),
}


@pytest.mark.parametrize("name", CODE)
def test_where_the_code_is(tmp_path: Path, name: str) -> None:
    code, path = CODE[name]
    (tmp_path / "infra" / "out").mkdir(parents=True)
    (tmp_path / "infra" / "Pulumi.yaml").write_text("name: shop\nruntime: nodejs\n", encoding="utf-8")
    inputs = FUNCTION_STATE["inputs"] | {"code": code}
    found = only(written(tmp_path, preview(ROLE_STATE, FUNCTION_STATE | {"inputs": inputs}), "infra/out/preview.json"))
    assert found.code_path.only() == path


def test_what_is_not_the_stacks_own_is_left_out(tmp_path: Path) -> None:
    component = {"urn": urn("awsx:ec2:Vpc", "net"), "custom": False, "type": "awsx:ec2:Vpc"}
    child = FUNCTION_STATE | {"urn": urn(FUNCTION, "api", "sst:aws:Function"), "parent": component["urn"]}
    gone = FUNCTION_STATE | {"urn": urn(FUNCTION, "gone"), "delete": True}
    there = FUNCTION_STATE | {"urn": urn(FUNCTION, "there"), "external": True, "id": "there"}
    other = {
        "urn": urn("random:index/randomId:RandomId", "id"),
        "custom": True,
        "type": "random:index/randomId:RandomId",
    }
    app = written(tmp_path, export(component, ROLE_STATE, child, gone, there, other), "stack.json")
    assert [f.address for f in app.functions] == [API_ADDRESS]
    assert app.gaps == ()


def test_steps_that_end_a_resource_and_those_that_make_it_anew(tmp_path: Path) -> None:
    old = FUNCTION_STATE | {"inputs": FUNCTION_STATE["inputs"] | {"runtime": "nodejs14.x"}}
    steps = [
        {"op": "create-replacement", "urn": old["urn"], "oldState": old, "newState": FUNCTION_STATE},
        {"op": "replace", "urn": old["urn"], "oldState": old, "newState": FUNCTION_STATE},
        {"op": "delete-replaced", "urn": old["urn"], "oldState": old},
        {"op": "delete", "urn": urn(FUNCTION, "b"), "oldState": old | {"urn": urn(FUNCTION, "b")}},
        {"op": "same", "urn": ROLE_STATE["urn"], "oldState": ROLE_STATE, "newState": ROLE_STATE},
    ]
    found = only(written(tmp_path, json.dumps({"steps": steps})))
    assert found.runtime.is_("nodejs22.x").is_yes


def test_what_a_preview_leaves_out_is_told(tmp_path: Path) -> None:
    app = written(tmp_path, preview(FUNCTION_STATE, changeSummary={"create": 2, "same": 3}))
    (gap,) = app.gaps
    assert "3 resources" in gap.why
    assert "--show-sames" in gap.remedy
    assert gap.hides
    shown = preview(ROLE_STATE, FUNCTION_STATE, op="same", changeSummary={"same": 3})
    assert written(tmp_path, shown).gaps == ()


def test_a_preview_that_failed_is_told(tmp_path: Path) -> None:
    said = [{"message": "boom", "severity": "error"}, {"message": "fine", "severity": "info"}]
    (gap,) = written(tmp_path, preview(FUNCTION_STATE, diagnostics=said)).gaps
    assert "failed" in gap.why


def test_resources_of_aws_native_are_a_gap_that_names_their_types(tmp_path: Path) -> None:
    native = state("aws-native:lambda:Function", "n", {"handler": "a.b"})
    (gap,) = written(tmp_path, preview(ROLE_STATE, FUNCTION_STATE, native)).gaps
    assert "`aws-native:lambda:Function`" in gap.what
    assert gap.hides


def test_a_property_that_is_not_known_may_be_what_is_missing(tmp_path: Path) -> None:
    inputs = FUNCTION_STATE["inputs"] | {"tracing": "Active"}
    found = only(written(tmp_path, preview(ROLE_STATE, FUNCTION_STATE | {"inputs": inputs})))
    assert found.tracing.is_("Active").truth == "maybe"
    assert found.runtime.is_("nodejs22.x").is_yes


def test_the_plural_of_another_version_is_the_same_property(tmp_path: Path) -> None:
    inputs = FUNCTION_STATE["inputs"] | {
        "tracingConfigs": [{"mode": "Active"}],
        "vpcConfig": {"subnetId": ["subnet-1"]},
    }
    found = only(written(tmp_path, preview(ROLE_STATE, FUNCTION_STATE | {"inputs": inputs})))
    assert found.tracing.is_("Active").is_yes
    assert [value.only() for value in found.subnets] == ["subnet-1"]


def test_two_of_one_name_are_told_apart_by_their_parents(tmp_path: Path) -> None:
    one, two = (FUNCTION_STATE | {"urn": urn(FUNCTION, "api", parent)} for parent in ("my:One", "my:Two"))
    app = written(tmp_path, preview(ROLE_STATE, one, two))
    assert {f.address for f in app.functions} == {f"my:One${API_ADDRESS}", f"my:Two${API_ADDRESS}"}


def test_regions_and_tags_of_providers(tmp_path: Path) -> None:
    provider = {
        "urn": urn("pulumi:providers:aws", "us"),
        "custom": True,
        "type": "pulumi:providers:aws",
        "inputs": {
            "region": "us-east-1",
            "defaultTags": json.dumps({"tags": {"team": "shop", "stage": "all"}}),
            "assumeRole": json.dumps({"roleArn": "arn:aws:iam::444455556666:role/deploy"}),
        },
    }
    inputs = FUNCTION_STATE["inputs"] | {"tags": {"stage": "dev"}}
    there = FUNCTION_STATE | {
        "urn": urn(FUNCTION, "there"),
        "provider": f"{provider['urn']}::{UNKNOWN}",
        "inputs": inputs,
    }
    app = written(tmp_path, preview(ROLE_STATE, FUNCTION_STATE, provider, there))
    here, far = sorted(app.functions, key=lambda f: f.address)
    assert here.place is not None and far.place is not None  # noqa: PT018 - for the types
    assert (here.place.region, here.place.account) == ("eu-west-1", "")
    assert (far.place.region, far.place.account) == ("us-east-1", "444455556666")
    assert {tag.key.only(): tag.value.only() for tag in far.tags} == {"team": "shop", "stage": "dev"}
    assert len(here.tags) == 0


def test_the_other_forms_of_a_stack(tmp_path: Path) -> None:
    whole = json.loads(export(ROLE_STATE, FUNCTION_STATE))["deployment"]
    forms = {
        "sst.json": {"stack": "organization/shop/dev", "latest": whole},
        "kept.json": {"version": 3, "checkpoint": {"stack": "dev", "latest": whole}},
    }
    for name, form in forms.items():
        folder = tmp_path / name
        folder.mkdir()
        assert only(written(folder, json.dumps(form), name)).address == API_ADDRESS


def test_one_stack_is_read_once_and_the_preview_wins(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(export(ROLE_STATE, FUNCTION_STATE), encoding="utf-8")
    app = written(tmp_path, preview(ROLE_STATE, FUNCTION_STATE))
    assert only(app).key == f"preview.json#{API_ADDRESS}"
    (gap,) = app.gaps
    assert (gap.path, gap.hides) == ("a.json", False)
    other = preview(ROLE_STATE, FUNCTION_STATE).replace("urn:pulumi:dev::", "urn:pulumi:prod::")
    (tmp_path / "a.json").write_text(other, encoding="utf-8")
    assert len(load(tmp_path).functions) == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (json.dumps({"sequence": 1, "preludeEvent": {}, "x": START}) + "\n", "PULUMI_ENABLE_STREAMING_JSON_PREVIEW"),
        (json.dumps({"manifest": {}, "resourcePlans": {urn(FUNCTION, "api"): {"goal": {}}}}), "pulumi preview --json"),
    ],
)
def test_what_else_pulumi_writes_is_told(tmp_path: Path, content: str, words: str) -> None:
    file = tmp_path / "x.json"
    file.write_text(content.replace(f'"x": "{START}"', f'"urn": "{urn(FUNCTION, "api")}"').replace(
        '"resourcePlans": {', f'"urn": "{urn(FUNCTION, "api")}", "resourcePlans": {{'
    ), encoding="utf-8")  # fmt: skip
    (gap,) = load(file).gaps
    assert words in gap.remedy
    assert gap.hides


def test_a_project_is_told_what_to_scan_until_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: nodejs\n", encoding="utf-8")
    with pytest.raises(NothingToScan) as nothing:
        load(tmp_path)
    assert "pulumi preview --json --show-sames" in nothing.value.hint
    assert "pulumi stack export" in nothing.value.hint
    assert written(tmp_path, preview(ROLE_STATE, FUNCTION_STATE)).gaps == ()


def test_fixes_are_for_the_program(tmp_path: Path) -> None:
    found = only(written(tmp_path, preview(ROLE_STATE, FUNCTION_STATE)))
    with pytest.raises(FixError, match="change the program"):
        edits_for((Set(found, "tracing", "Active"),))


# ------------------------------------------------------------------------------------------------------------ bad input

WHOLE = preview(ROLE_STATE, FUNCTION_STATE, QUEUE_STATE)


@pytest.mark.parametrize("cut", range(100, len(WHOLE) - 1, 377))
def test_a_text_that_ends_early_is_a_gap(tmp_path: Path, cut: int) -> None:
    file = tmp_path / "preview.json"
    file.write_text(WHOLE[:cut], encoding="utf-8")
    assert load(tmp_path / "preview.json").gaps


@pytest.mark.parametrize(
    "content",
    [
        '{"steps": 7, "newState": 1, "urn": "urn:pulumi:x"}',
        '{"steps": [7, null, {"op": [], "newState": 3}], "urn": "urn:pulumi:x"}',
        '{"steps": [{"op": "create", "newState": {"urn": 1, "type": 2}}, {"newState": {"urn": "urn:pulumi:x"}}]}',
        '{"version": 99, "deployment": {"resources": [{"urn": "urn:pulumi:x"}]}}',
        '{"version": 3, "deployment": {"resources": {"urn": "urn:pulumi:x"}}}',
        '{"version": 3, "deployment": [], "resources": "urn:pulumi:x"}',
        '{"deployment": {"resources": []}, "deployment": {"resources": []}, "urn": "urn:pulumi:x"}',
        '{"latest": 3, "resources": ["urn:pulumi:x"]}',
        '{"steps": ' + "[" * 5000 + "]" * 5000 + ', "newState": "", "urn": "urn:pulumi:x"}',
    ],
)
def test_wrong_shapes_are_gaps(tmp_path: Path, content: str) -> None:
    file = tmp_path / "x.json"
    file.write_text(content, encoding="utf-8")
    try:
        app = load(file)
    except NothingToScan:
        return
    assert app.functions == ()


def test_a_resource_that_cannot_be_read_is_a_gap_and_the_others_are_read(tmp_path: Path) -> None:
    odd = FUNCTION_STATE | {"urn": urn(FUNCTION, "odd"), "inputs": ["no object"]}
    twice = FUNCTION_STATE | {"urn": urn(FUNCTION, "twice"), "custom": "TWICE"}
    content = preview(ROLE_STATE, FUNCTION_STATE, odd, twice).replace('"TWICE"', 'true, "custom": true')
    app = written(tmp_path, content)
    assert only(app).address == API_ADDRESS
    assert [gap.kind for gap in app.gaps] == ["wrong-shape"] * 2
    assert all(gap.hides and gap.span is not None for gap in app.gaps)


def test_of_nothing_that_can_be_read_a_gap_is_left(tmp_path: Path) -> None:
    app = written(tmp_path, export(FUNCTION_STATE | {"inputs": 7}), "stack.json")
    assert app.functions == ()
    assert [gap.kind for gap in app.gaps] == ["wrong-shape"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_places_are_right_in_any_text(tmp_path: Path, encoding: str) -> None:
    inputs = {"description": "für alle 🚀", **FUNCTION_STATE["inputs"]}
    content = json.dumps(
        json.loads(preview(ROLE_STATE, FUNCTION_STATE | {"inputs": inputs})), ensure_ascii=False, indent=2
    )
    (tmp_path / "preview.json").write_text(content, encoding=encoding)
    runtime = only(load(tmp_path)).runtime.origin
    assert isinstance(runtime, File)
    assert runtime.span.text == '"nodejs22.x"'


_ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, 0, -1, 1.5, "", "urn:pulumi:", "[secret]", UNKNOWN, [], [[]], {}, {"a": None}, {SIGNATURE: SECRET},
     {SIGNATURE: ARCHIVE}, {SIGNATURE: ARCHIVE, "assets": {"": 1}}, {SIGNATURE: 1}, [UNKNOWN], "\ud800", "{", '{"a":',
     {SIGNATURE: "d0e6a833031e9bbcd3f4e8bde6ca49a4"}, {SIGNATURE: "5cf8f73096256a8f31e491e813e4eb8e", "id": 1}]
)  # fmt: skip


def _places(data: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [at] if at else []
    entries = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in entries:
        found += _places(value, (*at, key))
    return found


FAMILY = json.loads((Path(__file__).parents[2] / "families" / "rest_api" / "pulumi.json").read_text(encoding="utf-8"))
TEXTS = (json.loads(WHOLE), FAMILY)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_mutation_is_raised(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    whole = json.loads(json.dumps(data.draw(st.sampled_from(TEXTS))))
    for _ in range(data.draw(st.integers(1, 3))):
        places = _places(whole)
        if not places:
            break
        *way, last = data.draw(st.sampled_from(places))
        at = whole
        for step in way:
            at = at[step]
        at[last] = json.loads(json.dumps(data.draw(_ODD)))
    folder = tmp_path_factory.mktemp("odd")
    (folder / "x.json").write_text(json.dumps(whole), encoding="utf-8")
    with contextlib.suppress(NothingToScan):
        api.scan(folder, persona="auditor", today=TODAY)


def test_a_large_stack_is_read_in_time_and_memory() -> None:
    states = [FUNCTION_STATE | {"urn": urn(FUNCTION, f"f{n}"), "outputs": {"filler": "x" * 2000}} for n in range(1500)]
    document = Document("stack.json", export(*states))
    assert form_of(document) == "stack"
    tracemalloc.start()
    found = read_stack(document, "stack")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(found, Stack)
    assert len(found.resources) == 1500
    assert peak < 4 * len(document.text)
