"""The runner itself: it reads what it should, and a wrong vector says where and why."""

from fractions import Fraction
from pathlib import Path

import pytest

from bezant.apps.vectors.files import fill_in
from bezant.apps.vectors.grammar import (
    Place,
    VectorSyntax,
    event_words,
    split_events,
    statement,
    statements,
)
from bezant.apps.vectors.numbers import BadNumber, decimal, span, span_ns, steps, whole
from bezant.apps.vectors.runner import Run, VectorFailed, run
from bezant.apps.vectors.target import EngineTarget, reference
from tests.fuzz.wrong import Forgetful

SET_UP = """# A vector for the runner's own tests.
asset   B scale=0
asset   Q scale=0
market  B-Q tick=1 lot=1
deposit alice 1000 Q 1000 B
deposit bob   1000 Q 1000 B
"""
HERE = Place(Path("x.vec"), 7)


def play(tmp_path: Path, text: str) -> Run:
    path = tmp_path / "x.vec"
    path.write_text(SET_UP + text, encoding="utf-8")
    return run(path, reference())


class TestGrammar:
    def test_a_line_has_verb_words_options_legs_events(self) -> None:
        line = statement(HERE, "at 5s list alice l1 oto { a b ; c d } id=x -> accepted; done a1")
        assert (line.verb, line.at) == ("list", "5s")
        assert line.words == ("alice", "l1", "oto")
        assert line.legs == ("a b", "c d")
        assert line.options == {"id": "x"}
        assert line.expected == ("accepted", "done a1")

    def test_a_repeat_is_unrolled(self) -> None:
        text = "# T.\nrepeat 3 { place bob b{i} buy }\n"
        words = [line.words for line in statements(Path("x"), text)]
        assert words == [("bob", "b1", "buy"), ("bob", "b2", "buy"), ("bob", "b3", "buy")]

    def test_a_block_of_lines_is_repeated_in_turn(self) -> None:
        text = "# T.\nrepeat 2 {\n  place bob b{i} buy\n  tick -> done b{i+10}\n}\n"
        lines = list(statements(Path("x"), text))
        assert [line.verb for line in lines] == ["place", "tick", "place", "tick"]
        assert lines[3].expected == ("done b12",)

    def test_events_are_repeated(self) -> None:
        events = list(split_events("a; repeat 2 { b{i} ; c }; d"))
        assert events == ["a", "b1", "c", "b2", "c", "d"]

    def test_nothing_is_no_event(self) -> None:
        assert statement(HERE, "tick -> nothing").expected == ()
        assert statement(HERE, "tick").expected is None

    def test_parentheses_stay_with_their_word(self) -> None:
        words = event_words("done a1 expired(refused X) released 5")
        assert words == ["done", "a1", "expired(refused X)", "released", "5"]

    def test_a_line_goes_on_after_an_arrow_and_a_semicolon(self) -> None:
        text = "# T.\ntick ->\n  a;\n  b\ntick\n"
        lines = list(statements(Path("x"), text))
        assert [line.expected for line in lines] == [("a", "b"), None]
        assert lines[1].place.line == 5

    def test_comments_are_left_out(self) -> None:
        (line,) = statements(Path("x"), "# T.\n# more\ntick # why\n")
        assert line.words == ()

    @pytest.mark.parametrize("text", ["tick\n", "# no period\ntick\n", ""])
    def test_a_vector_needs_a_title(self, text: str) -> None:
        with pytest.raises(VectorSyntax, match="opens with"):
            list(statements(Path("x"), text))

    def test_an_open_brace_must_be_closed(self) -> None:
        with pytest.raises(VectorSyntax, match="x:2: the file ends inside"):
            list(statements(Path("x"), "# T.\nrepeat 2 {\n tick\n"))


