"""The presenter of the frame: strip, title line, key bar, border, bell (visual.md §3)."""

from __future__ import annotations

import time
from datetime import timedelta

from PySide6.QtCore import QObject

from console.client.link import Link, LinkState
from console.desk.bell import Player, Ringer, escalated_here
from console.desk.commands import COMMANDS
from console.desk.place import Place, Standing
from models.records import AlarmView, Ask, AskKind, StaffRole
from widgets.frame import Frame
from widgets.strip import Waiting
from widgets.theme import priority_name
from widgets.words import clock, duration, headline, minute, thousands

_TOLD_S = 20.0
"""So long what others did to whoever sits here stands in the title line."""
_FLOOD = timedelta(minutes=10)
"""So long after the last loss of an outage its notice gives way to others."""


class FrameDesk(QObject):
    """Shows on every screen how things stand, and rings."""

    def __init__(self, link: Link, frame: Frame, player: Player) -> None:
        super().__init__()
        self._link, self._frame, self._player = link, frame, player
        self.ringer = Ringer()
        self._notice, self._loud, self._noticed_at = "", False, float("-inf")
        self._stays = False
        self._told, self._told_at = "", float("-inf")
        """What others did to whoever sits here."""

    def notify(self, sentence: str, *, loud: bool, stays: bool = False) -> None:
        """The one notice; it gives way to what is more urgent, and soon goes unless it is ``loud`` or ``stays``."""
        self._notice, self._loud, self._noticed_at = sentence, loud, time.monotonic()
        self._stays = stays

    def tell(self, sentence: str) -> None:
        """What somebody else did to whoever sits here; no other notice takes its place for a while."""
        self._told, self._told_at = sentence, time.monotonic()

    def take_back(self, sentence: str) -> None:
        """Take the notice away where it still says that."""
        if self._notice == sentence:
            self._notice = ""

    def show(self, place: Place, *, parks_call: bool) -> None:
        """Everything, as it stands now."""
        link, signed_in = self._link, self._link.session is not None
        lost = link.state is LinkState.LOST
        link.known.forget_left(link.now())
        ringing = link.known.ringing() if signed_in else ()
        asked = self._asked_here() if signed_in else []
        self.ringer.hear(ringing, link_lost=lost, supervisor=self._supervisor(), asked=[one.id for one in asked])
        self._player.play(self.ringer.priority)
        self._frame.border.alert(self.ringer.flash(unheard=bool(self._player.trouble)))
        self._show_cells(signed_in=signed_in)
        self._show_next(signed_in=signed_in, parks_call=parks_call)
        self._show_infos(signed_in=signed_in)
        title, summary, banner = place.title()
        if lost:
            summary = self.tr("Not live: this is how things stood {0} ago. ").format(self._lost_for()) + summary
        self._frame.title.tell(title, summary, banner=banner)
        standing = place.standing() if isinstance(place, Standing) else ""
        self._show_notice(standing, signed_in=signed_in)

    def show_keys(self, able: dict[str, bool], current: str) -> None:
        """The key bar: what can be done, and where one is."""
        for command in COMMANDS:
            if command.bar is not None:
                on = able.get(command.id, False)
                self._frame.keys.tell(command.id, on=on, words=command.text(), current=command.id == current)

    def close(self) -> None:
        """Silence."""
        self._player.close()

    def _lost_for(self) -> str:
        return duration(time.monotonic() - (self._link.lost_at or time.monotonic()))

    def _show_cells(self, *, signed_in: bool) -> None:
        picture, now = self._link.known.picture, self._link.now()
        for priority, cell in self._frame.strip.cells.items():
            if not signed_in or picture is None:
                cell.tell(Waiting(None), None)
                continue
            waiting = self._link.known.waiting(priority)
            since = min((alarm.clock_from for alarm in waiting), default=None)
            cell.tell(Waiting(len(waiting), since, picture.targets.get(priority, 90)), now)
        self._frame.strip.clock.tell(now)

    def _show_next(self, *, signed_in: bool, parks_call: bool) -> None:
        block, known = self._frame.strip.next, self._link.known
        if not signed_in:
            block.tell(self.tr("Sign in first"), self.tr("then F1 takes the next alarm"), inverse=False)
            return
        waiting, in_hand = known.waiting(), known.in_hand()
        first = known.next_here(self._link.now())
        if not waiting:
            block.tell(self.tr("Nothing is waiting"), self.tr("F1 takes the next alarm"), inverse=False)
            return
        if first is None:
            self._show_left(waiting[0])
            return
        what = f"{priority_name(first.priority)} · {headline(first)}"
        if self._link.locked:
            block.tell(
                self.tr("{0} waiting").format(priority_name(first.priority)),
                self.tr("Unlock first, then F1"),
                inverse=False,
            )
        elif parks_call:
            block.tell(self.tr("F1 again parks this call"), what, inverse=True)
        elif not in_hand:
            town = f" · {first.site.town}" if first.site else ""
            block.tell(self.tr("Take next alarm"), what + town, inverse=True)
        elif first.priority < in_hand[0].priority:
            block.tell(self.tr("Take next, park this one"), what, inverse=True)
        else:
            block.tell(self.tr("Close, park or release first"), what, inverse=False)

    def _show_left(self, alarm: AlarmView) -> None:
        """All that waits is left to others for a moment: to whom, and that Enter takes it all the same."""
        left = self._link.known.left_to(self._link.now())[alarm.id]
        seconds = duration(left.until - self._link.now())
        to = ", ".join(name for name in left.to if name) or self.tr("others")
        said = self.tr("Left to {0} for {1}").format(to, seconds)
        self._frame.strip.next.tell(said, self.tr("Enter on its row takes it"), inverse=False)

    def _show_infos(self, *, signed_in: bool) -> None:
        strip, link = self._frame.strip, self._link
        if link.state is LinkState.LOST:
            strip.link.tell(self.tr("Link lost {0}").format(self._lost_for()), self.tr("trying again"), loud=True)
        elif signed_in and link.known.picture is not None:
            beat = link.known.beat
            last = beat.last_signal_at if beat is not None else None
            signal = self.tr("signal {0} ago").format(duration(link.now() - last)) if last else self.tr("no signal yet")
            strip.link.tell(self.tr("Linked"), f"{link.known.picture.station.name} · {signal}")
        else:
            strip.link.tell(self.tr("Not signed in"), self.tr("to a station"))
        tests, old = link.known.tests, link.known.grown_old(link.now())
        strip.tests.tell(self.tr("{0} in test").format(len(tests)), self.tr("{0} grown old").format(len(old)))
        strip.tests.setVisible(signed_in)
        running = link.known.storms_in_force()
        calm = self.tr("Storm {0}").format(minute(running[0].ends_at)) if running else self.tr("Control room")
        sound = self.tr("Muted") if self.ringer.muted else calm
        sound = self.tr("No sound") if self._player.trouble else sound
        strip.mark.tell(sound, loud=bool(self._player.trouble) or self.ringer.muted)
        if link.session is None:
            strip.operator.tell(self.tr("Nobody"), self.tr("signed in · {0}").format(link.workstation))
            return
        role = self.tr("locked") if link.locked else _role(link.session.person.roles)
        strip.operator.tell(link.session.person.name, f"{role} · {link.workstation}")

    def _show_notice(self, standing: str, *, signed_in: bool) -> None:
        title = self._frame.title
        if self._link.state is LinkState.LOST:
            title.notify(self.tr("The link to the station is lost. Nothing can be done until it is back."), loud=True)
            return
        if self._link.locked:
            title.notify(self._waiting_words())
            return
        told = self._told if time.monotonic() - self._told_at < _TOLD_S else ""
        told = told or self._given_words()
        if told and signed_in:
            title.notify(told, loud=True)
            return
        asked = self._asked_words() if signed_in else ""
        if asked and not (self._notice and time.monotonic() - self._noticed_at < 8):
            # Somebody waits for an answer of whoever sits here, and says what is wrong.
            title.notify(asked, loud=True)
            return
        findings = tuple(self._link.known.findings()) if signed_in else ()
        if findings:
            more = self.tr(" (and {0} more)").format(len(findings) - 1) if len(findings) > 1 else ""
            title.notify(findings[0] + more, loud=True)
            return
        unattended = self._unattended() if signed_in else ""
        fresh = time.monotonic() - self._noticed_at < 8
        if unattended and not (self._notice and fresh):
            # What was just said to whoever acts here comes first; then what nobody acts on.
            title.notify(unattended, loud=True)
            return
        if self._notice and (self._loud or self._stays or fresh):
            title.notify(self._notice, loud=self._loud)
            return
        lacking = self._lacking_words() if signed_in else ""
        if lacking:
            title.notify(lacking, loud=True)
            return
        storm = self._storm() if signed_in else ""
        flood = self._flood() if signed_in else ""
        if storm or flood:
            title.notify(" · ".join(filter(None, (storm, flood))))
            return
        old = self._link.known.grown_old(self._link.now()) if signed_in else []
        if old:
            words = self.tr("{0} has been in test for {1}  F4").format(
                old[0].site.name, duration(self._link.now() - old[0].since)
            )
            title.notify(words)
            return
        beat = self._link.known.beat if signed_in else None
        title.notify(standing or (beat.refusing if beat else ""))

    def _supervisor(self) -> bool:
        session = self._link.session
        return session is not None and StaffRole.SUPERVISOR in session.person.roles

    def _given_words(self) -> str:
        """What somebody else put into these hands, by whom and why, until it is looked at."""
        for alarm in self._link.known.in_hand():
            text = self._link.known.given.get(alarm.id)
            if text is not None:
                where = alarm.site.name if alarm.site is not None else alarm.account
                named = ", ".join(part for part in (headline(alarm), where) if part)
                return self.tr("In your hands now: {0}. {1}. Ctrl+F2 opens it.").format(named, text)
        return ""

    def _asked_here(self) -> list[Ask]:
        return self._link.known.asked_here(supervisor=self._supervisor())

    def _asked_words(self) -> str:
        """Who asks for what, the oldest first, until it is answered."""
        asked = self._asked_here()
        if not asked:
            return ""
        first = asked[0]
        alarm = self._link.known.alarms.get(first.alarm)
        named = headline(alarm) if alarm is not None else first.alarm
        if alarm is not None and alarm.site is not None:
            named = f"{named}, {alarm.site.name}"
        if first.kind is AskKind.HELP:
            words = self.tr("{0} asks for help: {1}{2}. Alt+R answers.")
        else:
            words = self.tr("{0} asks for {1}{2}. Ctrl+F12 hands it over, Alt+R answers.")
        said = words.format(first.by, named, f" · {first.words}" if first.words else "")
        return said + (self.tr(" (and {0} more)").format(len(asked) - 1) if len(asked) > 1 else "")

    def _storm(self) -> str:
        """The storm profiles in force: by name, until when, how many alarms they have; the next to end first."""
        known = self._link.known
        running = known.storms_in_force()
        if not running:
            return ""
        first, counts = running[0], known.storm_counts()
        words = self.tr("Storm “{0}” until {1} · {2} alarms  Alt+M")
        said = words.format(first.name, minute(first.ends_at), thousands(sum(counts.values())))
        return said if len(running) == 1 else self.tr("{0} (and {1} more)").format(said, len(running) - 1)

    def _lacking_words(self) -> str:
        """To supervisors: what waits and needs what nobody has who is signed in."""
        lacking = self._link.known.lacking() if self._supervisor() else {}
        if not lacking:
            return ""
        alarm, lacks = next(iter(lacking.items()))
        known = self._link.known.alarms[alarm]
        where = known.site.name if known.site is not None else known.account
        words = self.tr("Nobody who {0} is signed in: {1}, {2} is offered to everybody.")
        said = words.format(", ".join(lacks), headline(known), where)
        return said + (self.tr(" (and {0} more)").format(len(lacking) - 1) if len(lacking) > 1 else "")

    def _flood(self) -> str:
        """While links of a provider are being lost: what became of them all, and that nothing else is hidden (06d)."""
        now = self._link.now()
        outages = [alarm.outage for alarm in self._link.known.alarms.values() if alarm.outage is not None]
        rising = [each for each in outages if now - each.last_loss_at < _FLOOD]
        if not rising:
            return ""
        words = self.tr("Flood since {0} · {1} lost links grouped · every other kind stays on its own row")
        grouped = thousands(sum(each.lost + each.back for each in rising))
        return words.format(clock(min(each.began_at for each in rising)), grouped)

    def _unattended(self) -> str:
        """What was escalated to whoever sits here, the most urgent first (I4)."""
        supervisor = self._supervisor()
        found = [alarm for alarm in self._link.known.waiting() if escalated_here(alarm, supervisor)]
        if not found:
            return ""
        first = found[0]
        where = first.site.name if first.site is not None else first.account
        waited = duration(self._link.now() - first.clock_from)
        in_hand = self._link.known.in_hand()
        if not in_hand or first.priority < in_hand[0].priority:
            what = self.tr("F1 takes it.")
        else:
            # F1 leaves an alarm in hand for a more urgent one alone (architecture.md §4).
            what = self.tr("Close, park or release yours first, then F1 takes it.")
        # An outage has neither a site nor an account.
        named = ", ".join(part for part in (headline(first), where) if part)
        words = self.tr("Unattended for {0}: {1}. {2}")
        if first.returned is not None:
            # Somebody had it before, as one that was parked: since when it waits again is what counts.
            waited = duration(self._link.now() - first.returned.at)
            words = self.tr("Back in the queue for {0}: {1}. {2}")
        words = words.format(waited, named, what)
        return words + (self.tr(" (and {0} more)").format(len(found) - 1) if len(found) > 1 else "")

    def _waiting_words(self) -> str:
        """While locked: what waits, without naming a site."""
        waiting = self._link.known.waiting()
        if not waiting:
            return ""
        first = waiting[0]
        elapsed, target = duration(self._link.now() - first.clock_from), duration(first.target_s)
        name = priority_name(first.priority)
        return self.tr("{0} waiting  {1} of {2} · no site is shown while locked").format(name, elapsed, target)


def _role(roles: tuple[StaffRole, ...]) -> str:
    order = (StaffRole.SUPERVISOR, StaffRole.OPERATOR, StaffRole.SERVICE_DESK, StaffRole.ADMINISTRATOR)
    first = next((role for role in order if role in roles), None)
    return first.value.replace("-", " ").capitalize() if first is not None else ""
