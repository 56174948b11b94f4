"""Named TLS policies: what each accepts, and whether that is still current.

Sources: Amazon API Gateway Developer Guide ("Security policies for REST APIs in API Gateway"), Amazon CloudFront
Developer Guide ("Supported protocols and ciphers between viewers and CloudFront"), Elastic Load Balancing user guide
("Security policies for your Application Load Balancer"); RFC 8996 deprecates TLS 1.0 and 1.1. Names are those of the
services' interfaces.
"""

from functools import cache
from typing import Literal, TypeAlias

from msgspec import Struct

from stockade.knowledge._data import Provenance, read_json

Service: TypeAlias = Literal["apigateway", "apigatewayv2", "cloudfront", "elb"]
Place: TypeAlias = Literal["apigateway-domain", "apigateway-api", "apigatewayv2-domain", "cloudfront", "elb"]


class TlsPolicy(Struct, frozen=True, forbid_unknown_fields=True):
    """One policy of one service.

    Attributes:
        service: "apigateway" (REST), "apigatewayv2" (HTTP and WebSocket), "cloudfront" or "elb".
        name: as it is written.
        minimum: the oldest protocol that it accepts, "TLS 1.2".
        tls13: it offers TLS 1.3.
        forward_secrecy: every cipher that it offers has it.
        post_quantum: it offers a hybrid key exchange with ML-KEM.
        fips: it uses validated cryptography only.
        current: it accepts no deprecated protocol.
        recommended: it is also as strict as the service offers without losing browsers of the last years.
        reason: why it is current or is not, as the end of a sentence that begins with the policy.
    """

    service: Service
    name: str
    minimum: str
    tls13: bool
    forward_secrecy: bool
    post_quantum: bool
    fips: bool
    current: bool
    recommended: bool
    reason: str


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    provenance: Provenance
    defaults: dict[Place, str]
    policies: tuple[TlsPolicy, ...]


@cache
def _file() -> _File:
    return read_json("tls.json", _File)


@cache
def _by_name() -> dict[tuple[str, str], TlsPolicy]:
    return {(known.service, known.name): known for known in _file().policies}


def provenance() -> Provenance:
    """When these facts held, and where they come from."""
    return _file().provenance


def tls_policies(service: Service) -> tuple[TlsPolicy, ...]:
    """Every policy of a service."""
    return tuple(known for known in _file().policies if known.service == service)


def tls_policy(service: Service, name: str) -> TlsPolicy | None:
    """The policy of this name (exactly as it is written), or None."""
    return _by_name().get((service, name))


def default_tls_policy(place: Place) -> TlsPolicy:
    """What holds where nothing is said.

    "apigateway-domain" and "apigatewayv2-domain" are custom domain names, "apigateway-api" the host name that a REST
    API gets by itself, "cloudfront" a distribution (with CloudFront's own certificate whatever is said), "elb" a
    listener that is made through the API.
    """
    service: Service = "apigateway" if place.startswith("apigateway-") else place.removesuffix("-domain")  # type: ignore[assignment]
    return _by_name()[service, _file().defaults[place]]
