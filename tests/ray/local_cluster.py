"""A cluster of Ray on this machine: a head, and a second node that a test may kill.

Run as a program it holds the cluster, as its standard input says, and ends with that; so nothing
of Ray but its client is in the process of the tests.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from qa.ingest.workers.ray_address import RayAddress
from tests.milvus.real_server import free_port
from tests.paths import ROOT

DOOMED = "DATELINE_TEST_DOOMED"
"""Set in the processes of the second node."""

# A busy machine takes more than the half minute in which the head wants to start what serves a
# client; gRPC's handlers of forks end that process before it starts, now and then; and Ray lets
# everything else go before its workers, unless told otherwise.
_SETTINGS = {
    "RAY_CLIENT_SERVER_CHECK_CHANNEL_TIMEOUT_S": "100",
    "RAY_worker_niceness": "0",
    "GRPC_ENABLE_FORK_SUPPORT": "0",
    "RAY_USAGE_STATS_ENABLED": "0",
    "PYTHONPATH": str(ROOT),
    "OMP_NUM_THREADS": "1",
}


class LocalCluster:
    """The cluster, from its making until it is closed."""

    def __init__(self) -> None:
        self.port = free_port()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.ray.local_cluster", str(self.port)],
            cwd=ROOT,
            env=os.environ | _SETTINGS,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._await("head")
        while not self._takes_clients():
            time.sleep(0.1)

    @property
    def address(self) -> str:
        return f"ray://{RayAddress('127.0.0.1', self.port).place}"

    def add_node(self) -> None:
        self._ask("add")

    def kill_node(self) -> None:
        """Kill all processes of the second node at once, as if its machine had lost its power."""
        self._ask("kill")

    def kill_head(self) -> None:
        self._ask("kill head")

    def close(self) -> None:
        """End all processes of the cluster."""
        self._process.communicate(timeout=60)

    def _takes_clients(self) -> bool:
        with socket.socket() as trial:
            return trial.connect_ex(("127.0.0.1", self.port)) == 0

    def _ask(self, wish: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{wish}\n")
        self._process.stdin.flush()
        self._await(wish)

    def _await(self, word: str) -> None:
        assert self._process.stdout
        told: list[str] = []
        for line in self._process.stdout:
            if line == f"{json.dumps(word)}\n":
                return
            told.append(line)
        raise AssertionError(f"the cluster has ended: {''.join(told)}")


def _hold(port: int, folder: Path) -> None:
    """Start the head and do what standard input wishes, until it ends."""
    from ray.cluster_utils import Cluster

    how: dict[str, Any] = {"num_cpus": 1, "include_dashboard": False, "temp_dir": str(folder)}
    cluster = Cluster(initialize_head=True, head_node_args=how | {"ray_client_server_port": port})
    nodes = []
    _tell("head")
    for line in sys.stdin:
        wish = line.strip()
        if wish == "add":
            nodes.append(cluster.add_node(num_cpus=1, env_vars={DOOMED: "1"}))
        elif wish == "kill":
            while nodes:  # none is left if the test has killed it
                cluster.remove_node(nodes.pop(), allow_graceful=False)
        else:
            cluster.remove_node(cluster.head_node, allow_graceful=False)
        _tell(wish)
    cluster.shutdown()


def _tell(word: str) -> None:
    sys.stdout.write(f"{json.dumps(word)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    # A short path, since those of sockets have a hundred characters at most.
    with tempfile.TemporaryDirectory(prefix="ray", ignore_cleanup_errors=True) as place:
        # Ray notes its newest cluster in a folder that only its own commands make.
        os.environ["RAY_TMPDIR"] = place
        (folder := Path(place, "ray")).mkdir()
        _hold(int(sys.argv[1]), folder)
