"""What is told of a service of the Serverless Framework speaks of its own keys where it makes the thing itself."""

from __future__ import annotations

import re

import pytest

from stockade.engine.run import run_rules
from stockade.rules import all_rules
from stockade.rules._base import Context
from stockade.rules._words import is_made
from tests.rules.support import TODAY, Verdict, app_of, examples, judge, language_of

HEAD = "service: orders\nprovider:\n  name: aws\n  runtime: python3.13\n"
FUNCTION = "functions:\n  orders:\n    handler: app.handler\n"
VERSION_4 = f'frameworkVersion: "4"\n{HEAD}{FUNCTION}    iam:\n      role:\n        statements:\n'
SHARED = f"{HEAD}  iam:\n    role:\n      statements:\n"
DECLARED = """\
  mailer:
    handler: app.mailer
    role: Role
resources:
  Resources:
    Role:
      Type: AWS::IAM::Role
      Properties:
        AssumeRolePolicyDocument:
          Statement: {Effect: Allow, Action: sts:AssumeRole, Principal: {Service: [lambda.amazonaws.com, ec2.amazonaws.com]}}
        Policies:
          - PolicyName: logs
            PolicyDocument:
              Statement: {Effect: Allow, Action: logs:PutLogEvents, Resource: "*"}
"""
LOGS = '- {Effect: Allow, Action: logs:PutLogEvents, Resource: "*"}\n'


def test_what_is_declared_under_resources_is_told_in_the_words_of_cloudformation() -> None:
    [made] = judge("SK208", f"{SHARED}        {LOGS}{FUNCTION}").fails
    [declared] = judge("SK208", f"{HEAD}{FUNCTION}{DECLARED}").fails
    assert made.help.startswith("leave them out: the framework")
    assert declared.help.startswith("name the function's own group")


def test_a_role_that_the_framework_makes_for_one_function_goes_without_saying() -> None:
    [finding] = judge("SK203", VERSION_4 + '          - {Effect: Allow, Action: "*", Resource: "*"}\n').fails
    assert finding.message.startswith("`orders` may do anything")


def test_the_policy_that_the_framework_gives_in_a_network_is_its_own() -> None:
    network = "  vpc: {securityGroupIds: [sg-1], subnetIds: [subnet-1]}\n"
    verdict = judge("SK208", f"{HEAD}{network}{FUNCTION}")
    assert not verdict.findings
    assert [row.reason for row in verdict.rows] == [
        "the framework makes its role, and gives it `AWSLambdaVPCAccessExecutionRole`; nothing beside that writes logs"
    ]
    chosen = "  iam: {role: {managedPolicies: [arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]}}\n"
    assert len(judge("SK208", f"{HEAD}{chosen}{FUNCTION}").fails) == 1


def test_a_service_that_an_event_lets_take_the_role_is_told_at_the_event() -> None:
    schedule = "    events:\n      - schedule:\n          rate: rate(1 day)\n          method: scheduler\n"
    verdict = judge("SK215", f"{HEAD}{FUNCTION}{schedule}")
    assert verdict.lines == [11]
    assert "`method: eventBus`" in verdict.fails[0].help
    [other] = judge("SK215", f"{HEAD}{FUNCTION}{DECLARED}").fails
    assert other.help.endswith("a role of its own")
    version_4 = VERSION_4 + '          - {Effect: Allow, Action: s3:GetObject, Resource: "*"}\n' + schedule
    assert not judge("SK214", version_4).findings


@pytest.mark.parametrize(
    ("variable", "fails"),
    [
        ("${ssm:/orders/db/password}", True),
        ("${ssm(eu-west-1):/orders/${sls:stage}/apiKey}", True),
        ("${ssm:/aws/reference/secretsmanager/orders/db}", True),
        ("token ${ssm:/orders/token}", True),
        ("${ssm(noDecrypt):/orders/db/password}", False),
        ("${ssm:/orders/db/host}", False),
        ("${ssm:/orders/db/passwordSecretArn}", False),
        ("${cf:orders.password}", False),
    ],
)
def test_a_variable_that_reads_a_secret_copies_it(variable: str, fails: bool) -> None:  # noqa: FBT001 - a case
    verdict = judge("SK308", f"{HEAD}{FUNCTION}    environment:\n      VALUE: {variable}\n")
    assert bool(verdict.fails) is fails


