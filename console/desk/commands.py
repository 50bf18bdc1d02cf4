"""Every command once: its words, its keys, its place on the key bar. Menu, help and key bar are made from this."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication


@dataclass(frozen=True, slots=True)
class Command:
    """One thing an operator can do. ``bar`` is its place on the key bar, 1 to 12 (visual.md §4)."""

    id: str
    words: str
    keys: tuple[str, ...]
    group: str
    bar: int | None = None
    since: str = ""
    """Not in this version: what to do instead. Shown, off."""

    def text(self) -> str:
        """Its words in the operator's language."""
        return QCoreApplication.translate("commands", self.words)


ALARMS = str(QT_TRANSLATE_NOOP("commands", "Alarms"))
CALLS = str(QT_TRANSLATE_NOOP("commands", "Calls"))
PLACES = str(QT_TRANSLATE_NOOP("commands", "Screens"))
JOURNAL = str(QT_TRANSLATE_NOOP("commands", "Journal"))
FILES = str(QT_TRANSLATE_NOOP("commands", "Site file"))
CONSOLE = str(QT_TRANSLATE_NOOP("commands", "Console"))


def _(words: str) -> str:
    return str(QT_TRANSLATE_NOOP("commands", words))


_STEPS = range(1, 10)
COMMANDS: tuple[Command, ...] = (
    Command("take-next", _("Next alarm"), ("F1",), ALARMS, 1),
    Command("queue", _("Queue"), ("F2",), PLACES, 2),
    Command("find-site", _("Find site"), ("F3",), PLACES, 3),
    Command("tests", _("Tests"), ("F4",), PLACES, 4),
    Command("journal", _("Journal"), ("F5",), PLACES, 5),
    Command("journal-here", _("Journal of the alarm or site at hand"), ("Shift+F5",), PLACES),
    Command("alarm-timeline", _("This alarm from start to end"), ("Alt+Return", "Alt+Enter"), JOURNAL),
    Command("clear-filter", _("Take all filters away"), ("Ctrl+0",), JOURNAL),
    Command("verify-lines", _("Verify the lines of the list"), ("Alt+V",), JOURNAL),
    Command("journal-newest", _("To the newest line"), ("Ctrl+Home",), JOURNAL),
    Command("journal-oldest", _("To the oldest line"), ("Ctrl+End",), JOURNAL),
    Command("performance", _("Performance"), ("F6",), PLACES, 6),
    Command("period-next", _("Performance: a longer period"), ("Alt+Right",), JOURNAL),
    Command("period-previous", _("Performance: a shorter period"), ("Alt+Left",), JOURNAL),
    Command("handling-time", _("Late alarms: until taken, or until closed"), ("Alt+H",), JOURNAL),
    Command("test-change", _("Test on / off"), ("F7",), ALARMS, 7),
    Command("test-out", _("Take out of test"), ("Shift+F7",), ALARMS),
    Command("test-whole", _("Test: the whole site"), ("Alt+W",), ALARMS),
    Command("test-part", _("Test: in part"), ("Alt+P",), ALARMS),
    Command("shelve", _("Put a zone aside that tells too often"), ("Alt+Z",), ALARMS),
    Command("off-list", _("Send a patrol or call an authority besides the call list"), ("Alt+S",), ALARMS),
    Command("filter", _("Filter the list"), ("/",), PLACES),
    Command("park-5", _("Park"), ("F8",), ALARMS, 8),
    Command("park-15", _("Park 15 minutes"), ("Shift+F8",), ALARMS),
    Command("park-other", _("Park for another time"), ("Ctrl+F8",), ALARMS),
    Command("note", _("Note"), ("F9",), ALARMS, 9),
    Command("close", _("Close alarm"), ("F10",), ALARMS, 10),
    Command("close-several", _("Close several waiting alarms"), ("Ctrl+F10",), ALARMS),
    Command("release", _("Release"), ("F11",), ALARMS, 11),
    Command("lock", _("Lock"), ("F12",), CONSOLE, 12),
    Command("sign-out", _("Sign out"), ("Shift+F12",), CONSOLE),
    Command("hand-over", _("Hand the alarm over"), ("Ctrl+F12",), ALARMS),
    Command("ask-help", _("Ask a supervisor for help, take that back, or answer who asks"), ("Alt+R",), ALARMS),
    Command("in-hand", _("Alarm in hand"), ("Ctrl+F2",), PLACES),
    Command("next", _("Next action"), ("Return", "Enter"), CALLS),
    Command("back", _("Back"), ("Esc",), PLACES),
    Command("hang-up", _("Hang up"), ("Alt+End",), CALLS),
    *(Command(f"digit-{n}", _("Choice {0}").format(n), (str(n), f"Alt+{n}"), CALLS) for n in range(1, 9)),
    *(Command(f"step-{n}", _("Call step {0}").format(n), (f"Ctrl+{n}",), CALLS) for n in _STEPS),
    Command("skip", _("Skip this step"), ("Ctrl+K",), CALLS),
    Command("seen", _("Mark shown signals seen"), ("Alt+A",), ALARMS),
    Command("code-words", _("Show code words"), ("Alt+C",), CALLS),
    Command("split-off", _("Give a site of an outage a row of its own"), ("Ctrl+S",), ALARMS),
    Command("check-site", _("A site of an outage is checked, or take that back"), ("Ctrl+T",), ALARMS),
    Command("storms", _("Storm profiles"), ("Alt+M",), PLACES),
    Command("tasks", _("Tasks of the service desk"), ("Alt+T",), PLACES),
    Command("reports", _("Reports by e-mail"), ("Alt+E",), PLACES),
    Command("shift", _("Shift log: for the next shift"), ("Alt+G",), PLACES),
    Command("operators", _("Operators: who is where, and holds what"), ("Alt+O",), PLACES),
    Command("new-site", _("New site"), ("Ctrl+N",), FILES),
    Command("edit", _("Change what is shown"), ("Ctrl+E",), FILES),
    Command("save", _("Save"), ("Ctrl+Return", "Ctrl+Enter"), FILES),
    Command("take-back", _("Take back what is not saved"), ("Ctrl+R",), FILES),
    Command("add", _("Add"), ("Ins",), FILES),
    Command("add-known", _("Add a contact who is known from another site"), ("Ctrl+F",), FILES),
    Command("remove", _("Remove"), ("Ctrl+Del",), FILES),
    Command("move-up", _("Move up in the order"), ("Alt+Up",), FILES),
    Command("move-down", _("Move down in the order"), ("Alt+Down",), FILES),
    Command("away", _("A contact is away"), ("Ctrl+A",), FILES),
    Command("suspend", _("Suspend a contact, or take back"), ("Ctrl+J",), FILES),
    Command("words", _("Set code words"), ("Ctrl+B",), FILES),
    Command("identify", _("Check who is calling"), ("Ctrl+D",), FILES),
    Command("issue-pin", _("Issue an ID code and PIN"), ("Ctrl+I",), FILES),
    Command("remove-email", _("Remove an e-mail address from self-service"), ("Ctrl+W",), FILES),
    Command("end-sessions", _("End all sessions of a customer"), ("Ctrl+O",), FILES),
    Command("level", _("Procedures of another level"), ("Ctrl+G",), FILES),
    Command("print", _("On paper or into a file: procedures, report of a test, journal"), ("Ctrl+P",), FILES),
    Command("insert-new", _("Insert new alarms"), ("Space",), ALARMS),
    Command("mute", _("Mute what rings now"), ("Ctrl+U",), CONSOLE),
    Command("telephone", _("How this workstation dials"), ("Ctrl+Y",), CONSOLE),
    Command("theme", _("Dark or light"), ("Ctrl+L",), CONSOLE),
    Command("menu", _("Menu"), ("Ctrl+M",), CONSOLE),
    Command("help", _("All keys"), ("Ctrl+H",), CONSOLE),
)

