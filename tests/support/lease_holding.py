"""Take the lease at PATH, tell its generation and hold it until somebody ends this process: lease_holding.py PATH WHO."""

import sys
import time
from pathlib import Path

from tradeworthy.adapters.files.desk_lease import FileLease

if __name__ == "__main__":
    lease = FileLease(Path(sys.argv[1]), sys.argv[2])
    sys.stdout.write(f"{lease.acquire()}\n")
    sys.stdout.flush()
    time.sleep(60)
