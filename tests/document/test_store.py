"""Files: read whole, written whole or not at all, never over somebody else's change."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from loadmaster.document import store
from loadmaster.document.document import Document
from loadmaster.errors import ChangedOnDisk, StoreError

TEXT = 'schema_version = 1\n\n[models."a@1.0.0"]\nversion = "1.0.0"\n'


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    path = tmp_path / "models.toml"
    path.write_bytes(TEXT.encode())
    return path


def test_a_saved_document_is_on_disk_to_the_byte(manifest: Path) -> None:
    loaded = store.load(manifest)
    document = loaded.document.set(("models", "a@1.0.0", "version"), "1.0.1")
    stamp = store.save(manifest, document, loaded.stamp)
    assert manifest.read_bytes() == TEXT.replace('"1.0.0"\n', '"1.0.1"\n').encode()
    assert not store.has_changed(manifest, stamp)
    assert [path.name for path in manifest.parent.iterdir()] == ["models.toml"]


@pytest.mark.parametrize("text", [TEXT.replace("\n", "\r\n"), "\ufeff" + TEXT, TEXT.rstrip("\n"), ""])
def test_newlines_mark_and_last_line_come_back_as_they_were(manifest: Path, text: str) -> None:
    manifest.write_bytes(text.encode())
    loaded = store.load(manifest)
    store.save(manifest, loaded.document, loaded.stamp)
    assert manifest.read_bytes() == text.encode()


def test_a_file_that_somebody_else_changed_is_not_written_over(manifest: Path) -> None:
    loaded = store.load(manifest)
    manifest.write_text(TEXT + "# theirs\n")
    with pytest.raises(ChangedOnDisk, match="changed by someone else"):
        store.save(manifest, loaded.document, loaded.stamp)
    assert manifest.read_text().endswith("# theirs\n")
    store.save(manifest, loaded.document, loaded.stamp, force=True)
    assert manifest.read_text() == TEXT


def test_a_file_that_was_only_touched_has_not_changed(manifest: Path) -> None:
    loaded = store.load(manifest)
    os.utime(manifest, ns=(1, 1))
    assert not store.has_changed(manifest, loaded.stamp)
    manifest.unlink()
    assert store.has_changed(manifest, loaded.stamp)


def test_a_new_file_is_not_put_over_one_that_is_there(manifest: Path) -> None:
    with pytest.raises(ChangedOnDisk):
        store.save(manifest, Document.from_text("x = 1\n"), None)
    other = manifest.with_name("new.toml")
    store.save(other, Document.from_text("x = 1\n"), None)
    assert other.read_text() == "x = 1\n"


@pytest.mark.skipif(os.name != "posix", reason="modes and links are told as POSIX has them")
def test_mode_link_and_other_names_stay(manifest: Path) -> None:
    manifest.chmod(0o640)
    link = manifest.with_name("link.toml")
    link.symlink_to(manifest.name)
    loaded = store.load(link)
    store.save(link, loaded.document.set(("schema_version",), 2), loaded.stamp)
    assert link.is_symlink()
    assert stat.S_IMODE(manifest.stat().st_mode) == 0o640
    assert manifest.read_text().startswith("schema_version = 2")
    hard = manifest.with_name("hard.toml")
    os.link(manifest, hard)
    loaded = store.load(manifest)
    store.save(manifest, loaded.document.set(("schema_version",), 3), loaded.stamp)
    assert hard.read_text().startswith("schema_version = 3")
    assert sorted(path.name for path in manifest.parent.iterdir()) == ["hard.toml", "link.toml", "models.toml"]


def test_what_is_no_readable_file_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no such file") as missing:
        store.load(tmp_path / "none.toml")
    assert missing.value.details["kind"] == "missing"
    with pytest.raises(StoreError, match="is a folder, not a file"):
        store.load(tmp_path)
    large = tmp_path / "large.toml"
    with large.open("wb") as file:
        file.truncate(100 * 2**20)
    with pytest.raises(StoreError, match="104,857,600 bytes are more than a manifest has"):
        store.load(large)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read and write everything")
def test_no_permission_is_told(manifest: Path) -> None:
    manifest.chmod(0)
    with pytest.raises(StoreError, match="you have no permission"):
        store.load(manifest)


def test_a_full_disk_is_told_and_leaves_the_file(manifest: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = store.load(manifest)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match="the disk is full; nothing was lost") as error:
        store.save(manifest, loaded.document.set(("schema_version",), 2), loaded.stamp)
    assert error.value.details["kind"] == "disk-full"
    assert manifest.read_text() == TEXT
    assert [path.name for path in manifest.parent.iterdir()] == ["models.toml"]


@pytest.mark.skipif(os.name != "posix", reason="hard links are told as POSIX has them")
def test_a_disk_that_fills_while_a_file_is_written_over_leaves_it(
    manifest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.link(manifest, manifest.with_name("hard.toml"))  # so that no new file takes its place
    loaded = store.load(manifest)
    calls: list[int] = []
    sync = os.fsync

    def full_at_the_second(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 2:  # the first is of the copy beside it
            raise OSError(28, "No space left on device")
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", full_at_the_second)
    document = loaded.document.set(("models", "a@1.0.0", "description"), "longer than before")
    with pytest.raises(StoreError, match="the disk is full; nothing was lost"):
        store.save(manifest, document, loaded.stamp)
    assert manifest.read_text() == TEXT


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"cannot be written: there is no folder .*none"):
        store.save(tmp_path / "none" / "m.toml", Document.from_text("x = 1\n"), None)


def test_bytes_that_are_no_utf8_are_shown_and_never_written(manifest: Path) -> None:
    manifest.write_bytes(TEXT.encode() + b"# \xff\n")
    loaded = store.load(manifest)
    assert not loaded.document.is_readable
    assert loaded.document.faults[0].kind == "encoding"
    assert loaded.document.place_at(loaded.document.faults[0].start).line == 5
    with pytest.raises(StoreError, match="read-only"):
        store.save(manifest, loaded.document, loaded.stamp)


def test_a_document_that_believes_something_else_is_not_written(manifest: Path) -> None:
    loaded = store.load(manifest)
    loaded.document.tables[1].data["version"] = "9.9.9"
    with pytest.raises(StoreError, match="does not say what is shown"):
        store.save(manifest, loaded.document, loaded.stamp)
    assert manifest.read_text() == TEXT


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in the file system")
@pytest.mark.parametrize(("more", "is_read"), [(0, True), (1, False)])
def test_a_pipe_that_gives_too_much_is_not_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: int, is_read: bool
) -> None:
    monkeypatch.setattr(store, "MAX_BYTES", len(TEXT) - more)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=(TEXT,))
    writer.start()
    try:
        if is_read:
            assert store.read(pipe).text == TEXT
        else:
            with pytest.raises(StoreError, match="more than a manifest has"):
                store.read(pipe)
    finally:
        writer.join()


def test_a_file_that_is_too_large_is_not_read(manifest: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MAX_BYTES", len(TEXT) - 1)
    with pytest.raises(StoreError, match=f"{len(TEXT)} bytes are more than a manifest has"):
        store.load(manifest)
