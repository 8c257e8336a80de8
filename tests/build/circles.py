#!/usr/bin/env python3
"""Files that call each other in a circle cannot be read one after the other: there are none.

    circles.py NM FILE...      each FILE holds paths of object files, one a line
An object file calls another where it needs a function or a table that only that one defines. Prints each circle with
the names that tie it; exits 1 if there is one.
"""
import collections
import os
import re
import subprocess
import sys


def calls(nm, objects):
    """{object: {object that it calls: names}}"""
    lines = subprocess.run([nm, "-A", "-g", "-P"] + objects, check=True, capture_output=True, text=True).stdout
    home, needed = collections.defaultdict(set), collections.defaultdict(set)
    for line in lines.splitlines():
        path, name, kind = re.match(r"(.*?): (\S+) (\S)", line).groups()
        if kind == "U":
            needed[path].add(name)
        else:
            home[name].add(path)
    graph = {path: collections.defaultdict(list) for path in objects}
    for path, names in needed.items():
        for name in sorted(names):
            if len(home[name]) == 1:
                graph[path][next(iter(home[name]))].append(name)
    return graph


def reached(graph, start):
    seen, todo = set(), [start]
    while todo:
        for path in graph[todo.pop()]:
            if path not in seen:
                seen.add(path)
                todo.append(path)
    return seen


def circles(graph):
    """Sets of files each of which reaches all others of its set."""
    reach = {path: reached(graph, path) for path in graph}
    return {frozenset(p for p in reach[path] if path in reach[p]) for path in graph if path in reach[path]}


def name_of(path):
    return re.sub(r"\.(c\.)?o$", ".c", re.sub(r"CMakeFiles/[^/]*\.dir/", "", path))


def main():
    objects = sorted({line for file in sys.argv[2:] for line in open(file).read().split()})
    if not objects:
        sys.exit("circles: no object files")
    root = os.path.commonpath([os.path.dirname(path) for path in objects])
    graph = calls(sys.argv[1], objects)
    found = circles(graph)
    for circle in found:
        print(f"circle of {len(circle)} files:")
        for path in sorted(circle):
            for other in sorted(circle & set(graph[path])):
                print(f"  {os.path.relpath(name_of(path), root)} -> {os.path.relpath(name_of(other), root)}: "
                      f"{', '.join(graph[path][other])}")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
