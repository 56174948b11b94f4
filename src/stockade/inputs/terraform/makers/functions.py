"""aws_lambda_*: what a table can't say."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from stockade.inputs.convert import mapped
from stockade.inputs.event_services import BY_ARN, Stated, by_arguments, service_of_each, unknown_source
from stockade.inputs.terraform.choices import as_unset, under
from stockade.inputs.terraform.naming import canonical
from stockade.inputs.terraform.terms import Alt, Lit, Obj, Seq, Unk, in_full, is_null
from stockade.inputs.terraform.walk import lookup
from stockade.model.app import Other, Version
from stockade.model.value import Default, Doubt, Known, Relation, Text, Unknown, Value

if TYPE_CHECKING:
    from stockade.inputs.terraform.lower import Declared, Lowering, Named
    from stockade.model.value import Origin

_LATEST = "$LATEST"


def lower_function(lowering: Lowering, found: Declared) -> None:
    """aws_lambda_function, with what resources beside it say of it, and the version that it publishes."""
    fields = lowering.fields(found, lowering.table(found.type), found.block)
    limit = fields.get("reserved_concurrency")
    if limit is not None:
        fields["reserved_concurrency"] = as_unset(limit, -1)  # the provider's word for no limit
    lowering.join(
        found,
        "aws_lambda_runtime_management_config",
        "function_name",
        fields,
        where=lambda named: _is_latest(lowering, named.by),
    )
    lowering.join(found, "aws_lambda_function_recursion_config", "function_name", fields)
    function = lowering.add_stated(found, fields, **code_path(lowering, found))
    _lower_version(lowering, found, function.origin)


def _lower_version(lowering: Lowering, found: Declared, origin: Origin) -> None:
    published = lowering.value_at(found, found.block, "publish", as_="boolean")
    for when, leaf in published.leaves() if published is not None else ():
        if not (isinstance(leaf, Known) and leaf.v is True):
            continue
        table = "aws_lambda_function/publish"
        fields = lowering.fields(found, lowering.table(table), found.block)
        lowering.join(
            found,
            "aws_lambda_provisioned_concurrency_config",
            "qualifier",
            fields,
            table="aws_lambda_provisioned_concurrency_config/version",
            where=lambda named: lowering.refers_to(named.value, found),
        )
        lowering.join(
            found,
            "aws_lambda_runtime_management_config",
            "qualifier",
            fields,
            table="aws_lambda_runtime_management_config/version",
            where=lambda named: lowering.refers_to(named.value, found),
        )
        base = lowering.base(found, suffix="/version", table=table, when=when)
        lowering.add(Version(**base, **fields, function_name=lowering.reference(found, "Arn", origin)))
        break


def _is_latest(lowering: Lowering, found: Declared) -> bool:
    """Whether a resource that is about a function is about what is not published."""
    qualifier = lowering.value_at(found, found.block, "qualifier")
    return qualifier is None or qualifier.where(lambda v: v is None or v == _LATEST).is_yes


def code_path(lowering: Lowering, found: Declared) -> dict[str, Any]:
    """`filename` as a path below the scanned root; Terraform takes it to be below the root module's folder."""
    value = lowering.value_at(found, found.block, "filename")
    if value is None:
        return {}
    return {"code_path": mapped(value, lambda path: _below(found.scope, path))}


def _below(folder: str, path: object) -> object:
    if not isinstance(path, str) or posixpath.isabs(path):
        return path
    return posixpath.normpath(posixpath.join(folder, path))


def lower_layer(lowering: Lowering, found: Declared) -> None:
    """aws_lambda_layer_version."""
    lowering.add_by_table(found, **code_path(lowering, found))


def lower_alias(lowering: Lowering, found: Declared) -> None:
    """aws_lambda_alias, with its provisioned concurrency; the versions that share its traffic are keys of a map."""
    fields = lowering.fields(found, lowering.table(found.type), found.block)

    def is_meant(named: Named) -> bool:
        return lowering.refers_to(named.value, found) or _same_function(lowering, found, named.by)

    lowering.join(found, "aws_lambda_provisioned_concurrency_config", "qualifier", fields, where=is_meant)
    lowering.add_stated(found, fields, weights=_weights(found))


def _weights(found: Declared) -> Relation[Value[str]]:
    values: list[Value[str]] = []
    doubts: list[Doubt] = []
    for case in lookup(found.block, ("routing_config", "additional_version_weights")):
        term = in_full(case.term) if case.term is not None else None
        if type(term) is Unk:
            doubts.append(term.doubt)
        elif type(term) is Obj:
            for key in term.entries:
                at = term.keys.get(key, case.span)
                values.append(under(case.when, Known(v=key, origin=found.places.origin(at, case.span, at))))
            doubts += [term.open] if term.open is not None else []
    return Relation(tuple(values), complete=not doubts, gaps=tuple(doubts))


def _same_function(lowering: Lowering, one: Declared, other: Declared) -> bool:
    """Whether two resources name the same function."""
    names = [lowering.value_at(d, d.block, "function_name") for d in (one, other)]
    mine, theirs = names
    if mine is None or theirs is None:
        return False
    if isinstance(mine, Known) and isinstance(theirs, Known):
        return bool(mine.v == theirs.v)
    if isinstance(mine, Text) and isinstance(theirs, Text) and canonical(mine) == canonical(theirs):
        return True
    functions = {id(d) for _, d in lowering.resolve(mine, "aws_lambda_function")}
    return any(id(d) in functions for _, d in lowering.resolve(theirs, "aws_lambda_function"))


