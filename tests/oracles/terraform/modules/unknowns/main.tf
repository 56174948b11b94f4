# What can be told before apply, and what cannot.

resource "aws_iam_role" "worker" {
  name               = "worker"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }] })
}

resource "aws_sqs_queue" "jobs" {
  for_each = toset(["fast", "slow"])
  name     = "jobs-${each.key}"
}

resource "aws_s3_bucket" "uploads" {
  bucket = "uploads"
}

resource "aws_lambda_function" "worker" {
  function_name = "${aws_iam_role.worker.name}-function"
  role          = aws_iam_role.worker.arn
  filename      = "code.zip"
  handler       = "index.handler"
  runtime       = "python3.13"

  environment {
    variables = {
      BUCKET = aws_s3_bucket.uploads.bucket
    }
  }

  dead_letter_config {
    target_arn = aws_sqs_queue.jobs["slow"].arn
  }
}

resource "aws_lambda_permission" "uploads" {
  statement_id  = "uploads"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.worker.arn
  principal     = "s3.amazonaws.com"
  source_arn    = aws_s3_bucket.uploads.arn
}

resource "aws_lambda_event_source_mapping" "jobs" {
  for_each         = aws_sqs_queue.jobs
  event_source_arn = each.value.arn
  function_name    = aws_lambda_function.worker.function_name
  batch_size       = each.key == "fast" ? 1 : 10
}

data "aws_iam_policy_document" "jobs" {
  statement {
    actions   = ["sqs:ReceiveMessage"]
    resources = [for queue in aws_sqs_queue.jobs : queue.arn]
  }
}

resource "aws_iam_role_policy" "jobs" {
  role   = aws_iam_role.worker.id
  name   = "jobs"
  policy = data.aws_iam_policy_document.jobs.json
}

resource "terraform_data" "source" {
  input = { text = "known", list = ["a", "b"] }
}

module "lookup" {
  source = "./lookup"
  arns   = { for key, queue in aws_sqs_queue.jobs : key => queue.arn }
  known  = aws_sqs_queue.jobs["fast"].name
}

resource "terraform_data" "derived" {
  input = {
    text        = "arn is ${aws_s3_bucket.uploads.arn}!"
    known_text  = "bucket is ${aws_s3_bucket.uploads.bucket}!"
    list        = ["known", aws_s3_bucket.uploads.arn, "known too"]
    length      = length(["known", aws_s3_bucket.uploads.arn])
    map         = { known = "known", unknown = aws_s3_bucket.uploads.arn }
    keys        = keys({ known = "known", unknown = aws_s3_bucket.uploads.arn })
    concat      = concat(["known"], [aws_s3_bucket.uploads.arn])
    merge       = merge({ a = 1 }, { b = aws_s3_bucket.uploads.arn })
    choice      = aws_s3_bucket.uploads.arn == "x" ? "a" : "b"
    same_choice = aws_s3_bucket.uploads.arn == "x" ? "a" : "a"
    and         = false && aws_s3_bucket.uploads.arn == "x"
    or          = aws_s3_bucket.uploads.arn == "x" || true
    json        = jsonencode({ arn = aws_s3_bucket.uploads.arn })
    tried       = try(aws_s3_bucket.uploads.tags["nothing"], "fallback")
    tried_arn   = try(aws_s3_bucket.uploads.arn, "fallback")
    can         = can(aws_s3_bucket.uploads.arn)
    coalesce    = coalesce(null, "known", aws_s3_bucket.uploads.arn)
    unset       = aws_s3_bucket.uploads.tags == null
    output      = terraform_data.source.output
    input       = terraform_data.source.input.list[1]
    indexed     = [aws_s3_bucket.uploads.arn, "second"][1]
    sliced      = slice(["a", aws_s3_bucket.uploads.arn, "c"], 0, 1)
    looped      = [for item in ["a", aws_s3_bucket.uploads.arn] : "${item}!"]
    splatted    = values(aws_sqs_queue.jobs)[*].name
    flattened   = flatten([["a"], [aws_s3_bucket.uploads.arn]])
    joined      = join(",", ["a", aws_s3_bucket.uploads.arn])
    formatted   = format("%s-%s", "a", aws_s3_bucket.uploads.arn)
    module      = module.lookup.all
    module_arn  = module.lookup.arn
    zipped      = zipmap(["a", "b"], ["known", aws_s3_bucket.uploads.arn])
    lookup      = lookup({ a = "known", b = aws_s3_bucket.uploads.arn }, "a", "none")
    type_of     = try(tonumber(aws_s3_bucket.uploads.bucket), "no number")
  }
}
