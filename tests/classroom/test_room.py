"""Who holds which seat: the room apart from any server, and what its pages let a browser see."""

from __future__ import annotations

import json
import re

import pytest

from sim.classroom.hall import MOST, Hall
from sim.classroom.limits import Limits, Rate
from sim.classroom.pages import page, shown
from sim.classroom.room import Room, chosen
from sim.errors import UserError
from sim.scenario.loader import load
from sim.seat.game import Ended, Game
from sim.seat.record import read, replay
from sim.simulate import simulate


@pytest.fixture
def room(scenarios):
    """room(name of a teaching scenario, seats): nobody has a seat yet."""

    def of(name: str = "veto", seats: tuple[str, ...] = ("A", "C")) -> Room:
        return Room(Game(load(scenarios / "teaching" / f"{name}.yaml"), seats))

    return of


@pytest.fixture
def hall(room, tmp_path):
    """A hall whose clock stands until it is set on by `later`."""

    def of(name: str = "veto", seats: tuple[str, ...] = ("A", "C"), **more) -> Hall:
        return Hall(room(name, seats), tmp_path / "game.json", away=60, clock=Clock(), **more)

    return of


class Clock:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def later(hall: Hall, seconds: float) -> None:
    hall.clock.seconds += seconds


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html.split("</style>")[1]).split())


def test_seats_that_nobody_took_are_played_as_the_model_plays_them(room):
    """Once somebody presses start, and not before."""
    lobby = room().take("one", "A")
    assert lobby.question is None and lobby.game.decisions == ()
    begun = lobby.start("one")
    assert begun.asked("one").seat == "A" and begun.asked("two") is None
    ended = begun.decide("one", 0, begun.question.hint)
    assert ended.ended and ended.game.stood_in == {1}
    plain = simulate(ended.game.loaded.scenario, ended.game.draws())
    assert {k: v.tobytes() for k, v in plain.items()} == {k: v.tobytes() for k, v in ended.game.state.columns.items()}


def test_nobody_decides_for_another_browser(room):
    begun = room().take("one", "A").take("two", "C").start("two")
    for act in ("decide", "wait", "face"):
        more = ({"goods": "fuel"},) if act == "decide" else ()
        assert getattr(begun, act)("two", 0, *more) is begun
    assert begun.undo("two", 0) is begun
    moved = begun.decide("one", 0, {"goods": "fuel"})
    assert moved.asked("two").kind == "consent" and moved.asked("one") is None
    assert moved.decide("one", 1, True) is moved
    assert moved.decide("two", 0, True) is moved  # a question that is decided already: a second click
    assert moved.decide("two", 1, False).game.decisions[:2] == ({"goods": "fuel"}, False)


def test_a_seat_is_held_by_one_browser_and_can_be_left_and_taken_again(room):
    begun = room().take("one", "A").take("two", "C").start("one")
    with pytest.raises(UserError, match="just taken"):
        begun.take("three", "A")
    with pytest.raises(UserError, match="no seat 'B'"):
        begun.take("three", "B")
    with pytest.raises(UserError, match="take a seat first"):
        room().start("one")
    gone = begun.leave({"one"})  # the model puts A's package, and C is asked
    assert gone.free() == ["A"] and gone.asked("two").kind == "consent" and gone.game.stood_in == {0}
    with pytest.raises(UserError, match="can't look into this one"):
        gone.take("two", "A")
    back = gone.take("three", "A")
    assert back.seats("three") == ["A"] and back.game is gone.game
    assert begun.leave({"four"}) is begun


def test_where_everybody_has_left_the_game_waits_until_it_is_started_again(room):
    """Whoever is back first doesn't have the model play for the others."""
    begun = room("split_the_dollar", ("A", "B")).take("one", "A").take("two", "B").start("one")
    left = begun.leave({"one", "two"})
    assert left.game is begun.game and not left.started
    first = left.take("two", "B")
    assert first.game is begun.game and first.asked("two") is None
    again = first.take("one", "A").start("two")
    assert again.game is begun.game and again.asked("one").number == 0
    assert first.start("two").asked("two").seat == "B"  # without A: the model has made its offer


