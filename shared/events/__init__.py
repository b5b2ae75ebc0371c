"""What functions tell one another and the world: thin, versioned CloudEvents."""
