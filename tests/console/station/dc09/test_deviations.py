"""Every deviation of dc09.md §6 by its number: real frames through a real station, answered to the byte (I2)."""

from __future__ import annotations

import codecs
import json
import zlib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from console.station.acts import registry
from console.station.acts.registry import AccountSettings, NewSystem
from tests.console.station.house import START, House, site
from tests.frames import ack, crc, frame, sia

KEY = "ABCDABCDABCDABCDABCDABCDABCDABCD"


@cache
def vectors() -> dict[str, dict[str, Any]]:
    folder = Path(__file__).parent / "vectors"
    files = (folder / f"{name}.jsonl" for name in ("dc09_issues", "dc09_code", "dc09_java"))
    return {row["id"]: row for file in files for row in map(json.loads, file.read_text().splitlines())}


def raw(identifier: str) -> bytes:
    return bytes.fromhex(vectors()[identifier]["raw_hex"])


def reply(identifier: str) -> bytes:
    found = codecs.escape_decode(vectors()[identifier]["expected_response"]["frame"])[0]
    assert isinstance(found, bytes)
    return found


def binary(body: bytes) -> bytes:
    return b"\n" + crc(body).to_bytes(2, "big") + b"%04X%s\r" % (len(body), body)


async def known(house: House, account: str, key: str | None = None, **settings: Any) -> None:
    """Bring an account in, as upper case as the station keeps them, and set it."""
    await house.bring_in(site(f"S-{account.upper()}", "-", systems=(NewSystem(account.upper(), key, key is None),)))
    if settings:
        await setting(house, account.upper(), **settings)


async def setting(house: House, account: str, **settings: Any) -> None:
    change = AccountSettings(account, **settings)
    await house.station.scribe.act(
        lambda ledger: registry.set_account(ledger, house.station.secrets, registry.local("test"), change)
    )
    await house.station.directory.load()


async def heard(house: House, identifier: str) -> list[dict[str, Any]]:
    """Send a vector of a known account; its answer must be the expected one. What was journaled of it."""
    await known(house, vectors()[identifier]["expect"]["account"])
    assert await house.send(raw(identifier)) == [reply(identifier)]
    entries: list[dict[str, Any]] = await house.entries("signal", "unreadable")
    assert all(entry["site"] is not None for entry in entries)
    return [event for entry in entries for event in entry["data"]["events"]]


def codes(events: list[dict[str, Any]]) -> list[str]:
    return [event["code"] for event in events]


@pytest.mark.parametrize("identifier", ["code-001", "code-002", "code-003", "code-004"])
async def test_6_01_binary_crc_is_read_and_answered_in_kind(small_house: House, identifier: str) -> None:
    await heard(small_house, identifier)
    answer = reply(identifier)
    assert answer[7:8] == b'"'


@pytest.mark.parametrize("byte", [0x0A, 0x0D, 0x22])
@pytest.mark.parametrize("place", [0, 1])
async def test_6_01_binary_crc_may_hold_the_bytes_that_frame_and_quote(
    small_house: House, byte: int, place: int
) -> None:
    bodies = (f'"SIA-DCS"0001L0#1001[#1001|Nri1/BA{zone:04d}]'.encode() for zone in range(100_000))
    body = next(body for body in bodies if crc(body).to_bytes(2, "big")[place] == byte)
    line = await small_house.line()
    before, after = sia("1001", 2, "NRP"), sia("1001", 3, "NRP")
    assert [await line.say(before, binary(body), after), await line.reply(), await line.reply()] == [
        ack("1001", 2),
        binary(b'"ACK"0001L0#1001[]'),
        ack("1001", 3),
    ]
    for one in binary(body):
        line.writer.write(bytes([one]))
        await line.writer.drain()
    assert await line.reply() == binary(b'"ACK"0001L0#1001[]')


