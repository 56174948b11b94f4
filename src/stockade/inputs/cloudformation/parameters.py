"""Parameters: given from outside, or by default, or one of what is allowed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from stockade.inputs.intrinsic import intrinsic
from stockade.model.value import (
    Default,
    Doubt,
    File,
    Hole,
    Known,
    OneOf,
    Origin,
    Part,
    Text,
    Unknown,
    Value,
    Via,
    When,
    one_of,
)
from stockade.text.node import Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from stockade.inputs.cloudformation.evaluate import Evaluator

MAX_ALLOWED = 24
# What AWS writes for these as parameter types; all of them are lists.
_LIST_TYPES = (
    "List<",
    "CommaDelimitedList",
    "AWS::SSM::Parameter::Value<List<",
    "AWS::SSM::Parameter::Value<CommaDelimitedList",
)


class Given(Struct, frozen=True, eq=False):
    """A parameter's value from outside the template: text from the command line or a file, or from the parent stack.

    What the parent passes is a function, since it may use outputs of other nested stacks.
    """

    value: str | Callable[[], Value[Any]]
    source: str  # "--parameters", "samconfig.toml", "the parent stack", …


def parameter_value(evaluator: Evaluator, name: str) -> Value[Any]:
    """What a parameter of the evaluator's template is."""
    section = evaluator.template.parameters[name]
    body = section.body if type(section.body) is Mapping else None
    origin = File(section.entry.key.span, None)
    is_list = list_parameter(evaluator, name)
    given = evaluator.given.get(name)
    if given is not None:
        via = File(section.entry.key.span, None, (Via(f"parameter {name} from {given.source}"),))
        if isinstance(given.value, str):
            return _of_text(given.value, via, is_list=is_list)
        passed = given.value()
        return as_list(passed) if is_list else passed
    if body is None:
        evaluator.gap(
            section.body, f"the parameter `{name}`", "it is not a mapping", kind="wrong-shape", remedy="correct it"
        )
    remedy = f"--parameters {name}=…"
    declared = body.get("Type") if body is not None else None
    if type(declared) is Scalar and declared.raw.startswith("AWS::SSM::Parameter::"):
        doubt = Doubt(f"`{name}` is read from Parameter Store when the stack is deployed", remedy, "SSM parameter")
        return Unknown(doubt=doubt, name=name, origin=origin)
    default = body.get("Default") if body is not None else None
    if type(default) is Scalar and intrinsic(default) is None:
        via = File(default.span, section.entry.key.span, (Via(f"default of parameter {name}", default.span),))
        return _of_text(default.raw, via, is_list=is_list)
    if default is not None:
        evaluator.gap(
            default,
            f"the default of the parameter `{name}`",
            "a text belongs here",
            kind="wrong-shape",
            remedy="correct it",
        )
    allowed = allowed_values(evaluator, name)
    if allowed and not is_list:
        options: list[tuple[When, Value[Any]]] = []
        for item in allowed:
            where = File(item.span, section.entry.key.span, (Via(f"allowed value of parameter {name}", item.span),))
            options += [
                (when, Known(v=item.raw, origin=where))
                for when, truth in evaluator.conditions.atom(name, name, item.raw)
                if truth
            ]
        return one_of(options, origin)
    return Unknown(doubt=Doubt(f"the parameter `{name}` has no default", remedy, "parameter"), name=name, origin=origin)


def under_premises(evaluator: Evaluator, name: str, when: When) -> Value[Any]:
    """What a parameter is where premises hold that may be about it.

    A branch may be there because the parameter has another value than its default.
    """
    value = evaluator.parameter(name)
    excluded: set[str] = set()
    for premise in when:
        if premise.key == name:
            if premise.holds:
                return _with_value(value, premise.value, premise.text)
            excluded.add(premise.value)
    if not excluded or not any(isinstance(leaf, Known) and str(leaf.v) in excluded for _, leaf in value.leaves()):
        return value
    left = [item for item in evaluator.allowed(name) if item not in excluded]
    if len(left) == 1:
        return _with_value(value, left[0], f"{name} is {left[0]}")
    remedy = f"--parameters {name}=…"
    doubt = Doubt(f"the parameter `{name}` has another value than its default here", remedy, "parameter")
    return Unknown(doubt=doubt, name=name, origin=value.origin)


