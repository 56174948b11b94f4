"""CloudFormation, SAM and synthesised CDK templates."""
