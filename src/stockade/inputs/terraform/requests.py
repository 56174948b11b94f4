"""Data sources by which Terraform asks other servers and programs, and the secrets that go into what it asks.

Which attributes the providers mark as sensitive: the schemas of the providers aws 5.100.0, random 3.7 and tls 4.0, as of
2026-11-28.
https://registry.terraform.io/providers/hashicorp/http/latest/docs/data-sources/http
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stockade.inputs.terraform.configuration import attribute
from stockade.inputs.terraform.references import DATA, LOCAL, OUTPUT, RESOURCE, VARIABLE, Looked, Mention, mentions_in
from stockade.model.app import Request, Use
from stockade.text.hcl import nodes as hcl

if TYPE_CHECKING:
    from stockade.inputs.terraform.modules import Instance
    from stockade.inputs.terraform.project import Project

# By type of data source, the arguments that leave.
_SENT = {
    "http": ("url", "request_headers", "request_body"),
    "external": ("program", "query"),
}
_SECRETS: dict[tuple[str, str], frozenset[str]] = {
    (DATA, "aws_secretsmanager_secret_version"): frozenset({"secret_string", "secret_binary"}),
    (DATA, "aws_secretsmanager_random_password"): frozenset({"random_password"}),
    (DATA, "aws_ssm_parameter"): frozenset({"value"}),
    (DATA, "aws_ssm_parameters_by_path"): frozenset({"values"}),
    (DATA, "aws_kms_secrets"): frozenset({"plaintext"}),
    (DATA, "aws_ecr_authorization_token"): frozenset({"authorization_token", "password"}),
    (DATA, "aws_eks_cluster_auth"): frozenset({"token"}),
    (RESOURCE, "aws_secretsmanager_secret_version"): frozenset({"secret_string", "secret_binary"}),
    (RESOURCE, "aws_ssm_parameter"): frozenset({"value"}),
    (RESOURCE, "aws_iam_access_key"): frozenset({"secret", "ses_smtp_password_v4"}),
    (RESOURCE, "aws_cognito_user_pool_client"): frozenset({"client_secret"}),
    (RESOURCE, "random_password"): frozenset({"result"}),
    (RESOURCE, "tls_private_key"): frozenset({"private_key_pem", "private_key_openssh", "private_key_pem_pkcs8"}),
}
_DEEPEST = 30


def lower_requests(project: Project) -> Iterator[Request]:
    """A record for each such data source of the user's own modules."""
    todo: list[Instance] = list(reversed(project.roots))
    seen: set[str] = set()
    while todo:
        instance = todo.pop()
        if instance.call is None:
            for (type_, name), block in instance.module.data.items():
                address = f"{instance.prefix}data.{type_}.{name}"
                key = f"{instance.scope}#{address}/Request"
                if type_ in _SENT and key not in seen:
                    seen.add(key)
                    users = _users(instance, f"{type_}.{name}")
                    yield Request(
                        address=address,
                        key=key,
                        type=f"data.{type_}",
                        origin=instance.places.block(block.span, block.header),
                        form=type_,
                        uses=tuple(_uses(instance, block, type_, users)),
                    )
        todo += reversed(list(instance.children()))


def _users(instance: Instance, name: str) -> tuple[str, ...]:
    """The resources of the module that need the answer."""
    found = [
        mention.holder for mention in Looked(instance.module).mentions if mention.what == DATA and mention.name == name
    ]
    return tuple(f"{instance.scope}#{instance.prefix}{holder}" for holder in dict.fromkeys(found) if holder)


def _uses(instance: Instance, block: hcl.Block, type_: str, users: tuple[str, ...]) -> Iterator[Use]:
    for name in _SENT[type_]:
        stated = attribute(block, name)
        for mention in mentions_in(stated) if stated is not None else ():
            secret = _secret(instance, mention, 0)
            if secret:
                yield Use(instance.places.block(mention.span), secret, users)


def _secret(instance: Instance, mention: Mention, depth: int) -> str:
    """What of a use leads to a secret, as it is written where the secret is; nothing where none is known to be."""
    if depth > _DEEPEST:
        return ""
    module, name = instance.module, mention.name
    if mention.what == VARIABLE:
        block = module.variables.get(name)
        if block is not None and _is(attribute(block, "sensitive"), wanted=True):
            return f"var.{name}"
        caller = instance.caller
        passed = caller.block.body.attributes.get(name) if caller is not None else None
        return "" if caller is None or passed is None else _first(caller.module, passed.expr, depth)
    if mention.what == LOCAL:
        stated = module.locals.get(name)
        return "" if stated is None else _first(instance, stated.expr, depth)
    if mention.what == OUTPUT:
        return _of_output(instance, name, depth)
    if mention.what in {DATA, RESOURCE}:
        return _of_block(instance, mention)
    return ""


def _first(instance: Instance, expr: hcl.Expr, depth: int) -> str:
    return next((found for inner in mentions_in(expr) if (found := _secret(instance, inner, depth + 1))), "")


def _of_output(instance: Instance, name: str, depth: int) -> str:
    call, _, output = name.partition(".")
    block = instance.module.calls.get(call)
    called = [made for _, made in instance.call_of(call, block.header).made()] if block is not None else []
    for made in called:
        stated = made.module.outputs.get(output) if made is not None else None
        if made is None or stated is None:
            continue
        if _is(attribute(stated, "sensitive"), wanted=True):
            return f"module.{name}"
        value = attribute(stated, "value")
        return "" if value is None else _first(made, value, depth)
    return ""


def _of_block(instance: Instance, mention: Mention) -> str:
    type_, _, name = mention.name.partition(".")
    attributes = _SECRETS.get((mention.what, type_), frozenset())
    own = next((word for word in mention.behind if word in attributes), "")
    if not own:
        return ""
    declared = instance.module.data if mention.what == DATA else instance.module.resources
    block = declared.get((type_, name))
    if block is not None and type_ == "aws_ssm_parameter":
        plain = _is(attribute(block, "with_decryption"), wanted=False)
        if (
            plain
            or _is(attribute(block, "type"), wanted="String")
            or _is(attribute(block, "type"), wanted="StringList")
        ):
            return ""  # it is no secret, or is sent as it is stored
    return f"{'data.' if mention.what == DATA else ''}{mention.name}.{own}"


def _is(expr: hcl.Expr | None, *, wanted: object) -> bool:
    return isinstance(expr, hcl.Constant) and expr.value == wanted and type(expr.value) is type(wanted)
