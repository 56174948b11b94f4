"""Policies of resources: who is let in, by conditions, denials, references and what is not known."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.rules.support import Verdict, app_of, judge

ALLOW = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*", "Principal": "*"}


def queue(*statements: dict[str, Any], **parts: Any) -> str:
    """A template with a queue that triggers a function, and the queue's policy."""
    work = {"Type": "AWS::SQS::Queue"}
    policy = {"Queues": [{"Ref": "Work"}], "PolicyDocument": {"Statement": list(statements)}}
    function = {
        "Runtime": "python3.13",
        "Handler": "a.b",
        "CodeUri": "src/",
        "Events": {"Work": {"Type": "SQS", "Properties": {"Queue": {"Fn::GetAtt": ["Work", "Arn"]}}}},
    }
    resources = {
        "Work": work,
        "Policy": {"Type": "AWS::SQS::QueuePolicy", "Properties": policy},
        "Fn": {"Type": "AWS::Serverless::Function", "Properties": function},
    }
    return json.dumps(
        {"Transform": "AWS::Serverless-2016-10-31", "Resources": resources | parts.pop("resources", {})} | parts
    )


def when(**condition: Any) -> dict[str, Any]:
    return ALLOW | {"Condition": condition}


@pytest.mark.parametrize(
    ("statement", "verdict"),
    [
        (ALLOW, "fail"),
        (ALLOW | {"Principal": {"AWS": "*"}}, "fail"),
        (ALLOW | {"Principal": {"AWS": ["arn:aws:iam::111122223333:role/a", "*"]}}, "fail"),
        (ALLOW | {"Principal": {"AWS": "111122223333"}}, "pass"),
        (ALLOW | {"Principal": {"Service": "sns.amazonaws.com"}}, "pass"),
        (when(ArnEquals={"aws:SourceArn": {"Ref": "Topic"}}), "pass"),
        (when(ArnLike={"aws:SourceArn": "arn:aws:s3:*:*:orders"}), "pass"),
        (when(ArnLike={"aws:SourceArn": "arn:aws:s3:*:*:*"}), "fail"),
        (when(StringEquals={"aws:PrincipalOrgID": "o-a1b2c3d4e5"}), "pass"),
        (when(StringEqualsIfExists={"aws:PrincipalOrgID": "o-a1b2c3d4e5"}), "fail"),
        (when(Bool={"aws:SecureTransport": "true"}), "fail"),
        (when(IpAddress={"aws:SourceIp": "192.0.2.0/24"}), "pass"),
        (when(IpAddress={"aws:SourceIp": "0.0.0.0/0"}), "fail"),
        (when(StringNotEquals={"aws:PrincipalAccount": "444455556666"}), "fail"),
        ({"Effect": "Allow", "Action": "sqs:*", "Resource": "*", "NotPrincipal": {"AWS": "111122223333"}}, "fail"),
        (ALLOW | {"Effect": "Deny"}, "pass"),
    ],
)
def test_whom_a_policy_lets_in(statement: dict[str, Any], verdict: str) -> None:
    text = queue(statement, resources={"Topic": {"Type": "AWS::SNS::Topic"}})
    assert judge("SK130", text).by_function == {"Fn": verdict}


def test_a_denial_beside_it_counts() -> None:
    deny = ALLOW | {"Effect": "Deny", "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": {"Ref": "Org"}}}}
    assert judge("SK130", queue(ALLOW, deny, Parameters={"Org": {"Type": "String"}})).by_function == {"Fn": "pass"}
    other = ALLOW | {"Effect": "Deny", "Action": "sqs:PurgeQueue"}
    assert judge("SK130", queue(ALLOW, other)).by_function == {"Fn": "fail"}


def test_a_star_in_one_stage_says_when() -> None:
    principal = {"Fn::If": ["IsDev", "*", "111122223333"]}
    text = queue(
        ALLOW | {"Principal": {"AWS": principal}},
        Parameters={"Stage": {"Type": "String"}},
        Conditions={"IsDev": {"Fn::Equals": [{"Ref": "Stage"}, "dev"]}},
    )
    (finding,) = judge("SK130", text).fails
    assert finding.message.endswith("when Stage is dev")
    assert judge("SK130", text, Stage="prod").by_function == {"Fn": "pass"}


