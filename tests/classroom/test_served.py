"""The server as a client that knows nothing of it meets it, over a socket: what is refused, what is never told."""

from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest

from sim.classroom.hall import Hall
from sim.classroom.hosts import address, ours, risk
from sim.classroom.limits import Rate
from sim.classroom.room import Room
from sim.classroom.server import listen, serving
from sim.cli.main import main
from sim.scenario.loader import load, loads
from sim.seat.game import Game

pytest.importorskip("uvicorn", reason="needs the extra `class`")
pytest.importorskip("starlette", reason="needs the extra `class`")

TOKEN = "unguessable-in-earnest"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@contextmanager
def at(hall: Hall, limited: bool = True):
    """The port that it is served on, meanwhile."""
    with serving(hall, TOKEN) as (served, where):
        if not limited:
            served.config.app.limits.allows = lambda key, rate: True
        yield int(where.split(":")[2].split("/")[0])


def of_veto(scenarios: Path, folder: Path) -> Hall:
    game = Game(load(scenarios / "teaching" / "veto.yaml"), ("A", "C"))
    return Hall(Room(game), folder / "game.json")


@pytest.fixture
def veto(scenarios, tmp_path, monkeypatch):
    """A client of a game that has just been opened."""
    monkeypatch.setattr(Hall, "_conclude", lambda self: None)
    hall = of_veto(scenarios, tmp_path)
    with at(hall) as port:
        yield Client(port, hall)


@pytest.fixture(scope="module")
def patient(scenarios, tmp_path_factory):
    """The port of one that takes any number of requests, and its hall."""
    hall = of_veto(scenarios, tmp_path_factory.mktemp("patient"))
    with at(hall, limited=False) as port:
        yield port, hall


@pytest.fixture
def client(patient):
    """A new browser at that one, at which nobody holds a seat."""
    patient[1].room = Room(patient[1].room.game)
    return Client(*patient)


class Client:
    """A browser of a kind: keeps its cookie, says where its forms come from."""

    def __init__(self, port: int, hall: Hall):
        self.port, self.hall, self.cookie = port, hall, ""

    def another(self) -> Client:
        return Client(self.port, self.hall)

    def ask(self, method: str, path: str, body: str | None = None, **headers: str) -> http.client.HTTPResponse:
        asked = {"Host": f"127.0.0.1:{self.port}", **{k.replace("_", "-"): v for k, v in headers.items()}}
        asked |= {"Cookie": self.cookie} if self.cookie else {}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, body, asked)
        answer = connection.getresponse()
        answer.text = answer.read().decode()
        self.cookie = (answer.headers.get("set-cookie") or self.cookie).split(";")[0]
        connection.close()
        return answer

    def get(self, path: str = "") -> http.client.HTTPResponse:
        return self.ask("GET", f"/{TOKEN}/{path}")

    def do(self, act: str, **form: str) -> http.client.HTTPResponse:
        origin = f"http://127.0.0.1:{self.port}"
        return self.ask("POST", f"/{TOKEN}/{act}", urlencode(form), Origin=origin, **FORM)


@pytest.mark.parametrize(
    "path",
    ["/", "/favicon.ico", "/robots.txt", "/x/", f"/{TOKEN[:-1]}/", f"/{TOKEN}x/", f"//{TOKEN}/", f"/?{TOKEN}", "/%00/"],
)
def test_without_the_token_there_is_nothing(client, path):
    for method in ("GET", "POST", "HEAD", "OPTIONS", "PUT"):
        answer = client.ask(method, path, Origin=f"http://127.0.0.1:{client.port}")
        assert answer.status == 404 and answer.text in ("", "There is nothing here.\n")
        assert answer.headers.get("set-cookie") is None and TOKEN not in str(answer.headers)


@pytest.mark.parametrize(
    "path", ["../../etc/passwd", "%2e%2e/%2e%2e/etc/passwd", "page/room.html", "room.js/x", "..%5c"]
)
def test_with_it_there_is_only_the_game(client, path):
    answer = client.get(path)
    assert answer.status in (404, 405) and "root:" not in answer.text and "{%" not in answer.text


