"""`python -m pbcheck` is the command `pbcheck`."""

from pbcheck.cli.main import run

if __name__ == "__main__":
    run()
