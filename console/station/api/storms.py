"""Storm profiles over HTTP, and closing many waiting alarms (rulebook H: a supervisor's)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime, ConfigDict, Field, TypeAdapter

from console.station.acts import storms
from console.station.acts.bulk import BulkClose
from console.station.api.context import WITHOUT_NUL, ActBody, SignedIn, StationParts, answer_once, once
from console.station.rules.refusal import Refused
from console.station.rules.rights import Right, require
from console.station.store import storms as store
from console.station.store.ledger import Ledger
from console.station.store.waiting import Choice, selection
from models.records import (
    AlarmView,
    BulkSelection,
    Disposition,
    ErrorCode,
    StormBoard,
    StormDoes,
    StormPreview,
    StormScope,
    StormView,
)

router = APIRouter(prefix="/v1")
_VIEW = TypeAdapter(StormView)
StormId = Annotated[int, Path(ge=1, le=2**62)]
Text = Annotated[str, Query(max_length=100, pattern=WITHOUT_NUL)]


class ScopeBody(StormScope):
    """What it covers; a field that is none is refused: what was meant to narrow it must not widen it (I12)."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class StormBody(ActBody):
    """A storm profile as it is to be."""

    name: str = Field(max_length=100, pattern=WITHOUT_NUL)
    scope: ScopeBody
    does: StormDoes
    delay_min: int = Field(default=0, ge=0, le=24 * 60, description="For a delay: minutes from receipt.")
    begins_at: AwareDatetime | None = Field(default=None, description="None: at once.")
    ends_at: AwareDatetime
    why: str = Field(max_length=500, pattern=WITHOUT_NUL)

    @property
    def wanted(self) -> storms.Wanted:
        """As the act takes it."""
        return storms.Wanted(self.name, self.scope, self.does, self.ends_at, self.why, self.begins_at, self.delay_min)


class ChangeBody(StormBody):
    """``version`` is what was looked at."""

    version: int


class EndBody(ActBody):
    """Ended now, or taken back; ``version`` is what was looked at."""

    version: int
    why: str = Field(max_length=500, pattern=WITHOUT_NUL)


class BulkCloseBody(ActBody):
    """How an alarm ended and why, as it stood on the screen."""

    version: int
    up_to: int = Field(ge=0, lt=2**63, description="Journal number of its last signal that was shown (I8).")
    disposition: Disposition
    reason: str = Field(max_length=2000, pattern=WITHOUT_NUL)


@router.get("/storms")
async def listed(caller: SignedIn, parts: StationParts) -> StormBoard:
    """Profiles in force, planned, and ended in the last 7 days; and what a new one can be made of."""
    require(caller.roles, Right.WATCH)
    now, profile = parts.clock.now(), parts.profile
    return await parts.database.read(
        lambda connection: StormBoard(
            storms=tuple(store.listed(connection, now)),
            kinds=storms.coverable(),
            providers=store.providers(connection),
            most_hours=profile.storm_most_s // 3600,
            delay_most_min=profile.storm_delay_most_s // 60,
        )
    )


@router.post("/storms")
async def make(body: StormBody, caller: SignedIn, parts: StationParts) -> StormView:
    """Make a profile, at once or planned."""

    def act(ledger: Ledger) -> StormView:
        return _view(ledger, storms.make(ledger, caller, parts.profile, body.wanted))

    return await answer_once(parts, caller, "storm", body, act, _VIEW)


@router.post("/storms/preview")
async def preview(body: StormBody, caller: SignedIn, parts: StationParts) -> StormPreview:
    """How many open alarms it would touch if it began now; changes nothing."""
    now = parts.clock.now()
    return await parts.database.read(
        lambda connection: storms.preview(connection, caller, parts.profile, body.wanted, now)
    )


@router.post("/storms/{storm_id}/change")
async def change(storm_id: StormId, body: ChangeBody, caller: SignedIn, parts: StationParts) -> StormView:
    """Change a profile that is planned or in force."""

    def act(ledger: Ledger) -> StormView:
        storms.change(ledger, caller, parts.profile, storm_id, body.version, body.wanted)
        return _view(ledger, storm_id)

    # Its version is a part of what is asked: see the profile again before changing it again.
    return await answer_once(parts, caller, f"storm-change/{storm_id}", body, act, _VIEW)


@router.post("/storms/{storm_id}/end")
async def end(storm_id: StormId, body: EndBody, caller: SignedIn, parts: StationParts) -> StormView:
    """End a profile now, or take a planned one back: what it held back is presented."""

    def act(ledger: Ledger) -> StormView:
        storms.end(ledger, caller, storm_id, body.version, body.why)
        return _view(ledger, storm_id)

    return await answer_once(parts, caller, f"storm-end/{storm_id}", body, act, _VIEW)


@router.get("/waiting")
async def waiting(
    caller: SignedIn,
    parts: StationParts,
    kind: Text = "",
    site: Text = "",
    provider: Text = "",
    outage: Text = "",
    storm: Annotated[int | None, Query(ge=1, le=2**62)] = None,
) -> BulkSelection:
    """Waiting alarms by kind, site, provider, outage or storm profile, to be closed together."""
    require(caller.roles, Right.BULK_CLOSE)
    choice = Choice(kind.strip(), site.strip(), provider.strip(), outage.strip(), storm)
    if not choice:
        raise Refused(ErrorCode.INVALID, "Say which alarms: of a kind, a site, a provider, an outage.", "kind")
    return await parts.database.read(lambda connection: selection(connection, choice))


@router.post("/alarms/{alarm_id}/bulk-close")
async def bulk_close(
    alarm_id: Annotated[str, Path(max_length=40, pattern=WITHOUT_NUL)],
    body: BulkCloseBody,
    caller: SignedIn,
    parts: StationParts,
) -> AlarmView:
    """Close one waiting alarm of a choice; each has an act of its own."""
    return await once(
        parts,
        caller,
        f"bulk-close/{alarm_id}",
        body,
        lambda ledger: BulkClose(ledger, caller, parts.profile).close(
            alarm_id, body.version, body.up_to, body.disposition, body.reason
        ),
    )


def _view(ledger: Ledger, storm: int) -> StormView:
    row = store.by_id(ledger.connection, storm)
    assert row is not None
    return store.view(row)
