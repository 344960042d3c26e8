"""A root folder with Debian 13, for what needs a newer libstdc++ than the system's: TorchSharp needs GCC 13's.

The root sees the .NET SDK and the repository read-only, and /proc, /sys and /dev, through mounts that only the started process has: they are gone when it ends,
however it ends. To make one takes debootstrap, and that and entering it the rights of root.
"""

import os
import pathlib
import re
import shutil
import subprocess

# The first is libtorch's; the others are what .NET's packages for Debian depend on.
PACKAGES = "libgomp1,libicu76,libssl3t64,ca-certificates"

# The shell replaces itself by the program, so that the process that is ended on Ctrl+C is the one that computes, and its mounts go with it. The repository
# keeps its path, since tests know it from when they were compiled. Without /sys libtorch cannot count the processors.
IN_ROOT = """
set -e
root=$1 sdk=$2 repository=$3
shift 3
for folder in "$sdk" "$repository"; do
  mkdir -p "$root$folder"
  mount --bind -o ro "$folder" "$root$folder"
done
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mount --rbind /dev "$root/dev"
exec chroot "$root" /usr/bin/env -i HOME=/tmp PATH=/usr/bin:/bin DOTNET_ROOT="$sdk" "$@"
"""


class RootUnavailable(Exception):
    """Why no root folder can be made or entered."""


def is_needed():
    """Whether the system's libstdc++ is older than GCC 13's."""
    listed = subprocess.run(["ldconfig", "-p"], capture_output=True, text=True, check=True, env={**os.environ, "PATH": os.environ["PATH"] + ":/sbin:/usr/sbin"}).stdout
    paths = re.findall(r"libstdc\+\+\.so\.6 .*=> (\S+)", listed)
    return not any(b"GLIBCXX_3.4.32\0" in pathlib.Path(path).read_bytes() for path in paths)


def made(root, mirror=None):
    """The folder with Debian 13, made where it is not there yet."""
    if os.geteuid() != 0:
        raise RootUnavailable("This system's libstdc++ is older than TorchSharp's; a root folder with Debian 13 can be made and entered by root only.")
    if not (root / "etc/debian_version").exists():
        if not shutil.which("debootstrap"):
            raise RootUnavailable("This system's libstdc++ is older than TorchSharp's, and a root folder with Debian 13 takes debootstrap: apt-get install debootstrap")
        # Under another name until it is whole, and with mounts of its own, so that what an interruption leaves can be deleted.
        partial = root.with_name(root.name + ".partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        command = ["unshare", "--mount", "debootstrap", "--variant=minbase", f"--include={PACKAGES}", "trixie", str(partial), *([mirror] if mirror else [])]
        try:
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
        partial.rename(root)
    return root


def command(root, repository, program, *arguments, environment=None):
    """What runs a .NET program of the repository, in the root folder if there is one; there it has no other environment than the one given."""
    dotnet = pathlib.Path(shutil.which("dotnet")).resolve()
    variables = [f"{name}={value}" for name, value in (environment or {}).items()]
    inside = ["unshare", "--mount", "sh", "-c", IN_ROOT, "sh", str(root), str(dotnet.parent), str(repository), *variables] if root else ["env", *variables]
    return [*inside, str(dotnet), str(program), *arguments]
