"""From outcomes to findings and rows."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest

from stockade import api
from stockade.engine.run import run_rules
from stockade.errors import UsageError
from stockade.model.app import App
from stockade.model.value import YES
from stockade.rules._base import LOW, Context, Outcome, found, rule
from tests.support import TODAY, fails, scan_text, verdicts

CONDITIONAL = """\
Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: {Type: String, Default: dev}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Webhook:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      FunctionUrlConfig:
        AuthType: !If [IsProd, AWS_IAM, NONE]
  Plain:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
"""


def test_a_conditional_fault_says_when(tmp_path: Path) -> None:
    result = scan_text(tmp_path, CONDITIONAL, select=("SK101",))
    (finding,) = fails(result, "SK101")
    assert finding.message.endswith("when Stage is not prod")
    assert finding.span is not None
    assert finding.span.text == "NONE"
    assert verdicts(result, "SK101") == {"Webhook": "fail", "Plain": "not_applicable"}


@pytest.mark.parametrize(("stage", "verdict"), [("prod", "pass"), ("test", "fail")])
def test_a_given_parameter_decides(tmp_path: Path, stage: str, verdict: str) -> None:
    result = scan_text(tmp_path, CONDITIONAL, select=("SK101",), Stage=stage)
    assert verdicts(result, "SK101")["Webhook"] == verdict
    assert not any(f.when for f in result.findings)


def test_an_unknown_value_is_unsure_with_a_reason_and_a_remedy(tmp_path: Path) -> None:
    text = CONDITIONAL.replace("!If [IsProd, AWS_IAM, NONE]", "!Ref Auth").replace(
        "Parameters:", "Parameters:\n  Auth: {Type: String}"
    )
    result = scan_text(tmp_path, text, select=("SK101",))
    assert verdicts(result, "SK101")["Webhook"] == "unknown"
    (finding,) = [f for f in result.findings if f.verdict == "unsure"]
    assert finding.doubts[0].remedy == "--parameters Auth=…"
    assert verdicts(scan_text(tmp_path, text, select=("SK101",), Auth="AWS_IAM"), "SK101")["Webhook"] == "pass"


def test_a_crashing_rule_does_not_end_the_run(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(CONDITIONAL)
    app = api.load(tmp_path)

    @rule("SK199", "crashing-rule", severity=LOW, since="0.1", controls=[], applies="", holds="")
    def crashing(app: App, ctx: Context) -> Iterator[Outcome]:
        yield from found(app.urls[0].auth.is_("x"), subject=app.urls[0], message="x")
        raise ZeroDivisionError(str(ctx.today))

    findings, rows, crashes = run_rules(
        app, [crashing, *[r for r in api.rules() if r.code == "SK101"]], Context(today=TODAY)
    )
    assert [f.rule.code for f in findings] == ["SK101"]
    assert {r.verdict for r in rows if r.rule.code == "SK199"} == {"unknown"}
    assert len(crashes) == 1
    meta = [r for r in api.rules() if r.code == "SK905"]
    told, _, _ = run_rules(app, meta, Context(today=TODAY, crashes=tuple(crashes)))
    assert "ZeroDivisionError" in told[0].message


def test_one_place_in_globals_is_one_finding(tmp_path: Path) -> None:
    text = """\
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: python3.13
    FunctionUrlConfig:
      AuthType: NONE
Resources:
  A: {Type: AWS::Serverless::Function, Properties: {Handler: a.b}}
  B: {Type: AWS::Serverless::Function, Properties: {Handler: a.b}}
"""
    text = text.replace("    FunctionUrlConfig:\n      AuthType: NONE\n", "    Tracing: PassThrough\n")
    (tmp_path / "t.yaml").write_text(text)

    @rule("SK199", "no-tracing-here", severity=LOW, since="0.1", controls=[], applies="", holds="")
    def tracing(app: App, ctx: Context) -> Iterator[Outcome]:
        del ctx
        for function in app.functions:
            yield from found(
                function.tracing.is_("PassThrough"), subject=function, message=f"`{function}` is not traced"
            )

    findings, rows, _ = run_rules(api.load(tmp_path), [tracing], Context(today=TODAY))
    assert len(findings) == 1
    assert [s.address for s in findings[0].also] == ["B"]
    assert [f.address for f in findings[0].functions] == ["A", "B"]
    assert findings[0].span is not None
    assert findings[0].span.line == 5
    assert [r.verdict for r in rows] == ["fail", "fail"]


def test_a_block_of_a_module_is_told_once_for_each_thing_that_its_callers_make_of_it(tmp_path: Path) -> None:
    module = """
