"""What function URLs and APIs are asked about cross-origin requests, in the same words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from stockade.model.app import Api, Authorizer, Function, Route, Url
from stockade.model.intent import Fix
from stockade.model.value import NO, YES, File, Relation, Tri, Value, all_of, any_of, given
from stockade.rules._base import HIGH, INFO, LOW, MEDIUM, Label, Outcome, Persona, Severity, found
from stockade.rules.exposure._shared import authorizer_of

_SIMPLE_METHODS = r"(?i)\W*(?:get|head|post)\W*"
_SIMPLE_HEADERS = r"(?i)\W*(?:accept|accept-language|content-language)\W*"  # with content-type, JSON can be sent
_AUTHORIZATION = r"\W*(?i:authorization)\W*"
# SAM wants the values of a REST API in quotes of their own.
_ANY = ("*", "'*'", '"*"', "http://*", "https://*")

_LIST = "list the origins that need it, as https://shop.example.com"
# The answer of a REST API itself holds a text, and browsers take one origin in it (https://fetch.spec.whatwg.org).
_FIXED = (
    "name the one origin that needs it, as https://shop.example.com: this header is a fixed text, and to let in several, the"
    " function has to answer with the one that asks"
)


def _open(values: Relation[Value[str]]) -> Tri:
    return values.any(lambda v: v.one_of(*_ANY))


def _is_open(value: Value[str]) -> bool:
    return not value.one_of(*_ANY).is_no


def has_cors(record: Url | Api) -> Tri:
    """Whether cross-origin requests are allowed at all."""
    return ~record.cors_origins.is_empty()


def open_cors(record: Url | Api, shown: str, functions: tuple[Function, ...]) -> Iterator[Outcome]:
    """What is open in one CORS configuration."""
    if has_cors(record).is_no:
        return
    origins = _open(record.cors_origins)
    rest = isinstance(record, Api) and record.protocol == "REST"
    read = _open(record.answer_origins) if isinstance(record, Api) and rest else YES
    guarded = _guarded(record)
    # A REST API answers with `*` as it is written, and browsers send no credentials for that.
    lent = NO if rest else record.cors_credentials.is_true()
    lists = (("method", record.cors_methods), (_headers(record), record.cors_headers))
    also = [word for word, values in lists if _open(values).is_yes]
    every = " and every ".join(also) or "method or header"
    if guarded.truth in {"yes", "mixed"}:
        yield from _behind_authorization(record, shown, functions, origins & read & guarded, lent=lent, also=also)
    if not guarded.is_yes:
        open_ = origins & read & ~guarded if guarded.truth == "mixed" else origins & read
        both = (origins & read & lent).is_yes
        yield from _every_origin(
            record,
            shown,
            functions,
            open_,
            also,
            credentials=both,
            severity=HIGH if both else LOW,
            evidence="origins",
        )
    if rest:
        yield from found(
            origins & ~read,
            subject=record,
            functions=functions,
            at=_first(record),
            severity=INFO,
            persona="pedantic",
            message=(
                f"preflight requests of every origin pass at {shown}; whether pages can read its answers is decided by the "
                f"headers that {'its functions send' if functions else 'these come with'}"
            ),
            help="answer preflight requests with the origins that need it, and see that no answer allows every origin",
            fix=Fix.advice("name the origins whose pages have to call it"),
            related=_elsewhere(record, _first(record)),
            evidence="preflight",
        )
    wide = any_of((_open(record.cors_methods), _open(record.cors_headers)))
    yield from found(
        ~origins & wide,
        subject=record,
        functions=functions,
        at=next((v for values in (record.cors_methods, record.cors_headers) for v in values if _is_open(v)), record),
        severity=INFO,
        message=f"pages of the allowed origins may use every {every} at {shown}"
        + (", in requests without the user's credentials" if lent.is_yes else ""),
        help="list the methods and headers that the pages use",
        fix=Fix.advice("name the methods and headers that the pages use"),
        evidence="methods",
    )


def _behind_authorization(
    record: Url | Api, shown: str, functions: tuple[Function, ...], answer: Tri, *, lent: Tri, also: list[str]
) -> Iterator[Outcome]:
    """Every origin, where no request gets in without authorization.

    A browser lends a page the cookies of its user, and neither a signature nor a token. Only a Lambda authorizer can take
    cookies for authorization.
    """
    cookies = (answer & lent & _takes_cookies(record)).is_yes
    yield from _every_origin(
        record,
        shown,
        functions,
        answer,
        also,
        credentials=cookies,
        severity=_severity(cookies=cookies),
        persona=None if cookies else "pedantic",
        who="" if cookies else f" that {_premise(record)}",
        premise=", if its authorizer takes cookies" if cookies else "",
        evidence="origins behind authorization",
    )


def _every_origin(  # noqa: PLR0913 - they are what differs between the two ways to say it
    record: Url | Api,
    shown: str,
    functions: tuple[Function, ...],
    answer: Tri,
    also: list[str],
    *,
    credentials: bool,
    severity: Severity,
    evidence: str,
    persona: Persona | None = None,
    premise: str = "",
    who: str = "",
) -> Iterator[Outcome]:
    """That every origin is allowed; `also`: what else is open to it, `credentials`: whether pages can use the user's."""
    what = "with the user's credentials" if credentials else "and read its answers"
    # With credentials, browsers take `*` for a method or header of that name (https://fetch.spec.whatwg.org).
    beside = f", with every {' and every '.join(also)}" if also and not credentials else ""
    advice = "name the origins whose pages have to call it" + (", or accept no credentials" if credentials else "")
    yield from found(
        answer,
        subject=record,
        functions=functions,
        at=_read_at(record),
        severity=severity,
        persona=persona,
        message=f"pages of every origin{who} may call {shown} {what}{beside}{premise}",
        help=_FIXED if isinstance(record, Api) and record.protocol == "REST" and _answers(record) else _LIST,
        fix=Fix.advice(advice),
        related=_elsewhere(record, _read_at(record)),
        evidence=evidence,
    )


