"""What each can be given, and how F1 goes by it: nothing is hidden, nothing refused but by a sentence (G1, I4, H)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from console.station.acts.registry import NewContact
from models.records import AlarmClass, StaffRole, StaffSkills
from tests.console.station.house import House, Seat, site
from tests.frames import sia
from tests.programs import exported, vigie

SUPERVISOR = StaffRole.SUPERVISOR


async def give(chief: Seat, login: str, **skills: Any) -> StaffSkills:
    """What somebody can be given."""
    answer = await chief.client.post(f"/v1/operators/{login}/skills", json=skills)
    assert answer.status_code == 200, answer.text
    return StaffSkills.model_validate(answer.json())


async def french_site(house: House) -> None:
    """A site whose first contact speaks French, with account 2002."""
    hugo = NewContact("Hugo Laurent", (("mobile", "+32 470 55 50 09"),), languages="FR")
    await house.bring_in(site("S2", "2002", contacts=(hugo,)))


async def look(house: House, *seats: Seat) -> None:
    """A second passes: what consoles are told is made anew."""
    for seat in seats:
        await seat.beat(used=True)
    await house.station.duties.second()


async def test_H_a_supervisor_sets_what_somebody_can_be_given_with_before_and_after(house: House) -> None:
    chief = await house.seat("chief", SUPERVISOR)
    await house.staff("fra")
    first = await give(
        chief, "fra", languages=["nl", "FR", "fr"], classes=["intrusion"], groups=[" Banks ", ""], version=0
    )
    assert (first.languages, first.classes, first.groups) == (("FR", "NL"), (AlarmClass.INTRUSION,), ("Banks",))
    again = await give(chief, "fra", languages=["FR", "NL"], classes=["intrusion"], groups=["Banks"], version=1)
    assert again == first, "nothing changed, nothing is journaled"
    second = await give(chief, "fra", trainee=True, version=1)
    assert second.version == 2
    entries = await house.entries("skills-changed")
    assert [entry["text"] for entry in entries] == [
        "Fra can be given: FR NL · intrusion · Banks",
        "Fra can be given: trainee, no Emergency while another can take it",
    ]
    assert entries[1]["data"]["before"] == {
        "languages": ["FR", "NL"], "classes": ["intrusion"], "groups": ["Banks"], "trainee": False,
    }  # fmt: skip
    assert entries[1]["data"]["after"]["trainee"] is True
    stale = await chief.client.post("/v1/operators/fra/skills", json={"languages": ["NL"], "version": 1})
    assert (stale.status_code, stale.json()["code"]) == (409, "changed")
    staff = {one["person"]["login"]: one for one in (await chief.client.get("/v1/operators")).json()}
    assert staff["fra"]["skills"] == second.model_dump(mode="json")


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"languages": ["Dutch"]}, 422, "languages"),
        ({"languages": ["N"]}, 422, "languages"),
        ({"languages": ["12"]}, 422, "languages"),
        ({"classes": ["fire"]}, 422, "classes.0"),
        ({"groups": ["x" * 101]}, 422, "groups"),
        ({"trainee": "perhaps"}, 422, "trainee"),
        ({"colour": "red"}, 422, "colour"),
    ],
)
async def test_I12_what_cannot_be_meant_names_its_field(
    small_house: House, body: dict[str, Any], status: int, field: str
) -> None:
    chief = await small_house.seat("chief", SUPERVISOR)
    refused = await chief.client.post("/v1/operators/chief/skills", json=body)
    assert (refused.status_code, refused.json()["field"]) == (status, field)
    assert not await small_house.entries("skills-changed")
    assert (await chief.client.post("/v1/operators/nobody/skills", json={})).status_code == 404


async def test_G1_F1_leaves_what_needs_french_to_who_speaks_it_for_seconds(house: House) -> None:
    chief = await house.seat("chief", SUPERVISOR)
    nel, fra = await house.seat("nel"), await house.seat("fra")
    await give(chief, "nel", languages=["NL"])
    await give(chief, "chief", languages=["NL"])
    await french_site(house)
    await house.send(sia("2002", 1, "Nri1/BA07"))
    [alarm] = await house.alarms()
    left = await nel.take_next()
    assert (left.status_code, left.json()["code"]) == (409, "wrong-state")
    assert left.json()["sentence"] == f"{alarm.id} is left to Fra for 30 s more. Enter on its row takes it."
    await house.send(sia("1001", 1, "Nri1/BA07"))
    assert (await nel.take_next()).json()["account"] == "1001", "what is behind it and suits is taken"
    assert (await fra.take_next()).json()["account"] == "2002"
    assert {one.account: one.holder for one in await house.alarms()} == {"1001": "nel", "2002": "fra"}


async def test_G1_what_is_left_to_others_can_always_be_taken_and_soon_is_everybodys(house: House) -> None:
    chief = await house.seat("chief", SUPERVISOR)
    nel, fra = await house.seat("nel"), await house.seat("fra")
    for login in ("nel", "chief"):
        await give(chief, login, languages=["NL"])
    await french_site(house)
    await house.send(sia("2002", 1, "Nri1/BA07"))
    [alarm] = await house.alarms()
    assert (await nel.act(alarm.id, "take")).status_code == 200, "Enter takes every row"
    await nel.act(alarm.id, "release")
    await house.pass_time(30, nel, fra, chief)
    assert (await nel.take_next()).status_code == 200


async def test_G1_F1_is_not_refused_where_somebody_else_was_heard_later_at_the_same_workstation(house: House) -> None:
    """Nobody was named then: "is left to  for 1 s more", and it was left to nobody."""
    chief = await house.seat("chief", SUPERVISOR)
    nel = await house.seat("nel")
    await give(chief, "chief", languages=["NL"])
    house.clock.move(1)
    await house.seat("fra", workstation=nel.workstation)
    await house.send(sia("1001", 1, "Nri1/BA07"))
    taken = await nel.take_next()
    assert taken.status_code == 200, taken.json()["sentence"]


async def test_G1_F1_goes_by_it_with_an_alarm_in_hand_too(house: House) -> None:
    """A more urgent alarm that is left to somebody else parks nobody's work."""
    chief = await house.seat("chief", SUPERVISOR)
    new, old = await house.seat("new"), await house.seat("old")
    await give(chief, "new", trainee=True)
    await house.send(sia("1001", 1, "Nri1/BA07"))
    mine = (await new.take_next()).json()["id"]
    await house.bring_in(site("S3", "3003"))
    await house.send(sia("3003", 1, "Nri2/FA11"))
    refused = await new.take_next()
    assert refused.status_code == 409
    assert "is left to Chief, Old" in refused.json()["sentence"]
    assert (await house.alarm(mine)).holder == "new"
    assert (await old.take_next()).json()["account"] == "3003"