variable "timeout" {}
resource "aws_lambda_function" "this" {
  function_name = "orders"
  role          = "arn:aws:iam::111122223333:role/orders"
  timeout       = var.timeout
}
"""
    call = 'module "orders" {\n  source  = "../module"\n  timeout = %d\n}\n'
    (tmp_path / "module").mkdir()
    (tmp_path / "module" / "main.tf").write_text(module)
    for name, timeout in (("one", 300), ("two", 300), ("three", 600)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.tf").write_text(call % timeout)

    @rule("SK199", "slow", severity=LOW, since="0.1", controls=[], applies="", holds="")
    def slow(app: App, ctx: Context) -> Iterator[Outcome]:
        del ctx
        for function in app.functions:
            message = f"`{function}` waits for {function.timeout.show()} seconds"
            yield from found(YES, subject=function, at=function, message=message)

    findings, rows, _ = run_rules(api.load(tmp_path), [slow], Context(today=TODAY))
    # All three have one address: only what is said of them tells them apart.
    assert {f.subject.address for f in findings} == {"module.orders.aws_lambda_function.this"}
    assert sorted((f.message[-15:], len(f.functions)) for f in findings) == [
        ("for 300 seconds", 2),
        ("for 600 seconds", 1),
    ]
    assert [r.verdict for r in rows] == ["fail"] * 3


def test_messages_that_differ_in_names_alone_are_alike(tmp_path: Path) -> None:
    text = HEAD_OF_TWO + "".join(
        f"  {name}: {{Type: AWS::Serverless::Function, Properties: {{Handler: a.b}}}}\n" for name in "AB"
    )
    (tmp_path / "t.yaml").write_text(text)

    @rule("SK199", "listed", severity=LOW, since="0.1", controls=[], applies="", holds="")
    def listed(app: App, ctx: Context) -> Iterator[Outcome]:
        del ctx
        for function, names in zip(app.functions, ("`A`", "`A`, `B` and 3 more functions"), strict=True):
            yield from found(function.tracing.is_("PassThrough"), subject=function, message=f"{names} may do it")

    findings, _, _ = run_rules(api.load(tmp_path), [listed], Context(today=TODAY))
    assert [f.message for f in findings] == ["`A` may do it"]
    assert len(findings[0].functions) == 2


HEAD_OF_TWO = """Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: python3.13
    Tracing: PassThrough
Resources:
"""


def test_fingerprints_survive_moves_and_renames(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    before = fails(scan_text(one, CONDITIONAL, select=("SK101",)), "SK101")
    moved = CONDITIONAL.replace("Resources:\n", "# a comment\n\nResources:\n")
    after = fails(scan_text(two, moved, name="renamed.yaml", select=("SK101",)), "SK101")
    assert [f.fingerprint for f in before] == [f.fingerprint for f in after]
    assert before[0].span is not None
    assert after[0].span is not None
    assert before[0].span.line != after[0].span.line


def test_equal_findings_of_two_files_have_two_fingerprints(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(CONDITIONAL)
    result = api.scan(tmp_path, select=["SK101"], today=TODAY)
    prints = [f.fingerprint for f in fails(result, "SK101")]
    assert len(prints) == len(set(prints)) == 2


def test_an_unknown_rule_names_the_nearest() -> None:
    with pytest.raises(UsageError) as caught:
        api.scan(Path(__file__).parent, select=["public-function-ur"], today=datetime.date(2026, 1, 1))
    assert caught.value.hint == "did you mean `public-function-url`?"


URL_OF_A_LABEL = """\
module "label" {
  source = "example/label/aws"
}

resource "aws_lambda_function" "hook" {
  function_name = "hook"
  role          = "arn:aws:iam::123456789012:role/hook"
}

