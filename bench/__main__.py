"""`make bench`: kernel, engine, interface, the crediting run and eligibility one after the other, each in a process of its own.

    python -m bench [kernel] [engine] [interface] [crediting] [eligibility] [prescriptions] [catalogue] [web]

Every figure is a ratio measured side by side in one run, or stands beside what it is to be compared with.
docs/performance.md says what the figures mean and keeps the record.
"""

from __future__ import annotations

import subprocess
import sys

PARTS: dict[str, list[str]] = {
    "kernel": [],
    "engine": [],
    "interface": ["--grow", "1000000"],
    "crediting": [],
    "eligibility": [],
    "prescriptions": [],
    "catalogue": [],
    "web": [],
}


def main(wanted: list[str]) -> int:
    """Run the named parts, or all; the exit status is that of the first part that failed."""
    unknown = [name for name in wanted if name not in PARTS]
    if unknown:
        print(f"unknown: {', '.join(unknown)}; there are {', '.join(PARTS)}", file=sys.stderr)
        return 2
    for name in wanted or PARTS:
        print(f"== {name}", flush=True)
        done = subprocess.run([sys.executable, "-m", f"bench.{name}", *PARTS[name]], check=False)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
