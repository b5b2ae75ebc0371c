"""Files of other programs, read: bytes to records that say where they stand."""