def lower_joined(lowering: Lowering, found: Declared) -> None:
    """What a function has as a resource of its own."""
    lowering.add_joined(found, "function_name", "aws_lambda_function")


def lower_provisioned(lowering: Lowering, found: Declared) -> None:
    """aws_lambda_provisioned_concurrency_config: the alias or version that it names has it."""
    lowering.add(Other(**lowering.base(found)))
    qualifier = lowering.value_at(found, found.block, "qualifier")
    if qualifier is not None and not lowering.resolve(qualifier, "aws_lambda_alias", "aws_lambda_function"):
        lowering.note_unresolved(found, "qualifier", "aws_lambda_alias", "aws_lambda_function")


def lower_event_source(lowering: Lowering, found: Declared) -> None:
    """aws_lambda_event_source_mapping."""
    lowering.add_by_table(found, service=event_service(lowering, found))


# The resource types that an event source mapping can read.
_TYPES = {
    "aws_sqs_queue": "sqs",
    "aws_kinesis_stream": "kinesis",
    "aws_kinesis_stream_consumer": "kinesis",
    "aws_dynamodb_table": "dynamodb",
    "aws_msk_cluster": "msk",
    "aws_msk_serverless_cluster": "msk",
    "aws_mq_broker": "mq",
    "aws_docdb_cluster": "documentdb",
}
# What only one service takes.
_BLOCKS = {
    "self_managed_event_source": "kafka",
    "self_managed_kafka_event_source_config": "kafka",
    "amazon_managed_kafka_event_source_config": "msk",
    "document_db_event_source_config": "documentdb",
    "queues": "mq",
    "scaling_config": "sqs",
}
_STREAM_ATTRIBUTES = {"StreamArn": "dynamodb"}


def event_service(lowering: Lowering, found: Declared) -> Value[str]:
    """The service that an event source mapping reads.

    By the ARN, by what it refers to, or by what only one service takes.
    """
    value = lowering.value_at(found, found.block, "event_source_arn")
    origin = value.origin if value is not None else found.places.block(found.span, found.key_span)
    certain = _by_block(found)

    def by_rest(leaf: Value[Any] | None) -> Value[str]:
        return Known(v=certain, origin=origin) if certain else _by_arguments(lowering, found, leaf, origin)

    return service_of_each(value, origin, lambda leaf: _service_of(lowering, leaf), by_rest)


def _by_block(found: Declared) -> str | None:
    return next((service for name, service in _BLOCKS.items() if _states(found, name)), None)


def _states(found: Declared, *names: str) -> bool | None:
    """Whether one of these arguments or blocks is stated in any case; None where that is not known."""
    answers: list[bool | None] = []
    for name in names:
        for case in lookup(found.block, (name,)):
            term = in_full(case.term) if case.term is not None else None
            if term is None or is_null(term) or (type(term) is Seq and not term.items and term.open is None):
                answers.append(False if found.block.open is None or name in found.block.entries else None)
            elif type(term) in (Alt, Unk) or case.when or (type(term) is Seq and not term.items):
                answers.append(None)  # null is nothing, and an unknown may be that
            else:
                answers.append(not (type(term) is Lit and term.v is False))  # false is not sent
    return True if any(answers) else None if None in answers else False


def _by_arguments(lowering: Lowering, found: Declared, leaf: Value[Any] | None, origin: Origin) -> Value[str]:
    stated = Stated(
        arn=None if leaf is None or isinstance(leaf, Default) else True,
        shards=_states(found, "parallelization_factor", "tumbling_window_in_seconds"),
        given_up=_states(
            found, "bisect_batch_on_function_error", "maximum_record_age_in_seconds", "maximum_retry_attempts"
        ),
        topics=_states(found, "topics"),
        queues=_states(found, "queues"),
        database=_states(found, "document_db_event_source_config"),
        own_cluster=_states(found, "self_managed_event_source"),
    )
    position = lowering.value_at(found, found.block, "starting_position")
    doubt = unknown_source(leaf)
    if position is None and found.block.open is not None:
        position = Unknown(doubt=found.block.open, origin=origin)
    return by_arguments(position, stated, doubt, origin)


def _service_of(lowering: Lowering, leaf: Value[Any]) -> str | None:
    for _, reference in leaf.references():
        declared = lowering.find(reference)
        if declared is not None and declared.type in _TYPES:
            return _TYPES[declared.type]
        if reference.attribute in _STREAM_ATTRIBUTES:
            return _STREAM_ATTRIBUTES[reference.attribute]
    start = (
        str(leaf.v)
        if isinstance(leaf, Known)
        else "".join(p if isinstance(p, str) else "_" for p in leaf.parts)
        if isinstance(leaf, Text)
        else ""
    )
    pieces = start.split(":")
    return BY_ARN.get(pieces[2]) if len(pieces) > 5 and pieces[0] == "arn" else None


MAKERS = {
    "aws_lambda_function": lower_function,
    "aws_lambda_layer_version": lower_layer,
    "aws_lambda_alias": lower_alias,
    "aws_lambda_event_source_mapping": lower_event_source,
    "aws_lambda_runtime_management_config": lower_joined,
    "aws_lambda_function_recursion_config": lower_joined,
    "aws_lambda_provisioned_concurrency_config": lower_provisioned,
}
