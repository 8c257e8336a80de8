#!/usr/bin/env python3
"""kill.py FOLDER_OF_ASX SOURCE_FOLDER [KILLS]: campaigns that are killed at random moments.

Each kill -9 hits a run that goes on from where the kill before left it. What the database then holds is looked at by
asx fsck, must not be less than before, and a copy of the files is run to its end: archive and printed front must be
those of an undisturbed run, and nothing that was stored may have been evaluated again. KILLS defaults to
$ASX_KILLS, else 20. Ctrl-C is tried too.
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

program, source = sys.argv[1] + '/asx', sys.argv[2]
kills = int(sys.argv[3] if len(sys.argv) > 3 else os.environ.get('ASX_KILLS', 20))
rows = source + '/tests/cli/rows'
failures = []

# Every evaluation booked by itself, and a thousand at a time with some of the front measured behind them.
CAMPAIGNS = {
    'single': [('name: tiny', 'name: single'), ('"none {1} {1,3}"', '"none max 2"'), ('[4, 8]', '[4, 6, 8]'),
               ('[vn, near]', '[vn]')],
    'batch': [('name: tiny', 'name: batch'), ('"none {1} {1,3}"', '"none max 2"'), ('[4, 8]', '[4, 5, 6, 8]'),
              ('scope: network', 'scope: layer'),
              ('algorithm: enumerate, tier: measured, seed: 1', 'algorithm: nsga2, tier: proxy, seed: 1, budget: 5500'),
              ('measured: 3', 'measured: 9')],
}


def fail(text):
    failures.append(text)
    print('failed:', text, flush=True)


def write_campaigns():
    tiny = open(source + '/tests/cli/tiny.yaml').read()
    for name, changes in CAMPAIGNS.items():
        text = tiny
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        open(name + '.yaml', 'w').write(text)


def start(name, database):
    return subprocess.Popen([program, 'run', name + '.yaml', '--db', database, '--threads', '2'],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(name, database):
    """Runs to the end: front as printed, and the line with the numbers."""
    p = start(name, database)
    out, err = p.communicate()
    if p.returncode != 0:
        fail(f'{database}: exit code {p.returncode}: {err}')
    return out, err


def sql(database, text):
    p = subprocess.run(['sqlite3', '-cmd', '.timeout 10000', database, text], capture_output=True, text=True)
    return p.stdout.strip()


def count(database):
    """Evaluations on the search's images; 0 while there is no table."""
    if not os.path.exists(database):
        return 0
    return int(sql(database, "SELECT count(*) FROM evaluation WHERE inputs = (SELECT min(id) FROM inputs)") or 0)


def archive(database):
    return subprocess.run([rows, database], capture_output=True, text=True, check=True).stdout


def check_sound(database, when):
    p = subprocess.run([program, 'fsck', database], capture_output=True, text=True)
    if p.returncode != 0:
        fail(f'{when}: {p.stdout}{p.stderr}')


def copy(old, new):
    """The files as they are at this moment, which is what a power cut would leave of them at best."""
    for suffix in '', '-wal', '-journal':
        if os.path.exists(new + suffix):
            os.remove(new + suffix)
        if os.path.exists(old + suffix):
            shutil.copy(old + suffix, new + suffix)


def remove(database):
    for suffix in '', '-wal', '-shm', '-journal':
        if os.path.exists(database + suffix):
            os.remove(database + suffix)


def undisturbed(name):
    begin = time.monotonic()
    out, err = finish(name, name + '-calm.db')
    seconds = time.monotonic() - begin
    return {'front': out, 'archive': archive(name + '-calm.db'), 'seconds': seconds,
            'total': count(name + '-calm.db')}


def check_rest(name, calm, database, known, when):
    out, err = finish(name, database)
    if archive(database) != calm['archive']:
        fail(f'{when}: the archive differs from that of an undisturbed run')
    if out != calm['front']:
        fail(f'{when}: the front differs from that of an undisturbed run')
    told = re.search(r'(\d+) evaluated, (\d+) known before', err)
    if not told or int(told[1]) > calm['total'] - known:
        fail(f'{when}: {known} of {calm["total"]} were stored, but: {err}')
    check_sound(database, when + ', at the end')


def kill_one(name, calm, number):
    """Kills the run on NAME.db once; returns what the database holds, or None if the run had ended."""
    database = name + '.db'
    before = count(database)
    p = start(name, database)
    time.sleep(random.uniform(0, calm['seconds']))
    ended = p.poll() is not None
    p.kill()
    p.communicate()
    if ended:
        remove(database)
        return None
    when = f'{name}, kill {number}'
    copy(database, 'copy.db')
    known = count(database)
    if known < before:
        fail(f'{when}: {known} evaluations, {before} before')
    if sql(database, 'SELECT count(*) > 0 FROM sqlite_schema') == '1':
        check_sound('copy.db', when)
    check_rest(name, calm, 'copy.db', known, when)
    return known


def kill_many():
    calms = {name: undisturbed(name) for name in CAMPAIGNS}
    inside, number, tries = 0, 0, 0
    while number < kills and tries < 20 * kills:
        name = list(CAMPAIGNS)[number % len(CAMPAIGNS)]
        tries += 1
        known = kill_one(name, calms[name], number + 1)
        if known is None:
            continue
        number += 1
        inside += 0 < known < calms[name]['total']
        if number % 10 == 0:
            print(f'{number} of {kills} kills, {len(failures)} failures', flush=True)
    print(f'{number} kills, {inside} of them between the first and the last evaluation of the search')
    if number < kills or inside == 0:
        fail('too many kills came too late')


def interrupt():
    """Ctrl-C: what runs is finished and stored, and the way to go on is told."""
    name, database = 'single', 'stopped.db'
    calm_total = count('single-calm.db')
    p = start(name, database)
    while p.poll() is None and count(database) < 1:
        pass
    p.send_signal(signal.SIGINT)
    out, err = p.communicate()
    known = count(database)
    if p.returncode != 3:
        fail(f'interrupted: exit code {p.returncode}: {err}')
    if known == calm_total and 'run the same command to go on' not in err:
        return  # it was through with the search
    if 'run the same command to go on' not in err or 'energy nJ' not in out:
        fail(f'interrupted: {err}')
    if sql(database, 'SELECT reason FROM run') != 'interrupted':
        fail('interrupted: not booked')
    out, err = finish(name, database)
    if archive(database) != archive('single-calm.db'):
        fail('after the interruption: the archive differs')


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    write_campaigns()
    kill_many()
    interrupt()
sys.exit(len(failures) > 0)
