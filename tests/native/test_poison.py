"""A command that breaks an invariant stops either engine, is buried, and is refused later on.

The broken law is made by a snapshot that says less hold than an order needs: canonical bytes, which
`restore` takes, and which the first command that touches the order finds wrong (INV-03).
"""

import msgspec
import pytest

from bezant.apps.engines import is_native_built, named_engine_maker
from bezant.core import codec, images
from bezant.core.commands import CancelOrder, Tick
from bezant.core.contract import EngineContract, InvariantViolation
from bezant.core.engine import Engine
from bezant.core.ids import OrderId, Seq
from bezant.core.refusals import RefusalCode
from bezant.sequencer.applier import Applier
from bezant.sequencer.faults import Poisoned
from tests.fuzz.decoders import Maker, open_house


@pytest.fixture(params=["python", "native"])
def maker(request: pytest.FixtureRequest) -> Maker:
    if request.param == "native" and not is_native_built():
        pytest.skip("the Rust core is not built: `make native`")
    return named_engine_maker(request.param)


def image() -> images.StateImage:
    decoder = msgspec.msgpack.Decoder(images.StateImage)
    return decoder.decode(open_house(Engine).snapshot())


def broken(maker: Maker) -> EngineContract:
    """Return an engine whose accounts hold nothing, whatever their orders need."""
    accounts = tuple(
        msgspec.structs.replace(
            account,
            balances=tuple(
                msgspec.structs.replace(one, hold=0) for one in account.balances if one.available
            ),
        )
        for account in image().accounts
    )
    engine = maker()
    engine.restore(codec.encode(msgspec.structs.replace(image(), accounts=accounts)))
    return engine


def cancel() -> bytes:
    resting = next(order for order in image().orders if order.state == 1)
    return codec.encode(CancelOrder(resting.account, OrderId(resting.order), "", 0))


def test_a_broken_invariant_arrives_as_the_references_own_violation(maker: Maker) -> None:
    engine = broken(maker)
    seq = Seq(engine.seq + 1)
    with pytest.raises(InvariantViolation, match="INV-0"):
        engine.apply(engine.ts_ns, seq, codec.encode_entry(seq, cancel()))


@pytest.mark.skipif(not is_native_built(), reason="the Rust core is not built: `make native`")
def test_after_it_the_native_engine_answers_nothing_more() -> None:
    engine = broken(named_engine_maker("native"))
    seq = Seq(engine.seq + 1)
    with pytest.raises(InvariantViolation):
        engine.apply(engine.ts_ns, seq, codec.encode_entry(seq, cancel()))
    for call in (engine.snapshot, engine.digest, engine.next_deadline):
        with pytest.raises(RuntimeError, match="stop the process"):
            call()


def test_the_poison_is_named_and_refused_when_it_comes_again(maker: Maker) -> None:
    engine = broken(maker)
    applier = Applier(engine, frozenset())
    applier.begin(engine.ts_ns)
    with pytest.raises(Poisoned) as poisoned:
        applier.apply([codec.encode(Tick()), cancel()])
    restarted = open_house(maker)
    applier = Applier(restarted, frozenset({poisoned.value.command_sha256}))
    applier.begin(restarted.ts_ns)
    (raw,) = applier.apply([cancel()])
    (outcome,) = codec.decode_outcomes(raw, 1)
    assert outcome.code == RefusalCode.QUARANTINED
