"""Kinds of premises in the sample: what they are called, what guards them, who is called, what operators are told."""

from __future__ import annotations

from dataclasses import dataclass

PIR, DOOR, SMOKE, HOLD_UP, GLASS, KEYPAD, PROBE = (
    "PIR", "door contact", "smoke detector", "hold-up button", "glass break", "keypad", "temperature probe",
)  # fmt: skip
HEAT, WATER, MEDICAL, VIBRATION = "heat detector", "water detector", "medical button", "vibration sensor"
BURGLARY = frozenset({PIR, DOOR, GLASS, VIBRATION})
"""Kinds of zone that report an intrusion."""

Zones = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Premises:
    """A kind of premises. ``{street}``, ``{last}`` and ``{word}`` in names are filled in by the sample."""

    kind: str
    count: int
    """How many of 220."""
    dutch: tuple[str, ...]
    french: tuple[str, ...]
    areas: tuple[tuple[str, Zones], ...]
    """The first zones of each area are always there, the last ones at some sites only."""
    roles: tuple[str, ...]
    access: tuple[str, ...]
    instructions: tuple[str, ...]
    works: bool = False
    """Stands in an industrial street."""
    answered: float = 0.9
    """How likely the premises have a number of their own."""
    armed: float = 0.7
    """How likely they are armed early in the evening."""


