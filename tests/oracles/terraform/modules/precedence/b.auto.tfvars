from_second_auto = "from b.auto.tfvars"
from_auto_json   = "from b.auto.tfvars"
