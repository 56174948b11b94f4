resource "aws_sqs_queue" "this" {
  max_message_size = 2048 * 2
}
