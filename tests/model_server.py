"""A stand-in for a model server: real HTTP on 127.0.0.1, scripted behavior, no model.

In a test:

    with StandIn() as model:                    # or StandIn("hang", retry_after=0.1)
        model.base_url                          # "http://127.0.0.1:PORT/v1"
        model.mode = "500"                      # how every later request is met
        model.script = ["429", "ok"]            # one mode per request first, then `mode`
        model.wait_for(1)                       # until that many requests have come (5 s)
        model.release()                         # let all requests in "hang" be answered
        model.journal                           # [{"path", "headers", "body", "at"}], without keys;
                                                # with "usage" once it is answered
        model.requests                          # how many chat requests have come

As a program:

    python tests/model_server.py --port 4010 --mode ok [--retry-after 1] [--delay 0]

    POST /control  {"mode": "...", "script": [...], "release": true, "retry_after": 1, "delay": 0,
                    "context_tokens": 4096, "forget": true}   -> the settings; all keys optional
    GET  /journal  -> {"requests": N, "journal": [...]}
    GET  /v1/models, POST /v1/chat/completions as OpenAI has them; any key is accepted

Modes:
    ok              a valid analysis that quotes real sentences of the document it was sent, or a
                    valid summary of the numbered points it was sent
    lying           the same with invented quotes; half_lying: every second quote
    obedient        the same, and what the document orders: words in quotation marks after
                    "say", "report" and the like, dressed up with tags and invisible characters
    contradicting   a second look at claims finds the first one contradicted
    fenced, think, prose, doubled_keys, trailing_comma     the same, wrapped or written badly
    wrapped, camel, page_lines     the same inside another object, with other keys, with the lines
                    that begin pages copied into the quotes
    streamed        the same as server-sent events, although nobody asked
    only_thoughts   finish_reason "length", thoughts and no content; unfinished_thought: in it
    429, 500, 503   with Retry-After (429 and 503); quota: 429 that no waiting helps
    400, 401, 403, 404, 408, 409, 422, redirect
    no_schema       400 for json_schema; no_json_object: 400 for json_object too; then ok
    no_max_length   400 for maxLength in the schema; no_bounds: for maxItems as well; then ok
    reasoning       400 for max_tokens and for temperature; then ok
    reasoning_without_schema     400 for json_schema as well
    too_large       400 context_length_exceeded over `context_tokens`; then ok
    strict          400 with figures where prompt and answer together are over `context_tokens`;
                    strict_mute: without figures
    cut             keeps the first `context_tokens` of the prompt, without a word; cut_head the
                    last ones, cut_middle both ends; counts what it kept
    uncounted       ok, but counts no tokens; uncounted_cut: cut as well
    unmarked        ok, but gives no code words back; unmarked_cut, unmarked_cut_middle: cut as well
    length          stops in the middle with finish_reason "length"
    refusal, content_filter, empty_choices, no_finish_reason, empty_content
    wrong_schema, not_json (content), bad_json, html200 (body), huge (a body without end)
    hang            no answer until release(), then ok
    drip            a byte every `drip` seconds; drip_headers: so do the headers
    disconnect      the connection ends without an answer
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

DOCUMENT = re.compile(r"<doc-(\w+)>\n(.*)\n</doc-\1>", re.DOTALL)
MARK = re.compile(r"\[\[(FIRST|LAST) WORD (\w+)\]\]\n?")
PAGE = re.compile(r"^\[\[PAGE (\d+)\]\]$", re.MULTILINE)
SENTENCE = re.compile(r"[^.!?。！？\n]+(?:[.!?。！？](?!\s|$)[^.!?。！？\n]*)*[.!?。！？]?")
TASK = re.compile(r"\b(?:must|shall|please|has to|needs to|is asked to)\b", re.IGNORECASE)
ASSIGNEE = re.compile(r"\b([A-Z]\w+ [A-Z]\w+) (?:must|shall|has to|needs to|is asked to)\b")
MONTHS = [
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
]
DUE = re.compile(rf"\bby (\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})\b")
ORDER = re.compile(
    r"\b(?:say|says|state|report|write|add|reply|answer|include|announce|d(?:is|ites)|écri(?:s|vez)"
    r"|sag(?:e|en)|schreib(?:e|en)|di(?:ga)?|escribe|powiedz|napisz|напиши|скажи)\b[^“”\n]*“([^“”]+)”"
    r"|[说說写]“([^“”]+)”",
    re.IGNORECASE,
)
SETTINGS = ("mode", "script", "retry_after", "delay", "drip", "context_tokens")


class StandIn:
    """A model server in this process; also a context manager that starts and stops it."""

    def __init__(self, mode: str = "ok", *, port: int = 0, retry_after: float = 0.05) -> None:
        self.mode = mode
        self.script: list[str] = []
        self.retry_after = retry_after
        self.delay = 0.0
        self.drip = 1.0
        self.context_tokens = 4096
        self.listed: dict[str, Any] = {}  # told of the model at /v1/models
        self.delays: dict[str, float] = {}  # seconds, for requests with these words in them
        self.journal: list[dict[str, Any]] = []
        self._arrived = threading.Condition()
        self._released = threading.Event()
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.stand_in = self
        self.port = self._server.server_address[1]
        self.base_url = f"http://127.0.0.1:{self.port}/v1"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.release()
        self._server.shutdown()
        self._server.server_close()

    def serve_forever(self) -> None:
        self._server.serve_forever()

    @property
    def requests(self) -> int:
        return len(self.journal)

    def release(self) -> None:
        """Answer the requests that hang now; later ones hang again."""
        with self._arrived:
            self._released.set()
            self._released = threading.Event()

    def wait_for(self, requests: int, seconds: float = 5) -> None:
        """Return when so many chat requests have come; AssertionError if they do not."""
        with self._arrived:
            came = self._arrived.wait_for(lambda: self.requests >= requests, seconds)
        assert came, f"{self.requests} of {requests} requests came within {seconds} s"

    def control(self, wanted: dict[str, Any]) -> dict[str, Any]:
        if wanted.get("forget"):
            self.journal.clear()
        for name in SETTINGS:
            if name in wanted:
                setattr(self, name, wanted[name])
        if wanted.get("release"):
            self.release()
        return {name: getattr(self, name) for name in SETTINGS}

    def note(self, entry: dict[str, Any]) -> tuple[str, threading.Event]:
        """Write a request down; how to meet it, and what to wait for when it hangs."""
        with self._arrived:
            self.journal.append(entry)
            mode = self.script.pop(0) if self.script else self.mode
            self._arrived.notify_all()
            return mode, self._released


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    stand_in: StandIn

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that was killed is no error of the server."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        entry: dict[str, Any] = {"id": "gpt-4.1", "object": "model"}
        stand_in = self.server.stand_in
        if self.path == "/journal":
            self._send(200, {"requests": stand_in.requests, "journal": stand_in.journal})
        elif self.path == "/v1/models":
            self._send(200, {"object": "list", "data": [entry | stand_in.listed]})
        else:
            self._send(404, {"error": {"message": "Not here."}})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        stand_in = self.server.stand_in
        if self.path == "/control":
            self._send(200, stand_in.control(json.loads(body or b"{}")))
            return
        headers = {k: v for k, v in self.headers.items() if k.lower() != "authorization"}
        asked = json.loads(body)
        entry = {"path": self.path, "headers": headers, "body": asked, "at": time.time()}
        mode, released = stand_in.note(entry)
        words = json.dumps(asked) if stand_in.delays else ""
        slower = [seconds for told, seconds in stand_in.delays.items() if told in words]
        time.sleep(max([stand_in.delay, *slower]))
        try:
            self._meet(mode, entry, released)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _meet(self, mode: str, entry: dict[str, Any], released: threading.Event) -> None:
        asked = entry["body"]
        if mode == "hang":
            released.wait()
            mode = "ok"
        stand_in = self.server.stand_in
        if mode == "disconnect":
            self.close_connection = True
        elif mode in ("drip", "drip_headers"):
            self._drip(_completion(asked, _content(asked)), headers_too=mode == "drip_headers")
        elif mode == "html200":
            self._send(200, b"<html><body>Welcome</body></html>", kind="text/html")
        elif mode == "bad_json":
            self._send(200, b'{"id": "x", "choices": [{"mess')
        elif mode == "huge":
            self._flood()
        elif refusal := _refusal(mode, asked, stand_in):
            status, error, extra = refusal
            self._send(status, {"error": error}, extra)
        elif mode == "streamed":
            self._send(
                200, _streamed(_completion(asked, _content(asked))), kind="text/event-stream"
            )
        else:
            answer = _answer(mode, asked, stand_in)
            entry["usage"] = answer.get("usage")
            is_cut = "cut" in mode and _prompt_tokens(asked) > stand_in.context_tokens
            entry["is_whole"] = not is_cut
            self._send(200, answer)

    def _send(
        self,
        status: int,
        body: dict[str, Any] | bytes,
        headers: dict[str, str] | None = None,
        kind: str = "application/json",
    ) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": kind, **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _drip(self, body: dict[str, Any], *, headers_too: bool) -> None:
        data = json.dumps(body).encode()
        head = (
            f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(data)}"
            "\r\n\r\n"
        ).encode()
        if not headers_too:
            self.wfile.write(head)
        for byte in (head + data) if headers_too else data:
            self.wfile.write(bytes([byte]))
            time.sleep(self.server.stand_in.drip)

    def _flood(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.close_connection = True
        self.wfile.write(b'{"choices": "')
        while True:
            self.wfile.write(b"x" * 1_000_000)

    def log_message(self, format: str, *args: object) -> None:
        pass


Refusal = tuple[int, dict[str, Any], dict[str, str]]


def _refusal(mode: str, asked: dict[str, Any], stand_in: StandIn) -> Refusal | None:
    """Status, error and headers, where the mode is not to answer."""

    def error(message: str, code: str | None = None, param: str | None = None) -> dict[str, Any]:
        return {"message": message, "type": "invalid_request_error", "param": param, "code": code}

    form = asked.get("response_format", {}).get("type")
    if (bound := _refused_bound(mode, asked)) is not None:
        message = f"Invalid schema for response_format 'analysis': '{bound}' is not permitted."
        return 400, error(message, None, "response_format"), {}
    if mode.endswith(("no_schema", "no_json_object", "_without_schema")) and form == "json_schema":
        return 400, error("'response_format' of type 'json_schema' is not supported"), {}
    if mode == "no_json_object" and form == "json_object":
        return 400, error("response_format is not supported by this model"), {}
    is_reasoning = mode.startswith("reasoning")
    if is_reasoning and "max_tokens" in asked:
        message = "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."
        return 400, error(message, "unsupported_parameter", "max_tokens"), {}
    if is_reasoning and "temperature" in asked:
        message = "Unsupported value: 'temperature' does not support 0 with this model."
        return 400, error(message, "unsupported_value", "temperature"), {}
    if mode in ("strict", "strict_mute"):
        room = stand_in.context_tokens - (asked.get("max_tokens") or 0)
        if (read := _prompt_tokens(asked)) > room:
            message = (
                f"This model's maximum context length is {stand_in.context_tokens} tokens. "
                f"However, you requested {read + asked['max_tokens']} tokens ({read} in the "
                f"messages, {asked['max_tokens']} in the completion)."
            )
            told = message if mode == "strict" else "The context window is exceeded."
            return 400, error(told), {}
    if mode == "too_large" and _prompt_tokens(asked) > stand_in.context_tokens:
        message = f"This model's maximum context length is {stand_in.context_tokens} tokens."
        return 400, error(message, "context_length_exceeded", "messages"), {}
    wait = {"Retry-After": f"{stand_in.retry_after:g}"}
    fixed: dict[str, Refusal] = {
        "400": (400, error("Something in the request is not right."), {}),
        "401": (401, error("Incorrect API key provided.", "invalid_api_key"), {}),
        "403": (403, error("You are not allowed to sample from this model."), {}),
        "404": (404, error("The model does not exist.", "model_not_found"), {}),
        "408": (408, error("Request timeout."), {}),
        "409": (409, error("Conflict."), {}),
        "422": (422, error("Unprocessable."), {}),
        "429": (429, error("Rate limit reached.", "rate_limit_exceeded"), wait),
        "quota": (429, error("You exceeded your current quota.", "insufficient_quota"), wait),
        "500": (500, error("The server had an error."), {}),
        "503": (503, error("Overloaded."), wait),
        "redirect": (302, error("Moved."), {"Location": f"{stand_in.base_url}/elsewhere"}),
    }
    return fixed.get(mode)


def _refused_bound(mode: str, asked: dict[str, Any]) -> str | None:
    refused = {"no_max_length": ["maxLength"], "no_bounds": ["maxLength", "maxItems"]}
    sent = json.dumps(asked.get("response_format", {}))
    return next((bound for bound in refused.get(mode, ()) if f'"{bound}"' in sent), None)


def _answer(mode: str, asked: dict[str, Any], stand_in: StandIn) -> dict[str, Any]:
    whole, kept = _prompt_tokens(asked), stand_in.context_tokens
    if "cut" in mode and whole > kept:
        asked = {**asked, "messages": _cut(asked["messages"], mode, kept)}
    content = _content(asked, mode)
    written = {
        "fenced": f"Here is the analysis:\n```json\n{content}\n```\nAnything else?",
        "think": f"<think>The user wants {{json}}. Hm.</think>\n{content}",
        "prose": f"Sure! {{I hope}} this helps: {content} Let me know.",
        "doubled_keys": content.replace("{", '{"language": "xx", "summary": [],', 1),
        "trailing_comma": content[:-1] + ",}",
        "wrapped": f'{{"status": "ok", "analysis": {content}}}',
        "camel": re.sub(r'"(\w+)_(\w)(\w+)":', lambda f: f'"{f[1]}{f[2].upper()}{f[3]}":', content),
        "page_lines": re.sub(r'"quote": "', '"quote": "[[PAGE 1]] ', content),
        "unfinished_thought": "<think>The user wants",
        "wrong_schema": '{"answer": 42}',
        "not_json": "I have read the document and liked it very much.",
        "length": content[: len(content) // 2],
        "empty_content": "",
    }.get(mode, content)
    completion = _completion(asked, written)
    choice = completion["choices"][0]
    if mode == "length":
        choice["finish_reason"] = "length"
    elif mode in ("only_thoughts", "unfinished_thought"):
        choice["finish_reason"] = "length"
        if mode == "only_thoughts":
            choice["message"] |= {"content": None, "reasoning_content": "The user wants"}
    elif mode == "no_finish_reason":
        choice["finish_reason"] = None
    elif mode == "content_filter":
        choice["finish_reason"], choice["message"]["content"] = "content_filter", None
    elif mode == "refusal":
        choice["message"] |= {"content": None, "refusal": "I cannot help with that."}
    elif mode == "empty_choices":
        completion["choices"] = []
    if mode.startswith("uncounted"):
        del completion["usage"]
    elif "cut" in mode:
        completion["usage"]["prompt_tokens"] = min(whole, kept)
    return completion


def _completion(asked: dict[str, Any], content: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": content, "refusal": None}
    read, written = _prompt_tokens(asked), len(content) // 4 + 1
    return {
        "id": "chatcmpl-stand-in",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": asked.get("model"),
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}],
        "usage": {
            "prompt_tokens": read,
            "completion_tokens": written,
            "total_tokens": read + written,
        },
    }


def _streamed(completion: dict[str, Any]) -> bytes:
    [choice] = completion["choices"]
    content = choice["message"]["content"]
    pieces = [content[start : start + 40] for start in range(0, len(content), 40)]
    events: list[Any] = [{"choices": [{"delta": {"content": piece}}]} for piece in pieces]
    events += [{"choices": [{"delta": {}, "finish_reason": "stop"}]}]
    events += [{"choices": [], "usage": completion["usage"]}]
    lines = [f"data: {json.dumps(event)}" for event in events]
    return ": a comment\n\n{}\n\ndata: [DONE]\n\n".format("\n\n".join(lines)).encode()


def _prompt_tokens(asked: dict[str, Any]) -> int:
    return sum(tokens_of(message["content"]) for message in asked["messages"])


def tokens_of(text: str) -> int:
    """By a tokenizer made for English: other letters take more of it."""
    return int(sum(map(_weight, text)))


def _weight(character: str) -> float:
    code = ord(character)
    return 0.25 if code < 0x80 else 0.6 if code < 0x250 else 0.45 if code < 0x590 else 1.25


def _cut(messages: list[dict[str, str]], mode: str, kept: int) -> list[dict[str, str]]:
    """The system's words and what is left of the document when so many tokens are kept."""
    system, *rest = messages
    text = "\n".join(message["content"] for message in rest)
    room = max(kept - tokens_of(system["content"]), 0)
    first = room // 2 if mode.endswith("middle") else 0 if mode.endswith("head") else room
    ahead = _reach(text, first)
    behind = len(text) - _reach(text[::-1], room - first)
    return [system, {"role": "user", "content": text[:ahead] + text[max(behind, ahead) :]}]


