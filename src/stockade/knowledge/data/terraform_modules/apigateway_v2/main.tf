# What terraform-aws-modules/apigateway-v2 declares, in our own words; see `../../terraform_modules.json`.

variable "given" { type = any }
variable "decides" { type = any }

variable "create" { default = true }
variable "name" { default = "" }
variable "protocol_type" { default = "HTTP" }
variable "body" { default = null }
variable "route_key" { default = null }
variable "target" { default = null }
variable "credentials_arn" { default = null }
variable "disable_execute_api_endpoint" { default = null }
variable "cors_configuration" {
  type    = any
  default = null
}
variable "tags" {
  type    = map(string)
  default = {}
}

locals {
  http   = var.protocol_type == "HTTP"
  domain = var.create && var.create_domain_name && var.given.domain_name
  routes = var.create && var.create_routes_and_integrations
  stage  = var.create && var.create_stage
}

resource "aws_apigatewayv2_api" "this" {
  count = var.create ? 1 : 0

  name            = var.name
  protocol_type   = var.protocol_type
  body            = local.http ? var.body : null
  route_key       = local.http ? var.route_key : null
  target          = local.http ? var.target : null
  credentials_arn = local.http ? var.credentials_arn : null
  tags            = var.tags
  # With a domain of its own, an HTTP API is not served under AWS's address any more.
  disable_execute_api_endpoint = local.http && local.domain ? true : var.disable_execute_api_endpoint

  dynamic "cors_configuration" {
    for_each = local.http && var.given.cors_configuration ? [var.cors_configuration] : []
    content {
      allow_origins     = try(cors_configuration.value.allow_origins, null)
      allow_methods     = try(cors_configuration.value.allow_methods, null)
      allow_headers     = try(cors_configuration.value.allow_headers, null)
      expose_headers    = try(cors_configuration.value.expose_headers, null)
      allow_credentials = try(cors_configuration.value.allow_credentials, null)
      max_age           = try(cors_configuration.value.max_age, null)
    }
  }
}

# --------------------------------------------------------------------------------------------------------- authorizers

variable "authorizers" {
  type    = any
  default = {}
}

resource "aws_apigatewayv2_authorizer" "this" {
  for_each = { for name, authorizer in var.authorizers : name => authorizer if var.create }

  api_id                            = aws_apigatewayv2_api.this[0].id
  name                              = try(coalesce(each.value.name, each.key), each.key)
  authorizer_type                   = try(each.value.authorizer_type, "REQUEST")
  authorizer_uri                    = try(each.value.authorizer_uri, null)
  authorizer_credentials_arn        = try(each.value.authorizer_credentials_arn, null)
  authorizer_payload_format_version = try(each.value.authorizer_payload_format_version, null)
  authorizer_result_ttl_in_seconds  = try(each.value.authorizer_result_ttl_in_seconds, null)
  enable_simple_responses           = try(each.value.enable_simple_responses, null)
  identity_sources                  = try(each.value.identity_sources, null)

  dynamic "jwt_configuration" {
    for_each = try([each.value.jwt_configuration], [])
    content {
      audience = try(jwt_configuration.value.audience, null)
      issuer   = try(jwt_configuration.value.issuer, null)
    }
  }
}

# ---------------------------------------------------------------------------------------------- routes and integrations

variable "create_routes_and_integrations" { default = true }
variable "routes" {
  type    = any
  default = {}
}

resource "aws_apigatewayv2_route" "this" {
  for_each = { for key, route in var.routes : key => route if local.routes }

  api_id               = aws_apigatewayv2_api.this[0].id
  route_key            = each.key
  target               = "integrations/${aws_apigatewayv2_integration.this[each.key].id}"
  api_key_required     = local.http ? null : try(each.value.api_key_required, null)
  authorization_type   = try(each.value.authorization_type, null)
  authorization_scopes = try(each.value.authorization_scopes, null)
  authorizer_id        = try(aws_apigatewayv2_authorizer.this[each.value.authorizer_key].id, each.value.authorizer_id, null)
}

resource "aws_apigatewayv2_integration" "this" {
  for_each = { for key, route in var.routes : key => route.integration if local.routes }

  api_id                 = aws_apigatewayv2_api.this[0].id
  integration_type       = try(each.value.type, "AWS_PROXY")
  integration_subtype    = try(each.value.subtype, null)
  integration_method     = try(each.value.method, null)
  integration_uri        = try(each.value.uri, null)
  connection_type        = try(each.value.connection_type, null)
  connection_id          = try(aws_apigatewayv2_vpc_link.this[each.value.vpc_link_key].id, each.value.connection_id, null)
  credentials_arn        = try(each.value.credentials_arn, null)
  payload_format_version = try(each.value.payload_format_version, null)
  timeout_milliseconds   = try(each.value.timeout_milliseconds, null)
  request_parameters     = try(each.value.request_parameters, null)
}

variable "vpc_links" {
  type    = any
  default = {}
}

resource "aws_apigatewayv2_vpc_link" "this" {
  for_each           = { for name, link in var.vpc_links : name => link if var.create }
  name               = try(coalesce(each.value.name, each.key), each.key)
  security_group_ids = try(each.value.security_group_ids, null)
  subnet_ids         = try(each.value.subnet_ids, null)
}

# --------------------------------------------------------------------------------------------------------------- stage

variable "create_stage" { default = true }
variable "stage_name" { default = "$default" }
variable "deploy_stage" { default = true }
variable "stage_variables" {
  type    = any
  default = {}
}
variable "stage_access_log_settings" {
  type    = any
  default = null
}
variable "stage_default_route_settings" {
  type    = any
  default = null
}
variable "stage_tags" {
  type    = map(string)
  default = {}
}