def test_who_has_played_a_seat_cannot_look_into_another_by_leaving_it(room):
    begun = room("split_the_dollar", ("A", "B")).take("one", "A").take("two", "B").start("one")
    for left in (begun.leave({"one"}).leave({"two"}), begun.leave({"two"}).leave({"one"})):
        with pytest.raises(UserError, match="can't look into this one"):
            left.take("one", "B")
        assert left.take("one", "A").seats("one") == ["A"] and left.take("three", "B").seats("three") == ["B"]
    late = begun.leave({"two"}).take("three", "B").leave({"three", "one"})  # that seat was played in no lobby
    with pytest.raises(UserError, match="can't look into this one"):
        late.take("three", "A")


def test_a_seat_that_was_only_chosen_can_be_changed_before_the_start(room):
    begun = room().take("one", "A").leave({"one"}).take("one", "C").start("one")
    assert begun.seats("one") == ["C"]


def test_who_played_together_at_one_screen_may_sit_down_there_again(room):
    begun = room("split_the_dollar", ("A", "B")).take("one", "A").take("one", "B").start("one")
    assert begun.leave({"one"}).take("one", "B").take("one", "A").seats("one") == ["A", "B"]


def test_a_decision_is_taken_back_by_who_made_it(room):
    """Not by who is left alone with it."""
    begun = room("split_the_dollar", ("A", "B")).take("one", "A").take("two", "B").start("one")
    moved = begun.decide("one", 0, None)
    alone = moved.leave({"one"})
    assert alone.asked("two") is not None and not alone.may_undo("two")
    assert alone.undo("two", alone.question.number) is alone
    waited = begun.wait("one", 0).leave({"one"})
    assert not waited.may_undo("two")
    assert alone.decide("two", 1, None).may_undo("two")
    before = Room(moved.game).take("two", "B").start("two")  # a record gone on with: nobody knows whose it was
    assert before.may_undo("two")


def test_undo_twice_in_one_go_takes_one_decision_back(room):
    begun = room("split_the_dollar", ("A",)).take("one", "A").start("one")
    twice = begun.decide("one", 0, None).decide("one", 1, False)
    again = twice.undo("one", 2)
    assert again.game.decisions == (None,) and again.undo("one", 2) is again


def test_undo_is_for_who_plays_alone(room):
    begun = room("split_the_dollar", ("A", "B")).take("one", "A").start("one")
    assert not begun.may_undo("one")
    moved = begun.decide("one", 0, None)  # nothing: the model, in B's seat, makes an offer that A may answer
    assert moved.may_undo("one") and not moved.may_undo("two") and len(moved.game.stood_in) >= 1
    again = moved.undo("one", moved.question.number)
    assert again.game == begun.game and again.moves > moved.moves
    assert not moved.take("two", "B").may_undo("one")


def test_who_waits_decides_for_nobody_else(room):
    begun = room("split_the_dollar", ("A", "B")).take("one", "A").take("two", "B").start("one")
    waited = begun.wait("one", 0)
    assert waited.game.decisions == (None,) and waited.asked("two").number == 1


def test_one_screen_is_passed_from_seat_to_seat(room):
    begun = room().take("one", "A").take("one", "C").start("one")
    assert begun.passing("one")
    mine = begun.face("one", 0)
    assert not mine.passing("one")
    assert mine.decide("one", 0, {"goods": "fuel"}).passing("one")


def test_nothing_moves_under_the_hands_of_who_decides(room):
    begun = room("veto", ("A", "B", "C")).take("one", "A").take("two", "C").start("one")
    more = begun.take("three", "B")
    assert more.stamp("one") == begun.stamp("one") and more.stamp("two") != begun.stamp("two")
    moved = more.decide("one", 0, {"goods": "fuel"})
    assert all(moved.stamp(b) != more.stamp(b) for b in ("one", "two", "four"))


def test_a_decision_is_read_as_the_page_names_it(room):
    game = room().game
    put, consent = game.state, game.decide({"goods": "fuel"}).state
    assert chosen(put, "0") == put.menu.packages[0] and chosen(put, "nothing") is None
    assert chosen(consent, "yes") is True and chosen(consent, "no") is False
    for question, wrong in ((put, "yes"), (put, "99"), (put, "-1"), (put, "9" * 5000), (consent, "0"), (consent, None)):
        with pytest.raises(UserError, match="can't be decided here"):
            chosen(question, wrong)