@pytest.mark.parametrize(
    ("variable", "fails"),
    [
        ("${env:API_TOKEN}", True),
        ("${param:dbPassword}", True),
        ("${opt:token}", True),
        ("Bearer ${env:API_TOKEN}", True),
        ("${env:API_TOKEN, env:TOKEN}", True),
        ("${env:TABLE}", False),
        ("${cf:orders.password}", False),
    ],
)
def test_a_variable_that_takes_a_secret_is_sensitive(variable: str, fails: bool) -> None:  # noqa: FBT001 - a case
    verdict = judge("SK303", f"{HEAD}{FUNCTION}    environment:\n      VALUE: {variable}\n")
    assert bool(verdict.fails) is fails


@pytest.mark.parametrize(
    ("event", "help_"),
    [
        ("http: POST a", "set `authorizer` of the event `http` to aws_iam, or to an authorizer of yours"),
        (
            "httpApi: POST /a",
            (
                "set `authorizer: {type: aws_iam}` for the event `httpApi`, or name there an authorizer of "
                "`provider.httpApi.authorizers`"
            ),
        ),
    ],
)
def test_each_kind_of_api_asks_in_its_own_words(event: str, help_: str) -> None:
    [finding] = judge("SK112", f"{HEAD}{FUNCTION}    events: [{{{event}}}]\n").fails
    assert finding.help == help_


def test_the_framework_has_no_limit_for_a_rest_api() -> None:
    [finding] = judge("SK114", f"{HEAD}{FUNCTION}    events: [{{http: GET a}}]\n").fails
    assert (
        finding.help
        == "set a rate and a burst limit for all routes by a plugin such as serverless-api-gateway-throttling"
    )
    assert [fix.safety for fix in finding.fixes] == ["advice"]
    [finding] = judge("SK114", f"{HEAD}{FUNCTION}    events: [{{httpApi: GET /a}}]\n").fails
    assert [fix.safety for fix in finding.fixes] == ["unsafe"]


@pytest.mark.parametrize("code", ["SK207", "SK217", "SK220", "SK501"])
def test_what_the_framework_makes_for_itself_is_for_those_who_want_to_know_everything(code: str) -> None:
    [finding, *_] = judge(code, f"{HEAD}  logs: {{restApi: true}}\n{FUNCTION}    events: [{{http: GET a}}]\n").fails
    assert finding.persona == "pedantic"
    assert finding.help.startswith("it is not yours to change: the Serverless Framework makes it")
    assert "roleManagedExternally: true" in finding.help
    assert not finding.fixes


@pytest.mark.parametrize(
    ("provider", "event", "resources", "why"),
    [
        ("", "s3: {bucket: shop, existing: true}", "", "outside of the stack, unless the bucket's own"),
        (
            "",
            "s3: {bucket: !Ref Shop, existing: true}",
            "Shop: {Type: AWS::S3::Bucket}",
            "with a function of its own, unless the bucket's own",
        ),
        (
            "",
            "s3: {bucket: shop, existing: true}",
            "Shop: {Type: AWS::S3::Bucket, Properties: {BucketName: shop}}",
            "with a function of its own, unless the bucket's own",
        ),
        (
            "",
            "cognitoUserPool: {pool: shop, trigger: PreSignUp, existing: true}",
            "",
            "outside of the stack, unless the pool's own",
        ),
        (
            "",
            "cognitoUserPool: {pool: shop, trigger: PreSignUp, existing: true}",
            "Shop: {Type: AWS::Cognito::UserPool, Properties: {UserPoolName: shop}}",
            "with a function of its own, unless the pool's own",
        ),
        (
            "  eventBridge: {useCloudFormation: false}\n",
            "eventBridge: {schedule: rate(1 day)}",
            "",
            "outside of the stack, unless `useCloudFormation: true` under `provider.eventBridge`",
        ),
    ],
)
def test_a_setting_that_has_the_framework_make_a_function_is_pointed_at(
    provider: str, event: str, resources: str, why: str
) -> None:
    more = f"resources:\n  Resources:\n    {resources}\n" if resources else ""
    text = f"{HEAD}{provider}{FUNCTION}    events:\n      - {event}\n{more}"
    code = "SK217" if "cognito" in event else "SK219"
    [finding] = judge(code, text).fails
    assert why in finding.help
    assert finding.span is not None
    assert finding.span.text in {"existing: true", "useCloudFormation: false"}