async def test_6_01_binary_crc_with_a_line_feed_round_a_cipher(small_house: House) -> None:
    account = vectors()["java-056"]["expect"]["account"]
    await known(small_house, account, KEY, window_before_s=-1, window_after_s=-1)
    [answer] = await small_house.send(raw("java-056"))
    assert answer[7:].partition(b"[")[0] == b'"*ACK"0000Rc0ffdL1234#080027E62A64'
    [entry] = await small_house.entries("signal")
    assert codes(entry["data"]["events"]) == ["HB"]


@pytest.mark.parametrize("identifier", ["iss-088", "code-013"])
async def test_6_02_lower_case_hex_in_the_envelope(small_house: House, identifier: str) -> None:
    assert await heard(small_house, identifier)


async def test_6_02_lower_case_receiver_is_echoed_as_sent(small_house: House) -> None:
    body = '"SIA-DCS"0001Rc0ffdL1#1001[#1001|NBA07]'
    assert await small_house.send(frame(body)) == [frame('"ACK"0001Rc0ffdL1#1001[]')]


@pytest.mark.parametrize("identifier", ["iss-077", "iss-087"])
async def test_6_03_no_timestamp_on_clear_frames(small_house: House, identifier: str) -> None:
    assert vectors()[identifier]["expect"]["timestamp"] is None
    assert await heard(small_house, identifier)


@pytest.mark.parametrize("identifier", ["iss-054", "iss-057"])
async def test_6_04_L_without_digits_and_a_zero_byte_after_the_end(small_house: House, identifier: str) -> None:
    assert codes(await heard(small_house, identifier)) == ["BA" if identifier == "iss-054" else "CQ"]
    line = await small_house.line()
    answers = [await line.say(raw(identifier), raw(identifier)), await line.reply()]
    assert answers == [reply(identifier)] * 2
    assert small_house.station.intake.tally.refused.total() == 0


async def test_6_04_a_zero_based_month_is_no_time_and_no_obstacle(small_house: House) -> None:
    await known(small_house, "7303658550")
    body = '"SIA-DCS"0001L#7303658550[#7303658550|NBA4]_11:52:09,00-07-2019'
    assert await small_house.send(frame(body)) == [frame('"ACK"0001L#7303658550[]')]
    [entry] = await small_house.entries("signal")
    assert entry["panel_time"] is None


async def test_6_05_no_L_field_at_all(small_house: House) -> None:
    assert codes(await heard(small_house, "code-046")) == ["RP"]


@pytest.mark.parametrize("identifier", ["code-005", "code-011"])
async def test_6_06_long_lines_and_receivers_are_echoed_as_sent(small_house: House, identifier: str) -> None:
    await heard(small_house, identifier)


@pytest.mark.parametrize("head", ["L000000", "R01L01", "R15L1"])
async def test_6_06_leading_zeros_of_line_and_receiver(small_house: House, head: str) -> None:
    answer = await small_house.send(frame(f'"SIA-DCS"0001{head}#1001[#1001|NBA07]'))
    assert answer == [frame(f'"ACK"0001{head}#1001[]')]


@pytest.mark.parametrize(("identifier", "code"), [("code-002", "602"), ("code-007", "RP"), ("iss-081", "407")])
async def test_6_07_data_account_without_hash_or_of_another_width(
    small_house: House, identifier: str, code: str
) -> None:
    assert codes(await heard(small_house, identifier)) == [code]


@pytest.mark.parametrize("data", ["#0000|NBA07", "|NBA07", "NBA07", "#|NBA07", "1001|NBA07", "#001001|NBA07"])
async def test_6_07_data_account_missing_or_not_the_header_s(small_house: House, data: str) -> None:
    assert await small_house.send(frame(f'"SIA-DCS"0001L0#1001[{data}]')) == [ack("1001", 1)]
    [entry] = await small_house.entries("signal")
    assert (entry["site"], codes(entry["data"]["events"])) == ("S1", ["BA"])


@pytest.mark.parametrize("identifier", ["iss-087", "code-018"])
async def test_6_08_accounts_that_are_not_hexadecimal(small_house: House, identifier: str) -> None:
    await heard(small_house, identifier)