locals {
  own_group = local.stage && var.given.stage_access_log_settings && try(tobool(var.stage_access_log_settings.create_log_group), true)
}

resource "aws_apigatewayv2_stage" "this" {
  count = local.stage ? 1 : 0

  api_id          = aws_apigatewayv2_api.this[0].id
  name            = var.stage_name
  auto_deploy     = local.http ? true : null
  stage_variables = var.stage_variables
  tags            = merge(var.tags, var.stage_tags)

  # Where the caller says nothing, the module decides: whether it makes a group of its own then is not said.
  access_log_settings {
    destination_arn = !var.given.stage_access_log_settings ? var.decides.access_logs : local.own_group ? aws_cloudwatch_log_group.this["this"].arn : try(var.stage_access_log_settings.destination_arn, null)
    format          = !var.given.stage_access_log_settings ? var.decides.access_log_format : try(var.stage_access_log_settings.format, var.decides.access_log_format)
  }

  default_route_settings {
    throttling_burst_limit   = try(var.stage_default_route_settings.throttling_burst_limit, var.decides.throttling_burst_limit)
    throttling_rate_limit    = try(var.stage_default_route_settings.throttling_rate_limit, var.decides.throttling_rate_limit)
    detailed_metrics_enabled = try(var.stage_default_route_settings.detailed_metrics_enabled, var.decides.detailed_metrics_enabled)
    logging_level            = local.http ? null : try(var.stage_default_route_settings.logging_level, null)
    data_trace_enabled       = local.http ? null : try(var.stage_default_route_settings.data_trace_enabled, var.decides.data_trace_enabled)
  }

  dynamic "route_settings" {
    for_each = { for key, route in var.routes : key => route if local.routes && (can(route.throttling_burst_limit) || can(route.throttling_rate_limit)) }
    content {
      route_key              = route_settings.key
      throttling_burst_limit = try(route_settings.value.throttling_burst_limit, var.stage_default_route_settings.throttling_burst_limit, var.decides.throttling_burst_limit)
      throttling_rate_limit  = try(route_settings.value.throttling_rate_limit, var.stage_default_route_settings.throttling_rate_limit, var.decides.throttling_rate_limit)
    }
  }
}

resource "aws_cloudwatch_log_group" "this" {
  for_each          = { for name in ["this"] : name => name if local.own_group }
  name              = try(coalesce(var.stage_access_log_settings.log_group_name), "/aws/apigateway/${var.name}/${replace(var.stage_name, "$", "")}")
  retention_in_days = try(var.stage_access_log_settings.log_group_retention_in_days, var.decides.log_group_retention_in_days)
  kms_key_id        = try(var.stage_access_log_settings.log_group_kms_key_id, null)
  tags              = merge(var.tags, try(var.stage_access_log_settings.log_group_tags, {}))
}

resource "aws_apigatewayv2_deployment" "this" {
  count  = local.stage && var.deploy_stage && !local.http ? 1 : 0
  api_id = aws_apigatewayv2_api.this[0].id
}

# -------------------------------------------------------------------------------------------------------------- domain

variable "create_domain_name" { default = true }
variable "domain_name" { default = "" }
variable "domain_name_certificate_arn" { default = null }
variable "mutual_tls_authentication" {
  type    = any
  default = {}
}

resource "aws_apigatewayv2_domain_name" "this" {
  count       = local.domain ? 1 : 0
  domain_name = var.domain_name
  tags        = var.tags

  domain_name_configuration {
    certificate_arn = var.given.domain_name_certificate_arn ? var.domain_name_certificate_arn : var.decides.certificate
    endpoint_type   = "REGIONAL"
    security_policy = "TLS_1_2"
  }

  dynamic "mutual_tls_authentication" {
    for_each = try([var.mutual_tls_authentication.truststore_uri], [])
    content {
      truststore_uri = mutual_tls_authentication.value
    }
  }
}

resource "aws_apigatewayv2_api_mapping" "this" {
  count       = local.domain && local.stage ? 1 : 0
  api_id      = aws_apigatewayv2_api.this[0].id
  domain_name = aws_apigatewayv2_domain_name.this[0].id
  stage       = aws_apigatewayv2_stage.this[0].id
}

# -------------------------------------------------------------------------------------------------------------- outputs

output "api_id" { value = try(aws_apigatewayv2_api.this[0].id, "") }
output "api_arn" { value = try(aws_apigatewayv2_api.this[0].arn, "") }
output "api_endpoint" { value = try(aws_apigatewayv2_api.this[0].api_endpoint, "") }
output "api_execution_arn" { value = try(aws_apigatewayv2_api.this[0].execution_arn, "") }
output "authorizers" { value = aws_apigatewayv2_authorizer.this }
output "integrations" { value = aws_apigatewayv2_integration.this }
output "routes" { value = aws_apigatewayv2_route.this }
output "vpc_links" { value = aws_apigatewayv2_vpc_link.this }
output "domain_name_id" { value = try(aws_apigatewayv2_domain_name.this[0].id, "") }
output "domain_name_arn" { value = try(aws_apigatewayv2_domain_name.this[0].arn, "") }
output "stage_id" { value = try(aws_apigatewayv2_stage.this[0].id, "") }
output "stage_arn" { value = try(aws_apigatewayv2_stage.this[0].arn, "") }
output "stage_execution_arn" { value = try(aws_apigatewayv2_stage.this[0].execution_arn, "") }
output "stage_invoke_url" { value = try(aws_apigatewayv2_stage.this[0].invoke_url, "") }
