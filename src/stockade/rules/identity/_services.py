"""How much harm somebody does who may do anything in a service. Our own judgement."""

from __future__ import annotations

from collections.abc import Iterable

from stockade.rules._base import CRITICAL, HIGH, LOW, MEDIUM, Severity
from stockade.rules.identity._roles import worst

# Whoever has these has the account.
_CRITICAL = frozenset({"iam", "organizations", "sso", "account", "sts"})
# Data, secrets, code that runs with other rights, and what watches over them.
_HIGH = frozenset(
    {
        "acm-pca",
        "aoss",
        "apigateway",
        "athena",
        "backup",
        "batch",
        "cloudformation",
        "cloudtrail",
        "codebuild",
        "codecommit",
        "codedeploy",
        "codepipeline",
        "cognito-identity",
        "cognito-idp",
        "config",
        "dax",
        "dynamodb",
        "ec2",
        "ecr",
        "ecs",
        "eks",
        "elasticache",
        "elasticfilesystem",
        "elasticmapreduce",
        "es",
        "glue",
        "guardduty",
        "kms",
        "lakeformation",
        "lambda",
        "lightsail",
        "rds",
        "rds-data",
        "redshift",
        "redshift-data",
        "route53",
        "s3",
        "s3-object-lambda",
        "sagemaker",
        "secretsmanager",
        "securityhub",
        "ssm",
        "states",
    }
)
# Nothing of the owner's is kept there, or only telemetry.
_LOW = frozenset(
    {
        "application-autoscaling",
        "autoscaling",
        "ce",
        "cloudwatch",
        "comprehend",
        "ec2messages",
        "mobileanalytics",
        "polly",
        "pricing",
        "rekognition",
        "sdb",
        "ssmmessages",
        "synthetics",
        "textract",
        "transcribe",
        "translate",
        "xray",
    }
)


def sensitivity(service: str) -> Severity:
    """How severe it is that a function may do everything in a service."""
    name = service.lower()
    if name in _CRITICAL:
        return CRITICAL
    return HIGH if name in _HIGH else LOW if name in _LOW else MEDIUM


def worst_of(services: Iterable[str]) -> Severity:
    """The worst of several services; medium where none is known."""
    found = [sensitivity(service) for service in services]
    return worst(found) if found else MEDIUM
