"""A gate between connector and portal: ends TLS on both sides, passes on one request a connection, and can be told to
stop everything at a station of an exchange, so that a test does something exactly there."""

import socket
import ssl
import threading
import time

HEAD_END = b"\r\n\r\n"
WAIT_SECONDS = 60
REFUSAL = b'{"error":"ERR_DATA_FORMAT","data":null}'


class Dropped(Exception):
    """The exchange under way is over."""


class Message:
    """One request or answer, as it came over the wire."""

    def __init__(self, raw):
        self.raw = raw
        self.method, self.target = (raw.split(b" ", 2)[:2] + [b""])[:2]
        self.path = self.target.decode("latin-1").split("?")[0]
        self.lines = raw.partition(HEAD_END)[2].count(b"\n")

    @property
    def halves(self):
        middle = len(self.raw) // 2
        return self.raw[:middle], self.raw[middle:]


def read_message(connection):
    raw = b""
    while HEAD_END not in raw:
        piece = connection.recv(65536)
        if not piece:
            raise Dropped
        raw += piece
    head, _, body = raw.partition(HEAD_END)
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        piece = connection.recv(65536)
        if not piece:
            raise Dropped
        body += piece
    return Message(head + HEAD_END + body)


class Gate:
    """Stations of an exchange: accepted (TCP only), shaken (TLS done), half_sent and sent (to the portal),
    half_answered and answered (to the connector); refused, when the gate answers 400 in the portal's place. The last two
    come just before the last bytes go: the next connection may be there at once."""

    def __init__(self, port, portal_port, certs):
        self.port = port
        self.portal_port = portal_port
        self.to_connector = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.to_connector.load_cert_chain(certs / "portal.pem", certs / "portal.key")
        self.to_connector.load_verify_locations(certs / "ca.pem")
        self.to_connector.verify_mode = ssl.CERT_REQUIRED
        self.to_portal = ssl.create_default_context(cafile=certs / "ca.pem")
        self.to_portal.load_cert_chain(certs / "connector.pem", certs / "connector.key")
        self.lock = threading.Lock()
        self.stops = []  # (station, what a path ends with); reached one after the other, the last one holds
        self.refuses = False
        self.reached = threading.Event()
        self.go_on = threading.Event()
        self.listener = None
        self.listen()

    def listen(self, backlog=16):
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(("127.0.0.1", self.port))
        self.listener.listen(backlog)
        if backlog:
            threading.Thread(target=self.accept, args=(self.listener,), daemon=True).start()

    def close(self):
        try:
            self.listener.shutdown(socket.SHUT_RDWR)  # wakes `accept`
        except OSError:
            pass
        self.listener.close()

    def stop_at(self, *stops, refuses=False):
        with self.lock:
            self.stops = list(stops)
            self.refuses = refuses
            self.reached.clear()
            self.go_on.clear()

    def release(self):
        """Whatever is held is dropped; from now on everything passes."""
        with self.lock:
            self.stops = []
            self.refuses = False
        self.go_on.set()

    def accept(self, listener):
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def at(self, station, path=""):
        with self.lock:
            if not self.stops or self.stops[0][0] != station or not path.endswith(self.stops[0][1]):
                return
            self.stops.pop(0)
            holds = not self.stops
        if holds:
            self.reached.set()
            self.go_on.wait(WAIT_SECONDS)
            raise Dropped

    def serve(self, plain):
        with plain:
            try:
                plain.settimeout(WAIT_SECONDS)
                self.at("accepted")
                with self.to_connector.wrap_socket(plain, server_side=True) as connector:
                    self.at("shaken")
                    self.exchange(connector, read_message(connector))
            except (OSError, Dropped):
                pass

    def takes_refusal(self, request):
        with self.lock:
            refuses = self.refuses and request.lines > 1
            self.refuses = self.refuses and not refuses
        return refuses

    def exchange(self, connector, request):
        if self.takes_refusal(request):
            self.at("refused", request.path)
            connector.sendall(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: application/json\r\n"
                              b"Content-Length: %d\r\n\r\n%s" % (len(REFUSAL), REFUSAL))
            return
        with socket.create_connection(("127.0.0.1", self.portal_port)) as plain, \
                self.to_portal.wrap_socket(plain, server_hostname="127.0.0.1") as portal:
            begin, rest = request.halves
            portal.sendall(begin)
            self.at("half_sent", request.path)
            portal.sendall(rest)
            self.at("sent", request.path)
            answer = read_message(portal)
            # The next request has a connection of its own, with stations of its own.
            answer = Message(answer.raw.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
            begin, rest = answer.halves
            connector.sendall(begin)
            self.at("half_answered", request.path)
            self.at("answered", request.path)
            connector.sendall(rest)


class ClosedDoor:
    """In the gate's place for a while: nobody accepts, and the queue is full, so that connecting never ends."""

    def __init__(self, gate):
        self.gate = gate
        self.waiting = []

    def __enter__(self):
        self.gate.close()
        self.gate.listen(backlog=0)
        for _ in range(3):
            caller = socket.socket()
            caller.setblocking(False)
            caller.connect_ex(("127.0.0.1", self.gate.port))
            self.waiting.append(caller)
        time.sleep(0.05)
        return self

    def callers(self):
        """Local ports of those who have sent a SYN and got no answer, but for the ones that fill the queue."""
        ours = {caller.getsockname()[1] for caller in self.waiting}
        found = set()
        with open("/proc/net/tcp", encoding="ascii") as table:
            for line in list(table)[1:]:
                local, remote, state = line.split()[1:4]
                if state == "02" and int(remote.rpartition(":")[2], 16) == self.gate.port:
                    found.add(int(local.rpartition(":")[2], 16))
        return found - ours

    def __exit__(self, kind, error, trace):
        for caller in self.waiting:
            caller.close()
        self.gate.close()
        self.gate.listen()
