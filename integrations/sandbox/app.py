"""Starts the sandbox and ends it."""

from __future__ import annotations

import asyncio
import errno
import logging
import signal
import sqlite3
import sys

from tornado.httpserver import HTTPServer

from integrations.sandbox.messaging import carrier
from integrations.sandbox.server import application
from integrations.sandbox.settings import Settings, SettingsError, from_environment
from integrations.sandbox.world import World

logger = logging.getLogger(__name__)

LARGEST_BODY_BYTES = 1024 * 1024


def main() -> int:
    """Exit status 0 after a signal, 1 when it could not start."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s sandbox %(message)s")
    # Tornado's own remarks on bad requests quote the address, which may hold a phone number.
    logging.getLogger("tornado").setLevel(logging.CRITICAL)
    try:
        asyncio.run(run(from_environment()))
    except SettingsError as error:
        logger.error("%s", error)  # noqa: TRY400
        return 1
    return 0


async def run(settings: Settings) -> None:
    """Until SIGINT or SIGTERM. Raises SettingsError when it cannot start."""
    world = _open(settings)
    server = HTTPServer(application(world), max_body_size=LARGEST_BODY_BYTES, max_buffer_size=2 * LARGEST_BODY_BYTES)
    try:
        _listen(server, settings)
        logger.info("ready at %s", settings.own_url)
        world.outbox.resume()
        carrier.resume(world)
        await _told_to_stop()
    finally:
        server.stop()
        world.close()


def _open(settings: Settings) -> World:
    try:
        return World.open(settings)
    except (sqlite3.Error, OSError, ValueError, KeyError, TypeError) as error:
        where = settings.home / "sandbox"
        raise SettingsError(
            f"The sandbox cannot read its files: {error}. Remove {where} and run/clock.json to start afresh."
        ) from error


def _listen(server: HTTPServer, settings: Settings) -> None:
    """On this machine only."""
    try:
        server.listen(settings.port, address="127.0.0.1")
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise SettingsError(
                f"Port {settings.port} cannot be opened: {error.strerror}. Set SANDBOX_PORT to another."
            ) from error
        raise SettingsError(f"Port {settings.port} is in use. Set SANDBOX_PORT to a free one.") from error


async def _told_to_stop() -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()
