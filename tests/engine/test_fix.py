"""Fixes hold what they promise: the finding is gone, nothing else has come or changed, and the file is otherwise as it was."""

from __future__ import annotations

import difflib
import json
from collections import Counter
from pathlib import Path

import pytest

from stockade import api
from stockade.engine.findings import Finding
from stockade.iam.allows import may_call
from stockade.model.intent import Add, New, Remove, Set, Unset
from stockade.rules import all_rules
from tests.rules.support import examples, language_of
from tests.support import TODAY, fails

# Rules whose fix writes an edit, and what kind of edit that is. The list is kept by hand: losing one is a regression.
EXAMPLES = [
    pytest.param(rule.code, text, id=f"{rule.code}-{number}")
    for rule in all_rules()
    if not rule.is_meta
    for number, text in enumerate(examples(rule, "bad"), 1)
]


def fixed(folder: Path, code: str, text: str) -> tuple[api.Change, list[Finding]]:
    """What `fix` makes of a template, and the findings that had an edit to offer."""
    names = {"json": "template.json", "yaml": "template.yaml", "hcl": "main.tf", "serverless": "serverless.yml"}
    name = names[language_of(text)]
    (folder / name).write_text(text, encoding="utf-8")
    start = api.scan(folder, select=[code], persona="auditor", today=TODAY)
    offered = [f for f in fails(start, code) if any(x.intents for x in f.fixes)]
    return api.fix(folder, select=[code], persona="auditor", unsafe=True, today=TODAY), offered


@pytest.mark.parametrize(("code", "text"), EXAMPLES)
def test_a_fix_that_is_offered_holds(tmp_path: Path, code: str, text: str) -> None:
    change, offered = fixed(tmp_path, code, text)
    if not offered:
        assert not change.after, "no fix was offered, but something was changed"
        return
    assert not change.refused, [f"{r.finding.message}: {r.why}" for r in change.refused]
    assert change.done
    for path, after in change.after.items():
        (tmp_path / path).write_text(after, encoding="utf-8")
    again = api.scan(tmp_path, select=[code], persona="auditor", today=TODAY)
    prints = {f.fingerprint for f in fails(again, code)}
    assert not prints & {f.fingerprint for f in offered}
    assert not api.fix(tmp_path, select=[code], persona="auditor", unsafe=True, today=TODAY).after, (
        "a second fix changes more"
    )


def test_twelve_rules_and_six_kinds_of_edit_are_written(tmp_path: Path) -> None:
    kinds: Counter[str] = Counter()
    codes: set[str] = set()
    for number, param in enumerate(EXAMPLES):
        code, text = param.values
        assert isinstance(code, str)
        assert isinstance(text, str)
        folder = tmp_path / str(number)
        folder.mkdir()
        change, _ = fixed(folder, code, text)
        for item in change.done:
            codes.add(code)
            kinds.update(type(intent).__name__ for intent in item.fix.intents)
    assert len(codes) >= 12, sorted(codes)
    assert {Set.__name__, New.__name__} <= kinds.keys(), kinds
    assert len(kinds.keys() & {k.__name__ for k in (Set, Unset, Add, Remove, New)}) >= 4, kinds


GLOBALS = """\
# the order service
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: "nodejs18.x"   # the old one
    Timeout: 10
Resources:
  A:
    Type: AWS::Serverless::Function
    Properties: {Handler: a.b, CodeUri: src/}
  B:
    Type: AWS::Serverless::Function
    Properties:
      Handler: b.c
      CodeUri: src/
"""


def test_a_value_of_globals_is_mended_in_globals(tmp_path: Path) -> None:
    change, _ = fixed(tmp_path, "SK501", GLOBALS)
    assert len(change.done) == 1
    lines = [
        line
        for line in difflib.ndiff(GLOBALS.splitlines(), change.after["template.yaml"].splitlines())
        if line[0] in "+-"
    ]
    assert len(lines) == 2
    assert lines[0] == '-     Runtime: "nodejs18.x"   # the old one'
    assert lines[1].startswith('+     Runtime: "nodejs2')
    assert lines[1].endswith('.x"   # the old one')


