"""The digest cache: only what changed is read again, and no state of its file is worse than having none."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from loadmaster.weights.cache import DigestCache, known
from loadmaster.weights.file_stamp import FileStamp
from loadmaster.weights.hashing import HashResult

NOW = 1_700_000_000_123_456_789
OLD = NOW - 10**12
SHA = "ab" * 32


def state(path: str = "/models/a", size: int = 3, mtime_ns: int = OLD, inode: int = 7) -> FileStamp:
    return FileStamp(path, size, mtime_ns, inode)


def fresh(stamp: FileStamp, sha256: str | None = SHA, started_ns: int = NOW) -> HashResult:
    return HashResult(stamp, sha256, "", started_ns)


def test_what_was_put_is_found_by_another_run(tmp_path: Path) -> None:
    with DigestCache(tmp_path / "below" / "cache") as cache:
        cache.put(fresh(state()))
    with DigestCache(tmp_path / "below" / "cache") as cache:
        assert cache.get(state()) == SHA
        assert cache.trouble == ""


@pytest.mark.parametrize("other", [state(path="/models/b"), state(size=4), state(mtime_ns=OLD + 1), state(inode=8)])
def test_any_difference_of_the_state_is_another_file(tmp_path: Path, other: FileStamp) -> None:
    with DigestCache(tmp_path / "cache") as cache:
        cache.put(fresh(state()))
        assert cache.get(other) is None


@pytest.mark.parametrize("inode", [0, 2**63, 2**64 - 1])
def test_inodes_of_all_widths_and_odd_names_are_kept(tmp_path: Path, inode: int) -> None:
    stamp = state(path=os.fsdecode(b"/models/\xff\xfe'\n"), inode=inode)
    with DigestCache(tmp_path / "cache") as cache:
        cache.put(fresh(stamp))
        assert cache.get(stamp) == SHA


@pytest.mark.parametrize(
    ("mtime_ns", "kept"),
    [
        (NOW - 1, False),
        (NOW - 40_000_000, False),
        (NOW - 60_000_000, True),
        (NOW // 10**9 * 10**9, False),
        (NOW // 10**9 * 10**9 - 3 * 10**9, True),
        (NOW + 10**12, False),
    ],
)
def test_a_file_written_just_before_is_not_trusted(mtime_ns: int, kept: bool) -> None:
    cache = DigestCache(None)
    cache.put(fresh(state(mtime_ns=mtime_ns)))
    assert (cache.get(state(mtime_ns=mtime_ns)) is not None) == kept


def test_what_could_not_be_read_is_not_kept() -> None:
    cache = DigestCache(None)
    cache.put(fresh(state(), sha256=None))
    assert known([state()], cache) == ([], [state()])


@pytest.mark.parametrize("damage", [b"", b"no database", b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_file_is_rebuilt(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "cache"
    path.write_bytes(damage)
    with DigestCache(path) as cache:
        cache.put(fresh(state()))
    with DigestCache(path) as cache:
        assert cache.get(state()) == SHA


def test_damage_in_the_midst_is_rebuilt_while_in_use(tmp_path: Path) -> None:
    path = tmp_path / "cache"
    many = [state(path=f"/models/{number}") for number in range(2000)]
    with DigestCache(path) as cache:
        for stamp in many:
            cache.put(fresh(stamp))
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (size - 4096))
    with DigestCache(path) as cache:
        assert {cache.get(stamp) for stamp in many} == {None}
        cache.put(fresh(state()))
        assert cache.get(state()) == SHA
        assert "damaged" in cache.trouble


def test_damage_done_while_it_is_open_is_rebuilt(tmp_path: Path) -> None:
    path = tmp_path / "cache"
    with DigestCache(path) as cache:
        cache.put(fresh(state()))
        path.write_bytes(b"\xa5" * 8192)
        assert cache.get(state()) is None
        cache.put(fresh(state()))
        assert "damaged" in cache.trouble
    with DigestCache(path) as cache:
        assert (cache.get(state()), cache.trouble) == (SHA, "")


def test_a_digest_that_was_changed_behind_its_back_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "cache"
    with DigestCache(path) as cache:
        cache.put(fresh(state()))
    with sqlite3.connect(path) as database:
        database.execute("UPDATE digests SET sha256 = ?", ("cd" * 32,))
    database.close()
    with DigestCache(path) as cache:
        assert cache.get(state()) is None


def test_a_table_of_another_make_is_rebuilt(tmp_path: Path) -> None:
    path = tmp_path / "cache"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE digests (other TEXT)")
    database.close()
    with DigestCache(path) as cache:
        cache.put(fresh(state()))
        assert cache.get(state()) == SHA


def test_a_place_where_no_file_can_be_costs_only_the_memory_of_runs(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "file" / "cache", tmp_path / "folder"):
        with DigestCache(path) as cache:
            assert cache.trouble
            cache.put(fresh(state()))
            assert cache.get(state()) == SHA


def test_after_close_nothing_is_known_and_nothing_raises() -> None:
    cache = DigestCache(None)
    cache.close()
    cache.put(fresh(state()))
    assert cache.get(state()) is None


def test_threads_may_share_it(tmp_path: Path) -> None:
    cache = DigestCache(tmp_path / "cache")
    batches = [[state(path=f"/{name}/{number}") for number in range(50)] for name in "abcd"]

    def put_all(batch: list[FileStamp]) -> None:
        for stamp in batch:
            cache.put(fresh(stamp))

    threads = [threading.Thread(target=put_all, args=(batch,)) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(cache.get(stamp) == SHA for batch in batches for stamp in batch)


WRITER = """
import sys
from pathlib import Path
from loadmaster.weights.cache import DigestCache
from loadmaster.weights.file_stamp import FileStamp
from loadmaster.weights.hashing import HashResult
with DigestCache(Path(sys.argv[1])) as cache:
    for number in range(300):
        cache.put(HashResult(FileStamp(f"/{sys.argv[2]}/{number}", 1, 5, number), "ab" * 32, "", 10**18))
    sys.exit(cache.trouble or 0)
"""


def test_several_processes_may_write_at_once(tmp_path: Path) -> None:
    path = tmp_path / "cache"
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), name], stderr=subprocess.PIPE) for name in "abc"
    ]
    assert [(writer.communicate()[1], writer.returncode) for writer in writers] == [(b"", 0)] * 3
    with DigestCache(path) as cache:
        stamps = [FileStamp(f"/{name}/{number}", 1, 5, number) for name in "abc" for number in range(300)]
        hits, rest = known(stamps, cache)
    assert (len(hits), rest) == (900, [])
