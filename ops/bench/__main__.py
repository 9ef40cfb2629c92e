"""`make bench`: every benchmark, one after the other."""

from ops.bench import (
    archives,
    checking,
    clinic,
    drawing,
    guessing,
    hostile_files,
    issuing,
    jobs,
    lookups,
    signing,
    timing,
)

if __name__ == "__main__":
    lookups.main()
    timing.main()
    guessing.main()
    issuing.main()
    jobs.main()
    signing.main()
    drawing.main()
    archives.main()
    checking.main()
    clinic.main()
    hostile_files.main()
