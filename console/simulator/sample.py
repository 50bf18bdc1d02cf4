"""The sample station: 220 invented Belgian sites, the same from the same seed."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from console.simulator import places, premises
from console.simulator.dialler import Transport
from models.records import AreaHours, Season, read_hours

SIZE = 220
COLUMNS = (
    "site", "name", "street", "postcode", "town", "account", "key_hex", "clear_allowed", "area", "zone", "zone_kind",
    "contact", "phone", "order", "code_word", "rights",
)  # fmt: skip
_FEWEST_ZONES, _MOST_ZONES = 3, 12
_WORDS_DUTCH = ("Regenboog", "Zonnebloem", "Linde", "Beuk", "Parel", "Merel", "Zwaluw", "Eik")
_WORDS_FRENCH = ("Tilleul", "Bouleau", "Marronnier", "Lilas", "Coquelicot", "Papillon", "Rossignol", "Cerisier")

POLL_EVERY_S = 60
"""Supervision interval of every panel of the sample."""
_RIGHTS = ("cancel, whole-site test, change hours, change contacts", "cancel", "")
"""Of the first contact, the second, and all others."""
PROVIDERS = ("Northlink DSL", "Kanaal Fiber", "Noorder 4G", "Zuider 4G", "Kanaal Fiber", "Noorder 4G", "Zuider 4G")


@dataclass(frozen=True, slots=True)
class Zone:
    """A detector, button or keypad."""

    number: str
    name: str
    kind: str
    area: str


@dataclass(frozen=True, slots=True)
class Area:
    """A part of a site that is armed by itself."""

    number: str
    name: str
    zones: tuple[Zone, ...]


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to call. Also a user of the panel, numbered by place in the call order."""

    name: str
    role: str
    languages: str
    mobile: str
    home: str | None
    code_word: str = field(repr=False)
    duress_word: str | None = field(repr=False)
    away_from: datetime | None
    away_until: datetime | None
    rights: str
    """As the file of sites has them; empty: called for information only."""


@dataclass(frozen=True, slots=True)
class Site:
    """A site and its one panel."""

    number: str
    name: str
    kind: str
    street: str
    postcode: str
    town: str
    account: str
    key: bytes | None = field(repr=False)
    token: str
    transport: Transport
    stays: bool
    """The panel keeps its connection between events."""
    armed: bool
    """As the evening begins."""
    provider: str
    """Whose path its panel comes by."""
    premises_number: str | None
    access: str
    instructions: str
    areas: tuple[Area, ...]
    contacts: tuple[Contact, ...]

    def zones(self, *kinds: str) -> tuple[Zone, ...]:
        """The zones of these kinds; all without."""
        return tuple(zone for area in self.areas for zone in area.zones if not kinds or zone.kind in kinds)


@dataclass(frozen=True, slots=True)
class Testing:
    """A site that is in test as the evening begins."""

    site: str
    asked_by: str
    """The contact who asked, known by their code word; empty: the station itself."""
    why: str
    zones: tuple[Zone, ...] = ()
    """Intrusion and tamper of these alone are in test; empty: the whole site is."""
    ends_after_h: int | None = None
    ticket: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    """The sample station."""

    seed: int
    sites: tuple[Site, ...]
    tests: tuple[Testing, ...]


def make(seed: int, now: datetime) -> Sample:
    """The sample of a seed; ``now`` only places the absences of contacts."""
    chance = random.Random(f"sites {seed}")  # noqa: S311 - repeatable is what is wanted
    kinds = [kind for kind in premises.ALL for _ in range(kind.count)]
    assert len(kinds) == SIZE
    chance.shuffle(kinds)
    maker = _Maker(chance, now.replace(minute=0, second=0, microsecond=0))
    sites = tuple(maker.site(f"S-{10001 + index}", kind) for index, kind in enumerate(kinds))
    # Where people are in need, nobody puts the whole site in test for an evening.
    quiet = [site for site in sites if site.kind in ("office", "school", "warehouse", "shop")]
    replaced, walked, painted, renovated, yearly, gate = chance.sample(quiet, 6)
    tests = (
        Testing(replaced.number, "", "Detector replaced", _one_area(replaced), 4, "T-2418"),
        Testing(walked.number, "", "Walk test by the installer", ends_after_h=2),
        Testing(painted.number, "", "Painting works in the hall", _one_area(painted)),
        Testing(renovated.number, "", "Renovation"),
        Testing(yearly.number, yearly.contacts[0].name, "Yearly maintenance"),
        Testing(gate.number, "", "Gate motor repaired", _one_area(gate)[:1], 1),
    )
    return Sample(seed, sites, tests)


