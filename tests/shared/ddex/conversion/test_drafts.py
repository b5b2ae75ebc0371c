from __future__ import annotations

from itertools import pairwise

from lxml import etree

from shared.ddex.conversion.drafts import Draft, draft_of, merged, node_of
from shared.ddex.conversion.ledger import Ledger
from shared.ddex.conversion.moving import move_all
from shared.ddex.conversion.tables import LAYOUTS, MOVED, ORDER, Moved
from tests.shared.ddex.album import album


def _draft(markup):
    return draft_of(etree.fromstring(markup))


def test_origins_are_the_xpaths_that_lxml_gives():
    root = album()

    paths = {origin for part in draft_of(root).within() for origin in part.origins}

    leaves = [node for node in root.iter("*") if not len(node)]
    assert paths == {root.getroottree().getpath(node) for node in leaves}


def test_a_draft_is_the_tree_it_was_made_of():
    root = album()
    etree.indent(root)

    again = node_of(draft_of(root), "http://ddex.net/xml/ern/43")

    etree.indent(again)
    assert etree.tostring(again, method="c14n") == etree.tostring(root, method="c14n")


def test_what_is_moved_keeps_its_origin_and_is_no_loss():
    draft = _draft("<a><b>1</b><b>2</b></a>")
    ledger = Ledger(draft)

    move_all(draft, (Moved("a", "b", "c/d"),), is_upward=True)

    assert [part.value() for part in draft.parts[0].parts] == ["1", "2"]
    assert ledger.balance(draft).losses == ()


def test_what_was_moved_moves_back():
    draft = _draft("<a><b>1</b></a>")
    moves = (Moved("a", "b", "c/d"), Moved("c", "d", "e"))

    move_all(draft, moves, is_upward=True)
    move_all(draft, moves, is_upward=False)

    assert [(part.name, part.value()) for part in draft.parts] == [("b", "1")]


def test_a_one_way_move_gives_way_to_what_is_there():
    draft = _draft("<a><x>1</x><b>2</b></a>")
    move = Moved("a", "x", "b", is_only_upward=True)

    move_all(draft, (move,), is_upward=True)

    assert [part.name for part in draft.parts] == ["x", "b"]


def test_a_dropped_text_is_a_loss_with_its_reason():
    draft = _draft('<a><b k="v">1</b><c>2</c></a>')
    ledger = Ledger(draft)
    (dropped,) = draft.take("b")
    ledger.drop(dropped, "no room")

    losses = ledger.balance(draft).losses

    assert [(each.xpath, each.value, each.reason) for each in losses] == [
        ("/a/b", "1", "no room"),
        ("/a/b/@k", "v", "no room"),
    ]


def test_a_loss_that_nobody_noted_is_reported_all_the_same():
    draft = _draft("<a><b>1</b><c>2</c></a>")
    ledger = Ledger(draft)
    draft.take("b")

    assert [each.xpath for each in ledger.balance(draft).losses] == ["/a/b"]


def test_what_says_the_same_is_kept_once_for_both():
    draft = _draft("<a><b>1</b><b>1</b><b>2</b></a>")
    ledger = Ledger(draft)

    draft.parts = merged(draft.parts)

    assert [part.value() for part in draft.parts] == ["1", "2"]
    assert ledger.balance(draft).losses == ()


def test_half_of_what_is_said_does_not_tell_the_whole():
    draft = _draft("<r><a><y>1</y><t>x</t></a><a><y>1</y><t>z</t></a></r>")
    one, other = draft.parts

    assert not one.tell(other)
    assert one.parts[0].origins == {"/r/a[1]/y"}


def test_other_words_are_a_change_and_new_words_are_supplied():
    draft = _draft("<a><b>1</b></a>")
    ledger = Ledger(draft)
    draft.parts[0].text = "one"
    draft.add("c", "new")

    balance = ledger.balance(draft)

    assert [(c.xpath, c.before, c.after) for c in balance.changes] == [
        ("/a/b", "1", "one")
    ]
    assert [(s.xpath, s.value) for s in balance.supplied] == [("/ern:a/c", "new")]


def test_what_is_implied_is_kept():
    draft = _draft('<a><b kind="x">1</b></a>')
    ledger = Ledger(draft)
    part = draft.parts[0]
    part.imply(part.attributes.pop("kind"))

    assert ledger.balance(draft).losses == ()


def test_a_copy_shares_nothing_with_its_source():
    draft = Draft("a", parts=[Draft("b", "1")])

    draft.copy().parts[0].text = "2"

    assert draft.value("b") == "1"


def test_every_step_between_layouts_has_its_moves():
    assert set(LAYOUTS.values()) == set(ORDER)
    assert set(MOVED) == set(pairwise(ORDER))
