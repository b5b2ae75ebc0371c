variable "alerts" {
  description = "Who is told: addresses, and channels that exist already."
  type = object({
    channels = optional(list(string), [])
    emails   = optional(set(string), [])
  })
  default  = {}
  nullable = false
}

variable "api" {
  description = "Who may call the API: everybody (it has keys of its own), or members."
  type = object({
    invokers = optional(set(string), [])
    public   = optional(bool, false)
  })
  default  = {}
  nullable = false
}

variable "audio" {
  description = "When files are listened to, and which models guess from what is heard."
  type = object({
    batch_size   = optional(number, 8)
    models       = optional(list(string), [])
    timing       = optional(string, "realtime")
    trial_models = optional(list(string), [])
    trial_share  = optional(number, 0)
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains(["realtime", "batch"], var.audio.timing)
    error_message = "Files are listened to in realtime or in a batch."
  }
}

variable "budget" {
  description = "What a month may cost before somebody is told; null: no budget."
  type = object({
    billing_account = string
    currency        = optional(string, "EUR")
    monthly_units   = number
  })
  default = null
}

variable "database" {
  description = "How big, how available, and how far it may grow."
  type = object({
    availability     = optional(string)
    disk_gb          = optional(number)
    disk_limit_gb    = optional(number)
    edition          = optional(string)
    max_connections  = optional(number)
    retained_backups = optional(number)
    tier             = optional(string)
  })
  default  = {}
  nullable = false
}

variable "environment" {
  description = "Which of the environments this is."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["staging", "prod"], var.environment)
    error_message = "There are two: staging and prod."
  }
}

variable "log_level" {
  description = "The least level that is written."
  type        = string
  default     = "INFO"
  nullable    = false

  validation {
    condition     = contains(["DEBUG", "INFO", "WARNING", "ERROR"], var.log_level)
    error_message = "DEBUG, INFO, WARNING or ERROR."
  }
}

variable "network" {
  description = "The functions' way into the network: a /28 nobody else uses, and size."
  type = object({
    connector_instances = optional(number, 3)
    connector_machine   = optional(string, "e2-micro")
    connector_range     = optional(string, "10.8.0.0/28")
  })
  default  = {}
  nullable = false

  validation {
    condition     = endswith(var.network.connector_range, "/28")
    error_message = "A connector takes a /28, no more and no less."
  }
}

variable "packages" {
  description = "Path of each function's package, as `make package` wrote them down."
  type        = map(string)
  nullable    = false

  validation {
    condition = (
      join(",", sort(keys(var.packages))) == "api,enrich,export,extract,sync,validate"
    )
    error_message = "One package for each function, and no other."
  }
}

variable "prefix" {
  description = "What names begin with that must differ from everybody else's."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,30}[a-z0-9]$", var.prefix))
    error_message = "Small letters, digits and hyphens, 4 to 32 of them."
  }
}

variable "project" {
  description = "The environment's project: each has one of its own."
  type        = object({ id = string, number = number })
  nullable    = false
}

variable "region" {
  description = "Where everything runs and is kept."
  type        = string
  nullable    = false
}

variable "resources" {
  description = "Per function, what differs here from what it usually gets."
  type = map(object({
    concurrency     = optional(number)
    cpu             = optional(string)
    max_instances   = optional(number)
    memory          = optional(string)
    min_instances   = optional(number)
    timeout_seconds = optional(number)
  }))
  default  = {}
  nullable = false
}

variable "secrets" {
  description = "Given at each run (TF_VAR_secrets), and kept in Secret Manager alone."
  type = object({
    api_key_pepper          = string
    database_password_admin = string
    database_password_app   = string
  })
  ephemeral = true
  nullable  = false
  sensitive = true

  validation {
    condition     = alltrue([for value in values(var.secrets) : length(value) >= 24])
    error_message = "A secret has 24 characters or more."
  }
}

variable "secrets_generation" {
  description = "Raise it to write all secrets again, after they were changed."
  type        = number
  default     = 1
  nullable    = false
}

variable "web_origins" {
  description = "Origins of the web app, for files sent and fetched by signed links."
  type        = list(string)
  nullable    = false

  validation {
    condition     = alltrue([for o in var.web_origins : startswith(o, "https://")])
    error_message = "Origins begin with https:// and never are a star."
  }
}
