mock_provider "google" {}

variables {
  project             = "wellness-staging"
  issuer              = "https://token.actions.githubusercontent.com"
  subject             = "repo:acme/wellness:ref:refs/heads/main"
  attribute_condition = "assertion.repository == 'acme/wellness'"
  buckets             = ["wellness-staging-state", "wellness-staging-releases"]
  runtime_accounts    = { meals = "projects/wellness-staging/serviceAccounts/run-meals@wellness-staging.iam.gserviceaccount.com" }
  migrator = {
    email  = "windlass-migrator@wellness-staging.iam.gserviceaccount.com"
    member = "serviceAccount:windlass-migrator@wellness-staging.iam.gserviceaccount.com"
    name   = "projects/wellness-staging/serviceAccounts/windlass-migrator@wellness-staging.iam.gserviceaccount.com"
  }
}

run "attaches_runtime_accounts_one_by_one" {
  command = plan

  assert {
    condition     = keys(google_service_account_iam_member.attach) == ["meals"]
    error_message = "The deployer must be able to attach each runtime account."
  }

  assert {
    condition     = keys(google_service_account_iam_member.ask_as) == ["meals"]
    error_message = "The deployer must be able to ask as each runtime account whether it can read its secrets."
  }

  assert {
    condition     = !contains([for one in google_project_iam_member.this : one.role], "roles/iam.serviceAccountUser")
    error_message = "It must not be able to attach every account of the project."
  }
}

run "lets_the_planner_only_read" {
  command = plan

  assert {
    condition = alltrue([
      for key, one in google_project_iam_member.this :
      can(regex("(viewer|reader|Reviewer|Consumer)$", one.role)) if startswith(key, "planner ")
    ])
    error_message = "The planner must have reading roles only."
  }
}

run "lets_the_deployer_make_and_hear_the_budgets_topic" {
  command = plan

  assert {
    condition     = google_project_iam_member.this["deployer roles/pubsub.admin"].role == "roles/pubsub.admin"
    error_message = "Whoever sets a budget must be able to let it publish, and the drift check pulls."
  }

  assert {
    condition     = google_project_iam_member.this["planner roles/pubsub.viewer"].role == "roles/pubsub.viewer"
    error_message = "A plan reads topic and subscription."
  }
}

run "gives_nobody_a_primitive_role" {
  command = plan

  assert {
    condition = length(setintersection(
      [for one in google_project_iam_member.this : one.role], ["roles/owner", "roles/editor", "roles/viewer"]
    )) == 0
    error_message = "Owner, editor and viewer reach into every product."
  }
}

run "lets_the_migrator_read_releases_and_no_more" {
  command = plan

  assert {
    condition     = google_storage_bucket_iam_member.this["migrator wellness-staging-releases"].role == "roles/storage.objectViewer"
    error_message = "The migrator must read the releases."
  }

  assert {
    condition     = length([for key, one in google_project_iam_member.this : key if startswith(key, "migrator ")]) == 0
    error_message = "The migrator must have no role on the project."
  }
}
