"""Names and titles as people write them: keys to compare by, and their parts."""

from shared.domain.credit_lines import (
    FEATURED_ARTIST,
    MAIN_ARTIST,
    Credit,
    split_credit,
)
from shared.domain.name_keys import name_key
from shared.domain.titles import TitleParts, split_title, title_key

__all__ = [
    "FEATURED_ARTIST",
    "MAIN_ARTIST",
    "Credit",
    "TitleParts",
    "name_key",
    "split_credit",
    "split_title",
    "title_key",
]
