"""What the operator sees of `bezant up`: calm lines on standard error, one for each thing done.

Standard output carries nothing but the line `ready http://…`, for programs that wait for it.
"""

import sys

from rich.console import Console
from rich.markup import escape

from bezant.kit.log import Logger, get_logger


class Display:
    """Prints and logs what happens."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True, highlight=False, soft_wrap=True)
        self._log: Logger = get_logger("bezant.supervisor")

    def title(self, version: str, data_dir: str) -> None:
        """Say what is being started, and where."""
        self._console.print(f"[bold]bezant {escape(version)}[/]  [dim]{escape(data_dir)}[/]")
        self._log.info("supervisor.starting", version=version, data_dir=data_dir)

    def done(self, what: str, detail: str = "") -> None:
        """Say that a step is behind us."""
        self._console.print(f"  [green]✓[/] {escape(what)}  [dim]{escape(detail)}[/]".rstrip())
        self._log.info("supervisor.done", what=what, detail=detail)

    def waiting(self, text: str) -> None:
        """Say what is being waited for."""
        self._console.print(f"  [cyan]·[/] {escape(text)}")
        self._log.info("supervisor.waiting", text=text)

    def trouble(self, text: str) -> None:
        """Say what went wrong, where the house goes on by itself."""
        self._console.print(f"  [yellow]![/] {escape(text)}")
        self._log.warning("supervisor.trouble", text=text)

    def ready(self, url: str) -> None:
        """Say that requests are answered: the one line on standard output."""
        sys.stdout.write(f"ready {url}\n")
        sys.stdout.flush()
        self._log.info("supervisor.ready", url=url)
