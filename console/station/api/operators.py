"""Staff over HTTP: who is at which workstation, and what each can be given (issue 6, 5)."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field, TypeAdapter

from console.station.acts import skills
from console.station.api.context import WITHOUT_NUL, ActBody, SignedIn, StationParts, answer_once
from console.station.rules.rights import Right, require
from console.station.store import staff
from console.station.store.ledger import Ledger
from models.records import AlarmClass, StaffMember, StaffSkills

router = APIRouter(prefix="/v1/operators")
_SKILLS = TypeAdapter(StaffSkills)
Login = Annotated[str, Path(min_length=1, max_length=60, pattern=WITHOUT_NUL)]


class SkillsBody(ActBody):
    """What somebody can be given, whole; what is empty limits nothing."""

    languages: tuple[str, ...] = Field(default=(), max_length=40)
    classes: tuple[AlarmClass, ...] = Field(default=(), max_length=10)
    groups: tuple[str, ...] = Field(default=(), max_length=40)
    trainee: bool = False


@router.get("")
async def show(caller: SignedIn, parts: StationParts) -> list[StaffMember]:
    """Everybody who works on shift, by name; what each holds is among the alarms of the picture."""
    require(caller.roles, Right.WATCH)
    now, lease = parts.clock.now(), timedelta(seconds=parts.profile.lease_s)
    return await parts.database.read(lambda connection: staff.members(connection, now, lease))


@router.post("/{login}/skills")
async def set_skills(login: Login, body: SkillsBody, caller: SignedIn, parts: StationParts) -> StaffSkills:
    """Change what somebody can be given; ``version`` is that of what was shown (I11)."""
    require(caller.roles, Right.KEEP_SKILLS)
    wanted = StaffSkills(languages=body.languages, classes=body.classes, groups=body.groups, trainee=body.trainee)

    def act(ledger: Ledger) -> StaffSkills:
        return skills.set_skills(ledger, caller.actor, login, wanted, body.version)

    return await answer_once(parts, caller, f"skills/{login}", body, act, _SKILLS)
