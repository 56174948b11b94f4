module "network" {
  source = "./modules/network"

  reports_bucket_arn   = aws_s3_bucket.reports.arn
  orders_table_arn     = aws_dynamodb_table.orders.arn
  warehouse_secret_arn = aws_secretsmanager_secret.warehouse.arn
}
