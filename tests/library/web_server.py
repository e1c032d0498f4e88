#!/usr/bin/env python3
"""web_server.py ROOT: the web as it is, on loopback, for the tests of src/library/fetch.c and its users.

Prints its port, then serves until its standard input ends. /files/NAME is ROOT/NAME with an ETag (a file NAME.status holds a status
to answer instead); the other addresses each misbehave in one way. Every answer is a line in ROOT/log: its path and status."""
import gzip
import hashlib
import os
import pathlib
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

root = pathlib.Path(sys.argv[1])
HTML = "<!DOCTYPE html><html><head><title>Harbour caf\u00e9 opens</title></head><body><p>The caf\u00e9 by the harbour.</p></body></html>"
counts = {}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def send_response(self, code, message=None):
        with open(root / "log", "a") as log:
            log.write("%s %d\n" % (self.path, code))
        super().send_response(code, message)

    def reply(self, body=b"", status=200, kind="text/html; charset=utf-8", **headers):
        self.send_response(status)
        if kind:
            self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def validated(self, body, kind):
        tag = '"%s"' % hashlib.sha1(body).hexdigest()
        if self.headers.get("If-None-Match") == tag:
            return self.reply(status=304, kind=None, ETag=tag)
        return self.reply(body, kind=kind, ETag=tag, Last_Modified="Fri, 17 Oct 2025 10:00:00 GMT")

    def file(self, name):
        path = root / pathlib.Path(name).name
        status = pathlib.Path(str(path) + ".status")
        if status.exists():
            return self.reply(b"no", int(status.read_text()))
        if not path.exists():
            return self.reply(b"<html>not found</html>", 404)
        kinds = {".xml": "application/rss+xml", ".html": "text/html", ".txt": "text/plain", ".md": "text/markdown"}
        return self.validated(path.read_bytes(), kinds[path.suffix])

    def chunk(self, data):
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    def do_GET(self):
        try:
            self.answer()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def answer(self):
        path, utf8 = self.path, HTML.encode()
        if path.startswith("/files/"):
            return self.file(path[7:])
        if path.startswith("/redirect/"):
            n = int(path[10:])
            return self.reply(status=302, Location="/redirect/%d" % (n - 1) if n else "/files/page.html")
        if path.startswith("/to/"):
            return self.reply(status=302, Location={"file": "file:///etc/passwd", "ftp": "ftp://127.0.0.1/x", "loop": "/to/loop",
                                                    "gopher": "gopher://127.0.0.1:70/x"}[path[4:]])
        if path.startswith("/status/"):
            return self.reply(b"<html>a page that tells what is wrong</html>", int(path[8:]))
        if path == "/changing.html":
            counts[path] = counts.get(path, 0) + 1
            return self.reply(HTML.replace("opens", "opens %d" % counts[path]).encode())
        if path == "/headers":
            return self.reply(str(self.headers).encode(), kind="text/plain")
        if path == "/cookie":
            if "seen=1" in self.headers.get("Cookie", ""):
                return self.reply(utf8)
            return self.reply(status=302, Location="/cookie", Set_Cookie="seen=1")
        if path == "/gzip.html":
            return self.reply(gzip.compress(utf8), Content_Encoding="gzip")
        if path == "/bad-gzip.html":
            return self.reply(gzip.compress(utf8)[:-20] + b"x" * 20, Content_Encoding="gzip")
        if path == "/gzip-bomb.html":
            return self.reply(gzip.compress(b"a" * (64 << 20)), Content_Encoding="gzip")
        if path == "/latin1.html":
            return self.reply(HTML.encode("latin-1"), kind="text/html; charset=ISO-8859-1")
        if path == "/latin1-not-told.html":
            return self.reply(HTML.encode("latin-1"), kind="text/html")
        if path == "/wrong-charset.html":
            return self.reply(HTML.replace("<title>", "<meta charset=iso-8859-1><title>").encode(), kind="TEXT/HTML; Charset=\"iso-8859-1\"")
        if path == "/unknown-charset.html":
            return self.reply(HTML.encode("latin-1"), kind="text/html; charset=x-klingon")
        if path == "/koi8.txt":
            return self.reply("Зимний мост закрыт.\n".encode("koi8-r"), kind="text/plain; charset=koi8-r")
        if path == "/utf16.html":
            return self.reply(HTML.encode("utf-16-le"), kind="text/html; charset=utf-16le")
        if path == "/no-type":
            return self.reply(utf8, kind=None)
        if path == "/no-type-text":
            return self.reply(b"Only words.\n", kind=None)
        if path in ("/no-type-binary", "/some.pdf"):
            return self.reply(b"%PDF-1.7\0\1\2", kind="application/pdf" if path == "/some.pdf" else None)
        if path == "/empty.html":
            return self.reply(b" \n")
        if path == "/no-content":
            return self.reply(status=204, kind=None)
        if path in ("/cut.html", "/slow.html", "/stalled.html", "/huge.html"):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(200 << 30 if path == "/huge.html" else 100000))
            self.end_headers()
            self.wfile.write(utf8)
            self.wfile.flush()
            self.close_connection = True
            for _ in range(60 if path in ("/slow.html", "/stalled.html") else 0):
                time.sleep(0.5)
                self.wfile.write(b"." if path == "/slow.html" else b"")
                self.wfile.flush()
            return None
        if path in ("/endless.html", "/cut-chunks.html"):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.close_connection = True
            self.chunk(utf8)
            while path == "/endless.html":
                self.chunk(b"a" * 65536)
            return None
        if path == "/silent":
            time.sleep(30)
            self.close_connection = True
            return None
        return self.reply(b"<html>not found</html>", 404)


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
server.handle_error = lambda *_: None  # clients that go away are what is tested
print(server.server_address[1], flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
os._exit(0)
