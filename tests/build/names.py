#!/usr/bin/env python3
"""Comments and pages name no file of ours that is not there.

    names.py ROOT
Reads comments of sources and all of the pages below ROOT for names of sources (*.c, *.h, *.py, *.cmake, *.sql, *.def, *.cases),
with or without folders, and CMakeLists.txt. Prints what is named and missing; exits 1 if there is any.
"""
import os
import re
import subprocess
import sys

KINDS = r"(?:c|h|py|cmake|sql|def|cases)"
NAME = re.compile(r"(?<![\w./~$%{*<>-])((?:[\w-]+/)*[\w-]+\." + KINDS + r"|(?:[\w-]+/)+CMakeLists\.txt)(?![\w*/(.<-])")


def comments(path, text):
    if path.endswith((".c", ".h", ".cpp")):
        return re.findall(r"/\*.*?\*/|//[^\n]*", text, flags=re.S)
    if path.endswith((".cmake", "CMakeLists.txt")):
        return re.findall(r"(?m)^\s*#.*$", text)
    if path.endswith(".sql"):
        return re.findall(r"--[^\n]*", text)
    return [text] if os.path.basename(path) in ("README.md", "CONTRIBUTING.md") else []


def main():
    root = sys.argv[1]
    tracked = subprocess.run(["git", "-C", root, "ls-files", "-co", "--exclude-standard"], capture_output=True, text=True)
    if tracked.returncode:
        sys.exit(77)  # no checkout: nothing to compare with
    files = tracked.stdout.split("\n")
    ends = {"/".join(f.split("/")[i:]) for f in files for i in range(f.count("/") + 1)}
    bad = 0
    for path in filter(None, files):
        full = os.path.join(root, path)
        if not os.path.isfile(full) or path.startswith("tests/build/"):  # they make up files
            continue
        with open(full, encoding="utf-8", errors="replace") as file:
            text = file.read()
        for comment in comments(path, text):
            for name in NAME.findall(comment):
                if name not in ends and "NAME" not in name:  # a pattern
                    print(f"{path}: names '{name}', which is not there")
                    bad = 1
    sys.exit(bad)


if __name__ == "__main__":
    main()
