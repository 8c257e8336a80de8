#!/usr/bin/env python3
"""stop.py FOLDER_OF_ASX SOURCE_FOLDER [STOPS]: Ctrl-C at any moment of runs of every kind.

A run that is asked to stop ends within a second of its processor's time (machines do other work), with exit code 3 and the
way to go on; what it leaves is sound, and the same command ends with the archive and the front of a run that nobody
stopped, without evaluating anything again. An exact search that is stopped while it proves evaluates what it has found by then
(search/README.md): these designs alone may be more than the undisturbed archive has. Stops are spread evenly over each run. $ASX_STOP_IMAGES (default 300) makes the
pieces of work larger.
"""
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

program, source = os.path.abspath(sys.argv[1]) + '/asx', os.path.abspath(sys.argv[2])
stops = int(sys.argv[3] if len(sys.argv) > 3 else 4)
images = int(os.environ.get('ASX_STOP_IMAGES', 300))
LIMIT_S = 1.0
LAYERS = ('scope: network', 'scope: layer')
TRAIN = 'train: { seed: 7, count: %d, parameters: [epochs=2, rate=0.003] }\n' % images
KINDS = {
    'enumerate': [('"none {1} {1,3}"', '"none max 2"')],
    'nsga2': [LAYERS, ('enumerate, tier: measured, seed: 1', 'nsga2, tier: measured, seed: 1, budget: 60')],
    'exact': [LAYERS, ('enumerate, tier: measured', 'exact, tier: proxy')],
    'rounds': [LAYERS, ('enumerate, tier: measured, seed: 1', 'exact, tier: proxy, seed: 1, rounds: 3, per_round: 4')],
    'trained': [('verify: { measured: 3 }', 'verify: { measured: 3, trained: 3 }\n' + TRAIN)],
    'confirm': [('"100:300"\n', '"100:300"\n  confirm: "300:700"\n'), ('measured: 3', 'measured: 3, drops: [2, 8]')],
}
CONCLUDES = 'exact', 'rounds'  # may have found what is on no final front
failures, slowest, ends = [], {}, {}


def fail(text):
    failures.append(text)
    print('failed:', text, flush=True)


def write(name):
    text = open(source + '/tests/cli/tiny.yaml').read()
    for old, new in [('name: tiny', 'name: ' + name)] + KINDS[name]:
        assert old in text, old
        text = text.replace(old, new)
    for old in 300, 100, 700:  # the parts of the images, all larger
        text = re.sub(r'(?<![0-9.])%d(?![0-9.])' % old, '@%d' % old, text)
    text = re.sub(r'@(\d+)', lambda m: str(int(m[1]) * images // 100), text)
    text = re.sub(r'count: \d+\n', 'count: %d\n' % (7 * images), text)
    open(name + '.yaml', 'w').write(text)


def start(name, database):
    return subprocess.Popen([program, 'run', name + '.yaml', '--db', database, '--threads', '1'],
                            stdout=subprocess.PIPE, stderr=open('said', 'w'), text=True)


def end(p):
    """Waits: what was printed, what was said, and the processor seconds that were used."""
    out = p.stdout.read()
    _, status, used = os.wait4(p.pid, 0)
    p.returncode = os.waitstatus_to_exitcode(status)
    return out, open('said').read(), used.ru_utime + used.ru_stime


def cpu_seconds(p):
    try:
        fields = open(f'/proc/{p.pid}/stat').read().rsplit(')', 1)[1].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


def rows(database):
    return subprocess.run([source + '/tests/cli/rows', database], capture_output=True, text=True).stdout


def remove(database):
    for suffix in '', '-wal', '-shm', '-journal':
        if os.path.exists(database + suffix):
            os.remove(database + suffix)
    shutil.rmtree(database + '.train', ignore_errors=True)


def n_evaluated(said):
    told = re.search(r'(\d+) evaluated, (\d+) known before', said)
    return (int(told[1]), int(told[2])) if told else (0, 0)


def check_rest(name, calm, when):
    p = subprocess.run([program, 'fsck', 'a.db'], capture_output=True, text=True)
    if p.returncode != 0 and os.path.exists('a.db') and 'empty' not in p.stderr and os.path.getsize('a.db'):
        fail(f'{when}: {p.stdout}{p.stderr}')
    p = start(name, 'a.db')
    out, said, _ = end(p)
    more = set(rows('a.db').splitlines()) - set(calm['rows'].splitlines())
    lost = set(calm['rows'].splitlines()) - set(rows('a.db').splitlines())
    if p.returncode != 0 or out != calm['out'] or lost or (more and name not in CONCLUDES):
        fail(f'{when}: run again it ended with {p.returncode} and another front or archive, {len(lost)} rows missing, '
             f'{len(more)} too many: {said[-200:]}')
    return *n_evaluated(said), len(more)


def stop_one(name, calm, at, when):
    remove('a.db')
    p = start(name, 'a.db')
    while p.poll() is None and (cpu_seconds(p) or 0) < at:
        time.sleep(0.005)
    if p.poll() is not None:
        p.stdout.read()
        return
    stage = open('said').read()
    before = cpu_seconds(p)
    p.send_signal(signal.SIGINT)
    out, said, used = end(p)
    late = used - (before or used)
    slowest[name] = max(slowest.get(name, (0, '')), (late, f'at {at:.2f} s'))
    kind = {3: 'stopped', 0: 'done', -signal.SIGINT: 'not begun'}.get(p.returncode)
    ends[kind] = ends.get(kind, 0) + 1
    if not kind:
        fail(f'{when}: exit code {p.returncode}: {said[-300:]}')
    if kind == 'not begun' and os.path.exists('a.db') and stage.strip():
        fail(f'{when}: killed by the signal: {said[-300:]}')
    if kind == 'stopped' and 'go on' not in said and 'goes on' not in said:
        fail(f'{when}: not told how to go on: {said[-300:]}')
    if late > LIMIT_S:
        fail(f'{when}: it took {late:.2f} s')
    done = n_evaluated(said)[0]
    _, known, more = check_rest(name, calm, when)
    if kind == 'stopped' and known + more < done:
        fail(f'{when}: {done} were evaluated, {known} known and {more} in the archive afterwards')


def stop_kind(name):
    write(name)
    p = start(name, 'calm.db')
    out, said, used = end(p)
    if p.returncode != 0:
        fail(f'{name}: exit code {p.returncode}: {said[-300:]}')
        return
    calm = {'out': out, 'rows': rows('calm.db')}
    for i in range(stops):
        at = used * (i + random.uniform(0, 1)) / stops
        stop_one(name, calm, at, f'{name}, stopped after {at:.2f} of {used:.2f} s')
    remove('calm.db')


random.seed(int(os.environ.get("ASX_STOP_SEED", 1)))
with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    for name in os.environ.get('ASX_STOP_KINDS', ' '.join(KINDS)).split():
        stop_kind(name)
    os.chdir('/')
print(', '.join(f'{n} {what}' for what, n in ends.items()), '; longest to stop:',
      ', '.join(f'{name} {s:.2f} s ({where})' for name, (s, where) in slowest.items()))
sys.exit(len(failures) > 0)