def test_what_a_seat_knows_is_shown_to_its_browser_alone(hall):
    """While A is asked: its worth, hint and role; C, and whoever looks on, see nothing of it, and no role but C's."""
    played = hall()
    for seat, browser in (("A", "one"), ("C", "two")):
        played.change(lambda room, seat=seat, browser=browser: room.take(browser, seat))
    played.change(lambda room: room.start("one"))
    mine, other, nobody = (text(page(played, b, {})) for b in ("one", "two", "three"))
    assert "+0.200" in mine and "The model would put goods fuel." in mine and "You are A." in mine
    for seen in (other, nobody):
        assert not re.search(r"[+-]\d\.\d{3}", seen.replace(other.split("Your role")[-1].split("Seats")[0], ""))
        assert "You are A" not in seen and "would put" not in seen and "package" not in seen
    assert "You are C." in other and "You are" not in nobody and shown(played, "two")[0] == "wait"


def test_which_world_it_is_stands_on_the_page_at_the_end_only(hall, monkeypatch):
    """Before, it would tell everyone's secrets to who asks `detente explain`."""
    monkeypatch.setattr(Hall, "_conclude", lambda self: None)
    played = hall("veto", ("A",))
    seen = [page(played, "one", {})]
    for change in (lambda room: room.take("one", "A"), lambda room: room.start("one")):
        played.change(change)
        seen += [page(played, "one", {}), page(played, "two", {})]
    assert not any("seed" in text(s).lower() or "world 0" in text(s) for s in seen)
    played.change(lambda room: room.decide("one", 0, {"goods": "fuel"}))
    assert "Seed 1, world 0." in text(page(played, "two", {}))


def test_hard_hides_what_anything_is_worth(hall):
    played = hall(hard=True)
    played.change(lambda room: room.take("one", "A").start("one"))
    seen = text(page(played, "one", {}))
    assert "Put this" in seen and "worth" not in seen.lower().replace("why", "").split("your role")[0]


def test_packages_are_filtered_and_listed_on(hall):
    played = hall("split_the_dollar", ("A",))
    played.change(lambda room: room.take("one", "A").start("one"))
    first = page(played, "one", {})
    assert first.count("Put this") == 8 and "List more" in first
    assert page(played, "one", {"shown": "16"}).count("Put this") == 16
    assert page(played, "one", {"shown": "999999999"}).count("Put this") == 8
    assert page(played, "one", {"shown": "99999"}).count("Put this") == 96
    q = played.room.question
    one, field = q.menu.packages[3]["share"], f"level{list(q.now).index('share')}"
    few = page(played, "one", {field: one})
    assert few.count("Put this") == 1 and f'value="{one}" selected' in few
    assert page(played, "one", {field: "<script>"}).count("Put this") == 8


def test_what_has_been_silent_for_too_long_is_taken_over(hall):
    played = hall()
    assert played.hear("one") and played.hear("two")
    played.change(lambda room: room.take("one", "A").take("two", "C").start("one"))
    for _ in range(20):
        assert played.left() == set()
        later(played, 3)
        played.hear("two")
    later(played, 1)
    played.hear("two")
    assert played.left() == {"one"}
    played.change(lambda room: room.leave(played.left()))
    assert played.room.asked("two").kind == "consent" and played.room.free() == ["A"]


def test_a_network_that_is_down_takes_nobody_s_seat(hall):
    """Whoever is heard of first after it doesn't play on alone."""
    played = hall()
    assert played.hear("one") and played.hear("two")
    played.change(lambda room: room.take("one", "A").take("two", "C").start("one"))
    later(played, 3600)
    for _ in range(3):
        played.hear("two")
        later(played, 2)
        assert played.left() == set()
    played.hear("one")
    assert played.left() == set()


def test_browsers_are_so_many_and_old_ones_make_room(hall):
    played = hall()
    assert all(played.hear(f"b{k}") for k in range(MOST)) and not played.hear("late")
    played.change(lambda room: room.take("b0", "A"))
    for _ in range(13):
        later(played, 5)
        played.hear("b0")
    assert played.hear("late") and set(played.heard) == {"b0", "late"}


