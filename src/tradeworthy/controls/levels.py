"""How volatile a market is, as compared with its own recent past."""

from enum import IntEnum


class VolatilityLevel(IntEnum):
    """Numbers, because compiled code compares them; UNKNOWN while there is too little past to compare with."""

    UNKNOWN = 0
    LOW = 1
    NORMAL = 2
    HIGH = 3
    EXTREME = 4
