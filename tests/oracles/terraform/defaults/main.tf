# One resource of each type that has defaults, with no more than it must have: what the provider plans for the rest.
resource "aws_db_instance" "x" {
  instance_class    = "db.t3.micro"
  allocated_storage = 5
  engine            = "mysql"
}
resource "aws_rds_cluster" "x" { engine = "aurora-mysql" }
resource "aws_rds_cluster_instance" "x" {
  cluster_identifier = "c"
  engine             = "aurora-mysql"
  instance_class     = "db.r5.large"
}
resource "aws_redshift_cluster" "x" {
  cluster_identifier = "c"
  node_type          = "ra3"
  master_username    = "user"
  master_password    = "Passw0rdX"
}
resource "aws_redshiftserverless_workgroup" "x" {
  namespace_name = "n"
  workgroup_name = "workgroup"
}
resource "aws_mq_broker" "x" {
  broker_name        = "b"
  engine_type        = "ActiveMQ"
  engine_version     = "5.15.9"
  host_instance_type = "mq.t2.micro"
  user {
    username = "abc"
    password = "MindTheGapPlease"
  }
}
resource "aws_elasticache_replication_group" "x" {
  replication_group_id = "r"
  description          = "d"
  engine               = "redis"
}
resource "aws_elasticache_cluster" "x" {
  cluster_id      = "r"
  engine          = "memcached"
  num_cache_nodes = 1
  node_type       = "cache.t3.small"
}
resource "aws_docdb_cluster" "x" {
  master_username = "abc"
  master_password = "MindTheGapPlease"
}
resource "aws_neptune_cluster" "x" {}
resource "aws_dax_cluster" "x" {
  cluster_name       = "c"
  iam_role_arn       = "arn:aws:iam::123456789012:role/x"
  node_type          = "dax.r4.large"
  replication_factor = 1
}
resource "aws_memorydb_cluster" "x" {
  acl_name  = "a"
  node_type = "db.t4g.small"
}
resource "aws_efs_file_system" "x" {}
resource "aws_sqs_queue" "x" {}
resource "aws_sns_topic" "x" {}
resource "aws_kinesis_stream" "x" {
  name        = "x"
  shard_count = 1
}
resource "aws_cloudtrail" "x" {
  name           = "trail"
  s3_bucket_name = "b"
}
resource "aws_cloudwatch_log_group" "x" {}
resource "aws_cloudwatch_metric_alarm" "x" {
  alarm_name          = "a"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  metric_name         = "m"
  namespace           = "n"
  period              = 60
  statistic           = "Sum"
  threshold           = 1
}
resource "aws_cloudwatch_event_rule" "x" { schedule_expression = "rate(1 day)" }
resource "aws_cloudwatch_event_target" "x" {
  rule = "r"
  arn  = "arn:aws:lambda:eu-west-1:123456789012:function:x"
}
resource "aws_cloudwatch_event_permission" "x" {
  principal    = "123456789012"
  statement_id = "x"
}
resource "aws_scheduler_schedule" "x" {
  schedule_expression = "rate(1 day)"
  flexible_time_window { mode = "OFF" }
  target {
    arn      = "arn:aws:lambda:eu-west-1:123456789012:function:x"
    role_arn = "arn:aws:iam::123456789012:role/x"
  }
}
resource "aws_pipes_pipe" "x" {
  source   = "arn:aws:sqs:eu-west-1:123456789012:x"
  target   = "arn:aws:lambda:eu-west-1:123456789012:function:x"
  role_arn = "arn:aws:iam::123456789012:role/x"
}
resource "aws_lambda_function" "x" {
  function_name = "x"
  role          = "arn:aws:iam::123456789012:role/x"
  image_uri     = "x"
  package_type  = "Image"
}
resource "aws_lambda_event_source_mapping" "x" {
  function_name    = "x"
  event_source_arn = "arn:aws:sqs:eu-west-1:123456789012:x"
}
resource "aws_lambda_function_event_invoke_config" "x" { function_name = "x" }
resource "aws_lambda_function_url" "x" {
  function_name      = "x"
  authorization_type = "NONE"
}
resource "aws_lambda_runtime_management_config" "x" { function_name = "x" }
resource "aws_lambda_code_signing_config" "x" {
  allowed_publishers { signing_profile_version_arns = ["arn:aws:signer:eu-west-1:123456789012:/signing-profiles/x/y"] }
}
resource "aws_iam_role" "x" { assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [] }) }
resource "aws_kms_key" "x" {}
resource "aws_kms_replica_key" "x" { primary_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab" }
resource "aws_kms_external_key" "x" {}
resource "aws_secretsmanager_secret" "x" {}
resource "aws_ssm_parameter" "x" {
  name  = "x"
  type  = "String"
  value = "v"
}
resource "aws_subnet" "x" { vpc_id = "vpc-1" }
resource "aws_default_subnet" "x" { availability_zone = "eu-west-1a" }
resource "aws_nat_gateway" "x" { subnet_id = "s" }
resource "aws_vpc_endpoint" "x" {
  vpc_id       = "v"
  service_name = "s"
}
resource "aws_security_group" "x" {}
resource "aws_default_security_group" "x" {}
resource "aws_s3_bucket_public_access_block" "x" { bucket = "b" }
resource "aws_s3_bucket" "x" {}
resource "aws_dynamodb_table" "x" {
  name         = "xxx"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  attribute {
    name = "id"
    type = "S"
  }
}
resource "aws_ecr_repository" "x" {
  name = "x"
}
resource "aws_opensearch_domain" "x" { domain_name = "xxx" }
resource "aws_ses_receipt_rule" "x" {
  name          = "x"
  rule_set_name = "r"
}
resource "aws_msk_cluster" "x" {
  cluster_name           = "x"
  kafka_version          = "3.2.0"
  number_of_broker_nodes = 3
  broker_node_group_info {
    client_subnets  = ["s"]
    instance_type   = "kafka.m5.large"
    security_groups = ["sg"]
  }
}

resource "aws_elasticache_serverless_cache" "x" {
  engine = "valkey"
  name   = "x"
}
resource "aws_elasticsearch_domain" "x" { domain_name = "xxx" }
resource "aws_iam_policy" "x" { policy = "{}" }
resource "aws_lambda_alias" "x" {
  name             = "live"
  function_name    = "x"
  function_version = "1"
}
resource "aws_lambda_permission" "x" {
  function_name = "x"
  action        = "lambda:InvokeFunction"
  principal     = "s3.amazonaws.com"
}
resource "aws_lambda_layer_version" "x" {
  layer_name = "x"
  s3_bucket  = "b"
  s3_key     = "k"
}
resource "aws_sns_topic_subscription" "x" {
  topic_arn = "arn:aws:sns:eu-west-1:123456789012:x"
  protocol  = "lambda"
  endpoint  = "arn:aws:lambda:eu-west-1:123456789012:function:x"
}
resource "aws_cloudwatch_event_bus" "x" { name = "x" }
resource "aws_cloudwatch_composite_alarm" "x" {
  alarm_name = "a"
  alarm_rule = "ALARM(x)"
}
resource "aws_iot_topic_rule" "x" {
  name        = "x"
  enabled     = true
  sql         = "SELECT * FROM 'x'"
  sql_version = "2016-03-23"
}
resource "aws_db_proxy" "x" {
  name           = "x"
  engine_family  = "MYSQL"
  role_arn       = "arn:aws:iam::123456789012:role/x"
  vpc_subnet_ids = ["s"]
  auth {
    secret_arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:x"
  }
}
resource "aws_redshiftserverless_namespace" "x" { namespace_name = "namespace" }
resource "aws_secretsmanager_secret_rotation" "x" {
  secret_id = "x"
  rotation_rules {
    automatically_after_days = 30
  }
}

resource "aws_api_gateway_rest_api" "x" { name = "x" }
resource "aws_api_gateway_rest_api_policy" "x" {
  rest_api_id = "x"
  policy      = "{}"
}
resource "aws_api_gateway_method" "x" {
  rest_api_id   = "x"
  resource_id   = "x"
  http_method   = "GET"
  authorization = "NONE"
}
resource "aws_api_gateway_integration" "x" {
  rest_api_id = "x"
  resource_id = "x"
  http_method = "GET"
  type        = "MOCK"
}
resource "aws_api_gateway_stage" "x" {
  rest_api_id   = "x"
  deployment_id = "x"
  stage_name    = "x"
}
resource "aws_api_gateway_method_settings" "x" {
  rest_api_id = "x"
  stage_name  = "x"
  method_path = "*/*"
  settings {
  }
}
resource "aws_api_gateway_deployment" "x" { rest_api_id = "x" }
resource "aws_api_gateway_authorizer" "x" {
  name           = "x"
  rest_api_id    = "x"
  authorizer_uri = "arn:aws:apigateway:eu-west-1:lambda:path/x"
}
resource "aws_api_gateway_domain_name" "x" { domain_name = "x.example.com" }
resource "aws_api_gateway_usage_plan" "x" { name = "x" }
resource "aws_apigatewayv2_api" "x" {
  name          = "x"
  protocol_type = "HTTP"
}
resource "aws_apigatewayv2_route" "x" {
  api_id    = "x"
  route_key = "$default"
}
resource "aws_apigatewayv2_stage" "x" {
  api_id = "x"
  name   = "x"
  default_route_settings {
  }
}
resource "aws_apigatewayv2_authorizer" "x" {
  api_id          = "x"
  name            = "x"
  authorizer_type = "JWT"
}
resource "aws_apigatewayv2_domain_name" "x" {
  domain_name = "x.example.com"
  domain_name_configuration {
    certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/x"
    endpoint_type   = "REGIONAL"
    security_policy = "TLS_1_2"
  }
}
resource "aws_lb" "x" { subnets = ["subnet-1", "subnet-2"] }
resource "aws_lb_listener" "x" {
  load_balancer_arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/x/1"
  port              = 80
  default_action {
    type             = "forward"
    target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/x/1"
  }
}
resource "aws_lb_target_group" "x" {
  port     = 80
  protocol = "HTTP"
  vpc_id   = "vpc-1"
}
resource "aws_cloudfront_distribution" "x" {
  enabled = true
  origin {
    domain_name = "x.example.com"
    origin_id   = "x"
  }
  default_cache_behavior {
    target_origin_id       = "x"
    viewer_protocol_policy = "https-only"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
  }
  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }
  viewer_certificate {
  }
}
resource "aws_appsync_graphql_api" "x" {
  name                = "x"
  authentication_type = "API_KEY"
}
resource "aws_appsync_datasource" "x" {
  api_id = "x"
  name   = "x"
  type   = "NONE"
}
resource "aws_cognito_user_pool" "x" { name = "x" }
resource "aws_cognito_identity_pool" "x" { identity_pool_name = "x" }
