"""The station's profile: response targets, longest parks, idle limits, windows (architecture.md §3, §4)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from models.records import Priority, ResponseProfile, ResponseTarget, StaffRole


def _within(first: tuple[int, float], second: tuple[int, float]) -> tuple[ResponseTarget, ResponseTarget]:
    one, two = (ResponseTarget(seconds=seconds, percent=percent) for seconds, percent in (first, second))
    return one, two


@dataclass(frozen=True, slots=True)
class Profile:
    """Editable figures, all in seconds, by priority where a dict."""

    name: str = "default"
    targets_s: dict[int, int] = field(
        default_factory=lambda: {
            Priority.EMERGENCY: 30,
            Priority.HIGH: 90,
            Priority.MEDIUM: 90,
            Priority.LOW: 90,
        }
    )
    response: dict[int, tuple[ResponseTarget, ResponseTarget]] = field(
        default_factory=lambda: {
            Priority.EMERGENCY: _within((30, 80.0), (60, 98.5)),
            Priority.HIGH: _within((90, 80.0), (180, 98.5)),
            Priority.MEDIUM: _within((90, 80.0), (180, 98.5)),
            Priority.LOW: _within((90, 80.0), (180, 98.5)),
            Priority.LOG: _within((90, 80.0), (180, 98.5)),
        }
    )
    """From receipt to the operator's first act: so many percent within so long, and nearly all within twice that."""
    longest_park_s: dict[int, int] = field(
        default_factory=lambda: {
            Priority.EMERGENCY: 5 * 60,
            Priority.HIGH: 30 * 60,
            Priority.MEDIUM: 2 * 3600,
            Priority.LOW: 24 * 3600,
        }
    )
    idle_s: dict[int, int] = field(
        default_factory=lambda: {
            Priority.EMERGENCY: 60,
            Priority.HIGH: 180,
            Priority.MEDIUM: 180,
            Priority.LOW: 180,
        }
    )
    """Held without an act for so long: loud (I4)."""
    escalate_s: dict[int, tuple[int, int]] = field(
        default_factory=lambda: {
            Priority.EMERGENCY: (60, 120),
            Priority.HIGH: (180, 300),
            Priority.MEDIUM: (300, 600),
            Priority.LOW: (900, 1800),
        }
    )
    """Waiting for so long: brought before the supervisors, then before everybody (I4)."""
    left_s: dict[int, int] = field(
        default_factory=lambda: {
            Priority.EMERGENCY: 10,
            Priority.HIGH: 20,
            Priority.MEDIUM: 30,
            Priority.LOW: 60,
        }
    )
    """For so long F1 leaves an alarm to whoever has the skills for it; then it is everybody's."""
    site_hold_s: int = 600
    """For so long after an alarm of a site was closed the next one is first of whoever closed it."""
    site_first_s: int = 5
    """So long, while they are free and at their keys."""
    unused_s: int = 60
    """Whoever touched no key for so long may not be there."""
    idle_grace_s: int = 20
    """Loud for so long without an answer: back to the queue (I4)."""
    lease_s: int = 20
    """A workstation silent for so long gives its alarms back (I3)."""
    longest_call_s: int = 600
    """A running call counts as an act for at most so long: a forgotten handset hides no alarm (I4)."""
    locked_s: int = 120
    """A locked workstation gives its alarm back after so long (visual.md, 06b)."""
    unused_lock_s: int = 30 * 60
    """A workstation at which no key was touched for so long is locked by the station; its bell goes on."""
    silent_session_s: int = 4 * 3600
    """A session without a sign of life for so long is over; none lasts longer than 12 hours (acts/sessions.py)."""
    confirmation_s: int = 30 * 60
    """Two zones within this window make confirmed intrusion (architecture.md §4)."""
    repeat_s: int = 600
    """A panel that got no answer resends for no longer than this: what comes later is a signal of its own."""
    resend_s: int = 60
    """A panel that was answered tries again for no longer than this, its wait for the answer included (decision 6)."""
    second_path_s: int = 60
    """The same alarm from another system of the site within this span came over a second path."""
    most_naks: int = 3
    """So many NAKs for one signal; a clock that they do not mend is incurable, and the signal is acknowledged."""
    window_before_s: int = 40
    window_after_s: int = 20
    link_margin_s: int = 30
    """Silence beyond a system's supervision interval and this loses its link, where the system has no margin."""
    outage_systems: int = 20
    """So many links of one provider lost within :attr:`outage_window_s` are one outage."""
    outage_window_s: int = 300
    most_damaged: int = 3
    """So many damaged frames in a row that name a known account are shown to the desk: it may never be heard (I2)."""
    most_unknown_accounts: int = 20
    """Open alarms for unknown accounts; further unknown accounts join one alarm, so that no flood hides the rest."""

    test_default_s: int = 4 * 3600
    """The end that is offered for a test; it may be taken away (F3)."""
    test_most_s: dict[StaffRole, int] = field(
        default_factory=lambda: {
            StaffRole.OPERATOR: 24 * 3600,
            StaffRole.SERVICE_DESK: 7 * 24 * 3600,
            StaffRole.SUPERVISOR: 31 * 24 * 3600,
        }
    )
    """The furthest end that a role may give a test. Without an end it is brought up by its age (F3)."""
    test_warning_s: int = 900
    """So long before its end it is said that a test ends."""
    test_marked_s: int = 8 * 3600
    test_old_s: int = 24 * 3600
    """A test older than this, or past its end, is a Low alarm (F3)."""
    test_again_s: int = 24 * 3600
    """How long until it is brought up again."""
    identified_s: int = 900
    """A caller who was identified may ask for something for so long."""
    runaway_alarms: int = 10
    """So many alarms of one zone within :attr:`runaway_window_s`: it runs away, and is offered to be put aside."""
    runaway_window_s: int = 300
    runaway_bucket: int = 30
    """So many more alarms of one zone than leak away: it runs away as well, however slowly."""
    runaway_leak_s: int = 600
    """One alarm leaks out of the bucket in so long."""
    shelf_most_s: int = 4 * 3600
    """A runaway zone is put aside for no longer than this."""
    storm_most_s: int = 72 * 3600
    """No storm profile lasts longer."""
    storm_ahead_s: int = 14 * 24 * 3600
    """Nor is one planned for further ahead."""
    storm_delay_most_s: int = 2 * 3600
    shelf_quiet_s: int = 900
    """What was put aside once comes back when it was quiet for so long."""

    def with_response(self, given: ResponseProfile) -> Profile:
        """The same with other response targets."""
        response: dict[int, tuple[ResponseTarget, ResponseTarget]] = {
            int(one): given.emergency if one is Priority.EMERGENCY else given.others for one in Priority
        }
        seconds: dict[int, int] = {one: response[one][0].seconds for one in self.targets_s}
        return replace(self, name=given.name, targets_s=seconds, response=response)


DEFAULT_PROFILE = Profile()
