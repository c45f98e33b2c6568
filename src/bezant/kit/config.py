"""All settings, read once at a process's start and passed on as an argument.

Order, the first that has a value wins: command-line option, `BEZANT_*` variable, `bezant.toml` in
the data directory, `bezant.toml` in the working directory, default. Reference for operators:
`docs/reference/configuration.md`.
"""

import difflib
import os
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Literal, Self

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails, PydanticUndefined
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from bezant.kit.default_credentials import names_default_credentials
from bezant.kit.operator_error import OperatorError

PREFIX: Final = "BEZANT_"
FILE_NAME: Final = "bezant.toml"
_DATABASE_SCHEMES: Final = ("postgresql://", "postgres://")
_SECRET_FIELDS: Final = frozenset({"database_url", "database_owner_url"})
_SECONDS_OFFSET_MAX: Final = 100 * 366 * 86_400


class ConfigError(OperatorError):
    """A setting is wrong; the text names the setting, the rule and the way out."""


class Settings(BaseSettings):
    """What an operator may set. Immutable; `Settings.load()` is the way to make one."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="forbid", hide_input_in_errors=True
    )

    data_dir: Path = Field(
        default=Path(".bezant"),
        description="where everything of this exchange is kept",
    )
    env: Literal["development", "production"] = Field(
        default="development",
        description="`production` refuses failpoints, moved clocks, demo data and known passwords",
    )
    host: str = Field(
        default="127.0.0.1", min_length=1, description="address the gateway listens on"
    )
    port: int = Field(default=8080, ge=1, le=65_535, description="port the gateway listens on")
    database_url: str | None = Field(
        default=None,
        repr=False,
        description="an external PostgreSQL, as the application's role; unset = the embedded one",
    )
    database_owner_url: str | None = Field(
        default=None,
        repr=False,
        description="the same database as the role that owns the tables; migrations use it",
    )
    postgres_port: int | None = Field(
        default=None,
        ge=1,
        le=65_535,
        description="makes the embedded PostgreSQL listen on 127.0.0.1 too; unset = socket only",
    )
    socket_root: Path = Field(
        default=Path("/tmp"),  # noqa: S108 - The folder in it is ours, 0700 and checked.
        description="where the folder of Unix sockets is made; keep it short",
    )
    engine: Literal["python", "native", "lockstep"] | None = Field(
        default=None,
        description=(
            "which build of the core runs: the reference in `python`, the `native` one, or both in "
            "`lockstep`; unset = native where it is built, else python"
        ),
    )
    limits: Literal["off", "pilot", "standard"] = Field(
        default="standard", description="preset of rate limits"
    )
    shard: int = Field(default=0, ge=0, le=15, description="number of this journal")
    lease_ttl_ms: int = Field(
        default=2_000,
        ge=200,
        le=60_000,
        description="how long a silent core keeps the right to write",
    )
    clock_offset_s: Decimal = Field(
        default=Decimal(0),
        ge=-_SECONDS_OFFSET_MAX,
        le=_SECONDS_OFFSET_MAX,
        allow_inf_nan=False,
        description="moves the wall clock, for tests; refused in production",
    )
    failpoint: str | None = Field(
        default=None,
        description="`name[:exit|error|delay=ms][:nth]`, for tests; refused in production",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="the least severe log line that is written"
    )

    @classmethod
    def load(cls, **options: Any) -> Self:
        """Read all sources and return the settings; `options` are those of the command line.

        An option that is None counts as not given. Raises ConfigError.
        """
        given = {name: value for name, value in options.items() if value is not None}
        files = _toml_files(given.get("data_dir"))

        class FileSettings(cls):  # type: ignore[valid-type, misc]
            model_config = SettingsConfigDict(toml_file=files)

        try:
            loaded: Self = FileSettings(**given)
        except ValidationError as error:
            raise ConfigError("\n".join(_explain(cls, e) for e in error.errors())) from None
        return loaded

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Say which sources count, the strongest first."""
        del dotenv_settings, file_secret_settings
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @field_validator("database_url", "database_owner_url")
    @classmethod
    def _is_postgresql(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(_DATABASE_SCHEMES):
            raise ValueError("must be a URL like postgresql://user:password@host:5432/bezant")
        return url

    @model_validator(mode="after")
    def _stands_together(self) -> Self:
        if self.database_owner_url is not None and self.database_url is None:
            raise ValueError(
                "BEZANT_DATABASE_OWNER_URL is set without BEZANT_DATABASE_URL: set both (external "
                "PostgreSQL) or neither (embedded)"
            )
        if self.is_production:
            self._check_production()
        return self

    def _check_production(self) -> None:
        if self.failpoint is not None:
            raise ValueError("BEZANT_FAILPOINT is refused in production: unset it")
        if self.clock_offset_s != 0:
            raise ValueError("BEZANT_CLOCK_OFFSET_S is refused in production: unset it")
        for name in sorted(_SECRET_FIELDS):
            url = getattr(self, name)
            if url is not None and names_default_credentials(url):
                raise ValueError(
                    f"{PREFIX}{name.upper()} carries a password that everybody knows, which is "
                    "refused in production: give that database role a random password"
                )

    @property
    def is_production(self) -> bool:
        """Whether the stricter rules of production hold."""
        return self.env == "production"

    @property
    def is_database_embedded(self) -> bool:
        """Whether PostgreSQL is ours to start and stop."""
        return self.database_url is None


def unknown_variables() -> tuple[str, ...]:
    """Return a sentence for each `BEZANT_*` variable that no setting reads: likely a slip."""
    known = {PREFIX + name.upper() for name in (*Settings.model_fields, "supervisor_pid")}
    found = []
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            found.append(
                f"{name} is not a setting" + (f": did you mean {near[0]}?" if near else "")
            )
    return tuple(found)


def _toml_files(data_dir: Path | None) -> list[Path]:
    here = Path.cwd() / FILE_NAME
    chosen = data_dir or os.environ.get(PREFIX + "DATA_DIR") or _read_toml(here).get("data_dir")
    there = Path(chosen or Settings.model_fields["data_dir"].default) / FILE_NAME
    if _read_toml(there).get("data_dir") is not None:
        raise ConfigError(
            f"data_dir in {there}: a data directory cannot name another one; remove the line"
        )
    return [here, there]


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path} cannot be read as TOML: {error}. Mend or remove it.") from error


def _explain(cls: type[Settings], error: ErrorDetails) -> str:
    if not error["loc"]:
        return error["msg"].removeprefix("Value error, ")
    name = str(error["loc"][0])
    field = cls.model_fields.get(name)
    if field is None:
        near = difflib.get_close_matches(name, cls.model_fields, n=1)
        hint = f"did you mean `{near[0]}`?" if near else "remove it"
        return f"`{name}` in {FILE_NAME} is not a setting: {hint}"
    rule = error["msg"].removeprefix("Value error, ").replace("Input should", "must", 1)
    shown = "" if name in _SECRET_FIELDS else f", got {error['input']!r}"
    default = "" if field.default is PydanticUndefined else f" (default: {field.default})"
    return (
        f"{PREFIX}{name.upper()} (`{name}` in {FILE_NAME}) {rule}{shown}. "
        f"It says: {field.description}. Set it right or remove it{default}."
    )