def test_a_principal_that_is_not_known_is_not_suspected() -> None:
    text = queue(ALLOW | {"Principal": {"AWS": {"Ref": "Who"}}}, Parameters={"Who": {"Type": "String"}})
    assert judge("SK130", text).by_function == {"Fn": "pass"}


def test_what_everybody_may_do_is_said() -> None:
    (finding,) = judge("SK130", queue(ALLOW | {"Action": ["sqs:SendMessage", "sqs:ReceiveMessage"]})).fails
    assert finding.message == "anybody may send messages to and read the queue `Work`"
    assert judge("SK130", queue(ALLOW | {"Action": "sqs:*"})).severities == ["critical"]


def bucket(**properties: Any) -> str:
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Principal": "*"}
    policy = {"Bucket": {"Ref": "Files"}, "PolicyDocument": {"Statement": [statement]}}
    return json.dumps(
        {
            "Resources": {
                "Files": {"Type": "AWS::S3::Bucket", "Properties": properties},
                "Policy": {"Type": "AWS::S3::BucketPolicy", "Properties": policy},
            }
        }
    )


def block(**settings: bool) -> dict[str, Any]:
    return {"PublicAccessBlockConfiguration": settings}


def test_a_bucket_is_public_only_where_it_does_not_block_that() -> None:
    assert not judge("SK133", bucket()).findings
    assert not judge("SK133", bucket(**block(BlockPublicPolicy=False, RestrictPublicBuckets=True))).findings
    open_ = bucket(**block(BlockPublicPolicy=False, RestrictPublicBuckets=False))
    assert judge("SK133", open_).severities == ["medium"]
    assert not judge("SK138", open_).fails, "it is told by the rule about the policy"


@pytest.mark.parametrize(
    ("off", "severity", "message"),
    [
        (
            ["BlockPublicPolicy", "RestrictPublicBuckets"],
            "low",
            "a policy is enough to make the bucket `Files` public: it does not block that",
        ),
        (
            ["BlockPublicAcls", "IgnorePublicAcls"],
            "low",
            "an ACL (where it uses ACLs) is enough to make the bucket `Files` public: it does not block that",
        ),
        (
            ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"],
            "low",
            "a policy or an ACL (where it uses ACLs) is enough to make the bucket `Files` public: it does not block that",
        ),
        (
            ["RestrictPublicBuckets"],
            "info",
            "a policy that is there already may make the bucket `Files` public: only new ones are refused",
        ),
        (
            ["BlockPublicPolicy"],
            "info",
            "a policy that is public may be put on the bucket `Files`, though it gives nobody outside its account anything",
        ),
        (
            ["BlockPublicAcls", "RestrictPublicBuckets"],
            "info",
            (
                "a policy that is there already may make the bucket `Files` public: only new ones are refused; "
                "an ACL (where it uses ACLs) that is public may be put on it, though it gives nobody anything"
            ),
        ),
        (
            ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy"],
            "low",
            (
                "an ACL (where it uses ACLs) is enough to make the bucket `Files` public; "
                "a policy that is public may be put on it, though it gives nobody outside its account anything"
            ),
        ),
    ],
)
def test_a_finding_says_what_the_settings_that_are_off_let_through(off: list[str], severity: str, message: str) -> None:
    text = json.loads(bucket(**block(**dict.fromkeys(off, False))))
    del text["Resources"]["Policy"]
    (finding,) = judge("SK138", json.dumps(text)).fails
    assert (finding.severity, finding.message) == (severity, message)


def test_a_policy_of_a_bucket_elsewhere_can_not_be_told() -> None:
    text = json.loads(bucket())
    del text["Resources"]["Files"]
    text["Resources"]["Policy"]["Properties"]["Bucket"] = "files"
    verdict = judge("SK133", json.dumps(text))
    assert not verdict.fails
    assert [f.message for f in verdict.unsure] == ["anybody may read what `Policy` is put on"]


def test_an_account_that_the_resources_are_of_is_the_own_one() -> None:
    own = ALLOW | {"Principal": {"AWS": "111122223333"}, "Resource": "arn:aws:sqs:eu-west-1:111122223333:work"}
    assert judge("SK139", queue(own)).by_function == {"Fn": "pass"}
    other = own | {"Principal": {"AWS": "444455556666"}}
    (finding,) = judge("SK139", queue(other)).fails
    assert finding.message == "the account 444455556666 may use `Work`; nothing says whose account it is"


