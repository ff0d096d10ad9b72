"""Starts a worker: its function file, its identity, its signals, its exit code."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor

from hermod import client
from hermod.describe import describe
from hermod.function import Declaration
from hermod.schemas import SchemaError, Schemas
from hermod.source import Source, SourceError, load
from hermod.worker.blobs import Blobs, Originals
from hermod.worker.execution import Execution
from hermod.worker.marshal import Marshal
from hermod.worker.printed import printed
from hermod.worker.service import Identity, Worker

_TERMINATED_GRACE_S = 5.0
_SIMULATED_THREADS = 256
"""A simulated function's calls sleep, on many devices at once."""


def run(file: str, name: str) -> int:
    """Serves `name` of `file` until stopped; the exit code (docs/protocol.md)."""
    url, token = os.environ.get("HERMOD_URL"), os.environ.get("HERMOD_WORKER_TOKEN")
    if not url or token is None:
        print("a worker needs HERMOD_URL and HERMOD_WORKER_TOKEN", file=sys.stderr)
        return 2
    printed.install()
    try:
        source = load(file)
        declaration = source.function(name)
        identity = _identity(source, declaration, token)
        execution = Execution(declaration, Marshal(Schemas(declaration)))
    except (SourceError, SchemaError) as error:
        print(error, file=sys.stderr)
        return 1
    client.refuse(f"{name} is executing: a function may not call hermod.call (RUNTIME J8)")
    code = asyncio.run(_serve(url, identity, declaration, execution))
    sys.stdout.flush()
    sys.stderr.flush()
    # Threads that still run an author's code would keep the interpreter from ending.
    os._exit(code)


def _identity(source: Source, declaration: Declaration, token: str) -> Identity:
    description = describe(declaration)["description_digest"]
    return Identity(declaration.name, source.digest, description, token)


async def _serve(
    url: str, identity: Identity, declaration: Declaration, execution: Execution
) -> int:
    simulated = declaration.origin == "simulated"
    loop = asyncio.get_running_loop()
    # One more than may execute: loading must not wait for a call.
    threads = _SIMULATED_THREADS if simulated else declaration.concurrency + 1
    loop.set_default_executor(ThreadPoolExecutor(threads, thread_name_prefix=declaration.name))
    blobs = Blobs(url)
    worker = Worker(url, identity, declaration, execution, blobs, Originals(blobs))
    printed.send_to(worker.log)

    loop.add_signal_handler(signal.SIGTERM, worker.begin_stop, _TERMINATED_GRACE_S)
    # Ctrl-C in a terminal reaches every process there; the gateway says what it means for a worker.
    loop.add_signal_handler(signal.SIGINT, lambda: None)
    return await worker.serve()