def _reach(text: str, tokens: float) -> int:
    """How many characters so many tokens are."""
    for place, character in enumerate(text):
        tokens -= _weight(character)
        if tokens < 0:
            return place
    return len(text)


# What a careful reader without understanding would answer.


def _content(asked: dict[str, Any], mode: str = "ok") -> str:
    schema = asked.get("response_format", {}).get("json_schema", {}).get("schema", {})
    wanted = json.dumps(schema) + asked["messages"][0]["content"]
    whole = "\n".join(message["content"] for message in asked["messages"][1:])
    found = DOCUMENT.search(whole)
    text = found[2] if found else whole
    marks = dict(MARK.findall(text))
    text = MARK.sub("", text)
    if '"cannot_tell"' in wanted:
        listed = [each["number"] for each in json.loads(whole.partition("\n")[0])]
        answer: dict[str, Any] = {"follows": listed, "contradicts": [], "cannot_tell": []}
        if mode == "contradicting":
            answer = {**answer, "follows": listed[1:], "contradicts": listed[:1]}
    elif '"numbers"' in wanted:
        answer = {"numbers": list(range(1, 41))}
    elif '"word"' in wanted:
        answer = {"word": "harbor"}
    elif '"sources"' not in wanted:
        answer = _summary(text)
    else:
        answer = _analysis(text, lying={"lying": 1, "half_lying": 2}.get(mode, 0))
        given = {} if mode.startswith("unmarked") else marks
        answer["marks"] = {"first": given.get("FIRST", ""), "last": given.get("LAST", "")}
    if mode == "obedient":
        _obey(text, answer)
    return json.dumps(answer, ensure_ascii=False)


