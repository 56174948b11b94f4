"""An API with a domain name of its own whose `execute-api` address still works.

## What it does
Reports APIs that a custom domain name is mapped to and whose default endpoint is not disabled. It weighs more where
the domain asks for client certificates. A domain that is there under a condition only counts where that holds.

## Why is this bad?
What stands at the domain (client certificates, a newer TLS policy, a CDN with a firewall) is not there at
`https://id.execute-api.region.amazonaws.com`. Whoever knows or guesses that address goes around it.

## When it is fine
Where nothing but the name distinguishes the two, or monitoring needs the default address.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      Domain: {DomainName: api.example.com, CertificateArn: arn:aws:acm:a:1:certificate/x, SecurityPolicy: TLS_1_2}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      DisableExecuteApiEndpoint: true
      Domain: {DomainName: api.example.com, CertificateArn: arn:aws:acm:a:1:certificate/x, SecurityPolicy: TLS_1_2}
```
```yaml bad
Resources:
  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: shop, ProtocolType: HTTP}}
  Domain: {Type: AWS::ApiGatewayV2::DomainName, Properties: {DomainName: api.example.com}}
  Mapping:
    Type: AWS::ApiGatewayV2::ApiMapping
    Properties: {ApiId: !Ref Api, DomainName: !Ref Domain, Stage: $default}
```
```yaml good
Resources:
  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: shop, ProtocolType: HTTP, DisableExecuteApiEndpoint: true}}
  Domain: {Type: AWS::ApiGatewayV2::DomainName, Properties: {DomainName: api.example.com}}
  Mapping:
    Type: AWS::ApiGatewayV2::ApiMapping
    Properties: {ApiId: !Ref Api, DomainName: !Ref Domain, Stage: $default}
```
```hcl bad
resource "aws_apigatewayv2_api" "shop" {
  name          = "shop"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_domain_name" "shop" {
  domain_name = "api.example.com"

  domain_name_configuration {
    certificate_arn = "arn:aws:acm:eu-west-1:111122223333:certificate/x"
    endpoint_type   = "REGIONAL"
    security_policy = "TLS_1_2"
  }
}

resource "aws_apigatewayv2_api_mapping" "shop" {
  api_id      = aws_apigatewayv2_api.shop.id
  domain_name = aws_apigatewayv2_domain_name.shop.id
  stage       = "$default"
}
```
```hcl good
resource "aws_apigatewayv2_api" "shop" {
  name                         = "shop"
  protocol_type                = "HTTP"
  disable_execute_api_endpoint = true
}

resource "aws_apigatewayv2_domain_name" "shop" {
  domain_name = "api.example.com"

  domain_name_configuration {
    certificate_arn = "arn:aws:acm:eu-west-1:111122223333:certificate/x"
    endpoint_type   = "REGIONAL"
    security_policy = "TLS_1_2"
  }
}

resource "aws_apigatewayv2_api_mapping" "shop" {
  api_id      = aws_apigatewayv2_api.shop.id
  domain_name = aws_apigatewayv2_domain_name.shop.id
  stage       = "$default"
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
    Domain: {Type: AWS::ApiGatewayV2::DomainName, Properties: {DomainName: api.example.com}}
    Use:
      Type: AWS::ApiGatewayV2::ApiMapping
      Properties: {ApiId: !Ref HttpApi, DomainName: !Ref Domain, Stage: !Ref HttpApiStage}
```
```yaml good
service: shop
provider:
  name: aws
  runtime: python3.13
  httpApi: {disableDefaultEndpoint: true}
functions:
  orders:
    handler: app.handler
    events:
      - httpApi: GET /orders
resources:
  Resources:
    Domain: {Type: AWS::ApiGatewayV2::DomainName, Properties: {DomainName: api.example.com}}
    Use:
      Type: AWS::ApiGatewayV2::ApiMapping
      Properties: {ApiId: !Ref HttpApi, DomainName: !Ref Domain, Stage: !Ref HttpApiStage}
```

## Fix safety
Unsafe: whoever uses the default address stops working. Advice only where the domain is there under a condition: without it
the default address is the only one.

## References
- [Disable the default endpoint](https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-disable-default-endpoint.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import Api, App, Domain
from stockade.model.intent import Fix, Set
from stockade.model.value import NO, PART, YES, Tri, When, conjoin, given
from stockade.rules._base import LOW, MEDIUM, Context, Label, Outcome, found, rule
from stockade.rules._words import by_format
from stockade.rules.exposure._shared import named


@rule(
    "SK127",
    "default-endpoint-beside-domain",
    severity=LOW,
    persona="pedantic",
    since="0.1",
    controls=["INVK-6"],
    aliases=["defaultEndpointDisabled"],
    applies="is behind no API with a domain name",
    holds="the API answers at its domain name only",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every API with a domain name whether its default endpoint is off."""
    del ctx
    for api, mapped, domain in _mapped(app):
        certificates = domain.mutual_tls.is_set().is_yes
        sometimes = mapped.truth == "mixed"
        help_ = _disable(api) + (" under the same condition as the domain" if sometimes else "")
        yield from found(
            mapped & ~api.default_endpoint_disabled.is_true() & ~api.endpoint_type.is_("PRIVATE"),
            subject=api,
            at=api,
            severity=MEDIUM if certificates else LOW,
            message=(
                f"`{api}` can be called around {_called(domain)}"
                + (" and its client certificates" if certificates else "")
                + ": the default endpoint still answers"
            ),
            help=help_,
            fix=Fix.advice(help_)
            if sometimes
            else Fix.unsafe(
                "disable the default endpoint",
                Set(api, "default_endpoint_disabled", value=True),
                why="whoever uses the default address stops working",
            ),
            related=(Label(domain.origin, "the domain name"),),
        )


