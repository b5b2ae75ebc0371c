variable "name" {
  description = "Name of the topic, as the code knows it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]+(-[a-z]+)*$", var.name))
    error_message = "Topics are kebab-case."
  }
}

variable "retention_days" {
  description = "How long a subscription may go back in time."
  type        = number
  default     = 7
  nullable    = false

  validation {
    condition     = var.retention_days >= 1 && var.retention_days <= 31
    error_message = "Pub/Sub keeps messages for 31 days at most."
  }
}
