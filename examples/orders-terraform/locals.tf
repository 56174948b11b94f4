locals {
  prefix  = "tidewater-orders-${var.stage}"
  is_prod = var.stage == "prod"

  stage_config = {
    dev     = { api_domain = "orders.dev.tidewater.example", api_concurrency = 10, tls_policy = "TLS_1_2" }
    staging = { api_domain = "orders.staging.tidewater.example", api_concurrency = 20, tls_policy = "TLS_1_2" }
    # TLS 1.0 because of the in-store terminals; ask retail before changing it
    prod = { api_domain = "orders.tidewater.example", api_concurrency = 200, tls_policy = "TLS_1_0" }
  }
  config = local.stage_config[var.stage]

  # AWS publishes it in every region from another account
  secrets_extension_layers = {
    eu-west-1    = "arn:aws:lambda:eu-west-1:015030872274:layer:AWS-Parameters-and-Secrets-Lambda-Extension-Arm64:12"
    eu-central-1 = "arn:aws:lambda:eu-central-1:187925254637:layer:AWS-Parameters-and-Secrets-Lambda-Extension-Arm64:12"
  }

  common_environment = {
    STAGE           = var.stage
    ORDERS_TABLE    = aws_dynamodb_table.orders.name
    DEBUG_ERRORS    = local.is_prod ? "0" : "1"
    AUDIT_COLLECTOR = "10.20.3.40:5140"
    BUILD_REVISION  = "3f1c9a7d5e0b48c26a9f7e1d3b5c8042e6f7a911"
  }

  # previews of the shop run on random host names, so anything goes outside prod
  shop_origin = local.is_prod ? "https://shop.tidewater.example" : "*"

  brightwork_account = "681029475310"
}
