mock_provider "google" {}

variables {
  kind            = "job"
  name            = "report"
  project         = "demo-staging"
  region          = "us-central1"
  image           = "registry/report@sha256:0000000000000000000000000000000000000000000000000000000000000001"
  service_account = "run-report@demo-staging.iam.gserviceaccount.com"
}

run "refuses_a_tag" {
  command = plan

  variables {
    image = "registry/report:latest"
  }

  expect_failures = [var.image]
}

run "refuses_another_kind" {
  command = plan

  variables {
    kind = "cron"
  }

  expect_failures = [var.kind]
}

run "refuses_a_secret_in_the_environment" {
  command = plan

  variables {
    env = { DATABASE_PASSWORD = "x" }
  }

  expect_failures = [var.env]
}

run "refuses_the_default_account" {
  command = plan

  variables {
    service_account = "123-compute@developer.gserviceaccount.com"
  }

  expect_failures = [var.service_account]
}

run "refuses_11_retries" {
  command = plan

  variables {
    retries = 11
  }

  expect_failures = [var.retries]
}

run "refuses_a_task_of_8_days" {
  command = plan

  variables {
    timeout_seconds = 691200
  }

  expect_failures = [var.timeout_seconds]
}

run "refuses_a_secret_by_its_alias" {
  command = plan

  variables {
    secrets = { database = "latest" }
  }

  expect_failures = [var.secrets]
}

run "a_job_without_a_schedule_is_run_by_nobody" {
  command = plan

  assert {
    condition     = length(google_cloud_run_v2_job.this) == 1 && length(google_cloud_scheduler_job.this) == 0
    error_message = "a job without a schedule has no scheduler job"
  }

  assert {
    condition     = length(google_cloud_run_v2_job_iam_member.schedule) == 0
    error_message = "nobody is let in where nothing runs it"
  }
}

run "a_schedule_is_made_paused_and_runs_the_job_as_its_own_account" {
  command = plan

  variables {
    schedule = "0 3 * * *"
  }

  assert {
    condition     = google_cloud_scheduler_job.this[0].paused && google_cloud_scheduler_job.this[0].schedule == "0 3 * * *"
    error_message = "the schedule begins paused"
  }

  assert {
    condition     = google_cloud_run_v2_job_iam_member.schedule[0].member == "serviceAccount:run-report@demo-staging.iam.gserviceaccount.com"
    error_message = "the job's own account runs it, and nobody else"
  }
}

run "a_job_and_its_candidate_have_the_same_template" {
  command = plan

  variables {
    secrets = { database = "7" }
    peers   = { price-list = "https://prices" }
  }

  assert {
    condition     = google_cloud_run_v2_job.candidate.name == "report-candidate"
    error_message = "the candidate is a job beside it"
  }

  assert {
    condition = (
      google_cloud_run_v2_job.this[0].template[0].template[0].containers[0].image
      == google_cloud_run_v2_job.candidate.template[0].template[0].containers[0].image
    )
    error_message = "both run the same image"
  }

  assert {
    condition = contains(
      [for one in google_cloud_run_v2_job.candidate.template[0].template[0].containers[0].env : one.name],
      "PRICE_LIST_URL",
    )
    error_message = "a callee's address is in NAME_URL"
  }

  assert {
    condition     = google_cloud_run_v2_job.candidate.template[0].template[0].volumes[0].secret[0].secret == "report-database"
    error_message = "a secret is mounted by its full name"
  }
}

run "a_worker_is_a_pool_without_instances_and_has_no_job" {
  command = plan

  variables {
    kind = "worker"
  }

  assert {
    condition     = google_cloud_run_v2_worker_pool.this[0].scaling[0].manual_instance_count == 0
    error_message = "no instance before the traffic moves"
  }

  assert {
    condition     = length(google_cloud_run_v2_job.this) == 0 && google_cloud_run_v2_job.candidate.name == "report-candidate"
    error_message = "its candidate alone is a job"
  }
}
