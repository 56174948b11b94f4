"""What IAM policies allow: their actions, resources, principals and conditions, judged statement by statement."""
