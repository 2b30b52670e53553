"""Bytes in a folder and in a bucket of a real S3 server: all or nothing, durable."""

import errno
import os
import socket
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes

import boto3
import pytest

from auditapp.gateways.storage import (
    Incoming,
    StorageError,
    StorageFullError,
    StorageMissingError,
    open_storage,
    photo_key,
)
from s3_server import ACCESS_KEY, SECRET_KEY

BUCKET = "photos"


@pytest.fixture(scope="session")
def s3_url(tmp_path_factory):
    """Return the address of an empty bucket on a server of our own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = Path(__file__).parent.parent / "s3_server.py"
    folder = tmp_path_factory.mktemp("s3")
    with subprocess.Popen(
        [sys.executable, program, folder, str(port)], stdout=subprocess.PIPE
    ) as server:
        assert server.stdout.readline() == b"READY\n"
        client = boto3.client(
            "s3",
            endpoint_url=f"http://127.0.0.1:{port}",
            region_name="us-east-1",
            aws_access_key_id=ACCESS_KEY,
            aws_secret_access_key=SECRET_KEY,
        )
        client.create_bucket(Bucket=BUCKET)
        client.close()
        key = ACCESS_KEY.replace(":", "%3A")
        yield (
            f"s3://{key}:{SECRET_KEY}@{BUCKET}"
            f"?endpoint=http://127.0.0.1:{port}&region=us-east-1"
        )
        server.terminate()


@pytest.fixture(params=["folder", pytest.param("s3", marks=pytest.mark.s3)])
def storage(request, tmp_path, monkeypatch):
    if request.param == "folder":
        return open_storage(f"file://{tmp_path}/store")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    return open_storage(request.getfixturevalue("s3_url"))


def put(storage, content):
    key = photo_key(sha256(content).hexdigest())
    storage.put(key, content)
    return key


def test_what_was_kept_is_read_back_in_pieces(storage):
    content = token_bytes(200_000)
    key = put(storage, content)
    assert b"".join(storage.chunks(key)) == content
    assert storage.find_size(key) == len(content)
    with storage.local_copy(key) as path:
        assert path.read_bytes() == content


def test_a_large_file_goes_through_whole(storage):
    content = token_bytes(12 * 1024 * 1024)
    assert b"".join(storage.chunks(put(storage, content))) == content


def test_keeping_the_same_bytes_twice_changes_nothing(storage):
    content = token_bytes(1000)
    assert put(storage, content) == put(storage, content)
    assert b"".join(storage.chunks(put(storage, content))) == content


def test_what_was_never_kept_is_missing(storage):
    key = photo_key("00" * 32)
    assert storage.find_size(key) is None
    with pytest.raises(StorageMissingError):
        b"".join(storage.chunks(key))
    with pytest.raises(StorageMissingError), storage.local_copy(key):
        pass


def test_what_was_deleted_is_missing(storage):
    key = put(storage, b"content")
    storage.delete(key)
    storage.delete(key)
    assert storage.find_size(key) is None


def test_an_upload_that_breaks_off_leaves_nothing(storage, tmp_path):
    def send_half():
        with storage.incoming() as incoming:
            incoming.write(b"half of it")
            raise ConnectionError

    with pytest.raises(ConnectionError):
        send_half()
    assert list(tmp_path.rglob("*.part")) == []


def test_leftovers_of_killed_processes_are_cleared(storage, tmp_path):
    incoming = storage.incoming()
    incoming.write(b"killed here")
    incoming.file.close()
    assert storage.clear_leftovers(older_than_seconds=60) == 0
    old = time.time() - 7200
    os.utime(incoming.path, (old, old))
    assert storage.clear_leftovers() == 1
    assert list(tmp_path.rglob("*.part")) == []


def test_a_storage_that_works_says_so(storage):
    storage.check()


def test_hash_and_size_are_known_while_writing(tmp_path):
    with Incoming(tmp_path) as incoming:
        incoming.write(b"ab")
        incoming.write(b"c")
        assert incoming.size == 3
        assert incoming.sha256 == sha256(b"abc").hexdigest()


def test_the_bytes_are_on_the_disk_before_they_are_promised(tmp_path, monkeypatch):
    storage = open_storage(f"file://{tmp_path}")
    steps = []
    fsync, rename = os.fsync, Path.rename

    def watch_fsync(handle):
        steps.append(f"fsync {Path(f'/proc/self/fd/{handle}').readlink().name}")
        fsync(handle)

    def watch_rename(path, target):
        steps.append(f"rename {Path(target).name}")
        return rename(path, target)

    monkeypatch.setattr(os, "fsync", watch_fsync)
    monkeypatch.setattr(Path, "rename", watch_rename)
    name = "ab" + "0" * 62
    storage.put(photo_key(name), b"first in its folder")
    steps.clear()
    storage.put(photo_key(name), b"content")
    part, *rest = steps
    assert part.endswith(".part")
    assert rest == [f"rename {name}", "fsync ab"]


def test_a_full_disk_is_told_as_such(tmp_path, monkeypatch):
    storage = open_storage(f"file://{tmp_path}")

    def no_room(_handle):
        raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr(os, "fsync", no_room)
    with pytest.raises(StorageFullError):
        storage.put("a/b", b"content")
    assert storage.find_size("a/b") is None
    assert list(tmp_path.rglob("*.part")) == []


def test_a_folder_that_went_away_is_told_as_such(tmp_path):
    storage = open_storage(f"file://{tmp_path}/store")
    (tmp_path / "store" / "incoming").rmdir()
    with pytest.raises(StorageError):
        storage.check()


@pytest.mark.parametrize("url", ["ftp://x/y", "photos", "s3://", ""])
def test_an_address_that_is_none_is_refused_at_the_start(url):
    with pytest.raises(ValueError, match="STORAGE_URL"):
        open_storage(url)