def test_every_answer_keeps_to_itself(client):
    for answer in (client.get(), client.get("turn"), client.get("room.js"), client.ask("GET", "/"), client.do("start")):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "http" not in policy
        assert answer.headers["cache-control"] == "no-store" and answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin" and "server" not in answer.headers
    assert "HttpOnly" in client.another().get().headers["set-cookie"]


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "8.8.8.8:{port}", ""]
)
def test_a_name_that_was_made_to_point_here_is_refused(client, host):
    assert client.ask("GET", f"/{TOKEN}/", Host=host.format(port=client.port)).status == 403
    assert client.ask("GET", f"/{TOKEN}/", Host=f"localhost:{client.port}").status == 200


@pytest.mark.parametrize(
    "origin", [None, "null", "http://evil.example", "https://127.0.0.1:{port}", "http://127.0.0.1:1"]
)
def test_a_change_comes_from_its_own_page(client, origin):
    client.get()
    more = {} if origin is None else {"Origin": origin.format(port=client.port)}
    answer = client.ask("POST", f"/{TOKEN}/take", "seat=A", **FORM, **more)
    assert answer.status == 403 and client.hall.room.held == {}
    assert client.do("take", seat="A").status == 303 and len(client.hall.room.held) == 1


def test_nothing_is_changed_by_looking(client):
    client.get()
    answer = client.get("take?seat=A")
    assert (answer.status, answer.headers["location"]) == (303, "./") and client.hall.room.held == {}
    assert client.get("nonsense").status == 404
    assert (
        client.another().do("take", seat="A").status == 303 and client.hall.room.held == {}
    )  # a browser that never looked


def test_bodies_are_small_and_are_forms(client):
    client.get()
    origin = {"Origin": f"http://127.0.0.1:{client.port}"}
    path = f"/{TOKEN}/take"
    assert client.ask("POST", path, "seat=" + "A" * 5000, **FORM, **origin).status == 413
    assert client.ask("POST", path, '{"seat": "A"}', Content_Type="application/json", **origin).status == 415
    assert client.ask("POST", path, b"seat=\xff\xfe", **FORM, **origin).status == 400
    assert client.ask("POST", path, "&".join(f"f{k}=1" for k in range(50)), **FORM, **origin).status == 400
    assert client.do("take", seat="nobody").status == 409 and client.do("nonsense").status == 404
    assert client.hall.room.held == {}


def test_too_much_is_answered_with_a_429_and_others_go_on(veto):
    other = veto.another()
    other.get()
    veto.get()
    assert 429 in {veto.get("turn").status for _ in range(60)}
    assert other.get("turn").status == 200
    time.sleep(1)
    assert veto.get("turn").status == 200
    assert 429 in {other.do("leave").status for _ in range(20)}
    assert 429 in {veto.ask("GET", "/guess").status for _ in range(40)} and other.get("turn").status == 200


@pytest.mark.parametrize("bucket", ["SERVER", "ADDRESS"])
def test_however_many_look_on_who_plays_is_answered(veto, monkeypatch, bucket):
    monkeypatch.setattr(f"sim.classroom.guard.{bucket}", Rate(0.01, 12))
    veto.get()
    veto.do("take", seat="A")
    crowd = [veto.another() for _ in range(12)]
    assert 429 in {c.get().status for c in crowd}
    assert [veto.get().status, veto.get("turn").status, veto.do("start").status] == [200, 200, 303]


def hung_up(connection: socket.socket) -> bool:
    """Whether the other side ends it, within a second."""
    connection.settimeout(1)
    try:
        while connection.recv(4096):
            pass
        return True
    except TimeoutError:
        return False
    except ConnectionError:
        return True


def beginning(port: int, *lines: str) -> bytes:
    return "\r\n".join((f"POST /{TOKEN}/take HTTP/1.1", f"Host: 127.0.0.1:{port}", *lines)).encode()


