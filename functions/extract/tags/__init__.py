"""Tags of audio files: the one place that knows mutagen (GPL-2.0-or-later)."""

from .reading import AudioReading, read_audio

__all__ = ["AudioReading", "read_audio"]
