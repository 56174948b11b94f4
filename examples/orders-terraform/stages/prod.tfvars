stage           = "prod"
certificate_arn = "arn:aws:acm:eu-west-1:444455556666:certificate/c19d3b7a-84f2-4c5e-b0a6-917e5d2f8c03"

# the key was changed in March after the audit, the variable still has the old one
fernpay_api_key = "fpk_live_Xe5Wm1Qv8JtB6nRz0PgUa4Ck"
