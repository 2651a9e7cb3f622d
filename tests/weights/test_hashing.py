"""Digests of many files, and that a stop is clean."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from loadmaster.weights import hashing
from loadmaster.weights.file_stamp import FileStamp, stamp
from loadmaster.weights.hashing import CHANGED, READ_BYTES, HashResult, hash_file, hash_files
from loadmaster.weights.progress import Pace, Progress


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def write(folder: Path, sizes: list[int]) -> dict[FileStamp, str]:
    """Files of these sizes, with their digests."""
    digests = {}
    for number, size in enumerate(sizes):
        content = hashlib.shake_128(bytes([number])).digest(size)
        path = folder / f"file-{number}"
        path.write_bytes(content)
        digests[stamp(path)] = sha(content)
    return digests


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_each_file_has_its_digest(tmp_path: Path, workers: int) -> None:
    sizes = [0, 1, 7, READ_BYTES - 1, READ_BYTES, READ_BYTES + 1, 3 * READ_BYTES + 5]
    wanted = write(tmp_path, sizes)
    found = {result.stamp: result.sha256 for result in hash_files(wanted, workers=workers)}
    assert found == wanted


def test_no_files_give_no_results() -> None:
    assert list(hash_files([])) == []


def test_never_more_threads_than_asked_for(tmp_path: Path) -> None:
    wanted = write(tmp_path, [10] * 20)
    before = threading.active_count()
    results = hash_files(wanted, workers=3)
    next(results)
    assert threading.active_count() <= before + 3
    assert len(list(results)) == 19
    assert threading.active_count() == before


def test_progress_ends_at_the_whole_and_never_goes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashing, "REPORT_BYTES", READ_BYTES)
    wanted = write(tmp_path, [4 * READ_BYTES, READ_BYTES, 3])
    steps: list[Progress] = []
    list(hash_files(wanted, workers=2, on_progress=steps.append))
    done = [step.done for step in steps]
    assert done == sorted(done)
    assert (steps[-1].done, steps[-1].files_done) == (steps[-1].total, 3)
    assert any(0 < step.file_done < step.file_size for step in steps)
    assert all(step.file_done <= step.file_size for step in steps)


def test_a_file_that_is_gone_has_a_reason_and_the_others_their_digests(tmp_path: Path) -> None:
    wanted = write(tmp_path, [5, 6])
    gone = next(iter(wanted))
    os.unlink(gone.path)
    results = {result.stamp: result for result in hash_files(wanted)}
    assert results[gone].sha256 is None
    assert "no such file" in results[gone].trouble
    assert [result.sha256 for result in results.values() if result.stamp != gone] == [
        digest for other, digest in wanted.items() if other != gone
    ]


def test_a_file_written_since_it_was_looked_at_has_no_digest(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"one")
    before = stamp(path)
    path.write_bytes(b"three")
    result = hash_file(before, on_bytes=lambda done: pytest.fail("read although it is another file by now"))
    assert result is not None
    assert (result.sha256, result.trouble) == (None, CHANGED)


@pytest.mark.parametrize("change", ["grow", "shrink", "touch"])
def test_a_file_written_while_it_is_read_has_no_digest(tmp_path: Path, change: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * 3 * READ_BYTES)
    before = stamp(path)

    def meddle(done: int) -> None:
        if change == "grow":
            with path.open("ab") as file:
                file.write(b"y" * READ_BYTES)  # on and on: reading must not chase it
        elif change == "shrink":
            os.truncate(path, READ_BYTES)
        else:
            os.utime(path, ns=(1, 1))

    result = hash_file(before, on_bytes=meddle)
    assert result is not None
    assert (result.sha256, result.trouble) == (None, CHANGED)


def test_a_link_put_in_the_files_place_is_not_followed(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"abc")
    before = stamp(path)
    path.rename(tmp_path / "moved")
    path.symlink_to("moved")
    result = hash_file(before)
    assert result is not None
    assert result.sha256 is None


def test_a_stop_ends_within_one_buffer_and_leaves_no_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashing, "REPORT_BYTES", READ_BYTES)
    wanted = write(tmp_path, [50 * READ_BYTES, 10])
    stop = threading.Event()
    steps: list[Progress] = []

    def on_progress(step: Progress) -> None:
        steps.append(step)
        stop.set()

    before = threading.active_count()
    results = list(hash_files(wanted, workers=1, stop=stop, on_progress=on_progress))
    assert steps
    assert len(results) < 2
    assert threading.active_count() == before


def test_closing_the_iteration_ends_the_threads(tmp_path: Path) -> None:
    wanted = write(tmp_path, [20 * READ_BYTES] * 4)
    before = threading.active_count()
    results = hash_files(wanted, workers=2)
    first = next(results)
    results.close()
    assert first.sha256 == wanted[first.stamp]
    assert threading.active_count() == before


def test_a_stop_is_heard_between_two_buffers(tmp_path: Path) -> None:
    (wanted,) = write(tmp_path, [3 * READ_BYTES])
    read: list[int] = []
    assert hash_file(wanted, stopped=lambda: bool(read), on_bytes=read.append) is None
    assert read == [READ_BYTES]


def test_after_closing_nothing_more_is_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = write(tmp_path, [10] * 9)
    begun: list[str] = []

    def waits_for_the_stop(stamp: FileStamp, *, stopped: Callable[[], bool], **more: object) -> HashResult | None:
        begun.append(stamp.path)
        if len(begun) == 1:
            return HashResult(stamp, wanted[stamp])
        for _ in range(500):
            if stopped():
                return None
            threading.Event().wait(0.01)
        return HashResult(stamp, wanted[stamp])

    monkeypatch.setattr(hashing, "hash_file", waits_for_the_stop)
    results = hash_files(wanted, workers=1)
    next(results)
    results.close()
    assert len(begun) <= 2


def test_an_interrupt_of_the_caller_ends_the_threads(tmp_path: Path) -> None:
    wanted = write(tmp_path, [4 * READ_BYTES] * 4)
    before = threading.active_count()

    def interrupt(step: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(hash_files(wanted, workers=2, on_progress=interrupt))
    assert threading.active_count() == before


def test_the_largest_file_is_begun_first(tmp_path: Path) -> None:
    wanted = write(tmp_path, [1, 300, 20])
    assert [result.stamp.size for result in hash_files(wanted, workers=1)] == [300, 20, 1]


def test_pace_tells_rate_and_time_left_by_the_given_clock() -> None:
    now = [100.0]
    pace = Pace(clock=lambda: now[0], window=10.0)
    assert (pace.rate, pace.seconds_left(50)) == (None, None)
    now[0] = 102.0
    pace.update(20)
    assert [pace.rate, pace.seconds_left(50)] == [10.0, 3.0]


def test_pace_forgets_what_is_older_than_its_window() -> None:
    now = [0.0]
    pace = Pace(clock=lambda: now[0], window=10.0)
    for second in range(1, 31):
        now[0] = float(second)
        pace.update(100 if second > 10 else second * 10)
    assert pace.rate == 0.0
    assert pace.seconds_left(200) is None
