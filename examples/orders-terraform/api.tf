# ---------------------------------------------------------------- shop API

locals {
  orders_integration = {
    type       = "aws_proxy"
    httpMethod = "POST"
    uri        = module.orders_api.invoke_arn
  }

  # browsers send no token with a preflight request
  shop_preflight = {
    security  = []
    responses = { "204" = { description = "preflight" } }
    "x-amazon-apigateway-integration" = {
      type             = "mock"
      requestTemplates = { "application/json" = jsonencode({ statusCode = 204 }) }
      responses = {
        default = {
          statusCode = "204"
          responseParameters = {
            "method.response.header.Access-Control-Allow-Origin"      = "'${local.shop_origin}'"
            "method.response.header.Access-Control-Allow-Methods"     = "'GET,POST,DELETE,OPTIONS'"
            "method.response.header.Access-Control-Allow-Headers"     = "'Authorization,Content-Type,Idempotency-Key'"
            "method.response.header.Access-Control-Allow-Credentials" = "'true'"
            "method.response.header.Access-Control-Max-Age"           = "'600'"
          }
        }
      }
    }
  }
}

resource "aws_api_gateway_rest_api" "shop" {
  name = "${local.prefix}-shop"

  body = jsonencode({
    openapi  = "3.0.1"
    info     = { title = "Tidewater shop", version = "1.0" }
    security = [{ CustomerToken = [] }]

    paths = {
      "/orders" = {
        post    = { "x-amazon-apigateway-integration" = local.orders_integration }
        get     = { "x-amazon-apigateway-integration" = local.orders_integration }
        options = local.shop_preflight
      }
      "/orders/{orderId}" = {
        get     = { "x-amazon-apigateway-integration" = local.orders_integration }
        delete  = { "x-amazon-apigateway-integration" = local.orders_integration }
        options = local.shop_preflight
      }
      # linked from the e-mails, where nobody is logged in
      "/orders/{orderId}/tracking" = {
        get     = { security = [], "x-amazon-apigateway-integration" = local.orders_integration }
        options = local.shop_preflight
      }
    }

    components = {
      securitySchemes = {
        CustomerToken = {
          type                           = "apiKey"
          name                           = "Authorization"
          in                             = "header"
          "x-amazon-apigateway-authtype" = "custom"
          "x-amazon-apigateway-authorizer" = {
            type                         = "token"
            authorizerUri                = module.typescript["authorizer"].invoke_arn
            authorizerResultTtlInSeconds = 300
          }
        }
      }
    }
  })
}

resource "aws_api_gateway_deployment" "shop" {
  rest_api_id = aws_api_gateway_rest_api.shop.id

  triggers = {
    definition = sha1(aws_api_gateway_rest_api.shop.body)
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_api_gateway_stage" "shop" {
  rest_api_id          = aws_api_gateway_rest_api.shop.id
  deployment_id        = aws_api_gateway_deployment.shop.id
  stage_name           = var.stage
  xray_tracing_enabled = true
}

resource "aws_api_gateway_domain_name" "shop" {
  domain_name              = local.config.api_domain
  regional_certificate_arn = var.certificate_arn
  security_policy          = local.config.tls_policy

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_api_gateway_base_path_mapping" "shop" {
  api_id      = aws_api_gateway_rest_api.shop.id
  stage_name  = aws_api_gateway_stage.shop.stage_name
  domain_name = aws_api_gateway_domain_name.shop.domain_name
}

resource "aws_lambda_permission" "shop_route" {
  for_each = {
    create-order = "POST/orders"
    list-orders  = "GET/orders"
    get-order    = "GET/orders/*"
    cancel-order = "DELETE/orders/*"
    track-order  = "GET/orders/*/tracking"
  }

  statement_id  = each.key
  function_name = module.orders_api.name
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_api_gateway_stage.shop.execution_arn}/${each.value}"
}

resource "aws_lambda_permission" "shop_authorizer" {
  statement_id  = "shop-authorizer"
  function_name = module.typescript["authorizer"].name
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_api_gateway_rest_api.shop.execution_arn}/authorizers/*"
}

# ---------------------------------------------------------------- back office

resource "aws_apigatewayv2_api" "backoffice" {
  name          = "${local.prefix}-backoffice"
  protocol_type = "HTTP"

  cors_configuration {
    allow_origins     = ["https://backoffice.tidewater.example"]
    allow_methods     = ["GET"]
    allow_headers     = ["authorization", "x-amz-date", "x-amz-security-token"]
    allow_credentials = true
    max_age           = 600
  }
}

resource "aws_apigatewayv2_stage" "backoffice" {
  api_id      = aws_apigatewayv2_api.backoffice.id
  name        = "$default"
  auto_deploy = true

  default_route_settings {
    throttling_burst_limit = 20
    throttling_rate_limit  = 10
  }

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.backoffice_access.arn

    format = jsonencode({
      id     = "$context.requestId"
      route  = "$context.routeKey"
      status = "$context.status"
      caller = "$context.identity.userArn"
    })
  }
}

resource "aws_apigatewayv2_integration" "backoffice_search" {
  api_id                 = aws_apigatewayv2_api.backoffice.id
  integration_type       = "AWS_PROXY"
  integration_uri        = module.backoffice_search.invoke_arn
  payload_format_version = "2.0"
}

resource "aws_apigatewayv2_route" "backoffice_search" {
  api_id             = aws_apigatewayv2_api.backoffice.id
  route_key          = "GET /search"
  authorization_type = "AWS_IAM"
  target             = "integrations/${aws_apigatewayv2_integration.backoffice_search.id}"
}

resource "aws_lambda_permission" "backoffice_search" {
  statement_id  = "backoffice-api"
  function_name = module.backoffice_search.name
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.backoffice.execution_arn}/$default/GET/search"
}

# the old console calls search through an API of the stack it will replace one day
resource "aws_lambda_permission" "old_console" {
  statement_id  = "old-console"
  function_name = module.backoffice_search.name
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
  source_arn    = "arn:${data.aws_partition.current.partition}:execute-api:${local.arn_middle}:*"
}

resource "aws_lambda_permission" "brightwork" {
  statement_id  = "brightwork"
  function_name = module.backoffice_search.name
  action        = "lambda:InvokeFunction"
  principal     = local.brightwork_account
}
