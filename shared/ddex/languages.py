"""Whether a language tag is registered: RFC 5646 and IANA's registry of subtags."""

from __future__ import annotations

import re
from typing import Final

from shared.domain.isrc_prefixes import ADDITIONAL, ISRC_PREFIXES

_TAG: Final = re.compile(
    r"(?P<language>[a-z]{2,8})(?:-[a-z]{3})*(?:-(?P<script>[a-z]{4}))?"
    r"(?:-(?P<region>[a-z]{2}|\d{3}))?(?:-(?:[a-z0-9]{5,8}|\d[a-z0-9]{3}))*"
)
# ISO 639-1. Of three letters the registry has some 8,000: only their form is held.
_TWO_LETTER_WORDS: Final = """
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs
    cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha
    he hi ho hr ht hu hy hz ia id ie ig ii ik in io is it iu iw ja ji jv jw ka kg ki kj
    kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mo mr
    ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro
    ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl
    tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""
# ISO 15924, the scripts in use for names and lyrics, and the ways to romanise.
_SCRIPT_WORDS: Final = """
    adlm arab aran armn bali beng bopo brai bugi buhd cans cham cher copt cyrl cyrs deva
    ethi geor goth grek gujr guru hang hani hano hans hant hebr hira hrkt java jpan kana
    khmr knda kore laoo latf latg latn lepc limb lisu mand mlym mong mtei mymr nkoo ogam
    olck orya osma phnx plrd rohg runr samr sinh sund sylo syrc tagb tale talu taml tavt
    telu tfng tglg thaa thai tibt vaii yiii zinh zmth zsye zsym zxxx zyyy zzzz
"""
_TWO_LETTERS: Final = frozenset(_TWO_LETTER_WORDS.split())
_SCRIPTS: Final = frozenset(_SCRIPT_WORDS.split())
_REGIONS: Final = frozenset(ISRC_PREFIXES) - frozenset(ADDITIONAL)


def is_registered_tag(tag: str) -> bool:
    """Tell whether *tag* is well-formed and its parts are registered."""
    found = _TAG.fullmatch(tag.lower())
    if found is None or len(found["language"]) > 3:
        return False
    language, script, region = found["language"], found["script"], found["region"]
    return (
        (len(language) == 3 or language in _TWO_LETTERS)
        and (script is None or script in _SCRIPTS)
        and (region is None or region.isdigit() or region.upper() in _REGIONS)
    )
