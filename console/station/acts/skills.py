"""What members of staff can be given: kept by supervisors, journaled with before and after (issue 6, 5)."""

from __future__ import annotations

import json
from collections.abc import Mapping

from sqlalchemy import insert, select, update

from console.station.rules.lines import one_line
from console.station.rules.refusal import Refused
from console.station.store import staff
from console.station.store.ledger import Ledger
from console.station.store.offering import read_languages
from models.records import Actor, ErrorCode, StaffSkills
from models.tables import OperatorRow, OperatorSkillRow

_MOST, _LONGEST = 40, 100


def set_skills(
    ledger: Ledger, actor: Actor, login: str, wanted: StaffSkills, version: int | None = None
) -> StaffSkills:
    """Set what somebody can be given; refused where it was changed since ``version`` was shown (I11)."""
    row = ledger.connection.execute(select(OperatorRow).where(OperatorRow.login == login.strip().lower())).first()
    if row is None:
        raise Refused(ErrorCode.NOT_FOUND, f"Nobody named {login} is on the staff.", "operator")
    before = staff.all_skills(ledger.connection, [row.login]).get(row.login, StaffSkills())
    if version is not None and version != before.version:
        raise Refused(
            ErrorCode.CHANGED, f"What {row.name} can be given was changed meanwhile: {words(before)}.", "version"
        )
    after = StaffSkills(
        languages=_languages(wanted.languages),
        classes=tuple(sorted(set(wanted.classes))),
        groups=_groups(wanted.groups),
        trainee=wanted.trainee,
        version=before.version + 1,
    )
    if after.model_copy(update={"version": before.version}) == before:
        return before
    values = {
        "languages": json.dumps(after.languages),
        "classes": json.dumps(after.classes),
        "groups": json.dumps(after.groups, ensure_ascii=False),
        "trainee": int(after.trainee),
        "version": after.version,
    }
    if before.version:
        ledger.connection.execute(update(OperatorSkillRow).where(OperatorSkillRow.login == row.login).values(**values))
    else:
        ledger.connection.execute(insert(OperatorSkillRow).values(login=row.login, **values))
    ledger.append(
        "skills-changed",
        actor,
        f"{row.name} can be given: {words(after)}",
        data={"login": row.login, "before": _plain(before), "after": _plain(after)},
    )
    return after


def change_skills(ledger: Ledger, actor: Actor, login: str, given: Mapping[str, object]) -> StaffSkills:
    """Change some of it, and leave the rest as it is set."""
    name = login.strip().lower()
    before = staff.all_skills(ledger.connection, [name]).get(name, StaffSkills())
    return set_skills(ledger, actor, name, StaffSkills.model_validate({**before.model_dump(), **given}))


def words(skills: StaffSkills) -> str:
    """``trainee · FR NL · intrusion``; ``everything`` where nothing is limited."""
    parts = (
        "trainee, no Emergency while another can take it" if skills.trainee else "",
        " ".join(skills.languages),
        ", ".join(one.value for one in skills.classes),
        ", ".join(skills.groups),
    )
    return " · ".join(part for part in parts if part) or "everything"


def _languages(given: tuple[str, ...]) -> tuple[str, ...]:
    found = read_languages(" ".join(given))
    wrong = next((one for one in found if not 2 <= len(one) <= 3), None)
    # What has no letters would limit nothing, where something was meant.
    if wrong is not None or len(found) > _MOST or (any(one.strip() for one in given) and not found):
        raise Refused(ErrorCode.INVALID, "A language has two or three letters, as NL, FR, DE.", "languages")
    return found


def _groups(given: tuple[str, ...]) -> tuple[str, ...]:
    found = tuple(sorted({one_line(one).strip() for one in given if one.strip()}))
    if len(found) > _MOST or any(len(one) > _LONGEST for one in found):
        raise Refused(ErrorCode.INVALID, f"At most {_MOST} customer groups, of {_LONGEST} characters each.", "groups")
    return found


def _plain(skills: StaffSkills) -> dict[str, object]:
    return {
        "languages": list(skills.languages),
        "classes": [one.value for one in skills.classes],
        "groups": list(skills.groups),
        "trainee": skills.trainee,
    }
