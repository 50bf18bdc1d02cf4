"""Storm profiles: kept by a supervisor, begun and ended by the station, and what each does with alarms (issue 6).

Reception settles each alarm as it comes. The rest follows a change of a profile: :func:`due` only reads and says which
alarms are to be looked at; :func:`settle` decides again under the journal's lock, some at a time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, update

from console.station.acts.caller import STATION, Caller
from console.station.codes import kind, kinds
from console.station.rules import storm as rule
from console.station.rules.alarm import Alarm
from console.station.rules.profile import Profile
from console.station.rules.refusal import Refused
from console.station.rules.rights import Right, require
from console.station.rules.storm import Storm
from console.station.store import alarms as alarm_store
from console.station.store import storms as store
from console.station.store.ledger import Ledger
from models.records import Actor, AlarmState, ErrorCode, StormDoes, StormKind, StormPreview, StormScope
from models.tables import StormRow

MOST = 100
"""Alarms settled together: nobody else's act waits for all of them (architecture.md §3)."""
_SAID = 8


@dataclass(frozen=True, slots=True)
class Wanted:
    """A storm profile as it is to be."""

    name: str
    scope: StormScope
    does: StormDoes
    ends_at: datetime
    why: str
    begins_at: datetime | None = None
    """None: at once."""
    delay_min: int = 0


def make(ledger: Ledger, caller: Caller, profile: Profile, wanted: Wanted) -> int:
    """Make a profile, which begins at once or is planned; returns its number."""
    require(caller.roles, Right.STORM)
    checked = check(wanted, profile, ledger.now)
    begins = checked.begins_at or ledger.now
    at_once = begins <= ledger.now
    number = ledger.head.seq + 1
    ledger.connection.execute(
        insert(StormRow).values(
            id=number,
            version=1,
            settled=0 if at_once else 1,
            by=caller.name,
            made_at=ledger.now,
            begun_at=ledger.now if at_once else None,
            **_columns(checked, begins),
        )
    )
    what = "storm-begun" if at_once else "storm-planned"
    _journal(ledger, what, caller.actor, _words(checked, begins, at_once=at_once), number, checked, begins)
    return number


def change(ledger: Ledger, caller: Caller, profile: Profile, storm: int, version: int, wanted: Wanted) -> None:
    """Change a profile that is planned or in force; what it does with open alarms follows."""
    require(caller.roles, Right.STORM)
    row = _open(ledger.connection, storm, version)
    checked = check(wanted, profile, ledger.now, begun_at=row.begun_at)
    begins = row.begins_at if row.begun_at is not None else checked.begins_at or ledger.now
    begun = row.begun_at or (ledger.now if begins <= ledger.now else None)
    before = store.view(row)
    ledger.connection.execute(
        update(StormRow)
        .where(StormRow.id == storm)
        .values(version=row.version + 1, begun_at=begun, **_columns(checked, begins))
    )
    text = _words(checked, begins, at_once=begun is not None)
    data = {"before": _told(before.name, before.scope, before.does, before.delay_min, before.begins_at, before.ends_at)}
    _journal(ledger, "storm-changed", caller.actor, f"Changed: {text}", storm, checked, begins, data)


def end(ledger: Ledger, caller: Caller, storm: int, version: int, why: str) -> None:
    """End a profile now, or take a planned one back."""
    require(caller.roles, Right.STORM)
    row = _open(ledger.connection, storm, version)
    if not why.strip():
        raise Refused(ErrorCode.INVALID, "Ending a storm profile needs a reason.", "why")
    _end(ledger, row, caller.actor, caller.name, why.strip())


def preview(connection: Connection, caller: Caller, profile: Profile, wanted: Wanted, now: datetime) -> StormPreview:
    """What it would do with the alarms that are open, if it began now."""
    require(caller.roles, Right.STORM)
    checked = check(wanted, profile, now)
    alarms = store.waiting(connection)
    facts = store.facts(connection, alarms)
    begun = max(checked.begins_at or now, now)
    # A delay is told from now on: one that begins later finds other alarms.
    length = checked.ends_at - begun
    storm = Storm(0, checked.name, checked.scope, checked.does, timedelta(minutes=checked.delay_min), now, now + length)
    touched = [alarm for alarm in alarms if rule.hold(alarm.lifted(), (storm,), facts[alarm.id], kind, now) is not None]
    touched.sort(key=rule.urgency)
    said = tuple(" · ".join(filter(None, (alarm.words, alarm.place))) for alarm in touched[:_SAID])
    return StormPreview(open=store.open_now(connection), touched=len(touched), words=said)


