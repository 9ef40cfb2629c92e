"""The corpus of hostile files: how each ends, and what it costs the process that reads it."""

from tests.hostile.corpus import corpus
from tests.hostile.measuring import measuring


def main() -> None:
    """Print one line a file, and the worst of all."""
    seconds, megabytes, count = 0.0, 0.0, 0
    print("hostile files: outcome, processor time, peak memory")
    with measuring() as measure:
        for file in corpus():
            measured = measure(file)
            seconds, megabytes, count = max(seconds, measured.seconds), max(megabytes, measured.megabytes), count + 1
            print(f"  {measured.outcome:22} {measured.seconds:5.2f} s {measured.megabytes:6.1f} MB  {file.title}")
    print(f"  {count} files; at most {seconds:.2f} s and {megabytes:.0f} MB")


if __name__ == "__main__":
    main()
