# Nobody names this file, so nothing is read from it.
from_tfvars = "from unused.tfvars"
