"""Workers that are processes of a cluster of Ray, on one machine or on many."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from importlib.metadata import version
from multiprocessing.reduction import ForkingPickler
from typing import Any

from qa.ingest.workers.errors import WorkerLostError, WorkersError
from qa.ingest.workers.ray_address import RayAddress
from qa.ingest.workers.tasks import Task, outcome_of

RAY_ADVICE = "see the nodes of the cluster with `ray status`"
_MISSING = "workers of Ray need an extra part of Dateline: pip install 'dateline-qa[ray]'"
_PROBE_SECONDS = 10
_PAUSE_SECONDS = 3  # in which Ray notices that a node is gone, and gives it no more tasks


class RayCluster:
    """The connection to a cluster, through Ray's client: this process never is a part of it.

    Neither this process nor the head needs what the other has but Ray: tasks and results are
    bytes, and the function that does them is sent along.
    """

    def __init__(self, address: RayAddress) -> None:
        """Connect.

        Raises:
            WorkersError: the extra is missing, or nothing useful answers at the address.
        """
        self.address = address
        self._ray = _client()
        _probe(address)
        # Logs of the workers would come to standard output, among what the command prints there.
        # What Ray's own logger has to say is told by an error.
        quiet = {"log_to_driver": False, "logging_level": logging.CRITICAL}
        try:
            self._ray.connect(address.place, ray_init_kwargs=quiet)
            self._ray.get_context().client_worker.log_client.disable_logs()
            self.processors = int(self._ray.cluster_resources().get("CPU", 0))
        except ImportError as error:  # of gRPC, which Ray's client asks for only now
            raise WorkersError(_MISSING) from error
        except Exception as error:
            self.close()
            raise WorkersError(
                f"no cluster of Ray takes work at ray://{address.place}: {_line(error, -1)} The "
                "head needs the same versions of Ray and Python as this machine"
            ) from error
        if not self.processors:
            self.close()
            raise WorkersError(f"the cluster at ray://{address.place} has no processors")
        # Each task takes one processor. Ray does none again by itself: the pool does, and says so.
        self._call = self._ray.remote(num_cpus=1, max_retries=0)(_sent_along())

    def worker(self) -> RayWorker:
        """Return a worker; which process does its tasks is chosen by Ray, anew for each."""
        return RayWorker(self._call.remote, self.address)

    def close(self) -> None:
        """End the connection; Ray ends what was still being done for it."""
        self._ray.disconnect()


class RayWorker:
    """A place for one task at a time among the processors of a cluster."""

    def __init__(self, call: Callable[[str, bytes], Any], address: RayAddress) -> None:
        """Let `call` have tasks done."""
        self._call = call
        self._address = address
        self._end: Future[None] = Future()

    def do(self, task: Task) -> tuple[Any, Exception | None]:
        """Have a task done: see `Worker`.

        Raises:
            WorkersError: the connection is gone, or the workers lack what they need.
            WorkerLostError: the process or its node is gone, or this worker was closed.
        """
        from ray.exceptions import RayError, RayTaskError

        try:
            result = self._call(version("dateline-qa"), bytes(ForkingPickler.dumps(task))).future()
            wait({result, self._end}, return_when=FIRST_COMPLETED)
            if not result.done():
                raise WorkerLostError("it was ended")
            outcome: tuple[Any, Exception | None] = ForkingPickler.loads(result.result())
        except RayTaskError as error:
            raise WorkersError(
                f"a worker of the cluster cannot do its work: {_line(error.cause)}; every node "
                "needs the same version of Dateline, and of the encoder, as this machine"
            ) from error
        except RayError as error:
            wait({self._end}, timeout=_PAUSE_SECONDS)
            raise WorkerLostError(_line(error)) from error
        except OSError as error:
            raise WorkersError(
                f"the connection to ray://{self._address.place} is lost ({_line(error)}); what is "
                "stored is whole, and the same command goes on from there"
            ) from error
        return outcome

    def close(self) -> None:
        """Wait no longer for what is being done."""
        if not self._end.done():
            self._end.set_result(None)


def work(theirs: str, task: bytes) -> bytes:
    """Do a task of a process with version `theirs` of Dateline, in a worker of a cluster."""
    if theirs != (ours := version("dateline-qa")):
        raise WorkersError(f"it has version {ours} of Dateline, and {theirs} asks for the work")
    return bytes(ForkingPickler.dumps(outcome_of(ForkingPickler.loads(task))))


def _sent_along() -> Callable[[str, bytes], bytes]:
    """Return `work` as a function that Ray sends whole, for the head may not have Dateline."""

    def do_task(theirs: str, task: bytes) -> bytes:
        from qa.ingest.workers.ray_cluster import work

        return work(theirs, task)

    return do_task


def _client() -> Any:
    """Return Ray's client. Unlike `ray.init`, it starts no cluster of its own, whatever happens."""
    try:
        from ray.util.client import ray
        from ray.util.debug import disable_log_once_globally
    except ImportError:
        raise WorkersError(_MISSING) from None
    disable_log_once_globally()  # such as advice to programmers, that 10 MB of tasks were sent
    return ray


def _probe(address: RayAddress) -> None:
    """See that something listens, for which Ray's client would wait half a minute."""
    try:
        socket.create_connection((address.host, address.port), timeout=_PROBE_SECONDS).close()
    except OSError as error:
        raise WorkersError(
            f"nothing answers at ray://{address.place} ({error}); give the address of the head "
            "node, with the port at which it takes clients (`ray start --head` says 10001)"
        ) from None


def _line(error: BaseException, which: int = 0) -> str:
    """Return the first line of what an error says, or another."""
    lines = str(error).strip().splitlines()
    return lines[which].strip() if lines else type(error).__name__
