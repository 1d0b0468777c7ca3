"""Making many documents at once, in processes of their own.

Setting type is all computation, and holds the interpreter while it lasts: in threads, pages would
wait for it and a second processor would be idle.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import ExitStack
from itertools import islice
from multiprocessing import get_context, parent_process

from flask import Flask

from cowopass import language
from cowopass.config import Config
from cowopass.documents.kinds import Bench, Wanted, make
from cowopass.documents.lacks import Lack
from cowopass.running import equip
from cowopass.transaction import snapshot

PROCESSES = 2

FEW = 12
"""Up to so many documents are made at once in this process: starting others takes as long."""

Made = tuple[Wanted, bytes | Lack | None]


def make_all(
    config: Config, network: str, month: str, wanted: Sequence[Wanted], processes: int = PROCESSES
) -> Iterator[Made]:
    """Yield each document as soon as it is made; they are begun in the order given.

    Needs an application context. Each process reads the month at one instant.
    """
    if len(wanted) <= FEW or processes == 1:
        with snapshot() as session:
            bench = Bench(session, config, network, month)
            for each in wanted:
                yield each, make(bench, each)
        return
    with ProcessPoolExecutor(
        processes,
        # A fork would copy the locks of a web server's threads, held for ever.
        mp_context=get_context("spawn"),
        initializer=_open_bench,
        initargs=(config, network, month),
    ) as pool:
        yield from _in_order(pool, wanted, ahead=2 * processes)


def _in_order(pool: ProcessPoolExecutor, wanted: Sequence[Wanted], ahead: int) -> Iterator[Made]:
    """Yield what a pool makes. It is never given much more than it works on.

    So whoever stops asking waits for no more than that.
    """
    waiting = iter(wanted)
    running: dict[Future[bytes | Lack | None], Wanted] = {
        pool.submit(_make, each): each for each in islice(waiting, ahead)
    }
    while running:
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            yield running.pop(future), future.result()
            running |= {pool.submit(_make, each): each for each in islice(waiting, 1)}


_bench: Bench
_opened = ExitStack()


def _open_bench(config: Config, network: str, month: str) -> None:
    """Give this process what makers need: languages and records, and no pages."""
    global _bench
    threading.Thread(target=_end_with_parent, daemon=True).start()
    app = Flask("cowopass")
    equip(app, config)
    language.register(app)
    _opened.enter_context(app.app_context())
    session = _opened.enter_context(snapshot())
    _bench = Bench(session, config, network, month)


def _end_with_parent() -> None:
    """End when the parent was killed: the pool would wait for its orders for ever."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _make(wanted: Wanted) -> bytes | Lack | None:
    return make(_bench, wanted)
