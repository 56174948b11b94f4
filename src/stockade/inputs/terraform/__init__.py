"""The Terraform input: configuration (`.tf`, `.tf.json`, `.tofu`) and plans, evaluated and lowered."""
