"""HCL, the language of Terraform: a tree with the exact place of everything (`nodes`), and what reads and edits it."""
