"""What can be heard: decoding and measuring sound. No cloud, no database."""
