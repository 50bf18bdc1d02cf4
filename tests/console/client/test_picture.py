"""What a workstation knows, and what it makes of the feed (G1, E5, F3, I4, I8)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from console.client.picture import ACTIVITY_KEPT, LEAVES_AFTER, Known
from models.records import AlarmState, AlarmView, Beat, FeedItem, StormDoes, StormMark
from tests.widgets.made import NOW, SITE, ago, alarm, cancelled, entry, held, in_test, parked, picture

CLOSED = {"state": AlarmState.CLOSED, "closed_at": NOW, "version": 5}


@pytest.fixture
def known() -> Known:
    known = Known()
    known.load(picture(alarm("A1"), activity=(entry(10), entry(9))))
    return known


def tell(known: Known, seq: int, of: AlarmView | None = None, site: str | None = None, **more: object) -> bool:
    return known.apply(FeedItem.model_validate({"entry": entry(seq, site=site), "alarm": of, **more}))


def test_an_entry_is_taken_in_once(known: Known) -> None:
    assert tell(known, 11, alarm("A2"))
    assert known.event_id == "j:11"
    assert not tell(known, 11, alarm("A3"))
    assert not tell(known, 10)
    assert list(known.alarms) == ["A1", "A2"]
    assert [one.seq for one in known.activity] == [11, 10, 9]


def test_the_activity_keeps_the_newest(known: Known) -> None:
    for seq in range(11, 11 + 2 * ACTIVITY_KEPT):
        tell(known, seq)
    assert [one.seq for one in known.activity] == list(range(10 + 2 * ACTIVITY_KEPT, 10 + ACTIVITY_KEPT, -1))


def test_a_new_picture_replaces_everything(known: Known) -> None:
    tell(known, 11, alarm("A2"), site="S1", tests=(in_test(),))
    known.load(picture(alarm("A3"), event_id="k:3"))
    assert list(known.alarms) == ["A3"]
    assert known.tests == {}
    assert known.event_id == "k:3"
    assert tell(known, 4)


@pytest.mark.parametrize("older", [alarm(version=2, last_seq=20), alarm(version=3, last_seq=19)])
def test_older_news_of_an_alarm_changes_nothing(known: Known, older: AlarmView) -> None:
    known.see(alarm(version=3, last_seq=20, words="newest"))
    known.see(older)
    assert known.alarms["A1"].words == "newest"


def test_older_news_brings_no_closed_alarm_back(known: Known) -> None:
    # The answer to an act comes on another connection than the feed, and may come first.
    known.see(alarm(**CLOSED))
    assert known.alarms == {}
    tell(known, 11, held("A1"))
    assert known.alarms == {}
    assert known.in_hand() == []


def test_I8_a_joined_signal_is_newer_at_the_same_version(known: Known) -> None:
    known.see(alarm(last_seq=11, signals=2))
    assert known.alarms["A1"].signals == 2


def test_E5_a_cancelled_low_alarm_stays_in_sight_for_ten_seconds(known: Known) -> None:
    known.see(alarm("L1", priority=4))
    known.see(alarm("L1", priority=4, cancelled=cancelled(), **CLOSED))
    assert "L1" in known.alarms
    assert known.waiting(4) == []
    assert "L1" not in {one.id for one in known.ringing()}
    assert not known.forget_left(NOW + LEAVES_AFTER - timedelta(seconds=1))
    assert known.forget_left(NOW + LEAVES_AFTER)
    assert "L1" not in known.alarms


@pytest.mark.parametrize(
    "ended",
    [
        alarm("A1", **CLOSED),
        alarm("A1", priority=4, **CLOSED),
        alarm("A1", priority=2, cancelled=cancelled(), **CLOSED),
        alarm("A9", priority=4, cancelled=cancelled(), **CLOSED),
    ],
)
def test_any_other_closed_alarm_leaves_at_once(known: Known, ended: AlarmView) -> None:
    known.see(ended)
    assert ended.id not in known.alarms


def test_G1_priority_then_age(known: Known) -> None:
    known.load(
        picture(
            alarm("young", priority=2, came=ago(5)),
            alarm("low", priority=4, came=ago(900)),
            alarm("old", priority=2, came=ago(500)),
            alarm("fire", priority=1, came=ago(1)),
        )
    )
    assert [one.id for one in known.waiting()] == ["fire", "old", "young", "low"]
    assert [one.id for one in known.waiting(2)] == ["old", "young"]


def test_G2_in_hand_is_what_this_workstation_holds(known: Known) -> None:
    known.load(picture(held("mine"), held("elsewhere", workstation="WS 02"), held("bea's", holder="bea")))
    assert [one.id for one in known.in_hand()] == ["mine"]
    assert Known().in_hand() == []


def test_I4_what_rings(known: Known) -> None:
    known.load(
        picture(
            alarm("waiting"),
            held("quiet"),
            held("signal", unseen=1, priority=2),
            held("idle", idle_warned_at=NOW, priority=1),
            held("another's", holder="bea", unseen=2),
            parked("parked"),
        )
    )
    assert [one.id for one in known.ringing()] == ["idle", "signal", "waiting"]


def test_F3_a_test_that_grows_old_is_brought_up(known: Known) -> None:
    def site(number: str) -> dict[str, object]:
        return {"site": SITE.model_copy(update={"id": number})}

    day = timedelta(hours=24)
    known.load(
        picture(
            tests=(
                in_test(since=NOW - day + timedelta(seconds=1), **site("young")),
                in_test(since=NOW - day, **site("old")),
                in_test(since=ago(60), ends_at=NOW, **site("past its end")),
                in_test(since=ago(70), ends_at=NOW + timedelta(seconds=1), **site("before its end")),
            )
        )
    )
    assert [test.site.id for test in known.tests_by_age()] == ["old", "young", "before its end", "past its end"]
    assert [test.site.id for test in known.grown_old(NOW)] == ["old", "past its end"]


def test_F3_a_test_begins_and_ends_with_the_feed(known: Known) -> None:
    tell(known, 11, site="S1", tests=(in_test(),))
    assert list(known.tests) == ["S1"]
    tell(known, 12, site="S1", tests=())
    assert known.tests == {}


def test_I4_the_newest_word_on_the_auditors_findings(known: Known) -> None:
    assert list(known.findings()) == []
    known.load(picture(findings=("A1 is held by nobody",)))
    assert list(known.findings()) == ["A1 is held by nobody"]
    known.beat = Beat(at=NOW, seq=11)
    assert list(known.findings()) == []
    assert list(Known().findings()) == []


def test_F6_other_response_targets_hold_for_what_is_open_as_well(known: Known) -> None:
    tell(known, 11, alarm("A2", priority=1, target_s=30))
    tell(known, 12, targets={1: 20, 2: 120, 3: 120, 4: 120})
    assert {one.id: one.target_s for one in known.waiting()} == {"A2": 20, "A1": 120}
    assert known.picture is not None
    assert known.picture.targets == {1: 20, 2: 120, 3: 120, 4: 120}


def test_G1_what_a_storm_profile_groups_comes_after_the_others_of_its_priority_and_its_first_stands_for_all() -> None:
    def mark(does: StormDoes, storm: int = 7) -> StormMark:
        return StormMark(id=storm, name="Ciara", does=does, until=NOW + timedelta(hours=1))

    known = Known()
    known.load(
        picture(
            alarm("old", priority=4, came=ago(90), storm=mark(StormDoes.GROUP)),
            alarm("older", priority=4, came=ago(99), storm=mark(StormDoes.GROUP)),
            alarm("other", priority=4, came=ago(95), storm=mark(StormDoes.GROUP, 8)),
            alarm("late", priority=4, came=ago(98), storm=mark(StormDoes.DELAY, 9)),
            alarm("low", priority=4, came=ago(10), storm=mark(StormDoes.LOWER, 6)),
            alarm("high", priority=2, came=ago(5)),
        )
    )
    assert [one.id for one in known.waiting()] == ["high", "low", "older", "other"]
    assert [one.id for one in known.waiting(4)] == ["low", "older", "other"]
    assert {one.id for one in known.all_waiting()} == {"high", "low", "older", "other", "old", "late"}
    assert known.storm_counts() == {6: 1, 7: 2, 8: 1, 9: 1}
    assert not known.forget_left(NOW + timedelta(minutes=59))
    assert known.forget_left(NOW + timedelta(hours=1))
    assert [one.id for one in known.waiting()] == ["high", "older", "late", "other", "old", "low"]
