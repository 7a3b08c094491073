mock_provider "google" {
  mock_resource "google_cloud_run_v2_service" {
    defaults = {
      uri = "https://backend.example"
    }
  }
}

variables {
  environment = { name = "staging", project = "wellness-staging", region = "us-central1" }
  services = {
    gateway = {
      image         = "registry/gateway@sha256:0000000000000000000000000000000000000000000000000000000000000001"
      cpu           = 1
      memory        = "512Mi"
      min           = 1
      max           = 3
      concurrency   = 80
      port          = 8080
      public        = true
      calls         = ["meals"]
      peers         = { meals = "https://meals-1.us-central1.run.app" }
      env           = {}
      secrets       = { supabase = "2" }
      startup_path  = "/healthz"
      liveness_path = "/healthz"
    }
    meals = {
      image         = "registry/meals@sha256:0000000000000000000000000000000000000000000000000000000000000002"
      cpu           = 1
      memory        = "512Mi"
      min           = 0
      max           = 2
      concurrency   = 80
      port          = 8080
      public        = false
      calls         = []
      env           = {}
      secrets       = { database-url = "1" }
      startup_path  = "/healthz"
      liveness_path = "/healthz"
    }
  }
}

run "gives_every_service_an_address" {
  command = apply

  variables {
    deletion_protection = false
  }

  assert {
    condition     = output.uris == { gateway = "https://backend.example", meals = "https://backend.example" }
    error_message = "Both services must be in the output."
  }
}

run "takes_services_that_call_each_other" {
  command = plan

  variables {
    services = {
      for name in ["aa", "bb", "cc"] : name => {
        image         = "registry/x@sha256:0000000000000000000000000000000000000000000000000000000000000001"
        cpu           = 1
        memory        = "512Mi"
        min           = 0
        max           = 2
        concurrency   = 80
        port          = 8080
        public        = false
        calls         = { aa = ["bb"], bb = ["cc"], cc = ["aa"] }[name]
        peers         = { aa = { bb = "https://bb" }, bb = { cc = "https://cc" }, cc = { aa = "https://aa" } }[name]
        env           = {}
        secrets       = {}
        startup_path  = "/"
        liveness_path = "/"
      }
    }
  }

  assert {
    condition     = keys(module.services) == ["aa", "bb", "cc"]
    error_message = "All three must be planned."
  }
}

run "refuses_a_call_of_nobody" {
  command = plan

  variables {
    services = {
      for name in ["aa"] : name => {
        image         = "registry/x@sha256:0000000000000000000000000000000000000000000000000000000000000001"
        cpu           = 1
        memory        = "512Mi"
        min           = 0
        max           = 2
        concurrency   = 80
        port          = 8080
        public        = false
        calls         = ["ghost"]
        peers         = { ghost = "https://ghost" }
        env           = {}
        secrets       = {}
        startup_path  = "/"
        liveness_path = "/"
      }
    }
  }

  expect_failures = [var.services]
}

run "refuses_a_callee_without_an_address" {
  command = plan

  variables {
    services = {
      for name in ["aa", "bb"] : name => {
        image         = "registry/x@sha256:0000000000000000000000000000000000000000000000000000000000000001"
        cpu           = 1
        memory        = "512Mi"
        min           = 0
        max           = 2
        concurrency   = 80
        port          = 8080
        public        = false
        calls         = { aa = ["bb"], bb = [] }[name]
        env           = {}
        secrets       = {}
        startup_path  = "/"
        liveness_path = "/"
      }
    }
  }

  expect_failures = [var.services]
}

run "lets_everybody_call_each_public_service" {
  command = plan

  variables {
    services = {
      for name in ["aa", "bb"] : name => {
        image         = "registry/x@sha256:0000000000000000000000000000000000000000000000000000000000000001"
        cpu           = 1
        memory        = "512Mi"
        min           = 0
        max           = 2
        concurrency   = 80
        port          = 8080
        public        = true
        calls         = []
        env           = {}
        secrets       = {}
        startup_path  = "/"
        liveness_path = "/"
      }
    }
  }

  assert {
    condition     = keys(module.services) == ["aa", "bb"]
    error_message = "Both services must be planned."
  }
}

run "refuses_what_is_no_project" {
  command = plan

  variables {
    environment = { name = "staging", project = "No", region = "us-central1" }
  }

  expect_failures = [var.environment]
}
