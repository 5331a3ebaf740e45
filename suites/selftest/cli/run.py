#!/usr/bin/env python3
"""Runs the command-line tests: `run.py --list` prints their names, `run.py NAME...` runs some, `run.py` all."""

import os
import sys
import unittest

FOLDER = os.path.dirname(os.path.abspath(__file__))


def cases(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from cases(test)
        else:
            yield test.id()


def main():
    sys.path.insert(0, FOLDER)
    loader = unittest.defaultTestLoader
    if sys.argv[1:] == ["--list"]:
        print("\n".join(cases(loader.discover(FOLDER))))
        return 0
    suite = loader.loadTestsFromNames(sys.argv[1:]) if sys.argv[1:] else loader.discover(FOLDER)
    if loader.errors or suite.countTestCases() == 0:
        print(*loader.errors or ["no such test"], file=sys.stderr)
        return 1
    return 0 if unittest.TextTestRunner(verbosity=2).run(suite).wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
