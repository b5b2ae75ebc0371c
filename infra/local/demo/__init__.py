"""`make demo`: the main job on real input, shown as it happens."""
