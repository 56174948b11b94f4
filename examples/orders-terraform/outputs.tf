output "shop_api_url" {
  value = aws_api_gateway_stage.shop.invoke_url
}

output "payment_webhook_url" {
  value = aws_lambda_function_url.payment_webhook.function_url
}

output "carrier_webhook_url" {
  value = aws_lambda_function_url.carrier_webhook.function_url
}