BY_ID = {command.id: command for command in COMMANDS}


def why_not(command: str) -> str:
    """What is said where a key does nothing; empty for keys that write, choose or go back, which are pressed idly."""
    given = BY_ID[command]
    key = given.keys[0]
    meant = key.startswith(("Ctrl+", "Alt+", "Shift+")) or key[1:].isdigit()
    if not meant or command.startswith(("digit-", "step-")):
        return ""
    why = QCoreApplication.translate("commands", _WHY_NOT.get(command, _("{0} does nothing here: {1}")))
    return why.format(key, given.text())


_WHY_NOT = {
    "take-next": _("{0} takes nothing: no alarm is waiting"),
    "in-hand": _("{0} shows nothing: no alarm is in your hands"),
    "performance": _("{0} is for supervisors: {1}"),
    "reports": _("{0} is for supervisors: {1}"),
}


def groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """For the help sheet: by group, the first key of each command and its words; digits in one line."""
    found: dict[str, list[tuple[str, str]]] = {}
    for command in COMMANDS:
        title = QCoreApplication.translate("commands", command.group)
        lines = found.setdefault(title, [])
        if command.id.startswith(("digit-", "step-")):
            family = command.id.split("-")[0]
            if command.id.endswith("-1"):
                key, words = _FAMILIES[family]
                lines.append((key, QCoreApplication.translate("commands", words)))
            continue
        since = QCoreApplication.translate("commands", command.since)
        words = f"{command.text()} ({since})" if command.since else command.text()
        # As keys are called everywhere else on screen.
        lines.append((command.keys[0].replace("Return", "Enter"), words))
    return list(found.items())


_FAMILIES = {
    "digit": ("1 … 8", _("Outcome of a call, or how it ended")),
    "step": ("Ctrl+1 … 9", _("That step; again: its next number")),
}