async def test_6_08_lower_case_account_is_the_same_account_and_echoed_as_sent(small_house: House) -> None:
    await known(small_house, "AB12")
    assert await small_house.send(sia("ab12", 1, "NBA07")) == [ack("ab12", 1)]
    [entry] = await small_house.entries("signal")
    assert (entry["account"], entry["site"]) == ("AB12", "S-AB12")


async def test_6_09_a_poll_with_sequence_0001(small_house: House) -> None:
    assert await heard(small_house, "code-023") == []
    assert small_house.station.intake.tally.polls == 1


async def test_6_10_events_0000_without_area_and_address_are_never_one(small_house: House) -> None:
    event = frame('"SIA-DCS"0000L0#1001[#1001|NBA]')
    assert await small_house.send(event, event) == [frame('"ACK"0000L0#1001[]')] * 2
    [alarm] = await small_house.alarms()
    assert (alarm.signals, alarm.words) == (2, "Intrusion")


@pytest.mark.parametrize("identifier", ["iss-043", "code-062"])
async def test_6_11_a_poll_that_carries_an_empty_contact_id(small_house: House, identifier: str) -> None:
    assert await heard(small_house, identifier) == []
    assert small_house.station.intake.tally.polls == 1


async def test_6_12_contact_id_as_the_bare_tail(small_house: House) -> None:
    [event] = await heard(small_house, "code-013")
    assert (event["code"], event["qualifier"], event["area"], event["address"]) == ("602", "1", "01", "000")


async def test_6_12_a_panel_that_waits_for_the_byte_06_gets_that_alone_where_its_account_says_so(
    small_house: House,
) -> None:
    await known(small_house, "6827", lone_ack=True)
    poll = frame('"NULL"0000L1#6827[]')
    assert await small_house.send(raw("code-013"), poll) == [b"\x06", b"\x06"]
    assert codes((await small_house.entries("signal"))[0]["data"]["events"]) == ["602"]
    await setting(small_house, "6827", lone_ack=False)
    assert await small_house.send(poll) == [frame('"ACK"0000L1#6827[]')]


async def test_6_12_an_encrypted_frame_is_answered_as_the_standard_says_whatever_its_account_says(
    small_house: House,
) -> None:
    account = vectors()["java-056"]["expect"]["account"]
    await known(small_house, account, KEY, window_before_s=-1, window_after_s=-1, lone_ack=True)
    [answer] = await small_house.send(raw("java-056"))
    assert b'"*ACK"' in answer


async def test_6_13_no_slash_and_text_in_circumflexes(small_house: House) -> None:
    [event] = await heard(small_house, "iss-001")
    assert (event["code"], event["area"], event["address"]) == ("RP", "0", "2")
    assert event["text"].startswith("SL 18071")
    blanks = frame('"SIA-DCS"0002L0#000110[#000110|Nri1BA503^PIR hal     ^]')
    await small_house.send(blanks)
    [_, entry] = await small_house.entries("signal")
    [event] = entry["data"]["events"]
    assert (event["code"], event["area"], event["address"], event["text"].strip()) == ("BA", "1", "503", "PIR hal")


async def test_6_14_text_on_the_modifier(small_house: House) -> None:
    [event] = await heard(small_house, "java-027")
    assert (event["code"], event["area"], event["address"]) == ("LX", "01", "901")


async def test_6_15_seconds_in_ti_and_a_date_in_da(small_house: House) -> None:
    assert codes(await heard(small_house, "iss-088")) == ["RP"]


async def test_6_16_an_extra_zero_block(small_house: House) -> None:
    assert codes(await heard(small_house, "iss-083")) == ["RP"]


@pytest.mark.parametrize("identifier", ["code-048", "java-028"])
async def test_6_17_utf_8_text_counts_as_bytes(small_house: House, identifier: str) -> None:
    assert await heard(small_house, identifier)


