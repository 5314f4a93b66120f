"""Counterapp on a fresh machine: `python3 installer/bootstrap.py run`, `test` or `setup`.

This file alone keeps to the syntax of old Pythons, so that a machine with one is told so in words; everything else
stands in `commands.py` beside it. Only the standard library is used until the environment stands.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - an older one is just what is looked for
    sys.stderr.write(
        "Counterapp needs Python 3.11 or newer; this is " + sys.version.split()[0] + " (" + sys.executable + "). "
        "Install a newer Python and start this with it.\n"
    )
    sys.exit(2)

from commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
