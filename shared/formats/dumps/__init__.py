"""Dumps of public databases: MusicBrainz as JSON lines, Discogs as XML."""
