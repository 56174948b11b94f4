"""Named TLS policies."""

from __future__ import annotations

from importlib import import_module

import pytest

from stockade.knowledge import tls
from stockade.knowledge.tls import Place, Service


@pytest.mark.parametrize(
    ("service", "name", "current", "recommended"),
    [
        ("apigateway", "TLS_1_0", False, False),
        ("apigateway", "TLS_1_2", True, False),
        ("apigateway", "SecurityPolicy_TLS13_1_3_2025_09", True, True),
        ("apigateway", "SecurityPolicy_TLS12_2018_EDGE", True, False),
        ("apigatewayv2", "TLS_1_2", True, True),
        ("cloudfront", "SSLv3", False, False),
        ("cloudfront", "TLSv1", False, False),
        ("cloudfront", "TLSv1.1_2016", False, False),
        ("cloudfront", "TLSv1.2_2018", True, False),
        ("cloudfront", "TLSv1.2_2021", True, True),
        ("cloudfront", "TLSv1.3_2025", True, True),
        ("elb", "ELBSecurityPolicy-2016-08", False, False),
        ("elb", "ELBSecurityPolicy-TLS-1-1-2017-01", False, False),
        ("elb", "ELBSecurityPolicy-TLS-1-2-2017-01", True, False),
        ("elb", "ELBSecurityPolicy-TLS13-1-0-2021-06", False, False),
        ("elb", "ELBSecurityPolicy-TLS13-1-2-2021-06", True, True),
        ("elb", "ELBSecurityPolicy-TLS13-1-2-Ext2-2021-06", True, False),
        ("elb", "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09", True, True),
    ],
)
def test_policies(service: Service, name: str, current: bool, recommended: bool) -> None:  # noqa: FBT001
    found = tls.tls_policy(service, name)
    assert found is not None
    assert (found.current, found.recommended) == (current, recommended)
    assert found.reason


def test_no_such_policy() -> None:
    assert tls.tls_policy("apigateway", "TLS_1_1") is None
    assert tls.tls_policy("cloudfront", "TLS_1_2") is None


def test_what_is_current_accepts_no_deprecated_protocol() -> None:
    for service in ("apigateway", "apigatewayv2", "cloudfront", "elb"):
        for known in tls.tls_policies(service):
            assert known.current is (known.minimum in {"TLS 1.2", "TLS 1.3"})
            assert known.current or not known.recommended
            assert ("deprecated" in known.reason) is not known.current


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("apigateway-domain", "TLS_1_2"),
        ("apigateway-api", "TLS_1_0"),
        ("apigatewayv2-domain", "TLS_1_2"),
        ("cloudfront", "TLSv1"),
        ("elb", "ELBSecurityPolicy-2016-08"),
    ],
)
def test_defaults(place: Place, name: str) -> None:
    assert tls.default_tls_policy(place).name == name


@pytest.mark.parametrize(
    ("service", "model", "shape"),
    [
        ("apigateway", "apigateway", "SecurityPolicy"),
        ("apigatewayv2", "apigatewayv2", "SecurityPolicy"),
        ("cloudfront", "cloudfront", "MinimumProtocolVersion"),
    ],
)
def test_names_equal_those_of_the_interfaces(service: Service, model: str, shape: str) -> None:
    loaders = import_module("botocore.loaders")
    names = loaders.Loader().load_service_model(model, "service-2")["shapes"][shape]["enum"]
    assert {known.name for known in tls.tls_policies(service)} >= set(names)
