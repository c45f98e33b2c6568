"""The page of errors says what the code says, and the code has a row for every refusal."""

from bezant.core.refusals import RefusalCode
from bezant.gateway.native.problems import Problem
from bezant.gateway.native.refusals import REFUSALS
from tools.errors_reference import main


def test_the_page_is_fresh() -> None:
    assert main(["--check"]) == 0, "run `make api`"


def test_every_refusal_has_a_row() -> None:
    assert set(REFUSALS) == set(RefusalCode)


def test_codes_are_unique() -> None:
    codes = [kind.code for kind in Problem]
    assert len(codes) == len(set(codes))
