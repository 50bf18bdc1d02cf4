"""Whole-site test on and off (F1, F3, F5, G5). Scopes of a part come later."""

from __future__ import annotations

from sqlalchemy import delete, insert

from console.station.acts.caller import Caller
from console.station.rules.refusal import Refused
from console.station.rules.rights import Right, require
from console.station.store import hours, outages
from console.station.store import sites as site_store
from console.station.store.ledger import Ledger
from models.records import ErrorCode
from models.tables import SiteTestRow


def put_in_test(ledger: Ledger, caller: Caller, site: str, asked_by: str, why: str) -> None:
    """Put a whole site in test; who asked and why are required, since when and by whom are the station's."""
    name = _allowed(ledger, caller, site)
    for field, value, sentence in (
        ("asked_by", asked_by, "Say who asked for the test."),
        ("why", why, "A test needs a reason."),
    ):
        if not value.strip():
            raise Refused(ErrorCode.INVALID, sentence, field)
    running = site_store.in_test(ledger.connection, [site]).get(site)
    if running is not None:
        raise Refused(ErrorCode.WRONG_STATE, f"{name} is in test already, set by {running.by}.")
    ledger.connection.execute(
        insert(SiteTestRow).values(
            site=site,
            since=ledger.now,
            by=caller.name,
            asked_by=asked_by.strip(),
            channel=f"console, {caller.workstation}",
            why=why.strip(),
            whole=1,
            signals=0,
        )
    )
    ledger.append(
        "test-on",
        caller.actor,
        f"In test, whole site · asked by {asked_by.strip()} · {why.strip()}",
        site=site,
        in_test=True,
        data={"asked_by": asked_by.strip(), "why": why.strip(), "whole": True},
    )


def take_out_of_test(ledger: Ledger, caller: Caller, site: str, why: str) -> None:
    """Take a site out of test."""
    name = _allowed(ledger, caller, site)
    running = site_store.in_test(ledger.connection, [site]).get(site)
    if running is None:
        raise Refused(ErrorCode.WRONG_STATE, f"{name} is not in test.")
    ledger.connection.execute(delete(SiteTestRow).where(SiteTestRow.site == site))
    # A link that was lost in test was presented nowhere: its silence counts anew from now.
    outages.supervise_anew(ledger.connection, site, running.since)
    hours.supervise_anew(ledger.connection, site, running.since, ledger.now)
    minutes = int((ledger.now - running.since).total_seconds() // 60)
    ledger.append(
        "test-off",
        caller.actor,
        f"Out of test after {minutes} min, {running.signals} signals" + (f" · {why.strip()}" if why.strip() else ""),
        site=site,
        data={"since": running.since.isoformat(), "by": running.by, "signals": running.signals, "why": why.strip()},
    )


def _allowed(ledger: Ledger, caller: Caller, site: str) -> str:
    require(caller.roles, Right.WHOLE_TEST)
    ref = site_store.refs(ledger.connection, [site]).get(site)
    if ref is None:
        raise Refused(ErrorCode.NOT_FOUND, f"There is no site {site}.", "site")
    return ref.name
