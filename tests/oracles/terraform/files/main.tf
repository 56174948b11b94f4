locals {
  greeting = "Hello, $${name}!"
  count    = "$${length(items)} items%%{ if loud }!%%{ endif }"
}
