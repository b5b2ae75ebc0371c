"""What the functions share; the sub-packages carry the meaning."""
