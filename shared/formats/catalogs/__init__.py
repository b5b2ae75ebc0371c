"""Catalogs that are no tables: JSON objects and XML elements, one record each."""
