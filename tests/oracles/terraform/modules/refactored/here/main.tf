resource "terraform_data" "old" {
  input = [path.module, terraform.workspace]
}

moved {
  from = terraform_data.older
  to   = terraform_data.old
}
