"""Stand-ins for small providers, so that Terraform can plan configurations where only the AWS provider is at hand.

Terraform speaks to a provider by gRPC, and to one that is said to run already (`TF_REATTACH_PROVIDERS`) without installing
it. These know their schemas, leave what is computed for apply, as the real ones do, and read the data sources that real
modules ask while planning: `external` runs the program that it is told to, `http` answers that nothing is there, and
`archive_file` packs nothing and makes a hash up.

Needs grpcio. Messages are written by hand: few of them are used, and a field is a number and a value.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec

MADE_UP = "made-up-by-a-stand-in"
_UNKNOWN = msgspec.msgpack.Ext(0, b"\0")

STRING, BOOL, NUMBER = "string", "bool", "number"
MAP = ["map", "string"]


class Block(NamedTuple):
    """A schema: attributes as (type, how it is given), and nested blocks, each a list of bodies."""

    attributes: dict[str, tuple[Any, str]]
    nested: Mapping[str, Block] = MappingProxyType({})


def _given(required: Mapping[str, Any], optional: Mapping[str, Any], computed: Mapping[str, Any]) -> Block:
    return Block(
        {
            **{name: (kind, "required") for name, kind in required.items()},
            **{name: (kind, "optional") for name, kind in optional.items()},
            **{name: (kind, "computed") for name, kind in computed.items()},
        }
    )


_CHARACTERS = dict.fromkeys(("lower", "upper", "numeric", "number", "special"), BOOL)
_LEAST = dict.fromkeys(("min_lower", "min_upper", "min_numeric", "min_special"), NUMBER)
_HASHES = {f"content_{name}": STRING for name in ("md5", "sha1", "sha256", "sha512", "base64sha256", "base64sha512")}

_IMAGE = _given(
    {"name": STRING},
    {"keep_locally": BOOL, "force_remove": BOOL, "triggers": MAP, "platform": STRING},
    {"id": STRING, "image_id": STRING, "repo_digest": STRING},
)
_BUILD = _given(
    {"context": STRING},
    {"dockerfile": STRING, "build_args": MAP, "platform": STRING, "builder": STRING, "cache_from": ["list", STRING]},
    {},
)

PROVIDERS: dict[str, tuple[dict[str, Block], dict[str, Block], dict[str, Block]]] = {
    # by source: the provider's own blocks, resources, data sources
    "hashicorp/random": (
        {},
        {
            "random_pet": _given(
                {}, {"length": NUMBER, "prefix": STRING, "separator": STRING, "keepers": MAP}, {"id": STRING}
            ),
            "random_id": _given(
                {"byte_length": NUMBER},
                {"prefix": STRING, "keepers": MAP},
                {"id": STRING, "hex": STRING, "dec": STRING, "b64_url": STRING, "b64_std": STRING},
            ),
            "random_string": _given(
                {"length": NUMBER},
                {**_CHARACTERS, **_LEAST, "override_special": STRING, "keepers": MAP},
                {"id": STRING, "result": STRING},
            ),
            "random_password": _given(
                {"length": NUMBER},
                {**_CHARACTERS, **_LEAST, "override_special": STRING, "keepers": MAP},
                {"id": STRING, "result": STRING, "bcrypt_hash": STRING},
            ),
        },
        {},
    ),
    "hashicorp/null": ({}, {"null_resource": _given({}, {"triggers": MAP}, {"id": STRING})}, {}),
    "hashicorp/local": (
        {},
        {
            "local_file": _given(
                {"filename": STRING},
                {"content": STRING, "directory_permission": STRING, "file_permission": STRING},
                {"id": STRING, **_HASHES},
            )
        },
        {},
    ),
    "hashicorp/external": (
        {},
        {},
        {
            "external": _given(
                {"program": ["list", STRING]}, {"query": MAP, "working_dir": STRING}, {"id": STRING, "result": MAP}
            )
        },
    ),
    "hashicorp/archive": (
        {},
        {},
        {
            "archive_file": _given(
                {"type": STRING, "output_path": STRING},
                {"source_dir": STRING, "source_file": STRING, "excludes": ["set", STRING], "output_file_mode": STRING},
                {"id": STRING, "output_base64sha256": STRING, "output_md5": STRING, "output_size": NUMBER},
            )
        },
    ),
    "hashicorp/http": (
        {},
        {},
        {
            "http": _given(
                {"url": STRING},
                {"method": STRING, "request_headers": MAP},
                {"id": STRING, "response_body": STRING, "status_code": NUMBER, "response_headers": MAP},
            )
        },
    ),
    "kreuzwerker/docker": (
        {"registry_auth": _given({"address": STRING}, {"username": STRING, "password": STRING}, {})},
        {
            "docker_image": Block(_IMAGE.attributes, {"build": _BUILD}),
            "docker_registry_image": _given(
                {"name": STRING}, {"keep_remotely": BOOL, "triggers": MAP}, {"id": STRING, "sha256_digest": STRING}
            ),
        },
        {},
    ),
}


# ---------------------------------------------------------------------------------------------------- messages by hand


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)


def message(*fields: tuple[int, int | bytes]) -> bytes:
    """A message of fields: whole numbers, and what is written by its length (texts and messages)."""
    found = b""
    for number, value in fields:
        if isinstance(value, int):
            found += _varint(number << 3) + _varint(value)
        else:
            found += _varint(number << 3 | 2) + _varint(len(value)) + value
    return found


def fields(data: bytes) -> dict[int, bytes]:
    """The fields of a message that are written by their length; the last of each number."""
    found: dict[int, bytes] = {}
    at = 0

    def number() -> int:
        nonlocal at
        value = shift = 0
        while True:
            value |= (data[at] & 0x7F) << shift
            at += 1
            if data[at - 1] < 0x80:
                return value
            shift += 7

    while at < len(data):
        key = number()
        length = number()
        if key & 7 == 2:
            found[key >> 3] = data[at : at + length]
            at += length
    return found


def _dynamic(value: object) -> bytes:
    return message((1, msgspec.msgpack.encode(value)))


def _plain(held: bytes) -> Any:  # noqa: ANN401 - a value of Terraform
    return msgspec.msgpack.decode(fields(held)[1])


def _schema(block: Block) -> bytes:
    return message((1, 0), (2, _block(block)))


def _block(block: Block) -> bytes:
    how = {"required": ((4, 1),), "optional": ((5, 1),), "computed": ((6, 1),)}
    attributes = [
        message((1, name.encode()), (2, json.dumps(kind).encode()), *how[given])
        for name, (kind, given) in sorted(block.attributes.items())
    ]
    nested = [message((1, name.encode()), (2, _block(inner)), (3, 2)) for name, inner in sorted(block.nested.items())]
    return message(*((2, held) for held in attributes), *((3, held) for held in nested))


# ------------------------------------------------------------------------------------------------------------ providers


class StandIn:
    """The answers of one provider."""

    def __init__(self, source: str, folder: str) -> None:
        own, self.resources, self.data = PROVIDERS[source]
        self.own = Block({}, own)
        self.folder = folder

    def answers(self) -> dict[str, Callable[[bytes], bytes]]:
        """By the name of the call."""
        return {
            "GetSchema": self.schema,
            "PrepareProviderConfig": lambda request: message((1, fields(request)[1])),
            "ValidateResourceTypeConfig": lambda _: b"",
            "ValidateDataSourceConfig": lambda _: b"",
            "Configure": lambda _: b"",
            "PlanResourceChange": self.plan,
            "ReadDataSource": self.read,
            "Stop": lambda _: b"",
        }

    def schema(self, _: bytes) -> bytes:
        """All schemas."""

        def entries(number: int, held: Mapping[str, Block]) -> list[tuple[int, bytes]]:
            return [(number, message((1, name.encode()), (2, _schema(block)))) for name, block in held.items()]

        return message((1, _schema(self.own)), *entries(2, self.resources), *entries(3, self.data))

    def plan(self, request: bytes) -> bytes:
        """What was given stays, and what is computed is left for apply."""
        asked = fields(request)
        proposed = _plain(asked[3])
        if proposed is not None:
            for name, (_, given) in self.resources[asked[1].decode()].attributes.items():
                if given == "computed" and proposed.get(name) is None:
                    proposed[name] = _UNKNOWN
        return message((1, _dynamic(proposed)))

    def read(self, request: bytes) -> bytes:
        """The data sources that can be read."""
        asked = fields(request)
        kind, config = asked[1].decode(), _plain(asked[2])
        try:
            found = self._external(config) if kind == "external" else _made_up(kind, config)
        except (OSError, ValueError, subprocess.CalledProcessError) as error:
            told = f"{error} {getattr(error, 'stderr', '')}".encode()
            return message((2, message((1, 1), (2, b"the program failed"), (3, told))))
        return message((1, _dynamic({**config, **found})))

    def _external(self, config: Mapping[str, Any]) -> dict[str, Any]:
        query = {name: value for name, value in (config["query"] or {}).items() if value is not None}
        done = subprocess.run(  # noqa: S603 - what the data source is for
            config["program"],
            cwd=os.path.join(self.folder, config["working_dir"] or ""),  # noqa: PTH118 - as text, like the rest
            input=json.dumps(query),
            capture_output=True,
            text=True,
            check=True,
        )
        return {"id": "-", "result": json.loads(done.stdout)}


def _made_up(kind: str, config: Mapping[str, Any]) -> dict[str, Any]:
    if kind == "http":
        return {"id": config["url"], "status_code": 404}
    return {"id": MADE_UP, "output_base64sha256": MADE_UP, "output_md5": MADE_UP, "output_size": 1}


class Served(NamedTuple):
    """Running stand-ins: what `TF_REATTACH_PROVIDERS` must be, and how to end them."""

    reattach: str
    stop: Callable[[], None]


def serve(folder: str) -> Served:
    """Start all stand-ins on this machine, for a root in `folder`."""
    grpc = importlib.import_module("grpc")
    servers, where = [], {}
    for source in PROVIDERS:
        server = grpc.server(ThreadPoolExecutor(4))
        answers = StandIn(source, folder).answers()
        handlers = {
            name: grpc.unary_unary_rpc_method_handler(lambda request, _, answer=answer: answer(request))
            for name, answer in answers.items()
        }
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("tfplugin5.Provider", handlers),))
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        servers.append(server)
        where[source] = {
            "Protocol": "grpc",
            "ProtocolVersion": 5,
            "Pid": os.getpid(),
            "Test": True,
            "Addr": {"Network": "tcp", "String": f"127.0.0.1:{port}"},
        }

    def stop() -> None:
        for server in servers:
            server.stop(None)

    return Served(json.dumps(where), stop)
