"""The lock of the page's packages: for every platform, with hashes, and without addresses."""

import json
import re

from deploy.envoy.page import BUILT

_LOCK = json.loads((BUILT.parent / "package-lock.json").read_text())["packages"]
# What a package of binaries is called for each platform that Hatchery runs on.
_PLATFORMS = re.compile(r"(darwin-arm64|linux-(x64|arm64)(-gnu)?)$")


def test_every_platform_has_its_binaries() -> None:
    """Each package that comes in parts for platforms has those of ours in the lock."""
    wanted = {
        f"node_modules/{name}"
        for package in _LOCK.values()
        for name in package.get("optionalDependencies", {})
        if _PLATFORMS.search(name)
    }
    assert len(wanted) >= 9
    assert set() == wanted - set(_LOCK)


def test_every_package_has_a_hash_and_no_address() -> None:
    """What is installed is what was locked, from whatever registry this machine uses."""
    installed = {name: package for name, package in _LOCK.items() if name}
    assert all(package["integrity"].startswith("sha512-") for package in installed.values())
    assert not any("resolved" in package for package in installed.values())