def check(wanted: Wanted, profile: Profile, now: datetime, *, begun_at: datetime | None = None) -> Wanted:
    """What is wanted, tidied; refused with the field and the rule (I12)."""
    name, why = wanted.name.strip(), wanted.why.strip()
    if not name:
        raise Refused(ErrorCode.INVALID, "A storm profile needs a name.", "name")
    if not why:
        raise Refused(ErrorCode.INVALID, "A storm profile needs a reason.", "why")
    scope = _scope(wanted.scope)
    begins = begun_at or wanted.begins_at or now
    if wanted.ends_at <= max(begins, now):
        raise Refused(ErrorCode.INVALID, "A storm profile ends after it begins, and in time to come.", "ends_at")
    most = timedelta(seconds=profile.storm_most_s)
    if wanted.ends_at - begins > most:
        hours = profile.storm_most_s // 3600
        raise Refused(ErrorCode.INVALID, f"A storm profile lasts for {hours} h at most.", "ends_at")
    if begins > now + timedelta(seconds=profile.storm_ahead_s):
        days = profile.storm_ahead_s // 86400
        raise Refused(ErrorCode.INVALID, f"A storm profile is planned for {days} days ahead at most.", "begins_at")
    longest = profile.storm_delay_most_s // 60
    delay = wanted.delay_min if wanted.does is StormDoes.DELAY else 0
    if wanted.does is StormDoes.DELAY and not 1 <= delay <= longest:
        raise Refused(ErrorCode.INVALID, f"A delay is of 1 to {longest} minutes.", "delay_min")
    return Wanted(name, scope, wanted.does, wanted.ends_at, why, wanted.begins_at, delay)


def _scope(scope: StormScope) -> StormScope:
    if not scope.kinds and not scope.classes:
        raise Refused(ErrorCode.INVALID, "Say which kinds of alarm it covers.", "kinds")
    for alarm_class in scope.classes:
        if alarm_class not in rule.CLASSES:
            sentence = f"No storm profile covers {alarm_class.value}: technical and supervision alone."
            raise Refused(ErrorCode.INVALID, sentence, "classes")
    table = kinds()
    for name in scope.kinds:
        if name not in table or not rule.may_cover(table[name]):
            words = f"“{table[name].words}”" if name in table else f"“{name}”"
            sentence = f"No storm profile covers {words}: technical and supervision alarms alone, no life safety."
            raise Refused(ErrorCode.INVALID, sentence, "kinds")
    for postcode in scope.postcodes:
        if not rule.plain(postcode):
            raise Refused(ErrorCode.INVALID, f"“{postcode}” begins no postcode.", "postcodes")
    return scope.model_copy(
        update={name: tuple(dict.fromkeys(getattr(scope, name))) for name in StormScope.model_fields}
    )


def coverable() -> tuple[StormKind, ...]:
    """The kinds of alarm that a profile may cover."""
    found = [one for one in kinds().values() if rule.may_cover(one)]
    found.sort(key=lambda one: rule.CLASSES.index(one.alarm_class))
    return tuple(StormKind(name=one.name, words=one.words, alarm_class=one.alarm_class) for one in found)


# -- the station's own -----------------------------------------------------------------------------


def turns(connection: Connection, now: datetime) -> bool:
    """Whether any profile is to begin or to end."""
    return bool(store.turning(connection, now))


def turn() -> Callable[[Ledger], int]:
    """An act that begins and ends what is due; answers with how many."""

    def act(ledger: Ledger) -> int:
        rows = store.turning(ledger.connection, ledger.now)
        done = 0
        for row in rows:
            if row.ends_at <= ledger.now:
                why = (
                    "its time has passed" if row.begun_at is not None else "its time passed while the station was down"
                )
                _end(ledger, row, STATION, "station", why)
            elif row.begun_at is None:
                _begin(ledger, row)
            elif store.as_rule(row).over(ledger.now):
                _end(ledger, row, STATION, "station", "the station's clock stands before its begin")
            else:
                continue
            done += 1
        return done

    return act


def _begin(ledger: Ledger, row: Row[Any]) -> None:
    ledger.connection.execute(
        update(StormRow).where(StormRow.id == row.id).values(version=row.version + 1, begun_at=ledger.now)
    )
    view = store.view(row)
    wanted = Wanted(view.name, view.scope, view.does, view.ends_at, view.why, view.begins_at, view.delay_min)
    text = _words(wanted, row.begins_at, at_once=True) + f" · planned by {row.by}"
    _journal(ledger, "storm-begun", STATION, text, row.id, wanted, row.begins_at)


def _end(ledger: Ledger, row: Row[Any], actor: Actor, by: str, why: str) -> None:
    ledger.connection.execute(
        update(StormRow)
        .where(StormRow.id == row.id)
        .values(
            version=row.version + 1,
            settled=row.version + 1 if row.begun_at is None else 0,
            ended_at=ledger.now,
            ended_by=by,
            ended_why=why,
        )
    )
    how = "taken back" if row.begun_at is None else "ended"
    text = f"Storm profile “{row.name}” {how}: {why}"
    if row.begun_at is not None:
        text += f" · it touched {row.touched} alarms"
    ledger.append("storm-ended", actor, text, data={"storm": row.id, "why": why, "touched": row.touched})


