"""AWS::Serverless::* resource types: what differs from the CloudFormation types that they become.

Property names: AWS SAM specification, as of 2026-11-21.
"""

from __future__ import annotations

from stockade.inputs.cloudformation.tables.functions import FUNCTION
from stockade.inputs.lens import Lens, Table, lens
from stockade.model import app

# Properties that SAM names or shapes in another way than AWS::Lambda::Function does.
_FUNCTION: dict[str, Lens] = {
    **FUNCTION.fields,
    "code_path": lens("CodeUri"),
    "code_bucket": lens("CodeUri.Bucket"),
    "code_inline": lens("InlineCode"),
    "image_uri": lens("ImageUri"),
    "tracing": lens("Tracing"),
    "dead_letter": lens("DeadLetterQueue.TargetArn"),
    "tags": lens("Tags", by="lower_tags"),
}

TABLES: tuple[Table, ...] = (
    Table("AWS::Serverless::Function", app.Function, _FUNCTION),
    Table(
        "AWS::Serverless::Function/FunctionUrlConfig",
        app.Url,
        {
            "auth": lens("AuthType"),
            "invoke_mode": lens("InvokeMode"),
            "cors_origins": lens("Cors.AllowOrigins", "texts"),
            "cors_methods": lens("Cors.AllowMethods", "texts"),
            "cors_headers": lens("Cors.AllowHeaders", "texts"),
            "cors_expose_headers": lens("Cors.ExposeHeaders", "texts"),
            "cors_credentials": lens("Cors.AllowCredentials", "boolean"),
            "cors_max_age": lens("Cors.MaxAge", "integer"),
        },
    ),
)
