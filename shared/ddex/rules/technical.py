"""Rule S24: whether what is said of a file's sound goes together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from shared.ddex.message import Message
from shared.ddex.nodes import Node, child, text_of
from shared.ddex.rules.registry import Fault, Faults, rule
from shared.domain.findings import Level

# Which codecs a file of that ending can hold; endings that are not named take all.
_CODECS: Final = {
    "aif": frozenset({"PCM"}),
    "aiff": frozenset({"PCM"}),
    "flac": frozenset({"FLAC"}),
    "mp3": frozenset({"MP3"}),
    "ogg": frozenset({"FLAC", "Vorbis"}),
    "wav": frozenset({"ADPCM", "ALaw", "MuLaw", "PCM", "DolbyAtmosMasterADM"}),
    "wma": frozenset({"WMA"}),
}
_ANY: Final = frozenset({"", "Unknown", "UserDefined"})
_HERTZ: Final = {"": 1.0, "Hz": 1.0, "kHz": 1_000.0, "MHz": 1_000_000.0}
# From telephones to the fastest converters that studios have.
_LOWEST_HZ: Final = 8_000.0
_HIGHEST_HZ: Final = 768_000.0
_BITS: Final = frozenset({"8", "12", "16", "20", "24", "32", "64"})
# Dolby Atmos masters have up to 128 beds and objects.
_MOST_CHANNELS: Final = 128


@rule(
    "S24",
    Level.WARNING,
    source="ErncFileStatus; AVS AudioCodecType",
    says="what is said of the file's sound does not go together",
    fix="Write codec, sampling rate, bits and channels as the file has them.",
    status="ResourceNotMeetingSpecifications",
)
def sound_plausible(message: Message) -> Faults:
    for doubtful in (_rates, _widths, _codecs):
        for node, value in doubtful(message):
            yield Fault(node, value, str(node.tag))


def _rates(message: Message) -> Iterator[tuple[Node, str]]:
    for value, node in message.texts_and_nodes("SamplingRate", "AudioSamplingRate"):
        hertz = _number(value) * _HERTZ.get(node.get("UnitOfMeasure", ""), 1.0)
        if not _LOWEST_HZ <= hertz <= _HIGHEST_HZ:
            yield node, value


def _widths(message: Message) -> Iterator[tuple[Node, str]]:
    for value, node in message.texts_and_nodes("BitsPerSample", "AudioBitsPerSample"):
        if value not in _BITS:
            yield node, value
    names = ("NumberOfChannels", "NumberOfAudioChannels")
    for value, node in message.texts_and_nodes(*names):
        if not 1 <= _number(value) <= _MOST_CHANNELS:
            yield node, value


def _codecs(message: Message) -> Iterator[tuple[Node, str]]:
    for value, node in message.texts_and_nodes("AudioCodecType"):
        file = node.getparent()
        ending = "" if file is None else _ending(file)
        if value not in _CODECS.get(ending, _ANY | {value}) | _ANY:
            yield node, value


def _ending(file: Node) -> str:
    details = child(file, "File")
    address = text_of(details, "URI") or text_of(details, "FileName")
    return address.rpartition(".")[2].lower() if "." in address else ""


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
