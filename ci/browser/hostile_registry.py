"""A registry that answers every request with markup, script and characters that turn text around. Prints its port."""

import http.server
import socketserver

TEXT = ("</script><script>window.hacked=1</script><img src=x onerror=\"window.hacked=1\"><!--"
        "<svg onload=window.hacked=1></svg>{{data}} \u202etxt.exe\u202c \u2066inside\u2069 javascript:window.hacked=1")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        self.rfile.read(length)
        body = TEXT.encode()
        good = self.path in ("/v2/", "/v2")
        self.send_response(200 if good else 201 if self.command in ("PUT", "POST") else 418)
        self.send_header("Content-Type", "text/html")
        self.send_header("Docker-Distribution-Api-Version", "<img src=x onerror=window.hacked=1>")
        self.send_header("Location", "/v2/<script>window.hacked=1</script>")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_HEAD = do_PUT = do_POST = do_PATCH = do_DELETE = answer

    def log_message(self, *args):
        pass


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True


with Server(("127.0.0.1", 0), Handler) as server:
    print(f"listening on 127.0.0.1:{server.server_address[1]}", flush=True)
    server.serve_forever()
