mock_provider "google" {}

variables {
  project   = "wellness-staging"
  secret_id = "meals-database-url"
}

run "refuses_capitals" {
  command = plan

  variables {
    secret_id = "Meals"
  }

  expect_failures = [var.secret_id]
}

run "refuses_a_slash" {
  command = plan

  variables {
    secret_id = "meals/url"
  }

  expect_failures = [var.secret_id]
}

run "refuses_everybody_as_a_reader" {
  command = plan

  variables {
    accessors = { meals = "allUsers" }
  }

  expect_failures = [var.accessors]
}

run "refuses_a_whole_member" {
  command = plan

  variables {
    accessors = { meals = "serviceAccount:a@b.c" }
  }

  expect_failures = [var.accessors]
}
