"""A Judge0 server as judge: programs go there in batches over HTTP, and what they did is asked for until it is known.

Judge0 executes; outputs are compared here, as those of every judge, and its own comparison is never asked for.
"""

import base64
import hashlib
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from app.submissions.judges.base import JudgeFault, Limits, Offer, Outcome, unheard
from app.submissions.judges.judge0_answers import FIELDS, Answer, outcome_of, read_answer
from app.submissions.judges.judge0_calls import CALL_SECONDS, LOG_FIX, SETTINGS_FIX, Client, Trouble, garbled
from app.submissions.judges.judge0_offer import Asked, Server

FRESH_SECONDS = 60.0  # for so long what the server said of itself is taken as true
BATCH_BYTES = 8 * 1024 * 1024  # of inputs, sent at once
PAUSES = (0.5, 0.75, 1.1, 1.6, 2.0)  # between two looks; the last one goes on
TROUBLE_PAUSES = (1.0, 2.0, 4.0, 8.0)  # before the same is tried again
LONGEST_PAUSE = 10.0  # whoever asks to be left alone for longer has an outage, which pages tell of
STEP_SECONDS = 10.0
SPARE_SECONDS = 120.0  # for others' programs, which are before ours in its queue
COMPILE_SECONDS = 10.0
NOTHING = b"#\n"  # whether it runs does not matter, only whether it is taken
# How often a call is made again. What may have been taken already is handed over once more at most: Judge0 would run
# it twice, to no harm but its time, because only the tokens that we were given count.
AGAIN = {
    "POST": Counter({"away": 5, "full": 3, "lost": 1}),
    "GET": Counter({"away": 5, "full": 3, "lost": 5}),
}
OUTAGES = ("away", "full", "refused")
T = TypeVar("T")


class Bell(NamedTuple):
    """For one batch: the address at which the server may say that something is done, or "", and how to wait for that.

    `wait(seconds)` returns then at the latest, sooner if it rang.
    """

    url: str
    wait: Callable[[float], None]


def no_bell() -> Bell:
    """Nobody rings."""
    return Bell("", time.sleep)