def test_what_is_advisable_at_most_is_for_the_strictest_where_the_framework_makes_it() -> None:
    found = judge("SK227", f"{HEAD}  logs: {{restApi: true}}\n{FUNCTION}    events: [{{http: GET a}}]\n").fails
    assert [(f.subject.framework_owned != "", f.persona) for f in found] == [(True, "auditor"), (False, "pedantic")]


@pytest.mark.parametrize(
    "iam", ["", "  iam: {role: {managedPolicies: ['arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess']}}\n"]
)
def test_what_the_framework_writes_into_its_role_can_only_be_done_without_in_a_role_of_ones_own(iam: str) -> None:
    (finding,) = judge("SK227", f"{HEAD}{iam}{FUNCTION}").fails
    assert "name it in `iam.role`" in finding.help
    assert finding.span is not None
    assert finding.span.text.startswith("role: " if iam else "provider")


def test_a_permission_of_an_event_is_for_the_source_that_it_names() -> None:
    assert judge("SK129", f"{HEAD}{FUNCTION}    events: [{{http: GET a}}]\n").by_function == {"orders": "pass"}


def test_several_functions_have_what_one_has() -> None:
    managed = f"{HEAD}  iam: {{role: {{managedPolicies: ['arn:aws:iam::aws:policy/AdministratorAccess']}}}}\n{FUNCTION}"
    [one] = judge("SK201", managed).fails
    [two] = judge("SK201", managed + "  mailer: {handler: app.mailer}\n").fails
    assert one.message.startswith("`orders` has `AdministratorAccess`")
    assert two.message.startswith("`orders` and `mailer` have `AdministratorAccess`")


FETCHED = """\
custom:
  db: ${ssm:/orders/db}
  secret: ${ssm:/aws/reference/secretsmanager/orders/db}
  byStage: {dev: '${self:custom.secret}'}
"""


@pytest.mark.parametrize(
    ("name", "variable", "verdict"),
    [
        ("DB_PASSWORD", "${ssm:/orders/db}", "fail"),
        ("DB_PASSWORD", "${self:custom.db}", "fail"),
        ("VALUE", "${self:custom.db}", "pass"),
        ("VALUE", "${self:custom.secret}", "fail"),
        ("VALUE", "${self:custom.byStage.${sls:stage}.password}", "fail"),
        ("VALUE", "${self:custom.secret.username}", "pass"),
        ("API_KEY", "${ssm:/orders/sendgrid}", "fail"),
        ("API_KEY", "${aws:ssm:/orders/sendgrid}", "fail"),
        ("DB_PASSWORD", "${ssm:/orders/dbSecretArn}", "unknown"),
        ("DB_PASSWORD", "${ssm:/orders/db_id}", "unknown"),
        ("DB_PASSWORD", "${ssm(noDecrypt):/orders/db}", "unknown"),
    ],
)
def test_what_is_fetched_for_a_secret_is_one(name: str, variable: str, verdict: str) -> None:
    text = f"{HEAD}{FUNCTION}    environment:\n      {name}: {variable}\n{FETCHED}"
    assert judge("SK308", text).by_function == {"orders": verdict}
    assert judge("SK301", text).by_function == {"orders": "pass"}  # it does not stand in the source


@pytest.mark.parametrize(
    ("plugin", "verdict"), [("serverless-associate-waf", "unknown"), ("serverless-webpack", "fail")]
)
def test_a_plugin_may_put_a_web_acl_before_the_api(plugin: str, verdict: str) -> None:
    text = f"{HEAD}plugins: [{plugin}]\n{FUNCTION}    events: [{{http: GET a}}]\n"
    assert judge("SK115", text).by_function == {"orders": verdict}


def test_what_the_provider_says_of_a_stage_is_told_there() -> None:
    verdict = judge("SK160", f"{HEAD}{FUNCTION}    events: [{{http: GET a}}]\n")
    assert verdict.lines == [2]
    assert "`logs: {restApi: {level: ERROR, fullExecutionData: false}}` under `provider`" in verdict.fails[0].help


