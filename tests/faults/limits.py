#!/usr/bin/env python3
"""limits.py FOLDER_OF_ASX SOURCE_FOLDER [STEPS]: commands in less and less memory (ulimit -v).

Libraries that asx calls end the process, or crash, where they have no memory: whatever the limit, a command gives its
answer or ends with exit code 1 and a message. Limits go, in STEPS for each command, from the least that the program
starts in to the least that the command is done in.
"""
import os
import resource
import shutil
import subprocess
import sys
import tempfile

asx, source = os.path.abspath(sys.argv[1]) + '/asx', sys.argv[2]
steps = int(sys.argv[3] if len(sys.argv) > 3 else 20)
COMMANDS = ['eval tiny.yaml -d near:+w4{1}a8', 'run first.yaml --db run.db', 'train train.yaml -d near:+w4{1}a8 -o net.onnx',
            'report a.db -o page.html', 'front a.db --format json']
failures, told = [], 0


def start(command, kib):
    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (kib * 1024, kib * 1024))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for name in 'run.db', 'net.onnx', 'page.html':
        if os.path.exists(name):
            os.remove(name)
    return subprocess.run([asx, *(w.replace('+', ' ') for w in command.split())], preexec_fn=limit, capture_output=True,
                          env=dict(os.environ, OMP_NUM_THREADS='1'), timeout=300)


def least(command):
    """KiB that a command is done in, to one part in a hundred."""
    low, high = 1 << 14, 1 << 24
    while high > low * 1.01:
        middle = (low + high) // 2
        low, high = (low, middle) if start(command, middle).returncode == 0 else (middle, high)
    return high


def main():
    global told
    tiny = open(source + '/tests/cli/tiny.yaml').read()
    open('tiny.yaml', 'w').write(tiny)
    open('first.yaml', 'w').write(tiny.replace('scope: network', 'scope: layer').replace(
        'enumerate, tier: measured, seed: 1', 'exact, tier: proxy, seed: 1, rounds: 1, per_round: 2'))
    open('train.yaml', 'w').write(tiny + 'train: { seed: 7, count: 64, parameters: [epochs=1, rate=0.003] }\n')
    subprocess.run([asx, 'run', 'tiny.yaml', '--db', 'a.db'], check=True, capture_output=True)
    begin = least('--version')
    for command in COMMANDS:
        end = least(command)
        for i in range(steps):
            kib = begin + (end - begin) * i // steps
            p = start(command, kib)
            lines = p.stderr.decode(errors='replace').splitlines()
            told += p.returncode == 1
            # what libgomp lacks it says itself
            if p.returncode not in (0, 1) or (p.returncode == 1 and not any(
                    line.startswith(('asx: ', 'libgomp: ')) for line in lines)):
                failures.append(f'asx {command}, {kib} KiB: exit code {p.returncode}: {lines[-1:]}')


work = tempfile.mkdtemp()
os.chdir(work)
main()
os.chdir('/')
shutil.rmtree(work)
print(f'{steps * len(COMMANDS)} commands with too little memory: {told} said so, {len(failures)} ended otherwise')
for text in failures:
    print('failed:', text)
sys.exit(bool(failures))
