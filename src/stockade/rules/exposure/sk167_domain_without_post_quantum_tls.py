"""A domain name of a REST API without a post-quantum TLS policy.

## What it does
Reports custom domain names of REST APIs, and REST APIs with a security policy of their own, whose policy offers no hybrid
key exchange with ML-KEM. For auditors: other tools' checklists ask for it. Domain names of HTTP and WebSocket APIs can't have
such a policy, as of 2026-11-17, and are not told.

## Why is this bad?
Who records encrypted traffic today may decrypt it once there are quantum computers that break today's key exchange. What has
to stay secret for many years is at stake, and nothing else.

## When it is fine
Mostly: clients choose, and those that don't know ML-KEM go on as before. What weighs more is whether old TLS is
accepted (`weak-domain-tls`).

## Example
```yaml bad
Resources:
  Domain:
    Type: AWS::ApiGateway::DomainName
    Properties: {DomainName: api.example.com, RegionalCertificateArn: arn:aws:acm:a:1:certificate/x, SecurityPolicy: TLS_1_2}
```
```yaml good
Resources:
  Domain:
    Type: AWS::ApiGateway::DomainName
    Properties:
      DomainName: api.example.com
      RegionalCertificateArn: arn:aws:acm:a:1:certificate/x
      EndpointConfiguration: {Types: [REGIONAL]}
      EndpointAccessMode: STRICT
      SecurityPolicy: SecurityPolicy_TLS13_1_2_PQ_2025_09
```
```hcl bad
resource "aws_api_gateway_domain_name" "api" {
  domain_name              = "api.example.com"
  regional_certificate_arn = "arn:aws:acm:eu-west-1:111122223333:certificate/x"
  security_policy          = "TLS_1_2"

  endpoint_configuration { types = ["REGIONAL"] }
}
```
```hcl good
resource "aws_api_gateway_domain_name" "api" {
  domain_name              = "api.example.com"
  regional_certificate_arn = "arn:aws:acm:eu-west-1:111122223333:certificate/x"
  security_policy          = "SecurityPolicy_TLS13_1_2_PQ_2025_09"
  endpoint_access_mode     = "STRICT"

  endpoint_configuration { types = ["REGIONAL"] }
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Domain:
      Type: AWS::ApiGateway::DomainName
      Properties: {DomainName: api.example.com, RegionalCertificateArn: arn:aws:acm:a:1:certificate/x}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Domain:
      Type: AWS::ApiGateway::DomainName
      Properties:
        DomainName: api.example.com
        RegionalCertificateArn: arn:aws:acm:a:1:certificate/x
        EndpointConfiguration: {Types: [REGIONAL]}
        EndpointAccessMode: STRICT
        SecurityPolicy: SecurityPolicy_TLS13_1_2_PQ_2025_09
```

## Fix safety
Advice only: such a policy needs a regional or private endpoint and an access mode, and clients below TLS 1.2 can't connect.

## References
- [Security policies for REST APIs](https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.knowledge import tls
from stockade.model.app import Api, App, Domain
from stockade.model.intent import Fix
from stockade.model.value import Tri, Value, maybe
from stockade.rules._base import INFO, Context, Outcome, found, rule
from stockade.rules.exposure._shared import named

_OFFERED = "SecurityPolicy_TLS13_1_2_PQ_2025_09"


@rule(
    "SK167",
    "domain-without-post-quantum-tls",
    severity=INFO,
    persona="auditor",
    since="0.1",
    controls=["INVK-6"],
    maps={"cwe": [327]},
    applies="is behind no REST API with a domain name or a security policy",
    holds="a key exchange is offered that quantum computers don't break",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every domain name of REST APIs, and every such API that states one, for its security policy."""
    del ctx
    records: list[tuple[Domain | Api, Value[str]]] = [(d, d.tls_policy) for d in app.of(Domain) if _of_rest(d)]
    records += [(a, a.minimum_tls) for a in app.apis if a.protocol == "REST" and not a.minimum_tls.is_set().is_no]
    for record, policy in records:
        yield from found(
            policy.where(_offers_none),
            subject=record,
            at=policy if policy.is_set().is_yes else record,
            message=f"`{named(record)}` offers no post-quantum key exchange",
            help=f"if what is sent has to stay secret for many years, set a policy such as {_OFFERED}",
            fix=Fix.advice("set a policy with ML-KEM"),
        )


def _of_rest(domain: Domain) -> bool:
    """Whether a domain name is of the API Gateway that knows such policies."""
    kind = domain.type.lower()
    return not any(word in kind for word in ("apigatewayv2", "httpapi", "websocketapi"))


def _offers_none(name: object) -> bool | Tri:
    known = tls.default_tls_policy("apigateway-domain") if name is None else tls.tls_policy("apigateway", str(name))
    if known is None:
        return maybe(f"what the policy `{name}` offers is not known, as of {tls.provenance().as_of}")
    return not known.post_quantum
