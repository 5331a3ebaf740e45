"""A hostile registry: sound, except that requests which match a pattern are answered by a named misdeed.

Everything else is passed on to a real registry, so that a run gets as far as it would in the wild. Threads and raw
sockets, because the answers must break HTTP.
"""

import contextlib
import functools
import http.client
import re
import socket
import threading
import zlib

OK = b"HTTP/1.1 200 OK\r\n"


def answer(body, content_type="application/json", status=b"HTTP/1.1 200 OK\r\n", extra=b""):
    return (status + b"Content-Type: " + content_type.encode() + b"\r\n" + extra +
            b"Content-Length: " + str(len(body)).encode() + b"\r\n\r\n" + body)


@functools.cache
def bomb():
    """256 MiB of nothing in 256 KiB. Made in pieces: a forked child counts its parent's memory as its own peak."""
    packer = zlib.compressobj(9, wbits=31)
    piece = b"\0" * (1 << 20)
    return b"".join(packer.compress(piece) for _ in range(256)) + packer.flush()


def hang(connection, _):
    connection.wait()


def drip(connection, _):
    for byte in OK + b"X-Slow: " + b"a" * 100_000:
        connection.send(bytes([byte]))
        if connection.wait(0.2):
            return


def drip_body(connection, _):
    connection.send(OK + b"Content-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{")
    while not connection.wait(0.2):
        connection.send(b" ")


def close(_connection, _):
    pass


def reset(connection, _):
    connection.reset()


def truncate(connection, _):
    connection.send(OK + b"Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"name\":")


def truncate_chunk(connection, _):
    connection.send(OK + b"Transfer-Encoding: chunked\r\n\r\nffff\r\n{\"tags\":")


