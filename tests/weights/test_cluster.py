"""Many machines: two worker processes, one of which dies on the way; each file is answered exactly once."""

from __future__ import annotations

import hashlib
import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from loadmaster.errors import ExtraMissing, WeightsError
from loadmaster.weights.cluster import Cluster, connect
from loadmaster.weights.file_stamp import FileStamp, stamp
from loadmaster.weights.hashing import HashResult
from loadmaster.weights.observation import DigestDiffers, Missing, is_sound
from loadmaster.weights.observe import Where, verify_models
from loadmaster.weights.progress import Progress

if TYPE_CHECKING:
    from .conftest import Tree


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a scheduler with two worker processes of one thread each."""
    distributed = pytest.importorskip("distributed", reason="the extra cluster is not installed")
    cluster = distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address=None,
        local_directory=str(tmp_path_factory.mktemp("dask")),
        silence_logs=60,
    )
    yield cluster.scheduler_address
    cluster.close()


def write(folder: Path, count: int, size: int = 1000) -> dict[FileStamp, str]:
    digests = {}
    for number in range(count):
        content = hashlib.shake_128(bytes([number])).digest(size + number)
        path = folder / f"{number:02d}.bin"
        path.write_bytes(content)
        digests[stamp(path)] = hashlib.sha256(content).hexdigest()
    return digests


def dies_once_at(path: str, marker: Path) -> Callable[[FileStamp], HashResult | None]:
    """A reader that kills its own process when it first comes to this file."""

    def read(stamp: FileStamp) -> HashResult | None:  # nested, so that it travels by value
        import os
        import signal

        from loadmaster.weights.hashing import hash_file

        if stamp.path == path and not marker.exists():
            marker.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return hash_file(stamp)

    return read


def test_every_file_is_read_once(tmp_path: Path, scheduler: str) -> None:
    wanted = write(tmp_path, 12)
    steps: list[Progress] = []
    with connect(scheduler, on_progress=steps.append) as cluster:
        results = list(cluster(list(wanted)))
    assert {result.stamp: result.sha256 for result in results} == wanted
    assert len(results) == len(wanted)
    assert [step.files_done for step in steps] == list(range(1, 13))
    assert steps[-1].done == steps[-1].total


def test_a_worker_that_dies_while_reading_loses_and_doubles_nothing(tmp_path: Path, scheduler: str) -> None:
    wanted = write(tmp_path, 16)
    victim = sorted(stamp.path for stamp in wanted)[7]
    marker = tmp_path / "died"
    with connect(scheduler) as cluster:
        results = list(replace(cluster, read=dies_once_at(victim, marker))(list(wanted)))
    assert marker.exists()
    assert Counter(result.stamp for result in results) == Counter(list(wanted))
    assert {result.stamp: result.sha256 for result in results} == wanted


def test_a_worker_killed_from_outside_loses_and_doubles_nothing(tmp_path: Path, scheduler: str) -> None:
    wanted = write(tmp_path, 30, size=2_000_000)
    with connect(scheduler) as cluster:
        pids = list(cluster.client.run(os.getpid).values())
        running = cluster(list(wanted))
        results = [next(running)]
        os.kill(pids[0], signal.SIGKILL)
        results += running
    assert Counter(result.stamp for result in results) == Counter(list(wanted))
    assert {result.stamp: result.sha256 for result in results} == wanted


def test_a_file_on_which_workers_die_again_and_again_is_given_up_alone(tmp_path: Path, scheduler: str) -> None:
    wanted = write(tmp_path, 4)
    victim = min(stamp.path for stamp in wanted)

    def read(stamp: FileStamp) -> HashResult | None:
        import os
        import signal

        from loadmaster.weights.hashing import hash_file

        if stamp.path == victim:
            os.kill(os.getpid(), signal.SIGKILL)
        return hash_file(stamp)

    with connect(scheduler) as cluster:
        results = list(replace(cluster, read=read)(list(wanted)))
    assert len(results) == 4
    assert [result.trouble for result in results if result.sha256 is None] == ["was given up: its workers died"]


def test_a_failure_over_there_is_told_of_its_file(tmp_path: Path, scheduler: str) -> None:
    wanted = write(tmp_path, 2)
    first = min(wanted, key=lambda stamp: stamp.path)
    os.unlink(first.path)
    with connect(scheduler) as cluster:
        results = {result.stamp: result for result in cluster(list(wanted))}
    assert "no such file" in results[first].trouble
    assert sum(result.sha256 is not None for result in results.values()) == 1


def test_verify_through_a_scheduler_sees_the_same(tree: Tree, scheduler: str) -> None:
    spec = tree.model("m@1.0.0", {f"{number}.bin": bytes([number]) * 50 for number in range(5)})
    (tree.folder_of["m@1.0.0"] / "1.bin").unlink()
    (tree.folder_of["m@1.0.0"] / "2.bin").write_bytes(b"x" * 50)
    with connect(scheduler) as cluster:
        seen = list(verify_models([spec], Where(tree.root), hasher=cluster))
    assert [type(one) for one in seen if not is_sound(one)] == [Missing, DigestDiffers]
    assert len(seen) == 5


def test_closing_takes_back_what_was_not_begun(tmp_path: Path, scheduler: str) -> None:
    wanted = write(tmp_path, 40, size=3_000_000)
    with connect(scheduler) as cluster:
        running = cluster(list(wanted))
        next(running)
        running.close()
        assert not cluster.client.futures


class NoWorkers:
    """A client whose scheduler has no worker and never answers."""

    status = "running"

    def submit(self, *arguments: Any, **options: Any) -> NoWorkers:
        return self

    def add_done_callback(self, callback: object) -> None:
        pass

    def scheduler_info(self) -> dict[str, dict[str, object]]:
        return {"workers": {}}

    def cancel(self, futures: object) -> None:
        self.cancelled = futures


def test_without_any_worker_patience_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loadmaster.weights.cluster._POLL_SECONDS", 0.001)
    wanted = write(tmp_path, 2)
    ticks = iter(range(0, 1000, 40))
    cluster = Cluster(NoWorkers(), patience=60, clock=lambda: next(ticks))
    results = list(cluster(list(wanted)))
    assert [result.trouble for result in results] == ["was not read: no worker is left"] * 2


def test_a_stop_gives_nothing_more(tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    assert list(Cluster(NoWorkers(), stop=stop)(list(write(tmp_path, 2)))) == []


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ExtraMissing, match=r"loadmaster\[cluster\]"), connect("tcp://127.0.0.1:9"):
        pass


def test_an_address_at_which_no_scheduler_answers() -> None:
    pytest.importorskip("distributed", reason="the extra cluster is not installed")
    with pytest.raises(WeightsError, match="no scheduler answers"), connect("nonsense://127.0.0.1:9"):
        pass


class KilledWorker(Exception):
    """Named as the library's, by which a file is known to have been given up."""


