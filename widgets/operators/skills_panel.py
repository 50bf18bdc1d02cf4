"""What somebody can be given: languages, kinds of alarm, customer groups, trainee (issue 6, 5)."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal

from models.records import AlarmClass, StaffMember, StaffSkills
from widgets.form import Field, Form, Value
from widgets.keycap import toned
from widgets.panel import Panel
from widgets.theme import theme


class SkillsPanel(Panel):
    """A form for one member of staff. What was typed stays for them until it is saved or taken back."""

    wanted = Signal(str, object, int)
    """Login name, :class:`StaffSkills`, the version that was shown."""

    def __init__(self) -> None:
        super().__init__(self.tr("What they can be given"), self.tr("back"), "Esc")
        self.member: StaffMember | None = None
        self._version = 0
        fields = [
            Field("languages", self.tr("Languages"), self.tr("as FR NL; empty: all"), 100),
            Field("groups", self.tr("Customer groups"), self.tr("a comma between; empty: all"), 1000),
            Field("trainee", self.tr("Trainee"), self.tr("no Emergency while another can take it"), check=True),
            *(
                Field(one.value, self.tr("Alarms") if not nth else "", one.value, check=True)
                for nth, one in enumerate(AlarmClass)
            ),
        ]
        self.form = Form(fields, self.tr("What they can be given"))
        self.form.wanted.connect(self._save)
        gutter = theme().px(14)
        said = toned(
            "second",
            self.tr(
                "F1 leaves what somebody lacks for to others, for seconds and while one of them can take it. "
                "Nothing is hidden: Enter takes every row. No kind of alarm ticked means all of them."
            ),
            wrap=True,
        )
        said.setContentsMargins(gutter, gutter, gutter, 0)
        self.body.addWidget(said)
        self.body.addWidget(self.form, 1)

    def show_member(self, member: StaffMember) -> None:
        """Of whom; what another saved meanwhile is shown beside what was typed (I11)."""
        values = _values(member.skills)
        if self.member is None or self.member.person.login != member.person.login:
            self.form.show_values(values)
        elif member.skills.version != self._version:
            self.form.show_theirs(values)
        self.member, self._version = member, member.skills.version
        self.title.setText(self.tr("{0} can be given").format(member.person.name))

    def begin(self) -> None:
        """The cursor in the first field."""
        self.form.begin()

    def saved(self, skills: StaffSkills) -> None:
        """It is kept, as the station reads it."""
        self._version = skills.version
        self.form.show_values(_values(skills))
        self.form.say(self.tr("Saved."))

    def refuse(self, sentence: str, field: str | None = None) -> None:
        """Why it was refused."""
        self.form.refuse(sentence, field)

    def forget(self) -> None:
        """Somebody else signs in: what was typed was not theirs."""
        self.member = None

    def _save(self, values: Mapping[str, Value]) -> None:
        if self.member is None:
            return
        skills = StaffSkills(
            languages=tuple(str(values["languages"]).replace(",", " ").split()),
            classes=tuple(one for one in AlarmClass if values[one.value]),
            groups=tuple(part.strip() for part in str(values["groups"]).split(",") if part.strip()),
            trainee=bool(values["trainee"]),
        )
        self.wanted.emit(self.member.person.login, skills, self._version)


def _values(skills: StaffSkills) -> dict[str, Value]:
    return {
        "languages": " ".join(skills.languages),
        "groups": ", ".join(skills.groups),
        "trainee": skills.trainee,
        **{one.value: one in skills.classes for one in AlarmClass},
    }
