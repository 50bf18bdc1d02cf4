"""What reception read before, kept while nobody else can have changed it.

Every change of sites, alarms and tests is an entry of the journal, made under its locked head. So whoever holds the
head and finds it at the hash of the last batch written here knows that nothing changed since: what was read then still
holds, on SQLite and between several stations on one PostgreSQL alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, select, tuple_

from console.station.rules.alarm import Alarm
from console.station.rules.places import SiteFacts
from console.station.rules.profile import Profile
from console.station.rules.repeats import Repeat
from console.station.rules.runaway import Meter, Runaway, ZoneKey, counted, forgettable
from console.station.rules.storm import Storm
from console.station.store import alarms as alarm_store
from console.station.store import sites as site_store
from console.station.store import storms as storm_store
from models.tables import RepeatKey

_MOST_SITES = 5000
_MOST_METERS = 20_000
Key = tuple[str, str]


@dataclass(slots=True)
class Memory:
    """Sites, open alarms and last signals, as the journal stood at ``hash``."""

    hash: str | None = None
    site_of: dict[str, str | None] = field(default_factory=dict)
    """Account to site; None for an account that no site has."""
    sites: dict[str, SiteFacts] = field(default_factory=dict)
    area_rows: dict[str, dict[str, str]] = field(default_factory=dict)
    """By site: plain number of an area to the number in its row."""
    open: dict[str, dict[str, Alarm]] = field(default_factory=dict)
    """By site: its open alarms by matter."""
    repeats: dict[Key, Repeat | None] = field(default_factory=dict)
    """By account and path; None where nothing came yet."""
    storms: tuple[Storm, ...] | None = None
    """The storm profiles that have begun; None: not read yet."""
    places: dict[str, storm_store.Place] = field(default_factory=dict)
    """By site where it is, as far as a storm profile had to know it."""
    meters: dict[ZoneKey, Meter] = field(default_factory=dict)
    """How often zones tell alarms. Counted here, so that no act makes it forgotten; at its start a station reads what
    all of them journaled lately. From then on each counts what it hears itself."""
    _meters_before: dict[ZoneKey, Meter] = field(default_factory=dict)
    """The meters that this batch changed, as they were."""

    def open_at(self, hash_: str) -> None:
        """The head is locked at ``hash_``: keep what still holds, forget the rest. Kept again only by :meth:`keep`."""
        if self.hash != hash_ or len(self.sites) > _MOST_SITES:
            self.forget()
        self.hash = None
        self._meters_before.clear()

    def keep(self, hash_: str) -> None:
        """The batch is committed, and nothing but reception changed anything: all this holds at ``hash_``."""
        self.hash = hash_

    def forget(self) -> None:
        """Something else may have changed."""
        self.hash = None
        self.storms = None
        for known in (self.site_of, self.sites, self.area_rows, self.open, self.repeats, self.places):
            known.clear()

    def failed(self) -> None:
        """The batch was not committed: its signals come again, and are counted then."""
        self.meters.update(self._meters_before)
        self._meters_before.clear()
        self.forget()

    def count(self, zone: ZoneKey, at: datetime, profile: Profile) -> Runaway | None:
        """Count an alarm of ``zone``; whether it runs away."""
        before = self.meters.get(zone)
        if before is None:
            if len(self.meters) >= _MOST_METERS:
                self._make_room(at, profile)
            before = Meter()
        self._meters_before.setdefault(zone, before)
        self.meters[zone], found = counted(before, at, profile)
        return found

    def recall(self, told: Iterable[tuple[ZoneKey, datetime]], profile: Profile) -> None:
        """What zones told before this station started, in its order."""
        for zone, at in told:
            self.count(zone, at, profile)
        self._meters_before.clear()

    def _make_room(self, at: datetime, profile: Profile) -> None:
        """Meters that say nothing any more go; where that is not enough (a panel that makes up zones), the oldest."""
        for zone in [zone for zone, meter in self.meters.items() if forgettable(meter, at, profile)]:
            del self.meters[zone]
        for zone in list(self.meters)[: max(0, len(self.meters) - _MOST_METERS // 2)]:
            del self.meters[zone]

    def learn(self, connection: Connection, accounts: set[str], keys: set[Key], of_sites: set[str]) -> None:
        """Read what is not known yet of ``accounts``, of the last signals at ``keys``, and of further sites."""
        if self.storms is None:
            self.storms = storm_store.in_force(connection)
        new_accounts = accounts - self.site_of.keys()
        if new_accounts:
            systems = site_store.systems(connection, new_accounts)
            self.site_of.update({a: systems[a].site if a in systems else None for a in new_accounts})
        theirs = (site for a in accounts if (site := self.site_of[a]) is not None)
        sites = [site for site in dict.fromkeys((*theirs, *of_sites)) if site not in self.sites]
        if sites:
            self._learn_sites(connection, sites)
        new_keys = keys - self.repeats.keys()
        if new_keys:
            self._learn_repeats(connection, new_keys)

    def place(self, connection: Connection, site: str | None) -> storm_store.Place:
        """Where a site is, for the storm profiles."""
        if site is None:
            return storm_store.NOWHERE
        if site not in self.places:
            self.places.update(storm_store.places(connection, [site]))
        return self.places.get(site, storm_store.NOWHERE)

    def _learn_sites(self, connection: Connection, sites: Sequence[str]) -> None:
        self.sites.update(site_store.facts(connection, sites))
        self.area_rows.update(site_store.area_rows(connection, sites))
        self.open.update({site: {} for site in sites})
        for alarm in alarm_store.open_of(connection, sites, []):
            assert alarm.site is not None
            self.open[alarm.site][alarm.matter] = alarm

    def _learn_repeats(self, connection: Connection, keys: set[Key]) -> None:
        self.repeats.update(dict.fromkeys(keys))
        wanted = tuple_(RepeatKey.account, RepeatKey.path).in_(list(keys))
        for row in connection.execute(select(RepeatKey).where(wanted)):
            self.repeats[row.account, row.path] = Repeat(
                row.token,
                row.sequence,
                row.digest,
                row.seq,
                row.at,
                bool(row.accepted),
                bool(row.presented),
                row.sent_at,
                row.happened_at,
                bool(row.counts),
                row.alarms,
            )
