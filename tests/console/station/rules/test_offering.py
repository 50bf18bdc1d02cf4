"""To whom F1 gives a waiting alarm: every state of operators and alarms leaves each alarm in reach (I4, G1)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.station.rules.offering import Needs, Offer, Present, Waiting, lacks, next_for, offer, offers
from console.station.rules.profile import DEFAULT_PROFILE
from models.records import AlarmClass, Escalation, StaffSkills
from tests.console.station.rules.facts import NOW, later

LIFE, INTRUSION = AlarmClass.LIFE_SAFETY, AlarmClass.INTRUSION
FRENCH = Needs(INTRUSION, frozenset({"FR"}))
ALL = StaffSkills()
DUTCH = StaffSkills(languages=("NL",))
BOTH = StaffSkills(languages=("FR", "NL"))
TRAINEE = StaffSkills(trainee=True)


def who(login: str, skills: StaffSkills = ALL, **changes: object) -> Present:
    return Present(login, login.capitalize(), f"WS {login}", skills, **changes)  # type: ignore[arg-type]


def waiting(priority: int = 3, needs: Needs = FRENCH, **changes: object) -> Waiting:
    return Waiting("A-1", priority, NOW, needs=needs, **changes)  # type: ignore[arg-type]


def made(alarm: Waiting, *present: Present, after: float = 0) -> Offer:
    return offer(alarm, present, DEFAULT_PROFILE, later(after))


def logins(offered: Offer) -> set[str]:
    return {login for login, _workstation in offered.to}


@pytest.mark.parametrize(
    ("skills", "needs", "missing"),
    [
        (ALL, FRENCH, ()),
        (DUTCH, FRENCH, ("speaks FR",)),
        (BOTH, FRENCH, ()),
        (DUTCH, Needs(INTRUSION), ()),
        (StaffSkills(classes=(LIFE,)), FRENCH, ("handles intrusion",)),
        (StaffSkills(classes=(LIFE,)), Needs(), ()),
        (StaffSkills(groups=("Banks",)), Needs(group="Shops"), ("serves the group Shops",)),
        (StaffSkills(groups=("Banks",)), Needs(group="Banks"), ()),
        (StaffSkills(groups=("Banks",)), Needs(), ()),
        (DUTCH, Needs(INTRUSION, frozenset({"FR", "DE"})), ("speaks DE or FR",)),
    ],
)
def test_what_somebody_lacks(skills: StaffSkills, needs: Needs, missing: tuple[str, ...]) -> None:
    assert lacks(skills, needs) == missing


@pytest.mark.parametrize(
    ("present", "after", "offered"),
    [
        # Left to who suits it, for so long and no longer.
        ((who("nel", DUTCH), who("fra", BOTH)), 0, {"fra"}),
        ((who("nel", DUTCH), who("fra", BOTH)), 29.9, {"fra"}),
        ((who("nel", DUTCH), who("fra", BOTH)), 30, {"nel", "fra"}),
        # Who suits it cannot take it now: it is everybody's.
        ((who("nel", DUTCH), who("fra", BOTH, holds=3)), 0, {"nel", "fra"}),
        ((who("nel", DUTCH), who("fra", BOTH, locked=True)), 0, {"nel", "fra"}),
        # With something less urgent in hand F1 takes it all the same.
        ((who("nel", DUTCH), who("fra", BOTH, holds=4)), 0, {"fra"}),
        # Nobody has the skill: everybody's at once.
        ((who("nel", DUTCH), who("jan", DUTCH)), 0, {"nel", "jan"}),
        ((who("nel", DUTCH),), 0, {"nel"}),
        ((), 0, set()),
    ],
)
def test_skills_leave_an_alarm_for_seconds_while_somebody_can_take_it(
    present: tuple[Present, ...], after: float, offered: set[str]
) -> None:
    assert logins(made(waiting(), *present, after=after)) == offered


def test_escalation_goes_before_routing() -> None:
    present = (who("nel", DUTCH), who("fra", BOTH))
    assert logins(made(waiting(escalated=int(Escalation.SUPERVISORS)), *present)) == {"nel", "fra"}


def test_a_trainee_is_not_given_an_emergency_while_somebody_else_can_take_it() -> None:
    fire = waiting(1, Needs(LIFE))
    new, old = who("new", TRAINEE), who("old", holds=2)
    assert logins(made(fire, new, old)) == {"old"}
    assert logins(made(fire, new, old, after=59.9)) == {"old"}
    assert logins(made(fire, new, old, after=60)) == {"new", "old"}, "supervisors are told then"
    assert logins(made(fire, new, who("old", holds=1))) == {"new", "old"}
    assert logins(made(waiting(2, Needs(LIFE)), new, old)) == {"new", "old"}
    # More than a language: the trainee who speaks it is not given it for that.
    french = waiting(1, Needs(LIFE, frozenset({"FR"})))
    assert logins(made(french, who("new", StaffSkills(trainee=True, languages=("FR",))), who("nel", DUTCH))) == {"nel"}


def test_the_same_site_goes_first_to_whoever_closed_its_last_alarm() -> None:
    again = waiting(needs=Needs(INTRUSION), sticks_to="old")
    old, new = who("old"), who("new")
    assert logins(made(again, old, new)) == {"old"}
    assert logins(made(again, old, new, after=5)) == {"old", "new"}
    for away in (who("old", idle=True), who("old", locked=True), who("old", holds=4), who("other")):
        assert logins(made(again, away, new)) == {away.login, "new"}
    assert logins(made(waiting(1, Needs(LIFE), sticks_to="old"), old, new)) == {"old", "new"}, (
        "no Emergency waits for it"
    )


def test_what_nobody_has_is_said_and_it_is_offered_to_everybody() -> None:
    nobody = made(waiting(), who("nel", DUTCH), who("jan", DUTCH))
    assert nobody.uncovered == ("speaks FR",)
    assert not nobody.left_to
    assert made(waiting(), who("nel", DUTCH), who("fra", BOTH, locked=True)).uncovered == (), "signed in, if locked"
    apart = made(waiting(), who("fra", StaffSkills(languages=("FR",), classes=(LIFE,))), who("nel", DUTCH))
    assert apart.uncovered == ("handles intrusion",), "each is there, and nobody has both"
    assert made(waiting(1, Needs(LIFE)), who("new", TRAINEE)).uncovered == ("is no trainee",)
    assert made(waiting()).uncovered == (), "nobody is there to be told"


def test_who_it_is_left_to_and_until_when_is_said() -> None:
    left = made(waiting(), who("nel", DUTCH), who("fra", BOTH))
    assert (left.left_to, left.until) == (("Fra",), later(30))
    assert made(waiting(), who("nel", DUTCH), who("fra", BOTH), after=30).until is None


def test_G1_F1_takes_by_priority_then_age_and_of_ones_own_sites_first_among_what_is_new() -> None:
    mine = Waiting("mine", 3, later(20), sticks_to="old")
    older = Waiting("older", 3, later(10))
    high = Waiting("high", 2, later(21))
    old = who("old")

    def takes(*alarms: Waiting, after: float) -> str | None:
        now = later(after)
        found = next_for(old.place, alarms, offers(alarms, [old], DEFAULT_PROFILE, now), DEFAULT_PROFILE, now)
        return None if found is None else found.id

    assert takes(mine, older, after=22) == "mine"
    assert takes(mine, older, after=40) == "older", "what has waited long is passed over for nothing"
    assert takes(mine, older, high, after=22) == "high"
    assert takes(after=0) is None


SKILLS = st.builds(
    StaffSkills,
    languages=st.sampled_from([(), ("NL",), ("FR",), ("FR", "NL")]),
    classes=st.sampled_from([(), (LIFE,), (INTRUSION,)]),
    groups=st.sampled_from([(), ("Banks",)]),
    trainee=st.booleans(),
)
PRESENT = st.lists(
    st.builds(
        Present,
        login=st.sampled_from("abcdef"),
        name=st.just("N"),
        workstation=st.sampled_from(["1", "2"]),
        skills=SKILLS,
        locked=st.booleans(),
        idle=st.booleans(),
        holds=st.sampled_from([None, 1, 2, 3, 4]),
    ),
    max_size=5,
    unique_by=lambda one: one.place,
)
NEEDS = st.builds(
    Needs,
    alarm_class=st.sampled_from([None, LIFE, INTRUSION]),
    languages=st.sampled_from([frozenset(), frozenset({"FR"}), frozenset({"NL"})]),
    group=st.sampled_from(["", "Banks", "Shops"]),
)
ALARMS = st.lists(
    st.builds(
        Waiting,
        id=st.uuids().map(str),
        priority=st.integers(1, 4),
        # Also received by a station whose clock is ahead of this one's.
        since=st.integers(-600, 200).map(lambda s: NOW - timedelta(seconds=s)),
        escalated=st.integers(0, 2),
        needs=NEEDS,
        sticks_to=st.sampled_from(["", "a", "b", "z"]),
    ),
    max_size=5,
)


@given(PRESENT, ALARMS)
def test_I4_every_waiting_alarm_is_offered_to_somebody_and_to_who_can_take_it(
    present: list[Present], alarms: list[Waiting]
) -> None:
    for alarm in alarms:
        to = offer(alarm, present, DEFAULT_PROFILE, NOW).to
        assert bool(to) == bool(present)
        able = {one.place for one in present if one.able(alarm.priority)}
        assert not able or not able.isdisjoint(to), "whoever can take it is passed over by everybody"


@given(PRESENT, ALARMS)
def test_I4_within_a_bounded_time_it_is_everybodys(present: list[Present], alarms: list[Waiting]) -> None:
    for alarm in alarms:
        bound = max(DEFAULT_PROFILE.left_s[alarm.priority], DEFAULT_PROFILE.site_first_s)
        if alarm.priority == 1:
            bound = DEFAULT_PROFILE.escalate_s[1][0]
        everybody = {one.place for one in present}
        assert offer(alarm, present, DEFAULT_PROFILE, alarm.since + timedelta(seconds=bound)).to == everybody
        now = offer(alarm, present, DEFAULT_PROFILE, NOW)
        if now.to != everybody:
            assert now.until is not None
            assert NOW < now.until <= alarm.since + timedelta(seconds=bound)
            assert now.until <= NOW + timedelta(seconds=bound + 2)
            assert now.left_to


@given(PRESENT, ALARMS)
def test_G1_a_whole_shift_that_only_presses_F1_takes_everything(present: list[Present], alarms: list[Waiting]) -> None:
    """Whoever can take anything is given something, in whatever state the others are; so nothing is left over."""
    left = {alarm.id: alarm for alarm in alarms}
    while any(one.able(alarm.priority) for one in present for alarm in left.values()):
        offered = offers(left.values(), present, DEFAULT_PROFILE, NOW)
        given = [(one, next_for(one.place, left.values(), offered, DEFAULT_PROFILE, NOW)) for one in present]
        taken = {alarm.id for one, alarm in given if alarm is not None and one.able(alarm.priority)}
        assert taken, "something waits, somebody can take it, and F1 gives nobody anything"
        for gone in taken:
            del left[gone]
