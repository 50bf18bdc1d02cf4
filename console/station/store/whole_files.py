"""Many site files at once, whole: read to be compared or handed out, and written where the sites are new."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, insert, select

from console.station.rules.brought import Kept, Policy
from console.station.store import file_columns, site_file, site_words
from console.station.store.secrets import Secrets, key_purpose, word_purpose
from models.records import AreaFile, ZoneFile
from models.tables import (
    AreaRow,
    ContactRow,
    PersonNumberRow,
    PersonRow,
    SiteRow,
    SystemRow,
    ZoneRow,
)


def load(connection: Connection, sites: Sequence[str], secrets: Secrets | None = None) -> dict[str, Kept]:
    """The files of ``sites``; keys and words only with ``secrets``, which opens them (I9)."""
    found: dict[str, Kept] = {}
    for row in connection.execute(select(SiteRow).where(SiteRow.id.in_(sites))):
        found[row.id] = Kept(file_columns.details_of(row))
    for system in connection.execute(select(SystemRow).where(SystemRow.site.in_(sites)).order_by(SystemRow.account)):
        found[system.site].systems[system.account] = file_columns.system_of(system)
        found[system.site].policies[system.account] = _policy(system, secrets)
    areas: dict[str, list[AreaFile]] = {}
    for area in connection.execute(select(AreaRow).where(AreaRow.site.in_(sites))):
        areas.setdefault(area.site, []).append(file_columns.area_of(area))
    zones: dict[str, list[ZoneFile]] = {}
    for zone in connection.execute(select(ZoneRow).where(ZoneRow.site.in_(sites))):
        zones.setdefault(zone.site, []).append(file_columns.zone_of(zone))
    for site, kept in found.items():
        # Sorted here: the databases sort letters in different ways.
        kept.areas = tuple(sorted(areas.get(site, ()), key=lambda one: one.area))
        kept.zones = tuple(sorted(zones.get(site, ()), key=lambda one: (one.area, one.zone)))
    for site, contact, sealed in site_file.contacts_of(connection, sites):
        found[site].contacts.append(contact)
        found[site].words.append({} if secrets is None else _words(contact.id, sealed, secrets))
    return found


def _policy(row: Any, secrets: Secrets | None) -> Policy:
    key = b"" if secrets is None or not row.sealed_key else secrets.unseal(row.sealed_key, key_purpose(row.account))
    return Policy(
        bool(row.clear_allowed),
        bool(row.check_clear_time),
        bool(row.lenient_length),
        bool(row.lone_ack),
        row.window_before_s,
        row.window_after_s,
        row.overrides or "",
        key.hex().upper(),
    )


def _words(contact: str, sealed: tuple[str | None, str | None], secrets: Secrets) -> dict[str, str]:
    return {
        f"{which}_word": secrets.unseal(words, word_purpose(contact, which)).decode() if words else ""
        for which, words in zip(("code", "duress"), sealed, strict=True)
    }


def policy_row(account: str, policy: Policy, secrets: Secrets, *, key: bool = True) -> dict[str, Any]:
    """The columns of a policy; without ``key`` the sealed key is none of them."""
    row: dict[str, Any] = {
        "clear_allowed": int(policy.clear_allowed),
        "check_clear_time": int(policy.check_clear_time),
        "lenient_length": int(policy.lenient_length),
        "lone_ack": int(policy.lone_ack),
        "window_before_s": policy.window_before_s,
        "window_after_s": policy.window_after_s,
        "overrides": policy.overrides or None,
    }
    if key:
        sealed = secrets.seal(bytes.fromhex(policy.key_hex), key_purpose(account)) if policy.key_hex else None
        row["sealed_key"] = sealed
    return row


def sealed_words(contact: str, words: dict[str, str], secrets: Secrets) -> dict[str, str | None]:
    """The columns of code and duress word, for those that are given."""
    return {
        f"sealed_{name}": secrets.seal(word, word_purpose(contact, name.removesuffix("_word"))) if word else None
        for name, word in words.items()
    }


def people(connection: Connection, asked: Iterable[str]) -> set[str]:
    """Those of the persons asked for who are known."""
    return set(connection.execute(select(PersonRow.id).where(PersonRow.id.in_(list(asked)))).scalars())


def add(connection: Connection, secrets: Secrets, files: dict[str, Kept]) -> None:
    """New sites with everything in them, in few statements. Contacts have their ids; who is known stays as they are."""
    rows: dict[type[Any], list[dict[str, Any]]] = {
        table: [] for table in (SiteRow, SystemRow, AreaRow, ZoneRow, PersonRow, PersonNumberRow, ContactRow)
    }
    known = people(connection, {c.person for kept in files.values() for c in kept.contacts})
    for site, kept in files.items():
        rows[SiteRow].append({"id": site, **file_columns.details_row(kept.details)})
        for account, system in kept.systems.items():
            policy = policy_row(account, kept.policies.get(account, Policy()), secrets)
            rows[SystemRow].append({"account": account, "site": site, **file_columns.system_row(system), **policy})
        rows[AreaRow] += [{"site": site, **area.model_dump()} for area in kept.areas]
        rows[ZoneRow] += [{"site": site, **zone.model_dump()} for zone in kept.zones]
        for position, (contact, words) in enumerate(zip(kept.contacts, kept.words, strict=True), 1):
            if contact.person not in known:
                known.add(contact.person)
                who = {"id": contact.person, "name": contact.name, "languages": contact.languages}
                own_code = {"id_code": contact.id_code or None, "installer": int(contact.installer)}
                rows[PersonRow].append({**who, **own_code})
                rows[PersonNumberRow] += file_columns.number_rows(contact.person, contact)
            own = {"id": contact.id, "site": site, "person": contact.person, "position": position}
            sealed = {"sealed_code_word": None, "sealed_duress_word": None, **sealed_words(contact.id, words, secrets)}
            rows[ContactRow].append({**own, **file_columns.contact_row(contact), **sealed})
    for table, many in rows.items():
        if many:
            connection.execute(insert(table), many)
    site_words.refresh(connection, files)
