"""Whatever stands in a service's configuration: a gap with a place and a remedy, and the rest is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockade.model.app import App, Gap
from tests.inputs.serverless.support import HEAD, app_of, function_of, shown

GOOD = "functions:\n  f:\n    handler: a.b\n"


def gap_of(app: App, kind: str) -> Gap:
    """The one gap of a kind, which has a place and says what to do."""
    found = [gap for gap in app.gaps if gap.kind == kind]
    assert len(found) == 1, [(g.kind, g.what, g.why) for g in app.gaps]
    assert found[0].span is not None
    assert found[0].remedy
    return found[0]


@pytest.mark.parametrize(
    "custom",
    [
        "custom: {a: '${self:custom.b}', b: '${self:custom.a}'}",
        "custom: {a: '${self:custom.a}'}",
        "custom: {a: 'x${self:custom.b}', b: ['${self:custom.a}']}",
        "custom: {a: '${file(serverless.yml):custom.a}'}",
    ],
)
def test_circles_end(tmp_path: Path, custom: str) -> None:
    app = app_of(tmp_path, HEAD + GOOD + "    environment:\n      X: ${self:custom.a}\n      Y: fine\n" + custom + "\n")
    assert shown(app, "Y") == "fine"
    assert {gap.kind for gap in app.gaps} <= {"circular", "wrong-shape"}
    assert app.gaps


@pytest.mark.parametrize("path", ["../secret.yml", "/etc/passwd", "~/x.yml", "sub/../../secret.yml", "link.yml"])
def test_files_outside_are_refused(tmp_path: Path, path: str) -> None:
    (tmp_path / "secret.yml").write_text("key: stolen\n", encoding="utf-8")
    folder = tmp_path / "service"
    folder.mkdir()
    (folder / "link.yml").symlink_to(tmp_path / "secret.yml")
    app = app_of(folder, HEAD + GOOD + f"    environment: {{X: '${{file({path})}}'}}\n")
    assert "stolen" not in shown(app, "X")
    assert gap_of(app, "outside").why.endswith("nothing is read there")


def test_code_is_never_run(tmp_path: Path) -> None:
    write = f"require('fs').writeFileSync({str(tmp_path / 'ran')!r}, '1')"
    code = f"{write}; module.exports = () => ({{key: {write}}})\n"
    app = app_of(tmp_path, HEAD + GOOD + "    environment: {X: '${file(code.js):key}'}\n", {"code.js": code})
    assert not (tmp_path / "ran").exists()
    assert app.gaps


@pytest.mark.parametrize("written", ["${self:custom.a", "${self:'x}", "${file(a}", "${opt:stage, }", "${self:a b}c}"])
def test_variables_that_are_no_variables(tmp_path: Path, written: str) -> None:
    app = app_of(tmp_path, HEAD + GOOD + f'    environment: {{X: "{written}", Y: fine}}\n')
    assert shown(app, "Y") == "fine"


def test_a_plugin_that_changes_the_template_is_named(tmp_path: Path) -> None:
    app = app_of(
        tmp_path, HEAD + GOOD + "plugins:\n  - serverless-offline\n  - ./own/plugin\n  - serverless-step-functions\n"
    )
    told = {gap.what: gap for gap in app.gaps}
    assert set(told) == {"the plugin `./own/plugin`", "the plugin `serverless-step-functions`"}
    assert told["the plugin `./own/plugin`"].hides
    assert not told["the plugin `./own/plugin`"].kinds
    assert "state-machine" in told["the plugin `serverless-step-functions`"].kinds


@pytest.mark.parametrize(
    ("machine", "hidden"),
    [
        ("{definition: {StartAt: A}}", False),
        ("{notifications: {FAILED: [{sqs: x}]}}", True),
        ("'${file(machine.yml)}'", True),
    ],
)
def test_what_a_plugin_adds_depends_on_what_it_is_told(tmp_path: Path, machine: str, hidden: bool) -> None:  # noqa: FBT001
    text = HEAD + GOOD + f"plugins: [serverless-step-functions]\nstepFunctions: {{stateMachines: {{m: {machine}}}}}\n"
    kinds = gap_of(app_of(tmp_path, text), "plugin").kinds
    assert {"state-machine", "route"} <= set(kinds)
    assert ("policy" in kinds) is hidden
    assert not {"queue", "topic", "bucket", "alarm", "role"} & set(kinds)


def test_a_plugin_that_adds_layers_leaves_open_which(tmp_path: Path) -> None:
    plugins = "plugins: [serverless-newrelic-lambda-layers]\nlayers: {own: {path: own}}\n"
    for written, number in (("", 0), ("    layers: [!Ref OwnLambdaLayer]\n", 1)):
        layers = function_of(app_of(tmp_path, HEAD + GOOD + written + plugins)).layers
        assert not layers.complete
        assert len(layers) == number


def test_an_event_of_a_plugin_hides_what_it_may_make(tmp_path: Path) -> None:
    app = app_of(tmp_path, HEAD + GOOD + "    events:\n      - carrier: {pigeon: true}\n")
    assert gap_of(app, "unsupported").hides


def test_another_cloud_is_told_and_no_fault(tmp_path: Path) -> None:
    app = app_of(tmp_path, "service: x\nprovider:\n  name: azure\nfunctions:\n  f: {handler: a.b}\n")
    assert not app.functions
    assert "azure" in app.gaps[0].why


@pytest.mark.parametrize(
    "text",
    [
        "functions: 5",
        "functions: [5, {f: {handler: a.b}}]",
        "functions: {f: 5}",
        "functions: {f: }",
        "functions: {f: {handler: {a: b}, timeout: [1], memorySize: {x: y}, environment: 5, tags: 3, layers: 7}}",
        "functions: {f: {handler: a.b, events: 5}}",
        "functions: {f: {handler: a.b, events: {http: x}}}",
        "functions: {f: {handler: a.b, events: [5, [], {}, null, sqs, {sqs: 5}, {sqs: {arn: []}}, {sqs: {}}]}}",
        "functions: {f: {handler: a.b, url: 5, destinations: 5, vpc: 5, onError: [], tracing: {}, role: [1], image: []}}",
        "functions: {f: {handler: a.b, url: {authorizer: [], cors: 5}, destinations: {onFailure: 5}}}",
        "functions: {f: {handler: a.b}}\nresources: 5",
        "functions: {f: {handler: a.b}}\nresources: [5, {Resources: 5}, {Resources: {A: 5}}]",
        "functions: {f: {handler: a.b}}\nresources: {extensions: {B: 5, FLambdaFunction: 5, FLogGroup: {X: 5}}}",
        "functions: {f: {handler: a.b}}\nlayers: {a: 5, b: {}, c: {path: [], allowedAccounts: 5}}",
        "functions: {f: {handler: a.b}}\nplugins: 5",
        "functions: {f: {handler: a.b}}\nplugins: {modules: [5, {}]}",
        "functions: {f: {handler: a.b}}\ncustom: 5\nparams: 5\npackage: 5\nuseDotenv: []",
        "functions: ${self:custom.none}",
        "functions: {f: '${self:custom.none}'}",
        "functions: {f: {handler: a.b, events: '${env:EVENTS}'}}",
        "functions: {f: {handler: a.b, environment: '${ssm:/all}'}}",
    ],
)
def test_wrong_shapes_are_gaps(tmp_path: Path, text: str) -> None:
    app = app_of(tmp_path, HEAD + text + "\n")
    assert all(gap.kind != "rule-crashed" for gap in app.gaps)


@pytest.mark.parametrize(
    "provider",
    [
        "{name: aws, iam: 5, tracing: 5, vpc: 5, environment: 5, tags: 5, stage: [], region: {}}",
        "{name: aws, iam: {role: {statements: 5, managedPolicies: 5, tags: 5}}}",
        "{name: aws, iam: {role: {statements: [5, {}, []]}}}",
        "{name: aws, iamRoleStatements: '${self:custom.none}'}",
        "{name: aws, deploymentBucket: 5, logRetentionInDays: x, ecr: 5}",
    ],
)
def test_wrong_providers_are_gaps(tmp_path: Path, provider: str) -> None:
    app = app_of(tmp_path, f"service: shop\nprovider: {provider}\n{GOOD}")
    assert function_of(app).address == "f"


def test_statements_that_are_not_known_leave_the_role_open(tmp_path: Path) -> None:
    app = app_of(
        tmp_path,
        "service: shop\nprovider:\n  name: aws\n  runtime: python3.13\n  iamRoleStatements: ${env:STATEMENTS}\n" + GOOD,
    )
    role = function_of(app).execution_role
    assert role is not None
    assert any(not policy.statements.complete for policy in role.inline)


def test_what_doubles_at_each_step_ends(tmp_path: Path) -> None:
    lines = [f"  a{i}: ['${{self:custom.a{i + 1}}}', '${{self:custom.a{i + 1}}}']" for i in range(40)]
    custom = "custom:\n" + "\n".join(lines) + "\n  a40: end\n"
    app = app_of(tmp_path, HEAD + GOOD + "    layers: ${self:custom.a0}\n" + custom)
    assert function_of(app).address == "f"


def test_variables_that_are_nested_deeply_end(tmp_path: Path) -> None:
    written = "${self:custom." * 300 + "a" + "}" * 300
    app = app_of(tmp_path, HEAD + GOOD + f"    environment: {{X: '{written}'}}\n")
    assert function_of(app).address == "f"
    assert app.gaps