ALL = (
    Premises(
        "jeweller", 14,
        ("Juwelier {last}", "Juwelier De {word}"), ("Bijouterie {last}", "Bijouterie {street}"),
        (
            ("Shop", ((HOLD_UP, "Hold-up till"), (PIR, "PIR shop"), (GLASS, "Glass break window"),
                      (DOOR, "Front door"), (PIR, "PIR display"), (KEYPAD, "Keypad counter"))),
            ("Workshop", ((VIBRATION, "Vibration safe"), (DOOR, "Back door"), (SMOKE, "Smoke workshop"),
                          (PIR, "PIR workshop"))),
        ),
        ("owner", "manager", "goldsmith", "key holder"),
        ("Shutter key with the patrol. Entrance through the side street.", "Key box beside the back door."),
        ("Silent hold-up: never call the shop. Police first.", "Time lock on the safe until 09:00.",
         "Smoke cannon in the shop: wait five minutes before entering."),
        armed=0.3,
    ),
    Premises(
        "residence", 72,
        ("Residentie {last}", "Woning {last}", "Villa {word}hof"),
        ("Résidence {last}", "Villa {last}", "Maison {last}"),
        (
            ("Ground floor", ((PIR, "PIR living room"), (DOOR, "Front door"), (SMOKE, "Smoke hall"),
                              (DOOR, "Kitchen door"), (GLASS, "Glass break veranda"), (KEYPAD, "Keypad hall"))),
            ("First floor", ((PIR, "PIR landing"), (SMOKE, "Smoke landing"), (HOLD_UP, "Panic button bedroom"))),
        ),
        ("owner", "partner", "neighbour", "daughter", "son", "parent"),
        ("Key with the neighbour at the next number.", "Key box under the post box.", "No key with the station.", ""),
        ("Elderly resident: let it ring for a minute.", "Dog in the house.", "Cleaner on Tuesdays and Fridays.", "",
         ""),
        answered=0.6, armed=0.5,
    ),
    Premises(
        "warehouse", 24,
        ("Magazijn {street} {number}", "Depot {last}", "Transport {last}"),
        ("Entrepôt {last}", "Dépôt {street}", "Transports {last}"),
        (
            ("Hall", ((PIR, "PIR dock"), (DOOR, "Door dock 1"), (PIR, "PIR racks"), (DOOR, "Door dock 3"),
                      (SMOKE, "Smoke hall"), (HEAT, "Heat charging bay"))),
            ("Office", ((PIR, "PIR corridor"), (DOOR, "Door office"), (KEYPAD, "Keypad entrance"),
                        (GLASS, "Glass break office"), (PIR, "PIR meeting room"))),
        ),
        ("manager", "deputy", "key holder", "shift leader", "owner"),
        ("Gate 3, then the roller door. Key box left of the door; the patrol holds the key.",
         "Call the gatehouse for the barrier.", "Dock side; the street side is blocked."),
        ("Guard dog in the yard 22:00–05:00: nobody enters before the handler.",
         "Forklift chargers can trip the PIR at the dock until 22:00.", "Lorries wait at the gate from 04:30.", ""),
        works=True,
    ),
    Premises(
        "shop", 38,
        ("Bakkerij {last}", "Apotheek {street}", "Kledingzaak {word}", "Fietsen {last}", "Drankenhandel {last}"),
        ("Boulangerie {last}", "Pharmacie {street}", "Librairie {last}", "Fleuriste {last}", "Opticien {last}"),
        (
            ("Shop", ((PIR, "PIR shop"), (DOOR, "Front door"), (HOLD_UP, "Hold-up till"), (GLASS, "Glass break window"),
                      (SMOKE, "Smoke shop"), (KEYPAD, "Keypad staff door"))),
            ("Store", ((PIR, "PIR store"), (DOOR, "Back door"), (PROBE, "Probe cold room"), (WATER, "Water cellar"))),
        ),
        ("owner", "manager", "assistant", "key holder"),
        ("Back door through the yard.", "Shutter opens with the key of the patrol.", "Key with the owner only.", ""),
        ("Staff come in from 04:00.", "Late opening on Fridays until 21:00.", "", ""),
        armed=0.6,
    ),
    Premises(
        "school", 16,
        ("Basisschool De {word}", "Vrije school {street}"), ("École {street}", "École Les {word}s"),
        (
            ("Main building", ((PIR, "PIR entrance"), (DOOR, "Door playground"), (PIR, "PIR corridor 1"),
                               (SMOKE, "Smoke kitchen"), (PIR, "PIR computer room"), (KEYPAD, "Keypad secretariat"))),
            ("Gym", ((DOOR, "Door gym"), (PIR, "PIR changing room"), (WATER, "Water boiler room"))),
        ),
        ("headteacher", "caretaker", "secretary", "key holder"),
        ("Caretaker lives at the next number.", "Master key in the key box at the bicycle shed."),
        ("Evening classes until 22:00 on Mondays and Thursdays.", "Gym is let to clubs until 23:00.", ""),
        answered=0.7, armed=0.8,
    ),
    Premises(
        "care home", 14,
        ("Woonzorgcentrum Ter {word}", "Woonzorgcentrum {street}"),
        ("Maison de repos {word}", "Résidence-services {street}"),
        (
            ("Building A", ((SMOKE, "Smoke corridor 1"), (SMOKE, "Smoke kitchen"), (MEDICAL, "Call button lounge"),
                            (SMOKE, "Smoke laundry"), (HEAT, "Heat boiler room"))),
            ("Building B", ((SMOKE, "Smoke corridor 2"), (DOOR, "Emergency exit"), (MEDICAL, "Call button room 14"),
                            (WATER, "Water cellar"))),
        ),
        ("director", "head nurse", "technician", "night reception"),
        ("Night reception opens; ring twice.", "Fire panel is behind the reception."),
        ("60 residents, 20 not mobile: fire service at once.", "Night shift of three from 21:00.", ""),
        answered=1.0, armed=0.2,
    ),
    Premises(
        "petrol station", 14,
        ("Tankstation {street}", "Tankstation {last}"), ("Station-service {street}", "Station-service {last}"),
        (
            ("Shop", ((HOLD_UP, "Hold-up till"), (PIR, "PIR shop"), (DOOR, "Sliding door"), (GLASS, "Glass break shop"),
                      (PROBE, "Probe refrigerator"), (SMOKE, "Smoke shop"))),
            ("Store", ((DOOR, "Back door"), (PIR, "PIR store"), (VIBRATION, "Vibration safe"))),
        ),
        ("manager", "deputy", "assistant", "owner"),
        ("Back door beside the car wash.", "Key box KB behind the air pump."),
        ("Open until 23:00; pumps run all night.", "Hold-ups in the past: send the patrol at once.", ""),
        armed=0.2,
    ),
    Premises(
        "office", 28,
        ("Kantoor {last}", "Notaris {last}", "Kantoren {street} {number}", "Garage {last}"),
        ("Bureaux {last}", "Notaire {last}", "Bureaux {street}", "Garage {last}"),
        (
            ("Office", ((PIR, "PIR reception"), (DOOR, "Main door"), (PIR, "PIR corridor"), (SMOKE, "Smoke archive"),
                        (KEYPAD, "Keypad entrance"), (GLASS, "Glass break front"))),
            ("Server room", ((DOOR, "Door server room"), (PROBE, "Probe server room"), (WATER, "Water floor"))),
        ),
        ("manager", "office manager", "facility", "key holder", "partner"),
        ("Badge at the reception of the building.", "Second floor; lift needs the key.", "Key box in the garage.", ""),
        ("Cleaners until 20:30.", "Server room above 28 °C: call facility first.", "", ""),
    ),
)  # fmt: skip
