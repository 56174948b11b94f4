stage           = "dev"
certificate_arn = "arn:aws:acm:eu-west-1:111122223333:certificate/0f6a1c52-7d0e-4d5c-9a34-6c2f0b1e7d11"