async def test_6_17_windows_1252_and_undecodable_text(small_house: House) -> None:
    for number, text in enumerate((b"Sch\xfcr \x80", b"\x81\xff\x00", "Кухня".encode()), 1):
        body = b'"SIA-DCS"%04dL0#1001[#1001|Nri1/BA07^%s^]' % (number, text)
        assert await small_house.send(frame(body)) == [ack("1001", number)]
    texts = [entry["data"]["events"][0]["text"] for entry in await small_house.entries("signal")]
    assert texts == ["Schür €", "\x81ÿ\\x00", "Кухня"]


async def test_6_18_several_frames_in_one_segment_and_one_frame_in_many(small_house: House) -> None:
    line = await small_house.line()
    both = sia("1001", 1, "Nri1/BA07") + sia("1001", 2, "Nri1/BR07")
    assert [await line.say(both), await line.reply()] == [ack("1001", 1), ack("1001", 2)]
    for one in both:
        line.writer.write(bytes([one]))
        await line.writer.drain()
    assert [await line.reply(), await line.reply()] == [ack("1001", 1), ack("1001", 2)]


STALE = b"#1001|NRP]_20:00:00,11-22-2026"


async def test_6_19_stale_bytes_between_the_counted_end_and_the_return(small_house: House) -> None:
    good = sia("1001", 1, "Nri1/BA07")
    line = await small_house.line()
    assert await line.say(good[:-1] + STALE + b"\r", sia("1001", 2, "Nri1/BR07")) == ack("1001", 1)
    assert await line.reply() == ack("1001", 2)
    assert len(await small_house.entries("signal")) == 2


@pytest.mark.parametrize("lenient", [True, False])
async def test_6_19_stale_bytes_inside_the_counted_length(small_house: House, lenient: bool) -> None:
    await setting(small_house, "1001", lenient_length=lenient)
    body = b'"SIA-DCS"0001L0#1001[#1001|Nri1/BA07]_20:00:00,11-23-2026'
    stale = b"\n%04X%04X%s%s\r" % (crc(body), len(body + STALE), body, STALE)
    line = await small_house.line()
    if lenient:
        assert await line.say(stale) == ack("1001", 1)
        [entry] = await small_house.entries("signal")
        assert (entry["data"]["length_wrong"], codes(entry["data"]["events"])) == (True, ["BA"])
        assert STALE.decode() in entry["raw"]
    else:
        assert await line.unanswered(stale)
        assert small_house.station.intake.tally.refused["wrong length"] == 1


@pytest.mark.parametrize(("damaged", "reason", "times"), [("crc", "CRC wrong", 3), ("length", "wrong length", 1)])
async def test_6_20_a_panel_whose_frames_are_never_right_is_shown_to_the_desk(
    house: House, damaged: str, reason: str, times: int
) -> None:
    """A wrong CRC may be noise: three in a row are none. With a good CRC a panel said exactly this: once is enough."""
    body = b'"ADM-CID"0227R4F39L4F39#1001[#1001|1110 01 057]'
    given = (crc(body) ^ (damaged == "crc"), len(body) + 3 * (damaged == "length"))
    wrong = b"\n%04X%04X%s\r" % (*given, body)
    line = await house.line()
    for _ in range(times - 1):
        assert await line.unanswered(wrong)
    assert (await house.entries("unreadable"), await house.alarms()) == ([], [])
    assert await line.unanswered(wrong, wrong)
    [entry] = await house.entries("unreadable")
    assert (entry["site"], entry["data"]["reason"], "1110 01 057" in entry["raw"]) == ("S1", reason, True)
    [alarm] = await house.alarms()
    assert alarm.words == "Panel unreadable"


async def test_6_20_noise_on_the_line_of_a_panel_that_is_heard_is_not_shown(small_house: House) -> None:
    good = sia("1001", 1, "Nri1/BA07")
    line = await small_house.line()
    for _ in range(5):
        assert await line.say(good.replace(b"BA07", b"BA08"), good) == ack("1001", 1)
    assert await small_house.entries("unreadable") == []


