"""What Linernotes runs on: Terraform for Google Cloud, and a cloud of one machine."""
