"""What a crash left is delivered."""