def test_the_record_is_that_of_the_terminal_and_says_what_the_model_decided(hall, monkeypatch):
    monkeypatch.setattr(Hall, "_conclude", lambda self: None)
    played = hall()
    played.change(lambda room: room.take("one", "A").start("one"))
    assert json.loads(played.path.read_text())["decisions"] == []
    played.change(lambda room: room.decide("one", 0, {"goods": "fuel"}))
    game, found = read(played.path)
    assert (game.decisions, game.stood_in) == (played.room.game.decisions, {1}) and found["finished"]
    marked = replay(played.path)
    assert marked["same"] and (marked["seats"]["A"]["decisions"], marked["seats"]["C"]["decisions"]) == (1, 0)


def test_a_record_that_cannot_be_written_ends_nothing(hall, tmp_path):
    played = hall()
    played.path = tmp_path / "game.json" / "under a file.json"
    played.change(lambda room: room.take("one", "A").start("one").decide("one", 0, None))
    assert played.trouble and "isn’t saved" in page(played, "one", {})


def test_two_that_play_one_record_do_not_overwrite_each_other(hall, room):
    said = []
    one, two = hall("split_the_dollar", ("A", "B")), hall("split_the_dollar", ("A", "B"), tell=said.append)
    for played in (one, two):
        played.change(lambda room: room.take("one", "A").take("two", "B").start("one"))
    one.change(lambda room: room.decide("one", 0, None))
    kept = one.path.read_text()
    for number, browser in ((0, "one"), (1, "two")):
        two.change(lambda room, n=number, b=browser: room.decide(b, n, None))
    assert one.path.read_text() == kept and not one.trouble
    assert "played elsewhere" in said[0] and "isn’t saved" in page(two, "one", {})
    one.path.unlink()  # who clears up the folder meanwhile
    one.change(lambda room: room.decide("two", 1, None))
    assert one.path.exists() and not one.trouble


def test_the_debrief_shows_every_seat(hall, monkeypatch):
    monkeypatch.setattr(Hall, "_conclude", lambda self: None)
    monkeypatch.setattr("sim.report.style.save", lambda figure, folder, name: [])
    played = hall()
    played.change(lambda room: room.take("one", "A").start("one").decide("one", 0, {"goods": "fuel"}))
    assert isinstance(played.room.game.state, Ended) and "being computed" in page(played, "three", {})
    played._debrief()
    seen = page(played, "three", {})
    rows = re.findall(r"<th scope=\"row\">(.)</th><td class=\"num\">(\S+)</td>", seen)
    values = played.room.game.state.columns
    assert [(s, float(v.replace("−", "-"))) for s, v in rows] == [
        (s, pytest.approx(float(values[f"value.{s}"][0]))) for s in ("A", "C")
    ]
    assert "The model decided 1 time, while nobody held the seat." in seen and "<svg" in seen
    assert "A proposes goods fuel" in text(seen)


def test_a_debrief_that_cannot_be_computed_is_told(hall, monkeypatch):
    def fails(game):
        raise ZeroDivisionError("no worlds")

    monkeypatch.setattr("sim.seat.debrief.debrief", fails)
    monkeypatch.setattr(Hall, "_conclude", Hall._debriefed)
    said = []
    played = hall(tell=said.append)
    played.change(lambda room: room.take("one", "A").start("one").decide("one", 0, {"goods": "fuel"}))
    seen = page(played, "one", {})
    assert "ZeroDivisionError: no worlds" in said[0] and "can’t be computed" in seen and "being computed" not in seen


def test_a_bucket_gives_so_many_at_once_and_so_many_a_second():
    now = [0.0]
    limits, rate = Limits(lambda: now[0]), Rate(2, 5)
    assert [limits.allows("a", rate) for _ in range(7)] == [True] * 5 + [False] * 2
    assert limits.allows("b", rate)
    now[0] = 1.0
    assert [limits.allows("a", rate) for _ in range(3)] == [True, True, False]
    now[0] = 100.0
    assert sum(limits.allows("a", rate) for _ in range(9)) == 5
    for k in range(5000):
        limits.allows(k, rate)
    assert len(limits._left) <= 1000
