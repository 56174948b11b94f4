# Before it plans, the pipeline puts the dependencies of the Python functions beside them (pip install --target) and
# bundles the TypeScript (esbuild --bundle --platform=node --target=es2022 --outdir=dist src/*.ts).

data "archive_file" "python" {
  for_each = toset([
    "orders_api",
    "payment_webhook",
    "payment_worker",
    "catalogue_import",
    "backoffice_search",
    "nightly_report",
  ])

  type        = "zip"
  source_dir  = "${path.module}/../orders/functions/${each.key}"
  output_path = "${path.module}/build/${each.key}.zip"
}

data "archive_file" "typescript" {
  for_each = toset(["authorizer", "fulfilment-worker", "carrier-webhook", "order-stream", "notify"])

  type        = "zip"
  source_file = "${path.module}/../orders/ts/dist/${each.key}.js"
  output_path = "${path.module}/build/${each.key}.zip"
}

data "archive_file" "common_layer" {
  type        = "zip"
  source_dir  = "${path.module}/../orders/layers/common"
  output_path = "${path.module}/build/common-layer.zip"
}

resource "aws_lambda_layer_version" "common" {
  layer_name               = "${local.prefix}-common"
  filename                 = data.archive_file.common_layer.output_path
  source_code_hash         = data.archive_file.common_layer.output_base64sha256
  compatible_runtimes      = ["python3.13"]
  compatible_architectures = ["arm64"]
}

resource "aws_signer_signing_profile" "lambda" {
  name_prefix = "tidewater_orders_"
  platform_id = "AWSLambda-SHA384-ECDSA"
}

# Warn, not Enforce: hotfixes are still zipped and uploaded by hand
resource "aws_lambda_code_signing_config" "payments" {
  allowed_publishers {
    signing_profile_version_arns = [aws_signer_signing_profile.lambda.version_arn]
  }

  policies {
    untrusted_artifact_on_deployment = "Warn"
  }
}
