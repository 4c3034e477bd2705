"""Runs a command with its output in a file; prints its processor seconds and its most memory in KiB.
usage: timed.py OUT COMMAND ..."""
import resource
import subprocess
import sys

with open(sys.argv[1], "w") as out:
    subprocess.run(sys.argv[2:], stdout=out, stderr=subprocess.DEVNULL, check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"{used.ru_utime + used.ru_stime:.2f} {used.ru_maxrss}")
