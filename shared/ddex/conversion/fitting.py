"""Makes a draft fit the schema of a version: the tables decide, not the message.

Children are put in the order of their type; what the type has no place for goes into
the loss report; values are brought to the allowed ones; what must be there and is not
is supplied. The result is valid whatever came in.
"""

from __future__ import annotations

from typing import Final

from shared.ddex.schema.particles import (
    Attribute,
    Complex,
    Element,
    Group,
    SchemaFacts,
    Simple,
    elements_of,
)

from .drafts import Draft, Said
from .ledger import Ledger
from .simple_types import SimpleTypes
from .supplying import Supplier
from .tables import KEPT_WHOLE, SAME_VALUES, TEXT_HOLDERS

_OWN_WORD: Final = "UserDefined"
_OWN_VALUE: Final = "UserDefinedValue"
_NAMESPACE: Final = "Namespace"
_BROAD: Final = frozenset({"", "Worldwide"})


class Fitter:
    """Fits drafts to one version."""

    def __init__(
        self, facts: SchemaFacts, types: SimpleTypes, supplier: Supplier, ledger: Ledger
    ) -> None:
        self._facts = facts
        self._types = types
        self._supplier = supplier
        self._ledger = ledger
        self.anchors: set[str] = set()
        self.pointers: list[Draft] = []

    def fit_message(self, draft: Draft, message: str) -> None:
        """Make *draft*, a root, fit the message of that name."""
        self._fit_complex(draft, self._facts.messages[message], must=True)

    def _fit(self, draft: Draft, simple: Simple, *, must: bool) -> bool:
        """Make *draft* fit its type; False where it cannot, and need not, stand."""
        kind = self._facts.types.get(simple.base)
        if isinstance(kind, Complex) and not (simple.pattern or simple.values):
            return self._fit_complex(draft, kind, must=must)
        self._drop_parts(draft, "holds a text only")
        for name in list(draft.attributes):
            self._ledger.drop_attribute(draft, name, "no such attribute here")
        return self._fit_text(draft, simple, own=None)

    def _fit_complex(self, draft: Draft, kind: Complex, *, must: bool) -> bool:
        if kind.content is None:
            self._lift_text(draft)
            own = {attribute.name for attribute in kind.attributes}
            if not self._fit_text(draft, Simple(kind.text), own=own):
                return False
            self._fit_attributes(draft, kind.attributes)
            return True
        self._sink_text(draft, kind)
        self._fit_attributes(draft, kind.attributes)
        return self._fit_content(draft, kind.content, must=must)

    def _lift_text(self, draft: Draft) -> None:
        """Take the text out of the one child that holds it in other versions."""
        for name in TEXT_HOLDERS:
            holder = draft.first(name)
            if holder is not None and not draft.text.strip():
                draft.text, draft.origins = holder.text, holder.origins
                draft.attributes = {**draft.attributes, **holder.attributes}
                draft.parts.remove(holder)
                break
        self._drop_parts(draft, "holds a text only")

    def _sink_text(self, draft: Draft, kind: Complex) -> None:
        """Put a text into the child that holds it in this version."""
        if not draft.text.strip():
            # An empty element of the source is said by the element that it became.
            draft.text = ""
            return
        children = {element.name for element in elements_of(kind.content)}
        for name in TEXT_HOLDERS:
            if name in children and draft.first(name) is None:
                known = {attribute.name for attribute in kind.attributes}
                holder = Draft(name, draft.text, draft.origins)
                for attribute in [
                    each for each in draft.attributes if each not in known
                ]:
                    holder.attributes[attribute] = draft.attributes.pop(attribute)
                draft.parts.insert(0, holder)
                draft.text = ""
                return
        self._ledger.drop_text(draft, "holds elements, not text")

    def _drop_parts(self, draft: Draft, reason: str) -> None:
        for part in draft.parts:
            self._ledger.drop(part, reason)
        draft.parts = []

    def _fit_text(self, draft: Draft, simple: Simple, *, own: set[str] | None) -> bool:
        """Make the text be of *simple*; *own* are the attributes beside it."""
        base = self._types.base(simple)
        if base == "xs:IDREF":
            self.pointers.append(draft)
        found = self._value(simple, draft.text)
        if found is not None:
            draft.text = found
        elif (
            own is not None
            and {_OWN_VALUE, _NAMESPACE} <= own
            and draft.text.strip()
            and self._types.takes_own_words(simple)
        ):
            draft.attributes[_OWN_VALUE] = Said(draft.text.strip(), draft.origins)
            draft.attributes.setdefault(_NAMESPACE, Said(self._supplier.sender))
            draft.text, draft.origins = _OWN_WORD, frozenset()
        else:
            self._ledger.drop(draft, "not a value that the version allows")
            return False
        if base == "xs:ID":
            self.anchors.add(draft.text)
        return True

    def _value(self, simple: Simple, text: str) -> str | None:
        if self._types.accepts(simple, text):
            return text
        mended = self._types.mended(simple, text)
        if mended is None:
            same = SAME_VALUES.get(self._types.base(simple), {}).get(text.strip(), "")
            mended = same if same and self._types.accepts(simple, same) else None
        return mended

    def _fit_attributes(self, draft: Draft, allowed: tuple[Attribute, ...]) -> None:
        by_name = {attribute.name: attribute for attribute in allowed}
        for name in list(draft.attributes):
            if name not in by_name:
                self._ledger.drop_attribute(draft, name, "no such attribute here")
                continue
            said = draft.attributes[name]
            found = self._value(by_name[name].type, said.text)
            if found is None:
                reason = "not a value that the version allows"
                self._ledger.drop_attribute(draft, name, reason)
            else:
                said.text = found
        self._supply_attributes(draft, allowed)
        order = [attribute.name for attribute in allowed]
        draft.attributes = {
            n: draft.attributes[n] for n in order if n in draft.attributes
        }

    def _supply_attributes(self, draft: Draft, allowed: tuple[Attribute, ...]) -> None:
        for attribute in allowed:
            # One's own word needs somebody whose word it is.
            is_needed = attribute.is_required or (
                attribute.name == _NAMESPACE and _OWN_VALUE in draft.attributes
            )
            if is_needed and attribute.name not in draft.attributes:
                draft.set(attribute.name, self._supplier.attribute(draft, attribute))

    def _fit_content(self, draft: Draft, content: Group, *, must: bool) -> bool:
        pool = list(draft.parts)
        fitted = self._fit_group(draft, content, pool, must=must)
        for part in pool:
            self._ledger.drop(part, "no such element here")
        if fitted is None:
            self._ledger.drop(draft, "lacks what the version asks of it")
            return False
        draft.parts = fitted
        return True

    def _fit_group(
        self, parent: Draft, group: Group, pool: list[Draft], *, must: bool
    ) -> list[Draft] | None:
        """Take from *pool* what *group* has a place for; None if it lacks something."""
        if group.occurs.is_many:
            return self._fit_rounds(parent, group, pool)
        if group.occurs.is_optional and not _covered(group, pool):
            return []
        if group.is_choice:
            return self._fit_choice(parent, group, pool, must=must)
        found: list[Draft] = []
        for part in group.parts:
            more = self._fit_part(parent, part, pool, must=must)
            if more is None:
                return [] if group.occurs.is_optional else None
            found += more
        return found

    def _fit_part(
        self, parent: Draft, part: Element | Group, pool: list[Draft], *, must: bool
    ) -> list[Draft] | None:
        if isinstance(part, Group):
            return self._fit_group(parent, part, pool, must=must)
        return self._fit_element(parent, part, pool, must=must)

    def _fit_rounds(
        self, parent: Draft, group: Group, pool: list[Draft]
    ) -> list[Draft] | None:
        names = {element.name for element in elements_of(group)}
        opening = elements_of(group)[0].name
        rounds: list[list[Draft]] = []
        for part in [each for each in pool if each.name in names]:
            if part.name == opening or not rounds:
                rounds.append([])
            rounds[-1].append(part)
            pool.remove(part)
        once = Group(group.is_choice, type(group.occurs).ONCE, group.parts)
        found: list[Draft] = []
        for each in rounds:
            found += self._fit_group(parent, once, each, must=False) or []
            for part in each:
                self._ledger.drop(part, "no such element here")
        return found

    def _fit_choice(
        self, parent: Draft, group: Group, pool: list[Draft], *, must: bool
    ) -> list[Draft] | None:
        ranked = sorted(group.parts, key=lambda part: -_weight(part, pool))
        for part in ranked:
            if not _covered(part, pool):
                break
            found = self._fit_part(parent, part, pool, must=False)
            if found:
                return found
        if group.occurs.is_optional:
            return []
        easiest = self._supplier.easiest(parent, group)
        found = self._fit_part(parent, easiest, pool, must=must)
        return found or None

    def _fit_element(
        self, parent: Draft, element: Element, pool: list[Draft], *, must: bool
    ) -> list[Draft] | None:
        is_needed = not element.occurs.is_optional
        given = [part for part in pool if part.name == element.name]
        for part in given:
            pool.remove(part)
        if not element.occurs.is_many:
            given.sort(key=_preference)
        found: list[Draft] = []
        for part in given:
            if found and not element.occurs.is_many:
                self._ledger.drop(part, "only one is allowed")
                continue
            is_last_hope = is_needed and must and not found and part is given[-1]
            is_whole = is_last_hope or _is_kept_whole(part)
            if self._fit(part, element.type, must=is_whole):
                found.append(part)
        if found or not is_needed:
            return found
        return self._supplied(parent, element, must=must)

    def _supplied(
        self, parent: Draft, element: Element, *, must: bool
    ) -> list[Draft] | None:
        known = self._supplier.known(parent, element)
        if known is None and not must:
            return None
        part = known or self._supplier.least(element)
        if self._fit(part, element.type, must=True):
            return [part]
        part = self._supplier.least(element)
        return [part] if self._fit(part, element.type, must=True) else None


def _is_kept_whole(part: Draft) -> bool:
    subject = KEPT_WHOLE.get(part.name)
    return subject == "" or (subject is not None and part.first(subject) is not None)


def _covered(part: Element | Group, pool: list[Draft]) -> bool:
    return _weight(part, pool) > 0


def _weight(part: Element | Group, pool: list[Draft]) -> int:
    elements = [part] if isinstance(part, Element) else elements_of(part)
    names = {element.name for element in elements}
    return sum(each.name in names for each in pool)


def _preference(part: Draft) -> tuple[bool, bool]:
    """Return what to sort by: the default first, then what holds everywhere."""
    return not part.is_said("IsDefault"), part.get(
        "ApplicableTerritoryCode"
    ) not in _BROAD
