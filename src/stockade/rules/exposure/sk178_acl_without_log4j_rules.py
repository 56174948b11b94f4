"""A web ACL that lets requests through which exploit Log4j.

## What it does
Reports web ACLs of WAF in which AWS's rules against known bad inputs (`AWSManagedRulesKnownBadInputsRuleSet`) are not, or
only count. For auditors: other tools' checklists ask for it. Where an ACL has groups of your own, or can't be looked
at, the answer is unsure. AWS's list of anonymous addresses, which some ask for too, also keeps servers from calling an API.

## Why is this bad?
A text such as `${jndi:ldap:...}` in any header makes an old Log4j fetch code and run it (CVE-2021-44228). The rules stop
such requests, and those of other faults of that kind, before they are logged anywhere.

## When it is fine
Where nothing behind the ACL runs on Java, or what does has been built since with a Log4j that is mended.

## Example
```yaml bad
Resources:
  Acl:
    Type: AWS::WAFv2::WebACL
    Properties: {Scope: REGIONAL, DefaultAction: {Allow: {}}, VisibilityConfig: {MetricName: acl}}
```
```yaml good
Resources:
  Acl:
    Type: AWS::WAFv2::WebACL
    Properties:
      Scope: REGIONAL
      DefaultAction: {Allow: {}}
      VisibilityConfig: {MetricName: acl}
      Rules:
        - Name: known-bad-inputs
          Priority: 1
          OverrideAction: {None: {}}
          Statement: {ManagedRuleGroupStatement: {VendorName: AWS, Name: AWSManagedRulesKnownBadInputsRuleSet}}
          VisibilityConfig: {MetricName: bad}
```
```hcl bad
resource "aws_wafv2_web_acl" "acl" {
  name  = "acl"
  scope = "REGIONAL"
  default_action {
    allow {}
  }
}
```
```hcl good
resource "aws_wafv2_web_acl" "acl" {
  name  = "acl"
  scope = "REGIONAL"
  default_action {
    allow {}
  }
  rule {
    name     = "known-bad-inputs"
    priority = 1
    override_action {
      none {}
    }
    statement {
      managed_rule_group_statement {
        vendor_name = "AWS"
        name        = "AWSManagedRulesKnownBadInputsRuleSet"
      }
    }
  }
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Acl:
      Type: AWS::WAFv2::WebACL
      Properties: {Scope: REGIONAL, DefaultAction: {Allow: {}}, VisibilityConfig: {MetricName: acl}}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Acl:
      Type: AWS::WAFv2::WebACL
      Properties:
        Scope: REGIONAL
        DefaultAction: {Allow: {}}
        VisibilityConfig: {MetricName: acl}
        Rules:
          - Name: known-bad-inputs
            Priority: 1
            OverrideAction: {None: {}}
            Statement: {ManagedRuleGroupStatement: {VendorName: AWS, Name: AWSManagedRulesKnownBadInputsRuleSet}}
            VisibilityConfig: {MetricName: bad}
```

## Fix safety
Advice only: rules have a price, and may stop requests that are meant well. Let them count first, and look.

## References
- [AWS's rules against known bad inputs](https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import AclRule, App, Distribution, Other, Resource, WebAcl, WebAclAssociation
from stockade.model.intent import Fix
from stockade.model.value import NO, Tri, Value, any_of, given, maybe
from stockade.rules._base import INFO, Context, Outcome, found, rule
from stockade.rules._words import told

# https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html (as of 2026-11-28)
_GROUP = "AWSManagedRulesKnownBadInputsRuleSet"
_RULES = "Log4JRCE"  # what the names of its rules about it begin with
# Types of the provider that put rules into an ACL which is declared elsewhere.
_BESIDE = ("aws_wafv2_web_acl_rule", "aws_wafv2_web_acl_rule_group_association")
_HELP = f"add the managed rule group {_GROUP} of AWS"


@rule(
    "SK178",
    "acl-without-log4j-rules",
    severity=INFO,
    persona="auditor",
    since="0.1",
    controls=["INVK-6"],
    maps={"cwe": [917]},
    aliases=["CKV2_AWS_77", "CKV_AWS_192"],
    applies="is behind no web ACL",
    holds="its web ACL has the rules against known bad inputs",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every web ACL for the group, and say so where an ACL is not in the code."""
    del ctx
    for acl in app.of(WebAcl):
        answer = any_of(given(each.exists, _stops(each)) for each in acl.acl_rules)
        yield from found(
            ~(answer | _may_stop(app, acl)),
            subject=acl,
            at=acl,
            message=f"the web ACL `{acl}` lets requests that exploit Log4j through",
            help=_HELP,
            fix=Fix.advice(_HELP),
        )
    elsewhere: list[tuple[Resource, Value[str]]] = [(each, each.acl) for each in app.of(WebAclAssociation)]
    elsewhere += [(each, each.web_acl) for each in app.of(Distribution)]
    for resource, value in elsewhere:
        known = any(isinstance(app.get(reference.target), WebAcl) for _, reference in value.references())
        if known or "regional" in resource.type.lower() or value.is_set().is_no:
            continue
        yield from found(
            maybe(f"the web ACL `{told(app, value)}` is not part of the scanned code", value.origin),
            subject=resource,
            at=value,
            message=f"the web ACL `{told(app, value)}` lets requests that exploit Log4j through",
            help=_HELP,
            fix=Fix.advice(_HELP),
        )


def _stops(each: AclRule) -> Tri:
    """Whether a rule is the group, and does more than count."""
    counted = each.counted.any(lambda name: name.starts_with(_RULES))
    return each.managed.is_(_GROUP) & ~each.counts.is_set() & ~counted


def _may_stop(app: App, acl: WebAcl) -> Tri:
    """MAYBE where rules that are not looked at may do the same."""
    own = any_of(
        given(each.exists, maybe("what is in a group of rules is not looked at", each.origin))
        for each in acl.acl_rules
        if not each.group.is_set().is_no
    )
    beside = [other for other in app.beside(acl, Other) if other.type in _BESIDE]
    added = maybe(f"what `{beside[0]}` adds is not looked at", beside[0].origin) if beside else NO
    unread = Tri("maybe", (acl.origin,), acl.acl_rules.gaps) if acl.acl_rules.gaps else NO
    return own | added | unread
