"""Closing many waiting alarms at once: each by itself, looked at anew, in its own entry of the journal (rulebook H)."""

from __future__ import annotations

from dataclasses import dataclass

from console.station.acts.calls import Calls
from console.station.rules import outage, transitions
from console.station.rules.alarm import Alarm
from console.station.rules.refusal import Refused
from console.station.rules.rights import Right, require
from models.records import Disposition, ErrorCode


@dataclass(frozen=True, slots=True)
class BulkClose(Calls):
    """One alarm of a choice; whoever chose sends one act for each (I11)."""

    def close(self, alarm_id: str, version: int, up_to: int, disposition: Disposition, reason: str) -> Alarm:
        """Close an alarm that waits, as it stood on the screen: no further signal, nobody's, no life safety (I8)."""
        require(self.caller.roles, Right.BULK_CLOSE)
        alarm = self._get(alarm_id)
        closed = transitions.close_waiting(alarm, self.caller.name, disposition, reason, up_to, self.ledger.now)
        self._unchanged(alarm, version)
        plan = self._plan(alarm)
        if plan.missing and (plan.procedure or alarm.kind == outage.KIND):
            # The standard order is for whoever handles one; what was agreed for a site, or a system off line, stands.
            raise Refused(ErrorCode.STEPS_MISSING, " ".join(plan.missing), "steps")
        return self._keep(
            closed,
            "closed",
            f"Closed with others by {self.caller.name} · {disposition.value} · {reason.strip()}",
            {"disposition": disposition.value, "reason": reason.strip(), "bulk": True},
        )
