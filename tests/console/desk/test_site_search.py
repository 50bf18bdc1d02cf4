"""Search as one types on the site screen: a row says why it was found where that is neither name nor number."""

from __future__ import annotations

from tests.console.desk.conftest import Play
from tests.console.desk.scripted import Scripted
from tests.widgets.made import SITE


def test_a_row_says_why_it_was_found_else_its_town(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        desk.sign_in()
        desk.answers["/v1/sites"] = lambda _body: [
            {**SITE.model_dump(), "why": "contact Y. Brasseur"},
            {**SITE.model_dump(), "id": "S-2"},
        ]
        desk.window.go("find-site")
        search = desk.window.screens.sites.widget.search
        search.field.setText("bras")
        search.searched.emit("bras")
        await desk.settled()
        assert [row.second for row in search.view.rows.rows()] == [
            f"{SITE.id} · contact Y. Brasseur",
            f"S-2 · {SITE.town}",
        ]

    play(act)
