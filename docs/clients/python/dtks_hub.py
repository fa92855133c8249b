"""A client of the DTKS hub. Standard library only; Python 3.9 and later. Copy it into your project."""

import base64
import hashlib
import json
import random
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

EARLY_S = 30  # a token is renewed this long before it ends
TIMEOUT_S = 30
LONGEST_WAIT_S = 60  # a daily quota is not waited out


class HubError(Exception):
    """A question that was refused: `code`, `status`, `failures` as the hub tells them, `request_id` to quote."""

    def __init__(self, status, failures, headers):
        extensions = failures[0].get("extensions", {}) if failures else {}
        super().__init__(failures[0]["message"] if failures else "the hub did not answer (%d)" % status)
        self.status, self.failures = status, failures
        self.code = extensions.get("code", "NO_ANSWER")
        self.clause = extensions.get("clause")
        self.request_id = extensions.get("requestId") or headers.get("x-request-id")
        after = headers.get("retry-after") or ""
        self.retry_after = int(after) if after.isdigit() else None


class _Straight(urllib.request.HTTPRedirectHandler):
    """What proves who we are goes nowhere else."""

    def redirect_request(self, *_):
        return None


_OPENER = urllib.request.build_opener(_Straight)


def _safe(url):
    """No token or secret goes in the clear to another machine."""
    parts = urllib.parse.urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1", "::1")):
        raise ValueError("%s is asked by HTTPS only" % parts.hostname)
    return url.rstrip("/")


def _post(url, body, headers):
    request = urllib.request.Request(url, body, headers, method="POST")
    try:
        with _OPENER.open(request, timeout=TIMEOUT_S) as response:
            return response.status, response.headers, response.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.headers, refused.read()


class Token:
    """Tokens by client credentials: asked for when needed, by however many threads at once one request."""

    def __init__(self, token_url, client, secret):
        self._url, self._held, self._until = _safe(token_url), None, 0.0
        named = ":".join(urllib.parse.quote_plus(part) for part in (client, secret))
        self._headers = {"authorization": "Basic " + base64.b64encode(named.encode()).decode()}
        self._lock = threading.Lock()

    def get(self):
        with self._lock:
            if self._held is None or time.time() >= self._until:
                asked = time.time()
                status, _, body = _post(self._url, b"grant_type=client_credentials", self._headers)
                told = json.loads(body) if status == 200 else {}
                if "access_token" not in told:
                    raise HubError(status, [{"message": "the issuer gives no token", "extensions": {"code": "UNAUTHENTICATED"}}], {})
                lives = told.get("expires_in", 0)
                self._held, self._until = told["access_token"], asked + lives - min(EARLY_S, lives / 2)
            return self._held

    def forget(self, token):
        with self._lock:
            if self._held == token:
                self._held = None


def documents_in(manifest):
    """Documents of a manifest (`npx hub kit codegen` writes it), by the names of their operations."""
    with open(manifest, encoding="utf-8") as file:
        texts = json.load(file).values()
    return {re.search(r"\b(?:query|mutation)\s+(\w+)", text).group(1): text for text in texts}


class Hub:
    def __init__(self, url, token, agreement=None, language="en", retries=3):
        self._url, self._token, self._retries = _safe(url) + "/graphql", token, retries
        self._headers = {"content-type": "application/json", "accept": "application/graphql-response+json", "accept-language": language}
        if agreement:
            self._headers["hub-agreement"] = agreement

    def ask(self, document, variables):
        """The answer of a registered document: a dict with `data`, `errors` and `extensions`. A mutation is sent once. Raises HubError."""
        body = json.dumps({"documentId": "sha256:" + hashlib.sha256(document.encode()).hexdigest(), "variables": variables}).encode()
        is_query = document.lstrip().startswith("query")
        tries, renewals = (self._retries, 1) if is_query else (0, 0)
        while True:
            token = self._token.get()
            status, headers, text = _post(self._url, body, {**self._headers, "authorization": "Bearer " + token})
            answer = _read(text)
            if status == 200 and answer.get("data") is not None:
                return answer
            error = HubError(status, answer.get("errors") or [], headers)
            if status == 401:
                self._token.forget(token)
                renewals -= 1
                if renewals >= 0:
                    continue
            may_ask_again = status in (429, 503) and error.retry_after is not None and error.retry_after <= LONGEST_WAIT_S
            if tries <= 0 or not may_ask_again:
                raise error
            tries -= 1
            time.sleep(error.retry_after + random.random())

    def pages(self, document, variables, find):
        """Pages of a list, each with its answer; `find` says where in the data the list stands."""
        after, seen = variables.get("after"), set()
        while True:
            answer = self.ask(document, {**variables, "after": after})
            found = find(answer["data"])
            page = (found or {}).get("pageInfo")
            if not page:
                raise HubError(200, answer.get("errors") or [], {})
            yield [node for node in found.get("nodes") or [] if node is not None], answer
            if page.get("hasNextPage") is False:
                return
            after = page.get("endCursor")
            if not page.get("hasNextPage") or after is None:  # half a list is not to pass for all of it
                raise HubError(200, answer.get("errors") or [], {})
            if after in seen:
                raise RuntimeError("the same page came twice: does the document pass $after on?")
            seen.add(after)


def _read(text):
    try:
        answer = json.loads(text)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}
