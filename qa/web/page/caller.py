"""Whether whoever sent the present call of Gradio still waits for its answer."""

from __future__ import annotations

from collections.abc import MutableMapping

from gradio.context import LocalContext

from qa.web.access.gate import IsDisconnected, never_disconnected
from qa.web.access.presence import has_left


def watch_caller() -> IsDisconnected:
    """Return a function that tells whether the caller of this thread's call has left.

    A call of the queue is left with its stream; before the caller opens that, it counts as
    connected. What a script of the page calls is a request by itself.
    """
    blocks, name = LocalContext.blocks.get(None), LocalContext.event_id.get(None)
    if name is not None:
        event = blocks._queue.event_ids_to_events.get(name) if blocks else None
        return (lambda: not event.alive) if event is not None else never_disconnected
    request = LocalContext.request.get(None)
    scope = getattr(request, "scope", None)
    return has_left(scope) if isinstance(scope, MutableMapping) else never_disconnected
