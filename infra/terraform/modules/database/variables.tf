variable "admin_password" {
  description = "Password of the schema's owner."
  type        = string
  ephemeral   = true
  nullable    = false
  sensitive   = true
}

variable "alerts" {
  description = "Who is told, and from which share of the disk on."
  type = object({
    channels   = optional(list(string), [])
    disk_ratio = optional(number, 0.8)
  })
  default  = {}
  nullable = false
}

variable "name" {
  description = "Name of the instance."
  type        = string
  nullable    = false
}

variable "network_id" {
  description = "Network in which the instance has its private address."
  type        = string
  nullable    = false
}

variable "password_generation" {
  description = "Raise it to set the password again."
  type        = number
  nullable    = false
}

variable "project_id" {
  description = "The project, by which monitoring names the instance."
  type        = string
  nullable    = false
}

variable "region" {
  description = "Where the instance and its backups are."
  type        = string
  nullable    = false
}

variable "sessions" {
  description = "How many sessions all instances of all functions may open."
  type        = number
  nullable    = false
}

variable "size" {
  description = "How big, how available, and how far it may grow."
  type = object({
    availability     = optional(string, "ZONAL")
    disk_gb          = optional(number, 20)
    disk_limit_gb    = optional(number, 200)
    edition          = optional(string, "ENTERPRISE")
    max_connections  = optional(number, 400)
    retained_backups = optional(number, 14)
    tier             = optional(string, "db-custom-1-3840")
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains(["ZONAL", "REGIONAL"], var.size.availability)
    error_message = "Available in one zone (ZONAL) or in two (REGIONAL)."
  }
}
