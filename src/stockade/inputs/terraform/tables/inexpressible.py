"""Fields of the model that Terraform has no words for, each with the reason."""

from __future__ import annotations

from stockade.model.app import (
    LINKS,
    MicrovmImage,
    NetworkConnector,
    Resource,
    WebEndpoint,
    WebFunction,
    WebRevision,
)

_FRAMEWORK = "Terraform makes nothing by itself: whatever there is has been written as such"

_NOT_YET = "the provider has no argument for it, as of 2026-11-28"
_NO_TYPE = "the provider has no such resource type, as of 2026-11-28"
_UNKNOWN_KINDS = (NetworkConnector, MicrovmImage, WebFunction, WebRevision, WebEndpoint)


def _own(kind: type[Resource]) -> list[str]:
    return [name for name in kind.__struct_fields__ if name not in LINKS and name not in Resource.__struct_fields__]


TERRAFORM: dict[tuple[str, str], str] = {
    ("function", "durable_key"): _NOT_YET,
    ("function", "max_environments"): _NOT_YET,
    ("capacity-provider", "log_group_name"): _NOT_YET,
    ("capacity-provider", "system_log_level"): _NOT_YET,
    **{(kind.kind, field): _NO_TYPE for kind in _UNKNOWN_KINDS for field in _own(kind)},
    ("function", "code_inline"): "the provider takes code as an archive only, not as text",
    ("permission", "generated_by"): _FRAMEWORK,
    ("policy", "template"): "policy templates are SAM's",
    ("role", "generated"): _FRAMEWORK,
    ("log-group", "generated"): _FRAMEWORK,
    ("api", "implicit"): _FRAMEWORK,
    ("api", "minimum_tls"): "version 5 of the provider sets it for custom domain names only",
    ("credentials", "password"): "the provider takes keys",
    ("secret", "generated"): "the provider does not have Secrets Manager make a secret",
}
