"""For each check one policy or several that give it and nothing else, and the same made good, which gives nothing.

Made after what AWS's page says of each check, and all our own.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from stockade.model.policy import PolicyType
from tests.iam.validate.support import policy


class Case(NamedTuple):
    """A policy with a fault, and without."""

    id: str
    bad: Any
    good: Any
    type: PolicyType = "identity"
    on: str = ""


GET = {"Action": "s3:GetObject", "Resource": "arn:aws:s3:::orders/*"}
SEND = {"Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:eu-west-1:111122223333:jobs"}
EC2 = {"Action": "ec2:StopInstances", "Resource": "*"}
ME = {"AWS": "arn:aws:iam::111122223333:role/orders"}
LAMBDA = {"Service": "lambda.amazonaws.com"}
ASSUME = {"Action": "sts:AssumeRole", "Principal": LAMBDA}
BUCKET = "AWS::S3::Bucket"
GITHUB = "token.actions.githubusercontent.com"
GITHUB_ARN = {"Federated": f"arn:aws:iam::111122223333:oidc-provider/{GITHUB}"}
WEB = "sts:AssumeRoleWithWebIdentity"


def where(operator: str, key: str, value: Any, base: dict[str, Any] = GET, **more: Any) -> dict[str, Any]:
    """A statement with a condition."""
    return base | {"Condition": {operator: {key: value}}} | more


def resource(arn: str, action: str = "s3:GetObject") -> dict[str, Any]:
    """A policy about one resource."""
    return policy({"Action": action, "Resource": arn})


def pair(id_: str, bad: Any, good: Any, type_: PolicyType = "identity", on: str = "") -> Case:
    """Two statements, or two policies."""
    whole = [policy(x) if isinstance(x, dict) and "Statement" not in x else x for x in (bad, good)]
    return Case(id_, whole[0], whole[1], type_, on)


def _without(statement: dict[str, Any], *names: str) -> dict[str, Any]:
    return {"Effect": "Allow"} | {k: v for k, v in statement.items() if k not in names}


def _bare(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _long(count: int, base: dict[str, Any]) -> dict[str, Any]:
    """A policy with many statements that say different things."""
    return policy(*(base | {"Sid": f"S{number}", **_one(number, base)} for number in range(count)))


def _one(number: int, base: dict[str, Any]) -> dict[str, Any]:
    if "Resource" in base:
        return {"Resource": f"arn:aws:s3:::{'a-bucket-with-quite-a-long-name':x<50}-{number}"}
    return {"Condition": {"StringEquals": {"sts:ExternalId": f"{'an-id-that-is-quite-long':x<60}-{number}"}}}


DENY = {"Effect": "Deny"}
RCP = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}
IS_SERVICE = {"Bool": {"aws:PrincipalIsAWSService": "true"}}
PASS = {"Action": "iam:PassRole", "Resource": "*"}
ROLE = "arn:aws:iam::111122223333:role/batch"
SLR = "arn:aws:iam::*:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"
TAGGED = {"Action": "ec2:StartInstances", "Resource": "arn:aws:ec2:*:111122223333:instance/*"}
ACCOUNT = "111122223333"

CASES: list[Case] = [
    # ------------------------------------------------------------------------------------------------------- elements
    pair("JSON_SYNTAX_ERROR", '{"Version": "2012-10-17", "Statement": [}', policy(GET)),
    pair(
        "JSON_SYNTAX_ERROR",
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Action": "s3:PutObject",'
        ' "Resource": "*"}]}',
        policy({"Action": ["s3:GetObject", "s3:PutObject"], "Resource": "*"}),
    ),
    pair("DATA_TYPE_MISMATCH", policy(GET, Version=20121017), policy(GET)),
    pair("DATA_TYPE_MISMATCH", policy(GET | {"Action": ["s3:GetObject", ["s3:PutObject"]]}), policy(GET)),
    pair("DATA_TYPE_MISMATCH", policy(GET, "x"), policy(GET)),
    pair("DATA_TYPE_MISMATCH", policy(GET | {"Sid": 5}), policy(GET | {"Sid": "5"})),
    pair("INVALID_POLICY_ELEMENT", GET | {"Conditions": {"Bool": {"aws:SecureTransport": "true"}}}, GET),
    pair("INVALID_POLICY_ELEMENT", policy(GET, Comment="for orders"), policy(GET, Id="orders")),
    pair("MISSING_STATEMENT", {"Version": "2012-10-17", "Statement": []}, policy(GET)),
    Case("MISSING_STATEMENT", {"Version": "2012-10-17"}, policy(GET)),
    pair("MISSING_EFFECT", _bare(GET), policy(GET)),
    pair("INVALID_EFFECT", GET | {"Effect": "allow"}, GET),
    pair("MISSING_ACTION", _bare(_without(GET, "Action")), policy(GET)),
    pair("MISSING_RESOURCE", _bare(_without(GET, "Resource")), policy(GET)),
    pair("MISSING_PRINCIPAL", GET, GET | {"Principal": ME}, "resource"),
    pair("UNSUPPORTED_ELEMENT_COMBINATION", EC2 | {"NotResource": "arn:aws:ec2:*:*:instance/i-1"}, EC2),
    pair("UNSUPPORTED_PRINCIPAL", GET | {"Principal": ME}, GET),
    pair("SCP_SYNTAX_ERROR_PRINCIPAL", GET | DENY | {"Principal": "*"}, GET | DENY, "scp"),
    pair("INVALID_VERSION", policy(GET, Version="2024-01-01"), policy(GET)),
    Case("MISSING_VERSION", {"Statement": [{"Effect": "Allow", **GET}]}, policy(GET)),
    pair("UNSUPPORTED_SID", GET | {"Sid": "read-orders"}, GET | {"Sid": "ReadOrders"}),
    pair("EMPTY_SID_VALUE", GET | {"Sid": ""}, GET),
    pair("UNIQUE_SIDS_REQUIRED", policy(GET | {"Sid": "A"}, SEND | {"Sid": "A"}), policy(GET | {"Sid": "A"}, SEND)),
    pair(
        "UNIQUE_SIDS_RECOMMENDED",
        policy(GET | {"Sid": "A", "Principal": ME}, GET | {"Sid": "A", "Action": "s3:PutObject", "Principal": ME}),
        policy(GET | {"Sid": "A", "Principal": ME}),
        "resource",
        BUCKET,
    ),
    pair("EMPTY_ARRAY_ACTION", GET | {"Action": []}, GET),
    pair("EMPTY_ARRAY_RESOURCE", GET | {"Resource": []}, GET),
    pair("EMPTY_ARRAY_PRINCIPAL", GET | {"Principal": {"AWS": []}}, GET | {"Principal": ME}, "resource"),
    pair("EMPTY_OBJECT_PRINCIPAL", GET | {"Principal": {}}, GET | {"Principal": ME}, "resource"),
    pair("EMPTY_OBJECT_CONDITION", GET | {"Condition": {}}, GET),
    pair("EMPTY_OBJECT_CONDITION", GET | {"Condition": {"StringEquals": {}}}, GET),
    pair(
        "EMPTY_ARRAY_CONDITION", where("StringEquals", "aws:username", []), where("StringEquals", "aws:username", "a")
    ),
    pair(
        "EMPTY_ARRAY_CONDITION_FORALLVALUES",
        where("ForAllValues:StringEquals", "aws:TagKeys", [], EC2 | DENY),
        where("Null", "aws:TagKeys", "true", EC2 | DENY),
    ),
    pair("EMPTY_ARRAY_CONDITION_FORANYVALUE", where("ForAnyValue:StringEquals", "aws:CalledVia", []), GET),
    pair("EMPTY_ARRAY_CONDITION_IFEXISTS", where("StringEqualsIfExists", "aws:username", []), GET),
    # -------------------------------------------------------------------------------------------------------- actions
    pair("INVALID_ACTION", GET | {"Action": "s3:GetObjects"}, GET),
    pair("INVALID_ACTION", GET | {"Action": "s3:ListObjectsV2"}, GET | {"Action": "s3:ListBucket"}),
    pair("INVALID_ACTION", GET | {"Action": "GetObject"}, GET),
    pair("INVALID_ACTION", GET | {"Action": "s3:Fetch*"}, GET | {"Action": "s3:Get*"}),
    pair("INVALID_SERVICE_IN_ACTION", {"Action": "stepfunctions:StartExecution", "Resource": "*"}, SEND),
    pair(
        "WILDCARD_IN_SERVICE_NAME",
        {"Action": "code*:List*", "Resource": "*"},
        {"Action": "codebuild:List*", "Resource": "*"},
    ),
    pair(
        "UNSUPPORTED_ACTION_IN_POLICY",
        GET | {"Principal": ME, "Action": ["s3:GetObject", "kms:Decrypt"]},
        GET | {"Principal": ME},
        "resource",
        BUCKET,
    ),
    pair("UNSUPPORTED_ACTION_IN_POLICY", ASSUME | {"Action": ["sts:AssumeRole", "s3:GetObject"]}, ASSUME, "trust"),
    # ------------------------------------------------------------------------------------------------------ resources
    Case("INVALID_ARN_PREFIX", resource("orders/*"), resource("arn:aws:s3:::orders/*")),
    Case("INVALID_ARN_PREFIX", resource("s3://orders/*"), resource("arn:aws:s3:::orders/*")),
    Case("MISSING_ARN_FIELD", resource("arn:aws:s3:orders"), resource("arn:aws:s3:::orders/*")),
    Case("INVALID_PARTITION", resource("arn:amazon:s3:::orders/*"), resource("arn:aws:s3:::orders/*")),
    Case("INVALID_ARN_SERVICE_CASE", resource("arn:aws:S3:::orders/*"), resource("arn:aws:s3:::orders/*")),
    Case("INVALID_SERVICE", resource("arn:aws:buckets:::orders/*"), resource("arn:aws:s3:::orders/*")),
    Case("WILDCARD_IN_SERVICE_NAME", resource("arn:aws:s*:::orders/*"), resource("arn:aws:s3:::orders/*")),
    Case(
        "INVALID_ARN_REGION",
        resource("arn:aws:sqs:eu-wst-1:111122223333:jobs", "sqs:SendMessage"),
        resource("arn:aws:sqs:eu-west-1:111122223333:jobs", "sqs:SendMessage"),
    ),
    Case(
        "INVALID_ARN_REGION",
        resource("arn:aws:sqs:cn-north-1:111122223333:jobs", "sqs:SendMessage"),
        resource("arn:aws-cn:sqs:cn-north-1:111122223333:jobs", "sqs:SendMessage"),
    ),
    Case("ARN_REGION_NOT_ALLOWED", resource("arn:aws:s3:eu-west-1::orders/*"), resource("arn:aws:s3:::orders/*")),
    Case("ARN_ACCOUNT_NOT_ALLOWED", resource("arn:aws:s3::111122223333:orders/*"), resource("arn:aws:s3:::orders/*")),
    Case(
        "MISSING_ARN_REGION",
        resource("arn:aws:sqs::111122223333:jobs", "sqs:SendMessage"),
        resource("arn:aws:sqs:*:111122223333:jobs", "sqs:SendMessage"),
    ),
    Case(
        "MISSING_ARN_ACCOUNT",
        resource("arn:aws:sqs:eu-west-1::jobs", "sqs:SendMessage"),
        resource("arn:aws:sqs:eu-west-1:*:jobs", "sqs:SendMessage"),
    ),
    Case(
        "INVALID_ARN_ACCOUNT",
        resource("arn:aws:sqs:eu-west-1:11112222333:jobs", "sqs:SendMessage"),
        resource("arn:aws:sqs:eu-west-1:111122223333:jobs", "sqs:SendMessage"),
    ),
    Case(
        "INVALID_ARN_RESOURCE",
        resource("arn:aws:lambda:eu-west-1:111122223333:function/orders", "lambda:InvokeFunction"),
        resource("arn:aws:lambda:eu-west-1:111122223333:function:orders", "lambda:InvokeFunction"),
    ),
    pair(
        "UNSUPPORTED_RESOURCE_ARN_IN_POLICY",
        GET | {"Principal": ME, "Resource": ["arn:aws:s3:::orders/*", "arn:aws:sqs:eu-west-1:111122223333:jobs"]},
        GET | {"Principal": ME},
        "resource",
        BUCKET,
    ),
    # ----------------------------------------------------------------------------------------------------- principals
    pair("INVALID_PRINCIPAL_FORMAT", GET | {"Principal": ACCOUNT}, GET | {"Principal": {"AWS": ACCOUNT}}, "resource"),
    pair("INVALID_PRINCIPAL_FORMAT", GET | {"Principal": {"AWS": "11112222333"}}, GET | {"Principal": ME}, "resource"),
    pair("INVALID_PRINCIPAL_KEY", GET | {"Principal": {"Account": ACCOUNT}}, GET | {"Principal": ME}, "resource"),
    pair(
        "UNSUPPORTED_WILDCARD_IN_PRINCIPAL",
        GET | {"Principal": {"AWS": "arn:aws:iam::111122223333:role/*"}},
        GET | {"Principal": ME},
        "resource",
    ),
    pair("INVALID_SERVICE_PRINCIPAL_FORMAT", ASSUME | {"Principal": {"Service": "lambda"}}, ASSUME, "trust"),
    pair("INVALID_SERVICE_PRINCIPAL_FORMAT", ASSUME | {"Principal": {"Service": "lambda.amazon.com"}}, ASSUME, "trust"),
    pair(
        "INVALID_SERVICE_PRINCIPAL_FORMAT",
        where("StringEquals", "iam:PassedToService", "lambda", {"Action": "iam:PassRole", "Resource": ROLE}),
        where(
            "StringEquals", "iam:PassedToService", "lambda.amazonaws.com", {"Action": "iam:PassRole", "Resource": ROLE}
        ),
    ),
    pair(
        "INVALID_SERVICE_PRINCIPAL_FORMAT",
        where("StringEquals", "kms:ViaService", "s3.amazonaws.com", {"Action": "kms:Decrypt", "Resource": "*"}),
        where(
            "StringEquals", "kms:ViaService", "s3.eu-west-1.amazonaws.com", {"Action": "kms:Decrypt", "Resource": "*"}
        ),
    ),
    pair(
        "INVALID_ROLE_REFERENCE",
        GET | {"Principal": {"AWS": "AROADBQP57FF2AEXAMPLE"}},
        GET | {"Principal": ME},
        "resource",
    ),
    pair(
        "INVALID_USER_REFERENCE",
        GET | {"Principal": {"AWS": "AIDACKCEVSQ6C2EXAMPLE"}},
        GET | {"Principal": ME},
        "resource",
    ),
    pair("ALLOW_WITH_NOT_PRINCIPAL", GET | {"NotPrincipal": ME}, GET | DENY | {"NotPrincipal": ME}, "resource"),
    pair(
        "FEDERATED_PRINCIPAL_NOT_SUPPORTED",
        GET | {"Principal": {"Federated": "arn:aws:iam::111122223333:saml-provider/idp"}},
        GET | {"Principal": ME},
        "resource",
    ),
    pair(
        "RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL",
        SEND | {"Principal": {"Service": "s3.amazonaws.com"}},
        where("StringEquals", "aws:SourceAccount", ACCOUNT, SEND | {"Principal": {"Service": "s3.amazonaws.com"}}),
        "resource",
    ),
    pair(
        "RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL",
        where("StringEquals", "aws:Referer", ACCOUNT, GET | {"Principal": {"Service": "ses.amazonaws.com"}}),
        where("StringEquals", "aws:SourceAccount", ACCOUNT, GET | {"Principal": {"Service": "ses.amazonaws.com"}}),
        "resource",
    ),
    pair(
        "UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL",
        {"Effect": "Allow", **SEND, "Principal": {"Service": "s3.amazonaws.com"}}
        | {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5", "aws:SourceAccount": ACCOUNT}}},
        where("StringEquals", "aws:SourceOrgID", "o-a1b2c3d4e5", SEND | {"Principal": {"Service": "s3.amazonaws.com"}}),
        "resource",
    ),
    # ---------------------------------------------------------------------------------------------------------- trust
    pair(
        "ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL", {"Action": "sts:AssumeRole", "NotPrincipal": ME}, ASSUME, "trust"
    ),
    pair("ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE", ASSUME | {"Resource": "*"}, ASSUME, "trust"),
    pair("ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL", ASSUME | {"Principal": "*"}, ASSUME, "trust"),
    pair(
        "INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY",
        {"Action": WEB, "Principal": {"Federated": "google"}},
        where(
            "StringEquals",
            "accounts.google.com:aud",
            "app",
            {"Action": WEB, "Principal": {"Federated": "accounts.google.com"}},
        ),
        "trust",
    ),
    pair("MISMATCHED_ACTION_FOR_PRINCIPAL", ASSUME | {"Action": "sts:AssumeRoleWithSAML"}, ASSUME, "trust"),
    pair(
        "MISMATCHED_ACTION_FOR_PRINCIPAL",
        where(
            "StringEquals",
            "saml:aud",
            "https://signin.aws.amazon.com/saml",
            {"Action": WEB, "Principal": {"Federated": "arn:aws:iam::111122223333:saml-provider/idp"}},
        ),
        where(
            "StringEquals",
            "saml:aud",
            "https://signin.aws.amazon.com/saml",
            {
                "Action": "sts:AssumeRoleWithSAML",
                "Principal": {"Federated": "arn:aws:iam::111122223333:saml-provider/idp"},
            },
        ),
        "trust",
    ),
    pair(
        "MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY",
        ASSUME | {"Principal": {"Service": "rolesanywhere.amazonaws.com"}},
        ASSUME
        | {"Principal": {"Service": "rolesanywhere.amazonaws.com"}}
        | {"Action": ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]},
        "trust",
    ),
    pair(
        "MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL",
        {"Action": WEB, "Principal": {"Federated": "cognito-identity.amazonaws.com"}},
        where(
            "StringEquals",
            "cognito-identity.amazonaws.com:aud",
            "eu-west-1:1",
            {"Action": WEB, "Principal": {"Federated": "cognito-identity.amazonaws.com"}},
        ),
        "trust",
    ),
    pair(
        "MISSING_GITHUB_REPO_CONDITION_KEY",
        where("StringEquals", f"{GITHUB}:aud", "sts.amazonaws.com", {"Action": WEB, "Principal": GITHUB_ARN}),
        where(
            "StringEquals",
            f"{GITHUB}:sub",
            "repo:acme/shop:ref:refs/heads/main",
            {"Action": WEB, "Principal": GITHUB_ARN},
        ),
        "trust",
    ),
    pair(
        "SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED",
        where("StringLike", f"{GITHUB}:sub", "repo:acme/*", {"Action": WEB, "Principal": GITHUB_ARN}),
        where(
            "StringLike",
            f"{GITHUB}:sub",
            "repo:acme/shop:ref:refs/heads/release/*",
            {"Action": WEB, "Principal": GITHUB_ARN},
        ),
        "trust",
    ),
    pair(
        "CONFIRM_AUDIENCE_CLAIM_TYPE",
        where(
            "ForAllValues:StringEquals",
            "accounts.google.com:aud",
            "app",
            {"Action": WEB, "Principal": {"Federated": "accounts.google.com"}},
        ),
        where(
            "StringEquals",
            "accounts.google.com:aud",
            "app",
            {"Action": WEB, "Principal": {"Federated": "accounts.google.com"}},
        ),
        "trust",
    ),
    pair(
        "FORANYVALUE_WITH_AUDIENCE_CLAIM_TYPE",
        where(
            "ForAnyValue:StringEquals",
            "accounts.google.com:aud",
            "app",
            {"Action": WEB, "Principal": {"Federated": "accounts.google.com"}},
        ),
        where(
            "StringEquals",
            "accounts.google.com:aud",
            "app",
            {"Action": WEB, "Principal": {"Federated": "accounts.google.com"}},
        ),
        "trust",
    ),
    pair(
        "REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY",
        ASSUME
        | {
            "Principal": {
                "AWS": ["arn:aws:iam::111122223333:role/a", "arn:aws:sts::111122223333:assumed-role/a/session"]
            }
        },
        ASSUME | {"Principal": {"AWS": "arn:aws:iam::111122223333:role/a"}},
        "trust",
    ),
    pair(
        "MISSING_ACTION_FOR_CONDITION_KEY",
        where("StringEquals", "aws:RequestTag/project", "orders", ASSUME | {"Principal": ME}),
        where("StringEquals", "aws:RequestTag/project", "orders", ASSUME | {"Principal": ME})
        | {"Action": ["sts:AssumeRole", "sts:TagSession"]},
        "trust",
    ),
    # ----------------------------------------------------------------------------------------------------- conditions
    pair(
        "INVALID_CONDITION_OPERATOR",
        where("StringEqual", "aws:username", "a"),
        where("StringEquals", "aws:username", "a"),
    ),
    pair("NULL_WITH_IF_EXISTS", where("NullIfExists", "aws:username", "true"), where("Null", "aws:username", "true")),
    pair(
        "NULL_WITH_QUALIFIER",
        where("ForAllValues:Null", "aws:TagKeys", "true", EC2),
        where("Null", "aws:TagKeys", "true", EC2),
    ),
    pair("INVALID_CONDITION_KEY_FORMAT", where("IpAddress", "SourceIp", "203.0.113.0/24"), GET),
    pair(
        "INVALID_GLOBAL_CONDITION_KEY",
        where("StringEquals", "aws:UserName2", "a"),
        where("StringEquals", "aws:username", "a"),
    ),
    pair(
        "UNSUPPORTED_GLOBAL_CONDITION_KEY",
        where("ArnLike", "aws:ARN", ROLE),
        where("ArnLike", "aws:PrincipalArn", ROLE),
    ),
    pair(
        "DEPRECATED_GLOBAL_CONDITION_KEY",
        where(
            "StringEquals",
            "AWS:SourceOwner",
            ACCOUNT,
            {"Action": "sns:Publish", "Resource": "*", "Principal": {"AWS": "*"}},
        ),
        where(
            "StringEquals",
            "aws:SourceAccount",
            ACCOUNT,
            {"Action": "sns:Publish", "Resource": "*", "Principal": {"AWS": "*"}},
        ),
        "resource",
    ),
    pair(
        "INVALID_SERVICE_CONDITION_KEY",
        where("StringEquals", "s3:version", "1"),
        where("StringEquals", "s3:VersionId", "1", GET | {"Action": "s3:GetObjectVersion"}),
    ),
    pair("INVALID_SERVICE", where("StringEquals", "bucket:prefix", "a"), GET),
    pair(
        "MISSING_TAG_KEY_IN_CONDITION",
        where("StringEquals", "aws:ResourceTag", "orders", TAGGED),
        where("StringEquals", "aws:ResourceTag/app", "orders", TAGGED),
    ),
    pair(
        "DUPLICATE_KEYS_WITH_DIFFERENT_CASE",
        GET | {"Condition": {"StringEquals": {"aws:username": "a", "aws:UserName": "b"}}},
        where("StringEquals", "aws:username", ["a", "b"]),
    ),
    pair(
        "INVALID_CONDITION_DATA_TYPE",
        where("NumericEquals", "s3:max-keys", ["10", 20], {"Action": "s3:ListBucket", "Resource": "*"}),
        GET,
    ),
    pair(
        "MISSING_QUALIFIER",
        where("StringEquals", "aws:TagKeys", ["a"], {"Action": "ec2:CreateTags", "Resource": "*"}),
        where("ForAllValues:StringEquals", "aws:TagKeys", ["a"], {"Action": "ec2:CreateTags", "Resource": "*"}),
    ),
    pair(
        "FORALLVALUES_WITH_SINGLE_VALUED_KEY",
        where("ForAllValues:StringEquals", "aws:username", "a"),
        where("StringEquals", "aws:username", "a"),
    ),
    pair(
        "TYPE_MISMATCH",
        where("StringEquals", "aws:SecureTransport", "true"),
        where("Bool", "aws:SecureTransport", "true"),
    ),
    pair(
        "STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS",
        where("StringLike", "aws:PrincipalArn", "arn:aws:iam::*:role/a"),
        where("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/a"),
    ),
    pair("UNTRUSTWORTHY_CONDITION_KEY", where("StringEquals", "aws:UserAgent", "orders"), GET),
    pair(
        "MISSING_PAIRED_CONDITION_KEYS",
        where("IpAddress", "aws:VpcSourceIp", "10.0.0.0/8"),
        GET
        | {
            "Condition": {
                "IpAddress": {"aws:VpcSourceIp": "10.0.0.0/8"},
                "StringEquals": {"aws:SourceVpc": "vpc-12345678"},
            }
        },
    ),
    pair(
        "S3_PREFIX_IN_NEGATIVE_CONTEXT",
        where("StringLike", "s3:prefix", "private/*", {"Action": "s3:ListBucket", "Resource": "*"} | DENY),
        where("StringNotLike", "s3:prefix", "public/*", {"Action": "s3:ListBucket", "Resource": "*"} | DENY),
    ),
    pair(
        "DYNAMODB_ATTRIBUTES_WITHOUT_SELECT",
        where(
            "ForAllValues:StringEquals", "dynamodb:Attributes", ["id"], {"Action": "dynamodb:GetItem", "Resource": "*"}
        ),
        {"Action": "dynamodb:GetItem", "Resource": "*"}
        | {
            "Condition": {
                "ForAllValues:StringEquals": {"dynamodb:Attributes": ["id"]},
                "StringEquals": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"},
            }
        },
    ),
    pair(
        "USE_CONDITION_KEY_ONLY_WITH_SUPPORTED_SERVICES",
        where(
            "StringEquals",
            "aws:VpceOrgID",
            "o-a1b2c3d4e5",
            {"Action": ["s3:GetObject", "rds:StopDBInstance"], "Resource": "*"},
        ),
        where("StringEquals", "aws:VpceOrgID", "o-a1b2c3d4e5", {"Action": "s3:GetObject", "Resource": "*"}),
    ),
    pair(
        "IRRELEVANT_CONDITION_KEY_IN_POLICY",
        where("StringEquals", "s3:ResourceAccount", ACCOUNT, GET | {"Principal": ME}),
        GET | {"Principal": ME},
        "resource",
        BUCKET,
    ),
    # --------------------------------------------------------------------------------------------------------- values
    pair(
        "TYPE_MISMATCH_BOOLEAN",
        where("Bool", "aws:SecureTransport", "yes"),
        where("Bool", "aws:SecureTransport", "true"),
    ),
    pair(
        "TYPE_MISMATCH_NUMBER",
        where("NumericLessThan", "aws:MultiFactorAuthAge", "an hour"),
        where("NumericLessThan", "aws:MultiFactorAuthAge", "3600"),
    ),
    pair(
        "TYPE_MISMATCH_DATE",
        where("DateLessThan", "aws:CurrentTime", "next year"),
        where("DateLessThan", "aws:CurrentTime", "2027-06-30T00:00:00Z"),
    ),
    pair(
        "INVALID_DATE_VALUE",
        where("DateLessThan", "aws:CurrentTime", "1798761600"),
        where("DateLessThan", "aws:CurrentTime", "2027-06-30"),
    ),
    pair(
        "TYPE_MISMATCH_IP_RANGE",
        where("IpAddress", "aws:SourceIp", "203.0.113"),
        where("IpAddress", "aws:SourceIp", "203.0.113.0/24"),
    ),
    pair(
        "TYPE_MISMATCH_STRING",
        where("BinaryEquals", "example.com:bytes", "not base64!", {"Action": "s3:GetObject", "Resource": "*"}),
        GET,
    ),
    pair(
        "INVALID_CONDITION_MULTIPLE_BOOLEAN",
        where("Bool", "aws:SecureTransport", ["true", "false"]),
        where("Bool", "aws:SecureTransport", "true"),
    ),
    pair(
        "IMPROVE_IP_RANGE",
        where("IpAddress", "aws:SourceIp", "203.0.113.7/24"),
        where("IpAddress", "aws:SourceIp", "203.0.113.0/24"),
    ),
    pair(
        "PRIVATE_IP_ADDRESS",
        where("IpAddress", "aws:SourceIp", "10.1.0.0/16"),
        where("IpAddress", "aws:SourceIp", "203.0.113.0/24"),
    ),
    pair(
        "PRIVATE_NOT_IP_ADDRESS",
        where("NotIpAddress", "aws:SourceIp", "192.168.0.0/16"),
        where("NotIpAddress", "aws:SourceIp", "203.0.113.0/24"),
    ),
    pair(
        "PRIVATE_IP_ADDRESS_SUBSET",
        where("IpAddress", "aws:SourceIp", ["203.0.113.0/24", "10.1.0.0/16"]),
        where("IpAddress", "aws:SourceIp", "203.0.113.0/24"),
    ),
    pair(
        "PRIVATE_NOT_IP_ADDRESS_SUBSET", where("NotIpAddress", "aws:SourceIp", ["203.0.113.0/24", "10.1.0.0/16"]), GET
    ),
    pair(
        "WILDCARD_WITHOUT_LIKE_OPERATOR",
        where("StringEquals", "aws:PrincipalTag/team", "shop-*"),
        where("StringLike", "aws:PrincipalTag/team", "shop-*"),
    ),
    pair(
        "WILDCARD_USAGE_TOO_PERMISSIVE",
        where("StringLike", "aws:PrincipalOrgID", "o-*"),
        where("StringEquals", "aws:PrincipalOrgID", "o-a1b2c3d4e5"),
    ),
    pair(
        "WILDCARD_USAGE_TOO_PERMISSIVE",
        where("StringLike", "aws:userid", "AROA*"),
        where("StringLike", "aws:userid", "AROADBQP57FF2AEXAMPLE:*"),
    ),
    pair(
        "INVALID_REGION",
        where("StringEquals", "aws:RequestedRegion", "europe-west-1"),
        where("StringEquals", "aws:RequestedRegion", "eu-west-1"),
    ),
    pair(
        "INVALID_VPC_FORMAT",
        where("StringEquals", "aws:SourceVpc", "my-vpc"),
        where("StringEquals", "aws:SourceVpc", "vpc-0123456789abcdef0"),
    ),
    pair(
        "INVALID_VPCE_FORMAT",
        where("StringEquals", "aws:SourceVpce", "vpc-12345678"),
        where("StringEquals", "aws:SourceVpce", "vpce-12345678"),
    ),
    pair(
        "INVALID_KMS_KEY_VALUE",
        where(
            "StringEquals",
            "s3:x-amz-server-side-encryption-aws-kms-key-id",
            "alias/orders",
            GET | {"Action": "s3:PutObject"},
        ),
        where(
            "StringEquals",
            "s3:x-amz-server-side-encryption-aws-kms-key-id",
            "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
            GET | {"Action": "s3:PutObject"},
        ),
    ),
    pair(
        "EQUIVALENT_TO_NULL_FALSE",
        where("StringLike", "aws:PrincipalTag/team", "*"),
        where("Null", "aws:PrincipalTag/team", "false"),
    ),
    pair(
        "EQUIVALENT_TO_NULL_TRUE",
        where("StringNotLike", "aws:PrincipalTag/team", "*"),
        where("Null", "aws:PrincipalTag/team", "true"),
    ),
    pair("REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION", where("StringLikeIfExists", "aws:PrincipalTag/team", "*"), GET),
    pair(
        "REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION",
        where("ForAnyValue:StringNotLike", "aws:CalledVia", "*"),
        GET,
    ),
    pair(
        "REDUNDANT_CONDITION_VALUE_NUM",
        where("NumericLessThan", "aws:MultiFactorAuthAge", ["600", "3600"]),
        where("NumericLessThan", "aws:MultiFactorAuthAge", "3600"),
    ),
    # ------------------------------------------------------------------------------------------------------ variables
    Case(
        "VARIABLE_UNSUPPORTED_IN_VERSION",
        {"Statement": [{"Effect": "Allow", **GET, "Resource": "arn:aws:s3:::orders/${aws:username}/*"}]},
        resource("arn:aws:s3:::orders/${aws:username}/*"),
    ),
    pair("VARIABLE_UNSUPPORTED_IN_ELEMENT", GET | {"Action": "s3:${aws:PrincipalTag/verb}"}, GET),
    Case(
        "MISSING_BRACE_IN_VARIABLE",
        resource("arn:aws:s3:::orders/${aws:username/*"),
        resource("arn:aws:s3:::orders/${aws:username}/*"),
    ),
    Case("EMPTY_VARIABLE", resource("arn:aws:s3:::orders/${}/*"), resource("arn:aws:s3:::orders/${aws:username}/*")),
    Case(
        "UNSUPPORTED_SPACE_IN_VARIABLE",
        resource("arn:aws:s3:::orders/${aws: username}/*"),
        resource("arn:aws:s3:::orders/${aws:username}/*"),
    ),
    Case(
        "MISSING_QUOTE_IN_VARIABLE",
        resource("arn:aws:s3:::orders/${aws:username, none}/*"),
        resource("arn:aws:s3:::orders/${aws:username, 'none'}/*"),
    ),
    pair(
        "INVALID_VARIABLE_FOR_OPERATOR",
        where("NumericEquals", "aws:MultiFactorAuthAge", "${aws:PrincipalTag/age}"),
        GET,
    ),
    pair(
        "VARIABLE_USAGE_TOO_PERMISSIVE",
        where("StringLike", "aws:PrincipalAccount", "${aws:PrincipalTag/home}"),
        where("StringEquals", "aws:PrincipalAccount", "${aws:PrincipalTag/home}"),
    ),
    # --------------------------------------------------------------------------------- keys that requests do not have
    pair(
        "UNSUPPORTED_ACTION_FOR_CONDITION_KEY",
        where("StringEquals", "s3:x-amz-acl", "private", GET),
        where("StringEquals", "s3:x-amz-acl", "private", GET | {"Action": "s3:PutObject"}),
    ),
    pair(
        "ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
        where("StringEquals", "aws:ResourceTag/app", "orders", {"Action": "sts:GetCallerIdentity", "Resource": "*"}),
        where("StringEquals", "aws:ResourceTag/app", "orders", TAGGED),
    ),
    pair(
        "DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
        where(
            "StringEquals", "aws:ResourceTag/app", "orders", {"Action": "sts:GetCallerIdentity", "Resource": "*"} | DENY
        ),
        where("StringEquals", "aws:ResourceTag/app", "orders", TAGGED | DENY),
    ),
    pair(
        "ALLOW_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
        where("StringEquals", "aws:ResourceTag/app", "orders", {"NotAction": "iam:*", "Resource": "*"}),
        where("StringEquals", "aws:ResourceTag/app", "orders", TAGGED),
    ),
    pair(
        "DENY_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
        where("StringEquals", "aws:ResourceTag/app", "orders", {"NotAction": "s3:*", "Resource": "*"} | DENY),
        where("StringEquals", "aws:ResourceTag/app", "orders", TAGGED | DENY),
    ),
    # --------------------------------------------------------------------------------------------------------- grants
    pair("PASS_ROLE_WITH_STAR_IN_RESOURCE", PASS, PASS | {"Resource": ROLE}),
    pair("PASS_ROLE_WITH_NOT_RESOURCE", {"Action": "iam:PassRole", "NotResource": ROLE}, PASS | {"Resource": ROLE}),
    pair(
        "PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE",
        {"Action": "iam:Pass*", "Resource": "*"},
        PASS | {"Resource": ROLE},
    ),
    pair(
        "PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE",
        {"Action": "iam:Pass*", "NotResource": ROLE},
        PASS | {"Resource": ROLE},
    ),
    pair(
        "PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION",
        {"NotAction": ["iam:Create*", "s3:*"], "Resource": "*"},
        {"NotAction": ["iam:*", "s3:*"], "Resource": "*"},
    ),
    pair(
        "PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE",
        {"NotAction": ["iam:Create*", "s3:*"], "NotResource": ROLE},
        {"NotAction": ["iam:*", "s3:*"], "NotResource": ROLE},
    ),
    pair(
        "CREATE_SLR_WITH_STAR_IN_RESOURCE",
        {"Action": "iam:CreateServiceLinkedRole", "Resource": "*"},
        {"Action": "iam:CreateServiceLinkedRole", "Resource": SLR},
    ),
    pair(
        "CREATE_SLR_WITH_NOT_RESOURCE",
        {"Action": "iam:CreateServiceLinkedRole", "NotResource": ROLE},
        {"Action": "iam:CreateServiceLinkedRole", "Resource": SLR},
    ),
    pair(
        "CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE",
        {"Action": "iam:Create*", "Resource": "*"},
        {"Action": "iam:Create*", "Resource": ROLE},
    ),
    pair(
        "CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE",
        {"Action": "iam:Create*", "NotResource": ROLE},
        {"Action": "iam:Create*", "Resource": ROLE},
    ),
    pair(
        "CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION",
        {"NotAction": ["iam:Pass*", "s3:*"], "Resource": "*"},
        {"NotAction": ["iam:*", "s3:*"], "Resource": "*"},
    ),
    pair(
        "CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE",
        {"NotAction": ["iam:Pass*", "s3:*"], "NotResource": ROLE},
        {"NotAction": ["iam:*", "s3:*"], "NotResource": ROLE},
    ),
    # ----------------------------------------------------------------------------------------------------- redundancy
    pair(
        "REDUNDANT_ACTION", GET | {"Action": ["s3:Get*", "s3:GetObject"]}, GET | {"Action": ["s3:Get*", "s3:PutObject"]}
    ),
    pair(
        "REDUNDANT_RESOURCE",
        GET | {"Resource": ["arn:aws:s3:::orders/*", "arn:aws:s3:::orders/2027/*"]},
        GET | {"Resource": ["arn:aws:s3:::orders/*", "arn:aws:s3:::returns/*"]},
    ),
    pair(
        "REDUNDANT_STATEMENT",
        policy({"Action": "s3:Get*", "Resource": "arn:aws:s3:::orders/*"}, GET),
        policy({"Action": "s3:Get*", "Resource": "arn:aws:s3:::orders/*"}, SEND),
    ),
    # ----------------------------------------------------------------------------------------------------------- size
    Case("POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA", _long(60, GET), _long(20, GET)),
    Case(
        "POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA",
        _long(150, GET | {"Principal": ME}),
        _long(20, GET | {"Principal": ME}),
        "resource",
        BUCKET,
    ),
    Case(
        "POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA",
        _long(14, ASSUME | {"Principal": ME}),
        _long(4, ASSUME | {"Principal": ME}),
        "trust",
    ),
    Case("POLICY_SIZE_EXCEEDS_SCP_QUOTA", _long(90, GET | DENY), _long(20, GET | DENY), "scp"),
    Case("POLICY_SIZE_EXCEEDS_RCP_QUOTA", _long(40, RCP), _long(20, RCP), "rcp"),
    # ------------------------------------------------------------------------------------- resource control policies
    pair("RCP_SYNTAX_ERROR_PRINCIPAL", RCP | {"Principal": ME}, RCP, "rcp"),
    pair("RCP_SYNTAX_ERROR_ALLOW", RCP | {"Effect": "Allow"}, RCP, "rcp"),
    pair(
        "RCP_SYNTAX_ERROR_NOTACTION",
        {k: v for k, v in RCP.items() if k != "Action"} | {"NotAction": "s3:*"},
        RCP,
        "rcp",
    ),
    pair("RCP_SYNTAX_ERROR_ACTION", RCP | {"Action": "ec2:*"}, RCP, "rcp"),
    pair(
        "RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY",
        where("StringNotEqualsIfExists", "aws:PrincipalOrgID", "o-a1b2c3d4e5", RCP),
        RCP
        | {
            "Condition": {
                "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"},
                "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
            }
        },
        "rcp",
    ),
    pair(
        "RCP_MISSING_RELATED_SERVICE_PRINCIPAL_CONDITION_KEY",
        RCP
        | {
            "Condition": {
                "StringNotEqualsIfExists": {"aws:SourceOrgID": "o-a1b2c3d4e5"},
                "Null": {"aws:SourceAccount": "false"},
            }
        },
        RCP
        | {
            "Condition": {
                "StringNotEqualsIfExists": {"aws:SourceOrgID": "o-a1b2c3d4e5"},
                "Null": {"aws:SourceAccount": "false"},
                **IS_SERVICE,
            }
        },
        "rcp",
    ),
    pair(
        "RCP_MISSING_SERVICE_CONDITION_KEY_NULL_CHECK",
        RCP | {"Condition": {"StringNotEqualsIfExists": {"aws:SourceOrgID": "o-a1b2c3d4e5"}, **IS_SERVICE}},
        RCP
        | {
            "Condition": {
                "StringNotEqualsIfExists": {"aws:SourceOrgID": "o-a1b2c3d4e5"},
                "Null": {"aws:SourceAccount": "false"},
                **IS_SERVICE,
            }
        },
        "rcp",
    ),
]
