mock_provider "google" {}

variables {
  name            = "meals"
  project         = "wellness-staging"
  region          = "us-central1"
  image           = "us-central1-docker.pkg.dev/wellness-staging/wellness/meals@sha256:0000000000000000000000000000000000000000000000000000000000000001"
  service_account = "run-meals@wellness-staging.iam.gserviceaccount.com"
}

run "costs_nothing_while_idle" {
  command = plan

  assert {
    condition     = google_cloud_run_v2_service.this.template[0].containers[0].resources[0].cpu_idle
    error_message = "cpu_idle must be written out as true."
  }

  assert {
    condition     = google_cloud_run_v2_service.this.template[0].containers[0].resources[0].startup_cpu_boost
    error_message = "Starting must be boosted."
  }
}

run "is_protected_and_private" {
  command = plan

  assert {
    condition     = google_cloud_run_v2_service.this.deletion_protection
    error_message = "Deletion must be refused by default."
  }

  assert {
    condition     = length(google_cloud_run_v2_service_iam_member.invoker) == 0 && length(google_cloud_run_v2_service_iam_member.public) == 0
    error_message = "Nobody may call a service that names no caller."
  }

  assert {
    condition     = google_cloud_run_v2_service.this.template[0].service_account == "run-meals@wellness-staging.iam.gserviceaccount.com"
    error_message = "The service must run as its own account."
  }
}

run "lets_its_callers_in_and_nobody_else" {
  command = plan

  variables {
    invokers = ["run-gateway@wellness-staging.iam.gserviceaccount.com"]
  }

  assert {
    condition     = [for one in google_cloud_run_v2_service_iam_member.invoker : one.member] == ["serviceAccount:run-gateway@wellness-staging.iam.gserviceaccount.com"]
    error_message = "The gateway's account must be the one invoker."
  }
}

run "is_open_to_everybody_when_public" {
  command = plan

  variables {
    public = true
  }

  assert {
    condition     = google_cloud_run_v2_service_iam_member.public[0].member == "allUsers"
    error_message = "A public service must have the invoker allUsers."
  }
}

run "mounts_pinned_secrets_as_files" {
  command = plan

  variables {
    secrets = { database-url = "3" }
  }

  assert {
    condition     = google_cloud_run_v2_service.this.template[0].volumes[0].secret[0].secret == "meals-database-url"
    error_message = "A secret's full name is SERVICE-NAME."
  }

  assert {
    condition     = google_cloud_run_v2_service.this.template[0].volumes[0].secret[0].items[0].version == "3"
    error_message = "The version must be the given number."
  }

  assert {
    condition     = google_cloud_run_v2_service.this.template[0].volumes[0].secret[0].items[0].path == "value" && google_cloud_run_v2_service.this.template[0].volumes[0].secret[0].items[0].mode == 292
    error_message = "The file is `value`, readable by all in the container and writable by none."
  }

  assert {
    condition     = google_cloud_run_v2_service.this.template[0].containers[0].volume_mounts[0].mount_path == "/secrets/database-url"
    error_message = "The mount is /secrets/NAME."
  }
}

run "keeps_instances_warm_at_the_level_of_the_service" {
  command = plan

  variables {
    min_instances = 1
  }

  assert {
    condition     = google_cloud_run_v2_service.this.scaling[0].min_instance_count == 1
    error_message = "The warm instance must stand in the service's own scaling."
  }
}

run "tells_its_peers_addresses" {
  command = plan

  variables {
    peers = { meal-plans = "https://meal-plans.example", monkey = "https://monkey.example" }
  }

  assert {
    condition = {
      for env in google_cloud_run_v2_service.this.template[0].containers[0].env : env.name => env.value
    } == { MEAL_PLANS_URL = "https://meal-plans.example", MONKEY_URL = "https://monkey.example" }
    error_message = "A peer's address is NAME_URL, with underscores."
  }
}

run "starts_and_ends_requests_within_a_minute" {
  command = plan

  assert {
    condition     = google_cloud_run_v2_service.this.template[0].containers[0].startup_probe[0].failure_threshold == 30 && google_cloud_run_v2_service.this.template[0].timeout == "60s"
    error_message = "Thirty tries, one every two seconds; a request takes a minute at most."
  }

  assert {
    condition     = google_cloud_run_v2_service.this.timeouts.create == "5m" && google_cloud_run_v2_service.this.timeouts.update == "5m"
    error_message = "A revision has five minutes."
  }

  assert {
    condition     = google_cloud_run_v2_service.this.template[0].containers[0].command == null && google_cloud_run_v2_service.this.template[0].containers[0].args == null
    error_message = "The image says what is started."
  }
}

run "starts_as_it_is_told" {
  command = plan

  variables {
    startup_seconds = 240
    timeout_seconds = 3600
    command         = ["serve"]
    args            = ["--all"]
    ingress         = "INGRESS_TRAFFIC_INTERNAL_ONLY"
  }

  assert {
    condition     = google_cloud_run_v2_service.this.template[0].containers[0].startup_probe[0].failure_threshold == 120 && google_cloud_run_v2_service.this.timeouts.update == "8m"
    error_message = "A slow start has 120 tries, and the revision the time for them."
  }

  assert {
    condition     = google_cloud_run_v2_service.this.template[0].containers[0].command == tolist(["serve"]) && google_cloud_run_v2_service.this.template[0].containers[0].args == tolist(["--all"])
    error_message = "Command and arguments must reach the container."
  }

  assert {
    condition     = google_cloud_run_v2_service.this.template[0].timeout == "3600s" && google_cloud_run_v2_service.this.ingress == "INGRESS_TRAFFIC_INTERNAL_ONLY"
    error_message = "Timeout and ingress must reach the service."
  }
}

run "takes_nothing_for_the_default" {
  command = plan

  variables {
    startup_seconds = null
    timeout_seconds = null
    ingress         = null
  }

  assert {
    condition     = google_cloud_run_v2_service.this.template[0].timeout == "60s" && google_cloud_run_v2_service.this.ingress == "INGRESS_TRAFFIC_ALL"
    error_message = "What a stack leaves out is the default."
  }
}