def test_the_accounts_of_load_balancers_deliver_logs() -> None:
    text = json.loads(bucket())
    policy = text["Resources"]["Policy"]["Properties"]["PolicyDocument"]["Statement"][0]
    policy |= {"Action": "s3:PutObject", "Principal": {"AWS": "arn:aws:iam::127311923021:root"}}
    policy["Resource"] = {"Fn::Sub": "${Files.Arn}/AWSLogs/${AWS::AccountId}/*"}
    assert not judge("SK139", json.dumps(text)).findings
    policy["Resource"] = {"Fn::Sub": "${Files.Arn}/*"}
    assert judge("SK139", json.dumps(text)).fails


@pytest.mark.parametrize(
    ("condition", "fails"),
    [
        ({}, True),
        ({"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}, False),
        ({"ArnLike": {"AWS:SourceArn": "arn:aws:s3:::orders"}}, False),
        ({"Bool": {"aws:SecureTransport": "true"}}, True),
    ],
)
def test_services_send_for_a_source(condition: dict[str, Any], fails: bool) -> None:  # noqa: FBT001 - the case
    statement = ALLOW | {"Principal": {"Service": "s3.amazonaws.com"}} | ({"Condition": condition} if condition else {})
    assert bool(judge("SK140", queue(statement)).fails) is fails


@pytest.mark.parametrize(
    ("service", "fails"), [("events.amazonaws.com", False), ("s3.amazonaws.com", True), ("sns.amazonaws.com", True)]
)
def test_eventbridge_takes_no_condition_in_the_policy_of_a_topic(service: str, fails: bool) -> None:  # noqa: FBT001 - the case
    statement = {"Effect": "Allow", "Action": "sns:Publish", "Resource": "*", "Principal": {"Service": service}}
    for topics in ([{"Ref": "News"}], ["arn:aws:sns:eu-west-1:111122223333:news"]):
        policy: dict[str, Any] = {"Topics": topics, "PolicyDocument": {"Statement": [statement]}}
        resources = {
            "News": {"Type": "AWS::SNS::Topic"},
            "NewsPolicy": {"Type": "AWS::SNS::TopicPolicy", "Properties": policy},
        }
        assert bool(judge("SK140", queue(resources=resources)).fails) is fails
        # SAM's connectors write one all the same, and events arrive: it is no fault either.
        condition = {"ArnEquals": {"aws:SourceArn": "arn:aws:events:eu-west-1:111122223333:rule/nightly"}}
        policy["PolicyDocument"] = {"Statement": [statement | {"Condition": condition}]}
        for code in ("SK140", "SK224"):
            assert not judge(code, queue(resources=resources)).findings
    to_queue = ALLOW | {"Principal": {"Service": "events.amazonaws.com"}}
    assert judge("SK140", queue(to_queue)).fails


def test_a_service_that_only_reads_sends_nothing() -> None:
    statement = ALLOW | {"Action": "sqs:ReceiveMessage", "Principal": {"Service": "sns.amazonaws.com"}}
    assert judge("SK140", queue(statement)).by_function == {"Fn": "pass"}


def test_the_root_of_an_account_only_hands_on() -> None:
    every = ALLOW | {"Action": "sqs:*"}
    assert not judge("SK141", queue(every | {"Principal": {"AWS": "111122223333"}})).findings
    assert not judge("SK141", queue(every)).findings, "everybody is told by another rule"
    assert judge("SK141", queue(every | {"Principal": {"AWS": "arn:aws:iam::111122223333:role/a"}})).fails


@pytest.mark.parametrize(
    ("resource", "what"),
    [
        ({"Fn::Sub": "${Mails.Arn}/*"}, "the objects of `Mails`"),
        ({"Fn::Join": ["", ["arn:aws:s3:::", {"Ref": "Mails"}, "/*"]]}, "the objects of `Mails`"),
        ([{"Fn::Sub": "${Mails.Arn}/*"}, {"Fn::GetAtt": ["Mails", "Arn"]}], "`Mails`"),
        ({"Fn::GetAtt": ["Mails", "Arn"]}, "`Mails`"),
        ("*", "`Mails`"),
    ],
)
def test_what_of_a_bucket_a_statement_is_about(resource: Any, what: str) -> None:
    condition = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    statement = {
        "Effect": "Allow",
        "Action": "s3:*",
        "Principal": {"Service": "ses.amazonaws.com"},
        "Condition": condition,
    }
    policy = {"Bucket": {"Ref": "Mails"}, "PolicyDocument": {"Statement": [statement | {"Resource": resource}]}}
    resources = {
        "Mails": {"Type": "AWS::S3::Bucket"},
        "Policy": {"Type": "AWS::S3::BucketPolicy", "Properties": policy},
    }
    (finding,) = judge("SK141", json.dumps({"Resources": resources})).fails
    assert finding.message == f"`ses.amazonaws.com` may do everything with {what}"


def api(authorization: str, kind: str = "REGIONAL") -> str:
    statement = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*", "Principal": "*"}
    method = {
        "RestApiId": {"Ref": "Api"}, "ResourceId": "a", "HttpMethod": "GET", "AuthorizationType": authorization,
    }  # fmt: skip
    properties = {"Policy": {"Statement": [statement]}, "EndpointConfiguration": {"Types": [kind]}}
    return json.dumps(
        {
            "Resources": {
                "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": properties},
                "Get": {"Type": "AWS::ApiGateway::Method", "Properties": method},
            }
        }
    )


def test_the_policy_of_an_api_decides_for_iam_and_for_private_apis() -> None:
    assert judge("SK148", api("AWS_IAM")).severities == ["high"]
    assert judge("SK148", api("NONE", "PRIVATE")).severities == ["medium"]
    assert not judge("SK148", api("COGNITO_USER_POOLS")).findings
    assert not judge("SK148", api("NONE")).findings, "it is told by the rule about open routes"


def test_every_format_says_the_same_of_tls() -> None:
    statement = {
        "Effect": "Deny", "Action": "sqs:*", "Resource": "*", "Principal": {"AWS": "*"},
        "Condition": {"Bool": {"aws:SecureTransport": False}},
    }  # fmt: skip
    assert not [f for f in judge("SK149", queue(statement)).fails if str(f.subject) == "Work"]
    assert [f for f in judge("SK149", queue(ALLOW)).fails if str(f.subject) == "Work"]


def test_an_access_point_concerns_the_functions_that_mount_it() -> None:
    text = """
    Transform: AWS::Serverless-2016-10-31
    Resources:
      System: {Type: AWS::EFS::FileSystem}
      Point: {Type: AWS::EFS::AccessPoint, Properties: {FileSystemId: !Ref System, PosixUser: {Uid: "1", Gid: "1"}}}
      Fn:
        Type: AWS::Serverless::Function
        Properties:
          Runtime: python3.13
          Handler: a.b
          CodeUri: src/
          FileSystemConfigs: [{Arn: !GetAtt Point.Arn, LocalMountPath: /mnt/x}]
    """
    app = app_of(text)
    assert Verdict("SK136", app).by_function == {"Fn": "fail"}
    assert [f.message for f in Verdict("SK136", app).fails] == ["the access point `Point` shows all of its file system"]
    assert Verdict("SK314", app).by_function == {"Fn": "fail"}


def test_tls_is_asked_for_in_the_policy_that_is_there() -> None:
    denial = "deny everything where aws:SecureTransport is false, in "
    (finding,) = [f for f in judge("SK149", queue(ALLOW)).fails if str(f.subject) == "Work"]
    (policy,) = finding.subject.policies  # type: ignore[attr-defined]
    assert finding.help == f"{denial}`{policy}`, which it has already"
    alone = {"Resources": {"Work": {"Type": "AWS::SQS::Queue"}}}
    (finding,) = judge("SK149", json.dumps(alone)).fails
    assert finding.help == f"{denial}a policy of it"


@pytest.mark.parametrize(
    ("stated", "reason"),
    [
        (("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), ""),
        (("BlockPublicAcls", "BlockPublicPolicy"), ", by default where nothing states them"),
        ((), ", by default where nothing states them"),
    ],
)
def test_a_default_of_s3_is_told_as_one(stated: tuple[str, ...], reason: str) -> None:
    block = {"PublicAccessBlockConfiguration": dict.fromkeys(stated, True)} if stated else {}
    bucket = {"Type": "AWS::S3::Bucket", "Properties": block}
    function = {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Code": {"ZipFile": "a"},
            "Role": "arn:aws:iam::111122223333:role/a",
            "Environment": {"Variables": {"BUCKET": {"Ref": "Files"}}},
        },
    }
    (row,) = judge("SK138", json.dumps({"Resources": {"Files": bucket, "F": function}})).rows
    assert (row.verdict, row.reason) == ("pass", f"all four settings are on{reason}")