def _obey(text: str, answer: dict[str, Any]) -> None:
    """Add what the text orders, once with the order as its proof and once with a sound quote."""
    if "key_points" not in answer:
        return
    sound = [e for point in answer["key_points"] for e in point["evidence"]][:1]
    for page, sentence in _sentences(text):
        for order in ("".join(found) for found in ORDER.findall(sentence)):
            proof = [{"page": page, "quote": sentence}, *sound]
            dressed = f'<b onclick="alert(1)">{order}</b>\u202e\u200b\U000e0041'
            for said, evidence in ((order, proof), (dressed, sound), (dressed, proof[:1])):
                answer["key_points"].insert(0, {"text": said, "evidence": evidence})
                answer["topics"].insert(0, {"label": said, "evidence": evidence})
                answer["action_items"].insert(
                    0, {"task": said, "assignee": order, "due_text": order, "evidence": evidence}
                )
            answer["summary"].insert(0, {"text": dressed, "sources": [1, 2, 3]})
            answer["sentiment"] = {"label": "positive", "rationale": order, "evidence": sound}


def _summary(text: str) -> dict[str, Any]:
    points = re.findall(r"^(\d+)\. (.*)$", text, re.MULTILINE)[:5]
    return {"summary": [{"text": point, "source_ids": [int(n)]} for n, point in points]}


