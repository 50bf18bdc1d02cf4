"""Reports by e-mail to a real mail server: handed out before they leave, tried again, never lost unseen (G6, I9, H)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from console.station.acts import reports
from console.station.mail import mailer as mailer_module
from models.records import StaffRole
from tests.console.station.house import SITE, House, Seat, open_house
from tests.console.station.mail.post import PASSWORD, SENDER, Post
from tests.frames import sia

EVENING = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
A_DAY = 86_400
TO = "chief@station.example"
PLAN: dict[str, Any] = {"name": "Yesterday", "form": "csv", "timezone": "Europe/Brussels", "to": [TO]}
Opened = Callable[..., AbstractAsyncContextManager[tuple[House, Seat]]]


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    folder = tmp_path / "post"
    folder.mkdir()
    made = Post(folder)
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
def opened(place: Path | str, still: None) -> Opened:
    @asynccontextmanager
    async def open_(post: Post, **more: Any) -> AsyncIterator[tuple[House, Seat]]:
        async with open_house(place, mail=post.settings(**more)) as house:
            await house.bring_in(SITE)
            yield house, await house.seat("chief", StaffRole.SUPERVISOR)

    return open_


class PowerFails(BaseException):
    """Nobody is left to tell anybody."""


async def set_up(seat: Seat, **more: Any) -> dict[str, Any]:
    answer = await seat.client.post("/v1/reports", json={"plan": {**PLAN, **more}})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["reports"][-1]
    return found


async def shown(seat: Seat) -> dict[str, Any]:
    answer = await seat.client.get("/v1/reports")
    assert answer.status_code == 200, answer.text
    [found] = answer.json()["reports"]
    return dict(found)


async def next_morning(house: House) -> None:
    """Past six in the morning of the next day in Brussels."""
    house.clock.move(10 * 3600)
    await look(house)


async def look(house: House) -> None:
    assert house.station.mailer is not None
    await house.station.mailer.look()


@pytest.mark.parametrize("tls", ["starttls", "implicit", "none"])
async def test_G6_a_report_goes_out_and_is_journaled_before_and_after(opened: Opened, tmp_path: Path, tls: str) -> None:
    folder = tmp_path / "post"
    folder.mkdir()
    post = Post(folder, tls=tls)
    await post.start()
    async with opened(post) as (house, seat):
        await house.send(sia("1001", 1, "Nri1/BA07"))
        made = await set_up(seat)
        assert made["next_at"] == "2026-11-24T05:00:00Z"
        await look(house)
        assert post.taken == []
        await next_morning(house)
        [(to, letter)] = post.taken
        assert (to, letter["From"], letter["To"]) == ([TO], f"Vigie <{SENDER}>", TO)
        assert letter["Subject"] == "Yesterday · 2026-11-23"
        [file] = list(letter.iter_attachments())
        assert "PIR winkel" in file.get_content()
        assert file.get_filename() == "lines 2026-11-23.csv"
        entries = await house.entries()
        [out] = [entry for entry in entries if entry["kind"] == "journal-exported"]
        [sent] = [entry for entry in entries if entry["kind"] == "report-sent"]
        assert out["seq"] < sent["seq"]
        assert f"e-mail to {TO}" in out["text"]
        assert (sent["data"]["handed_out"], sent["data"]["message"]) == (out["seq"], letter["Message-ID"])
        now = await shown(seat)
        assert (now["last_words"], now["last_failed"]) == (f"Report sent: Yesterday, to {TO}", False)
        assert now["next_at"] == "2026-11-25T05:00:00Z"
        await look(house)
        house.clock.move(3600)
        await look(house)
        assert len(post.taken) == 1
    await post.stop()


@pytest.mark.parametrize("form", ["pdf", "xlsx", "jsonl"])
async def test_G6_every_form_goes_along_as_it_is(opened: Opened, post: Post, form: str) -> None:
    async with opened(post) as (house, seat):
        await set_up(seat, form=form, language="nl")
        await next_morning(house)
        [(_to, letter)] = post.taken
        [file] = list(letter.iter_attachments())
        content = file.get_payload(decode=True)
        assert isinstance(content, bytes)
        assert content[:4] in (b"%PDF", b"PK\x03\x04") or content.startswith(b'{"seq"')


async def test_a_server_that_is_down_is_tried_again_later_and_later_and_the_letter_is_the_same(
    opened: Opened, post: Post
) -> None:
    await post.stop()
    async with opened(post) as (house, seat):
        await set_up(seat)
        await next_morning(house)
        now = await shown(seat)
        assert now["last_failed"]
        assert "The mail server cannot be reached" in now["last_words"]
        assert "Tried again at 06:01 UTC" in now["last_words"]
        [delayed] = await house.entries("report-delayed")
        for wait, tries in ((59, 1), (2, 2), (290, 2), (11, 3)):
            house.clock.move(wait)
            await look(house)
            letter = await house.station.database.read(_letter)
            assert letter.tries == tries, wait
        await post.start()
        house.clock.move(15 * 60 + 1)
        await look(house)
        [(to, letter)] = post.taken
        assert (to, letter["Message-ID"]) == ([TO], delayed["data"]["message"])
        assert not (await shown(seat))["last_failed"]
        assert len(await house.entries("report-delayed")) == 1, "said once, not at each try"


async def test_what_stays_down_is_given_up_with_a_task_and_the_next_one_goes(opened: Opened, post: Post) -> None:
    await post.stop()
    async with opened(post) as (house, seat):
        await set_up(seat)
        await next_morning(house)
        for wait in reports.WAITS:
            house.clock.move(wait.total_seconds() + 1)
            await look(house)
        failures = await house.entries("report-failed")
        assert len(failures) == 1, [one["text"] for one in failures]
        [failed] = failures
        assert "Report given up after 7 tries: Yesterday" in failed["text"]
        [task] = await house.entries("task-opened")
        assert ("Look at Reports by e-mail" in task["text"], task["data"]["kind"]) == (True, "report")
        house.clock.move(3600)
        await look(house)
        await post.start()
        house.clock.move(A_DAY)
        await look(house)
        [(_to, letter)] = post.taken
        assert letter["Subject"] == "Yesterday · 2026-11-24"


def _letter(connection: Any) -> Any:
    from sqlalchemy import select

    from models.tables import LetterRow

    return connection.execute(select(LetterRow.__table__)).one()


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
async def test_I9_a_server_whose_certificate_is_not_good_gets_no_password_and_no_letter(
    opened: Opened, tmp_path: Path, tls: str
) -> None:
    folder = tmp_path / "post"
    folder.mkdir()
    post = Post(folder, tls=tls)
    await post.start()
    async with opened(post, ca=False) as (house, seat):
        await set_up(seat)
        await next_morning(house)
        assert (post.taken, post.tried) == ([], 0)
        assert "The mail server's certificate is not good" in (await shown(seat))["last_words"]
    await post.stop()


async def test_a_server_without_STARTTLS_gets_nothing(opened: Opened, tmp_path: Path) -> None:
    folder = tmp_path / "post"
    folder.mkdir()
    post = Post(folder, tls="none")
    await post.start()
    settings = Post(folder, tls="starttls", port=post.port)
    async with opened(settings) as (house, seat):
        await set_up(seat)
        await next_morning(house)
        assert post.taken == []
        assert "STARTTLS" in (await shown(seat))["last_words"]
    await post.stop()


async def test_I9_a_wrong_password_is_said_and_stands_nowhere(opened: Opened, post: Post) -> None:
    async with opened(post, password="not-the-one") as (house, seat):
        await set_up(seat)
        await next_morning(house)
        assert post.taken == []
        assert post.tried
        assert "does not take the station's name and password" in (await shown(seat))["last_words"]
        said = json.dumps(await house.entries())
        assert "not-the-one" not in said
        assert PASSWORD not in said


async def test_an_address_that_is_refused_is_a_task_and_the_others_have_theirs(opened: Opened, post: Post) -> None:
    post.refuses = {"gone@station.example": "550 no such box", "full@station.example": "452 full"}
    async with opened(post) as (house, seat):
        await set_up(seat, to=[TO, "gone@station.example", "full@station.example"])
        await next_morning(house)
        [(to, _)] = post.taken
        assert to == [TO]
        [failed] = await house.entries("report-failed")
        assert "gone@station.example: 550 no such box" in failed["text"]
        [delayed] = await house.entries("report-delayed")
        assert delayed["data"]["to"] == ["full@station.example"]
        post.refuses = {}
        house.clock.move(61)
        await look(house)
        assert [to for to, _ in post.taken] == [[TO], ["full@station.example"]]
        assert len(await house.entries("journal-exported")) == 1


async def test_H_a_domain_that_is_no_longer_allowed_gets_nothing_whenever_the_report_was_set_up(
    place: Path | str, post: Post, still: None
) -> None:
    async with open_house(place, mail=post.settings()) as house:
        seat = await house.seat("chief", StaffRole.SUPERVISOR)
        await set_up(seat, to=[TO, "x@elsewhere.example"])
        await set_up(seat, name="Theirs", to=["y@elsewhere.example"])
    later = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
    async with open_house(place, mail=post.settings(domains=("station.example",)), start=later) as house:
        await look(house)
        assert [to for to, _letter in post.taken] == [[TO]]
        failures = [entry["text"] for entry in await house.entries("report-failed")]
        assert failures == [
            f"Report refused: {name}, {address}: not of a domain that is allowed: station.example."
            for name, address in (("Yesterday", "x@elsewhere.example"), ("Theirs", "y@elsewhere.example"))
        ]
        house.clock.move(A_DAY / 2)
        await look(house)
        assert len(post.taken) == 1


async def test_whatever_the_server_says_no_is_journaled_and_ends(opened: Opened, post: Post) -> None:
    post.refuses = {TO: "550 no\x00 such\x1b[2J box"}
    async with opened(post) as (house, seat):
        await set_up(seat)
        await next_morning(house)
        assert (await shown(seat))["last_words"] == f"Report refused: Yesterday, {TO}: 550 no such [2J box."
        house.clock.move(reports.LEASE.total_seconds() + 1)
        tried = post.tried
        await look(house)
        assert post.tried == tried


@pytest.mark.parametrize("sign", ["\n", "\r", "\x00", "\x0b", "\x1c", "\x85", "\u2028", "\u2029"])
async def test_I12_a_name_that_is_more_than_one_line_is_no_subject(opened: Opened, post: Post, sign: str) -> None:
    async with opened(post) as (_house, seat):
        plan = {**PLAN, "name": f"Yesterday{sign}Bcc: x@elsewhere.example"}
        refused = await seat.client.post("/v1/reports", json={"plan": plan})
        assert refused.status_code == 422, refused.text


@pytest.mark.parametrize("said", ["421 too busy", "500 what", ""])
async def test_what_the_server_took_is_sent_however_it_says_good_bye(opened: Opened, post: Post, said: str) -> None:
    post.good_bye = said
    async with opened(post) as (house, seat):
        await set_up(seat)
        await next_morning(house)
        assert (await shown(seat))["last_words"] == f"Report sent: Yesterday, to {TO}"
        for wait in reports.WAITS:
            house.clock.move(wait.total_seconds() + 1)
            await look(house)
        assert len(post.taken) == 1


async def test_after_a_restart_what_was_due_goes_out_once_and_what_was_missed_is_told(
    place: Path | str, post: Post, still: None
) -> None:
    async with open_house(place, mail=post.settings()) as house:
        seat = await house.seat("chief", StaffRole.SUPERVISOR)
        await set_up(seat)
    later = datetime(2026, 11, 27, 4, 0, tzinfo=UTC)
    async with open_house(place, mail=post.settings(), start=later) as house:
        await look(house)
        [(_to, letter)] = post.taken
        assert letter["Subject"] == "Yesterday · 2026-11-25"
        [missed] = await house.entries("report-missed")
        assert "missed 2 times" in missed["text"]
        await look(house)
        assert len(post.taken) == 1


async def test_a_station_that_dies_while_it_sends_sends_the_same_letter_again_once_its_time_is_over(
    opened: Opened, post: Post
) -> None:
    async with opened(post) as (house, seat):
        await set_up(seat)
        house.clock.move(10 * 3600)
        mailer = house.station.mailer
        assert mailer is not None
        real, died = mailer.sender, []

        def dies(*words: Any) -> Any:
            died.append(real(*words))
            raise PowerFails

        mailer.sender = dies
        with pytest.raises(PowerFails):
            await look(house)
        mailer.sender = real
        await look(house)
        assert len(post.taken) == 1, "no other tries while it may be trying"
        assert reports.LEASE.total_seconds() > mailer_module._STILL_S
        house.clock.move(reports.LEASE.total_seconds() + 1)
        await look(house)
        assert len(post.taken) == 2
        assert len({letter["Message-ID"] for _to, letter in post.taken}) == 1
        assert len(await house.entries("journal-exported")) == 1


async def test_of_several_stations_over_one_database_one_alone_hands_out_and_sends(
    postgres_url: str, post: Post, still: None
) -> None:
    async with open_house(postgres_url, mail=post.settings()) as one:
        seat = await one.seat("chief", StaffRole.SUPERVISOR)
        await set_up(seat)
        async with open_house(postgres_url, mail=post.settings()) as other:
            for house in (one, other):
                house.clock.move(10 * 3600)
            await asyncio.gather(*(look(house) for house in (one, other, one, other)))
            assert len(post.taken) == 1
            assert len(await one.entries("journal-exported")) == 1


async def test_H_I11_I12_supervisors_alone_set_up_and_two_desks_never_overwrite_each_other(
    opened: Opened, post: Post
) -> None:
    async with opened(post, domains=("station.example",)) as (house, seat):
        desk = await house.seat("desk", StaffRole.SERVICE_DESK, StaffRole.OPERATOR)
        for asked in (
            desk.client.get("/v1/reports"),
            desk.client.post("/v1/reports", json={"plan": PLAN}),
        ):
            assert (await asked).status_code == 403
        refused = await seat.client.post("/v1/reports", json={"plan": {**PLAN, "to": ["x@elsewhere.example"]}})
        assert (refused.status_code, refused.json()["field"]) == (422, "to")
        assert "not of a domain that is allowed: station.example" in refused.json()["sentence"]
        made = await set_up(seat)
        path = f"/v1/reports/{made['id']}"
        again = {"plan": {**PLAN, "at": "07:00"}, "version": made["version"]}
        for who, status in ((desk, 403), (seat, 200), (seat, 409)):
            assert (await who.client.post(f"{path}/change", json=again)).status_code == status
        assert (await seat.client.post(f"{path}/change", json={"plan": PLAN})).json()["field"] == "version"
        off = {"plan": {**PLAN, "on": False}, "version": 2}
        assert (await seat.client.post(f"{path}/change", json=off)).json()["reports"][0]["next_at"] is None
        await next_morning(house)
        assert post.taken == []
        assert (await desk.client.post(f"{path}/remove", json={"version": 3})).status_code == 403
        gone = await seat.client.post(f"{path}/remove", json={"version": 3})
        assert (gone.status_code, gone.json()["reports"]) == (200, [])
        assert (await seat.client.post(f"{path}/remove", json={"version": 3})).status_code == 404
        kinds = [entry["kind"] for entry in await house.entries() if entry["kind"].startswith("report-")]
        assert kinds == ["report-scheduled", "report-changed", "report-changed", "report-removed"]


async def test_a_station_without_a_mail_server_says_so(small_house: House) -> None:
    seat = await small_house.seat("chief", StaffRole.SUPERVISOR)
    assert (await seat.client.get("/v1/reports")).json() == {"reports": [], "sender": "", "domains": []}
    refused = await seat.client.post("/v1/reports", json={"plan": PLAN})
    assert (refused.status_code, "has no mail server" in refused.json()["sentence"]) == (409, True)


async def test_what_can_no_longer_be_made_is_told_and_leaves_a_task(opened: Opened, post: Post) -> None:
    async with opened(post) as (house, seat):
        await set_up(seat, report="site-activity", form="pdf", asked={"site": "S9"})
        await next_morning(house)
        assert post.taken == []
        [failed] = await house.entries("report-failed")
        assert failed["text"] == "Report not made: Yesterday. There is no site S9."
        assert (await shown(seat))["last_failed"]
        assert len((await seat.client.get("/v1/tasks")).json()) == 1


async def test_a_letter_too_large_for_a_mail_is_told(
    opened: Opened, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.station.mail.mailer.LARGEST", 100)
    async with opened(post) as (house, seat):
        await set_up(seat)
        await next_morning(house)
        assert post.taken == []
        assert "too much for an e-mail" in (await shown(seat))["last_words"]
