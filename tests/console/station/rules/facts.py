"""Facts for the rules: no database, no socket, no clock but the numbers given here."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from console.station import dc09
from console.station.codes import kind
from console.station.rules.alarm import Alarm, Hand
from console.station.rules.places import SiteFacts
from console.station.rules.profile import DEFAULT_PROFILE
from console.station.rules.routing import Routed, Router, SignalFacts
from models.records import AlarmClass, AlarmState, Event
from tests.frames import cid, sia

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
CLAES = Hand("claes", "M. Claes", "WS1")
DUBOIS = Hand("dubois", "L. Dubois", "WS2")
SITE = SiteFacts(
    "S1",
    area_names={"1": "Hall", "2": "Office"},
    zone_names={("1", "7"): "PIR dock", ("1", "9"): "Door dock 3", ("2", "11"): "Smoke"},
)


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def alarm(state: AlarmState = AlarmState.WAITING, **changes: Any) -> Alarm:
    """An intrusion of Medium priority at S1, as it is after its first signal, in any state."""
    made = Alarm(
        id="A-1",
        version=1,
        matter="S1:intrusion",
        site="S1",
        account="1001",
        alarm_class=AlarmClass.INTRUSION,
        kind="intrusion",
        words="Intrusion",
        place="Hall / 07 PIR dock",
        zones=(),
        priority=3,
        life_safety=False,
        silent=False,
        state=state,
        incident="A-1",
        opened_at=NOW,
        clock_from=NOW,
        last_signal_at=NOW,
        last_signal_words="Intrusion",
        last_seq=1,
        unseen=0 if state is AlarmState.HELD else 1,
    )
    if state is AlarmState.HELD:
        made = replace(
            made, holder="claes", holder_name="M. Claes", workstation="WS1", held_since=NOW, last_act_at=NOW, seen_seq=1
        )
    if state is AlarmState.PARKED:
        made = replace(made, parked_until=later(60), parked_by="M. Claes", park_reason="patrol on its way", unseen=0)
    if state is AlarmState.CLOSED:
        made = replace(made, closed_at=NOW, closed_by="M. Claes")
    return replace(made, **changes)


def events(packet: str, token: str = "SIA-DCS") -> tuple[Event, ...]:
    """What a panel's packet says."""
    build = cid if token == "ADM-CID" else sia
    opened, wrong = dc09.inspect(build("1001", 1, packet))
    assert opened is not None
    assert not wrong
    return dc09.decode_events(opened)


class Desk:
    """One site's open alarms, and signals routed over them one after the other."""

    def __init__(self, *open_alarms: Alarm, site: SiteFacts = SITE) -> None:
        self.site = site
        self.open = {one.matter: one for one in open_alarms}
        self.closed: list[Alarm] = []
        self._seq = count(10)
        self._ids = count(2)

    def signal(self, packet: str, at: float = 0, *, token: str = "SIA-DCS", **facts: Any) -> Routed:
        """Route a signal and keep what it did."""
        signal = SignalFacts(
            seq=next(self._seq),
            account="1001",
            received_at=later(at),
            panel_time=None,
            events=events(packet, token),
            **facts,
        )
        routed = Router(
            signal,
            self.site,
            self.open,
            kind_of=kind,
            new_id=lambda: f"A-{next(self._ids)}",
            profile=DEFAULT_PROFILE,
        ).route()
        for changed in routed.alarms.values():
            if changed.state is AlarmState.CLOSED:
                self.closed.append(changed)
                del self.open[changed.matter]
            else:
                self.open[changed.matter] = changed
        return routed

    def one(self) -> Alarm:
        """The only open alarm."""
        [found] = self.open.values()
        return found
