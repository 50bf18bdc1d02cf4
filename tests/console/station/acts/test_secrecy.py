"""I9: secrets that arrive inside frames are in no journal, no feed and no log; the sealed original can be opened."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from console.station import dc09
from console.station.acts.registry import NewSystem
from models.tables import SealedFrame
from tests.console.station.house import START, House, site
from tests.frames import frame

SECRET = "5ECRE7"
CLEAR = {
    "key change": f'"SIA-DCS"0001L0#1001[#1001|NBA07][K{SECRET}]',
    "programming": f'"SIA-DCS"0001L0#1001[#1001|NBA07][P{SECRET}][IHello]',
    "both, and a time": f'"SIA-DCS"0001L0#1001[#1001|NBA07][K{SECRET}][P{SECRET}]_20:00:00,11-23-2026',
    "bracket inside": f'"SIA-DCS"0001L0#1001[#1001|NBA07][K12[{SECRET}]',
    "not closed": f'"SIA-DCS"0001L0#1001[#1001|NBA07][K{SECRET}',
    "passcode block": f'"SIA-DCS"0001L0#1001[#1001|?{SECRET}]',
    "passcode among events": f'"SIA-DCS"0001L0#1001[#1001|NBA07|?{SECRET}|NBA08]',
    "passcode without account": f'"SIA-DCS"0001L0#1001[?{SECRET}]',
    "token not supported": f'"SIA-S2K"0001L0#1001[#1001|NBA07][K{SECRET}]',
    "account not known": f'"SIA-DCS"0001L0#9999[#9999|NBA07][K{SECRET}]',
}


@pytest.mark.parametrize("case", CLEAR)
async def test_I9_a_secret_in_a_clear_frame_is_masked(
    small_house: House, case: str, capfd: pytest.CaptureFixture[str]
) -> None:
    house, raw = small_house, frame(CLEAR[case])
    await house.send(raw)
    [entry] = await house.entries("signal")
    assert SECRET not in str(await house.entries())
    assert "*" * len(SECRET) in entry["raw"]
    assert entry["data"]["masked"]
    assert SECRET not in "".join(capfd.readouterr())
    sealed = await house.station.database.read(lambda c: c.execute(select(SealedFrame)).one())
    assert sealed.seq == entry["seq"]
    account = "9999" if "#9999" in CLEAR[case] else "1001"
    assert house.station.secrets.unseal(sealed.sealed, f"frame of {account}") == raw
    assert len(await house.alarms()) == 1


@pytest.mark.parametrize("inside", [f"#2002|NBA07][K{SECRET}", f"#2002|?{SECRET}", f"?{SECRET}"])
async def test_I9_the_cipher_text_that_holds_a_secret_is_masked_as_well(house: House, inside: str) -> None:
    key = bytes(range(16))
    await house.bring_in(site("S2", "-", systems=(NewSystem("2002", key.hex(), False),)))
    cipher = dc09.encrypt_content(inside.encode(), key, START)
    await house.send(frame(b'"*SIA-DCS"0001L0#2002[' + cipher))
    [entry] = await house.entries("signal")
    assert cipher.decode() not in entry["raw"]
    assert entry["raw"].count("*") == len(cipher) + 1
    assert SECRET not in str(await house.entries())


async def test_I9_a_frame_without_a_secret_is_kept_whole_and_nothing_is_sealed(house: House) -> None:
    raw = frame('"SIA-DCS"0001L0#1001[#1001|NBA07][IKey Park][H20:00:00,11-23-2026]')
    await house.send(raw)
    [entry] = await house.entries("signal")
    assert entry["raw"] == raw.decode().replace("\n", "\\n").replace("\r", "\\r")
    assert await house.station.database.read(lambda c: c.execute(select(SealedFrame)).all()) == []


@pytest.mark.parametrize("clear", [True, False])
async def test_I9_the_key_of_an_account_is_sealed_and_never_journaled(house: House, clear: bool) -> None:
    from console.station.acts import registry

    key = "00112233445566778899AABBCCDDEEFF"
    settings = registry.AccountSettings("1001", key, clear)
    await house.station.scribe.act(
        lambda ledger: registry.set_account(ledger, house.station.secrets, registry.local("me"), settings)
    )
    [entry] = await house.entries("account-set")
    assert entry["text"] == "Account 1001 set: key, clear allowed"
    assert key.lower() not in str(await house.entries()).lower()
    assert key not in repr(settings)
