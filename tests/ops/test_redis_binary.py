from pathlib import Path

import pytest

from ops import redis_binary


def server_saying(folder: Path, name: str, words: str) -> Path:
    program = folder / name
    program.write_text(f"#!/bin/sh\necho '{words}'\n")
    program.chmod(0o755)
    return program


def test_the_packaged_server_is_there_and_new_enough() -> None:
    server = redis_binary.examine(redis_binary.packaged_binary())
    assert server is not None
    assert server.family.startswith("valkey-")


def test_a_system_redis_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = server_saying(tmp_path, "redis-server", "Redis server v=7.0.15 sha=0:0 bits=64")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert redis_binary.find_redis() == redis_binary.RedisServer(program, "redis-7")


@pytest.mark.parametrize("words", ["Redis server v=6.0.16 sha=0:0", "something else"])
def test_a_server_that_is_too_old_is_passed_over(words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server_saying(tmp_path, "redis-server", words)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert redis_binary.find_redis().path == redis_binary.packaged_binary()
