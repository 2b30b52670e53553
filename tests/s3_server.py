"""A real S3-compatible server for tests: one node of OpenStack Swift with its S3 API.

    python tests/s3_server.py FOLDER PORT

Prints READY once it answers; ends with SIGTERM, or when its parent does. Needs a file
system with extended attributes. The rings are built here, for Swift's own command takes
eleven seconds.
"""

import ctypes
import getpass
import http.client
import signal
import subprocess
import sys
import time
from pathlib import Path

from swift.common.ring.builder import RingBuilder

ACCESS_KEY, SECRET_KEY = "test:tester", "testing"
KINDS = ("account", "container", "object")
PIPELINE = [
    "catch_errors",
    "gatekeeper",
    "cache",
    "s3api",
    "tempauth",
    "copy",
    "slo",
    "dlo",
    "versioned_writes",
    "symlink",
]
FILTERS = {
    "cache": "use=egg:swift#memcache\nmemcache_servers=127.0.0.1:1\n",
    "s3api": "use=egg:swift#s3api\nlocation=us-east-1\ns3_acl=false\n",
    "tempauth": "use=egg:swift#tempauth\nuser_test_tester=testing .admin\n",
    "versioned_writes": "use=egg:swift#versioned_writes\nallow_versioned_writes=true\n"
    "allow_object_versioning=true\n",
}
SWIFT = """[swift-hash]
swift_hash_path_suffix=s
swift_hash_path_prefix=p
[storage-policy:0]
name=one
default=yes
"""
COMMON = """[DEFAULT]
bind_ip=127.0.0.1
bind_port={port}
devices={root}/srv
mount_check=false
swift_dir={root}/etc
workers=0
user={user}
recon_cache_path={root}/cache
log_level=ERROR
"""


def main(root, port):
    """Write the configuration, start the four servers, wait for the end."""
    for folder in ("etc", "srv/d1", "cache", "log"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    (root / "etc/swift.conf").write_text(SWIFT)
    for offset, kind in enumerate(KINDS, start=1):
        ring = RingBuilder(4, 1, 0)
        device = {
            "region": 1,
            "zone": 1,
            "ip": "127.0.0.1",
            "device": "d1",
            "weight": 1.0,
        }
        ring.add_dev({**device, "port": port + offset})
        ring.rebalance()
        ring.get_ring().save(str(root / f"etc/{kind}.ring.gz"))
        write(root, kind, port + offset, f"pipeline={kind}-server", "")
    filters = "".join(
        f"[filter:{name}]\n{FILTERS.get(name, f'use=egg:swift#{name}')}\n"
        for name in PIPELINE
    )
    pipeline = f"pipeline={' '.join(PIPELINE)} proxy-server"
    write(root, "proxy", port, pipeline, "account_autocreate=true\n" + filters)
    servers = [start(root, kind) for kind in (*KINDS, "proxy")]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        wait_until_ready(range(port, port + 4))
        print("READY", flush=True)  # noqa: T201
        signal.pause()
    finally:
        for server in servers:
            server.kill()


def write(root, kind, port, pipeline, more):
    """Write one server's configuration file."""
    head = COMMON.format(port=port, root=root, user=getpass.getuser())
    app = f"[pipeline:main]\n{pipeline}\n[app:{kind}-server]\nuse=egg:swift#{kind}\n"
    (root / f"etc/{kind}.conf").write_text(head + app + more)


def start(root, kind):
    """Start one server that dies with this process."""
    log = (root / "log" / kind).open("wb")
    program = Path(sys.executable).parent / f"swift-{kind}-server"
    return subprocess.Popen(
        [sys.executable, program, root / f"etc/{kind}.conf"],
        stdout=log,
        stderr=log,
        preexec_fn=die_with_parent,  # noqa: PLW1509 (no threads here)
    )


def die_with_parent():
    """Ask the kernel for SIGKILL when the parent is gone."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def wait_until_ready(ports):
    """Wait until every server answers."""
    for port in ports:
        for _ in range(300):
            try:
                wire = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
                wire.request("GET", "/")
                wire.getresponse().read()
                wire.close()
                break
            except OSError:
                time.sleep(0.1)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), int(sys.argv[2]))