async def test_I4_a_trainee_alone_takes_an_emergency(house: House) -> None:
    chief, new = await house.seat("chief", SUPERVISOR), await house.seat("new")
    await give(chief, "new", trainee=True)
    await chief.client.delete("/v1/session")
    await house.send(sia("1001", 1, "Nri2/FA11"))
    assert (await new.take_next()).status_code == 200


async def test_I4_what_nobody_has_is_offered_to_everybody_said_and_a_trouble(house: House) -> None:
    chief, nel = await house.seat("chief", SUPERVISOR), await house.seat("nel")
    for login in ("nel", "chief"):
        await give(chief, login, languages=["NL"])
    await french_site(house)
    await house.send(sia("2002", 1, "Nri1/BA07"))
    [alarm] = await house.alarms()
    await look(house, chief, nel)
    offers = house.station.duties.offers
    assert offers.made is not None
    assert offers.made[alarm.id].uncovered == ("speaks FR",)
    assert offers.next_id(("nel", "WS-nel"), house.station.profile, house.clock.now()) == alarm.id
    assert not house.station.beat().findings, "that notice is the supervisors', and hides no other"
    await house.station.troubles.look()
    [trouble] = [one for one in await house.alarms() if one.site is None]
    assert (trouble.kind, trouble.priority) == ("station-warning", 4)
    assert trouble.place == "Nobody who speaks FR is signed in: 1 waiting for that is offered to everybody."
    # That alarm needs nobody's skill, so it makes none of its own.
    await look(house, chief, nel)
    assert list(house.station.duties.offers.missing()) == ["speaks FR"]
    assert (await nel.take_next()).json()["account"] == "2002"
    await look(house, chief, nel)
    assert not house.station.duties.offers.missing()


async def test_the_next_alarm_of_a_site_is_first_of_whoever_closed_the_last(house: House) -> None:
    old, new = await house.seat("old"), await house.seat("new")
    await house.bring_in(site("S3", "3003"))
    await house.send(sia("3003", 1, "NRP"), sia("3003", 2, "NAT"))
    taken = (await old.take_next()).json()
    for alarm in await house.alarms():
        if alarm.holder is None:
            await old.act(alarm.id, "take")
    for alarm in await house.alarms():
        closed = await old.act(alarm.id, "close", disposition="no-cause", reason="looked at")
        assert closed.status_code == 200, closed.text
    house.clock.move(60)
    await look(house, old, new)
    await house.send(sia("3003", 3, "NBA1"))
    [again] = await house.alarms()
    refused = await new.take_next()
    assert "is left to Old for 5 s more" in refused.json()["sentence"]
    house.clock.move(5)
    await look(house, old, new)
    assert (await new.take_next()).json()["id"] == again.id
    assert taken["id"] != again.id


def test_the_command_sets_what_it_names_and_leaves_the_rest(tmp_path: Path) -> None:
    data = ("--data", str(tmp_path / "data"))
    assert vigie("operator", "add", *data, "fra", "--role", "operator", stdin="een lang wachtwoord\n").returncode == 0
    done = vigie("operator", "skills", *data, "fra", "--language", "FR", "--language", "NL", "--class", "life safety")
    assert (done.returncode, done.stdout) == (0, "What fra can be given is set.\n"), done.stderr
    assert vigie("operator", "skills", *data, "fra", "--trainee", "yes", "--class", "").returncode == 0
    wrong = vigie("operator", "skills", *data, "fra", "--class", "fire")
    assert (wrong.returncode, "life safety, intrusion" in wrong.stderr) == (2, True)
    nobody = vigie("operator", "skills", *data, "nobody", "--trainee", "yes")
    assert (nobody.returncode, nobody.stderr) == (1, "vigie: Nobody named nobody is on the staff.\n")
    after = [entry["data"]["after"] for entry in exported(tmp_path / "data") if entry["kind"] == "skills-changed"]
    assert after == [
        {"classes": ["life safety"], "groups": [], "languages": ["FR", "NL"], "trainee": False},
        {"classes": [], "groups": [], "languages": ["FR", "NL"], "trainee": True},
    ]
