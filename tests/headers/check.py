#!/usr/bin/env python3
"""Holds public headers to what their users need.

    check.py ROOT CC [CXX]     every header below ROOT compiles alone as C11 and, with CXX, as C++17, without warnings;
                               is for C++ as well; and says ASX_API of everything it declares
    check.py ROOT --libs LIB...  the shared libraries export what the headers say, and nothing else
"""
import glob
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

WARN = ["-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Werror"]
OPEN = '#ifdef __cplusplus\nextern "C" {\n#endif\n'
CLOSE = "#ifdef __cplusplus\n}\n#endif\n"


def statements(text):
    """What begins in column 0 and is no comment and no preprocessor line, up to its ';' or '{'."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    text = re.sub(r"(?m)^#(?:.*\\\n)*.*$", "", text)
    text = re.sub(r'(?m)^extern "C" \{$|^\}$', "", text)
    return re.findall(r"(?m)^[A-Za-z_][^;{]*[;{]", text)


def declared(text):
    """(statement, name) of each function and table that the header declares."""
    for statement in statements(text):
        if re.match(r"(typedef|static|enum)\b", statement) or statement.endswith("{"):
            continue
        name = re.search(r"(\w+)(\[\w*\])*\s*(\(|;)", statement)
        if re.match(r"(struct|union) \w+;", statement):
            continue
        yield statement, name.group(1)


def faults(text):
    found = []
    names = list(declared(text))
    found += [f"'{name}' is not ASX_API" for statement, name in names if not statement.startswith("ASX_API ")]
    if statements(text):
        if OPEN not in text or CLOSE not in text:
            found.append('no guard of extern "C" for C++')
        elif names and not text.index(OPEN) < text.index(names[0][0]) < text.rindex(CLOSE):
            found.append('declarations outside the guard of extern "C"')
    return found


def check_itself():
    good = f"#include <stddef.h>\n{OPEN}\ntypedef struct s s;\nASX_API int asx_f(const s *a,\n    int b);\n{CLOSE}"
    assert not faults(good), faults(good)
    assert [name for _, name in declared(good)] == ["asx_f"]
    assert faults(good.replace("ASX_API ", "")) == ["'asx_f' is not ASX_API"]
    assert faults(good.replace("ASX_API int asx_f(const s *a,\n    int b)", "extern const int asx_t[]")) == [
        "'asx_t' is not ASX_API"]
    assert len(faults(good.replace(OPEN, ""))) == 1
    assert len(faults("ASX_API int asx_g(void);\n" + good)) == 1
    assert not faults("#define ASX_X 1\n")


def headers(root):
    found = sorted(glob.glob(f"{root}/*/include/*/*.h") + glob.glob(f"{root}/*/*/include/*/*.h"))
    if len(found) < 50:
        sys.exit(f"only {len(found)} public headers below '{root}'")
    return found


def compile_alone(command, suffix, header, include):
    with tempfile.NamedTemporaryFile("w", suffix=suffix) as source:
        name = "/".join(header.split("/")[-2:])
        source.write(f"#include <{name}>\ntypedef int not_empty;\n")
        source.flush()
        done = subprocess.run(command + WARN + include + [source.name], capture_output=True, text=True)
        return [] if done.returncode == 0 else [f"'{' '.join(command)}' fails:\n{done.stderr}"]


def check_headers(root, cc, cxx):
    found = headers(root)
    include = sorted({"-I" + os.path.dirname(os.path.dirname(header)) for header in found})

    def check(header):
        text = open(header, encoding="utf-8").read()
        wrong = faults(text) + compile_alone([cc, "-std=c11"], ".c", header, include)
        if cxx:
            wrong += compile_alone([cxx, "-std=c++17"], ".cpp", header, include)
        return [f"{os.path.relpath(header, root)}: {fault}" for fault in wrong]

    with ThreadPoolExecutor(2) as pool:
        return [fault for wrong in pool.map(check, found) for fault in wrong]


def check_exports(root, libraries):
    said = {name for header in headers(root) for _, name in declared(open(header, encoding="utf-8").read())}
    exported = set()
    for library in libraries:
        out = subprocess.run(["nm", "-D", "--defined-only", library], capture_output=True, text=True, check=True).stdout
        exported |= {line.split()[-1].split("@")[0] for line in out.splitlines()}
    # what the compiler makes public whatever it is told: locks of 'omp critical', and functions of which it makes a copy
    # for each kind of processor (GCC 12)
    cloned = {name.removesuffix(".resolver") for name in exported if name.endswith(".resolver")}
    exported -= cloned | {name for name in exported if name.startswith(".gomp_critical_user_") or name.endswith(".resolver")}
    return [f"'{name}' is exported, and no public header says so" for name in sorted(exported - said)] + [
        f"'{name}' is declared, and no library exports it" for name in sorted(said - exported)]


def main():
    check_itself()
    root, *rest = sys.argv[1:]
    if rest[0] == "--libs":
        wrong = check_exports(root, rest[1:])
    else:
        wrong = check_headers(root, rest[0], rest[1] if len(rest) > 1 else None)
    print("\n".join(wrong))
    sys.exit(bool(wrong))


main()
