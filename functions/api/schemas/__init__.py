"""What bodies look like: models of requests, and of answers that Python builds."""
