"""What a function needs to run: settings, log, handling of events, the relay."""
