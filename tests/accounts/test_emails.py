"""Addresses are kept in small letters; a mailbox has one budget however it is written."""

import pytest

from bezant.accounts.emails import BadEmail, mailbox_of, parse_email


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Ada@Example.COM", "ada@example.com"),
        ("a.b+c@sub.example.co.uk", "a.b+c@sub.example.co.uk"),
        ("o'brien@example.ie", "o'brien@example.ie"),
    ],
)
def test_addresses_are_kept_in_small_letters(text: str, kept: str) -> None:
    assert parse_email(text) == kept


@pytest.mark.parametrize("text", ["a@b", "a b@c.d", "a@b.c\n", "a..b@c.de", "@c.de", "a@.de"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(BadEmail, match="email"):
        parse_email(text)


def test_a_mailbox_is_one_however_it_is_written() -> None:
    forms = ["adal@x.com", "ADA.L@x.com", "ada.l+spam@x.com", "a.d.a.l@X.com"]
    assert {mailbox_of(form) for form in forms} == {"adal@x.com"}
