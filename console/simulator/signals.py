"""What simulated panels say: event codes in their SIA and Contact ID forms."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class About(StrEnum):
    """What the number of a code names."""

    ZONE = "zone"
    USER = "user"
    AREA = "area"
    PANEL = "panel"


@dataclass(frozen=True, slots=True)
class Code:
    """One event in both languages."""

    name: str
    sia: str
    cid: str
    """Qualifier and code: ``1130`` is new, ``3130`` its restoral."""
    about: About


INTRUSION = Code("intrusion", "BA", "1130", About.ZONE)
INTRUSION_RESTORED = Code("intrusion restored", "BR", "3130", About.ZONE)
TAMPER = Code("tamper", "TA", "1144", About.ZONE)
TAMPER_RESTORED = Code("tamper restored", "TR", "3144", About.ZONE)
FIRE = Code("fire", "FA", "1110", About.ZONE)
FIRE_RESTORED = Code("fire restored", "FR", "3110", About.ZONE)
HOLD_UP = Code("hold-up", "HA", "1122", About.ZONE)
DURESS = Code("duress", "HA", "1121", About.USER)
"""DC-03 has no duress code of its own: only Contact ID panels tell it from a hold-up."""
MEDICAL = Code("medical", "MA", "1100", About.ZONE)
MEDICAL_RESTORED = Code("medical restored", "MH", "3100", About.ZONE)
WATER = Code("water", "WA", "1154", About.ZONE)
WATER_RESTORED = Code("water restored", "WH", "3154", About.ZONE)
COLD = Code("temperature low", "ZA", "1159", About.ZONE)
COLD_RESTORED = Code("temperature restored", "ZR", "3159", About.ZONE)
MAINS = Code("mains failure", "AT", "1301", About.PANEL)
MAINS_RESTORED = Code("mains restored", "AR", "3301", About.PANEL)
BATTERY = Code("low battery", "YT", "1302", About.PANEL)
BATTERY_RESTORED = Code("battery restored", "YR", "3302", About.PANEL)
RADIO_BATTERY = Code("low battery of a detector", "XT", "1384", About.ZONE)
LINE = Code("communication trouble", "YC", "1350", About.PANEL)
LINE_RESTORED = Code("communication restored", "YK", "3350", About.PANEL)
LATE = Code("not closed in time", "CI", "1454", About.AREA)
OPENING = Code("opening", "OP", "1401", About.USER)
CLOSING = Code("closing", "CL", "3401", About.USER)
CANCEL = Code("cancel", "BC", "1406", About.USER)
BYPASS = Code("bypass", "BB", "1570", About.ZONE)
TEST = Code("periodic test", "RP", "1602", About.PANEL)

ALL = tuple(value for value in list(globals().values()) if isinstance(value, Code))


@dataclass(frozen=True, slots=True)
class Signal:
    """One event as a panel would send it."""

    code: Code
    area: str = ""
    number: str = ""
    """The zone or the user, as :class:`About` says."""
    text: str = ""

    def sia(self) -> str:
        """The DC-03 packet: ``Nri1/BA07^PIR dock^``."""
        area = f"ri{self.area}/" if self.area else ""
        text = "".join(letter for letter in self.text if letter not in "^[]|\r\n")
        return f"N{area}{self.code.sia}{self.number}" + (f"^{text}^" if text else "")

    def cid(self) -> str:
        """The DC-05 message: ``1130 01 007``."""
        return f"{self.code.cid} {self.area or '0':0>2} {self.number or '0':0>3}"
