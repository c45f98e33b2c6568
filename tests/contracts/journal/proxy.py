"""A proxy before PostgreSQL that can swallow answers and cut connections at the worst moment."""

import asyncio
import contextlib
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit


class Proxy:
    """Listens on a Unix socket of its own and passes all on to the server's."""

    def __init__(self, folder: Path, dsn: str) -> None:
        parts = urlsplit(dsn)
        query = parse_qs(parts.query)
        port = query["port"][0]
        self._server_path = f"{query['host'][0]}/.s.PGSQL.{port}"
        self._path = folder / f".s.PGSQL.{port}"
        moved = urlencode({"host": str(folder), "port": port})
        self.dsn = urlunsplit((parts.scheme, parts.netloc, parts.path, moved, ""))
        self.drops_answers = False
        self.holds_requests = False
        self._let_go = asyncio.Event()
        self._writers: list[asyncio.StreamWriter] = []
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        self._server = await asyncio.start_unix_server(self._serve, self._path)

    async def close(self) -> None:
        self._server.close()
        self.cut()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def cut(self) -> None:
        """Cut all connections at once."""
        for writer in self._writers:
            writer.transport.abort()

    def let_go(self) -> None:
        """Pass on what was held."""
        self.holds_requests = False
        self._let_go.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_unix_connection(self._server_path)
        self._writers += [writer, there_writer]
        for work in (self._requests(reader, there_writer), self._answers(there_reader, writer)):
            task = asyncio.create_task(work)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _requests(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while chunk := await reader.read(65_536):
                if self.holds_requests:
                    await self._let_go.wait()
                writer.write(chunk)
                await writer.drain()
            if not writer.is_closing():
                writer.close()

    async def _answers(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while chunk := await reader.read(65_536):
                if not self.drops_answers:
                    writer.write(chunk)
                    await writer.drain()
            writer.close()
