"""Which build of the core runs, and the garbage collector's place beside it."""

import gc
import importlib
from collections.abc import Callable
from importlib.util import find_spec
from typing import Final, Literal, assert_never

from bezant.apps.lockstep import Lockstep
from bezant.core.contract import EngineContract
from bezant.core.engine import Engine
from bezant.kit.config import Settings
from bezant.kit.operator_error import OperatorError

EngineName = Literal["python", "native", "lockstep"]

YOUNG_MAX: Final = 10_000
OLD_NEVER: Final = 1_000_000
NATIVE_MODULE: Final = "bezant_core"
NOT_BUILT: Final = (
    "the native core is not built here, so the reference core in Python runs, which is slower: "
    "install a Rust toolchain and run `make native`"
)


def is_native_built() -> bool:
    """Return whether the module of the native core is installed."""
    return find_spec(NATIVE_MODULE) is not None


def default_engine_name() -> EngineName:
    """Return which build runs where nobody chose one."""
    return "native" if is_native_built() else "python"


def engine_name(settings: Settings) -> EngineName:
    """Return which build runs: the one that is set, else the native one where it is built."""
    return default_engine_name() if settings.engine is None else settings.engine


def engine_warning(settings: Settings) -> str | None:
    """Return what to tell an operator whose house runs slower than it could, or None."""
    return NOT_BUILT if settings.engine is None and not is_native_built() else None


def engine_maker(settings: Settings) -> Callable[[], EngineContract]:
    """Return what makes an empty engine of the chosen build. Raises OperatorError."""
    return named_engine_maker(engine_name(settings), settings.shard)


def named_engine_maker(name: EngineName, shard: int = 0) -> Callable[[], EngineContract]:
    """Return what makes an empty engine of this build. Raises OperatorError if it is not here."""
    if name == "python":
        return lambda: Engine(shard)
    native = _native_engine_class(name)
    if name == "native":
        return lambda: native(shard)
    if name == "lockstep":
        return lambda: Lockstep(Engine(shard), native(shard))
    assert_never(name)


def calm_garbage_collector() -> None:
    """Keep the collector away from the engine's state, whose whole scan would stop the house.

    What is there now is never scanned again; young objects still are, in short steps.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_MAX, 20, OLD_NEVER)


def _native_engine_class(name: EngineName) -> Callable[[int], EngineContract]:
    if not is_native_built():
        raise OperatorError(
            f"the engine `{name}` needs the native core, which is not built here: install a Rust "
            "toolchain and run `make native`, or choose the engine `python` (BEZANT_ENGINE, "
            "`engine` in bezant.toml, --engine)"
        )
    engine: Callable[[int], EngineContract] = importlib.import_module(NATIVE_MODULE).Engine
    return engine
