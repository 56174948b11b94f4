"""What all inputs know of databases whose encryption is not written."""

from __future__ import annotations

from stockade.model.value import Doubt, Unknown, Value

AURORA = r"(?i)aurora.*"
# https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Overview.Encryption.html (as of 2026-11-28).
OLD_OR_NEW = Doubt(
    "a cluster of Aurora is encrypted if it was made after 2026-02-18, and may not be if it is older",
    "write that its storage is encrypted",
    "service default",
)
AS_THE_PRIMARY = Doubt("it is encrypted if the primary of the global datastore is", "look at that", "reference")


def as_its_source(name: str, source: Value[str]) -> Unknown[bool]:
    """Whether a database is encrypted that is made from another one, which a property of this name says."""
    doubt = Doubt(f"it is encrypted if what it is made from is (`{name}`)", "look at that", "reference")
    return Unknown(doubt=doubt, origin=source.origin)
