mock_provider "google" {}

variables {
  name            = "meals"
  project         = "wellness-staging"
  region          = "us-central1"
  image           = "registry/meals@sha256:0000000000000000000000000000000000000000000000000000000000000001"
  service_account = "run-meals@wellness-staging.iam.gserviceaccount.com"
}

run "refuses_a_tag" {
  command = plan

  variables {
    image = "registry/meals:latest"
  }

  expect_failures = [var.image]
}

run "refuses_half_a_digest" {
  command = plan

  variables {
    image = "registry/meals@sha256:abc"
  }

  expect_failures = [var.image]
}

run "refuses_a_name_of_27_characters" {
  command = plan

  variables {
    name = "abcdefghijklmnopqrstuvwxyza"
  }

  expect_failures = [var.name]
}

run "refuses_a_name_with_capitals" {
  command = plan

  variables {
    name = "Meals"
  }

  expect_failures = [var.name]
}

run "refuses_a_secret_in_the_environment" {
  command = plan

  variables {
    env = { DATABASE_PASSWORD = "x" }
  }

  expect_failures = [var.env]
}

run "refuses_a_key_in_lower_case" {
  command = plan

  variables {
    env = { api_key = "x" }
  }

  expect_failures = [var.env]
}

run "refuses_the_port_that_cloud_run_sets" {
  command = plan

  variables {
    env = { PORT = "80" }
  }

  expect_failures = [var.env]
}

run "refuses_an_environment_key_with_a_dash" {
  command = plan

  variables {
    env = { LOG-LEVEL = "x" }
  }

  expect_failures = [var.env]
}

run "refuses_the_latest_secret" {
  command = plan

  variables {
    secrets = { database-url = "latest" }
  }

  expect_failures = [var.secrets]
}

run "refuses_version_zero" {
  command = plan

  variables {
    secrets = { database-url = "0" }
  }

  expect_failures = [var.secrets]
}

run "refuses_a_secret_name_with_a_slash" {
  command = plan

  variables {
    secrets = { "a/b" = "1" }
  }

  expect_failures = [var.secrets]
}

run "refuses_the_default_account" {
  command = plan

  variables {
    service_account = "123-compute@developer.gserviceaccount.com"
  }

  expect_failures = [var.service_account]
}

run "refuses_no_account" {
  command = plan

  variables {
    service_account = ""
  }

  expect_failures = [var.service_account]
}

run "refuses_half_a_cpu_for_eighty_requests" {
  command = plan

  variables {
    cpu = 0.5
  }

  expect_failures = [var.cpu]
}

run "refuses_three_cpu" {
  command = plan

  variables {
    cpu = 3
  }

  expect_failures = [var.cpu]
}

run "refuses_memory_without_a_unit" {
  command = plan

  variables {
    memory = "512"
  }

  expect_failures = [var.memory]
}

run "refuses_more_warm_instances_than_cloud_run_has" {
  command = plan

  variables {
    min_instances = 1001
  }

  expect_failures = [var.min_instances]
}

run "refuses_a_thousand_and_one_instances" {
  command = plan

  variables {
    max_instances = 1001
  }

  expect_failures = [var.max_instances]
}

run "refuses_more_warm_than_allowed_instances" {
  command = plan

  variables {
    min_instances = 3
  }

  expect_failures = [var.max_instances]
}

run "refuses_no_concurrency" {
  command = plan

  variables {
    concurrency = 0
  }

  expect_failures = [var.concurrency]
}

run "refuses_a_port_out_of_range" {
  command = plan

  variables {
    port = 70000
  }

  expect_failures = [var.port]
}

run "refuses_everybody_as_an_invoker" {
  command = plan

  variables {
    invokers = ["allUsers"]
  }

  expect_failures = [var.invokers]
}

run "refuses_a_path_without_a_slash" {
  command = plan

  variables {
    startup_path = "healthz"
  }

  expect_failures = [var.startup_path]
}

run "refuses_a_liveness_path_without_a_slash" {
  command = plan

  variables {
    liveness_path = "healthz"
  }

  expect_failures = [var.liveness_path]
}

run "refuses_an_unknown_ingress" {
  command = plan

  variables {
    ingress = "all"
  }

  expect_failures = [var.ingress]
}

run "refuses_a_timeout_of_two_hours" {
  command = plan

  variables {
    timeout_seconds = 7200
  }

  expect_failures = [var.timeout_seconds]
}

run "refuses_a_start_of_five_minutes" {
  command = plan

  variables {
    startup_seconds = 300
  }

  expect_failures = [var.startup_seconds]
}
