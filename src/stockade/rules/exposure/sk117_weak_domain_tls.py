"""A custom domain of an API that accepts outdated TLS.

## What it does
Reports custom domain names, and APIs with a security policy of their own, that accept TLS 1.0 and 1.1.

## Why is this bad?
TLS 1.0 and 1.1 were withdrawn in 2021 (RFC 8996): their ciphers and hashes are broken or weak, and PCI DSS forbids
them. Whoever sits between a client and the API can make old clients fall back to them.

## When it is fine
Only while devices that can't be updated still call, and then best on a domain name of their own.

## Example
```yaml bad
Resources:
  Domain:
    Type: AWS::ApiGateway::DomainName
    Properties: {DomainName: api.example.com, CertificateArn: arn:aws:acm:a:1:certificate/x, SecurityPolicy: TLS_1_0}
```
```yaml good
Resources:
  Domain:
    Type: AWS::ApiGateway::DomainName
    Properties: {DomainName: api.example.com, CertificateArn: arn:aws:acm:a:1:certificate/x, SecurityPolicy: TLS_1_2}
```
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      Domain: {DomainName: api.example.com, CertificateArn: arn:aws:acm:a:1:certificate/x, SecurityPolicy: TLS_1_0}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      Domain: {DomainName: api.example.com, CertificateArn: arn:aws:acm:a:1:certificate/x, SecurityPolicy: TLS_1_2}
```
```hcl bad
resource "aws_api_gateway_domain_name" "api" {
  domain_name              = "api.example.com"
  regional_certificate_arn = "arn:aws:acm:eu-west-1:111122223333:certificate/x"
  security_policy          = "TLS_1_0"

  endpoint_configuration { types = ["REGIONAL"] }
}
```
```hcl good
resource "aws_api_gateway_domain_name" "api" {
  domain_name              = "api.example.com"
  regional_certificate_arn = "arn:aws:acm:eu-west-1:111122223333:certificate/x"
  security_policy          = "TLS_1_2"

  endpoint_configuration { types = ["REGIONAL"] }
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    events:
      - httpApi: GET /orders
resources:
  Resources:
    Domain:
      Type: AWS::ApiGateway::DomainName
      Properties: {DomainName: api.example.com, CertificateArn: arn:aws:acm:a:1:certificate/x, SecurityPolicy: TLS_1_0}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    events:
      - httpApi: GET /orders
resources:
  Resources:
    Domain:
      Type: AWS::ApiGateway::DomainName
      Properties: {DomainName: api.example.com, CertificateArn: arn:aws:acm:a:1:certificate/x, SecurityPolicy: TLS_1_2}
```

## Fix safety
Unsafe: clients that know nothing newer than TLS 1.1 can't connect any more.

## References
- [Security policies for custom domains](https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.knowledge import tls
from stockade.model.app import Api, App, Domain
from stockade.model.intent import Fix, Set
from stockade.model.value import Value
from stockade.rules._base import MEDIUM, Context, Outcome, found, rule
from stockade.rules.exposure._shared import named


@rule(
    "SK117",
    "weak-domain-tls",
    severity=MEDIUM,
    since="0.1",
    controls=["INVK-6"],
    maps={"cwe": [326]},
    aliases=[
        "CKV_AWS_206",
        "AWS-0005",
        "W62",
        "AWS-0112",
        "4e1cc5d3",
        "8275fab0",
        "FG_R00375",
        "FG_R00376",
        "customDomainTlsVersion",
    ],
    applies="is behind no API with a domain name or a security policy",
    holds="clients need TLS 1.2 or newer",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every domain name, and every API that states one, for its security policy."""
    del ctx
    records: list[tuple[Domain | Api, str, Value[str]]] = [(d, "tls_policy", d.tls_policy) for d in app.of(Domain)]
    records += [(a, "minimum_tls", a.minimum_tls) for a in app.apis if not a.minimum_tls.is_set().is_no]
    for record, field, policy in records:
        yield from found(
            policy.where(_is_outdated),
            subject=record,
            at=policy if policy.is_set().is_yes else record,
            message=f"`{named(record)}` accepts TLS 1.0 and 1.1",
            help="set the security policy to TLS_1_2",
            fix=Fix.unsafe(
                "accept TLS 1.2 and newer only",
                Set(record, field, "TLS_1_2"),
                why="clients that know nothing newer than TLS 1.1 can't connect any more",
            ),
        )


def _is_outdated(name: object) -> bool:
    known = tls.default_tls_policy("apigateway-domain") if name is None else tls.tls_policy("apigateway", str(name))
    return known is not None and not known.current