class TestNumbers:
    @pytest.mark.parametrize(
        ("text", "step", "count"),
        [
            ("0.10", Fraction(1, 100), 10),
            ("100.00", Fraction(1, 10), 1000),
            ("5u", Fraction(1, 10**8), 5),
            ("-3", Fraction(1, 2), -6),
            ("2^62-1", Fraction(1), 2**62 - 1),
            ("-2^63", Fraction(1), -(2**63)),
        ],
    )
    def test_decimals_are_steps(self, text: str, step: Fraction, count: int) -> None:
        assert steps(text, step) == count

    @pytest.mark.parametrize("text", ["0.105", "1e3", "", "x", "1_000", "0x10", ".5"])
    def test_what_is_not_on_the_grid_is_an_error(self, text: str) -> None:
        with pytest.raises(BadNumber):
            steps(text, Fraction(1, 100))

    def test_steps_are_written_with_the_grids_places(self) -> None:
        assert decimal(1005, Fraction(1, 100)) == "10.05"
        assert decimal(-5, Fraction(1, 100)) == "-0.05"
        assert decimal(7, Fraction(1)) == "7"
        assert decimal(3, Fraction(5, 2)) == "7.5"

    def test_durations(self) -> None:
        assert span_ns("60s-1ns") == 59_999_999_999
        assert span_ns("24h") == 86_400 * 10**9
        assert span(3_600 * 10**9) == "1h"
        assert span(5) == "5ns"
        assert span_ns("0") == 0

    @pytest.mark.parametrize("text", ["60", "s", "", "1s 2s", "1y"])
    def test_what_is_no_duration(self, text: str) -> None:
        with pytest.raises(BadNumber):
            span_ns(text)

    def test_whole_numbers(self) -> None:
        assert whole("2^10") == 1024
        with pytest.raises(BadNumber):
            whole("1.5")


class TestFailures:
    @pytest.mark.parametrize(
        ("line", "message"),
        [
            ("place alice a1 buy limit 10 x 5 -> rested", r"x.vec:7:.*\n  expected: event 1 of 1"),
            ("place alice a1 buy limit 10 x 5 -> accepted(resting, 51)", "actual: .*resting, 50"),
            ("place alice a1 buy limit 10 x 5 -> accepted; done a1", "actual:   no further event"),
            ("place alice a1 buy limit 10 x 5 -> nothing", "expected: no further event"),
            ("place alice a1 buy limit 10 x 500", "actual:   refused AVAILABLE_TOO_LOW"),
            ("balance alice Q available=999", "expected: alice Q available=999\n.*1000"),
            ("book B-Q bids 1@1", "expected: bids 1@1"),
            ("book B-Q status=halted", "actual:   status=trading"),
            ("mark 10 1", "actual:   [0-9]+"),
            ("deadline 5s", "actual:   none"),
            ("digest 00", "actual:   [0-9a-f]{64}"),
            ("digest", "make vectors"),
        ],
    )
    def test_a_difference_names_line_expected_and_actual(
        self, tmp_path: Path, line: str, message: str
    ) -> None:
        with pytest.raises(VectorFailed, match=message):
            play(tmp_path, line)

    @pytest.mark.parametrize(
        "line",
        [
            "fly alice",
            "place alice a1 buy limit 10.5 x 5",
            "place alice a1 buy limit 10 x 5 -> flown",
            "place alice a1 buy limit 10 x 5 -> accepted colour=red",
            "place alice a1 buy limit 10 x 5 soon",
            "place alice a1 buy limit 10 x 5 limit=7",
            "order a7 leaves=5",
            "balance alice X available=0",
            "market B-Q colour=red",
            "tick tock",
            "timer alice 1ns",
        ],
    )
    def test_a_badly_written_line_is_named(self, tmp_path: Path, line: str) -> None:
        with pytest.raises(VectorSyntax, match=r"x\.vec:7"):
            play(tmp_path, line)

    def test_claims_leave_out_what_is_not_the_point(self, tmp_path: Path) -> None:
        done = play(
            tmp_path,
            "place alice a1 buy limit 10 x 5 -> accepted\n"
            "place bob b1 sell limit 10 x 5 -> accepted b1; trade b1×a1; done; done b1 filled\n"
            "zero-sum\n",
        )
        assert set(done.world.orders) == {"a1", "b1"}


def test_a_restart_that_forgets_is_found(tmp_path: Path) -> None:
    path = tmp_path / "x.vec"
    path.write_text(SET_UP + "timer   alice 60s\nrestart\n", encoding="utf-8")
    run(path, reference())
    with pytest.raises(VectorFailed, match=r"x.vec:8: restart[\s\S]*expected: the same"):
        run(path, EngineTarget(Forgetful()))


def test_digests_are_filled_in(tmp_path: Path) -> None:
    path = tmp_path / "x.vec"
    path.write_text(SET_UP + "digest\ntick\ndigest 00\n", encoding="utf-8")
    fill_in(path, run(path, reference(), update=True).digests)
    run(path, reference())
    assert path.read_text(encoding="utf-8").count("digest  ") == 2
