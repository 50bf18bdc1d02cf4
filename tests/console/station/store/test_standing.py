"""I5, G4: what the tables say of staff and alarms is what the journal tells; whoever writes past it is found."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text

from console.station.store import standing
from console.station.verifying import verify_journal
from models.records import StaffRole
from tests.console.station.house import House, Seat
from tests.frames import sia

EVE = "INSERT INTO operator (login, name, password_hash) VALUES ('eve', 'Eve', 'x')"
EVE_RULES = "INSERT INTO operator_role (login, role) VALUES ('eve', 'administrator')"


async def evening(house: House) -> tuple[Seat, str, str]:
    """An alarm that claes closed and one that is open; who closed it, and the numbers of both."""
    seat = await house.seat("claes")
    await house.send(sia("1001", 1, "Nri1/FA11"))
    [ended] = await house.alarms()
    assert (await seat.act(ended.id, "take")).status_code == 200
    await seat.skip_all(ended.id)
    answer = await seat.act(ended.id, "close", disposition="false-user", reason="burnt toast")
    assert answer.status_code == 200, answer.text
    await house.send(sia("1001", 2, "Nri1/BA07"))
    [left] = await house.alarms()
    return seat, ended.id, left.id


async def found(house: House, *statements: str) -> list[str]:
    """What differs after somebody wrote ``statements`` into the database by hand."""
    house.by_hand = True
    for statement in statements:
        await house.station.database.write(lambda c, sql=statement: c.execute(text(sql)))  # type: ignore[misc]
    return await house.station.database.read(lambda c: list(standing.differences(c)))


async def test_I5_an_administrator_who_was_slipped_in_is_found(house: House) -> None:
    await evening(house)
    assert await found(house) == []
    assert await found(house, EVE, EVE_RULES) == [
        "eve can sign in as administrator, and no entry tells that they were added"
    ]


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        (
            "INSERT INTO operator_role (login, role) VALUES ('claes', 'administrator')",
            "claes is administrator, operator, and was added as operator",
        ),
        (
            "UPDATE operator_role SET role = 'administrator'",
            "claes is administrator, and was added as operator",
        ),
        (
            "UPDATE operator SET password_hash = 'of another'",
            "the password of claes is not the one with which they were added",
        ),
    ],
)
async def test_I5_rights_and_passwords_that_no_entry_tells_of_are_found(
    house: House, statement: str, sentence: str
) -> None:
    await evening(house)
    assert await found(house, statement) == [sentence]


async def test_G4_an_alarm_closed_past_the_journal_is_found(house: House) -> None:
    _seat, _ended, left = await evening(house)
    assert await found(house, f"UPDATE alarm SET state = 'closed', closed_by = 'Claes' WHERE id = '{left}'") == [
        f"alarm {left} is closed in the tables, and no entry tells that it was ended"
    ]


async def test_G4_an_alarm_that_is_gone_opened_again_or_made_up_is_found(house: House) -> None:
    _seat, ended, left = await evening(house)
    for table in ("alarm_signal", "alarm"):
        await found(house, f"DELETE FROM {table} WHERE {'id' if table == 'alarm' else 'alarm'} = '{left}'")
    assert await found(house) == [f"alarm {left} is open by the journal, and is not in the tables"]
    assert await found(house, f"UPDATE alarm SET state = 'waiting' WHERE id = '{ended}'") == [
        f"alarm {ended} is waiting in the tables, and the journal says that it was ended",
        f"alarm {left} is open by the journal, and is not in the tables",
    ]


async def test_G4_another_name_for_who_closed_it_is_found(house: House) -> None:
    _seat, ended, _left = await evening(house)
    assert await found(house, f"UPDATE alarm SET closed_by = 'Maes' WHERE id = '{ended}'") == [
        f"alarm {ended} was closed by Claes, and the tables name Maes"
    ]


async def test_I5_verifying_tells_of_it(house: House, place: Path | str, capsys: pytest.CaptureFixture[str]) -> None:
    await house.seat("maes", StaffRole.SUPERVISOR)
    house.station.sealer.seal()
    assert await asyncio.to_thread(verify_journal, place) == 0
    await found(house, EVE, EVE_RULES)
    assert await asyncio.to_thread(verify_journal, place) == 1
    assert "eve can sign in as administrator, and no entry tells that they were added" in capsys.readouterr().out


async def test_I5_roles_told_in_words_alone_by_an_earlier_version_are_read(small_house: House) -> None:
    await small_house.staff("maes", StaffRole.SUPERVISOR, StaffRole.ADMINISTRATOR)
    earlier = """UPDATE journal_payload SET data = '{"login": "maes"}' WHERE text LIKE 'Operator Maes%'"""
    assert await found(small_house, "DROP TRIGGER journal_payload_no_update", earlier) == []
    assert await found(small_house, "DELETE FROM operator_role WHERE role = 'supervisor'") == [
        "maes is administrator, and was added as administrator, supervisor"
    ]
