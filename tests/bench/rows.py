#!/usr/bin/env python3
"""rows.py ASX [ROWS [DATABASE]]: what commands that look at a campaign take where it has so many evaluations.

Makes the database with 'asx run' if it is not there yet: random designs of a layer-wise space of the embedded network, by the
proxy, so that nothing but the program is needed (a minute for the default, a million). Prints a row for each command: seconds
of the clock and of the processor, and the largest memory of the command itself and of what it starts (gnuplot). Ends with 1
if a command fails.
"""
import os
import subprocess
import sys
import tempfile
import time

CAMPAIGN = '''name: rows
network: builtin:glyphs.onnx
data: { format: glyphs, seed: 1, scale: 0.00392156862745098, count: 600, calibrate: "0:64", select: "0:200", report: "200:400" }
hardware: { technology: horowitz45 }
space:
  scope: layer
  placement: [vn, near, in]
  weights: { bits: [4, 5, 6, 8], digits: [unsigned, signed], alphabets: "none max 2" }
  activations: { bits: [8], alphabets: none }
objectives: [drop, energy]
search: { algorithm: random, tier: proxy, seed: 1, budget: %d }
verify: { measured: 8 }
'''
COMMANDS = [
    ('best', ['best', 'DB', '--max-drop', '1']),
    ('best, any limit', ['best', 'DB', '--max-latency', '30000']),
    ('front', ['front', 'DB']),
    ('report', ['report', 'DB', '-o', 'x.html']),
    ('plot', ['plot', 'DB', '-o', 'x.svg']),
    ('plot, terminal', ['plot', 'DB']),
    ('plot projections', ['plot', 'DB', 'projections', '-o', 'x.svg']),
    ('plot history', ['plot', 'DB', 'history', '-o', 'x.svg']),
    ('plot tradeoff', ['plot', 'DB', 'tradeoff', '-o', 'x.svg']),
    ('plot breakdown', ['plot', 'DB', 'breakdown', '-o', 'x.svg']),
    ('query, the least', ['query', 'DB', '--sort', 'energy_pj', '--limit', '10']),
    ('query, a condition', ['query', 'DB', '--where', 'drop < 0.2 and energy_pj < 3e5', '--limit', '10']),
    ('show', ['show', 'DB', '1']),
    ('status', ['status', 'DB']),
    ('layers', ['layers', 'DB', '--max-drop', '1']),
]


def peak_mb(pid):
    """Of one process, as long as it is there; wait4 would count what it started too."""
    try:
        for line in open(f'/proc/{pid}/status'):
            if line.startswith('VmHWM'):
                return int(line.split()[1]) / 1024
    except (OSError, ProcessLookupError):
        pass
    return 0


def measure(command):
    started = time.monotonic()
    with open('said', 'w') as said:
        p = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said)
    peak = 0
    while True:
        peak = max(peak, peak_mb(p.pid))
        pid, status, used = os.wait4(p.pid, os.WNOHANG)
        if pid:
            break
        time.sleep(0.002)
    seconds = time.monotonic() - started
    return seconds, used.ru_utime + used.ru_stime, peak, used.ru_maxrss / 1024, os.waitstatus_to_exitcode(status)


def main():
    program = os.path.abspath(sys.argv[1])
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else 1000000
    with tempfile.TemporaryDirectory() as folder:
        db = os.path.abspath(sys.argv[3]) if len(sys.argv) > 3 else folder + '/rows.db'
        os.chdir(folder)
        failed = 0
        if not os.path.exists(db):
            open('rows.yaml', 'w').write(CAMPAIGN % rows)
            seconds, cpu, peak, _, code = measure([program, 'run', 'rows.yaml', '--db', db])
            print(f'{"run":20} {seconds:8.2f} s {cpu:8.2f} s processor {peak:8.0f} MB', flush=True)
            failed += code != 0
        for name, words in COMMANDS:
            command = [program] + [db if w == 'DB' else w for w in words]
            seconds, cpu, peak, largest, code = measure(command)
            print(f'{name:20} {seconds:8.2f} s {cpu:8.2f} s processor {peak:8.0f} MB, {largest:.0f} MB with children'
                  + ('' if code == 0 else f'; exit code {code}: {open("said").read()[-200:]}'), flush=True)
            failed += code not in (0,)
        return failed > 0


if __name__ == '__main__':
    sys.exit(main())