@pytest.mark.parametrize("off", [-1, 9, 512])
async def test_6_20_a_wrong_length_with_a_good_crc_is_taken_where_the_account_says_so(
    small_house: House, off: int
) -> None:
    body = b'"SIA-DCS"0001L0#1001[#1001|Nri1/BA07]'
    wrong = b"\n%04X%04X%s\r" % (crc(body), len(body) + off, body)
    line = await small_house.line()
    # A length that is too long is known as such by what follows.
    assert await line.unanswered(wrong)
    await setting(small_house, "1001", lenient_length=True)
    assert await line.say(wrong) == ack("1001", 1)
    await setting(small_house, "1001", lenient_length=False)
    assert await line.unanswered(wrong)
    assert len(await small_house.entries("signal")) == 1


@pytest.mark.parametrize("identifier", ["iss-027", "code-014"])
async def test_6_21_a_clock_hours_or_years_off(small_house: House, identifier: str) -> None:
    account = vectors()[identifier]["expect"]["account"]
    await heard(small_house, identifier)
    await setting(small_house, account, check_clear_time=True)
    assert (await small_house.send(raw(identifier)))[0] == frame(f'"NAK"0000R0L0A0[]_{START:%H:%M:%S,%m-%d-%Y}')
    await setting(small_house, account, window_before_s=-1, window_after_s=-1)
    assert await small_house.send(raw(identifier)) == [reply(identifier)]


async def test_6_22_a_panel_in_clear_that_needs_a_NAK_to_set_its_clock(small_house: House) -> None:
    await setting(small_house, "1001", check_clear_time=True)
    never_set = '"SIA-DCS"0001L0#1001[#1001|Nri1/BA07]_00:00:10,01-01-2000'
    [nak] = await small_house.send(frame(never_set))
    assert nak == frame(f'"NAK"0000R0L0A0[]_{START:%H:%M:%S,%m-%d-%Y}')
    assert [alarm.out_of_window for alarm in await small_house.alarms()] == [True]
    now_set = f'"SIA-DCS"0001L0#1001[#1001|Nri1/BA07]_{START:%H:%M:%S,%m-%d-%Y}'
    assert await small_house.send(frame(now_set)) == [ack("1001", 1)]
    [alarm] = await small_house.alarms()
    assert alarm.signals == 1


@pytest.mark.parametrize("code", ["PE", "JC", "ZY", "XC", "NP", "QQ"])
async def test_6_23_codes_outside_dc_03_are_acknowledged_and_never_log_only_unless_known(
    small_house: House, code: str
) -> None:
    assert await small_house.send(sia("1001", 1, f"Nri1/{code}501")) == [ack("1001", 1)]
    [entry] = await small_house.entries("signal")
    [event] = entry["data"]["events"]
    assert event["code"] == code
    assert (event["kind"] == "unknown") == (len(await small_house.alarms()) == 1)


async def test_6_23_a_code_of_no_table_is_answered_as_its_source_says(small_house: House) -> None:
    assert codes(await heard(small_house, "iss-009")) == ["PE"]


@pytest.mark.parametrize("identifier", ["iss-071", "iss-072", "iss-073"])
async def test_6_24_the_exact_ack(small_house: House, identifier: str) -> None:
    if vectors()[identifier]["expected_response"]["type"] == "ACK":
        await heard(small_house, identifier)
    else:
        assert await (await small_house.line()).unanswered(raw(identifier))


async def test_6_25_length_in_decimal(small_house: House) -> None:
    await known(small_house, "1234")
    line = await small_house.line()
    assert await line.unanswered(raw("code-036"))
    await setting(small_house, "1234", lenient_length=True)
    assert await line.say(raw("code-036")) == frame('"ACK"0001R0L0#1234[]')


@pytest.mark.parametrize("sequence", ["000A", "00ff", "270F"])
async def test_6_25_sequence_in_hex_is_echoed_as_sent(small_house: House, sequence: str) -> None:
    event = frame(f'"SIA-DCS"{sequence}L0#1001[#1001|Nri1/BA07]')
    assert await small_house.send(event, event) == [frame(f'"ACK"{sequence}L0#1001[]')] * 2
    assert len(await small_house.entries("signal")) == 1