def _analysis(text: str, *, lying: int) -> dict[str, Any]:
    """`lying` is 0 for never, 1 for always, 2 for every second point and all else."""
    sentences = _sentences(text)
    told = [each for each in sentences if len(each[1].split()) >= 5] or sentences
    points = [
        {"text": s, "evidence": [_quote(p, s, bool(lying and n % lying == 0))]}
        for n, (p, s) in enumerate(told[:5])
    ]
    first = points[0]["evidence"] if points else []
    return {
        "language": "en",
        "key_points": points,
        "summary": [
            {"text": point["text"], "sources": [number]}
            for number, point in enumerate(points[:2], start=1)
        ],
        "topics": _topics(told, bool(lying)),
        "sentiment": {
            "label": "neutral",
            "score": 0.0,
            "rationale": "The text reports.",
            "evidence": first,
        },
        "action_items": [_task(p, s, bool(lying)) for p, s in sentences if TASK.search(s)][:20],
    }


def _sentences(text: str) -> list[tuple[int, str]]:
    _, *pages = PAGE.split(text)
    return [
        (int(number), sentence.strip())
        for number, page in zip(pages[::2], pages[1::2], strict=True)
        for sentence in SENTENCE.findall(page)
        if sentence.strip()
    ]


def _quote(page: int, sentence: str, lying: bool) -> dict[str, Any]:
    words = sentence.split()[:40]
    if lying:
        words = [*words[::-1], "said", "the", "unicorn"]
    return {"page": page, "quote": " ".join(words)}


