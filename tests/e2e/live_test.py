#!/usr/bin/python3
"""The live figures over a raw connection to the real program: they come, they go on, and they end with the service."""

import json
import pathlib
import socket
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import nguon  # noqa: E402
import records  # noqa: E402


class Stream:
    """GET /province/sync/live; lines of the events, chunked framing taken off."""

    def __init__(self, installation, key):
        self.socket = socket.create_connection(("127.0.0.1", installation.http_port), timeout=30)
        self.socket.sendall(b"GET /province/sync/live HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer "
                            + key.encode() + b"\r\n\r\n")
        self.file = self.socket.makefile("rb")
        self.status = int(self.file.readline().split()[1])
        self.headers = {}
        while line := self.file.readline().decode().strip():
            name, value = line.split(": ", 1)
            self.headers[name.lower()] = value

    def event(self):
        """The next one, without the blank line; "" at the end."""
        size = int(self.file.readline(), 16)
        text = self.file.read(size).decode()
        self.file.readline()
        return text.rstrip("\n")

    def figures(self):
        while not (text := self.event()).startswith("data: "):
            pass
        return json.loads(text[6:])

    def close(self):
        self.file.close()
        self.socket.close()


class Live(unittest.TestCase):
    def test_figures_come_while_the_page_is_open_and_end_with_the_service(self):
        with nguon.Installation() as installation:
            installation.start_portal()
            installation.start_server(30)
            key = installation.add_key("province-operator")
            stream = Stream(installation, key)
            self.assertEqual((stream.status, stream.headers["content-type"]), (200, "text/event-stream"))
            self.assertEqual(stream.event(), "retry: 3000")
            self.assertEqual(stream.figures()["0/delivered"], "")
            begun = time.monotonic()
            records.Firm(installation, key)
            while stream.figures()["0/delivered"] == "":
                self.assertLess(time.monotonic() - begun, 30)
            # Nothing happens: a sign of life comes all the same.
            begun = time.monotonic()
            while stream.event().startswith("data: "):
                self.assertLess(time.monotonic() - begun, 60)
            # The service does not wait for pages that stay open.
            begun = time.monotonic()
            installation.server.terminate()
            while stream.event() != "":
                pass
            self.assertEqual(installation.server.stop(), 0)
            self.assertLess(time.monotonic() - begun, 4)
            stream.close()


if __name__ == "__main__":
    unittest.main()