class Judge0:
    """The judge that hands programs to the server at `url`; `headers` go with every call."""

    name, title, is_remote = "judge0", "Judge0", True

    def __init__(
        self,
        url: str,
        headers: Mapping[str, str],
        *,
        bell: Callable[[], Bell] = no_bell,
        call_seconds: float = CALL_SECONDS,
        spare_seconds: float = SPARE_SECONDS,
    ) -> None:
        self.url, self._spare_seconds = url, spare_seconds
        self.identity = self.identity_at(url)
        self._client, self._bell = Client(url, headers, call_seconds), bell
        self._known: tuple[float, Server] | None = None

    @classmethod
    def identity_at(cls, url: str) -> str:
        """The identity of the one at this address, which may hold a password and is not told by it."""
        return f"{cls.name} {hashlib.sha256(url.encode()).hexdigest()[:16]}"

    def languages(self) -> dict[str, str | None]:
        """Each language's key, with None where it can be judged, else why not; JudgeFault where it cannot be asked."""
        return self._server().languages()

    def probe(self) -> list[JudgeFault]:
        """What keeps the server from judging, asked anew, and by handing it a program of nothing."""
        trouble = self._told_trouble() or self._turned_away()
        return [trouble] if trouble else []

    def _told_trouble(self) -> JudgeFault | None:
        self._known = None
        try:
            return self._server().trouble() or self._idle()
        except JudgeFault as fault:
            return fault

    def _turned_away(self) -> JudgeFault | None:
        """That it takes no programs, as with a full queue: only one that is handed over tells."""
        try:
            server = self._server()
            keys = [key for key, lacking in server.languages().items() if lacking is None]
            if keys:
                program = server.asked(keys[0], Limits(1, 64), source_code=_coded(NOTHING), stdin="")
                self._client.post("/submissions/batch", {"submissions": [program.fields]})
        except Trouble as trouble:
            return trouble.fault(is_outage=True) if trouble.kind in OUTAGES else None
        return None

    def offer(self) -> Offer:
        """What it has; JudgeFault where it cannot be asked."""
        return self._server().offer()

    def fingerprint(self) -> str:
        """Its address, languages and limits; JudgeFault where it cannot be asked."""
        return hashlib.sha256(f"{self.url} {self._server().told()}".encode()).hexdigest()[:16]

    def run(
        self,
        language: str,
        source: bytes,
        limits: Limits,
        inputs: Sequence[bytes],
        waiting: Callable[[int], None] = unheard,
    ) -> Generator[Outcome, None, None]:
        """One outcome per input; see `Judge`. A batch is handed over when all outcomes of the last were asked for."""
        server = self._server()
        if fault := server.trouble():
            raise fault
        bell = self._bell()
        to_ring = {"callback_url": bell.url} if bell.url and server.takes_callbacks() else {}
        asked = server.asked(language, limits, source_code=_coded(source), **to_ring)
        finished = 0
        try:
            for contents in batches(inputs, server.batch_size):
                batch = Batch(self._client, asked, contents, bell, waiting, finished, self._spare_seconds)
                for number in range(len(contents)):
                    yield outcome_of(batch.answer(number), asked)
                finished += len(contents)
        except Trouble as trouble:
            raise self._fault(trouble) from trouble

    def _server(self) -> Server:
        if self._known is None or time.monotonic() - self._known[0] > FRESH_SECONDS:
            try:
                server = Server(self._client.get("/languages"), self._client.get("/config_info"))
            except Trouble as trouble:
                raise trouble.fault(is_outage=True) from trouble
            self._known = time.monotonic(), server
        return self._known[1]

    def _idle(self) -> JudgeFault | None:
        """That no worker of it runs programs, where it tells."""
        try:
            told = self._client.get("/workers")
        except Trouble:
            return None  # gateways hide it
        counts = [queue.get("available") for queue in told if isinstance(queue, dict)] if isinstance(told, list) else []
        if not counts or any(counts):
            return None
        fix = "Start its workers; they are processes beside its server."
        return JudgeFault("Judge0 has no worker that would run a program.", fix, is_temporary=True, is_outage=True)

    def _fault(self, trouble: Trouble) -> JudgeFault:
        """Whether nothing runs there at all, or only this went wrong, shows when the server is asked anew."""
        told = None if trouble.kind in (*OUTAGES, "wrong") else self._told_trouble()
        if trouble.kind == "wrong":
            self._known = None
        return told or trouble.fault(is_outage=trouble.kind in OUTAGES)


