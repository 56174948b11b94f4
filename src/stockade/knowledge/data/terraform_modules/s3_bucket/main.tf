# What terraform-aws-modules/s3-bucket declares, in our own words; see `../../terraform_modules.json`.

variable "given" { type = any }

variable "create_bucket" { default = true }
variable "putin_khuylo" { default = true }
variable "bucket" { default = null }
variable "bucket_prefix" { default = null }
variable "tags" {
  type    = map(string)
  default = {}
}

locals {
  made = var.create_bucket && var.putin_khuylo
}

resource "aws_s3_bucket" "this" {
  count         = local.made ? 1 : 0
  bucket        = var.bucket
  bucket_prefix = var.bucket_prefix
  tags          = var.tags
}

# ------------------------------------------------------------------------------------------------------ who may see it

variable "attach_public_policy" { default = true }
variable "block_public_acls" { default = true }
variable "block_public_policy" { default = true }
variable "ignore_public_acls" { default = true }
variable "restrict_public_buckets" { default = true }

resource "aws_s3_bucket_public_access_block" "this" {
  count                   = local.made && var.attach_public_policy ? 1 : 0
  bucket                  = aws_s3_bucket.this[0].id
  block_public_acls       = var.block_public_acls
  block_public_policy     = var.block_public_policy
  ignore_public_acls      = var.ignore_public_acls
  restrict_public_buckets = var.restrict_public_buckets
}

variable "control_object_ownership" { default = false }
variable "object_ownership" { default = "BucketOwnerEnforced" }
variable "acl" { default = null }
variable "grant" {
  type    = any
  default = []
}

resource "aws_s3_bucket_ownership_controls" "this" {
  count  = local.made && var.control_object_ownership ? 1 : 0
  bucket = aws_s3_bucket.this[0].id
  rule {
    object_ownership = var.object_ownership
  }
}

resource "aws_s3_bucket_acl" "this" {
  count  = local.made && (var.given.acl || length(try(flatten([var.grant]), [])) > 0) ? 1 : 0
  bucket = aws_s3_bucket.this[0].id
  acl    = var.acl == "null" ? null : var.acl
}

# ------------------------------------------------------------------------------------------------------ bucket's policy
# The statements that the module writes itself all deny or let AWS's services deliver logs; the caller's are what counts.

variable "attach_policy" { default = false }
variable "policy" { default = null }
variable "attach_deny_insecure_transport_policy" { default = false }
variable "attach_require_latest_tls_policy" { default = false }
variable "attach_elb_log_delivery_policy" { default = false }
variable "attach_lb_log_delivery_policy" { default = false }
variable "attach_access_log_delivery_policy" { default = false }
variable "attach_inventory_destination_policy" { default = false }
variable "attach_analytics_destination_policy" { default = false }
variable "attach_cloudtrail_log_delivery_policy" { default = false }
variable "attach_waf_log_delivery_policy" { default = false }
variable "attach_deny_incorrect_encryption_headers" { default = false }
variable "attach_deny_incorrect_kms_key_sse" { default = false }
variable "attach_deny_unencrypted_object_uploads" { default = false }
variable "attach_deny_ssec_encrypted_object_uploads" { default = false }
variable "decides" { type = any }

locals {
  # Of these the module decides the statements.
  others = (
    var.attach_elb_log_delivery_policy || var.attach_lb_log_delivery_policy || var.attach_access_log_delivery_policy
    || var.attach_inventory_destination_policy || var.attach_analytics_destination_policy
    || var.attach_cloudtrail_log_delivery_policy || var.attach_waf_log_delivery_policy
    || var.attach_deny_incorrect_encryption_headers || var.attach_deny_incorrect_kms_key_sse
    || var.attach_deny_unencrypted_object_uploads || var.attach_deny_ssec_encrypted_object_uploads
  )
  guarded = var.attach_policy || var.attach_deny_insecure_transport_policy || var.attach_require_latest_tls_policy || local.others
}

data "aws_iam_policy_document" "deny" {
  dynamic "statement" {
    for_each = var.attach_deny_insecure_transport_policy ? [true] : []
    content {
      sid       = "denyInsecureTransport"
      effect    = "Deny"
      actions   = ["s3:*"]
      resources = [aws_s3_bucket.this[0].arn, "${aws_s3_bucket.this[0].arn}/*"]

      principals {
        type        = "*"
        identifiers = ["*"]
      }

      condition {
        test     = "Bool"
        variable = "aws:SecureTransport"
        values   = ["false"]
      }
    }
  }

  dynamic "statement" {
    for_each = var.attach_require_latest_tls_policy ? [true] : []
    content {
      sid       = "denyOutdatedTLS"
      effect    = "Deny"
      actions   = ["s3:*"]
      resources = [aws_s3_bucket.this[0].arn, "${aws_s3_bucket.this[0].arn}/*"]

      principals {
        type        = "*"
        identifiers = ["*"]
      }

      condition {
        test     = "NumericLessThan"
        variable = "s3:TlsVersion"
        values   = ["1.2"]
      }
    }
  }
}

