mock_provider "google" {}

variables {
  environment = { name = "staging", project = "wellness-staging", region = "us-central1" }
  services = {
    gateway = { secrets = ["supabase"] }
    users   = { secrets = ["database-url", "supabase"] }
  }
}

run "gives_every_service_an_account_and_its_own_secrets" {
  command = plan

  assert {
    condition     = [for account in google_service_account.runtime : account.account_id] == ["run-gateway", "run-users"]
    error_message = "Every service runs as run-NAME."
  }

  assert {
    condition = output.secrets == {
      gateway-supabase   = "gateway"
      users-database-url = "users"
      users-supabase     = "users"
    }
    error_message = "A secret's name is SERVICE-NAME, and its owner the service."
  }

  assert {
    condition     = length(module.budget) == 0 && length(module.deployer) == 0
    error_message = "Without a billing account and a workload there is neither budget nor deployer."
  }
}

run "keeps_apis_when_it_goes" {
  command = plan

  assert {
    condition     = alltrue([for api in google_project_service.this : api.disable_on_destroy == false])
    error_message = "Other things of the project may need the APIs."
  }
}

run "watches_the_bill_where_there_is_one" {
  command = plan

  variables {
    budget = { account = "012345-6789AB-CDEF01", project_number = "17", email = "ops@example.com" }
  }

  assert {
    condition     = length(module.budget) == 1
    error_message = "A billing account must bring a budget."
  }

  assert {
    condition     = contains(keys(google_project_service.this), "pubsub.googleapis.com")
    error_message = "A budget publishes through Pub/Sub."
  }
}

run "refuses_a_long_name" {
  command = plan

  variables {
    services = { abcdefghijklmnopqrstuvwxyza = { secrets = [] } }
  }

  expect_failures = [var.services]
}

run "refuses_two_secrets_of_one_full_name" {
  command = plan

  variables {
    services = { aa = { secrets = ["bb-cc"] }, aa-bb = { secrets = ["cc"] } }
  }

  expect_failures = [var.services]
}

run "gives_the_migrator_an_account_and_a_secret" {
  command = plan

  assert {
    condition     = google_service_account.migrator.account_id == "windlass-migrator"
    error_message = "Migrations have an account of their own."
  }

  assert {
    condition     = module.migrator_secret.secret_id == "supabase-migrator"
    error_message = "The migrator has a login of its own."
  }
}

run "refuses_the_name_of_the_migrators_secret" {
  command = plan

  variables {
    services = { supabase = { secrets = ["migrator"] } }
  }

  expect_failures = [var.services]
}

run "refuses_the_name_of_the_administrators_secret" {
  command = plan

  variables {
    services = { supabase = { secrets = ["admin"] } }
  }

  expect_failures = [var.services]
}

run "lets_a_service_read_what_a_person_fills_and_does_not_own_it" {
  command = plan

  variables {
    services = { users = { secrets = ["supabase"], external = ["stripe-key"] } }
  }

  assert {
    condition     = [for one in google_secret_manager_secret_iam_member.external : one.secret_id] == ["users-stripe-key"]
    error_message = "The service must be let in to the secret SERVICE-NAME."
  }

  assert {
    condition     = keys(module.secrets) == ["users-supabase"]
    error_message = "The stack must not make the secret itself."
  }
}

run "refuses_one_name_for_two_secrets" {
  command = plan

  variables {
    services = { users = { secrets = ["mail-key"], external = [] }, users-mail = { secrets = [], external = ["key"] } }
  }

  expect_failures = [var.services]
}
