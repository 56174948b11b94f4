"""Stand-ins for what the handlers import but the tests must not need: AWS, MySQL, lxml, PyYAML.

A fake AWS client records each call and answers from a table of replies:

    aws.reply("dynamodb", "get_item", {"Item": {...}})     # once, or every time if it is the last
    aws.calls("sqs", "send_message")                         # [{"QueueUrl": ..., "MessageBody": ...}]
"""

from __future__ import annotations

import types
from collections import defaultdict
from typing import Any
from xml.etree import ElementTree


class ClientError(Exception):
    def __init__(self, response: dict[str, Any], operation_name: str) -> None:
        super().__init__(response["Error"]["Code"])
        self.response, self.operation_name = response, operation_name


def client_error(code: str, operation: str = "Operation") -> ClientError:
    return ClientError({"Error": {"Code": code}}, operation)


class Aws:
    def __init__(self) -> None:
        self._calls: list[tuple[str, str, dict[str, Any]]] = []
        self._replies: dict[tuple[str, str], list[Any]] = defaultdict(list)

    def reply(self, service: str, operation: str, *answers: Any) -> None:
        self._replies[service, operation] = list(answers)

    def calls(self, service: str, operation: str) -> list[dict[str, Any]]:
        return [given for s, o, given in self._calls if (s, o) == (service, operation)]

    def call(self, service: str, operation: str, given: dict[str, Any]) -> Any:
        self._calls.append((service, operation, given))
        waiting = self._replies[service, operation]
        answer = waiting.pop(0) if len(waiting) > 1 else waiting[0] if waiting else {}
        if isinstance(answer, Exception):
            raise answer
        return answer(**given) if callable(answer) else answer

    def modules(self) -> dict[str, types.ModuleType]:
        """`boto3` and `botocore`, as far as our code knows them."""
        boto3 = types.ModuleType("boto3")
        boto3.client = lambda service, **_: Client(self, service)  # type: ignore[attr-defined]
        boto3.resource = lambda service, **_: Resource(self, service)  # type: ignore[attr-defined]
        conditions = types.ModuleType("boto3.dynamodb.conditions")
        conditions.Key = Key  # type: ignore[attr-defined]
        config = types.ModuleType("botocore.config")
        config.Config = lambda **options: options  # type: ignore[attr-defined]
        exceptions = types.ModuleType("botocore.exceptions")
        exceptions.ClientError = ClientError  # type: ignore[attr-defined]
        return {
            "boto3": boto3,
            "boto3.dynamodb": types.ModuleType("boto3.dynamodb"),
            "boto3.dynamodb.conditions": conditions,
            "botocore": types.ModuleType("botocore"),
            "botocore.config": config,
            "botocore.exceptions": exceptions,
        }


class Client:
    def __init__(self, aws: Aws, service: str) -> None:
        self._aws, self._service = aws, service

    def __getattr__(self, operation: str) -> Any:
        def call(*positional: Any, **given: Any) -> Any:
            if positional:
                given["args"] = positional
            return self._aws.call(self._service, operation, given)

        return call


class Resource:
    def __init__(self, aws: Aws, service: str) -> None:
        self._aws, self._service = aws, service

    def Table(self, name: str) -> Table:  # noqa: N802 (boto3's name)
        return Table(self._aws, name)


class Table(Client):
    """Calls are recorded under the service name `table`."""

    def __init__(self, aws: Aws, name: str) -> None:
        super().__init__(aws, "table")
        self.name = name

    def batch_writer(self, **_: Any) -> Table:
        return self

    def __enter__(self) -> Table:
        return self

    def __exit__(self, *_: object) -> None:
        return None


class Key:
    def __init__(self, name: str) -> None:
        self.name = name

    def eq(self, value: Any) -> tuple[str, str, Any]:
        return (self.name, "=", value)


class MySql:
    """`pymysql` with one answer for every query; remembers what was executed and how it connected."""

    def __init__(self) -> None:
        self.rows: list[tuple[Any, ...]] = []
        self.executed: list[tuple[str, Any]] = []
        self.connections: list[dict[str, Any]] = []
        self.refuse = 0

    def module(self) -> dict[str, types.ModuleType]:
        pymysql = types.ModuleType("pymysql")
        pymysql.err = types.SimpleNamespace(OperationalError=OperationalError)  # type: ignore[attr-defined]
        pymysql.cursors = types.SimpleNamespace(SSCursor=object)  # type: ignore[attr-defined]
        pymysql.connect = self.connect  # type: ignore[attr-defined]
        return {"pymysql": pymysql}

    def connect(self, **given: Any) -> MySql:
        self.connections.append(given)
        if self.refuse:
            self.refuse -= 1
            raise OperationalError(1045, "Access denied")
        return self

    def cursor(self) -> MySql:
        return self

    def execute(self, sql: str, parameters: Any = None) -> None:
        self.executed.append((sql, parameters))

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self.rows

    def __iter__(self) -> Any:
        return iter(self.rows)

    def __enter__(self) -> MySql:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def close(self) -> None:
        return None


class OperationalError(Exception):
    pass


class Http:
    """`urllib3`: each request is answered by `answers[url]` (status, bytes)."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, bytes]] = {}
        self.requests: list[tuple[str, str, dict[str, Any]]] = []

    def module(self) -> dict[str, types.ModuleType]:
        urllib3 = types.ModuleType("urllib3")
        urllib3.PoolManager = lambda **_: self  # type: ignore[attr-defined]
        urllib3.exceptions = types.SimpleNamespace(HTTPError=HttpError)  # type: ignore[attr-defined]
        return {"urllib3": urllib3}

    def request(self, method: str, url: str, **given: Any) -> Any:
        self.requests.append((method, url, given))
        if url not in self.answers:
            raise HttpError(f"no route to {url}")
        status, data = self.answers[url]
        return types.SimpleNamespace(status=status, data=data)


class HttpError(Exception):
    pass


def formats() -> dict[str, types.ModuleType]:
    """`lxml.etree` on top of the standard library, and a `yaml` that knows our one file."""
    etree = types.ModuleType("lxml.etree")
    etree.XMLParser = lambda **_: ElementTree.XMLParser()  # type: ignore[attr-defined]
    etree.XMLSyntaxError = ElementTree.ParseError  # type: ignore[attr-defined]
    etree.parse = ElementTree.parse  # type: ignore[attr-defined]
    lxml = types.ModuleType("lxml")
    lxml.etree = etree  # type: ignore[attr-defined]
    yaml = types.ModuleType("yaml")
    yaml.YAMLError = ValueError  # type: ignore[attr-defined]
    yaml.Loader = object  # type: ignore[attr-defined]
    yaml.safe_load = _flat_yaml  # type: ignore[attr-defined]
    yaml.load = lambda file, Loader: _flat_yaml(file)  # type: ignore[attr-defined]  # noqa: N803
    return {"lxml": lxml, "lxml.etree": etree, "yaml": yaml}


def _flat_yaml(file: Any) -> dict[str, list[str]]:
    """`name: [a, b]` lines and comments, nothing else."""
    found = {}
    for line in file:
        if line.strip() and not line.startswith("#"):
            name, _, values = line.partition(":")
            found[name] = [value.strip() for value in values.strip(" []\n").split(",")]
    return found
