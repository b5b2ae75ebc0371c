"""Staging alone rebuilds the catalog: to the last byte, in whatever order it came."""

from __future__ import annotations

import random

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.adapters.memory.catalog import MemoryCatalog
from shared.adapters.postgres.replay import digest, replay
from shared.domain.claims import Kind
from tests.contract.statements import edit, party, recording, release, said

# A key per thing, and one key more of each that only some records know.
_SAID = st.builds(
    lambda thing, more, source, version, title, label: recording(
        [f"isrc:{thing}", *([f"object:{thing}"] if more else [])],
        source=source,
        origin=f"{source}-{thing}",
        version=version,
        minutes=version,
        title=title,
        **({"label": label} if label else {}),
    ),
    thing=st.integers(1, 3),
    more=st.booleans(),
    source=st.sampled_from(["tags", "table", "audio-analysis@v1", "person:ann"]),
    version=st.integers(1, 3),
    title=st.sampled_from(["So What", "so what", "SO WHAT"]),
    label=st.sampled_from(["", "CBS", "Columbia"]),
)
_BATCHES = st.lists(st.lists(_SAID, min_size=1, max_size=4), max_size=6)


def catalog_of(batches):
    catalog = MemoryCatalog("t")
    for batch in batches:
        with catalog.transaction("t") as tx:
            tx.stage(batch)
    return catalog


@settings(max_examples=60, deadline=None)
@given(batches=_BATCHES, seed=st.randoms(use_true_random=False))
def test_the_order_of_batches_does_not_matter_to_what_is_said(batches, seed):
    shuffled = [seed.sample(batch, len(batch)) for batch in batches]
    seed.shuffle(shuffled)

    first, second = catalog_of(batches), catalog_of(shuffled)

    assert digest(first, "t")[0] == digest(second, "t")[0]


@settings(max_examples=40, deadline=None)
@given(batches=_BATCHES)
def test_every_batch_twice_is_the_same_catalog(batches):
    once, twice = catalog_of(batches), catalog_of([*batches, *batches])

    assert digest(once, "t") == digest(twice, "t")


def some_batches(seed):
    chance = random.Random(seed)
    for number in range(25):
        origin = f"gs://up/{chance.randint(1, 8)}"
        isrc = f"isrc:{chance.randint(1, 6)}"
        rest = {"origin": origin, "version": chance.randint(1, 4), "minutes": number}
        miles = [{"name": "Miles Davis", "role": "MainArtist"}]
        keys = chance.choice([[isrc], [isrc, f"object:{origin}"], [f"object:{origin}"]])
        yield [
            recording(
                keys, title=f"T{number}", artists=miles, bpm=number + 0.25, **rest
            ),
            release([f"gtin:{chance.randint(1, 3)}"], title="Kind of Blue", **rest),
            said(Kind.TRACK_POSITION, [f"p:{number}"], recording=isrc, **rest),
            party("Miles Davis", "miles davis", **rest),
        ]
        if number % 9 == 8:
            yield [edit(isrc, number, title="Edited")]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_replay_is_exact(postgres_catalog, admin_engine, tenant, seed):
    for batch in some_batches(seed):
        with postgres_catalog.transaction(tenant) as tx:
            tx.stage(batch)
    before = digest(postgres_catalog, tenant)

    report = replay(admin_engine, tenant)

    assert report.differences == ()
    assert report.is_exact
    assert report.is_kept
    assert digest(postgres_catalog, tenant) == before
    assert before[1] == report.exact_before


@pytest.mark.parametrize("seed", [4])
def test_both_catalogs_come_to_the_same(postgres_catalog, tenant, seed):
    memory = MemoryCatalog(tenant)

    for batch in some_batches(seed):
        for catalog in (memory, postgres_catalog):
            with catalog.transaction(tenant) as tx:
                tx.stage(batch)

    assert digest(memory, tenant) == digest(postgres_catalog, tenant)


def damage(engine, tenant, statement):
    with engine.begin() as connection:
        connection.execute(
            sa.text("SELECT set_config('linernotes.tenant', :t, true)"), {"t": tenant}
        )
        connection.execute(sa.text(statement))


@pytest.fixture
def damaged(postgres_catalog, admin_engine, tenant):
    with postgres_catalog.transaction(tenant) as tx:
        tx.stage([recording(["isrc:1"], title="So What")])
    damage(admin_engine, tenant, """UPDATE recording SET facts = '{"title": "Hm"}'""")
    return tenant


def test_a_replay_tells_what_differs_and_leaves_it(
    postgres_catalog, admin_engine, damaged
):
    before = digest(postgres_catalog, damaged)

    report = replay(admin_engine, damaged)

    assert [name.split("/")[0] for name in report.differences] == ["recording"]
    assert not report.is_kept
    assert digest(postgres_catalog, damaged) == before


def test_a_replay_that_is_accepted_repairs(postgres_catalog, admin_engine, damaged):
    report = replay(admin_engine, damaged, accept=True)

    assert report.is_kept
    assert digest(postgres_catalog, damaged)[1] == report.exact_after
    assert replay(admin_engine, damaged).is_exact


def test_a_replay_announces_nothing(postgres_catalog, admin_engine, damaged):
    postgres_catalog.drain(damaged, [].extend)

    replay(admin_engine, damaged, accept=True)

    assert postgres_catalog.drain(damaged, [].extend) == 0
