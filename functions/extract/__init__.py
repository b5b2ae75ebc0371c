"""An uploaded object becomes staged source records, resources and events."""
