resource "google_compute_network" "this" {
  name                    = var.prefix
  auto_create_subnetworks = false

  depends_on = [google_project_service.this]
}

# Cloud SQL lives in a network of Google's, which is joined to ours by this range.
resource "google_compute_global_address" "services" {
  name          = "${var.prefix}-services"
  network       = google_compute_network.this.id
  address_type  = "INTERNAL"
  purpose       = "VPC_PEERING"
  prefix_length = 20
}

resource "google_service_networking_connection" "services" {
  network                 = google_compute_network.this.id
  service                 = "servicenetworking.googleapis.com"
  reserved_peering_ranges = [google_compute_global_address.services.name]
}

resource "google_vpc_access_connector" "functions" {
  # Names of connectors are short: the prefix would not fit.
  name          = "functions"
  region        = var.region
  network       = google_compute_network.this.name
  ip_cidr_range = var.network.connector_range
  machine_type  = var.network.connector_machine
  min_instances = 2
  max_instances = var.network.connector_instances
}