def flood(connection, _):
    connection.send(OK + b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
    block = b"10000\r\n" + b"[" * 0x10000 + b"\r\n"
    while not connection.wait(0):
        connection.send(block)


def flood_without_length(connection, _):
    connection.send(OK + b"Content-Type: application/json\r\nConnection: close\r\n\r\n")
    while not connection.wait(0):
        connection.send(b"\0" * 0x10000)


def endless_header(connection, _):
    connection.send(OK + b"X-Long: ")
    while not connection.wait(0):
        connection.send(b"a" * 0x10000)


def many_headers(connection, _):
    connection.send(OK + b"".join(b"X-%d: y\r\n" % i for i in range(10_000)) + b"Content-Length: 2\r\n\r\n{}")


def endless_informational(connection, _):
    while not connection.wait(0.001):
        connection.send(b"HTTP/1.1 100 Continue\r\n\r\n")


def length_too_small(connection, _):
    connection.send(OK + b"Content-Type: application/json\r\nContent-Length: 3\r\n\r\n" + b'{"name":"x","tags":[]}' * 50)


def length_negative(connection, _):
    connection.send(OK + b"Content-Length: -5\r\n\r\n{}")


def length_of_letters(connection, _):
    connection.send(OK + b"Content-Length: twelve\r\n\r\n{}")


def length_of_exabytes(connection, _):
    connection.send(OK + b"Content-Length: 9223372036854775807\r\n\r\n{}")


def two_lengths(connection, _):
    connection.send(OK + b"Content-Length: 2\r\nContent-Length: 40\r\n\r\n{}")


def bad_chunk_size(connection, _):
    connection.send(OK + b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffffffff\r\n{}")


def not_http(connection, _):
    connection.send(bytes(range(256)) * 16)


def invalid_utf8(connection, _):
    connection.send(answer(b'{"name":"\xff\xfe","tags":["\xc3\x28","\xed\xa0\x80"],"errors":[{"code":"\xff","message":"\xff"}]}',
                           extra=b"X-Odd: \xff\xfe\x80\r\nLink: <\xff>; rel=\"next\"\r\n"))


def deep_json(connection, _):
    connection.send(answer(b'{"tags":' + b"[" * 100_000 + b"]" * 100_000 + b"}"))


def deep_json_objects(connection, _):
    connection.send(answer(b'{"manifests":' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"}"))


def wrong_json_types(connection, _):
    connection.send(answer(b'{"name":[],"tags":{"a":1},"manifests":"x","errors":7,"schemaVersion":"2","mediaType":{}}'))


def huge_numbers(connection, _):
    connection.send(answer(b'{"schemaVersion":1e999,"manifests":[{"size":-1e308,"digest":18446744073709551616}],"tags":[1e400]}'))


def nul_bytes(connection, _):
    connection.send(answer(b"{\0\"tags\"\0:[\"\\u0000\"]}", extra=b"X-Nul: a\0b\r\n"))


def markup(connection, _):
    connection.send(answer(b"<script>alert(1)</script>]]></system-out>", content_type="text/html",
                           extra=b"X-Markup: <script>alert(2)</script>\r\n"))


def escape_sequences(connection, _):
    connection.send(answer(b'{"errors":[{"code":"\\u001b[2J\x1b[2J","message":"\\u001b]0;x\\u0007"}]}',
                           status=b"HTTP/1.1 500 \x1b[31mred\r\n"))


def compressed_bomb(connection, _):
    connection.send(answer(bomb(), extra=b"Content-Encoding: gzip\r\n"))


def redirect_loop(connection, request):
    connection.send(answer(b"", status=b"HTTP/1.1 307 Temporary Redirect\r\n", extra=b"Location: " + request.target + b"\r\n"))


def redirect_to_a_file(connection, _):
    connection.send(answer(b"", status=b"HTTP/1.1 307 Temporary Redirect\r\n", extra=b"Location: file:///etc/passwd\r\n"))


def redirect_nowhere(connection, _):
    connection.send(answer(b"", status=b"HTTP/1.1 307 Temporary Redirect\r\n", extra=b"Location: http://\xff:99999//\r\n"))


def throttle(connection, _):
    connection.send(answer(b"{}", status=b"HTTP/1.1 429 Too Many Requests\r\n", extra=b"Retry-After: 86400\r\n"))


def unavailable(connection, _):
    connection.send(answer(b"{}", status=b"HTTP/1.1 503 Service Unavailable\r\n", extra=b"Retry-After: banana\r\n"))


def challenge_loop(connection, _):
    connection.send(answer(b"{}", status=b"HTTP/1.1 401 Unauthorized\r\n",
                           extra=b"WWW-Authenticate: Bearer realm=\"http://" + connection.host + b"/v2/token\",service=\"s\"\r\n"))


def broken_challenge(connection, _):
    connection.send(answer(b"{}", status=b"HTTP/1.1 401 Unauthorized\r\n",
                           extra=b"WWW-Authenticate: Bearer realm=\"a\\\", , =, ==\"\" Basic Negotiate\xff\r\n"))


def endless_pages(connection, request):
    number = int((re.search(rb"page=(\d+)", request.target) or [0, b"0"])[1]) + 1
    path = request.target.partition(b"?")[0]
    connection.send(answer(b'{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[],"name":"x","tags":["t%d"]}' % number,
                           content_type="application/vnd.oci.image.index.v1+json",
                           extra=b"Link: <" + path + b"?page=%d>; rel=\"next\"\r\n" % number))


def status_999(connection, _):
    connection.send(answer(b"{}", status=b"HTTP/1.1 999 What\r\n"))


def http_0_9(connection, _):
    connection.send(b"<html>no status line</html>")


MISDEEDS = {name: value for name, value in list(globals().items())
            if callable(value) and getattr(value, "__module__", "") == __name__ and name not in ("answer", "bomb")}


class Request:
    def __init__(self, head, body):
        line, *fields = head.split(b"\r\n")
        self.method, self.target, _ = line.split(b" ", 2)
        self.headers = [tuple(part.strip() for part in field.split(b":", 1)) for field in fields if b":" in field]
        self.body = body


class Connection:
    def __init__(self, server, sock):
        self.server, self.sock, self.host = server, sock, server.host.encode()

    def send(self, data):
        self.sock.sendall(data)

    def wait(self, seconds=None):
        """True when the test is over; without `seconds` only then."""
        return self.server.over.wait(seconds)

    def reset(self):
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


class Hostile:
    """`with Hostile(backend_port, "/tags/list", "hang") as server`: server.host is HOST:PORT."""

    def __init__(self, backend, pattern, misdeed):
        self.backend, self.pattern, self.misdeed = backend, re.compile(pattern.encode()), MISDEEDS[misdeed]
        self.over, self.misdeeds = threading.Event(), 0

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.host = "127.0.0.1:%d" % self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.over.set()
        # An accept() that waits is not woken by close().
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                sock, _ = self.listener.accept()
                threading.Thread(target=self.talk, args=(sock,), daemon=True).start()

    def talk(self, sock):
        with contextlib.suppress(OSError, ValueError, http.client.HTTPException), sock, sock.makefile("rb") as reader:
            sock.settimeout(30)
            connection = Connection(self, sock)
            upstream = http.client.HTTPConnection("127.0.0.1", self.backend, timeout=30) if self.backend else None
            while not self.over.is_set():
                request = self.read(reader)
                if request is None:
                    return
                if self.pattern.search(request.method + b" " + request.target):
                    self.misdeeds += 1
                    self.misdeed(connection, request)
                    return
                self.forward(sock, upstream, request)

    @staticmethod
    def read(reader):
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = reader.readline(65536)
            if not line:
                return None
            head += line
        headers = head.lower()
        if b"transfer-encoding: chunked" in headers:
            body = b""
            while True:
                size = int(reader.readline().split(b";")[0], 16)
                body += reader.read(size)
                reader.readline()
                if size == 0:
                    break
        else:
            length = re.search(rb"\r\ncontent-length: *(\d+)", headers)
            body = reader.read(int(length[1])) if length else b""
        return Request(head[:-4], body)

    @staticmethod
    def forward(sock, upstream, request):
        upstream.putrequest(request.method.decode(), request.target.decode("latin-1"), skip_host=True,
                            skip_accept_encoding=True)
        skipped = (b"transfer-encoding", b"content-length", b"connection", b"expect")
        for name, value in request.headers:
            if name.lower() not in skipped:
                upstream.putheader(name.decode(), value)
        if request.body or request.method in (b"POST", b"PUT", b"PATCH"):
            upstream.putheader("Content-Length", str(len(request.body)))
        upstream.endheaders(request.body or None)
        reply = upstream.getresponse()
        data = reply.read()
        head = f"HTTP/1.1 {reply.status} {reply.reason}\r\n"
        for name, value in reply.getheaders():
            if name.lower() not in ("transfer-encoding", "content-length", "connection"):
                head += f"{name}: {value}\r\n"
        length = reply.getheader("Content-Length") if request.method == b"HEAD" else str(len(data))
        if length is not None and reply.status != 204:
            head += f"Content-Length: {length}\r\n"
        sock.sendall(head.encode("latin-1") + b"\r\n" + data)