def _headers(record: Url | Api) -> str:
    """What `*` among the headers stands for: to browsers, all but one, which has to be named (https://fetch.spec.whatwg.org)."""
    named = record.cors_headers.any(lambda v: v.matches(_AUTHORIZATION))
    return "header but `Authorization`" if named.is_no else "header"


def _severity(*, cookies: bool) -> Severity:
    return MEDIUM if cookies else LOW


def _guarded(record: Url | Api) -> Tri:
    """Whether no request gets in without authorization, preflight requests aside."""
    if isinstance(record, Url):
        return record.auth.is_("AWS_IAM")
    asked = [r for r in record.routes if not r.method.matches("(?i)options").is_yes]
    return all_of(~given(r.exists, r.authorization.is_("NONE")) for r in asked) if asked else NO


def _takes_cookies(record: Url | Api) -> Tri:
    """Whether a route asks an authorizer that is a function, which may look at anything of the request."""
    return NO if isinstance(record, Url) else record.routes.any(lambda r: r.authorization.is_("CUSTOM"))


def _premise(record: Url | Api) -> str:
    signed = isinstance(record, Url) or record.routes.all(lambda r: r.authorization.one_of("AWS_IAM", "NONE")).is_yes
    if not signed:
        return "hold what the authorizers ask for"
    return "sign their requests in the query string" if _no_header_signs(record).is_yes else "can sign their requests"


def _no_header_signs(record: Url | Api) -> Tri:
    """Whether a page may not send the header that holds a signature, and so can only put one into the query string.

    To browsers a `*` does not stand for `Authorization`; but a service may answer with the header that it was asked for.
    """
    return ~record.cors_headers.any(lambda v: v.matches(r"\W*(?:\*|(?i:authorization))\W*"))


