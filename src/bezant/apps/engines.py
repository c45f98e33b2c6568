"""Which build of the core runs, and the garbage collector's place beside it."""

import gc
from collections.abc import Callable
from typing import Final

from bezant.core.contract import EngineContract
from bezant.core.engine import Engine
from bezant.kit.config import Settings
from bezant.kit.operator_error import OperatorError

YOUNG_MAX: Final = 10_000
OLD_NEVER: Final = 1_000_000


def engine_maker(settings: Settings) -> Callable[[], EngineContract]:
    """Return what makes an empty engine of the chosen build. Raises OperatorError."""
    if settings.engine == "native":
        raise OperatorError(
            "BEZANT_ENGINE (`engine` in bezant.toml) is `native`, which this release does not "
            "have: set it to `python` or remove it"
        )
    return lambda: Engine(settings.shard)


def calm_garbage_collector() -> None:
    """Keep the collector away from the engine's state, whose whole scan would stop the house.

    What is there now is never scanned again; young objects still are, in short steps.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_MAX, 20, OLD_NEVER)
