"""The Terraform input: configuration (`.tf`, `.tf.json`, `.tofu`) and plans, evaluated and lowered."""

from __future__ import annotations

from stockade.inputs.terraform.modules import UNKNOWN
from stockade.inputs.terraform.read import Found, evaluate_root, read

__all__ = ["UNKNOWN", "Found", "evaluate_root", "read"]
