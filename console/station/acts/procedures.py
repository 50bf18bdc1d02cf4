"""Procedures and emergency numbers, written by the service desk: rights, versions, before and after (C3, H, I11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from console.station.acts.caller import Caller
from console.station.codes import kinds
from console.station.rules import numbers, procedures
from console.station.rules.refusal import Refused
from console.station.rules.rights import Right, require
from console.station.store import procedures as store
from console.station.store import site_file
from console.station.store.ledger import Ledger
from models.records import ALL, EmergencyNumber, ErrorCode, Procedure, SiteDetails, StepKind

EMERGENCY = "emergency"
"""Key of the part of a site's file."""
_CLASSES = frozenset(kind.alarm_class.value for kind in kinds().values())
_COUNTRY = "BE"


def known_type(applies_to: str) -> bool:
    """Whether there are alarms of the type that a procedure names: ``all``, ``class:intrusion``, ``kind:fire``."""
    what, _, name = applies_to.partition(":")
    return applies_to == ALL or (what == "kind" and name in kinds()) or (what == "class" and name in _CLASSES)


@dataclass(frozen=True, slots=True)
class Procedures:
    """The changes of one caller inside one transaction."""

    ledger: Ledger
    caller: Caller

    def write(self, given: Procedure, version: int) -> Procedure:
        """A new procedure, or the next version of one. It holds for alarms that begin from now on."""
        require(self.caller.roles, Right.EDIT_FILE)
        before = self._before(given, version)
        given = self._checked(given)
        other = store.same(self.ledger.connection, given)
        if other is not None and other.id != given.id:
            raise Refused(ErrorCode.INVALID, f"“{other.name}” is for the same type of alarm already.", "applies_to")
        # Its journal entry's own number: no other procedure has it, and nobody counts them.
        new = {"version": version, "id": given.id or f"P-{self.ledger.head.seq + 1}"}
        written = store.write(self.ledger.connection, given.model_copy(update=new), self.ledger.now, self.caller.name)
        words = "changed" if before is not None else "added"
        self._journal(f"Procedure “{written.name}” {words}, version {written.version}", before, written)
        return written

    def remove(self, identifier: str, version: int) -> None:
        """No alarm that begins from now on gets it; what it overrode applies again."""
        require(self.caller.roles, Right.EDIT_FILE)
        before = store.current(self.ledger.connection, identifier)
        if before is None:
            raise Refused(ErrorCode.NOT_FOUND, f"There is no procedure {identifier}.", "procedure")
        self._unchanged(before, version)
        store.end(self.ledger.connection, identifier, self.ledger.now)
        self._journal(f"Procedure “{before.name}” removed", before, None)

    def write_emergency(self, site: str, given: Sequence[EmergencyNumber], version: int) -> None:
        """The site's own numbers of authorities; without one the national number is called."""
        require(self.caller.roles, Right.EDIT_FILE)
        details = self._site(site)
        if site_file.version(self.ledger.connection, site, EMERGENCY) != version:
            raise Refused(ErrorCode.CHANGED, "The emergency numbers changed meanwhile; look again.", "version")
        read = [one.model_copy(update={"number": numbers.dialled(one.number, details.country)}) for one in given]
        before = store.emergency(self.ledger.connection, site)
        store.write_emergency(self.ledger.connection, site, read)
        site_file.changed(self.ledger.connection, site, EMERGENCY, self.ledger.now, self.caller.name)
        self.ledger.append(
            "site-changed",
            self.caller.actor,
            "Emergency numbers changed",
            site=site,
            data={
                "part": EMERGENCY,
                "before": [one.model_dump() for one in before],
                "after": [one.model_dump() for one in read],
            },
        )

    # -- what they share ------------------------------------------------------------------------

    def _before(self, given: Procedure, version: int) -> Procedure | None:
        if not given.id:
            if version:
                raise Refused(ErrorCode.INVALID, "A new procedure has no version yet.", "version")
            return None
        before = store.current(self.ledger.connection, given.id)
        if before is None:
            raise Refused(ErrorCode.CHANGED, "This procedure was removed meanwhile.", "version")
        self._unchanged(before, version)
        if (before.level, before.site, before.target) != (given.level, given.site, given.target):
            raise Refused(ErrorCode.INVALID, "A procedure keeps its level: add one at the other level.", "level")
        return before

    def _unchanged(self, now: Procedure, version: int) -> None:
        """I11: two desks never overwrite each other."""
        if now.version != version:
            raise Refused(
                ErrorCode.CHANGED,
                f"{now.by} saved version {now.version} meanwhile. Look at it, then save again.",
                "version",
            )

    def _checked(self, given: Procedure) -> Procedure:
        if not known_type(given.applies_to):
            raise Refused(ErrorCode.INVALID, "There is no such type of alarm.", "applies_to")
        people: dict[str, str] = {}
        country = _COUNTRY
        if given.site:
            country = self._site(given.site).country
            people = {one.id: one.name for one in site_file.contacts(self.ledger.connection, given.site)}
        procedures.check(given, people)
        steps = tuple(
            step.model_copy(update={"number": numbers.dialled(step.number, country)})
            if step.kind is StepKind.PATROL
            else step
            for step in given.steps
        )
        return given.model_copy(update={"steps": steps})

    def _site(self, site: str) -> SiteDetails:
        details = site_file.details(self.ledger.connection, site)
        if details is None:
            raise Refused(ErrorCode.NOT_FOUND, f"There is no site {site}.", "site")
        return details

    def _journal(self, words: str, before: Procedure | None, after: Procedure | None) -> None:
        one = after or before
        assert one is not None
        data: dict[str, Any] = {
            "part": f"procedure:{one.id}",
            "before": None if before is None else before.model_dump(mode="json"),
            "after": None if after is None else after.model_dump(mode="json"),
        }
        where = f" of {one.target}" if one.target else ""
        self.ledger.append(
            "procedure", self.caller.actor, f"{words} ({one.level.value}{where})", site=one.site or None, data=data
        )
