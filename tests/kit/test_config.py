"""A wrong setting is refused in words that name it, the rule and the way out."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from bezant.kit.config import ConfigError, Settings, unknown_variables
from bezant.kit.default_credentials import names_default_credentials


@pytest.fixture(autouse=True)
def _empty(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"BEZANT_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)


def test_defaults_need_no_file_and_no_variable() -> None:
    settings = Settings.load()
    assert settings.data_dir == Path(".bezant")
    assert (settings.host, settings.port) == ("127.0.0.1", 8080)
    assert settings.is_database_embedded
    assert not settings.is_production


def test_options_beat_variables_beat_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "bezant.toml").write_text('host = "h1"\nport = 1\nlimits = "off"\nshard = 1\n')
    (tmp_path / "d/bezant.toml").write_text('host = "h2"\nport = 2\nlimits = "pilot"\n')
    monkeypatch.setenv("BEZANT_HOST", "h3")
    monkeypatch.setenv("BEZANT_PORT", "3")
    settings = Settings.load(data_dir=tmp_path / "d", port=4, host=None)
    found = (settings.port, settings.host, settings.limits, settings.shard)
    assert found == (4, "h3", "pilot", 1)


def test_the_data_directory_may_stand_in_a_variable_or_in_the_file_here(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "bezant.toml").write_text('data_dir = "d"\n')
    (tmp_path / "d").mkdir()
    (tmp_path / "d/bezant.toml").write_text("port = 7\n")
    assert (Settings.load().data_dir, Settings.load().port) == (Path("d"), 7)
    monkeypatch.setenv("BEZANT_DATA_DIR", "e")
    assert (Settings.load().data_dir, Settings.load().port) == (Path("e"), 8080)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PORT", "0", "greater than or equal to 1"),
        ("PORT", "65536", "less than or equal to 65535"),
        ("PORT", "http", "valid integer"),
        ("HOST", "", "at least 1 character"),
        ("ENV", "prod", "'development' or 'production'"),
        ("ENGINE", "rust", "'python', 'native' or 'lockstep'"),
        ("LIMITS", "none", "'off', 'pilot' or 'standard'"),
        ("CLOCK_OFFSET_S", "soon", "valid decimal"),
        ("CLOCK_OFFSET_S", "inf", "finite number"),
        ("LEASE_TTL_MS", "-1", "greater than or equal to 200"),
        ("DATABASE_URL", "mysql://h/d", "must be a URL like postgresql://"),
    ],
)
def test_a_wrong_value_names_variable_rule_and_way_out(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    monkeypatch.setenv(f"BEZANT_{name}", value)
    with pytest.raises(ConfigError) as caught:
        Settings.load()
    text = str(caught.value)
    assert text.startswith(f"BEZANT_{name} ")
    assert words in text
    assert "Set it right or remove it" in text


def test_a_password_is_not_repeated_in_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BEZANT_DATABASE_URL", "http://me:hush@h/d")
    with pytest.raises(ConfigError) as caught:
        Settings.load()
    assert "hush" not in str(caught.value)
    monkeypatch.setenv("BEZANT_DATABASE_URL", "postgresql://me:hush@h/d")
    assert "hush" not in repr(Settings.load())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("prot = 1\n", "`prot` in bezant.toml is not a setting: did you mean `port`?"),
        ("port = \n", "cannot be read as TOML"),
        ('data_dir = "x"\n', "a data directory cannot name another one"),
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "bezant.toml").write_text(text)
    with pytest.raises(ConfigError, match=re.escape(words)):
        Settings.load(data_dir=tmp_path)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FAILPOINT", "core.after_apply"),
        ("CLOCK_OFFSET_S", "1"),
        ("DATABASE_URL", "postgresql://bezant:dev_password_change_in_prod@db/bezant"),
        ("DATABASE_URL", "postgresql://bezant_app:bezant_app@db/bezant"),
        ("DATABASE_URL", "postgresql://postgres:Postgres@db/bezant"),
        ("DATABASE_URL", "postgresql://postgres:@db/bezant"),
    ],
)
def test_production_refuses(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"BEZANT_{name}", value)
    Settings.load()
    monkeypatch.setenv("BEZANT_ENV", "production")
    with pytest.raises(ConfigError, match=f"BEZANT_{name} .*refused in production"):
        Settings.load()


@pytest.mark.parametrize(
    "url", ["postgresql://bezant@db/bezant", "postgresql://a:kT9-mPq2@db/bezant"]
)
def test_other_urls_are_no_default_credentials(url: str) -> None:
    assert not names_default_credentials(url)


def test_the_owners_url_needs_the_applications(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BEZANT_DATABASE_OWNER_URL", "postgresql://o:x1y2@db/bezant")
    with pytest.raises(ConfigError, match="without BEZANT_DATABASE_URL: set both"):
        Settings.load()


def test_a_misspelled_variable_is_pointed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BEZANT_PROT", "1")
    assert "BEZANT_PROT is not a setting: did you mean BEZANT_PORT?" in unknown_variables()


def test_a_fraction_of_a_second_is_an_offset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BEZANT_CLOCK_OFFSET_S", "-0.5")
    assert Settings.load().clock_offset_s == Decimal("-0.5")
