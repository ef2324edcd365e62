"""What runs on Ray: the driver, in a process of its own (`ray_embedder`), and its workers.

Each worker is a Ray actor with an embedder, loaded when it is first asked. Ray starts one that dies
anew, wherever there is room, and gives it again what it was at. The key of an endpoint is never
among what is sent to a worker: it is read from the worker's own environment.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.errors import ClusterError, DatelineError
from assistant.models import EmbedderInfo, embed_texts, embedder_info, load_embedder
from assistant.settings import load_settings

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding
    from numpy.typing import NDArray

LOCAL = "local"
GO_ON = "what is indexed stays: run it again, with the cluster or without DATELINE_RAY, to go on"
# Texts that a worker gets at once: about a second's work of one core. Texts and vectors stay below
# the 100 KB up to which Ray sends values with the call instead of through its object store.
PIECE = 32
_TRIES = 3  # that a piece gets again after the worker that had it died
_KNOCK_SECONDS, _START_SECONDS = 10.0, 60.0
_SILENT_SECONDS = 600.0
_STORE_BYTES = 128 * 1024**2  # of Ray's object store, which a pool hardly uses; its least is 75 MB


@dataclass(frozen=True, slots=True)
class Job:
    """What a driver is told. `workers` 0: as many as there are processors for.

    `embedder`: fields of the settings that the workers' embedders are built from, no secret among
    them. `folder`: where a Ray that is started here keeps its files.
    """

    address: str
    workers: int
    threads: int
    embedder: dict[str, object] = field(default_factory=dict)
    folder: str | None = None


class Worker:
    """One worker of the pool, as Ray makes it on some machine."""

    def __init__(self, fields: dict[str, object]) -> None:
        self._fields = fields
        self._embedder: BaseEmbedding | None = None

    def identity(self) -> EmbedderInfo:
        """The embedder that the Dateline on this machine has."""
        return embedder_info(load_settings(**self._fields))

    def embed(self, number: int, texts: list[str]) -> tuple[int, NDArray[np.float32]]:
        """Embed one piece; its number comes back with it."""
        if self._embedder is None:
            self._embedder = load_embedder(load_settings(**self._fields))
        return number, embed_texts(self._embedder, texts)


class Pool:
    """The workers of a job, started; `size` of them.

    Raises:
        ClusterError: there is no such cluster, or none of its workers can be used.
    """

    def __init__(self, job: Job) -> None:
        import ray
        from ray.util import ActorPool

        with _ray_failures(f"cannot use the Ray cluster {job.address}"):
            _connect(job)
            resources: dict[str, float] = ray.cluster_resources()  # type: ignore[no-untyped-call]  # Ray's own
            most = int(resources.get("CPU", 0)) // job.threads
            actor = ray.remote(Worker).options(
                num_cpus=job.threads,
                max_restarts=-1,
                max_task_retries=_TRIES,
                scheduling_strategy="SPREAD",
            )
            actors = [actor.remote(job.embedder) for _ in range(job.workers or max(most, 1))]
            started = _started(actors, embedder_info(load_settings(**job.embedder)))
        self.size = len(started)
        self._pool = ActorPool(started)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed texts: (len(texts), dimension) float32, in their order.

        Raises:
            ClusterError: the cluster is lost, or a piece ended each worker that it was given to.
            DatelineError: what the embedder raised.
        """
        pieces = [list(texts[first : first + PIECE]) for first in range(0, len(texts), PIECE)]
        done: dict[int, NDArray[np.float32]] = {}
        with _ray_failures("the Ray cluster failed"):
            for numbered in enumerate(pieces):
                self._pool.submit(lambda actor, one: actor.embed.remote(*one), numbered)
            while len(done) < len(pieces):
                number, vectors = self._pool.get_next_unordered(timeout=_SILENT_SECONDS)
                done[number] = vectors
        return np.concatenate([done[number] for number in range(len(pieces))])


def serve(asks: Connection[Any, Any], gives: Connection[Any, Any]) -> None:
    """Start the pool of the job that comes first, then embed what comes, until nothing does.

    What is given back is the pool's size, then arrays; or the error, which is the last of all.
    """
    try:
        pool = Pool(asks.recv())
        gives.send(pool.size)
        while True:
            gives.send(pool.embed(asks.recv()))
    except EOFError:
        return
    except DatelineError as error:
        gives.send(error)


def main(asks: str, gives: str) -> None:
    """Serve the pipes of these descriptors; ends Ray, where it was started here."""
    import ray

    try:
        serve(Connection(int(asks), writable=False), Connection(int(gives), readable=False))
    finally:
        ray.shutdown()


def _connect(job: Job) -> None:
    """Start Ray on this machine, or connect to a cluster that runs."""
    import ray

    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": "ERROR"}
    if job.address != LOCAL:
        if job.address != "auto":
            _knock(job.address)
        ray.init(address=job.address, **quiet)
        return
    cores = job.workers * job.threads or max(os.cpu_count() or 1, job.threads)
    ray.init(
        address=LOCAL,
        num_cpus=cores,
        num_gpus=0,
        include_dashboard=False,
        object_store_memory=_STORE_BYTES,
        _temp_dir=job.folder,
        **quiet,
    )


def _knock(address: str) -> None:
    """See that something listens there: Ray itself tries for many minutes.

    Raises:
        OSError: nothing does.
    """
    host, port = address.removeprefix("ray://").rsplit(":", 1)
    socket.create_connection((host.strip("[]"), int(port)), timeout=_KNOCK_SECONDS).close()


def _started(actors: Sequence[Any], expected: EmbedderInfo) -> list[Any]:
    """Those of the actors that start in time; their embedder has to be `expected`.

    For the others the cluster has no processors free; they are given up.
    """
    import ray

    asked = {actor.identity.remote(): actor for actor in actors}
    ready, waiting = ray.wait(list(asked), num_returns=len(asked), timeout=_START_SECONDS)
    for late in waiting:
        ray.kill(asked[late])
    if any(found != expected for found in ray.get(ready)):
        raise ClusterError(
            f"the Ray cluster's embedder is not this machine's {expected.name}: install the same "
            "version of Dateline on both"
        )
    if not ready:
        raise ClusterError(
            f"the Ray cluster has started no worker in {_START_SECONDS:g} s: it has no free "
            "processors, or set fewer DATELINE_THREADS"
        )
    return [asked[identity] for identity in ready]


@contextmanager
def _ray_failures(what: str) -> Iterator[None]:
    """Ray's errors as one line each; of a worker's, what it raised."""
    from ray.exceptions import RayError, RayTaskError

    try:
        yield
    except RayTaskError as error:
        if isinstance(error.cause, DatelineError):
            raise error.cause from None
        raise ClusterError(f"{what}: {_first_line(error.cause)}; {GO_ON}") from error
    except TimeoutError as error:
        silence = f"nothing came for {_SILENT_SECONDS:g} s"
        raise ClusterError(f"{what}: {silence}; {GO_ON}") from error
    except (RayError, OSError, RuntimeError, ValueError) as error:
        raise ClusterError(f"{what}: {_first_line(error)}; {GO_ON}") from error


def _first_line(error: BaseException) -> str:
    """The first sentence of what an error says, or its name."""
    said = str(error).strip().split("\n")[0].split(". ")[0].rstrip(".: ")
    return said or type(error).__name__
