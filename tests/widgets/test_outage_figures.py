"""An outage at a glance: nothing counted twice, nothing left out (visual.md 06d)."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from models.records import OutageMember, OutageView, SiteRef
from tests.widgets.made import NOW, ago, alarm, detail, step
from widgets.outage_figures import by_place, by_what_to_do, growth
from widgets.queue.preview import Preview

OUTAGE = OutageView(lost=3, back=1, alone=1, began_at=ago(90), last_loss_at=ago(30))


def member(nth: int, town: str, *, postcode: str = "", lost: float = 60, back: float | None = None) -> OutageMember:
    site = SiteRef(id=f"S-{nth}", name=f"Site {nth}", town=town, postcode=postcode)
    back_at = None if back is None else ago(back)
    return OutageMember(site=site, account=str(nth), lost_at=ago(lost), back_at=back_at)


def test_every_system_is_in_one_row() -> None:
    assert [row.systems for row in by_what_to_do(OUTAGE).values()] == [1, 2, 1]


@given(st.lists(st.tuples(st.integers(0, 30), st.sampled_from(["", "1000", "9000"]), st.booleans())))
def test_bars_count_what_is_off_line_and_leave_nothing_out(given_: list[tuple[int, str, bool]]) -> None:
    members = [
        member(nth, f"Town {town}", postcode=code, back=1 if is_back else None)
        for nth, (town, code, is_back) in enumerate(given_)
    ]
    bars = by_place(members)
    assert sum(count for _, count in bars) == sum(1 for each in members if each.back_at is None)
    assert len(bars) <= 5


def test_many_towns_are_counted_by_their_postcodes() -> None:
    members = [member(nth, f"Town {nth}", postcode="9000" if nth % 3 else "1000") for nth in range(30)]
    assert by_place(members) == [("Postcode 9…", 20), ("Postcode 1…", 10)]
    assert by_place([*members, member(99, "Gent")])[-1] == ("Other places", 27)


def test_the_curve_rises_with_each_loss_and_falls_with_each_return() -> None:
    members = [member(1, "Gent", lost=60), member(2, "Gent", lost=60, back=20), member(3, "Gent", lost=40)]
    assert growth(members) == [(ago(60), 2), (ago(40), 3), (ago(20), 2)]


def test_nothing_moves_when_the_systems_come_and_anothers_are_dropped(qtbot: QtBot) -> None:
    preview = Preview()
    qtbot.addWidget(preview)
    preview.resize(612, 700)
    preview.show()
    preview.show_alarm(alarm("O1", kind="outage", site=None, outage=OUTAGE))
    before = preview.figures.geometry()
    preview.show_members("another", [member(1, "Gent")])
    assert "Gent" not in preview.figures.accessibleName()
    preview.show_members("O1", [member(1, "Gent"), member(2, "Aalst")])
    preview.tick(NOW + timedelta(seconds=1))
    assert preview.figures.geometry() == before
    assert "Gent 1" in preview.figures.accessibleName()
    preview.show_alarm(alarm("O2", kind="outage", site=None, outage=OUTAGE))
    assert "Gent" not in preview.figures.accessibleName()
    preview.show_alarm(alarm("A1"))
    assert preview.figures.isHidden()


def test_the_window_does_not_grow_when_the_bar_goes_from_a_long_call_list_to_an_outage(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    preview = Preview()
    QVBoxLayout(window).addWidget(preview)
    window.resize(640, 560)
    window.show()
    before = window.height()
    long = detail(None, *(step(nth, f"Contact {nth}", "+32 400 55 01 01") for nth in range(8)))
    preview.show_alarm(long.alarm)
    preview.show_detail(long)
    QApplication.processEvents()
    alone = window.minimumSizeHint().height()
    preview.show_alarm(alarm("O1", kind="outage", site=None, outage=OUTAGE))
    QApplication.processEvents()
    assert window.height() == max(before, alone, window.minimumSizeHint().height()), "it grew for both at once"
