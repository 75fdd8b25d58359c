"""`python -m runtime.cli` is `tandem`."""

import sys

from runtime.cli.program import main

sys.exit(main())
