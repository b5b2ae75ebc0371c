terraform {
  required_version = ">= 1.11"

  required_providers {
    # Exactly this one: the offline check knows its schema.
    google = {
      source  = "hashicorp/google"
      version = "6.50.0"
    }
  }
}

provider "google" {
  project               = var.project.id
  region                = var.region
  billing_project       = var.project.id
  user_project_override = true

  default_labels = {
    application = "linernotes"
    environment = var.environment
  }
}
