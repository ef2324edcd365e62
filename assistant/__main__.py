"""`python -m assistant` is the `assistant` command."""

from assistant.cli import run

if __name__ == "__main__":
    run()
