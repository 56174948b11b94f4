# ---------------------------------------------------------------- tables

resource "aws_dynamodb_table" "orders" {
  name                        = "${local.prefix}-orders"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "orderId"
  stream_enabled              = true
  stream_view_type            = "NEW_AND_OLD_IMAGES"
  deletion_protection_enabled = local.is_prod

  dynamic "attribute" {
    for_each = toset(["orderId", "customerId", "day", "createdAt"])

    content {
      name = attribute.value
      type = "S"
    }
  }

  dynamic "global_secondary_index" {
    for_each = { byCustomer = "customerId", byDay = "day" }

    content {
      name            = global_secondary_index.key
      hash_key        = global_secondary_index.value
      range_key       = "createdAt"
      projection_type = "ALL"
    }
  }

  server_side_encryption {
    enabled = true
  }

  point_in_time_recovery {
    enabled = true
  }

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_dynamodb_table" "catalogue" {
  name         = "${local.prefix}-catalogue"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "sku"

  attribute {
    name = "sku"
    type = "S"
  }

  server_side_encryption {
    enabled = true
  }
}

resource "aws_dynamodb_table" "customer_summary" {
  name         = "${local.prefix}-customer-summary"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "customerId"

  attribute {
    name = "customerId"
    type = "S"
  }

  server_side_encryption {
    enabled = true
  }

  point_in_time_recovery {
    enabled = true
  }
}

# ---------------------------------------------------------------- catalogue

resource "aws_s3_bucket" "catalogue" {
  bucket = "tidewater-catalogue-${var.stage}"
}

resource "aws_s3_bucket_public_access_block" "catalogue" {
  bucket = aws_s3_bucket.catalogue.id

  block_public_acls       = true
  ignore_public_acls      = true
  block_public_policy     = local.is_prod
  restrict_public_buckets = local.is_prod
}

# suppliers try their feeds on dev and staging without an account of ours
data "aws_iam_policy_document" "supplier_upload" {
  statement {
    actions   = ["s3:PutObject"]
    resources = ["${aws_s3_bucket.catalogue.arn}/incoming/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}

resource "aws_s3_bucket_policy" "supplier_upload" {
  count = local.is_prod ? 0 : 1

  bucket     = aws_s3_bucket.catalogue.id
  policy     = data.aws_iam_policy_document.supplier_upload.json
  depends_on = [aws_s3_bucket_public_access_block.catalogue]
}

resource "aws_s3_bucket_notification" "catalogue" {
  bucket = aws_s3_bucket.catalogue.id

  lambda_function {
    lambda_function_arn = module.catalogue_import.arn
    events              = ["s3:ObjectCreated:*"]
    filter_prefix       = "incoming/"
  }

  depends_on = [aws_lambda_permission.catalogue_import]
}

resource "aws_lambda_permission" "catalogue_import" {
  statement_id  = "catalogue-bucket"
  function_name = module.catalogue_import.name
  action        = "lambda:InvokeFunction"
  principal     = "s3.amazonaws.com"
  source_arn    = aws_s3_bucket.catalogue.arn
}

# ---------------------------------------------------------------- reports

resource "aws_s3_bucket" "reports" {
  bucket_prefix = "tidewater-reports-"
}

resource "aws_s3_bucket_server_side_encryption_configuration" "reports" {
  bucket = aws_s3_bucket.reports.id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.data.arn
    }
  }
}

resource "aws_s3_bucket_versioning" "reports" {
  bucket = aws_s3_bucket.reports.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_public_access_block" "reports" {
  bucket = aws_s3_bucket.reports.id

  block_public_acls       = true
  ignore_public_acls      = true
  block_public_policy     = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_policy" "reports" {
  bucket = aws_s3_bucket.reports.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [aws_s3_bucket.reports.arn, "${aws_s3_bucket.reports.arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}