def remembers(record: Url | Api) -> Tri:
    """Whether a preflight request may succeed, so that a browser has something to remember.

    It asks for a method or header that is not simple (https://fetch.spec.whatwg.org/#cors-safelisted-request-header), which
    has to be allowed. A page that signs its requests, or sends a token, asks for `Authorization`. REST APIs say the rest for
    each method.
    """
    refused = _all_by_token(record) & ~record.cors_headers.any(lambda v: v.matches(_AUTHORIZATION))
    if isinstance(record, Api) and record.protocol == "REST":
        return ~refused
    more = record.cors_methods.any(lambda v: ~v.matches(_SIMPLE_METHODS)) | record.cors_headers.any(
        lambda v: ~v.matches(_SIMPLE_HEADERS)
    )
    return more & ~(_all_signed(record) & _no_header_signs(record)) & ~refused


def _all_signed(record: Url | Api) -> Tri:
    """Whether every request has to be signed, preflight requests aside."""
    if isinstance(record, Url):
        return record.auth.is_("AWS_IAM")
    asked = [r for r in record.routes if not r.method.matches("(?i)options").is_yes]
    if not asked or not record.routes.complete:
        return NO
    return all_of(~given(r.exists, ~r.authorization.is_("AWS_IAM")) for r in asked)


def _all_by_token(record: Url | Api) -> Tri:
    """Whether every request, preflight requests aside, has to hold a token in the header `Authorization`.

    Unlike a signature it can't stand in the query string, and API Gateway answers with a `*` as it is written
    (https://github.com/sst/v2/issues/1014 shows what browsers say to that), which does not stand for this header.
    """
    if isinstance(record, Url):
        return NO
    asked = [r for r in record.routes if not r.method.matches("(?i)options").is_yes]
    if not asked or not record.routes.complete:
        return NO
    return all_of(~given(r.exists, ~_by_token(record, r)) for r in asked)


def _by_token(api: Api, route: Route) -> Tri:
    """Whether all that a route may ask for its callers takes a header `Authorization`."""
    asks = route.authorization.one_of("JWT", "COGNITO_USER_POOLS", "CUSTOM")
    cases = [authorizer_of(api, leaf) for _, leaf in route.authorizer.leaves()]
    return asks & all_of(NO if one is None else _takes_the_header(one) for one in cases)


def _takes_the_header(authorizer: Authorizer) -> Tri:
    sources = authorizer.identity_sources
    own = sources.all(lambda v: v.matches(rf"(?:\$|method\.)request\.header\.{_AUTHORIZATION}"))
    return own & ~sources.is_empty()


def _wide(values: Iterable[Value[str]]) -> list[Value[str]]:
    return [v for v in values if not v.one_of(*_ANY).is_no]


def _first(record: Url | Api) -> Value[str] | Url | Api:
    """The place to show: the first that allows every origin."""
    return next(iter(_wide(record.cors_origins)), record)


def _answers(record: Url | Api) -> list[Value[str]]:
    """The answers of a REST API that every page can read."""
    return _wide(record.answer_origins) if isinstance(record, Api) else []


def _read_at(record: Url | Api) -> Value[str] | Url | Api:
    """The place to show where pages can read what is answered: of a REST API it is the answer that says so."""
    return next((v for v in _answers(record) if isinstance(v.origin, File)), _first(record))


def _elsewhere(record: Url | Api, shown: Value[str] | Url | Api) -> tuple[Label, ...]:
    """The other places that have to change: each path of a REST API answers for itself."""
    again = record.origins_again if isinstance(record, Api) else ()
    places = [(v.origin, "and in this answer") for v in _answers(record)]
    places += [(v.origin, "and here") for v in (*_wide(record.cors_origins), *_wide(again))]
    texts: dict[File, str] = {}
    for origin, text in places:
        if isinstance(origin, File) and origin != shown.origin:
            texts.setdefault(origin, text)
    return tuple(Label(origin, text) for origin, text in texts.items())