def _with_value(value: Value[Any], text: str, why: str) -> Value[Any]:
    origin = value.origin
    return Known(v=text, origin=replace(origin, via=(*(v for v in origin.via if v.hidden), Via(why))))


def hidden(evaluator: Evaluator, name: str, value: Value[Any]) -> Value[Any]:
    """A parameter's value, with a note on its way that it is a secret where the parameter says so (`NoEcho`)."""
    body = evaluator.template.parameters[name].body
    said = body.get("NoEcho") if type(body) is Mapping else None
    if type(said) is not Scalar or said.raw.lower() != "true":
        return value
    return _noted(value, Via(f"parameter {name}", evaluator.template.parameters[name].entry.key.span, hidden=True))


def _noted(value: Value[Any], note: Via) -> Value[Any]:
    if isinstance(value, OneOf):
        value = OneOf(
            options=tuple((when, _noted(option, note)) for when, option in value.options), origin=value.origin
        )
    return replace(value, origin=replace(value.origin, via=(*value.origin.via, note)))


def list_parameter(evaluator: Evaluator, name: str) -> bool:
    """Whether a parameter is a list, by its type."""
    section = evaluator.template.parameters.get(name)
    declared = section.body.get("Type") if section is not None and type(section.body) is Mapping else None
    return type(declared) is Scalar and declared.raw.startswith(_LIST_TYPES)


def allowed_values(evaluator: Evaluator, name: str) -> tuple[Scalar, ...]:
    """The values that a parameter may have, where the template says so and they are few."""
    section = evaluator.template.parameters.get(name)
    allowed = section.body.get("AllowedValues") if section is not None and type(section.body) is Mapping else None
    if type(allowed) is not Sequence or not 0 < len(allowed.items) <= MAX_ALLOWED:
        return ()
    texts = {item.raw: item for item in allowed.items if type(item) is Scalar and item.tag is None}
    return tuple(texts.values()) if len(texts) == len(allowed.items) else ()


def _of_text(text: str, origin: Origin, *, is_list: bool) -> Value[Any]:
    if is_list:
        return Known(v=[part.strip() for part in text.split(",")] if text else [], origin=origin)
    return Known(v=text, origin=origin)


def as_list(value: Value[Any]) -> Value[Any]:
    """A text with commas as a list; its items may be references."""
    if isinstance(value, Known) and not isinstance(value.v, list):
        return _of_text("" if value.v is None else str(value.v), value.origin, is_list=True)
    if isinstance(value, OneOf):
        return OneOf(options=tuple((w, as_list(v)) for w, v in value.options), origin=value.origin)
    if isinstance(value, Default) and value.v is None:
        return Known(v=[], origin=value.origin)
    if isinstance(value, Text):
        if any(isinstance(part, Hole) and not part.plain for part in value.parts):
            # An unknown part may hold commas itself.
            hole = next(part for part in value.parts if isinstance(part, Hole) and not part.plain)
            return Unknown(doubt=hole.doubt, name=hole.name, origin=value.origin)
        return Known(v=split_text(value, ","), origin=value.origin)
    return value


def split_text(value: Text, delimiter: str) -> list[Value[Any]]:
    """A text cut at a delimiter; references and unknown parts are taken not to hold it."""
    pieces: list[list[Part]] = [[]]
    for part in value.parts:
        if not isinstance(part, str):
            pieces[-1].append(part)
            continue
        for index, literal in enumerate(part.split(delimiter)):
            if index:
                pieces.append([])
            if literal:
                pieces[-1].append(literal)
    found: list[Value[Any]] = []
    for parts in pieces:
        if all(isinstance(p, str) for p in parts):
            found.append(Known(v="".join(p for p in parts if isinstance(p, str)), origin=value.origin))
        else:
            found.append(Text(parts=tuple(parts), origin=value.origin))
    return found