resource "aws_lambda_function_url" "hook" {
  COUNT
  function_name      = aws_lambda_function.hook.function_name
  authorization_type = AUTH
}
"""


@pytest.mark.parametrize(
    ("count", "auth", "verdict"),
    [
        ("", '"NONE"', "fail"),
        ("", 'module.label.open ? "NONE" : "AWS_IAM"', "unknown"),
        ("", 'module.label.stage == "prod" ? "AWS_IAM" : "NONE"', "unknown"),
        ("", 'module.label.open ? "AWS_IAM" : "AWS_IAM"', "pass"),
        ("", 'var.open ? "NONE" : "AWS_IAM"', "fail"),
        ("count = module.label.enabled ? 1 : 0", '"NONE"', "fail"),  # if it is there, it is open
        ("count = module.label.enabled ? 1 : 0", 'module.label.enabled ? "AWS_IAM" : "NONE"', "pass"),
        ("count = module.label.enabled ? 1 : 0", 'module.label.open ? "AWS_IAM" : "NONE"', "unknown"),
    ],
)
def test_what_a_module_that_is_not_here_decides_is_not_known(
    tmp_path: Path, count: str, auth: str, verdict: str
) -> None:
    (tmp_path / "main.tf").write_text(
        'variable "open" {\n  type = bool\n}\n' + URL_OF_A_LABEL.replace("COUNT", count).replace("AUTH", auth)
    )
    result = api.scan(tmp_path, select=("SK101",), today=TODAY)
    assert verdicts(result, "SK101") == {"aws_lambda_function.hook": verdict}
    if verdict == "unknown":
        (finding,) = (f for f in result.findings if f.verdict == "unsure")
        assert [(d.cause, "terraform init" in d.remedy) for d in finding.doubts] == [("module", True)]


def test_what_only_checklists_ask_for_is_told_to_the_auditor_alone(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(
        "Transform: AWS::Serverless-2016-10-31\nResources:\n"
        "  Shop: {Type: AWS::Serverless::Api, Properties: {StageName: prod, CacheClusterEnabled: !Ref Cached}}\n"
        "  Cached: {Type: AWS::Serverless::Api, Properties: {StageName: prod}}\n"
    )
    checklists = {rule.code for rule in api.rules() if rule.persona == "auditor"}
    assert checklists
    hidden = "that only checklists ask for (--persona auditor)"
    for persona in ("regular", "pedantic"):
        result = api.scan(tmp_path, persona=persona, today=TODAY)
        assert not {f.rule.code for f in result.visible} & checklists
        assert result.hidden[hidden] == len(
            [f for f in result.shown if f.rule.code in checklists and f.verdict == "fail"]
        )
        assert result.hidden[hidden] > 0
    result = api.scan(tmp_path, persona="auditor", today=TODAY)
    assert {f.rule.code for f in result.visible} & checklists
    assert result.hidden[hidden] == 0
    chosen = api.scan(tmp_path, persona="auditor", select=["uncached-stage"], today=TODAY)
    assert {f.rule.code for f in chosen.visible} == {"SK168"}


def test_what_a_stricter_persona_asks_for_is_no_pass(tmp_path: Path) -> None:
    """It is neither a fault nor promised not to be one; the reason says what it is."""
    text = """\
Transform: AWS::Serverless-2016-10-31
Parameters: {Name: {Type: String}}
Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: a.b, Code: {S3Bucket: b, S3Key: k}, Role: !GetAtt Role.Arn}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}
      ManagedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]
      Policies:
        - PolicyName: call
          PolicyDocument:
            Statement:
              Effect: Allow
              Action: lambda:InvokeFunction
              Resource: !Sub arn:aws:lambda:eu-west-1:111122223333:function:${Name}
"""
    (tmp_path / "template.yaml").write_text(text)
    rows = {
        persona: {
            row.rule.code: (row.verdict, row.reason) for row in api.scan(tmp_path, persona=persona, today=TODAY).rows
        }
        for persona in ("regular", "pedantic", "auditor")
    }
    verdict, reason = rows["regular"]["SK208"]
    assert verdict == "not_applicable"
    assert reason.startswith(
        "is asked for by the pedantic persona only: `Fn`, through `Role`, may write to every log group"
    )
    assert rows["pedantic"]["SK208"][0] == "fail"
    verdict, reason = rows["pedantic"]["SK231"]
    assert verdict == "not_applicable"
    assert reason.startswith("is asked for by the auditor persona only, and not known; ")
    assert rows["auditor"]["SK231"][0] == "unknown"


def test_the_summary_says_which_persona_hears_of_what_a_framework_makes(tmp_path: Path) -> None:
    """Each number of what is not shown is how much more the persona beside it shows."""
    (tmp_path / "serverless.yml").write_text(
        "service: orders\n"
        "provider: {name: aws, runtime: python3.13, logs: {restApi: true}}\n"
        "functions: {orders: {handler: app.handler, events: [{http: GET a}]}}\n"
    )
    told = {
        persona: [f for f in api.scan(tmp_path, persona=persona, today=TODAY).visible if f.verdict == "fail"]
        for persona in ("regular", "pedantic", "auditor")
    }
    hidden = api.scan(tmp_path, today=TODAY).hidden
    own = {persona: sum(f.subject.framework_owned != "" for f in found) for persona, found in told.items()}
    by_persona = {key.rpartition(" ")[2].rstrip(")"): count for key, count in hidden.items() if "a framework" in key}
    assert by_persona == {"pedantic": own["pedantic"] - own["regular"], "auditor": own["auditor"] - own["pedantic"]}
    assert min(by_persona.values()) > 0
