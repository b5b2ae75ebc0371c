variable "alerts" {
  description = "Who is told, and from which error share and latency on."
  type = object({
    channels    = optional(list(string), [])
    error_ratio = optional(number, 0.05)
    p95_ms      = optional(number, 1000)
  })
  default  = {}
  nullable = false
}

variable "build" {
  description = "How every function is built: from where, as whom, kept where."
  type = object({
    packages_bucket = string
    repository      = string
    runtime         = string
    service_account = string
  })
  nullable = false
}

variable "description" {
  description = "What the function does, in one line."
  type        = string
  nullable    = false
}

variable "environment" {
  description = "Settings that are no secrets."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "invokers" {
  description = "Who may call it: IAM members, or allUsers, as the product has keys."
  type        = set(string)
  nullable    = false
}

variable "name" {
  description = "Name of the function, which is its entry point's name too."
  type        = string
  nullable    = false
}

variable "package" {
  description = "Path of the packaged source, named <name>-<content hash>.zip."
  type        = string
  nullable    = false

  validation {
    condition = can(
      regex("^${var.name}-[0-9a-f]{8,64}\\.zip$", basename(var.package))
    )
    error_message = "A package is named by its function and its content's hash."
  }
}

variable "project_id" {
  description = "The project of the secrets and of the document database."
  type        = string
  nullable    = false
}

variable "region" {
  description = "Where the function runs."
  type        = string
  nullable    = false
}

variable "resources" {
  description = "What one instance gets, and how many there may be."
  type = object({
    concurrency     = optional(number, 1)
    cpu             = optional(string, "1")
    max_instances   = optional(number, 10)
    memory          = optional(string, "512Mi")
    min_instances   = optional(number, 0)
    timeout_seconds = optional(number, 60)
  })
  default  = {}
  nullable = false

  validation {
    condition = (
      var.resources.concurrency == 1 || tonumber(var.resources.cpu) >= 1
    )
    error_message = "Cloud Run serves requests side by side from one CPU on."
  }
}

variable "rights" {
  description = "What the function may touch: each right is given on the thing itself."
  type = object({
    buckets     = optional(map(object({ name = string, role = string })), {})
    documents   = optional(map(string), {})
    publishes   = optional(map(string), {})
    signs_links = optional(bool, false)
  })
  default  = {}
  nullable = false
}

variable "secrets" {
  description = "Settings that are secrets: variable to secret and version."
  type        = map(object({ id = string, version = string }))
  default     = {}
  nullable    = false
}

variable "vpc_connector" {
  description = "The way to the database's private address."
  type        = string
  nullable    = false
}
