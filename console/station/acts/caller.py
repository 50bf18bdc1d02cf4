"""Who asks for an act: identified by the station, never by what the request says (I6, security)."""

from __future__ import annotations

from dataclasses import dataclass

from console.station.rules.alarm import Hand
from models.records import Actor, ActorKind, StaffRole


@dataclass(frozen=True, slots=True)
class Caller:
    """A signed-in member of staff at a workstation."""

    login: str
    name: str
    roles: tuple[StaffRole, ...]
    workstation: str
    address: str

    @property
    def hand(self) -> Hand:
        """The caller as the rules see them."""
        return Hand(self.login, self.name, self.workstation)

    @property
    def actor(self) -> Actor:
        """The caller as the journal names them."""
        return Actor(kind=ActorKind.OPERATOR, name=self.name, from_=f"{self.workstation}, {self.address}")


STATION = Actor(kind=ActorKind.STATION, name="station", from_="")
