"""Languages as files name them, as BCP 47 tags (RFC 5646)."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Final

# ISO 639-2 codes, bibliographic and terminological, with their two-letter form in
# ISO 639-1 (Library of Congress, "Codes for the representation of names of languages").
_CODES: Final = """
aa aar|ab abk|ae ave|af afr|ak aka|am amh|an arg|ar ara|as asm|av ava|ay aym|az aze
ba bak|be bel|bg bul|bi bis|bm bam|bn ben|bo bod tib|br bre|bs bos|ca cat|ce che
ch cha|co cos|cr cre|cs ces cze|cu chu|cv chv|cy cym wel|da dan|de deu ger|dv div
dz dzo|ee ewe|el ell gre|en eng|eo epo|es spa|et est|eu eus baq|fa fas per|ff ful
fi fin|fj fij|fo fao|fr fra fre|fy fry|ga gle|gd gla|gl glg|gn grn|gu guj|gv glv
ha hau|he heb|hi hin|ho hmo|hr hrv|ht hat|hu hun|hy hye arm|hz her|ia ina|id ind
ie ile|ig ibo|ii iii|ik ipk|io ido|is isl ice|it ita|iu iku|ja jpn|jv jav|ka kat geo
kg kon|ki kik|kj kua|kk kaz|kl kal|km khm|kn kan|ko kor|kr kau|ks kas|ku kur|kv kom
kw cor|ky kir|la lat|lb ltz|lg lug|li lim|ln lin|lo lao|lt lit|lu lub|lv lav|mg mlg
mh mah|mi mri mao|mk mkd mac|ml mal|mn mon|mr mar|ms msa may|mt mlt|my mya bur|na nau
nb nob|nd nde|ne nep|ng ndo|nl nld dut|nn nno|no nor|nr nbl|nv nav|ny nya|oc oci
oj oji|om orm|or ori|os oss|pa pan|pi pli|pl pol|ps pus|pt por|qu que|rm roh|rn run
ro ron rum|ru rus|rw kin|sa san|sc srd|sd snd|se sme|sg sag|si sin|sk slk slo|sl slv
sm smo|sn sna|so som|sq sqi alb|sr srp|ss ssw|st sot|su sun|sv swe|sw swa|ta tam
te tel|tg tgk|th tha|ti tir|tk tuk|tl tgl|tn tsn|to ton|tr tur|ts tso|tt tat|tw twi
ty tah|ug uig|uk ukr|ur urd|uz uzb|ve ven|vi vie|vo vol|wa wln|wo wol|xh xho|yi yid
yo yor|za zha|zh zho chi|zu zul
"""
_NAMES: Final = MappingProxyType(
    {
        "arabic": "ar",
        "bulgarian": "bg",
        "catalan": "ca",
        "chinese": "zh",
        "croatian": "hr",
        "czech": "cs",
        "danish": "da",
        "dansk": "da",
        "deutsch": "de",
        "dutch": "nl",
        "english": "en",
        "español": "es",
        "estonian": "et",
        "finnish": "fi",
        "français": "fr",
        "french": "fr",
        "german": "de",
        "greek": "el",
        "hebrew": "he",
        "hindi": "hi",
        "hungarian": "hu",
        "icelandic": "is",
        "indonesian": "id",
        "instrumental": "zxx",
        "irish": "ga",
        "italian": "it",
        "italiano": "it",
        "japanese": "ja",
        "korean": "ko",
        "latin": "la",
        "latvian": "lv",
        "lithuanian": "lt",
        "mandarin": "cmn",
        "nederlands": "nl",
        "no linguistic content": "zxx",
        "norwegian": "no",
        "polish": "pl",
        "portuguese": "pt",
        "português": "pt",
        "romanian": "ro",
        "russian": "ru",
        "serbian": "sr",
        "slovak": "sk",
        "slovenian": "sl",
        "spanish": "es",
        "suomi": "fi",
        "svenska": "sv",
        "swedish": "sv",
        "thai": "th",
        "turkish": "tr",
        "türkçe": "tr",
        "ukrainian": "uk",
        "vietnamese": "vi",
        "русский": "ru",
        "日本語": "ja",
    }
)
_UNKNOWN: Final = frozenset({"xxx", "und", "mis", "unknown", "none", "other"})
_TAG: Final = re.compile(r"([A-Za-z]{2,3})((?:[-_][A-Za-z0-9]{2,8})*)")


def _table() -> dict[str, str]:
    groups = (group.split() for group in re.split(r"[|\n]", _CODES) if group)
    return {code: group[0] for group in groups for code in group}


_TWO_LETTERS: Final = MappingProxyType(_table())


def language_tag(text: str) -> str | None:
    """Return *text* (`eng`, `Deutsch`, `pt_BR`, `zxx`) as a BCP 47 tag.

    Returns:
        The tag with its shortest primary subtag (RFC 5646 §2.2.1), *text* itself
        where it is no language that is known here, or None where the file says that
        the language is not known (`und`, `XXX`).
    """
    shown = text.strip()
    lowered = shown.casefold()
    if not shown or lowered in _UNKNOWN:
        return None
    if lowered in _NAMES:
        return _NAMES[lowered]
    found = _TAG.fullmatch(shown)
    if found is None:
        return shown
    primary = found[1].lower()
    return _TWO_LETTERS.get(primary, primary) + found[2].replace("_", "-")
