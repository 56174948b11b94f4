stage           = "staging"
certificate_arn = "arn:aws:acm:eu-west-1:111122223333:certificate/52b7e0c4-19d8-4a0b-8f6e-3d9c7a2b4e55"
