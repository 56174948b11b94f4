# Before the files in JSON, and before all `.auto.tfvars`.
from_tfvars      = "from terraform.tfvars"
from_tfvars_json = "from terraform.tfvars"
from_first_auto  = "from terraform.tfvars"
description_only = "given"
never_null       = null
