"""The ports in memory: what unit tests run on, with the same promises."""