class BlamingClient(NoWorkers):
    """A client whose scheduler gives up every file of a first round, and one of them for good."""

    def __init__(self, guilty: str) -> None:
        self._guilty = guilty
        self._seen: Counter[str] = Counter()

    def submit(self, read: Callable[[FileStamp], object], stamp: FileStamp, **options: Any) -> Any:
        self._seen[stamp.path] += 1
        return FinishedFuture(options["key"], stamp, self._seen[stamp.path] == 1 or stamp.path == self._guilty)


class FinishedFuture:
    def __init__(self, key: str, stamp: FileStamp, died: bool) -> None:
        self.key, self._stamp, self._died = key, stamp, died

    def add_done_callback(self, callback: Callable[[FinishedFuture], None]) -> None:
        callback(self)

    def result(self, timeout: float) -> HashResult:
        if self._died:
            raise KilledWorker
        return HashResult(self._stamp, "00" * 32)


def test_files_blamed_for_anothers_deaths_are_read_after_all(tmp_path: Path) -> None:
    wanted = sorted(write(tmp_path, 3), key=lambda stamp: stamp.path)
    results = list(Cluster(BlamingClient(wanted[1].path))(wanted))
    assert sorted((result.stamp.path, result.sha256 is not None) for result in results) == [
        (wanted[0].path, True),
        (wanted[1].path, False),
        (wanted[2].path, True),
    ]