def test_a_value_of_a_parameter_is_mended_at_its_default(tmp_path: Path) -> None:
    text = GLOBALS.replace('Runtime: "nodejs18.x"   # the old one', "Runtime: !Ref Language").replace(
        "Globals:", "Parameters:\n  Language:\n    Type: String\n    Default: nodejs18.x\nGlobals:"
    )
    change, _ = fixed(tmp_path, "SK501", text)
    assert len(change.done) == 1
    assert "Default: nodejs2" in change.after["template.yaml"]
    assert "Runtime: !Ref Language" in change.after["template.yaml"]


def test_line_ends_and_a_byte_order_mark_stay(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_bytes(b"\xef\xbb\xbf" + GLOBALS.replace("\n", "\r\n").encode())
    change = api.fix(tmp_path, select=["SK501"], unsafe=True, today=TODAY)
    after = change.after["template.yaml"]
    assert after.startswith("\ufeff")
    assert after.count("\r\n") == after.count("\n") == GLOBALS.count("\n")


def test_only_the_bad_branch_of_a_condition_changes(tmp_path: Path) -> None:
    text = """\
Transform: AWS::Serverless-2016-10-31
Parameters: {Stage: {Type: String, Default: dev}}
Conditions: {IsProd: !Equals [!Ref Stage, prod]}
Resources:
  Webhook:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: a.b
      CodeUri: src/
      FunctionUrlConfig:
        AuthType: !If [IsProd, AWS_IAM, NONE] # for the tests
"""
    change, _ = fixed(tmp_path, "SK101", text)
    assert "AuthType: !If [IsProd, AWS_IAM, AWS_IAM] # for the tests" in change.after["template.yaml"]


def test_unsafe_fixes_wait_to_be_asked_for(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(GLOBALS)
    change = api.fix(tmp_path, select=["SK501"], today=TODAY)
    assert not change.after
    assert [r.finding.rule.code for r in change.refused] == ["SK501"]
    assert "--unsafe" in change.refused[0].why


def test_a_fix_that_would_change_more_is_refused(tmp_path: Path) -> None:
    """The default of a parameter that decides two things can't be changed for the sake of one."""
    text = """\
Transform: AWS::Serverless-2016-10-31
Parameters: {Word: {Type: String, Default: NONE}}
Resources:
  Webhook:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: a.b
      CodeUri: src/
      Description: !Ref Word
      FunctionUrlConfig:
        AuthType: !Ref Word
"""
    change, _ = fixed(tmp_path, "SK101", text)
    assert not change.after
    assert "description" in change.refused[0].why


def test_an_item_leaves_a_list_that_the_framework_adds_to(tmp_path: Path) -> None:
    text = """\
service: orders
provider:
  name: aws
  runtime: python3.13
  vpc: {securityGroupIds: [sg-1], subnetIds: [subnet-1]}
  iam:
    role:
      managedPolicies:
        - arn:aws:iam::aws:policy/AdministratorAccess # for the migration
        - arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess
functions:
  orders: {handler: app.handler}
"""
    change, _ = fixed(tmp_path, "SK201", text)
    assert not change.refused
    gone = "        - arn:aws:iam::aws:policy/AdministratorAccess # for the migration\n"
    assert change.after["serverless.yml"] == text.replace(gone, "")


def test_what_sam_adds_to_the_role_of_a_state_machine_is_meant(tmp_path: Path) -> None:
    text = (
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  Flow:\n    Type: AWS::Serverless::StateMachine\n"
        "    Properties:\n      Definition: {StartAt: Done, States: {Done: {Type: Succeed}}}\n"
    )
    change, _ = fixed(tmp_path, "SK726", text)
    assert not change.refused
    assert len(change.done) == 1


def test_findings_of_one_name_in_several_files_are_mended_one_by_one_too(tmp_path: Path) -> None:
    text = "service: shop\nprovider:\n  name: aws\n  runtime: python3.13\n"
    text += "functions:\n  orders: {handler: a.b, events: [http: GET a]}\n"
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "serverless.yml").write_text(text, encoding="utf-8")
    # The two rules write to one place, so that not all of it can be written at once.
    change = api.fix(tmp_path, select=["SK116", "SK160"], persona="pedantic", unsafe=True, today=TODAY)
    assert not change.refused, [r.why for r in change.refused]
    assert sorted(change.after) == [f"{name}/serverless.yml" for name in ("a", "b", "c")]
    assert len(change.done) == 6
    assert len(set(change.after.values())) == 1


def test_the_role_that_sam_makes_for_a_state_machine_changes_along_with_it(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  Flow:\n    Type: AWS::Serverless::StateMachine\n"
        "    Properties:\n      Definition: {StartAt: A, States: {A: {Type: Pass, End: true}}}\n"
        "      Policies: [AWSLambdaRole]\n",
        encoding="utf-8",
    )
    change = api.fix(tmp_path, select=["SK726"], persona="pedantic", unsafe=True, today=TODAY)
    assert not change.refused, [r.why for r in change.refused]
    assert "Tracing" in change.after["template.yaml"]


_STREAM = "arn:aws:kinesis:eu-west-1:111122223333:stream/s"


@pytest.mark.parametrize("own", [False, True])
def test_who_sends_to_a_new_queue_may_do_so(tmp_path: Path, own: bool) -> None:  # noqa: FBT001 - a case
    """SAM allows it to the roles that it makes, where the type of the destination is written beside it."""
    role = (
        "  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: {Statement: "
        "{Effect: Allow, Action: 'sts:AssumeRole', Principal: {Service: lambda.amazonaws.com}}}\n"
    )
    text = (
        f"Transform: AWS::Serverless-2016-10-31\nResources:\n{role if own else ''}  Consumer:\n"
        "    Type: AWS::Serverless::Function\n    Properties:\n"
        "      Runtime: python3.13\n      Handler: app.handler\n      CodeUri: src/\n"
        f"{'      Role: !GetAtt Role.Arn' + chr(10) if own else ''}"
        "      Events:\n        Changes:\n          Type: Kinesis\n          Properties:\n"
        f"            Stream: {_STREAM}\n            StartingPosition: LATEST\n"
    )
    for code, more in (("SK124", ""), ("SK121", "            MaximumRetryAttempts: 3\n")):
        change, _ = fixed(tmp_path, code, text + more)
        (after,) = change.after.values()
        assert "Destination: !GetAtt FailedRecords.Arn\n                Type: SQS\n" in after
        (tmp_path / "template.yaml").write_text(after, encoding="utf-8")
        app = api.load(tmp_path)
        (function,) = app.functions
        assert function.execution_role is not None
        assert may_call(app, function.execution_role, "sqs:SendMessage").is_yes
        assert ("SendFailedRecords:" in after) is own
        # Lambda asks for the permission when it makes the mapping, which waits for the function, and so for the policy.
        assert ("\n    DependsOn: SendFailedRecords\n" in after) is own


def test_policies_of_one_role_have_names_of_their_own(tmp_path: Path) -> None:
    mappings = "".join(
        f"  {name}:\n    Type: AWS::Lambda::EventSourceMapping\n    Properties:\n      FunctionName: !Ref Consumer\n"
        f"      EventSourceArn: {_STREAM}{name}\n      StartingPosition: LATEST\n"
        for name in ("One", "Two")
    )
    text = (
        "Resources:\n  Role: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: []}}}\n  Consumer:\n"
        "    Type: AWS::Lambda::Function\n"
        "    Properties: {Runtime: python3.13, Handler: a.b, Role: !GetAtt Role.Arn, Code: {S3Bucket: b, S3Key: k}}\n"
        + mappings
        + "    DependsOn: Consumer\n"
    )
    change, _ = fixed(tmp_path, "SK124", text)
    (after,) = change.after.values()
    for name in ("One", "Two"):
        assert f"PolicyName: {name}-send-failed-records\n" in after
    # Each mapping waits for its own, since Lambda refuses a destination that the role may not send to.
    assert "    DependsOn: SendFailedRecords\n" in after
    assert "    DependsOn:\n      - Consumer\n      - SendFailedRecords2\n" in after


def test_a_role_of_terraform_may_send_to_a_new_queue(tmp_path: Path) -> None:
    text = f"""
resource "aws_iam_role" "consumer" {{
  assume_role_policy = jsonencode({{
    Version   = "2012-10-17"
    Statement = [{{ Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ Service = "lambda.amazonaws.com" }} }}]
  }})
}}
resource "aws_lambda_function" "consumer" {{
  function_name = "consumer"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "consumer.zip"
  role          = aws_iam_role.consumer.arn
}}
resource "aws_lambda_event_source_mapping" "changes" {{
  function_name     = aws_lambda_function.consumer.arn
  event_source_arn  = "{_STREAM}"
  starting_position = "LATEST"
}}
"""
    change, _ = fixed(tmp_path, "SK124", text)
    (after,) = change.after.values()
    assert "= [aws_iam_role_policy.changes_send_failed_records]\n" in after
    assert "\n\n\n" not in after
    (tmp_path / "main.tf").write_text(after, encoding="utf-8")
    app = api.load(tmp_path)
    (function,) = app.functions
    assert function.execution_role is not None
    assert may_call(app, function.execution_role, "sqs:SendMessage").is_yes
    assert not may_call(app, function.execution_role, "sqs:SendMessage", widely=True).is_yes


def test_what_was_meant_in_a_policy_is_written_there(tmp_path: Path) -> None:
    text = """Transform: AWS::Serverless-2016-10-31
Resources:
  Reader:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      Policies:
        - Version: "2012-10-17"
          Statement:
            - Effect: allow
              Action: [dynamodb:GetItems, 'dynamodb:Query'] # of one table
              Resource: arn:aws:dynamodb:*:*:table/orders
            - Effect: Allow
              Action: s3:GetObject
              Resource: "arn:aws:s3:eu-west-1::orders/*"
"""
    (tmp_path / "template.yaml").write_text(text, encoding="utf-8")
    change = api.fix(tmp_path, select=["SK221", "SK222", "SK223"], unsafe=True, today=TODAY)
    assert not change.refused, [r.why for r in change.refused]
    assert change.after["template.yaml"] == text.replace("allow\n", "Allow\n").replace("GetItems", "GetItem").replace(
        "s3:eu-west-1::", "s3:::"
    )


@pytest.mark.parametrize("form", ["jsonencode", "heredoc", "document"])
def test_what_was_meant_is_written_in_each_form_of_a_policy(tmp_path: Path, form: str) -> None:
    policy = {
        "jsonencode": 'jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "ssm:DescribeParametres", '
        'Resource = "*" }] })',
        "heredoc": '<<P\n{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ssm:DescribeParametres", '
        '"Resource": "*"}]}\nP',
        "document": "data.aws_iam_policy_document.own.json",
    }[form]
    text = f"""
resource "aws_iam_role" "own" {{ assume_role_policy = jsonencode({{ Statement = [] }}) }}
resource "aws_iam_role_policy" "own" {{
  role   = aws_iam_role.own.id
  policy = {policy}
}}
data "aws_iam_policy_document" "own" {{
  statement {{
    actions   = ["ssm:DescribeParametres"]
    resources = ["*"]
  }}
}}
resource "aws_lambda_function" "own" {{
  function_name = "own"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "own.zip"
  role          = aws_iam_role.own.arn
}}
"""
    (tmp_path / "main.tf").write_text(text, encoding="utf-8")
    change = api.fix(tmp_path, select=["SK222"], unsafe=True, today=TODAY)
    assert not change.refused, [r.why for r in change.refused]
    after = change.after["main.tf"]
    kept = "data" if form != "document" else "never"
    before, word, rest = text.partition(kept)
    assert after == before.replace("ssm:DescribeParametres", "ssm:DescribeParameters") + word + rest


_OF_EVENTS = """Transform: AWS::Serverless-2016-10-31
%sResources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: a.b, CodeUri: src/, Events: {E: {Type: %s, Properties: {Path: /, Method: get}}}}
"""
_OF_STAGES = ["SK114", "SK116", "SK160", "SK163", "SK164"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "Globals:\n  Api:\n    TracingEnabled: true\n"),
        ("Globals: {Function: {Timeout: 9}}\n", "Globals: {Function: {Timeout: 9}, Api: {TracingEnabled: true}}\n"),
        ("Globals:\n  Api:\n    TracingEnabled: false\n", "Globals:\n  Api:\n    TracingEnabled: true\n"),
        ("Globals:\n  Api:\n", "Globals:\n  Api:\n    TracingEnabled: true\n"),
    ],
)
def test_the_stage_of_an_api_that_sam_makes_of_events_is_set_in_globals(
    tmp_path: Path, before: str, after: str
) -> None:
    change, _ = fixed(tmp_path, "SK163", _OF_EVENTS % (before, "Api"))
    assert not change.refused, [r.why for r in change.refused]
    assert change.after["template.yaml"] == _OF_EVENTS % (after, "Api")


