#!/usr/bin/env python3
"""bitflips.py FOLDER_OF_ASX SOURCE_FOLDER [FLIPS]: single bits of a database that turn by themselves.

A database with rows in every table is made; then a bit of a page is turned, the pages taken from every table and index
in turn. asx fsck must find it, and every command must refuse the file or print what it printed before. What was found is
repaired, if it can be, and then a run must end with the archive of an undisturbed one; tried for some, and for each
measurement of the rounds of an exact search, of which nothing is left but the evaluation. FLIPS defaults to $ASX_FLIPS, else
200; a release is tried with 2000.
"""
import collections
import concurrent.futures
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile

asx, source = os.path.abspath(sys.argv[1]) + '/asx', os.path.abspath(sys.argv[2])
flips = int(sys.argv[3] if len(sys.argv) > 3 else os.environ.get('ASX_FLIPS', 200))
TRIED = max(10, flips // 10)  # repaired and run again
COMMANDS = ['front %s', 'front %s --campaign tiny --format csv', 'best %s --max-drop 5', 'show %s 1', 'layers %s',
            'query %s --format csv', 'query %s --tiers --format csv', 'status %s', 'status %s --provenance',
            'compare %s 1 2', 'export %s --format json', 'plot %s history', 'report %s -o /dev/stdout']
CAMPAIGNS = 'tiny', 'second', 'mse', 'first'
MSE = """name: mse
network: net.onnx
data: { format: csv, files: [t.csv], measure: mse, calibrate: ":100", select: ":200", confirm: "200:400", report: "400:600" }
space: { scope: network, placement: [near], weights: { bits: [4], digits: [unsigned], alphabets: "{1} {1,3}" } }
objectives: [drop, energy]
"""
failures = []


def run(*words, ok=(0, 1)):
    p = subprocess.run([asx, *words], capture_output=True)
    if p.returncode not in ok:
        failures.append(f'asx {" ".join(words)}: exit code {p.returncode}: {p.stderr[-300:]!r}')
    return p


def edited(name, *changes):
    text = open(source + '/tests/cli/tiny.yaml').read().replace('name: tiny', 'name: ' + name)
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    open(name + '.yaml', 'w').write(text)


def make():
    """Rounds of an exact search, training, answers that are confirmed; a second campaign that recalls; a measure that does
    not count; leases."""
    images = [('count: 300', 'count: 700'), ('report: "100:300"', 'report: "100:300"\n  confirm: "300:700"')]
    edited('first', *images, ('scope: network', 'scope: layer'), ('measured: 3', 'measured: 2, trained: 1, drops: [5]'),
           ('enumerate, tier: measured, seed: 1', 'exact, tier: proxy, seed: 1, rounds: 2, per_round: 3'))
    with open('first.yaml', 'a') as f:
        f.write('train: { seed: 7, count: 320, parameters: [epochs=1, rate=0.003] }\n')
    edited('tiny', *images)
    edited('second', *images, ('[vn, near]', '[near]'))
    subprocess.run([sys.executable, source + '/tests/cli/regression.py'], check=True)
    open('mse.yaml', 'w').write(MSE)
    for name in CAMPAIGNS:
        run('run', name + '.yaml', '--db', 'a.db', ok=(0,))
    run('bespoke', 'train', '--evaluations', '200', '--set', 'population=20 children=10 epochs=2 restarts=1', '--db', 'a.db', ok=(0,))
    run('ask', 'tiny.yaml', '--db', 'a.db', '-n', '3', ok=(0,))
    db = sqlite3.connect('a.db')
    for (table,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
        if not db.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]:
            failures.append(f'{table} is empty')
    db.close()


def pages():
    """Numbers of the pages of each table and index."""
    out = subprocess.run(['sqlite3', 'a.db', 'SELECT name, pageno FROM dbstat'], capture_output=True, text=True)
    found = collections.defaultdict(list)
    for line in out.stdout.splitlines():
        name, page = line.rsplit('|', 1)
        found[name].append(int(page))
    return found


def outputs(path):
    """Of every command, on a copy by the same name, since some print it."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(path, folder + '/a.db')
        return [subprocess.run([asx, *(c % 'a.db').split()], cwd=folder, capture_output=True) for c in COMMANDS]


def same_or_refused(path, calm, what):
    """What became of all commands."""
    kinds = set()
    for command, p, want in zip(COMMANDS, outputs(path), calm):
        same = (p.returncode, p.stdout) == (want.returncode, want.stdout)
        kinds.add('same' if same else 'refused')
        if not same and (p.returncode != 1 or b'asx: ' not in p.stderr):
            failures.append(f'{what}: asx {command % "a.db"} gives exit code {p.returncode} and another output')
    return 'some refuse' if len(kinds) > 1 else 'all refuse' if 'refused' in kinds else 'all as before'


def archive(path):
    return subprocess.run([source + '/tests/cli/rows', path], capture_output=True).stdout


def runs_on(path, calm, what):
    """Repaired, if that can be, and run again. Whether it could be."""
    p = run('fsck', '--repair', path)
    if p.returncode != 0:
        print(f'{what}: beyond repair: {p.stderr.decode().splitlines()[-1]}')
        return False
    for name in CAMPAIGNS:
        run('run', name + '.yaml', '--db', path, ok=(0,))
    wanted = {tuple(r.split(b'|')) for r in calm.splitlines()}
    found = {tuple(r.split(b'|')) for r in archive(path).splitlines() if not r.startswith(b'(damaged)')}
    if found != wanted:
        failures.append(f'{what}: repaired and run again, {len(found - wanted)} rows too many, '
                        f'{len(wanted - found)} too few, as {sorted(found ^ wanted)[:4]}')
    return True


def lost_measurements(calm):
    """The breakdown of one measurement is gone, each in turn."""
    db = sqlite3.connect('a.db')
    rows = db.execute("SELECT e.id FROM evaluation AS e JOIN inputs AS i ON i.id = e.inputs JOIN campaign AS c "
                      "ON c.id = e.campaign WHERE c.name = 'first' AND i.tier = 'measured' AND i.subset = 'select' ORDER BY 1").fetchall()
    db.close()
    if len(rows) < 3:
        failures.append(f'{len(rows)} measurements to lose')
    for (evaluation,) in rows:
        shutil.copy('a.db', 'lost.db')
        subprocess.run([source + '/tests/cli/by_hand', 'lost.db', f'DELETE FROM breakdown WHERE evaluation = {evaluation}'],
                       check=True)
        if not runs_on('lost.db', calm, f'measurement {evaluation} lost'):
            failures.append(f'measurement {evaluation} lost: not repaired')


def one(number, name, page, size, calm):
    """Turns a bit. What became of it: (found, commands, repaired)"""
    dice = random.Random(number)
    at, bit = (page - 1) * size + dice.randrange(size), dice.randrange(8)
    path, what = f'flip{number}.db', f'bit {bit} of byte {at} ({name})'
    data = bytearray(calm['bytes'])
    data[at] ^= 1 << bit
    open(path, 'wb').write(data)
    try:
        found = run('fsck', path).returncode != 0
        commands = same_or_refused(path, calm['outputs'], what)
        if not found and commands != 'all as before':
            failures.append(f'{what}: fsck calls sound what commands refuse')
        repaired = runs_on(path, calm['archive'], what) if found and number < TRIED else None
        return 'found' if found else 'not found', commands, repaired
    finally:
        for end in ('', '-wal', '-shm', '-journal'):
            if os.path.exists(path + end):
                os.remove(path + end)
        shutil.rmtree(path + '.train', ignore_errors=True)


def main():
    folder = tempfile.mkdtemp()
    os.chdir(folder)
    make()
    if run('fsck', 'a.db').returncode != 0:
        failures.append('the calm database is not sound')
    calm = {'bytes': open('a.db', 'rb').read(), 'archive': archive('a.db'), 'outputs': outputs('a.db')}
    for command, p in zip(COMMANDS, calm['outputs']):
        if p.returncode != 0:
            failures.append(f'asx {command % "a.db"}: {p.stderr!r}')
    lost_measurements(calm['archive'])
    found = pages()
    size = int.from_bytes(calm['bytes'][16:18], 'big')
    dice = random.Random(1)
    names = sorted(found)
    jobs = [(i, names[i % len(names)], dice.choice(found[names[i % len(names)]])) for i in range(flips)]
    counts = collections.Counter()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for kind, commands, repaired in pool.map(lambda job: one(*job, size, calm), jobs):
            counts[kind] += 1
            counts[commands] += 1
            if repaired is not None:
                counts['repaired' if repaired else 'beyond repair'] += 1
    print(f'{flips} bits turned in {len(names)} tables and indexes:', dict(counts))
    for text in failures[:40]:
        print('failed:', text)
    shutil.rmtree(folder)
    sys.exit(bool(failures))


main()