# Properties in CloudFormation's way of writing, in code marks.
_PROPERTY = re.compile(r"`[A-Z][A-Za-z]*[a-z](?::[^`]*)?`")
# What AWS calls so in every format: metrics, managed policies, elements and operators of policies.
_OF_AWS = frozenset(
    {
        "`Errors`",
        "`Throttles`",
        "`Duration`",
        "`IteratorAge`",
        "`Deny`",
        "`Resource`",
        "`StringLike`",
        "`StringEquals`",
        "`AWSLambdaBasicExecutionRole`",
        "`CloudWatchLambdaInsightsExecutionRolePolicy`",
    }
)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        pytest.param(rule.code, text, id=f"{rule.code}-{number}")
        for rule in all_rules()
        if not rule.is_meta
        for number, text in enumerate(examples(rule, "bad"), 1)
        if language_of(text) == "serverless"
    ],
)
def test_what_the_framework_makes_is_told_in_its_own_keys_or_by_an_extension(code: str, text: str) -> None:
    app = app_of(text)
    named = _OF_AWS | {f"`{resource.address}`" for resource in app.resources}
    for finding in Verdict(code, app).fails:
        if is_made(finding.subject) and "resources.extensions" not in finding.help:
            assert [word for word in _PROPERTY.findall(finding.help) if word not in named] == []


_HTTP = "    events: [{http: GET /orders}]\n"
_SOCKET = "    events: [{websocket: $connect}]\n"
_OF_THE_PROVIDER = re.compile(r"`(\w+: \{.*?\})` under `provider`")


@pytest.mark.parametrize(
    ("code", "events"),
    [
        ("SK116", "    events: [{httpApi: GET /orders}]\n"),
        ("SK116", _HTTP),
        ("SK116", _SOCKET),
        ("SK160", _HTTP),
        ("SK160", _SOCKET),
        ("SK701", _HTTP),
        ("SK707", _HTTP),
    ],
)
def test_who_follows_a_help_to_the_letter_gets_no_other_findings(code: str, events: str) -> None:
    service = f'frameworkVersion: "4"\n{HEAD}%s{FUNCTION}{events}'
    [finding] = judge(code, service % "").fails
    [stated] = _OF_THE_PROVIDER.findall(finding.help)
    told, now = _codes(service % ""), _codes(service % f"  {stated}\n")
    assert code in told - now
    assert not now - told


def _codes(text: str) -> set[str]:
    """The rules that have something to say of what is not the framework's own."""
    rules = [rule for rule in all_rules() if not rule.is_meta]
    findings, _, crashes = run_rules(app_of(text), rules, Context(today=TODAY))
    assert not crashes
    return {
        f.rule.code
        for f in findings
        if f.verdict == "fail" and not f.subject.framework_owned and f.persona != "auditor"
    }


@pytest.mark.parametrize(
    ("code", "logs", "events", "help_"),
    [
        (
            "SK116",
            "{restApi: {accessLogging: false}}",
            _HTTP,
            "set `accessLogging: true` in `logs.restApi` under `provider`",
        ),
        (
            "SK116",
            "{websocket: {accessLogging: false}}",
            _SOCKET,
            "set `accessLogging: true` in `logs.websocket` under `provider`",
        ),
        (
            "SK160",
            "{restApi: {executionLogging: false}}",
            _HTTP,
            (
                "log errors: set `executionLogging: true`, `level: ERROR` and `fullExecutionData: false` in `logs.restApi` under "
                "`provider`"
            ),
        ),
    ],
)
def test_logs_that_are_turned_off_are_turned_on_where_they_are(code: str, logs: str, events: str, help_: str) -> None:
    [finding] = judge(code, f"{HEAD}  logs: {logs}\n{FUNCTION}{events}").fails
    assert finding.help == help_


def test_the_framework_need_not_make_the_role_for_the_logs_of_apis() -> None:
    for code in ("SK116", "SK160"):
        [finding] = judge(code, f"{HEAD}{FUNCTION}{_HTTP}").fails
        assert "with `roleManagedExternally: true` in it where" in finding.help


def test_tracing_of_a_function_asks_its_own_role_too() -> None:
    own = DECLARED.replace("  mailer:\n    handler: app.mailer\n", "").replace("    role: Role\n", "")
    text = f"{HEAD}{FUNCTION}    role: Role\n{own}"
    [finding] = judge("SK701", text).fails
    assert finding.help.endswith("; its role has to allow `xray:PutTraceSegments`")
    [finding] = judge("SK701", f"{HEAD}{FUNCTION}").fails
    assert "xray" not in finding.help


def test_the_stage_of_a_rest_api_is_traced_by_a_key_and_that_of_a_websocket_api_not_at_all() -> None:
    (finding,) = judge("SK163", f"{HEAD}{FUNCTION}{_HTTP}").fails
    assert finding.help == "turn tracing of the stage on: `tracing.apiGateway` of the provider"
    assert not judge("SK163", f"{HEAD}{FUNCTION}{_SOCKET}").findings
