"""Recordings are listened to."""
