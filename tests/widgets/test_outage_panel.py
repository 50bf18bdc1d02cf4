"""The systems of an outage on screen: order, words, and what may be asked (visual.md 06d)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from models.records import OutageMember, OutageView, SiteRef
from tests.widgets.made import alarm
from widgets.queue.face import face, spoken
from widgets.workspace.outage_panel import OutagePanel

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
OUTAGE = OutageView(lost=3961, back=51, alone=212, began_at=NOW - timedelta(seconds=98), last_loss_at=NOW)


def member(account: str, lost_ago: int = 60, *, back: bool = False, second: bool = False) -> OutageMember:
    return OutageMember(
        site=SiteRef(id=f"S-{account}", name=f"Site {account}", town="Gent"),
        account=account,
        lost_at=NOW - timedelta(seconds=lost_ago),
        back_at=NOW if back else None,
        second_path=second,
    )


@pytest.fixture
def panel(qtbot: QtBot) -> OutagePanel:
    made = OutagePanel()
    qtbot.addWidget(made)
    made.show()
    return made


def shown(panel: OutagePanel) -> list[str]:
    return [
        panel.list.model.data(panel.list.model.index(row)).split(",")[1].strip()
        for row in range(panel.list.model.rowCount())
    ]


def test_off_line_without_a_second_path_stands_first_and_what_is_back_last(panel: OutagePanel) -> None:
    panel.show_members(
        [member("A", back=True), member("B", second=True), member("C", 30), member("D", 90), member("E", 30)]
    )
    assert shown(panel) == ["S-D", "S-C", "S-E", "S-B", "S-A"]


def test_the_focus_bar_stays_on_its_system_when_others_join_or_return(panel: OutagePanel) -> None:
    panel.show_members([member("C"), member("D")])
    panel.list.view.setCurrentIndex(panel.list.model.index(1))
    panel.show_members([member("A", 90), member("C", back=True), member("D")])
    chosen = panel.list.chosen()
    assert chosen is not None
    assert chosen.account == "D"


def test_where_a_system_went_to_a_row_of_its_own_its_neighbour_is_next(panel: OutagePanel) -> None:
    panel.show_members([member("A", 90), member("B", 80), member("C", 70), member("D", 60)])
    for gone, next_ in (("B", "C"), ("C", "D"), ("D", "A")):
        panel.list.view.setCurrentIndex(panel.list.model.index(panel.list.model.row_of(gone) or 0))
        left = [each for each in panel.list.model.members() if each.account != gone]
        panel.show_members(left)
        chosen = panel.list.chosen()
        assert chosen is not None
        assert chosen.account == next_


def test_a_row_of_its_own_is_asked_for_what_is_off_line_alone(panel: OutagePanel, qtbot: QtBot) -> None:
    panel.show_members([member("A", back=True)])
    assert not panel.can_split()
    assert not panel.split.isEnabled()
    panel.show_members([member("A")])
    assert panel.split.isEnabled()
    with qtbot.waitSignal(panel.split_asked) as asked:
        panel.press_split()
    assert asked.args == ["A"]


def test_the_model_keeps_qts_rules(panel: OutagePanel, qtmodeltester: ModelTester) -> None:
    panel.show_members([member("A"), member("B", back=True)])
    qtmodeltester.check(panel.list.model, force_py=True)
    panel.show_members([member("A"), member("B"), member("C")])


def test_the_queue_says_one_row_for_many_sites_counted_once() -> None:
    shown_ = alarm(came=NOW, site=None, kind="outage", words="Provider outage, Fixnet", priority=2, outage=OUTAGE)
    said = face(shown_, NOW + timedelta(seconds=22))
    assert (said.site, said.where) == ("3961 off line", "51 back · no new loss for 0:22")
    assert "212 without a second path" in said.place
    assert "Unknown account" not in spoken(shown_, NOW)