def _one_area(site: Site) -> tuple[Zone, ...]:
    """The zones against burglars of the first area that has any."""
    found = site.zones(*premises.BURGLARY)
    return tuple(zone for zone in found if zone.area == found[0].area)


def write(sample: Sample, folder: Path) -> Path:
    """Write ``sites.csv`` and, beside it, ``sites.json`` for ``vigie site import``; answers with the CSV's path."""
    file = folder / "sites.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        for site in sample.sites:
            writer.writerows(_rows(site))
    extras = {site.number: _extras(site) for site in sample.sites}
    file.with_suffix(".json").write_text(json.dumps(extras, ensure_ascii=False, indent=1), encoding="utf-8")
    return file


def _rows(site: Site) -> Iterator[dict[str, str]]:
    """As many rows as the longer of zones and numbers; what is left of the other stays empty."""
    zones = [
        {"area": f"{area.number} {area.name}", "zone": f"{zone.number} {zone.name}", "zone_kind": zone.kind}
        for area in site.areas
        for zone in area.zones
    ]
    numbers = [
        {
            "contact": contact.name,
            "phone": number,
            "order": str(order),
            "code_word": contact.code_word,
            "rights": contact.rights,
        }
        for order, contact in enumerate(site.contacts, 1)
        for number in (contact.mobile, contact.home)
        if number is not None
    ]
    for index in range(max(len(zones), len(numbers))):
        row = {"site": site.number}
        if index == 0:
            row |= {"name": site.name, "street": site.street, "postcode": site.postcode, "town": site.town}
            row |= {"account": site.account, "key_hex": site.key.hex().upper() if site.key else ""}
        row |= zones[index] if index < len(zones) else {}
        row |= numbers[index] if index < len(numbers) else {}
        yield row


