"""I1, I2, I5, I9: a station with other keys than its journal's, or none, says so and does not start; what mends it."""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path

import pytest

from console.station import keys_command
from console.station.acts.registry import NewSystem
from console.station.intake import Intake
from console.station.store.secrets import KEY_FILES, SecretsRefused
from console.station.verifying import verify_journal
from tests.console.station.house import SITE, open_house, site
from tests.frames import ack, frame, sia

KEYED = site("K1", "5001", systems=(NewSystem("5001", "00112233445566778899aabbccddeeff", False),))
PASSPHRASE = "een lange zin voor de sleutels"


def keys_of(place: Path | str) -> Path:
    return place / "secrets" if isinstance(place, Path) else Path(os.environ["VIGIE_SECRETS"])


async def a_station_that_was(place: Path | str) -> Path:
    """A journal with a keyed panel; where its keys lie."""
    async with open_house(place) as house:
        await house.bring_in(SITE, KEYED)
    return keys_of(place)


async def test_I9_a_station_whose_keys_are_gone_does_not_start_and_makes_no_others(
    place: Path | str, still: None
) -> None:
    keys = await a_station_that_was(place)
    for name in KEY_FILES:
        (keys / name).unlink()
    with pytest.raises(SecretsRefused, match=r"There are no keys in .*vigie station join"):
        async with open_house(place):
            pass
    assert not any((keys / name).exists() for name in KEY_FILES)


async def test_I5_a_station_with_keys_of_its_own_does_not_start_and_verify_says_nothing_of_the_journal(
    place: Path | str, still: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = await a_station_that_was(place)
    monkeypatch.setenv("VIGIE_SECRETS", str(tmp_path / "other-secrets"))
    async with open_house(tmp_path / "other"):
        pass
    for name in KEY_FILES:
        shutil.copyfile(tmp_path / "other" / "secrets" / name, keys / name)
    monkeypatch.setenv("VIGIE_SECRETS", str(keys))
    with pytest.raises(SecretsRefused, match="are not those of this journal"):
        async with open_house(place):
            pass
    assert await asyncio.to_thread(verify_journal, place) == 2
    assert "are not those of this journal" in capsys.readouterr().err


async def test_a_journal_of_before_takes_the_keys_that_open_it_and_no_others(place: Path | str, still: None) -> None:
    keys = await a_station_that_was(place)
    async with open_house(place) as house:
        await house.station.database.write(lambda c: c.exec_driver_sql("DELETE FROM known_keys"))
    async with open_house(place) as house:
        await house.station.database.write(lambda c: c.exec_driver_sql("DELETE FROM known_keys"))
    for name in KEY_FILES:
        (keys / name).unlink()
    with pytest.raises(SecretsRefused, match="are not those of this journal"):
        async with open_house(place):
            pass


async def test_keys_are_brought_to_a_second_machine_under_a_passphrase(
    place: Path | str, still: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keys, file = await a_station_that_was(place), tmp_path / "keys.sealed"
    assert await asyncio.to_thread(keys_command.hand_out, place, file, PASSPHRASE) == 0
    assert file.stat().st_mode & 0o777 == 0o600
    whole = {name: (keys / name).read_bytes() for name in KEY_FILES}
    assert not any(key in file.read_bytes() for key in whole.values())
    assert await asyncio.to_thread(keys_command.join, place, file, PASSPHRASE) == 1, "there are keys already"
    for name in KEY_FILES:
        (keys / name).unlink()
    assert await asyncio.to_thread(keys_command.join, place, file, "another passphrase") == 1
    assert await asyncio.to_thread(keys_command.join, place, file, PASSPHRASE) == 0
    assert {name: (keys / name).read_bytes() for name in KEY_FILES} == whole
    assert {(keys / name).stat().st_mode & 0o777 for name in KEY_FILES} == {0o600}
    async with open_house(place) as house:
        assert await house.send(sia("1001", 1, "Nri1/FA11")) == [ack("1001", 1)]
    assert "the passphrase" in capsys.readouterr().err.lower()


async def test_keys_of_another_journal_are_not_brought(place: Path | str, still: None, tmp_path: Path) -> None:
    keys, file = await a_station_that_was(place), tmp_path / "keys.sealed"
    async with open_house(tmp_path / "other"):
        pass
    assert await asyncio.to_thread(keys_command.hand_out, tmp_path / "other", file, PASSPHRASE) == 0
    for name in KEY_FILES:
        (keys / name).unlink()
    assert await asyncio.to_thread(keys_command.join, place, file, PASSPHRASE) == 1
    assert not any((keys / name).exists() for name in KEY_FILES)


async def test_I2_new_keys_are_a_journaled_act_and_a_frame_under_the_old_is_kept_and_shown(
    place: Path | str, still: None, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = await a_station_that_was(place)
    assert await asyncio.to_thread(keys_command.new_keys, place, "lost") == 1, "there are keys"
    for name in KEY_FILES:
        (keys / name).unlink()
    assert await asyncio.to_thread(keys_command.new_keys, place, "the disk broke") == 0
    assert await asyncio.to_thread(verify_journal, place) == 0, capsys.readouterr()
    async with open_house(place) as house:
        [entry] = await house.entries("keys-replaced")
        assert entry["text"].endswith("must be entered again · the disk broke")
        assert entry["actor"]["kind"] != "station"
        line = await house.line()
        assert await line.unanswered(frame('"*SIA-DCS"0001L0#5001[' + "AB" * 32), poll="1001")
        [alarm] = await house.alarms()
        assert (alarm.kind, alarm.site) == ("panel-unreadable", "K1")
        [kept] = await house.entries("unreadable")
        assert kept["data"]["reason"] == "encrypted, and its key cannot be opened with this station's keys"
        assert await house.send(sia("1001", 1, "Nri1/FA11")) == [ack("1001", 1)]
        await house.station.database.write(lambda c: c.exec_driver_sql("DELETE FROM known_keys WHERE id = 1"))
    assert await asyncio.to_thread(verify_journal, place) == 1
    assert "the keys were replaced 0 times, and 1 entries tell of it" in capsys.readouterr().out


async def test_I2_a_frame_that_our_own_mistake_keeps_from_being_judged_is_kept_and_shown(
    place: Path | str, still: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mistaken(*_args: object) -> None:
        raise IndexError("a mistake of ours")

    async with open_house(place) as house:
        await house.bring_in(SITE)
        line = await house.line()
        with monkeypatch.context() as patched:
            patched.setattr(Intake, "_received", mistaken)
            assert await line.unanswered(sia("1001", 1, "Nri1/FA11"), poll="1001")
        [alarm] = await house.alarms()
        assert (alarm.kind, alarm.site) == ("panel-unreadable", "S1")
        [kept] = await house.entries("unreadable")
        assert "FA11" in kept["raw"]
        assert await line.say(sia("1001", 1, "Nri1/FA11")) == ack("1001", 1)
