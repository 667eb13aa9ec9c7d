"""Names all that determines an answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

from index_store.store import StoreView
from qa.models.calibration import Calibration
from qa.models.loading import Models


def fingerprint_of(
    view: StoreView | None,
    models: Models,
    calibration: Callable[[], Calibration],
    *settings: object,
) -> str:
    """Return a hash of the state of the store, the models, the calibration and settings.

    Without a view nothing is loaded.
    """
    parts = [repr(each) for each in settings]
    if view is None:
        parts.append("empty")
    else:
        parts += [view.fingerprint, view.manifest.weights_hash]
        parts += [models.reader().weights_hash, repr(calibration())]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]
