from_first_auto  = "from a.auto.tfvars"
from_second_auto = "from a.auto.tfvars"
from_auto_json   = "from a.auto.tfvars"
