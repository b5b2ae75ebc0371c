"""Styles that pieces are composed in: which sixteenths are struck, and how fast."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Style:
    """How a kind of music goes, by sixteenths of a bar.

    Attributes:
        bpm: The usual range of its beat.
        beats: In a bar.
        division: Of a beat: 4 for straight, 3 for compound time.
        kick, snare, hat: Which divisions are struck, `x` always and `o` sometimes.
        chords: Likewise; empty for none.
        bass: Likewise.
        melody: How likely a division has a note.
    """

    bpm: tuple[float, float]
    beats: int
    division: int
    kick: str
    snare: str
    hat: str
    chords: str
    bass: str
    melody: float


STYLES = {
    "metronome": Style((70, 150), 4, 1, "x...", "", "xxxx", "o...", "", 0.0),
    "rock": Style(
        (90, 150),
        4,
        4,
        "x...o...x.o.....",
        "....x.......x..o",
        "x.x.x.x.x.x.x.x.",
        "x.......o.......",
        "x.x.x.x.x.x.x.x.",
        0.1,
    ),
    "house": Style(
        (115, 135),
        4,
        4,
        "x...x...x...x...",
        "....o.......o...",
        "..x...x...x...x.",
        "o..o..o.x.o.....",
        "..x...x...x..ox.",
        0.05,
    ),
    "break": Style(
        (110, 180),
        4,
        4,
        "x.x.......xx....",
        "....x..o.o..x..o",
        "x.x.x.x.x.x.x.x.",
        "",
        "x.....o...x.....",
        0.0,
    ),
    "jungle": Style(
        (150, 185),
        4,
        4,
        "x.....o...x.....",
        "....x..o.o..x...",
        "xoxoxoxoxoxoxoxo",
        "x...............",
        "x.........o.....",
        0.0,
    ),
    "hiphop": Style(
        (70, 105),
        4,
        4,
        "x..o..o.x.o.....",
        "....x.......x...",
        "x.x.x.xox.x.x.xo",
        "x...............",
        "x..o....x.o.....",
        0.05,
    ),
    "half": Style(
        (60, 100),
        4,
        4,
        "x.....o...o.....",
        "........x.......",
        "x.x.x.x.x.x.x.x.",
        "x.......x.......",
        "x.......o.......",
        0.1,
    ),
    "waltz": Style(
        (85, 180),
        3,
        4,
        "x...........",
        "....o...o...",
        "....x...x...",
        "....x...x...",
        "x...........",
        0.15,
    ),
    "jig": Style((60, 140), 2, 3, "", "", "", "x.oo.x", "x..x..", 0.7),
    "shuffle": Style(
        (70, 150),
        4,
        3,
        "x.....x.....",
        "...x.....x..",
        "x.xx.xx.xx.x",
        "x.....o..x..",
        "x..x..x..x..",
        0.15,
    ),
    "reel": Style(
        (80, 170),
        4,
        2,
        "",
        "",
        "",
        ".x.x.x.x",
        "x.o.x.o.",
        0.75,
    ),
    "drummed reel": Style(
        (80, 170),
        4,
        2,
        "x...x...",
        "..x...x.",
        "x.x.x.x.",
        "x...x...",
        "x.o.x.o.",
        0.6,
    ),
    "ballad": Style(
        (60, 110),
        4,
        2,
        "",
        "",
        "",
        "xoxoxoxo",
        "x.......",
        0.25,
    ),
    "offbeat": Style(
        (70, 140),
        4,
        4,
        "........x.......",
        "........x.......",
        "x.x.x.x.x.x.x.x.",
        "..x...x...x...x.",
        "x..x..x.........",
        0.1,
    ),
    "clave": Style(
        (85, 125),
        4,
        4,
        "x.....x.x.....x.",
        "...x..x...x.x...",
        "x.xxx.xxx.xxx.xx",
        "x..x..x...x.x...",
        "x.....x.......x.",
        0.05,
    ),
    "sequence": Style(
        (110, 150),
        4,
        4,
        "",
        "",
        "",
        "",
        "xoxoxxoxxoxoxoxx",
        0.0,
    ),
    "pulse": Style(
        (90, 150),
        4,
        4,
        "x...x...x...x...",
        "",
        "",
        "",
        "..xo..xo..xo..xo",
        0.3,
    ),
}