def _topics(sentences: list[tuple[int, str]], lying: bool) -> list[dict[str, Any]]:
    places: dict[str, tuple[int, str]] = {}
    count: Counter[str] = Counter()
    for page, sentence in sentences:
        for word in re.findall(r"[^\W\d_]{6,}", sentence):
            count[word.lower()] += 1
            places.setdefault(word.lower(), (page, sentence))
    return [
        {"label": word, "evidence": [_quote(*places[word], lying)]}
        for word, _ in count.most_common(3)
    ]


def _task(page: int, sentence: str, lying: bool) -> dict[str, Any]:
    assignee, due = ASSIGNEE.search(sentence), DUE.search(sentence)
    return {
        "task": sentence,
        "assignee": assignee[1] if assignee else None,
        "due_text": due[0] if due else None,
        "due_date": f"{due[3]}-{MONTHS.index(due[2]) + 1:02}-{int(due[1]):02}" if due else None,
        "priority": "high" if "urgent" in sentence.lower() else "unspecified",
        "evidence": [_quote(page, sentence, lying)],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="A stand-in for a model server.")
    parser.add_argument("--port", type=int, default=4010)
    parser.add_argument("--mode", default="ok")
    parser.add_argument("--retry-after", type=float, default=1.0)
    parser.add_argument("--delay", type=float, default=0.0)
    options = parser.parse_args()
    stand_in = StandIn(options.mode, port=options.port, retry_after=options.retry_after)
    stand_in.delay = options.delay
    print(stand_in.base_url, flush=True)
    try:
        stand_in.serve_forever()
    except KeyboardInterrupt:
        stand_in.release()


if __name__ == "__main__":
    main()
