"""Fields of the model that Terraform has no words for, each with the reason."""

from __future__ import annotations

_FRAMEWORK = "Terraform makes nothing by itself: whatever there is has been written as such"

TERRAFORM: dict[tuple[str, str], str] = {
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