data "aws_iam_policy_document" "combined" {
  source_policy_documents = concat(
    [data.aws_iam_policy_document.deny.json],
    var.attach_policy ? [var.policy] : [],
    local.others ? [var.decides.statements] : [],
  )
}

resource "aws_s3_bucket_policy" "this" {
  count  = local.made && local.guarded ? 1 : 0
  bucket = aws_s3_bucket.this[0].id
  policy = data.aws_iam_policy_document.combined.json
}

# -------------------------------------------------------------------------------------------- what happens to its content

variable "versioning" {
  type    = any
  default = {}
}
variable "logging" {
  type    = any
  default = {}
}
variable "server_side_encryption_configuration" {
  type    = any
  default = {}
}
variable "cors_rule" {
  type    = any
  default = []
}

resource "aws_s3_bucket_versioning" "this" {
  count  = local.made && length(var.versioning) > 0 ? 1 : 0
  bucket = aws_s3_bucket.this[0].id

  # `enabled` is true, false or a word; `status` is the word itself.
  versioning_configuration {
    status     = try(tobool(var.versioning.enabled) ? "Enabled" : "Suspended", tobool(var.versioning.status) ? "Enabled" : "Suspended", title(lower(var.versioning.status)), title(lower(var.versioning.enabled)), null)
    mfa_delete = try(tobool(var.versioning.mfa_delete) ? "Enabled" : "Disabled", title(lower(var.versioning.mfa_delete)), null)
  }
}

resource "aws_s3_bucket_logging" "this" {
  count         = local.made && length(var.logging) > 0 ? 1 : 0
  bucket        = aws_s3_bucket.this[0].id
  target_bucket = try(var.logging.target_bucket, null)
  target_prefix = try(var.logging.target_prefix, null)
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  count  = local.made && length(var.server_side_encryption_configuration) > 0 ? 1 : 0
  bucket = aws_s3_bucket.this[0].id

  dynamic "rule" {
    for_each = try(flatten([var.server_side_encryption_configuration.rule]), [])
    content {
      bucket_key_enabled = try(rule.value.bucket_key_enabled, null)

      dynamic "apply_server_side_encryption_by_default" {
        for_each = try([rule.value.apply_server_side_encryption_by_default], [])
        content {
          sse_algorithm     = apply_server_side_encryption_by_default.value.sse_algorithm
          kms_master_key_id = try(apply_server_side_encryption_by_default.value.kms_master_key_id, null)
        }
      }
    }
  }
}

resource "aws_s3_bucket_cors_configuration" "this" {
  count  = local.made && length(try(flatten([var.cors_rule]), [])) > 0 ? 1 : 0
  bucket = aws_s3_bucket.this[0].id

  dynamic "cors_rule" {
    for_each = try(flatten([var.cors_rule]), [])
    content {
      allowed_methods = cors_rule.value.allowed_methods
      allowed_origins = cors_rule.value.allowed_origins
      allowed_headers = try(cors_rule.value.allowed_headers, null)
      expose_headers  = try(cors_rule.value.expose_headers, null)
      max_age_seconds = try(cors_rule.value.max_age_seconds, null)
    }
  }
}

# -------------------------------------------------------------------------------------------------------------- outputs

output "s3_bucket_id" { value = try(aws_s3_bucket.this[0].id, "") }
output "s3_bucket_arn" { value = try(aws_s3_bucket.this[0].arn, "") }
output "s3_bucket_bucket_domain_name" { value = try(aws_s3_bucket.this[0].bucket_domain_name, "") }
output "s3_bucket_bucket_regional_domain_name" { value = try(aws_s3_bucket.this[0].bucket_regional_domain_name, "") }
output "s3_bucket_hosted_zone_id" { value = try(aws_s3_bucket.this[0].hosted_zone_id, "") }
output "s3_bucket_region" { value = try(aws_s3_bucket.this[0].region, "") }
output "s3_bucket_website_endpoint" { value = try(aws_s3_bucket.this[0].website_endpoint, "") }
output "s3_bucket_policy" { value = try(aws_s3_bucket_policy.this[0].policy, "") }
