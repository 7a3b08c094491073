mock_provider "google" {}

variables {
  project             = "wellness-staging"
  issuer              = "https://token.actions.githubusercontent.com"
  subject             = "repo:acme/wellness:ref:refs/heads/main"
  attribute_condition = "assertion.repository == 'acme/wellness'"
  buckets             = ["wellness-staging-state"]
  runtime_accounts    = {}
  migrator = {
    email  = "windlass-migrator@wellness-staging.iam.gserviceaccount.com"
    member = "serviceAccount:windlass-migrator@wellness-staging.iam.gserviceaccount.com"
    name   = "projects/wellness-staging/serviceAccounts/windlass-migrator@wellness-staging.iam.gserviceaccount.com"
  }
}

run "refuses_an_issuer_without_tls" {
  command = plan

  variables {
    issuer = "http://issuer"
  }

  expect_failures = [var.issuer]
}

run "refuses_everybody_of_the_issuer" {
  command = plan

  variables {
    attribute_condition = "true"
  }

  expect_failures = [var.attribute_condition]
}

run "refuses_any_workload" {
  command = plan

  variables {
    subject = "*"
  }

  expect_failures = [var.subject]
}
