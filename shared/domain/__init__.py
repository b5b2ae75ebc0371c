"""The words and rules of the catalog, in the standard library alone."""
