"""Loads a handler the way Lambda would (its folder first on the path, then the layer), among fakes.

Everything it puts into `sys.modules` and `os.environ` is taken out again after each test.
"""

from __future__ import annotations

import importlib.util
import json
import sys
import types
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent


def _module(name: str, path: Path) -> types.ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


fakes = _module("tidewater_fakes", Path(__file__).with_name("fakes.py"))

ENVIRONMENT = {
    "STAGE": "test",
    "ORDERS_TABLE": "orders",
    "DEBUG_ERRORS": "1",
    "PAYMENT_QUEUE_URL": "https://sqs.test/payments",
    "SHOP_ORIGIN": "https://shop.test",
    "FERNPAY_SECRET_ARN": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:fernpay",
    "EVENTS_TOPIC_ARN": "arn:aws:sns:eu-west-1:111122223333:order-events",
    "FERNPAY_URL": "https://fernpay.test/v1",
    "FERNPAY_API_KEY": "key-for-tests",
    "PAYMENT_QUEUE_ARN": "arn:aws:sqs:eu-west-1:111122223333:payments",
    "RETRY_GROUP": "retries",
    "RETRY_ROLE_ARN": "arn:aws:iam::111122223333:role/retries",
    "CATALOGUE_TABLE": "catalogue",
    "DB_HOST": "warehouse.test",
    "DB_USER": "backoffice",
    "DB_PASSWORD": "for-tests",
    "REPORTS_BUCKET": "reports",
    "WAREHOUSE_SECRET_ARN": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:warehouse",
    "AWS_SESSION_TOKEN": "session",
}


class World:
    """What a test sees of the outside: `world.aws`, `world.mysql`, `world.http`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.aws, self.mysql, self.http = fakes.Aws(), fakes.MySql(), fakes.Http()
        self._monkeypatch = monkeypatch

    def load(self, function: str) -> types.ModuleType:
        modules = {**self.aws.modules(), **self.mysql.module(), **self.http.module(), **fakes.formats()}
        for name in ("orders_common", *(f"orders_common.{part}" for part in ("checks", "logs", "responses"))):
            self._monkeypatch.delitem(sys.modules, name, raising=False)
        for name, module in modules.items():
            self._monkeypatch.setitem(sys.modules, name, module)
        for name, value in ENVIRONMENT.items():
            self._monkeypatch.setenv(name, value)
        self._monkeypatch.syspath_prepend(str(ROOT / "layers/common/python"))
        name = f"tidewater_{function}"
        self._monkeypatch.delitem(sys.modules, name, raising=False)
        self._monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
        return _module(name, ROOT / "functions" / function / "app.py")


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    before = {name for name in sys.modules if name.startswith("orders_common")}
    yield World(monkeypatch)
    for name in [name for name in sys.modules if name.startswith("orders_common")]:
        if name not in before:
            del sys.modules[name]


@pytest.fixture
def context() -> Any:
    return types.SimpleNamespace(aws_request_id="request-1", function_name="function")


@pytest.fixture
def event() -> Any:
    def load(name: str) -> dict[str, Any]:
        return json.loads((ROOT / "events" / f"{name}.json").read_text(encoding="utf-8"))

    return load


@pytest.fixture
def error() -> Any:
    return fakes.client_error
