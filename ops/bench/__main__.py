"""`make bench`: every benchmark, one after the other."""

from ops.bench import drawing, issuing, lookups

if __name__ == "__main__":
    lookups.main()
    issuing.main()
    drawing.main()
