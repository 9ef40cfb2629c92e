"""`make bench`: every benchmark, one after the other."""

from ops.bench import checking, drawing, hostile_files, issuing, lookups, signing

if __name__ == "__main__":
    lookups.main()
    issuing.main()
    signing.main()
    drawing.main()
    checking.main()
    hostile_files.main()
