"""What Pulumi prints. Its AWS provider is made of Terraform's, so their resources are lowered alike."""