def foreign(payload: bytes = bytes(range(16)), account: bytes = b"\xa1\xb2\xc3") -> bytes:
    """The envelope of DSC TL and Neo communicators, as far as it is known."""
    head = b"\x5f\x00\x07" + account + b"\x00\x00" + payload
    return head + zlib.crc32(head).to_bytes(4, "big")


@pytest.mark.parametrize(
    "payload",
    [bytes(16), b'\n0000000F"NULL"0', b"\r" * 16, bytes(range(32)), b"\n" * 128],
    ids=["one block", "a frame's head inside", "returns", "two blocks", "line feeds"],
)
async def test_6_26_the_binary_envelope_is_kept_and_shown_and_hides_no_frame_around_it(
    small_house: House, payload: bytes
) -> None:
    envelope = foreign(payload)
    line = await small_house.line()
    both = sia("1001", 1, "NBA07") + envelope + b"\x00" + sia("1001", 2, "NBA08")
    assert [await line.say(both), await line.reply()] == [ack("1001", 1), ack("1001", 2)]
    [entry] = await small_house.entries("unreadable")
    assert entry["account"] == "5FA1B2C3"
    assert entry["data"]["reason"] == "binary envelope 5F, which is not understood"
    assert codecs.escape_decode(entry["raw"])[0] == envelope
    assert "Unknown account 5FA1B2C3: Unknown account" in [alarm.words for alarm in await small_house.alarms()]


async def test_6_26_of_an_account_that_the_desk_named_so_it_is_shown_at_its_site(small_house: House) -> None:
    await known(small_house, "5FA1B2C3")
    line = await small_house.line()
    assert await line.unanswered(*(bytes([byte]) for byte in foreign(b"\n" * 16)))
    [entry] = await small_house.entries("unreadable")
    assert entry["site"] == "S-5FA1B2C3"
    assert [alarm.words for alarm in await small_house.alarms()] == ["Panel unreadable"]


async def test_6_26_what_only_begins_like_the_envelope_is_noise_and_holds_nothing_back(small_house: House) -> None:
    line = await small_house.line()
    damaged = foreign()[:-1] + b"\x00"
    assert await line.say(damaged, b"_20:00:00,11-22-2026", sia("1001", 1, "NBA07")) == ack("1001", 1)
    assert await small_house.entries("unreadable") == []


@pytest.mark.parametrize("data", ["", "#1001", "#1001|", "#1001|0000 00 000", "1001"])
async def test_an_extended_null_is_a_poll(small_house: House, data: str) -> None:
    await setting(small_house, "1001", interval_s=60, margin_s=0)
    await small_house.station.accounts_changed()
    small_house.clock.move(50)
    poll = frame(f'"XNM"0000L0#1001[{data}][C1]')
    before = len(await small_house.entries())
    assert await small_house.send(poll, poll) == [frame('"ACK"0000L0#1001[]')] * 2
    small_house.clock.move(50)
    await small_house.station.duties.second()
    assert small_house.station.intake.tally.polls == 2
    assert len(await small_house.entries()) == before


async def test_an_extended_null_that_carries_data_is_acknowledged_and_shown(small_house: House) -> None:
    assert await small_house.send(frame('"XNM"0001L0#1001[#1001|NFA11]')) == [ack("1001", 1)]
    assert [(alarm.words, alarm.priority) for alarm in await small_house.alarms()] == [("Unknown event XNM", 3)]


async def test_6_27_scanners_and_neighbours_bytes_are_counted_alone(small_house: House) -> None:
    line = await small_house.line()
    before = len(await small_house.entries())
    noise = [raw(identifier) for identifier in ("iss-059", "iss-092", "iss-093")]
    assert await line.unanswered(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", *noise, b"\x16\x03\x01\x02\x00\x01")
    assert len(await small_house.entries()) == before
    assert small_house.station.intake.tally.refused.total() > 0
    assert await line.say(sia("1001", 1, "Nri1/BA07")) == ack("1001", 1)
