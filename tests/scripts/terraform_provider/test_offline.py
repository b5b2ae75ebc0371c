import pytest

from scripts.terraform_provider import offline

BUCKET = """
resource "google_storage_bucket" "this" {
  name     = "b"
  location = "EU"
  %s
}
"""


@pytest.mark.parametrize(
    ("argument", "said"),
    [
        ("storage_klass = 1", "An argument named"),
        ("versioning {}", 'The argument "enabled" is required'),
        ("force_destroy = []", "bool required"),
        ("public_access_prevention = google_storage_bucket.this.urk", "urk"),
    ],
)
def test_a_wrong_argument_is_found(refusal, argument, said):
    assert said in refusal(BUCKET % argument, "validate")


def test_what_is_right_is_not_refused(refusal):
    assert refusal(BUCKET % "versioning { enabled = true }", "validate") == ""


def test_a_value_that_the_provider_does_not_know_is_found_in_its_place(refusal):
    said = refusal(
        """
        resource "google_firestore_database" "this" {
          name        = "(default)"
          location_id = "eur3"
          type        = "FIRESTORE_NATIF"
        }
        """,
        "validate",
    )

    assert "FIRESTORE_NATIF is no value of type" in said
    assert "FIRESTORE_NATIVE" in said
    assert "main.tf line" in said


def test_keys_that_only_an_apply_can_tell_are_found(refusal):
    said = refusal(
        """
        resource "google_pubsub_topic" "first" { name = "first" }
        resource "google_pubsub_topic" "second" {
          for_each = toset([google_pubsub_topic.first.id])
          name     = each.value
        }
        """,
        "plan",
    )

    assert "Invalid for_each argument" in said


def test_nothing_is_ever_applied(refusal):
    said = refusal(BUCKET % "", "apply", "-auto-approve")

    assert "The stand-in changes nothing" in said


def test_without_terraform_the_way_to_get_it_is_told(monkeypatch):
    monkeypatch.setattr(offline.shutil, "which", lambda _name: None)

    with pytest.raises(offline.TerraformError, match=r"install version 1\.11"):
        offline.OfflineTerraform()
