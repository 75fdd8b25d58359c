"""The world of the demo shipments: who carries what on which lane, and how much each thing delays."""

from __future__ import annotations

from typing import NamedTuple


class Carrier(NamedTuple):
    """A carrier that does not exist, and what choosing it adds to the log-odds of being late."""

    name: str
    share: float
    late: float


class Lane(NamedTuple):
    """A way from one place to a country; `outside` the customs union papers can hold goods up."""

    origin: str
    country: str
    km: float
    outside: bool


class Mode(NamedTuple):
    """A way to travel: kilometres a day, days of handling, and what it adds to the log-odds."""

    name: str
    km_a_day: float
    handling: int
    late: float


class Note(NamedTuple):
    """What somebody wrote beside a shipment, in several wordings, and what it adds to the log-odds.

    `at_sea` and `outside` are added on top where the shipment goes by sea, or to another customs area.
    """

    share: float
    late: float
    at_sea: float
    outside: float
    wordings: tuple[str, ...]


CARRIERS = (
    Carrier("Nordwind", 0.24, -0.7),
    Carrier("Transalp", 0.22, -0.2),
    Carrier("Meridian", 0.20, 0.0),
    Carrier("QuickLine", 0.18, -0.4),  # good on short ways only: see FAR_WITH_QUICKLINE
    Carrier("Blue Anchor", 0.16, 1.6),
)
FAR_WITH_QUICKLINE = 1.9

LANES = (
    Lane("Hamburg", "Poland", 780, False),
    Lane("Hamburg", "Sweden", 980, False),
    Lane("Rotterdam", "France", 520, False),
    Lane("Rotterdam", "Italy", 1_430, False),
    Lane("Rotterdam", "United Kingdom", 690, True),
    Lane("Munich", "Switzerland", 340, True),
    Lane("Munich", "Spain", 1_960, False),
    Lane("Munich", "Turkey", 2_150, True),
    Lane("Antwerp", "United States", 6_100, True),
    Lane("Antwerp", "Morocco", 2_450, True),
)

ROAD = Mode("road", 620, 0, 0.0)
RAIL = Mode("rail", 520, 1, 0.3)
AIR = Mode("air", 4_000, 1, -0.7)
SEA = Mode("sea", 480, 2, 0.6)
MODES = (ROAD, RAIL, AIR, SEA)

NOTES = (
    Note(0.40, 0.0, 0.0, 0.0, ()),
    Note(0.13, 0.0, 0.0, 0.0, ("Pallets wrapped, no remarks.", "Standard load, as always.", "Keep dry.")),
    Note(
        0.15, -2.0, 0.0, 0.0,
        ("Driver confirmed, loaded early.", "Slot confirmed by the carrier.", "Loaded early and confirmed."),
    ),
    Note(
        0.11, 2.0, 2.0, 0.0,
        ("Strike announced at the port.", "Port workers may strike this week.", "Union announced a strike."),
    ),
    Note(
        0.11, 2.8, 0.6, 0.0,
        ("Storm warning on the route.", "Heavy storm expected.", "Weather service warns of a storm."),
    ),
    Note(
        0.10, 1.6, 0.0, 2.0,
        ("Customs asked for more papers.", "Papers incomplete, customs informed.", "Customs papers open."),
    ),
)  # fmt: skip

INCOTERMS = (("DAP", 0.0), ("FCA", 0.2), ("DDP", -0.2), ("EXW", 0.5))
SUPPLIERS = (
    *(("Adler Works", -0.3), ("Brandt Tools", 0.0), ("Castell Glass", 0.3), ("Dumas Parts", 0.0)),
    *(("Egger Wood", -0.2), ("Ferro Metals", 1.0), ("Gallo Foods", 0.3), ("Holm Paper", -0.4)),
)
SEASONS = (("winter", 79, 0.6), ("spring", 172, 0.0), ("summer", 266, -0.3), ("autumn", 355, 0.2))
"""Name, the last day of the year that belongs to it, and what it adds; then winter begins anew."""

RESERVE_LATE = (2.2, 0.6, -0.8, -2.0)
"""What a plan with 0, 1, 2 or 3 days in reserve adds."""

HEAVY_BY_AIR = 1.4
"""Above five tonnes a load may not fit on the next flight."""
