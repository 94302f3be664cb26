"""Worker processes that die: every piece all the same, once; or a plain word that it can't be done."""

from __future__ import annotations

import multiprocessing
import os

import pytest
from dying import HalfSent, Raises, Squares

from sim.errors import RunError
from sim.montecarlo.runners import Runner, computed

pytestmark = pytest.mark.slow

pytestmark = pytest.mark.skipif(os.name == "nt", reason="kills with a signal")


def test_the_pieces_of_a_dead_worker_are_computed_by_others(tmp_path):
    found = list(computed(Squares(tmp_path, deadly=(3,)), range(12), 2))
    assert sorted(k for k, _ in found) == list(range(12))
    assert all(squares == [k * k] * 20_000 for k, squares in found)
    assert not multiprocessing.active_children()


@pytest.mark.slow
def test_a_piece_that_kills_every_worker_ends_in_a_plain_word(tmp_path):
    found = []
    with pytest.raises(RunError, match=r"3 worker processes in a row died \(killed, most likely for want of memory"):
        found.extend(computed(Squares(tmp_path, deadly=(3,), always=True), range(6), 2))
    assert not multiprocessing.active_children()


@pytest.mark.slow
def test_many_workers_die(tmp_path):
    found = list(computed(Squares(tmp_path, deadly=(0, 1, 5, 9, 11)), range(12), 2))
    assert sorted(k for k, _ in found) == list(range(12))


@pytest.mark.slow
def test_a_worker_that_dies_in_the_middle_of_a_result(tmp_path):
    found = dict(computed(HalfSent(tmp_path), range(4), 2))
    assert len(found[1]) == 200_000_000 and sorted(found) == [0, 1, 2, 3]


@pytest.mark.parametrize("where", [Runner("serial"), Runner("processes", 2)], ids=lambda r: r.name)
def test_what_a_piece_raises_is_raised_here(where):
    with pytest.raises(ValueError, match="two is too many"):
        list(computed(Raises(), range(4), where))
    assert not multiprocessing.active_children()


def test_who_stops_listening_leaves_no_workers(tmp_path):
    some = computed(Squares(tmp_path), range(50), 2)
    next(some)
    some.close()
    assert not multiprocessing.active_children()
