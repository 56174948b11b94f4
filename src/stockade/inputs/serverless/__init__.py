"""The Serverless Framework: `serverless.yml` becomes the CloudFormation that `serverless package` would make of it."""
