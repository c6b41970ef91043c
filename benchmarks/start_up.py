"""How long a newcomer waits: `./leema up` in a fresh clone, and again, and the story on it.

    python3 benchmarks/start_up.py [--person P.jpg --garment G.jpg]

Prints the seconds of installing (as pip's cache has it), of the first start and of a warm one, the
story on it, and what Ctrl-C takes and leaves behind. Goals: 180 s after installing, 15 s warm, 60 s
for the story, nothing left.
"""

import argparse
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_SECONDS = 900


def main() -> None:
    options = arguments()
    folder = Path(tempfile.mkdtemp(prefix="leema-start-"))
    clone = folder / "leema"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    try:
        began = time.monotonic()
        subprocess.run([clone / "leema", "manage", "help"], check=True, stdout=subprocess.DEVNULL)
        print(f"installing                {time.monotonic() - began:6.1f} s")
        measure("first start, with demo", clone, None)
        measure("warm start", clone, options)
    finally:
        shutil.rmtree(folder)


def measure(title: str, clone: Path, options: argparse.Namespace | None) -> None:
    port = free_port()
    began = time.monotonic()
    platform = subprocess.Popen([clone / "leema", "up", "--port", str(port)], cwd=clone)
    try:
        wait_until_ready(platform, port)
        print(f"{title:24}  {time.monotonic() - began:6.1f} s")
        if options and options.person:
            play(clone, port, options)
    finally:
        began = time.monotonic()
        platform.send_signal(signal.SIGINT)
        platform.wait(60)
        print(f"Ctrl-C                    {time.monotonic() - began:6.1f} s")
    left = subprocess.run(
        ["pgrep", "-f", str(clone)], capture_output=True, text=True, check=False
    ).stdout.split()
    print(f"processes left            {len(left):6}")


def play(clone: Path, port: int, options: argparse.Namespace) -> None:
    began = time.monotonic()
    subprocess.run(
        [
            clone / "leema",
            "story",
            f"--person={options.person.resolve()}",
            f"--garment={options.garment.resolve()}",
            f"--url=http://127.0.0.1:{port}",
        ],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    print(f"the story                 {time.monotonic() - began:6.1f} s")


def wait_until_ready(platform: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and platform.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The platform did not become ready.")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--person", type=Path, help="a photo of one person, for the story")
    parser.add_argument("--garment", type=Path, help="a photo of a garment, for the story")
    return parser.parse_args()


if __name__ == "__main__":
    main()
