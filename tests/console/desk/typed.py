"""A program: the window on an X server, every key of every command pressed for real; tells as JSON what was not heard.

Run as ``python -m tests.console.desk.typed FOLDER [altgr]`` with DISPLAY and the layout set.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from console.desk.commands import COMMANDS
from console.desk.window import Window
from models.records import CallOutcome
from tests.console.desk.scripted import Scripted, player_of
from tests.widgets.made import AN, BERT, calling, detail, held, tried
from widgets import theme

_NAMES = {
    **{"Return": "Return", "Enter": "KP_Enter", "Esc": "Escape", "Ins": "Insert", "Del": "Delete", "/": "slash"},
    **{"Space": "space", "Ctrl": "ctrl", "Alt": "alt", "Shift": "shift"},
}
_ROW = {str(n): str(9 + (n or 10)) for n in range(10)}
"""Key codes of the digits above the letters, by where they are."""
_PAD = {1: 87, 2: 88, 3: 89, 4: 83, 5: 84, 6: 85, 7: 79, 8: 80}
_PATIENCE = 300
ALTGR_WRITES = "altgr" in sys.argv
"""Of a layout on which AltGr and a digit's key write a sign, and the key alone writes no digit."""
heard: list[str] = []


def stroke(key: str) -> str:
    """What xdotool calls a key of the table of commands: digits by place, all else by what the layout writes."""
    said = (part.lower() if len(part) == 1 else part for part in key.split("+"))
    return "+".join(_ROW.get(part, _NAMES.get(part, part)) for part in said)


def strike(*what: str) -> None:
    """Real keys, to whatever window has the keyboard."""
    subprocess.run(["xdotool", *what], check=True)


async def press(what: str) -> list[str]:
    """Press it, and what the window heard."""
    heard.clear()
    strike("key", "--clearmodifiers", what)
    for _ in range(_PATIENCE):
        if heard:
            break
        await asyncio.sleep(0.01)
    return list(heard)


async def silent(what: str) -> list[str]:
    """Press what nothing is to hear, then something that is heard, so that nobody waits in vain."""
    heard.clear()
    strike("key", "--clearmodifiers", what, "key", "F2")
    for _ in range(_PATIENCE):
        if "queue" in heard:
            break
        await asyncio.sleep(0.01)
    return [command for command in heard if command != "queue"]


async def act(desk: Scripted) -> None:
    wrong: list[str] = []
    mine = held()
    desk.sign_in(mine)
    desk.details["A1"] = detail(mine, calling(tried(AN, CallOutcome.NO_ANSWER)), BERT)
    await desk.open(mine)
    await desk.settled()
    assert desk.focus() is desk.window.workspace.widget.now
    for command in COMMANDS:
        for key in command.keys:
            got = await press(stroke(key))
            if got != [command.id]:
                wrong.append(f"{key}: {command.id} expected, {got} heard")
    strike("key", "Num_Lock")
    for digit, code in _PAD.items():
        for before, command in (("", "digit"), ("alt+", "digit"), ("ctrl+", "step")):
            got = await press(f"{before}{code}")
            if got != [f"{command}-{digit}"]:
                wrong.append(f"number pad {before}{digit}: {got} heard")
    strike("key", "Num_Lock")
    if ALTGR_WRITES and (got := await silent("ISO_Level3_Shift+12")):
        wrong.append(f"AltGr and 3 writes, and did {got}")
    field = desk.window.workspace.widget.side.note
    field.setFocus()
    for digit in range(1, 9):
        field.clear()
        got = await press(f"alt+{_ROW[str(digit)]}")
        if got != [f"digit-{digit}"] or field.toPlainText():
            wrong.append(f"Alt+{digit} in a field: {got} heard, {field.toPlainText()!r} written")
        if (got := await silent(_ROW[str(digit)])) or not field.toPlainText():
            wrong.append(f"{digit} in a field: {got} heard, {field.toPlainText()!r} written")
    print(json.dumps(wrong))


def main(folder: Path) -> None:
    Window.do = lambda _window, command: heard.append(command)  # type: ignore[method-assign]
    app = QApplication([])
    app.setQuitOnLastWindowClosed(False)
    theme.load_fonts()
    theme.apply(app, "dark")
    player_of(app, folder)(act)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
