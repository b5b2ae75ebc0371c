"""Which models guess genre and mood of a recording, and which of them is believed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import structlog

from shared.audio.model import SHIPPED, Estimate, Model
from shared.domain.claims import JsonValue
from shared.domain.errors import InvalidInputError, NotFoundError

log = structlog.get_logger()

TENANT_SETTING: Final = "audio_models"

_BELIEVED, _ON_TRIAL = "audio-model", "audio-trial"


@dataclass(frozen=True, slots=True)
class Guess:
    """What one model said.

    Attributes:
        source: `audio-model@genre_v1` where it is believed, `audio-trial@genre_v2`
            where it is only kept to compare.
    """

    source: str
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class Models:
    """The models in use, and those on trial against them.

    Attributes:
        load: Returns a model by name, and keeps it.
        usual: Names of the models that are believed, one for each field.
        on_trial: Names of the models that are tried, one for each field at most.
        trial_share: The share of recordings, by hash, that believe those on trial.
    """

    load: Callable[[str], Model]
    usual: tuple[str, ...] = SHIPPED
    on_trial: tuple[str, ...] = ()
    trial_share: float = 0.0

    def guesses(
        self,
        recording_id: UUID,
        document: Mapping[str, Any],
        tenant_settings: Mapping[str, JsonValue],
    ) -> list[Guess]:
        """Return what each model says of a document, sorted by source.

        All are asked about every recording, so that they can be compared. For each
        field the model that the tenant named is believed; where it named none, the
        recording's hash decides between the sides of the trial.
        """
        if not document:
            return []
        own = _named(tenant_settings.get(TENANT_SETTING))
        tried = share_of(recording_id) < self.trial_share
        sides = (self.on_trial, self.usual) if tried else (self.usual, self.on_trial)
        models = self._loaded((*own, *sides[0], *sides[1]))
        believed: dict[str, str] = {}
        for model in models:
            believed.setdefault(model.field, model.name)
        found = [
            Guess(f"{_side(believed, model)}@{model.name}", estimate)
            for model in models
            if (estimate := model.estimate(document)) is not None
        ]
        return sorted(found, key=lambda guess: guess.source)

    def _loaded(self, names: Iterable[str]) -> list[Model]:
        """Return the models by *names*; one that cannot be had is passed over.

        What was heard is worth more than a guess about it, so that a wrong flag must
        not keep it from the catalog.
        """
        found = []
        for name in dict.fromkeys(names):
            try:
                found.append(self.load(name))
            except (NotFoundError, InvalidInputError) as exc:
                log.warning("model passed over", model=name, error=str(exc))
        return found


def share_of(recording_id: UUID) -> float:
    """Return where a recording falls between 0 and 1, always the same."""
    digest = hashlib.sha256(b"trial:" + recording_id.bytes).digest()
    return int.from_bytes(digest[:4]) / 2**32


def names(text: str) -> tuple[str, ...]:
    """Return the names in a setting: `genre_v2, mood_v1`."""
    return tuple(text.replace(",", " ").split())


def _named(value: JsonValue) -> tuple[str, ...]:
    return names(value) if isinstance(value, str) else ()


def _side(believed: Mapping[str, str], model: Model) -> str:
    return _BELIEVED if believed[model.field] == model.name else _ON_TRIAL
