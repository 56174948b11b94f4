"""The part of Stockade that runs inside a Lambda function.

This release holds no protections yet: importing it changes nothing about the function. It exists so that the name,
the version and the promises are fixed before the code is. The promises are: the standard library only, no threads and
no I/O at import, and each protection can be told to observe or to enforce.
"""

from __future__ import annotations

__all__ = ["__version__"]

__version__ = "0.1.0"
