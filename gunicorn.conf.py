"""How gunicorn serves Cowopass: `PORT`, `HOST` and `WEB_CONCURRENCY` say where and how much."""

import os
import shutil
import tempfile

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = 8
preload_app = True  # read once, before the workers are forked
control_socket_disable = True
timeout = 120  # an import of 16 MiB takes its time

# The workers add up what /metrics shows in files of a folder that they share.
os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="cowopass-metrics-")


def child_exit(_server, worker):
    """Forget what a worker that ended was just doing; what it counted stays."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)


def on_exit(_server):
    """Remove the shared folder."""
    shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
