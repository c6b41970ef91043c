"""`./leema <command>`: see `./leema help`."""

import argparse
import os
import sys

from config.launcher import commands, up
from config.launcher.errors import CannotContinueError
from config.launcher.stop_request import StopRequest, StopRequestedError

HELP = """\
usage: ./leema <command> [arguments]

  up [--port 8000] [--no-demo]   run the whole platform until Ctrl-C
  test [pytest arguments]        run the tests against a PostgreSQL and a Valkey of their own
  check [pytest arguments]       everything a commit has to pass, the tests last
  install                        only what test and check need, which they do by themselves
  story [arguments]              walk through the platform as its people would
  manage <command> [arguments]   run manage.py beside the embedded servers
  help                           show this

DATABASE_URL and REDIS_URL, when set, are used instead of the embedded servers.
"""
INTERRUPTED = 130


def main(arguments: list[str]) -> int:
    command, rest = (arguments or ["help"])[0], arguments[1:]
    stop_request = StopRequest()
    stop_request.listen()
    if os.geteuid() == 0:
        os.umask(0o022)  # PostgreSQL runs as `nobody`, who has to enter var/
    try:
        return run(command, rest, stop_request)
    except CannotContinueError as error:
        print(error, file=sys.stderr)
        return 1
    except StopRequestedError:
        return INTERRUPTED


def run(command: str, rest: list[str], stop_request: StopRequest) -> int:
    match command:
        case "up":
            return up.run(wish(rest), stop_request)
        case "test":
            return commands.test(rest, stop_request)
        case "check":
            return commands.check(rest, stop_request)
        case "manage":
            return commands.manage(rest, stop_request)
        case "story":
            return commands.manage(["story", *rest], stop_request)
        case "help" | "-h" | "--help":
            print(HELP, end="")
            return 0
    raise CannotContinueError(f"There is no command {command!r}.\n\n{HELP}")


def wish(rest: list[str]) -> up.Wish:
    parser = argparse.ArgumentParser(prog="./leema up")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--no-demo", action="store_false", dest="with_demo")
    return up.Wish(**vars(parser.parse_args(rest)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
