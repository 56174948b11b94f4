"""IAM policies as sets of requests: parse, combine, subtract, and prove with a witness."""
