mock_provider "google" {}

variables {
  billing_account = "012345-6789AB-CDEF01"
  name            = "windlass staging"
  project         = "wellness-staging"
  project_number  = "17"
}

run "refuses_an_odd_billing_account" {
  command = plan

  variables {
    billing_account = "my-account"
  }

  expect_failures = [var.billing_account]
}

run "refuses_no_dollars" {
  command = plan

  variables {
    amount = 0
  }

  expect_failures = [var.amount]
}

run "refuses_cents" {
  command = plan

  variables {
    amount = 99.5
  }

  expect_failures = [var.amount]
}

run "refuses_percents_as_thresholds" {
  command = plan

  variables {
    thresholds = [50, 75]
  }

  expect_failures = [var.thresholds]
}

run "refuses_an_odd_address" {
  command = plan

  variables {
    email = "ops"
  }

  expect_failures = [var.email]
}

run "refuses_a_project_id_as_number" {
  command = plan

  variables {
    project_number = "wellness"
  }

  expect_failures = [var.project_number]
}
