"""A duress word that was given on the telephone: the station presents it by itself, so that nobody has to remember."""

from __future__ import annotations

from console.station.acts.memory import Memory
from console.station.acts.received import Received
from console.station.acts.reception import Reception
from console.station.codes import kind
from console.station.rules.profile import Profile
from console.station.store import sites
from console.station.store.ledger import Ledger
from models.records import Event, EventRole


def by_phone(ledger: Ledger, profile: Profile, site: str, contact: str, name: str) -> None:
    """Open a duress alarm of ``site``, or join the one of life safety that runs: ``name`` speaks under threat.

    Always presented, in test as well (F5), and of a site without any system too (I4).
    """
    event = Event(
        code="",
        qualifier=None,
        area=None,
        # It concerns no zone, so that its words are the place as they stand.
        address=f"duress word by phone, {name}",
        concerns="condition",
        user=None,
        text=None,
        kind="duress",
        description="Duress word by phone",
        role=EventRole.ALARM,
    )
    account = sites.account_of(ledger.connection, site) or ""
    signal = Received.own(account, "duress-by-phone", event, ledger.now, {"contact": contact}, site)
    Reception(ledger, profile, kind, Memory()).receive([signal])
