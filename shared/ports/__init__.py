"""What the use cases need of the world, as protocols; adapters fulfil them."""
