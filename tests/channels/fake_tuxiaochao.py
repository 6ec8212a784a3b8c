"""A fake server on this machine that signs, pages, limits and breaks as 兔小巢 would."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from feedback_nlp.channels.tuxiaochao import Account

KEY = "tucao123"
Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Server:
    """What the fake holds, and what it does wrong next."""

    posts: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Answer] = field(default_factory=list)
    """Answers given instead, in order; status 0 stands for a good one."""
    per_page: int = 2
    asked: list[str] = field(default_factory=list)
    forgets_window: bool = False
    last_day_too: bool = False
    next_page_path: str = "/api/v1/1234/posts"

    def answer(self, path: str, headers: Message) -> Answer:
        self.asked.append(path)
        if self.faults and (fault := self.faults.pop(0))[0]:
            return fault
        wanted = hashlib.md5(f"{headers['Timestamp']}{KEY}".encode()).hexdigest()  # noqa: S324
        if headers["Signature"] != wanted or not urlsplit(path).path.endswith("/1234/posts"):
            return 401, {}, b"{}"
        return 200, {}, json.dumps(self.page(parse_qs(urlsplit(path).query))).encode()

    def page(self, query: dict[str, list[str]]) -> dict[str, Any]:
        begin, end, below = query["from"][0], query["to"][0], query.get("max_id", ["9" * 9])[0]
        found = [post for post in self.posts if str(post["id"]) < below]
        if not (self.forgets_window and "max_id" in query):
            days = [(post["created_at"][:10].replace("-", ""), post) for post in found]
            found = [post for day, post in days if begin <= day < end + self.last_day_too * "x"]
        found.sort(key=lambda post: str(post["id"]), reverse=True)
        shown, left = found[: self.per_page], found[self.per_page :]
        url = f"{self.next_page_path}?max_id={shown[-1]['id']}" if left else None
        return {"status": 0, "data": shown, "pagination": {"next_page_url": url}}


Fake = tuple[Server, Account]


@contextmanager
def serving() -> Iterator[Fake]:
    """Serve on a free port of this machine and say what to ask it by."""
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = state.answer(self.path, self.headers)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield state, Account("1234", KEY, f"http://127.0.0.1:{http.server_address[1]}")
        http.shutdown()
        thread.join()


def post(number: int, moment: str, **more: object) -> dict[str, Any]:
    return {"id": f"1539{number}", "created_at": moment, "content": f"第{number}条", **more}
