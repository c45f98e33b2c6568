"""Why a sequencer ends. Each of these ends the process; restarting is the only recovery."""


class SequencerFault(Exception):
    """The sequencer cannot go on; memory dies with it."""


class Deposed(SequencerFault):
    """Another core holds the lease: nothing of the last batch was written (INV-10)."""


class AppendUnknown(SequencerFault):
    """An append got no answer: the restart reads the tip and so learns what happened."""


class ClockFault(SequencerFault):
    """The wall clock jumped, or the journal's end lies in the future."""


class Poisoned(SequencerFault):
    """A command broke the engine: nothing of its batch was written (L15.5)."""

    def __init__(self, command_sha256: bytes, error: str) -> None:
        super().__init__(
            f"the command with SHA-256 {command_sha256.hex()} broke the engine ({error}); "
            "it is in quarantine and will be refused when it comes again"
        )
        self.command_sha256 = command_sha256
        self.error = error
