"""What is told to a user of Terraform speaks of arguments and variables, not of CloudFormation's properties and parameters."""

from __future__ import annotations

import re

import pytest

from stockade.rules import all_rules
from tests.rules.support import Verdict, app_of, examples, language_of

# Properties in camel case, CloudFormation's functions and words. What AWS itself calls so in every format may stay:
# actions, condition keys, values such as `ReportBatchItemFailures`, names of products.
_FOREIGN = re.compile(
    r"""(?<![\w:`"])[A-Z][a-z]+(?:[A-Z][a-z]+)+\b | NoEcho | \{\{resolve | \bGlobals\b | CloudFormation | \bSAM\b
    | \b(?:template|stack)\b | `[A-Z][A-Za-z]*[a-z](?::\s\w+)?`""",
    re.VERBOSE,
)
_AWS = frozenset(
    {
        "CloudWatch",
        "EventBridge",
        "CloudFront",
        "`SecureString`",
        "AdministratorAccess",
        "StringEquals",
        "ArnLike",
        "ArnEquals",
        "`StringEquals`",
        "`StringLike`",
        "AppConfig",
        "`IteratorAge`",
        "`ApproximateNumberOfMessagesVisible`",
        "`AWSLambdaBasicExecutionRole`",
        # Metrics, elements of a policy, and a value that every format calls so:
        "`Errors`",
        "`Throttles`",
        "`Duration`",
        "`Deny`",
        "`Resource`",
        "`Enforce`",
    }
)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        pytest.param(rule.code, text, id=f"{rule.code}-{number}")
        for rule in all_rules()
        if not rule.is_meta
        for number, text in enumerate(examples(rule, "bad"), 1)
        if language_of(text) == "hcl"
    ],
)
def test_texts_speak_of_terraform(code: str, text: str) -> None:
    for finding in Verdict(code, app_of(text)).fails:
        told = [finding.help, *(fix.title for fix in finding.fixes), *(fix.why for fix in finding.fixes)]
        assert [word for each in told for word in _FOREIGN.findall(each) if word not in _AWS] == []
