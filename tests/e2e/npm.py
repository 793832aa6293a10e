"""Programs and libraries of npm that others' proofs use: installed once for a set of versions, below build/."""

import json
import shutil
import subprocess


def install(folder, packages):
    """Into the folder, unless they are there."""
    if shutil.which("npm") is None:
        raise SystemExit("needs node and npm")
    noted = folder / "installed.json"
    if noted.exists() and json.loads(noted.read_text()) == packages:
        return
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"{name}@{version}" for name, version in packages.items()]
    subprocess.run(
        ["npm", "install", "--prefix", folder, "--no-audit", "--no-fund", "--no-package-lock", *names],
        stdout=subprocess.DEVNULL, check=True,
    )  # fmt: skip
    noted.write_text(json.dumps(packages))
