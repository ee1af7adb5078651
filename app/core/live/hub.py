"""The hub of one web process: hears Redis and hands each topic's newest state to those who may see it."""

import logging
import math
import threading
import time

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from app.core.live.client import Client
from app.core.live.frames import Frame
from app.core.live.tickets import Ticket

log = logging.getLogger(__name__)

CHANNELS = "mlbattle:live:"
TRY_AGAIN_LATER = 1013
SERVICE_RESTART = 1012  # of the codes a browser's htmx reconnects on, the one that says why

SECONDS_BETWEEN_SENDS = 1.0
SECONDS_BETWEEN_TRIES = 0.1
PING_SECONDS = 25.0
LONGEST_PAUSE_SECONDS = 2.0
MANY_TOPICS = 1000

HINT = Frame(b'<div id="live-hint" hx-swap-oob="true" hidden></div>')


class SocketRefused(Exception):
    """No place for one more socket; `code` is the close code that tells the page what to do."""

    def __init__(self, code: int) -> None:
        super().__init__(f"closed with {code}")
        self.code = code


class Hub:
    """Topics and the sockets that listen. Two threads, started with the first socket (so: after any fork)."""

    def __init__(self, redis_url: str, max_sockets: int, ping_seconds: float = PING_SECONDS) -> None:
        self._redis_url = redis_url
        self._max_sockets = max_sockets
        self._ping_seconds = ping_seconds
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._is_started = False
        self._is_closing = False
        self._clients: dict[Client, tuple[str, ...]] = {}
        self._listeners: dict[str, set[Client]] = {}
        self._newest: dict[str, Frame] = {}
        self._sent_at: dict[str, float] = {}
        self._stalled: set[Client] = set()
        self._ping_at = 0.0

    def __len__(self) -> int:
        return len(self._clients)

    def join(self, client: Client, ticket: Ticket) -> None:
        """Let `client` hear the ticket's topics; SocketRefused when full or closing."""
        with self._lock:
            if self._is_closing:
                raise SocketRefused(SERVICE_RESTART)
            if len(self._clients) >= self._max_sockets:
                raise SocketRefused(TRY_AGAIN_LATER)
            self._clients[client] = ticket.topics
            for topic in ticket.topics:
                self._listeners.setdefault(topic, set()).add(client)
            has_missed = self._has_missed(ticket)
            self._start()
        if has_missed:
            client.push("", HINT)

    def leave(self, client: Client) -> None:
        """Forget `client`, whether it ever joined or not."""
        with self._lock:
            self._stalled.discard(client)
            for topic in self._clients.pop(client, ()):
                self._listeners[topic].discard(client)
                if not self._listeners[topic]:
                    del self._listeners[topic]

    def close_all(self) -> None:
        """Send every page away with 1012 and take no more: this process is about to end."""
        with self._lock:
            self._is_closing = True
            clients = tuple(self._clients)
        self._wake.set()
        for client in clients:
            client.end(SERVICE_RESTART)

    def deliver(self, topic: str, html: bytes) -> None:
        """Owe `html` to the listeners of `topic`, in place of anything older still owed."""
        with self._lock:
            self._newest[topic] = Frame(html)
        self._wake.set()

    def _has_missed(self, ticket: Ticket) -> bool:
        """Whether a topic was sent after the page was rendered and before its socket was here."""
        rendered_at = time.monotonic() - (time.time() - ticket.issued_at)
        return any(self._sent_at.get(topic, -math.inf) >= rendered_at for topic in ticket.topics)

    def _start(self) -> None:
        if not self._is_started:
            self._is_started = True
            self._ping_at = time.monotonic() + self._ping_seconds
            threading.Thread(target=self._keep_sending, name="live-sender", daemon=True).start()
            threading.Thread(target=self._keep_hearing, name="live-listener", daemon=True).start()

    # The sender: takes what is due and hands it to the sockets.

    def _keep_sending(self) -> None:
        while not self._is_closing:
            self._wake.wait(self._pause_seconds())
            self._wake.clear()
            for topic, frame, listeners in self._take_due():
                self._send(topic, frame, listeners)
            self._retry_stalled()
            if time.monotonic() >= self._ping_at:
                self._ping_all()

    def _pause_seconds(self) -> float:
        now = time.monotonic()
        with self._lock:
            waits = [self._due_at(topic) - now for topic in self._newest]
        if self._stalled:
            waits.append(SECONDS_BETWEEN_TRIES)
        return max(0.0, min([*waits, self._ping_at - now]))

    def _due_at(self, topic: str) -> float:
        return self._sent_at.get(topic, -math.inf) + SECONDS_BETWEEN_SENDS

    def _take_due(self) -> list[tuple[str, Frame, tuple[Client, ...]]]:
        now = time.monotonic()
        with self._lock:
            due = [topic for topic in self._newest if self._due_at(topic) <= now]
            if len(self._sent_at) > MANY_TOPICS:
                self._sent_at = {topic: at for topic, at in self._sent_at.items() if at > now - 60}
            self._sent_at.update(dict.fromkeys(due, now))
            return [(topic, self._newest.pop(topic), tuple(self._listeners.get(topic, ()))) for topic in due]

    def _send(self, topic: str, frame: Frame, listeners: tuple[Client, ...]) -> None:
        late = [client for client in listeners if not client.push(topic, frame)]
        with self._lock:
            self._stalled.update(client for client in late if client in self._clients)

    def _retry_stalled(self) -> None:
        with self._lock:
            stalled = tuple(self._stalled)
        done = {client for client in stalled if client.flush()}
        with self._lock:
            self._stalled -= done

    def _ping_all(self) -> None:
        """Ping everyone; who answered nothing to the last two is gone and makes room."""
        now = time.monotonic()
        self._ping_at = now + self._ping_seconds
        with self._lock:
            clients = tuple(self._clients)
        for client in clients:
            if now - client.heard_at > 2 * self._ping_seconds:
                client.end(SERVICE_RESTART)
            else:
                client.ping()

    # The listener: one Redis subscription per process.

    def _keep_hearing(self) -> None:
        pause = SECONDS_BETWEEN_TRIES
        while not self._is_closing:
            started_at = time.monotonic()
            try:
                self._hear()
            except (RedisError, OSError) as error:
                log.warning("Live updates wait for Redis; open pages refresh by themselves: %s", error)
            if time.monotonic() - started_at > LONGEST_PAUSE_SECONDS:
                pause = SECONDS_BETWEEN_TRIES
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)

    def _hear(self) -> None:
        redis = Redis.from_url(
            self._redis_url,
            socket_connect_timeout=1,
            socket_timeout=2,
            health_check_interval=10,
            retry=Retry(NoBackoff(), 0),
        )
        with redis, redis.pubsub() as subscription:
            subscription.psubscribe(f"{CHANNELS}*")
            while not self._is_closing:
                message = subscription.get_message(timeout=1)
                if message is None:
                    continue
                if message["type"] == "psubscribe":
                    self._hint_everyone()
                elif message["type"] == "pmessage":
                    self.deliver(message["channel"].decode().removeprefix(CHANNELS), message["data"])

    def _hint_everyone(self) -> None:
        """Nobody knows what was missed before this subscription stood, so every page fetches once."""
        with self._lock:
            clients = tuple(self._clients)
        self._send("", HINT, clients)
