mock_provider "google" {}

variables {
  project   = "wellness-staging"
  secret_id = "meals-database-url"
}

run "is_readable_by_nobody_by_default" {
  command = plan

  assert {
    condition     = length(google_secret_manager_secret_iam_member.accessor) == 0
    error_message = "A secret without accessors must have no reader."
  }
}

run "is_readable_by_its_accessor_alone" {
  command = plan

  variables {
    accessors = { meals = "run-meals@wellness-staging.iam.gserviceaccount.com" }
  }

  assert {
    condition     = [for one in google_secret_manager_secret_iam_member.accessor : "${one.role} ${one.member}"] == ["roles/secretmanager.secretAccessor serviceAccount:run-meals@wellness-staging.iam.gserviceaccount.com"]
    error_message = "The accessor must get the role of a reader, on this secret."
  }
}
