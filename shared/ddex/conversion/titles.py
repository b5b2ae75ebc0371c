"""Titles: referred to and typed in 3.x, displayed and additional in 4.x."""

from __future__ import annotations

from typing import Final

from .drafts import Draft, merged

# What has to have a displayed title.
_DISPLAYED: Final = ("SoundRecording", "Video", "Release")


def display_titles(holder: Draft) -> None:
    """Turn a reference title and typed titles into displayed and additional ones."""
    reference = next(iter(holder.take("ReferenceTitle")), None)
    titles = holder.take("Title")
    shown = [title for title in titles if title.get("TitleType") == "DisplayTitle"]
    shown = shown or [title for title in titles if not title.get("TitleType")]
    if not shown and reference is not None:
        shown = [reference.copy()]
    elif not shown and holder.name in _DISPLAYED:
        shown = [title.copy() for title in titles[:1]]
    made = [_displayed(title) for title in shown]
    for title in titles:
        if title not in shown:
            title.name = "AdditionalTitle"
    text = _display_text(reference, made)
    others = [title for title in titles if title not in shown]
    found = merged([*text, *made, *others])
    if holder.name == "TrackRelease":
        found = [part for part in found if part.name != "DisplayTitleText"] or found
    holder.parts = found + holder.parts


def _displayed(title: Draft) -> Draft:
    title.name = "DisplayTitle"
    kind = title.attributes.pop("TitleType", None)
    if kind is not None and kind.text.strip() == "DisplayTitle":
        title.imply(kind)
    return title


def _display_text(reference: Draft | None, shown: list[Draft]) -> list[Draft]:
    source = reference or (shown[0] if shown else None)
    title = source.first("TitleText") if source else None
    if source is None or title is None:
        return []
    text = Draft("DisplayTitleText", title.text, title.origins)
    text.attributes = {**source.attributes, **title.attributes}
    text.attributes.pop("TitleType", None)
    subtitles = [part for part in source.all("SubTitle") if part.text.strip()]
    if reference is not None and subtitles:
        origins = frozenset[str]().union(*(part.origins for part in subtitles))
        words = " ".join(part.text.strip() for part in subtitles)
        text = Draft(
            text.name,
            f"{title.text} ({words})",
            title.origins | origins,
            text.attributes,
        )
    return [text]


def type_titles(holder: Draft) -> None:
    """Turn displayed and additional titles into a reference title and typed ones."""
    texts = holder.take("DisplayTitleText")
    if texts:
        text = texts[0]
        title = Draft("TitleText", text.text, text.origins)
        language = {
            name: said
            for name, said in text.attributes.items()
            if name == "LanguageAndScriptCode"
        }
        reference = Draft("ReferenceTitle", attributes=language, parts=[title])
        holder.parts.insert(0, reference)
    for other in texts[1:]:
        title = Draft("TitleText", other.text, other.origins)
        other.name, other.text, other.parts = "DisplayTitle", "", [title]
        holder.parts.append(other)
    for title in holder.all("DisplayTitle", "AdditionalTitle"):
        if title.name == "DisplayTitle":
            title.set("TitleType", "DisplayTitle")
        title.name = "Title"
    shown = holder.first("Title/TitleText")
    if not texts and shown is not None:
        copied = Draft("ReferenceTitle", parts=[shown.copy()])
        holder.parts.insert(0, copied)
