"""A site in test, the whole way: a panel that is walked through over a real socket, and a console with keys alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from models.records import TestKind
from tests.end_to_end.consoles import PASSWORD, Desk, play, running, signal
from tests.frames import ack, cid, sia
from tests.programs import RunningStation, exported, vigie

ALT, SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
ZONES = range(1, 65)
HEAD = (
    "site,name,street,postcode,town,account,key_hex,clear_allowed,area,zone,zone_kind,contact,phone,order,code_word\n"
)
LINE = "S-9,Magazijn 12,Havenlaan 112,2030,Antwerpen,9009,,yes,{area},{zone} PIR,motion,K. Benali,+32400550137,1,tulp\n"


@pytest.fixture
def station(tmp_path: Path) -> Any:
    """A real station with a site of 64 zones in two areas, and one zone more in a third."""
    data, sites = tmp_path / "data", tmp_path / "sites.csv"
    lines = [LINE.format(area="1 Hal" if zone <= 32 else "2 Kantoor", zone=zone) for zone in ZONES]
    sites.write_text(HEAD + "".join(lines) + LINE.format(area="3 Koer", zone=99))
    for words in (("site", "import", str(sites)), ("operator", "add", "an", "--role", "operator")):
        done = vigie(*words[:2], "--data", str(data), *words[2:], stdin=PASSWORD + "\n")
        assert done.returncode == 0, done.stderr
    with RunningStation(data) as running_:
        yield running_


def test_F4_a_walk_through_64_zones_hides_nothing_that_is_outside_it(station: RunningStation) -> None:
    with httpx.Client(base_url=station.http, timeout=30, trust_env=False) as http:
        session = {"operator": "an", "password": PASSWORD, "workstation": "WS 01"}
        http.headers["Authorization"] = f"Bearer {asked(http, 'POST', '/v1/session', session)['token']}"
        scope = {"whole": False, "areas": ["1", "2"], "kinds": ["intrusion", "tamper"]}
        test = asked(http, "POST", "/v1/sites/S-9/tests", {"scope": scope, "why": "walk test"})
        with station.dial() as line:
            panel = Panel(line)
            for zone in ZONES:
                area = 1 if zone <= 32 else 2
                panel.tells(f"Nri{area}/BA{zone}")
                panel.tells(f"Nri{area}/BR{zone}")
                if zone == 20:
                    outside = panel.tells("Nri3/BA99")
                if zone == 40:
                    duress = panel.tells("1121 01 004", token="ADM-CID")
            detail = asked(http, "GET", f"/v1/tests/{test['id']}")
            assert (detail["seen"], detail["expected"]) == (64, 64)
            assert [place["name"] for place in detail["places"] if not place["seen"] or place["in_alarm"]] == []
            assert detail["test"]["signals"] == 128
            found = {alarm["words"]: alarm for alarm in asked(http, "GET", "/v1/picture")["alarms"]}
            assert set(found) == {"Intrusion", "Duress code"}
            assert found["Intrusion"]["place"] == "Koer / 99 PIR"

            asked(http, "POST", f"/v1/tests/{test['id']}/end", {})
            after = panel.tells("Nri1/BA01")
            alarms = asked(http, "GET", "/v1/picture")["alarms"]
            assert any("Hal" in alarm["place"] for alarm in alarms), "presented again at once"
    presented = {}
    entries = [entry for entry in exported(station.place) if entry["kind"] == "signal"]
    assert len(entries) == panel.sent == 131, "every signal is in the journal, once"
    for nth, entry in enumerate(entries, 1):
        assert entry["in_test"] != (entry["alarm"] is not None), (nth, entry["text"])
        if entry["alarm"] is not None:
            presented[nth] = entry["text"]
    assert list(presented) == [outside, duress, after]


class Panel:
    """Sends one signal after the other, and insists on the acknowledgement of each."""

    def __init__(self, line: Any) -> None:
        self._line, self.sent = line, 0

    def tells(self, packet: str, token: str = "SIA-DCS") -> int:
        """Send; which one it was, from 1."""
        self.sent += 1
        self._line.sendall((cid if token == "ADM-CID" else sia)("9009", self.sent, packet))
        assert self._line.recv(1000) == ack("9009", self.sent), packet
        return self.sent


def asked(http: httpx.Client, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """What the station answers; it must not refuse."""
    answer = http.request(method, path, json=body)
    assert answer.status_code == 200, (path, answer.text)
    return answer.json()


def test_G5_a_part_goes_in_and_out_of_test_by_keys_alone(app: QApplication, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running(data) as station:

        async def act() -> None:
            desk = Desk(station.http, "WS 01", tmp_path / "prefs")
            await desk.sign_in("an")
            window, known = desk.window, desk.link.link.known
            board = window.screens.tests
            board.folder = lambda: tmp_path / "papers"
            signal(station, "1001", 1, "Nri1/BA7")
            model = window.queue.widget.model
            await desk.until(lambda: known.waiting() and model.row_of(known.waiting()[0].id) is not None, "its row")

            desk.press(Qt.Key.Key_F7)
            await desk.until(lambda: window.queue.test.isVisible(), "the card in the queue")
            desk.press(Qt.Key.Key_P, ALT)
            card = board.widget.card
            places = card.scope.places
            await desk.until(
                lambda: window.at == "tests" and places.topLevelItemCount() > 0, "the card with its places"
            )
            await desk.until(places.hasFocus, "the places have the keys")
            # Winkel, then its first zone: 7 PIR winkel.
            desk.press(Qt.Key.Key_Down)
            desk.press(Qt.Key.Key_Space)
            await desk.until(lambda: "1 of 2 zones" in card._said.text(), "what is in test, in words")
            card.why.setFocus()
            desk.type("Melder vervangen")
            desk.press(Qt.Key.Key_Return)
            await desk.until(lambda: window.at == "queue" and "S-1" in known.tests, "in test, back at the queue")
            notice = window.frame.title.notice
            await desk.until(lambda: "1 open alarm of this site runs on" in notice.text(), "the open alarm is offered")

            signal(station, "1001", 2, "Nri1/BA8")
            await desk.until(lambda: known.waiting() and known.waiting()[0].signals > 1, "outside: it joins")
            desk.press(Qt.Key.Key_F4)
            await desk.until(lambda: board.widget.view.current() is not None, "the board")
            row = board.widget.view.current()
            assert row is not None
            assert row.cells[0][0] == "Bakkerij Peeters"
            assert row.cells[2][0].startswith("an")
            test = row.test
            assert test is not None
            assert set(test.scope.kinds).isdisjoint({TestKind.FIRE, TestKind.HOLD_UP, TestKind.MEDICAL})

            desk.press(Qt.Key.Key_F7, SHIFT)
            await desk.until(lambda: board.widget.asks() and card.why.hasFocus(), "asked before it is taken out")
            desk.press(Qt.Key.Key_Return)
            await desk.until(lambda: "S-1" not in known.tests, "out of test")
            desk.press(Qt.Key.Key_5, ALT)
            await desk.until(lambda: (r := board.widget.view.current()) is not None and r.over, "it is looked back at")
            desk.press(Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
            papers = tmp_path / "papers"
            await desk.until(lambda: papers.exists() and list(papers.glob("Test *.pdf")), "its report")
            await desk.close()

        play(app, act)
    told = [(entry["kind"], entry["actor"]["name"]) for entry in exported(data) if entry["kind"].startswith("test-o")]
    assert [kind for kind, _ in told] == ["test-on", "test-off"]