def test_who_sends_no_whole_request_is_hung_up_on(client, monkeypatch):
    """Nothing at all, half a head, half a body, or half of a second request; one that is answered slowly is not."""
    monkeypatch.setattr("sim.classroom.connection.PATIENCE", 0.3)
    port = client.port
    form = ("Content-Type: application/x-www-form-urlencoded", f"Origin: http://127.0.0.1:{port}", "Content-Length: 9")
    second = f"GET /{TOKEN}/turn HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\nGET /".encode()
    for sent in (b"", beginning(port), beginning(port, *form, "", "seat"), second):
        with socket.create_connection(("127.0.0.1", port)) as slow:
            slow.sendall(sent)
            assert hung_up(slow), sent
    shown = "sim.classroom.pages.page"
    monkeypatch.setattr(shown, lambda *args: time.sleep(0.8) or "late")
    assert client.get().text == "late"


def test_idle_connections_make_room_for_who_comes(client, monkeypatch):
    monkeypatch.setattr("sim.classroom.connection.MOST", 5)
    idle = [socket.create_connection(("127.0.0.1", client.port)) for _ in range(20)]
    assert client.get().status == 200
    assert all(hung_up(connection) for connection in idle[:15])
    for connection in idle:
        connection.close()


def test_a_form_that_breaks_off_is_no_traceback(client, caplog):
    client.get()
    with socket.create_connection(("127.0.0.1", client.port)) as gone:
        form = (f"Origin: http://127.0.0.1:{client.port}", "Content-Type: application/x-www-form-urlencoded")
        gone.sendall(beginning(client.port, *form, "Content-Length: 9", "", "seat"))
        time.sleep(0.05)
    time.sleep(0.1)
    assert client.get().status == 200 and not caplog.records


def test_a_game_of_two_browsers_and_one_that_looks_on(veto):
    a, c, third = veto, veto.another(), veto.another()
    for client, seat in ((a, "A"), (c, "C")):
        client.get()
        assert client.do("take", seat=seat).status == 303
    third.get()
    third.do("start")
    assert not a.hall.room.started
    a.do("start")
    secrets = ("+0.200", "The model would")
    assert all(s in a.get().text for s in secrets)
    for client in (c, third, veto.another()):
        seen = client.get().text + client.get("turn").text
        assert not any(s in seen for s in secrets) and "A decides" in seen
        client.do("decide", number="0", choice="0")
        client.do("decide", number="0", choice="nothing")
    assert a.hall.room.game.decisions == ()
    before = c.get("turn").text
    wanted = next(k for k, p in enumerate(a.hall.room.question.menu.packages) if p == {"goods": "fuel"})
    assert a.do("decide", number="0", choice="x").status == 409
    assert a.do("decide", number="0", choice=str(wanted)).status == 303
    assert c.get("turn").text != before and "Let it pass" in c.get().text and "Let it pass" not in a.get().text
    c.do("decide", number="1", choice="yes")
    assert a.hall.room.ended and "played to its end" in third.get().text


@pytest.mark.parametrize("look", [lambda c: c.get(), lambda c: c.get("turn"), lambda c: c.do("start")])
def test_any_sign_of_a_browser_frees_the_seats_of_those_that_give_none(client, look):
    other = client.another()
    for browser, seat in ((client, "A"), (other, "C")):
        browser.get()
        browser.do("take", seat=seat)
    away = client.hall.room.held["A"]
    client.hall.heard[away] -= client.hall.away + 10
    look(other)
    assert list(client.hall.room.held) == ["C"]


def test_a_second_click_on_take_back_takes_nothing_more_back(scenarios, tmp_path):
    game = Game(load(scenarios / "teaching" / "split_the_dollar.yaml"), ("A",))
    with at(Hall(Room(game), tmp_path / "game.json")) as port:
        client = Client(port, None)
        client.get()
        client.do("take", seat="A")
        client.do("start")
        for number, choice in (("0", "nothing"), ("1", "no")):
            client.do("decide", number=number, choice=choice)
        form = client.get().text.split('action="undo"')[1].split("</form>")[0]
        assert 'name="number" value="2"' in form
        for _ in range(2):
            assert client.do("undo", number="2").status == 303
        assert 'name="number" value="1"' in client.get().text