@pytest.mark.parametrize(("kind", "codes"), [("Api", _OF_STAGES), ("HttpApi", _OF_STAGES[:2])])
def test_all_settings_of_such_a_stage_are_written_at_once(tmp_path: Path, kind: str, codes: list[str]) -> None:
    (tmp_path / "template.yaml").write_text(
        (_OF_EVENTS % ("", kind)).replace("Method: get", "Method: any"), encoding="utf-8"
    )
    change = api.fix(tmp_path, select=_OF_STAGES, persona="pedantic", unsafe=True, today=TODAY)
    assert not change.refused, [r.why for r in change.refused]
    assert [done.finding.rule.code for done in change.done] == codes
    after = change.after["template.yaml"]
    assert after.count("Globals:") == 1
    assert after.index("Globals:") < after.index("Resources:") < after.index("AWS::Logs::LogGroup")


def test_what_would_be_for_another_api_too_is_not_written_into_globals(tmp_path: Path) -> None:
    more = "  Shop: {Type: AWS::Serverless::Api, Properties: {StageName: prod, TracingEnabled: true}}\n"
    change, _ = fixed(tmp_path, "SK163", _OF_EVENTS % ("", "Api") + more)
    assert [r.why for r in change.refused] == [
        "by hand, since what is written under `Api` in `Globals` is for `Shop` too"
    ]
    assert not change.after


