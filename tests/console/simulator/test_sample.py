"""The sample station is the same from the same seed, is invented, and goes in whole by the import command."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import phonenumbers
import pytest

from console.simulator import sample
from console.station import site_csv
from models.records import hours_words
from tests.programs import exported, vigie

NOW = datetime(2026, 11, 24, 19, 30, tzinfo=UTC)
SAMPLE = sample.make(1, NOW)


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    written = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        file = sample.write(sample.make(7, NOW), tmp_path / name)
        written.append((file.read_bytes(), file.with_suffix(".json").read_bytes()))
    assert written[0] == written[1]


def test_the_hour_moves_absences_and_nothing_else(tmp_path: Path) -> None:
    later = sample.make(1, NOW + timedelta(days=40))
    (tmp_path / "now").mkdir()
    (tmp_path / "later").mkdir()
    assert sample.write(SAMPLE, tmp_path / "now").read_bytes() == sample.write(later, tmp_path / "later").read_bytes()
    assert SAMPLE.tests == later.tests


def test_another_seed_gives_other_sites() -> None:
    assert sample.make(2, NOW).sites != SAMPLE.sites


def test_there_are_220_sites_numbered_from_10001_with_names_and_accounts_of_their_own() -> None:
    assert [site.number for site in SAMPLE.sites] == [f"S-{10001 + index}" for index in range(220)]
    assert len({site.name for site in SAMPLE.sites}) == 220
    assert len({site.account for site in SAMPLE.sites}) == 220


def test_every_site_has_areas_zones_and_contacts_within_bounds() -> None:
    for site in SAMPLE.sites:
        assert 1 <= len(site.areas) <= 2
        assert 3 <= len(site.zones()) <= 12
        assert len({zone.number for zone in site.zones()}) == len(site.zones())
        assert 2 <= len(site.contacts) <= 5
        assert len({contact.name for contact in site.contacts}) == len(site.contacts)


def test_the_sample_has_both_formats_all_key_lengths_both_transports_and_clear_panels() -> None:
    assert {site.token for site in SAMPLE.sites} == {"SIA-DCS", "ADM-CID"}
    assert {len(site.key) if site.key else 0 for site in SAMPLE.sites} == {0, 16, 24, 32}
    assert {site.transport.value for site in SAMPLE.sites} == {"tcp", "udp"}


def test_numbers_are_unmistakably_invented_and_belong_to_one_person_each() -> None:
    contacts = [contact for site in SAMPLE.sites for contact in site.contacts]
    mobiles = [contact.mobile for contact in contacts]
    homes = [number for contact in contacts if (number := contact.home)]
    homes += [site.premises_number for site in SAMPLE.sites if site.premises_number]
    assert all(number.startswith("+32 400 55 ") for number in mobiles)
    assert all(number.startswith(("+32 9 555 ", "+32 2 555 ")) for number in homes)
    assert max(Counter(mobiles + homes).values()) == 1
    for number in mobiles + homes:
        # Possible, so that the import takes them, and written as the station writes them.
        parsed = phonenumbers.parse(number)
        assert phonenumbers.is_possible_number(parsed)
        assert phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL) == number


def test_some_contacts_are_away_now_and_some_later_but_never_the_first() -> None:
    away = [contact for site in SAMPLE.sites for contact in site.contacts if contact.away_until]
    assert all(contact.away_from and contact.away_from < contact.away_until for contact in away if contact.away_until)
    now = sum(1 for contact in away if contact.away_from <= NOW < contact.away_until)  # type: ignore[operator]
    assert now > 30
    assert len(away) - now > 10
    assert not any(site.contacts[0].away_until for site in SAMPLE.sites)


def test_keys_and_code_words_are_not_in_the_representation() -> None:
    site = next(site for site in SAMPLE.sites if site.key and site.contacts[0].code_word)
    assert site.contacts[0].code_word not in repr(site.contacts[0])
    assert "key=" not in repr(site)


def test_the_parser_finds_no_problem_and_every_site_whole(tmp_path: Path) -> None:
    file = sample.write(SAMPLE, tmp_path)
    sites, problems = site_csv.parse(file.read_text(encoding="utf-8"))
    assert problems == []
    for made, taken in zip(SAMPLE.sites, sites, strict=True):
        assert (made.number, made.name, made.town) == (taken.id, taken.name, taken.town)
        assert len(taken.zones) == len(made.zones())
        assert [contact.name for contact in taken.contacts] == [contact.name for contact in made.contacts]
        for contact, person in zip(taken.contacts, made.contacts, strict=True):
            numbers = [("mobile", person.mobile), *([("phone", person.home)] if person.home else [])]
            assert list(contact.numbers) == numbers
        system = taken.systems[0]
        assert (system.account, system.key_hex) == (made.account, made.key.hex().upper() if made.key else None)
        assert system.clear_allowed is (made.key is None)


def test_the_import_command_takes_the_sample_whole(tmp_path: Path) -> None:
    file = sample.write(SAMPLE, tmp_path)
    done = vigie("site", "import", "--data", str(tmp_path / "station"), str(file))
    assert done.returncode == 0
    assert done.stdout.strip() == "220 sites are imported. 220 added, 0 changed, 0 as they were."
    # Whoever imports must not wonder where the rest came from.
    assert "sites.json beside it is taken in as well" in done.stderr
    imported = [entry["site"] for entry in exported(tmp_path / "station") if entry["kind"] == "site-imported"]
    assert imported == [site.number for site in SAMPLE.sites]


def test_some_businesses_have_supervised_hours(tmp_path: Path) -> None:
    file = sample.write(SAMPLE, tmp_path)
    sites, _problems = site_csv.parse(file.read_text(encoding="utf-8"))
    extras = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
    with_hours = [site for site in site_csv.with_extras(sites, extras) if site.hours]
    assert 10 <= len(with_hours) <= 40
    for site in with_hours:
        [(area, hours)] = site.hours
        assert area in dict(site.areas)
        assert (hours_words(hours.weekly[0]), hours.on_holidays) == ("09:00–18:30", ())
    extras[with_hours[0].id]["hours"]["1"]["weekly"] = []
    with pytest.raises(ValueError, match="weekly"):
        site_csv.with_extras(sites, extras)
