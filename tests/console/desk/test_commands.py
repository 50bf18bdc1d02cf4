"""Commands are declared once; keys, key bar, menu and help agree (visual.md §4)."""

from __future__ import annotations

from collections import Counter

from PySide6.QtGui import QKeySequence

from console.desk.commands import BY_ID, COMMANDS, groups

# visual.md §4, as far as this version goes.
KEYS = {
    "take-next": "F1", "queue": "F2", "find-site": "F3", "tests": "F4", "journal": "F5", "performance": "F6",
    "test-change": "F7", "test-out": "Shift+F7", "park-5": "F8", "park-15": "Shift+F8", "park-other": "Ctrl+F8",
    "note": "F9", "close": "F10", "release": "F11", "lock": "F12", "hang-up": "Alt+End", "back": "Esc",
    "skip": "Ctrl+K", "seen": "Alt+A", "code-words": "Alt+C", "insert-new": "Space", "next": "Return",
}  # fmt: skip


def test_every_command_and_every_key_is_declared_once() -> None:
    assert len(BY_ID) == len(COMMANDS)
    used = Counter(QKeySequence(key).toString() for command in COMMANDS for key in command.keys)
    assert [key for key, times in used.items() if times > 1] == []


def test_every_key_is_a_key() -> None:
    for command in COMMANDS:
        assert command.keys, command.id
        for key in command.keys:
            sequence = QKeySequence(key)
            assert sequence.count() == 1, key
            assert sequence.toString(), key


def test_the_keys_are_those_of_the_design() -> None:
    for command, key in KEYS.items():
        assert BY_ID[command].keys[0] == key
    for digit in range(1, 9):
        assert BY_ID[f"digit-{digit}"].keys == (str(digit), f"Alt+{digit}")
    for step in range(1, 8):
        assert BY_ID[f"step-{step}"].keys == (f"Ctrl+{step}",)


def test_the_key_bar_has_twelve_places_each_with_its_function_key() -> None:
    bar = {command.bar: command for command in COMMANDS if command.bar is not None}
    assert sorted(bar) == list(range(1, 13))
    for place, command in bar.items():
        assert command.keys[0] == f"F{place}"


def test_help_names_every_command_with_its_first_key() -> None:
    lines = [line for _title, lines in groups() for line in lines]
    single = [command for command in COMMANDS if not command.id.startswith(("digit-", "step-"))]
    for command in single:
        said = command.keys[0].replace("Return", "Enter")
        assert any(key == said and words.startswith(command.words) for key, words in lines), command.id
    assert len(lines) == len(single) + 2, "digits and steps are one line each"


def test_what_is_not_there_yet_says_what_to_do_instead() -> None:
    assert [command.id for command in COMMANDS if command.since] == []