def test_a_part_of_an_escaped_document_is_not_written_over(tmp_path: Path) -> None:
    statement = {"Effect": "Allow", "Action": "ssm:DescribeParametres", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": statement})
    text = f"""
resource "aws_iam_role" "own" {{ assume_role_policy = jsonencode({{ Statement = [] }}) }}
resource "aws_iam_role_policy" "own" {{
  role   = aws_iam_role.own.id
  policy = {json.dumps(policy)}
}}
resource "aws_lambda_function" "own" {{
  function_name = "own"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "own.zip"
  role          = aws_iam_role.own.arn
}}
"""
    (tmp_path / "main.tf").write_text(text, encoding="utf-8")
    change = api.fix(tmp_path, select=["SK222"], unsafe=True, today=TODAY)
    assert not change.after
    assert ["is computed there" in each.why for each in change.refused] == [True]


def test_a_role_that_says_which_inline_policies_it_has_is_given_no_other(tmp_path: Path) -> None:
    text = f"""
resource "aws_iam_role" "consumer" {{
  assume_role_policy = jsonencode({{ Statement = [] }})
  inline_policy {{
    name   = "own"
    policy = jsonencode({{ Version = "2012-10-17", Statement = [] }})
  }}
}}
resource "aws_lambda_function" "consumer" {{
  function_name = "consumer"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "consumer.zip"
  role          = aws_iam_role.consumer.arn
}}
resource "aws_lambda_event_source_mapping" "changes" {{
  function_name          = aws_lambda_function.consumer.arn
  event_source_arn       = "{_STREAM}"
  starting_position      = "LATEST"
  maximum_retry_attempts = 3
}}
"""
    (tmp_path / "main.tf").write_text(text, encoding="utf-8")
    change = api.fix(tmp_path, select=["SK121"], unsafe=True, today=TODAY)
    assert not change.after
    assert ["`inline_policy`" in each.why for each in change.refused] == [True]
