terraform {
  required_version = ">= 1.11, < 2"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 7.45, < 8"
    }
  }

  # Bucket and prefix come from the driver (`-backend-config`), endpoint and token from the environment.
  backend "gcs" {}
}
