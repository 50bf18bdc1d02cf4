"""What is looked for in the journal: what stands in its fields is read as it was asked (G6)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pytestqt.qtbot import QtBot

from models.records import JournalFilter, SiteRef
from widgets.journal.find_panel import FindPanel


@pytest.mark.parametrize("days", [0, 1, 30, 59, 61, 100, 200, 330, 364, 400, 900])
def test_G6_a_period_is_read_as_it_is_shown_whatever_year_it_is_of(qtbot: QtBot, days: int) -> None:
    panel = FindPanel()
    qtbot.addWidget(panel)
    now = datetime.now(UTC).astimezone().replace(second=0, microsecond=0)
    asked = JournalFilter(from_=now - timedelta(days=days, hours=5), to=now - timedelta(days=days))
    panel.show_filter(asked, None)
    read = panel.read(now)
    assert (read.from_, read.to) == (asked.from_, asked.to)


def test_G6_of_a_chosen_site_the_number_is_in_sight_however_long_its_name_is(qtbot: QtBot) -> None:
    panel = FindPanel()
    qtbot.addWidget(panel)
    panel.setFixedWidth(316)
    panel.show()
    site = SiteRef(id="S-10169", name="Woonzorgcentrum Onze-Lieve-Vrouw van de Zeven Weeën")
    panel.set_site(site)
    field = panel.fields["site"]
    assert field.text().endswith("… · S-10169")
    assert field.fontMetrics().horizontalAdvance(field.text()) < field.width()
    assert panel.site() == site
    panel.set_site(SiteRef(id="S2", name="Bakkerij Maes"))
    assert field.text() == "Bakkerij Maes · S2"
