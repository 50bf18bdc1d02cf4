"""The contacts tab by keys alone: all sessions of an account ended (A10); the order dragged (C1)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import QModelIndex, Qt

from console.client.link import Refusal
from models.records import (
    ContactFile,
    CustomerDevice,
    ErrorBody,
    ErrorCode,
    Identified,
    Part,
    Person,
    PhoneNumber,
    SessionsEnded,
    SiteDetails,
    SiteFile,
    SiteRef,
    StaffRole,
    Verified,
)
from tests.console.desk.scripted import Play, Scripted
from tests.widgets.made import ME

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
AN = ContactFile(id="S1-1", person="S1-1", name="An Peeters", id_code="12345678")
BERT = ContactFile(id="S1-2", person="S1-2", name="Bert Maes")
FILE = SiteFile(site="S1", details=SiteDetails(name="Bakkerij Peeters"), contacts=(AN, BERT))
AT = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
PHONE = CustomerDevice(device="Fairphone 5", begun_at=AT, used_at=AT)


async def opened(desk: Scripted, role: StaffRole = StaffRole.SERVICE_DESK, *devices: CustomerDevice) -> Any:
    desk.sign_in(me=Person(login=ME, name="Claes", roles=(role,)))
    desk.answers |= {
        "/file": lambda _body: FILE,
        "/journal": lambda _body: [],
        "/tasks": lambda _body: [],
        "/S1-1/sessions": lambda _body: [one.model_dump(mode="json") for one in devices],
        "/S1-1/end-sessions": lambda _body: SessionsEnded(ended=len(devices)),
    }
    desk.press(Qt.Key.Key_F3)
    desk.window.screens.sites.open_site(SiteRef(id="S1", name="Bakkerij Peeters"))
    await desk.until(lambda: desk.window.screens.sites.at_hand.site == "S1", "the file")
    desk.press(Qt.Key.Key_3, ALT)
    tab = desk.window.screens.sites.contacts.tab
    await desk.until(tab.view.hasFocus, "the contacts")
    return tab


def test_A10_all_sessions_are_ended_by_one_key_and_a_confirmation_with_their_count(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        tab = await opened(desk, StaffRole.SERVICE_DESK, PHONE, PHONE.model_copy(update={"device": "iPad"}))
        card = tab.identify
        desk.press(Qt.Key.Key_O, CTRL)
        await desk.until(lambda: "2 sessions are open" in card.result.text(), "how many there are")
        assert "Fairphone 5: begun" in card.result.text()
        assert card.next.words() == "2 sessions: end all"
        assert not desk.acts("end-sessions"), "nothing is ended before it is confirmed"
        desk.press(Qt.Key.Key_Return)
        assert not desk.acts("end-sessions")
        assert card._sentence.text() == "Say how you know who asks."
        desk.type("code word right")
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: card.result.text() == "2 sessions are ended", "they are ended")
        assert desk.acts("end-sessions") == [{"identified": "code word right"}]
        desk.press(Qt.Key.Key_Return)
        await desk.settled()
        assert len(desk.acts("end-sessions")) == 1, "once ended, Enter ends nothing more"
        desk.press(Qt.Key.Key_Escape)
        assert tab.view.hasFocus()

    play(act)


def test_A7_an_email_address_is_removed_by_keys_alone_after_id_code_and_pin(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        tab = await opened(desk)
        desk.press(Qt.Key.Key_W, CTRL)
        assert tab.at() == "contact", "who has no address has none to remove"
        enrolled = AN.model_copy(update={"email": "an@bakkerij.example"})
        desk.answers["/file"] = lambda _body: FILE.model_copy(update={"contacts": (enrolled, BERT)})
        desk.window.screens.sites.at_hand.open("S1")
        await desk.settled()
        given = [Verified.NO, Verified.PIN]
        desk.answers |= {
            "/S1-1/identify": lambda _body: Identified(contact="S1-1", name="An", how=given.pop(0), entry=77),
            "/S1-1/remove-email": lambda _body: FILE,
        }
        card = tab.identify
        desk.press(Qt.Key.Key_W, CTRL)
        assert (card.result.text(), card.word.isVisible()) == ("an@bakkerij.example", False)
        desk.type("12345678")
        card.pin.setFocus()
        desk.type("8294")
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: card.result.text() == "Not identified", "the PIN is wrong")
        assert not desk.acts("remove-email")
        card.pin.setFocus()
        desk.type("8295")
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: card.result.text() == "The e-mail address is removed", "it is removed")
        assert desk.acts("remove-email") == [{"identified": 77}]

    play(act)


def test_C1_an_operator_sets_an_absence_of_somebody_with_a_masked_private_number(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        masked = PhoneNumber(label="mobile", number="··· 01", private=True)
        private = FILE.model_copy(update={"contacts": (AN.model_copy(update={"numbers": (masked,)}), BERT)})
        await opened(desk, StaffRole.OPERATOR)
        desk.answers |= {"/file": lambda _body: private, "/S1-1/absence": lambda _body: private}
        desk.window.screens.sites.at_hand.open("S1")
        await desk.settled()
        desk.press(Qt.Key.Key_A, CTRL)
        desk.type("30 Nov 2099")
        desk.press(Qt.Key.Key_Return, CTRL)
        await desk.until(lambda: desk.acts("absence"), "it is sent")
        assert [sorted(sent) for sent in desk.acts("absence")] == [["away_from", "away_until", "version"]]

    play(act)


def test_A10_no_open_session_is_said_and_a_refusal_too(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        tab = await opened(desk)
        desk.press(Qt.Key.Key_O, CTRL)
        await desk.until(lambda: tab.identify.result.text() == "No session is open", "none")

        def refused(_body: object) -> object:
            raise Refusal(ErrorBody(code=ErrorCode.BEHIND, sentence="The station cannot answer now. Try again."))

        desk.answers["/S1-1/end-sessions"] = refused
        desk.type("known voice")
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: "cannot answer" in tab.identify._sentence.text(), "it is said in place")
        desk.answers["/S1-1/end-sessions"] = lambda _body: SessionsEnded(ended=0)
        tab.identify.how.setFocus()
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: tab.identify.result.text() == "No session was open", "none was")

    play(act)


def test_A4_the_card_that_ends_sessions_leaves_nothing_behind_for_the_next(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        tab = await opened(desk, StaffRole.SERVICE_DESK, PHONE)
        desk.press(Qt.Key.Key_O, CTRL)
        await desk.until(lambda: "1 session is open" in tab.identify.result.text(), "one")
        desk.press(Qt.Key.Key_Escape)
        desk.answers["/S1-1/issue"] = lambda _body: {"id_code": "12345678", "pin": "8294"}
        desk.press(Qt.Key.Key_I, CTRL)
        assert tab.identify.result.text() == ""
        desk.type("known voice")
        desk.press(Qt.Key.Key_Return)
        await desk.until(lambda: "PIN 8294" in tab.identify.result.text(), "a PIN is issued")
        assert not desk.acts("end-sessions")

    play(act)


def test_H_an_operator_ends_no_sessions(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        tab = await opened(desk, StaffRole.OPERATOR, PHONE)
        desk.press(Qt.Key.Key_O, CTRL)
        await desk.settled()
        assert tab.at() == "contact"
        assert not desk.window.screens.sites.contacts.can("end-sessions")

    play(act)


def test_C1_contacts_are_put_in_order_by_dragging(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        tab = await opened(desk)
        rows = tab.view.rows
        rows.dropMimeData(rows.mimeData([rows.index(1)]), Qt.DropAction.MoveAction, 0, 0, QModelIndex())
        await desk.until(lambda: desk.acts("file"), "the order is sent")
        assert desk.acts("file") == [{"part": "order", "value": ["S1-2", "S1-1"], "version": 0}]

    play(act)


HELENE = ContactFile(
    person="S7-1",
    name="Hélène Dupont",
    languages="FR",
    numbers=(PhoneNumber(label="mobile", number="+32 475 11 22 33"),),
    also_at=(SiteRef(id="S7", name="Dupont & Cie"),),
)


def test_C1_somebody_known_is_found_by_typing_and_added_by_keys_alone(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        tab = await opened(desk)
        here = AN.model_copy(update={"name": "Hélène An", "id": ""})
        added = HELENE.model_copy(update={"id": "S1-3", "role": "tenant"})
        desk.answers |= {
            "/people": lambda _body: [one.model_dump(mode="json") for one in (HELENE, here)],
            "/contacts": lambda _body: FILE.model_copy(update={"contacts": (AN, BERT, added)}),
        }
        desk.press(Qt.Key.Key_F, CTRL)
        known = tab.known
        assert (tab.at(), known.field.hasFocus()) == ("known", True)
        desk.press(Qt.Key.Key_Return)
        assert tab.at() == "known", "Enter on nothing takes nobody"
        desk.type("hel")
        await desk.until(lambda: known.list.view.key() == "S7-1", "who is found while typing")
        shown = [(row.title, row.second, row.right, row.off) for row in known.list.view.rows.rows()]
        assert shown == [
            ("Hélène Dupont", "Dupont & Cie, S7", "+32 475 11 22 33", False),
            ("Hélène An", "a contact of this site already", "no number", True),
        ]
        desk.press(Qt.Key.Key_Down)
        desk.press(Qt.Key.Key_Return)
        assert known._sentence.text() == "This person is a contact of this site already."
        desk.press(Qt.Key.Key_Up)
        desk.press(Qt.Key.Key_Return)
        assert (tab.at(), tab.view.key()) == ("contact", "new")
        values = tab.form.values()
        assert (values["name"], values["numbers"]) == ("Hélène Dupont", "mobile +32 475 11 22 33")
        locked = {name for name, widget in tab.form._inputs.items() if not widget.isEnabled()}
        assert locked == {"name", "numbers", "languages", "installer"}, "theirs at every site"
        desk.type("tenant")
        desk.press(Qt.Key.Key_Return, CTRL)
        await desk.until(lambda: desk.acts("contacts"), "it is sent")
        [sent] = desk.acts("contacts")
        contact = sent["contact"]
        assert (contact["person"], contact["name"], contact["role"]) == ("S7-1", "Hélène Dupont", "tenant")
        assert not {"numbers", "languages", "installer"} & set(contact), "taken as they are kept now"
        await desk.until(lambda: tab.view.key() == "S1-3", "the new contact has the focus bar")
        at_hand = desk.window.screens.sites.at_hand
        assert not at_hand.drafts
        assert not at_hand.picked
        assert tab.form._inputs["name"].isEnabled()

    play(act)


def test_C1_who_was_taken_over_and_left_is_there_again_and_is_taken_back_whole(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        tab = await opened(desk)
        desk.answers["/people"] = lambda _body: [HELENE.model_dump(mode="json")]
        desk.press(Qt.Key.Key_F, CTRL)
        desk.type("hel")
        await desk.until(lambda: tab.known.list.view.key() == "S7-1", "who is found")
        desk.press(Qt.Key.Key_Return)
        desk.press(Qt.Key.Key_Escape)
        tab.view.choose("S1-1")
        assert tab.form.values()["name"] == "An Peeters"
        tab.view.choose("new")
        assert tab.form.values()["name"] == "Hélène Dupont"
        desk.press(Qt.Key.Key_R, CTRL)
        assert [row.key for row in tab.view.rows.rows()] == ["S1-1", "S1-2"]
        desk.press(Qt.Key.Key_Insert)
        assert tab.form.values()["name"] == ""
        assert tab.form._inputs["name"].isEnabled()

    play(act)


def test_H_an_operator_takes_over_nobody(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        tab = await opened(desk, StaffRole.OPERATOR)
        desk.press(Qt.Key.Key_F, CTRL)
        await desk.settled()
        assert tab.at() == "contact"

    play(act)


def test_I11_words_name_the_version_that_was_shown_and_a_change_is_said(play: Play) -> None:
    async def act(desk: Scripted) -> None:
        tab = await opened(desk)

        def refused(_body: object) -> object:
            sentence = "Lambert changed contact An Peeters meanwhile. Look at them again, then set the words."
            raise Refusal(ErrorBody(code=ErrorCode.CHANGED, sentence=sentence, field="version"))

        desk.answers["/S1-1/words"] = refused
        desk.press(Qt.Key.Key_B, CTRL)
        desk.type("orchidee")
        newer = FILE.model_copy(update={"parts": (Part(key="contact:S1-1", version=7),)})
        desk.answers["/file"] = lambda _body: newer
        desk.press(Qt.Key.Key_Return, CTRL)
        await desk.until(lambda: "Lambert changed" in tab.words.sentence.text(), "what changed is said")
        await desk.until(lambda: desk.window.screens.sites.at_hand.file == newer, "the file is read again")
        desk.answers["/S1-1/words"] = lambda _body: newer
        desk.press(Qt.Key.Key_Return, CTRL)
        await desk.until(lambda: len(desk.acts("words")) == 2, "sent knowingly")
        assert [sent["version"] for sent in desk.acts("words")] == [0, 7]

    play(act)
