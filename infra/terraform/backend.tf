# Bucket and prefix come from environments/*.gcs.tfbackend. The offline check leaves
# this file out, because a state bucket cannot be reached there.
terraform {
  backend "gcs" {}
}
