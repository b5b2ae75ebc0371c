"""One key for all the ways in which one name gets written."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Letters that NFKD (Unicode Annex 15) does not take apart, and \u0451, which Russian
# mostly writes without its dots.
_PLAIN_LETTERS = str.maketrans(
    {
        "æ": "ae",
        "ð": "d",
        "ø": "o",
        "þ": "th",
        "đ": "d",
        "ħ": "h",
        "\u0131": "i",
        "ł": "l",
        "ŋ": "ng",
        "œ": "oe",
        "ŧ": "t",
        "\u0451": "\u0435",
    }
)
_APOSTROPHES = "'`\u00b4\u02bb\u02bc\u2018\u2019\u201b\u2032"
_UNSPOKEN = str.maketrans(dict.fromkeys(_APOSTROPHES, ""))
_UNSPOKEN_SIGNS = str.maketrans(dict.fromkeys("™®©℗", ""))
_MARKED_SCRIPTS = ("LATIN", "GREEK")
_ARTICLES = "the|a|an|der|die|das|el|la|los|las|le|les|il|lo|gli"
_INVERTED = re.compile(rf"(?P<name>.*\S)\s*,\s*(?P<article>{_ARTICLES})", re.DOTALL)
_N_FOR_AND = re.compile(
    rf"(?<=\s)(?:[{_APOSTROPHES}]n[{_APOSTROPHES}]?|n[{_APOSTROPHES}])(?=\s)"
)
_LEADING_THE = re.compile(r"(?:the )+")
_SINGLE_LETTERS = re.compile(r"\b[a-z](?: [a-z]\b)+")


def name_key(text: str) -> str:
    """Return what names are compared by; never empty where *text* has a character.

    Case, accents of Latin and Greek letters, punctuation, spacing, a leading "The"
    and the ways to write "and" make no difference; letters of every script do, and
    so do the marks that other scripts distinguish letters by (が is not か). A name
    of signs alone, such as "!!!", is its own key. The key of a key is itself.
    """
    folded = folded_words(text)
    rest = (
        _LEADING_THE.sub("", folded, count=1) if folded.startswith("the ") else folded
    )
    return "the the" if rest == "the" != folded else rest


@lru_cache(maxsize=8192)
def folded_words(text: str) -> str:
    """Return the words of *text* in the form that keys are made of, one space apart.

    "Beatles, The" is read as "The Beatles", "Guns N' Roses" as "Guns and Roses",
    "R.E.M." as "REM", "A$AP" as "ASAP" and "P!nk" as "Pink".
    """
    plain = " ".join(_without_marks(text).split())
    inverted = _INVERTED.fullmatch(plain)
    if inverted:
        plain = f"{inverted['article']} {inverted['name']}"
    plain = _N_FOR_AND.sub("and", plain).translate(_UNSPOKEN)
    plain = re.sub(r"(?<=[a-z])\$|\$(?=[a-z])", "s", plain)
    plain = re.sub(r"(?<=[a-z])!(?=[a-z])", "i", plain)
    plain = re.sub(r"&|(?<=\s)\+(?=\s)", " and ", plain)
    spaced = "".join(c if _is_of_a_word(c) else " " for c in plain)
    words = " ".join(spaced.split())
    joined = _SINGLE_LETTERS.sub(lambda run: run.group().replace(" ", ""), words)
    return joined or " ".join(text.casefold().split()) or text


def _without_marks(text: str) -> str:
    decomposed = unicodedata.normalize(
        "NFKD",
        unicodedata.normalize("NFKD", text.translate(_UNSPOKEN_SIGNS)).casefold(),
    )
    kept: list[str] = []
    drops_marks = False
    for character in decomposed:
        if not unicodedata.combining(character):
            name = unicodedata.name(character, "")
            drops_marks = name.startswith(_MARKED_SCRIPTS)
        elif drops_marks:
            continue
        kept.append(character)
    return unicodedata.normalize("NFC", "".join(kept)).translate(_PLAIN_LETTERS)


def _is_of_a_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN"