def _disable(api: Api) -> str:
    """How to disable the default endpoint, in the words of the format."""
    of_framework = {
        "REST": "set `apiGateway.disableDefaultEndpoint` under `provider` to true",
        "HTTP": "set `httpApi.disableDefaultEndpoint` under `provider` to true",
    }
    by_extension = "set `DisableExecuteApiEndpoint` under `resources.extensions` to true"
    set_ = by_format(
        api,
        "set `DisableExecuteApiEndpoint` to true",
        "set `disable_execute_api_endpoint` to true",
        of_framework.get(api.protocol, by_extension),
    )
    if not api.implicit:
        return set_
    # `Globals` have no such word for an API that SAM makes by itself.
    return f"declare the API as an `AWS::Serverless::{'HttpApi' if api.protocol == 'HTTP' else 'Api'}`, and {set_}"


def _called(domain: Domain) -> str:
    """A domain by its name, if a part of it is written and not all left to parameters."""
    # SAM makes up the ids of domains, so that these say nothing.
    written = all(leaf.reads(rf".*[^{PART}].*").is_yes for _, leaf in domain.name.leaves())
    return f"`{named(domain)}`" if written else "its domain name"


def _mapped(app: App) -> Iterator[tuple[Api, Tri, Domain]]:
    """The APIs that domain names are mapped to, with whether one is, and the first of them."""
    mapped: dict[int, tuple[Api, Tri, Domain]] = {}
    for domain in app.of(Domain):
        for value in domain.apis:
            for when, reference in value.references():
                api = app.get(reference.target)
                both = conjoin(domain.exists, when)
                if isinstance(api, Api) and both is not None:
                    _, have, first = mapped.get(id(api), (api, NO, domain))
                    mapped[id(api)] = (api, have | given(_beside(api, both), YES), first)
    yield from mapped.values()


def _beside(api: Api, when: When) -> When:
    """Premises but for those of the API itself: while it is not there, nothing is said of it."""
    return tuple(premise for premise in when if not any(premise.same(own) for own in api.exists))
