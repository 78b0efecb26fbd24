"""A hall that votes: ballots by slip on the embedded database, each on disk before its receipt, against the bare write.

The peer does the least that keeps a vote: aiohttp, one guarded replacement of the slip's document, journalled.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from itertools import batched
