"""One directory is one deploy unit. Functions never import one another."""