def test_hostile_texts_are_texts(tmp_path):
    words = "<script>document.title='no'</script>\\\" onfocus='alert(1)' autofocus"
    text = f"""\
title: "{words}"
question: "{words}"
assumption: "{words}"
horizon: 2
actors: {{A: {{discount: 0.9, name: "{words}"}}, B: {{discount: 0.9, name: "{words}"}}}}
issues: {{bridge: {{levels: {{none: 0, stone: 1}}, start: none}}}}
interests:
  A: [{{term: t, form: linear, of: bridge, weight: 1}}]
  B: [{{term: t, form: linear, of: bridge, weight: 1}}]
tables: {{council: {{parties: [A, B], protocol: {{alternating_offers: {{first: A}}}}, agenda: [bridge]}}}}
"""
    hall = Hall(Room(Game(loads(text), ("A", "B"))), tmp_path / "game.json")
    with at(hall) as port:
        client = Client(port, hall)
        seen = [client.get().text]
        client.do("take", seat="A")
        client.do("start")
        seen += [client.get().text, client.another().get().text]
    for page in seen:
        assert page.count("<script") == 1 and "<script src=" in page and "onfocus='" not in page


def test_whoever_is_asked_for_by_name_or_number():
    assert ours("localhost:80", "127.0.0.1", 80) and ours("[::1]:8", "::1", 8) and ours("127.0.0.1", "127.0.0.1", 80)
    assert ours("localhost", "127.0.0.1", 80) and ours("Class.local", "class.local", 80)
    assert ours("10.0.0.7:8", "0.0.0.0", 8) and ours("class.local:8", "class.local", 8)
    for asked in (
        "evil.example:8",
        "10.0.0.7:9",
        "user@10.0.0.7:8",
        "10.0.0.7:8x",
        "class.local:8",
        "localhost",
        "localhost:8/x",
    ):
        assert not ours(asked, "0.0.0.0", 8)
    assert address("t", "::1", 8) == "http://[::1]:8/t/" and address("t", "0.0.0.0", 8) == "http://127.0.0.1:8/t/"
    assert risk("127.0.0.1") == risk("::1") == risk("localhost") == "" and "unencrypted" in risk("0.0.0.0")


def test_mistakes_are_messages(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    taken = listen("127.0.0.1", 0)
    port = str(taken.getsockname()[1])
    for words, told in (
        (("--port", "80"), "--host, --port, --open and --away go with --web"),
        (("--web", "--json"), "doesn't go with --web"),
        (("--web", "--away", "5"), "x>=15"),  # a page that has lost the network asks again after 5 s
        (("--web", "--port", port), f"can't listen on 127.0.0.1, port {port}"),
        (("--web", "--host", "no.such.host.invalid"), "can't listen on no.such.host.invalid"),
    ):
        with pytest.raises(SystemExit) as stopped:
            main(["play", "veto", "--as", "A", *words])
        assert stopped.value.code == 2 and told in capsys.readouterr().err
    taken.close()
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    with pytest.raises(SystemExit) as stopped:
        main(["play", "veto", "--as", "A", "--web"])
    assert stopped.value.code == 2 and "pip install 'detente[class]'" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C can't be sent to one process there")
def test_ctrl_c_ends_it_and_the_record_is_there(tmp_path):
    """In a process of its own: the address is printed, a decision is made, and the same command goes on."""
    call = [sys.executable, "-u", "-c", "from sim.cli.main import main; main()"]
    words = ["play", "split_the_dollar", "--as", "A", "--web", "--host", "127.0.0.1", "--record", "game.json"]
    process = subprocess.Popen(
        [*call, *words], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )
    assert process.stdout is not None
    where = process.stdout.readline().split()[-1]
    _, _, host, token, _ = where.split("/")
    assert host.startswith("127.0.0.1:") and len(token) >= 32
    client = Client(int(host.split(":")[1]), None)
    path, origin = f"/{token}/", {"Origin": f"http://{host}"}
    client.ask("GET", path)
    for act, form in (("take", "seat=A"), ("start", ""), ("decide", "number=0&choice=nothing")):
        assert client.ask("POST", path + act, form, **FORM, **origin).status == 303
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130 and "go on with: detente play game.json --web" in err
    assert "Traceback" not in out + err and token not in Path(tmp_path / "game.json").read_text()
    from sim.seat.record import read

    assert read(tmp_path / "game.json")[0].decisions[0] is None