class Batch:
    """Inputs handed over together, and what has come back of them."""

    def __init__(
        self,
        client: Client,
        asked: Asked,
        contents: Sequence[bytes],
        bell: Bell,
        waiting: Callable[[int], None],
        finished: int,
        spare_seconds: float,
    ) -> None:
        self._client, self._asked, self._contents, self._bell = client, asked, contents, bell
        self._waiting, self._finished = waiting, finished
        needed = len(contents) * (asked.wall_seconds + COMPILE_SECONDS)
        self._ends_at = time.monotonic() + spare_seconds + needed
        self._tokens: dict[int, str] = {}
        self._seen: set[str] = set()
        self._answers: dict[int, Answer] = {}
        self._lost: Counter[int] = Counter()
        self._hand_over(range(len(contents)))
        self._pauses = lengthening(PAUSES)

    def answer(self, number: int) -> Answer:
        """What became of the input of this number; Trouble where that cannot be found out."""
        while number not in self._answers:
            self._pause(next(self._pauses))
            self._look(list(self._tokens))
        self._finished += 1
        return self._answers.pop(number)

    def _hand_over(self, numbers: Iterable[int]) -> None:
        wanted = list(numbers)
        programs = [{**self._asked.fields, "stdin": _coded(self._contents[number])} for number in wanted]
        told = self._insist("POST", lambda: self._client.post("/submissions/batch", {"submissions": programs}))
        if not isinstance(told, list) or len(told) != len(wanted):
            raise garbled("it took another number of programs")
        for number, entry in zip(wanted, told, strict=True):
            token = entry.get("token") if isinstance(entry, dict) else None
            if not isinstance(token, str):
                fix = f"{self._client.quoted(str(entry))}{SETTINGS_FIX}"
                raise Trouble("wrong", "Judge0 does not take a program.", fix)
            if token in self._seen:
                raise garbled("it calls two programs by one name")
            self._seen.add(token)
            self._tokens[number] = token

    def _look(self, numbers: list[int]) -> None:
        """Ask for all that are not known yet; in halves, where that is too much for one answer."""
        try:
            found = self._insist("GET", lambda: self._ask(numbers))
        except Trouble as trouble:
            if trouble.kind != "large" or len(numbers) == 1:
                raise
            middle = len(numbers) // 2
            self._look(numbers[:middle])
            self._look(numbers[middle:])
            return
        for number, answer in found.items():
            if answer and answer.is_final:
                self._answers[number] = answer
                del self._tokens[number]
        self._resubmit([number for number, answer in found.items() if answer is None])

    def _ask(self, numbers: Sequence[int]) -> dict[int, Answer | None]:
        tokens = [self._tokens[number] for number in numbers]
        told = self._client.get("/submissions/batch", tokens=",".join(tokens), fields=FIELDS, base64_encoded="true")
        rows = told.get("submissions") if isinstance(told, dict) else None
        if not isinstance(rows, list) or len(rows) != len(tokens):
            raise garbled("it tells of another number of programs")
        pairs = zip(numbers, rows, tokens, strict=True)
        return {number: None if row is None else read_answer(row, token) for number, row, token in pairs}

    def _resubmit(self, lost: list[int]) -> None:
        """Programs that the server knows nothing of any more are handed over again, each once."""
        self._lost.update(lost)
        if any(self._lost[number] > 1 for number in lost):
            raise Trouble("lost", "Judge0 has forgotten a program twice.", LOG_FIX)
        if lost:
            self._hand_over(lost)

    def _insist(self, method: str, call: Callable[[], T]) -> T:
        """What `call` gives, made again where the trouble is of a kind that passes."""
        left, pauses = Counter(AGAIN[method]), lengthening(TROUBLE_PAUSES)
        while True:
            self._waiting(self._finished)
            try:
                return call()
            except Trouble as trouble:
                if left[trouble.kind] <= 0:
                    raise
                left[trouble.kind] -= 1
                self._pause(max(next(pauses), min(trouble.wait_seconds or 0, LONGEST_PAUSE)))

    def _pause(self, seconds: float) -> None:
        """Wait, unless it was waited for long enough."""
        if time.monotonic() + seconds > self._ends_at:
            fix = "See how many wait there and whether its workers keep up."
            raise Trouble("late", "Judge0 has not finished a batch in minutes.", fix)
        while seconds > 0:
            self._waiting(self._finished)
            self._bell.wait(min(seconds, STEP_SECONDS))
            seconds -= STEP_SECONDS


def batches(inputs: Sequence[bytes], most: int) -> Iterator[list[bytes]]:
    """The inputs in order, so many at a time at most, and not too many bytes; each read when its batch is made."""
    batch: list[bytes] = []
    size = 0
    for content in inputs:
        if batch and (len(batch) == most or size + len(content) > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(content)
        size += len(content)
    if batch:
        yield batch


def lengthening(pauses: Sequence[float]) -> Iterator[float]:
    """The pauses in order; the last one goes on."""
    yield from pauses
    while True:
        yield pauses[-1]


def _coded(content: bytes) -> str:
    return base64.b64encode(content).decode()