@dataclass(frozen=True, slots=True)
class Due:
    """Alarms that are to be settled, and the profiles for whose sake."""

    alarms: list[str]
    versions: dict[int, int]


def due(connection: Connection, now: datetime) -> Due:
    """What is to be settled now: after a profile began, changed or ended, and what was held back until now."""
    versions = store.unsettled(connection)
    alarms = store.waiting(connection) if versions else store.past(connection, now)
    if not alarms:
        return Due([], versions)
    storms, facts = store.in_force(connection), store.facts(connection, alarms)
    found = [one.id for one in alarms if rule.settled(one, storms, facts[one.id], kind, now) is not one]
    return Due(found, versions)


def settle(alarms: Sequence[str]) -> Callable[[Ledger], int]:
    """An act that brings some alarms in line with the profiles in force; answers how many changed."""

    def act(ledger: Ledger) -> int:
        waiting = [
            alarm
            for alarm in alarm_store.by_ids(ledger.connection, alarms).values()
            if alarm.state is AlarmState.WAITING
        ]
        return len(bring_in_line(ledger, sorted(waiting, key=lambda alarm: alarm.id)))

    return act


def bring_in_line(ledger: Ledger, alarms: Collection[Alarm]) -> list[Alarm]:
    """Settle ``alarms``, which are stored as they are given; answers with those that changed."""
    connection = ledger.connection
    storms = store.in_force(connection)
    facts = store.facts(connection, list(alarms))
    pairs = [(one, rule.settled(one, storms, facts[one.id], kind, ledger.now)) for one in alarms]
    changed = [(before, after) for before, after in pairs if after is not before]
    alarm_store.save_changes(connection, changed)
    touched = [storm for pair in changed for one in pair if (storm := one.storm) is not None]
    called = store.names(connection, set(touched))
    for before, after in changed:
        for what, text in rule.told(before, after, called):
            ledger.append(
                what,
                STATION,
                text,
                site=after.site,
                account=after.account or None,
                alarm=after.id,
                priority=after.priority,
                data={"storm": after.storm or before.storm},
            )
    newly = Counter(after.storm for before, after in changed if after.storm is not None and before.storm != after.storm)
    store.count(connection, {storm: many for storm, many in newly.items() if storm is not None})
    return [after for _before, after in changed]


# -- words ----------------------------------------------------------------------------------------


def _open(connection: Connection, storm: int, version: int) -> Row[Any]:
    row = store.by_id(connection, storm)
    if row is None:
        raise Refused(ErrorCode.NOT_FOUND, f"There is no storm profile {storm}.", "storm")
    if row.ended_at is not None:
        raise Refused(ErrorCode.WRONG_STATE, f"“{row.name}” was ended by {row.ended_by}.")
    if row.version != version:
        raise Refused(ErrorCode.CHANGED, f"“{row.name}” was changed meanwhile: look at it again.", "version")
    return row


def _columns(wanted: Wanted, begins: datetime) -> dict[str, Any]:
    return {
        "name": wanted.name,
        "scope": wanted.scope.model_dump_json(),
        "does": wanted.does.value,
        "delay_min": wanted.delay_min,
        "begins_at": begins,
        "ends_at": wanted.ends_at,
        "why": wanted.why,
    }


_DOES = {StormDoes.GROUP: "groups", StormDoes.DELAY: "delays", StormDoes.LOWER: "lowers"}


def _words(wanted: Wanted, begins: datetime, *, at_once: bool) -> str:
    does = _DOES[wanted.does] + (f" by {wanted.delay_min} min" if wanted.does is StormDoes.DELAY else "")
    from_ = "" if at_once else f"from {begins:%d %b %H:%M} "
    until = f"{from_}until {wanted.ends_at:%d %b %H:%M} UTC"
    what = rule.scope_words(wanted.scope, kind)
    return f"Storm profile “{wanted.name}” {does} {what}, {until} · {wanted.why}"


def _told(
    name: str, scope: StormScope, does: StormDoes, delay_min: int, begins: datetime, ends: datetime
) -> dict[str, Any]:
    return {
        "name": name,
        "scope": scope.model_dump(mode="json"),
        "does": does.value,
        "delay_min": delay_min,
        "from": begins.isoformat(),
        "until": ends.isoformat(),
    }


def _journal(
    ledger: Ledger,
    what: str,
    actor: Actor,
    text: str,
    storm: int,
    wanted: Wanted,
    begins: datetime,
    more: dict[str, Any] | None = None,
) -> None:
    told = _told(wanted.name, wanted.scope, wanted.does, wanted.delay_min, begins, wanted.ends_at)
    ledger.append(what, actor, text, data={"storm": storm, "why": wanted.why, "after": told, **(more or {})})
