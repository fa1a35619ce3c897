"""A process for the supervisor's tests: `fake_process.py READY_FILE [stubborn] [parent]`.

`stubborn` ignores SIGTERM; `parent` starts a process of its own and leaves it alone.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

if "stubborn" in sys.argv:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
pids = [os.getpid()]
if "parent" in sys.argv:
    pids.append(subprocess.Popen(["/bin/sleep", "1000"]).pid)
unfinished = Path(sys.argv[1] + ".unfinished")
unfinished.write_text(" ".join(map(str, pids)))
unfinished.rename(sys.argv[1])
while True:
    time.sleep(60)
