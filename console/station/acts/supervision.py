"""Lost and restored links into the journal and the alarms: transitions alone, grouped where a provider fails."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from console.station.acts import storms
from console.station.acts.caller import STATION, Caller
from console.station.acts.memory import Memory
from console.station.acts.received import Received
from console.station.acts.reception import Reception
from console.station.codes import kind
from console.station.rules import outage, transitions
from console.station.rules.alarm import Alarm
from console.station.rules.profile import Profile
from console.station.rules.refusal import Refused
from console.station.rules.rights import Right, require
from console.station.rules.scope import Where, covering
from console.station.store import alarms as alarm_store
from console.station.store import outages, sites, testmode
from console.station.store.ledger import Ledger
from console.station.store.sites import SystemFacts
from models.records import ErrorCode, Event, EventRole, Priority


def tell(profile: Profile, lost: Collection[str], returned: Collection[str]) -> Callable[[Ledger], None]:
    """An act that journals which links were lost and which are back. What another station told is passed over."""

    def act(ledger: Ledger) -> None:
        known = sites.systems(ledger.connection, {*lost, *returned})
        told = _Telling(ledger, profile)
        told.back([known[a] for a in returned if a in known and known[a].link_lost_at is not None])
        told.lost([known[a] for a in lost if a in known and known[a].link_lost_at is None])

    return act


def limit_of(system: SystemFacts, profile: Profile) -> float | None:
    """The seconds of silence that are too many for a system; None where it is not supervised."""
    if system.interval_s is None or not system.in_service:
        return None
    return float(system.interval_s + (profile.link_margin_s if system.margin_s is None else system.margin_s))


def split_off(ledger: Ledger, caller: Caller, profile: Profile, alarm_id: str, account: str) -> Alarm:
    """Give one system of an outage a row of its own; its holder does, and it waits in the queue (06d)."""
    require(caller.roles, Right.HANDLE)
    alarm = alarm_store.by_id(ledger.connection, alarm_id)
    if alarm is None or alarm.kind != outage.KIND:
        raise Refused(ErrorCode.NOT_FOUND, f"There is no outage {alarm_id}.", "alarm")
    changed = transitions.act(alarm, caller.hand, ledger.now)
    found = outages.member(ledger.connection, alarm_id, account)
    system = sites.systems(ledger.connection, [account]).get(account)
    if found is None or found.back_at is not None or system is None:
        raise Refused(ErrorCode.NOT_FOUND, f"Account {account} is not off line in {alarm_id}.", "account")
    if _in_test(ledger.connection, [system], ledger.now):
        sentence = f"{found.site.name} is in test: a row of its own would be kept from the screens. End the test first."
        raise Refused(ErrorCode.WRONG_STATE, sentence, "account")
    outages.remove_member(ledger.connection, alarm_id, account)
    ledger.append(
        "split-off",
        caller.actor,
        f"{found.site.name} taken out of {alarm_id}, to a row of its own",
        site=system.site,
        account=account,
        alarm=alarm_id,
        priority=alarm.priority,
    )
    Reception(ledger, profile, kind, Memory()).receive([_link_signal(ledger, system, "link-lost", profile)])
    count = outages.count(ledger.connection, alarm_id)
    changed = outage.counted(changed, count, "Site taken out", ledger.head.seq, ledger.now)
    alarm_store.save(ledger.connection, [changed])
    return changed


def check(ledger: Ledger, caller: Caller, alarm_id: str, site: str, *, checked: bool) -> Alarm:
    """Note that a site of an outage without a second path was checked, or take that back; its holder does (06d, G2).

    It changes nothing of the outage itself: the site is off line until its panel is heard (I13).
    """
    require(caller.roles, Right.HANDLE)
    alarm = alarm_store.by_id(ledger.connection, alarm_id)
    if alarm is None or alarm.kind != outage.KIND:
        raise Refused(ErrorCode.NOT_FOUND, f"There is no outage {alarm_id}.", "alarm")
    changed = transitions.act(alarm, caller.hand, ledger.now)
    found = outages.to_check(ledger.connection, alarm_id, site)
    if not found:
        raise Refused(ErrorCode.NOT_FOUND, f"{site} is not off line in {alarm_id} without a second path.", "site")
    name = found[0].site.name
    before = next((member for member in found if member.checked_at is not None), None)
    if checked and all(member.checked_at is not None for member in found):
        raise Refused(ErrorCode.WRONG_STATE, f"{name} was checked already, by {found[0].checked_by}.", "site")
    if not checked and before is None:
        raise Refused(ErrorCode.WRONG_STATE, f"Nobody checked {name} since it fell silent.", "site")
    accounts = [member.account for member in found]
    outages.mark_checked(
        ledger.connection, alarm_id, accounts, ledger.now if checked else None, caller.actor.name if checked else ""
    )
    ledger.append(
        "site-checked" if checked else "check-taken-back",
        caller.actor,
        f"{name} checked: off line without a second path" if checked else f"{name} is to be checked again",
        site=site,
        account=accounts[0],
        alarm=alarm_id,
        priority=alarm.priority,
        data={"accounts": accounts},
    )
    alarm_store.save(ledger.connection, [changed])
    return changed


@dataclass(slots=True)
class _Telling:
    ledger: Ledger
    profile: Profile

    def back(self, systems: Sequence[SystemFacts]) -> None:
        """Links returned: they leave their outage, or restore the alarm of their site."""
        if not systems:
            return
        connection = self.ledger.connection
        outages.mark_lost(connection, [system.account for system in systems], None)
        by_account, grouped = {system.account: system for system in systems}, set()
        for alarm_id, accounts in outages.outages_of(connection, by_account).items():
            grouped.update(accounts)
            outages.members_back(connection, alarm_id, accounts, self.ledger.now)
            for account in accounts:
                self._note("link-restored", "Link restored", by_account[account], alarm_id)
            self._count(alarm_id, "Link restored")
        self._paths_changed(systems)
        own = [system for system in systems if system.account not in grouped]
        self._receive([_link_signal(self.ledger, system, "link-restored", self.profile) for system in own])

    def lost(self, systems: Sequence[SystemFacts]) -> None:
        """Links fell silent: into the open outage of their provider, into a new one, or each to its own site."""
        if not systems:
            return
        outages.mark_lost(self.ledger.connection, [system.account for system in systems], self.ledger.now)
        in_test = _in_test(self.ledger.connection, systems, self.ledger.now)
        # F4: what is in test is journaled as such and presented nowhere, not in an outage either.
        tested = [system for system in systems if system.account in in_test]
        self._receive([_link_signal(self.ledger, system, "link-lost", self.profile) for system in tested])
        providers: dict[str, list[SystemFacts]] = {}
        for system in systems:
            if system.account not in in_test:
                providers.setdefault(system.provider, []).append(system)
        for provider, theirs in providers.items():
            self._lost_of(provider, theirs)
        self._paths_changed(systems)

    def _paths_changed(self, systems: Sequence[SystemFacts]) -> None:
        """Whether other members at the same sites still have a path, or have one again."""
        for alarm_id in outages.paths_anew(self.ledger.connection, {system.site for system in systems}):
            self._count(alarm_id, "Paths of a site changed")

    def _lost_of(self, provider: str, systems: list[SystemFacts]) -> None:
        connection, now = self.ledger.connection, self.ledger.now
        alarm = outages.open_of_provider(connection, provider)
        if alarm is None:
            since = now - timedelta(seconds=self.profile.outage_window_s)
            lost = outages.lost_of_provider(connection, provider, since)
            in_test = _in_test(connection, lost, now)
            recent = [system for system in lost if system.account not in in_test]
            if not outage.begins([s.link_lost_at or now for s in recent], now, self.profile):
                self._receive([_link_signal(self.ledger, system, "link-lost", self.profile) for system in systems])
                return
            alarm = self._open(provider, recent)
            late = False
        else:
            last = outages.counts(connection, [alarm.id]).get(alarm.id)
            window = timedelta(seconds=self.profile.outage_window_s)
            alone = self._join(alarm.id, systems)
            late = bool(alone) and last is not None and now - last.last_loss_at > window
        for system in systems:
            self._note("link-lost", _lost_words(system, self.profile), system, alarm.id)
        self._count(alarm.id, "Link lost", late=late)

    def _open(self, provider: str, systems: Sequence[SystemFacts]) -> Alarm:
        connection, now = self.ledger.connection, self.ledger.now
        others = outages.with_other_path(connection, systems)
        count = outage.Count(len(systems), 0, sum(1 for system in systems if system.account not in others))
        identifier = self.ledger.next_alarm_id(now)
        alarm = outage.opened(identifier, provider, count, self.ledger.head.seq + 1, now)
        alarm_store.add(connection, [alarm])
        self.ledger.append(
            "alarm-opened",
            STATION,
            f"New {alarm.priority} {Priority(alarm.priority).name.capitalize()} · {alarm.words} · {alarm.place}",
            alarm=alarm.id,
            priority=alarm.priority,
            data={"provider": provider, "accounts": [system.account for system in systems]},
        )
        storms.bring_in_line(self.ledger, [alarm])
        self._join(alarm.id, systems)
        accounts = {system.account for system in systems}
        for own in alarm_store.open_of(connection, [system.site for system in systems], []):
            if outage.may_gather(own, accounts):
                alarm_store.save(connection, [outage.gather(own, alarm.id, accounts, now)])
                self.ledger.append(
                    "grouped",
                    STATION,
                    f"Goes on in {alarm.id} · {own.words}",
                    site=own.site,
                    account=own.account,
                    alarm=own.id,
                    priority=own.priority,
                    data={"outage": alarm.id},
                )
        return alarm

    def _join(self, alarm_id: str, systems: Sequence[SystemFacts]) -> set[str]:
        """Make ``systems`` members; answers with those at sites without a second path."""
        others = outages.with_other_path(self.ledger.connection, systems)
        alone = {system.account for system in systems} - others
        outages.add_members(self.ledger.connection, alarm_id, systems, alone, self.ledger.now)
        return alone

    def _count(self, alarm_id: str, said: str, *, late: bool = False) -> None:
        before = alarm_store.by_id(self.ledger.connection, alarm_id)
        assert before is not None
        count = outages.count(self.ledger.connection, alarm_id)
        after = outage.counted(before, count, said, self.ledger.head.seq, self.ledger.now, late=late)
        alarm_store.save(self.ledger.connection, [after])
        if after.priority < before.priority:
            self.ledger.append(
                "alarm-raised",
                STATION,
                f"Raised to {after.priority} {Priority(after.priority).name.capitalize()} · {after.words}",
                alarm=alarm_id,
                priority=after.priority,
            )
            # One that fell silent long after the others is heard, also where a storm profile lowers the outage.
            if not late:
                storms.bring_in_line(self.ledger, [after])
        elif after.own > before.own:
            self.ledger.append(
                "alarm-lowered",
                STATION,
                f"Lowered to {after.priority} {Priority(after.priority).name.capitalize()}, "
                f"no site is without a path · {after.words}",
                alarm=alarm_id,
                priority=after.priority,
            )
            storms.bring_in_line(self.ledger, [after])

    def _note(self, kind_: str, text: str, system: SystemFacts, alarm_id: str) -> None:
        self.ledger.append(
            kind_,
            STATION,
            f"{text} · system {system.account}",
            site=system.site,
            account=system.account,
            alarm=alarm_id,
            priority=int(Priority.LOW if kind_ == "link-lost" else Priority.LOG),
            data={"provider": system.provider, "interval_s": system.interval_s},
        )

    def _receive(self, signals: list[Received]) -> None:
        if signals:
            Reception(self.ledger, self.profile, kind, Memory()).receive(signals)


def _in_test(connection: Connection, systems: Sequence[SystemFacts], at: datetime) -> set[str]:
    """The accounts whose link is in test: what is lost of them is presented nowhere (F4)."""
    tests = testmode.running(connection, {system.site for system in systems})
    lost = kind("link-lost")
    return {s.account for s in systems if covering(tests.get(s.site, ()), lost, Where(s.account), at)}


def _lost_words(system: SystemFacts, profile: Profile) -> str:
    limit = int(limit_of(system, profile) or 0)
    return f"Link lost, nothing heard for {limit // 60}:{limit % 60:02d}"


def _link_signal(ledger: Ledger, system: SystemFacts, what: str, profile: Profile) -> Received:
    """The station's own word on a link, routed like a panel's; the system stands in the place of a zone."""
    lost = what == "link-lost"
    name = outage.in_zones(system.account)
    event = Event(
        code="",
        qualifier=None,
        area=None,
        address=name,
        concerns="system",
        user=None,
        text=system.provider or None,
        kind="link-lost",
        description=_lost_words(system, profile) if lost else "Link restored",
        role=EventRole.ALARM if lost else EventRole.RESTORE,
    )
    return Received.own(
        system.account, what, event, ledger.now, {"provider": system.provider, "interval_s": system.interval_s}
    )
