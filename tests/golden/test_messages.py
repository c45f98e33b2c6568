"""Every message is written and read as the golden files say, byte for byte (ADR 0003)."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bezant.core import codec
from bezant.core.commands import Command
from bezant.core.ids import Seq
from tests.golden.make import FOLDER, message, plain
from tools.wire_reference import Family, list_families

FAMILIES = {family.key: family for family in list_families()}


def records(key: str) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = json.loads((FOLDER / f"{key}.json").read_text(encoding="utf-8"))
    return read


def kinds(family: Family) -> dict[str, type[msgspec.Struct]]:
    return {kind.__name__: kind for kind in family.messages}


def test_every_family_has_its_file_and_no_file_is_left_over() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.json")) == sorted(FAMILIES)


@pytest.mark.parametrize("key", FAMILIES)
def test_no_message_lacks_a_golden_record(key: str) -> None:
    named = {record["name"] for record in records(key)}
    assert named == set(kinds(FAMILIES[key])), "run `python -m tests.golden.make` for new ones"


@pytest.mark.parametrize("key", FAMILIES)
def test_messages_are_written_as_the_golden_bytes(key: str) -> None:
    by_name = kinds(FAMILIES[key])
    for record in records(key):
        made = message(by_name[record["name"]], record["sample"])
        assert plain(made) == record["value"], record["name"]
        assert msgspec.msgpack.encode(made).hex() == record["hex"], record["name"]


@pytest.mark.parametrize("key", FAMILIES)
def test_golden_bytes_are_read_as_the_messages(key: str) -> None:
    by_name = kinds(FAMILIES[key])
    for record in records(key):
        read = msgspec.msgpack.decode(bytes.fromhex(record["hex"]), type=by_name[record["name"]])
        assert plain(read) == record["value"], record["name"]


def test_golden_commands_pass_the_strict_door() -> None:
    for record in records("commands"):
        raw = bytes.fromhex(record["hex"])
        if record["name"] in {"OrderTerms", "MarketParameters"}:
            continue  # Parts of commands, not commands.
        command: Command = codec.decode_command(raw)
        assert type(command).__name__ == record["name"]


def test_tags_are_used_once_in_each_family() -> None:
    for key in ("commands", "events"):
        tags = [kind.__struct_config__.tag for kind in FAMILIES[key].messages]
        used = [tag for tag in tags if tag is not None]
        assert len(used) == len(set(used)), key


def test_an_entry_is_written_around_its_command() -> None:
    for record in records("commands"):
        if record["name"] in {"OrderTerms", "MarketParameters"}:
            continue
        raw = bytes.fromhex(record["hex"])
        (entry,) = codec.decode_entries(codec.encode_entry(Seq(5), raw), 1)
        assert entry.seq == 5
        assert codec.encode(entry.command) == raw


def test_golden_outcomes_are_read_in_a_row() -> None:
    raws = [bytes.fromhex(one["hex"]) for one in records("journal") if one["name"] == "Outcome"]
    assert [codec.encode(one) for one in codec.decode_outcomes(b"".join(raws), 3)] == raws


def test_files_end_with_a_line_end(request: pytest.FixtureRequest) -> None:
    for path in Path(FOLDER).glob("*.json"):
        assert path.read_bytes().endswith(b"]\n")
