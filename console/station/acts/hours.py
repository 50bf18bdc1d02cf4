"""Changes of supervised hours: by version, journaled with before and after; and what they did not change (D2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from console.station.acts import tasks
from console.station.acts.caller import Caller
from console.station.rules.hours import ends
from console.station.rules.refusal import Refused
from console.station.rules.rights import Right, require
from console.station.store import hours as hour_store
from console.station.store import sites as site_store
from console.station.store.hours import Version
from console.station.store.ledger import Ledger
from models.records import AreaHours, ErrorCode, HoursAsked, HoursChange, HoursChanged, hours_words

UNCHANGED = "Patrols and procedures are unchanged."
"""What whoever changes hours is told (D2)."""
_KEPT = timedelta(days=400)
"""Temporary changes that are over stay for a year, so that past weeks are shown as they were."""
_MOST = 400


def set_hours(
    ledger: Ledger, caller: Caller, site: str, area: str, hours: AreaHours | None, version: int
) -> HoursChanged:
    """Set the standing hours of an area: week, seasons, holidays, what is supervised and how patiently.

    None: the area has no supervised hours any more. Temporary changes in ``hours`` are passed over: those that are kept
    stay, for who made them is not for others to say (I6).
    """
    require(caller.roles, Right.EDIT_FILE)
    place = _Place.find(ledger, site, area, version)
    before = hour_store.document(ledger.connection, site, area)
    if hours is None and before is None:
        raise Refused(ErrorCode.WRONG_STATE, f"{place.name} has no supervised hours.")
    after = None if hours is None else hours.model_copy(update={"changes": before.changes if before else ()})
    what = "set" if before is None else "taken away" if after is None else "changed"
    return place.change(ledger, caller, before, after, f"Supervised hours of {place.name} {what}", "")


def add_temporary(
    ledger: Ledger, caller: Caller, site: str, area: str, asked: HoursAsked, version: int
) -> HoursChanged:
    """Give a day or several other hours than the standing ones (D1)."""
    require(caller.roles, Right.SET_TEMPORARY_HOURS)
    place = _Place.find(ledger, site, area, version)
    before = place.hours(ledger)
    today = place.today(ledger)
    if asked.last < today and not place.runs(ledger, asked):
        raise Refused(ErrorCode.INVALID, f"{_day(asked.last)} is over: past hours are not changed.", "last")
    kept = tuple(change for change in before.changes if change.last >= today - _KEPT)
    if len(kept) >= _MOST:
        raise Refused(ErrorCode.INVALID, f"{place.name} has {_MOST} temporary changes: take some back first.")
    change = HoursChange(
        **asked.model_dump(),
        id=str(ledger.head.seq + 1),
        by=caller.name,
        channel=f"console, {caller.workstation}",
        at=ledger.now,
    )
    after = before.model_copy(update={"changes": (*kept, change)})
    text = f"Hours of {place.name} for {_days(change)}: {hours_words(change.spans)} · {change.why}"
    done = place.change(ledger, caller, before, after, text, _days(change))
    return done.model_copy(update={"change": change.id})


def remove_temporary(
    ledger: Ledger, caller: Caller, site: str, area: str, change_id: str, version: int
) -> HoursChanged:
    """Take a temporary change back: the standing hours hold again."""
    require(caller.roles, Right.SET_TEMPORARY_HOURS)
    place = _Place.find(ledger, site, area, version)
    before = place.hours(ledger)
    change = next((change for change in before.changes if change.id == change_id), None)
    if change is None:
        raise Refused(ErrorCode.NOT_FOUND, f"{place.name} has no such temporary change.", "change")
    if change.last < place.today(ledger):
        raise Refused(ErrorCode.WRONG_STATE, f"{_day(change.last)} is over: past hours are not changed.", "change")
    after = before.model_copy(update={"changes": tuple(one for one in before.changes if one is not change)})
    text = f"Hours of {place.name} for {_days(change)} taken back: {hours_words(change.spans)} · {change.why}"
    return place.change(ledger, caller, before, after, text, _days(change))


class _Place:
    """An area of a site, and the version of its hours that an edit began from."""

    def __init__(self, site: str, area: str, name: str, version: Version) -> None:
        self.site, self.area, self.name, self.version = site, area, name, version

    @classmethod
    def find(cls, ledger: Ledger, site: str, area: str, version: int) -> _Place:
        """The place; refused where there is none, and where its hours changed since they were read (I11)."""
        if site not in site_store.refs(ledger.connection, [site]):
            raise Refused(ErrorCode.NOT_FOUND, f"There is no site {site}.", "site")
        rows = hour_store.areas(ledger.connection, site, [area])
        if not rows:
            raise Refused(ErrorCode.NOT_FOUND, f"Site {site} has no area {area}.", "area")
        now = hour_store.versions(ledger.connection, site, [area])[area]
        name = rows[0].name or f"area {area}"
        if now.number != version:
            who = f"by {now.by} " if now.by else ""
            raise Refused(
                ErrorCode.CHANGED, f"The hours of {name} were changed {who}meanwhile: look at them first.", "version"
            )
        return cls(site, area, name, now)

    def hours(self, ledger: Ledger) -> AreaHours:
        """Its hours; refused where it has none."""
        found = hour_store.document(ledger.connection, self.site, self.area)
        if found is None:
            raise Refused(ErrorCode.WRONG_STATE, f"{self.name} has no supervised hours: set its week first.")
        return found

    def today(self, ledger: Ledger) -> date:
        """The day at the site."""
        return ledger.now.astimezone(hour_store.zone_of(ledger.connection, self.site)).date()

    def runs(self, ledger: Ledger, asked: HoursAsked) -> bool:
        """Whether the hours asked for reach from an evening that is over to now: somebody works late (D1)."""
        zone = hour_store.zone_of(ledger.connection, self.site)
        closes = max((span.closes for span in asked.spans), default=0)
        return ends(datetime.combine(asked.last, time()) + timedelta(minutes=closes), zone) > ledger.now

    def change(
        self,
        ledger: Ledger,
        caller: Caller,
        before: AreaHours | None,
        after: AreaHours | None,
        text: str,
        days: str,
    ) -> HoursChanged:
        """Keep ``after``; ``days`` are those that change, none of them for all."""
        hour_store.keep(ledger.connection, self.site, self.area, after, ledger.now)
        version = hour_store.changed(ledger.connection, self.site, self.area, self.version, ledger.now, caller.name)
        depends = hour_store.depends_on_hours(ledger.connection, self.site)
        data = {
            "area": self.area,
            "version": version,
            "before": None if before is None else before.model_dump(mode="json"),
            "after": None if after is None else after.model_dump(mode="json"),
        }
        ledger.append("hours-changed", caller.actor, text, site=self.site, data=data)
        return HoursChanged(
            area=self.area,
            version=version,
            sentence=f"{UNCHANGED} The service desk has a task to look at them." if depends else UNCHANGED,
            task=self._task(ledger, caller, days, depends) if depends else None,
        )

    def _task(self, ledger: Ledger, caller: Caller, days: str, depends: Sequence[str]) -> int:
        """D2: somebody looks at what depends on the hours. The hours themselves are not said: they may change again."""
        when = f" for {days}" if days else ""
        words = f"Hours of {self.name} changed{when}: see whether these still fit: {', '.join(depends)}"
        matter = f"hours:{self.site}:{self.area}:{days}"
        return tasks.open_task(ledger, caller.actor, "hours", words, matter=matter, site=self.site)


def _days(change: HoursAsked) -> str:
    return _day(change.first) if change.first == change.last else f"{_day(change.first)} to {_day(change.last)}"


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"
