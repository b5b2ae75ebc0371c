variable "browser" {
  description = "Origins that may use signed links from a browser, and how."
  type = object({
    headers = optional(list(string), [])
    methods = optional(list(string), ["GET", "HEAD"])
    origins = optional(list(string), [])
  })
  default  = {}
  nullable = false
}

variable "location" {
  description = "Where the objects are kept: a region or a multi-region."
  type        = string
  nullable    = false
}

variable "name" {
  description = "Globally unique name."
  type        = string
  nullable    = false
}

variable "notify" {
  description = "Topics that are told of every finished object, and who publishes."
  type        = map(object({ publisher = string, topic = string }))
  default     = {}
  nullable    = false
}

variable "retention" {
  description = "Days until live objects go (null: never), replaced ones, deleted ones."
  type = object({
    delete_after_days = optional(number)
    noncurrent_days   = optional(number, 90)
    soft_delete_days  = optional(number, 30)
  })
  default  = {}
  nullable = false

  validation {
    condition = (
      var.retention.soft_delete_days >= 7 && var.retention.soft_delete_days <= 90
    )
    error_message = "Cloud Storage keeps deleted objects for 7 to 90 days."
  }
}