def _extras(site: Site) -> dict[str, Any]:
    return {
        "systems": {
            site.account: {"interval_s": POLL_EVERY_S, "margin_s": POLL_EVERY_S // 2, "provider": site.provider}
        },
        "access": site.access,
        "instructions": site.instructions,
        "premises_number": site.premises_number,
        "contacts": {
            contact.name: {
                "role": contact.role,
                "languages": contact.languages,
                "duress_word": contact.duress_word,
                "away_from": contact.away_from.isoformat() if contact.away_from else None,
                "away_until": contact.away_until.isoformat() if contact.away_until else None,
            }
            for contact in site.contacts
        },
        "hours": _hours(site),
    }


def _hours(site: Site) -> dict[str, Any]:
    """Some businesses have supervised hours in their first area: by number, so that no draw is made for it."""
    if site.kind == "residence" or int(site.number.removeprefix("S-")) % 8:
        return {}
    day, late, closed = read_hours("09:00–18:30"), read_hours("09:00–21:00"), read_hours("closed")
    summer = Season(
        name="Summer", first="07-15", last="08-15", weekly=(*[read_hours("09:00–17:00")] * 5, closed, closed)
    )
    hours = AreaHours(weekly=(day, day, day, day, late, day, closed), on_holidays=closed, seasons=(summer,))
    return {"1": hours.model_dump(mode="json", exclude_defaults=True)}


class _Maker:
    """Makes sites one after the other; keeps names, accounts and numbers apart."""

    def __init__(self, chance: random.Random, now: datetime) -> None:
        self._chance = chance
        self._now = now
        self._names: set[str] = set()
        self._accounts = iter(chance.sample(range(0x1000, 0xFFFF), SIZE))
        # Invented: nobody is called by the demo, and these blocks are given to nobody.
        self._mobiles = iter(chance.sample(range(10_000), 10_000))
        self._homes = {area: iter(chance.sample(range(10_000), 10_000)) for area in "29"}

    def site(self, number: str, kind: premises.Premises) -> Site:
        """One site of a kind."""
        chance = self._chance
        dutch = chance.random() < 0.6
        postcode, town = chance.choice(places.DUTCH_TOWNS if dutch else places.FRENCH_TOWNS)
        street, house, name = self._named(kind, dutch)
        account = f"{next(self._accounts):04X}"
        if chance.random() < 0.1:
            account = f"0{chance.randrange(16):X}{account}"
        token = "ADM-CID" if chance.random() < 0.4 else "SIA-DCS"
        key = chance.randbytes(chance.choice((16, 24, 32))) if chance.random() < 0.4 else None
        return Site(
            number=number,
            name=name,
            kind=kind.kind,
            street=f"{street} {house}",
            postcode=postcode,
            town=town,
            account=account,
            key=key,
            token=token,
            transport=Transport.UDP if chance.random() < 0.2 else Transport.TCP,
            stays=chance.random() < 0.5,
            armed=chance.random() < kind.armed,
            # By its number: drawing one more would change every sample that was ever made.
            provider=PROVIDERS[int(number.removeprefix("S-")) % len(PROVIDERS)],
            premises_number=self._home(dutch) if chance.random() < kind.answered else None,
            access=chance.choice(kind.access),
            instructions=chance.choice(kind.instructions),
            areas=self._areas(kind),
            contacts=tuple(self._contacts(kind, dutch)),
        )

    def _named(self, kind: premises.Premises, dutch: bool) -> tuple[str, int, str]:
        """(street, house number, a name that no other site has)."""
        streets: tuple[str, ...] = places.DUTCH_STREETS if dutch else places.FRENCH_STREETS
        if kind.works:
            streets = places.DUTCH_WORKS if dutch else places.FRENCH_WORKS
        while True:
            street, house = self._chance.choice(streets), self._chance.randint(1, 180)
            pattern = self._chance.choice(kind.dutch if dutch else kind.french)
            name = pattern.format(
                street=street,
                number=house,
                last=self._chance.choice(places.DUTCH_LAST if dutch else places.FRENCH_LAST),
                word=self._chance.choice(_WORDS_DUTCH if dutch else _WORDS_FRENCH),
            )
            if name not in self._names:
                self._names.add(name)
                return street, house, name

    def _areas(self, kind: premises.Premises) -> tuple[Area, ...]:
        """One or both areas of the kind, the optional zones left out here and there."""
        chosen = kind.areas if self._chance.random() < 0.6 else kind.areas[:1]
        number, areas = 0, []
        for place, (name, offered) in enumerate(chosen, 1):
            kept = self._chance.randint(_FEWEST_ZONES, len(offered))
            zones = []
            for zone_kind, zone_name in offered[:kept]:
                number += 1 if self._chance.random() < 0.85 else 2
                zones.append(Zone(f"{number:02d}", zone_name, zone_kind, str(place)))
            areas.append(Area(str(place), name, tuple(zones)))
        assert _FEWEST_ZONES <= sum(len(area.zones) for area in areas) <= _MOST_ZONES
        return tuple(areas)

    def _contacts(self, kind: premises.Premises, dutch: bool) -> Iterator[Contact]:
        chance = self._chance
        firsts, lasts, languages = (
            (places.DUTCH_FIRST, places.DUTCH_LAST, places.DUTCH_LANGUAGES)
            if dutch
            else (places.FRENCH_FIRST, places.FRENCH_LAST, places.FRENCH_LANGUAGES)
        )
        count = chance.randint(2, 5)
        # Different first names keep the contacts of a site apart.
        for place, first in enumerate(chance.sample(firsts, count)):
            away_from, away_until = self._absence(place)
            yield Contact(
                name=f"{first} {chance.choice(lasts)}",
                role=kind.roles[min(place, len(kind.roles) - 1)],
                languages=chance.choice(languages),
                mobile=_number("+32 400 55", next(self._mobiles)),
                home=self._home(dutch) if chance.random() < 0.5 else None,
                code_word=chance.choice(places.CODE_WORDS),
                duress_word=chance.choice(places.DURESS_WORDS) if chance.random() < 0.3 else None,
                away_from=away_from,
                away_until=away_until,
                rights=_RIGHTS[min(place, len(_RIGHTS) - 1)],
            )

    def _absence(self, place: int) -> tuple[datetime | None, datetime | None]:
        """Some are away now, some will be; the draws do not depend on ``now``."""
        drawn, hours, days = self._chance.random(), self._chance.randint(2, 120), self._chance.randint(1, 9)
        if place == 0 or drawn > 0.18:
            return None, None
        morning = self._now.replace(hour=7)
        if drawn > 0.13:
            return self._now + timedelta(hours=24), morning + timedelta(days=days + 2)
        return self._now - timedelta(hours=hours), morning + timedelta(days=days)

    def _home(self, dutch: bool) -> str:
        area = "9" if dutch else "2"
        return _number(f"+32 {area} 555", next(self._homes[area]))


def _number(prefix: str, drawn: int) -> str:
    return f"{prefix} {drawn // 100:02d} {drawn % 100:02d}"
