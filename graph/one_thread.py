"""Imported before all else in the process that workers are forked from: they compute in one thread each.

The libraries for arithmetic read this once, when they are loaded. Several workers with as many threads as
there are processors would wait for each other, and burn what the others need while they wait. Who sets
the variables has the last word.
"""

import os

for _library in ("OPENBLAS", "OMP"):
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")
