output "public_subnet_id" {
  value = aws_subnet.public.id
}

output "private_subnet_ids" {
  value = values(aws_subnet.private)[*].id
}

output "search_security_group_id" {
  value = aws_security_group.search.id
}

output "report_security_group_id" {
  value = aws_security_group.report.id
}
