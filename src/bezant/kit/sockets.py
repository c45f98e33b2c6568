"""Addresses of the house's own sockets: a Unix path, or `tcp://host:port`.

Not for HTTP: the gateway's server has its own.
"""

import asyncio
import contextlib
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Final

from msgspec import Struct

TCP_PREFIX: Final = "tcp://"
UNIX_PATH_SIZE_MAX: Final = 107  # What sockaddr_un holds on Linux, less the closing zero.


class BadAddress(ValueError):
    """An address that is neither a short path nor `tcp://host:port`."""


class UnixAddress(Struct, frozen=True):
    """A socket in the file system."""

    path: str


class TCPAddress(Struct, frozen=True):
    """A host and a port."""

    host: str
    port: int


Address = UnixAddress | TCPAddress


def parse_address(text: str | Path) -> Address:
    """Return the address that `text` names. Raises BadAddress, saying what is wrong."""
    text = str(text)
    if text.startswith(TCP_PREFIX):
        host, colon, port = text.removeprefix(TCP_PREFIX).rpartition(":")
        if not colon or not host or not port.isdecimal():
            raise BadAddress(f"{text!r} is not of the form tcp://host:port")
        return TCPAddress(host.strip("[]"), int(port))
    if len(text.encode()) > UNIX_PATH_SIZE_MAX:
        raise BadAddress(
            f"the socket path {text!r} has over {UNIX_PATH_SIZE_MAX} bytes: shorten it"
        )
    return UnixAddress(text)


async def connect(factory: Callable[[], asyncio.Protocol], address: Address) -> asyncio.Transport:
    """Connect a protocol of `factory`'s making. Raises OSError."""
    loop = asyncio.get_running_loop()
    if isinstance(address, UnixAddress):
        transport, _ = await loop.create_unix_connection(factory, address.path)
    else:
        transport, _ = await loop.create_connection(factory, address.host, address.port)
        _tune(transport)
    return transport


async def listen(factory: Callable[[], asyncio.Protocol], address: Address) -> asyncio.Server:
    """Listen, one protocol of `factory`'s making a connection. Raises OSError.

    A path left over by a process that died is replaced; only one core holds the lease, so it is
    not somebody else's.
    """
    loop = asyncio.get_running_loop()
    if isinstance(address, TCPAddress):
        return await loop.create_server(factory, address.host, address.port)
    _remove_left_over(address.path)
    return await loop.create_unix_server(factory, address.path)


def _remove_left_over(path: str) -> None:
    with contextlib.suppress(FileNotFoundError):
        Path(path).unlink()


def _tune(transport: asyncio.Transport) -> None:
    """Notice a dead peer; small frames leave at once (asyncio sets TCP_NODELAY itself)."""
    raw = transport.get_extra_info("socket")
    if raw is not None:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
