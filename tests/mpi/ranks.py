#!/usr/bin/env python3
"""ranks.py CASE FOLDER_OF_ASX SOURCE_FOLDER MPIRUN: campaigns that several ranks of an MPI job work on.

equal    4 ranks find what one thread finds: enumeration, nsga2, exact with rounds, trained designs
refused  a rank with other data is refused by its number, and a rank without its campaign too
kills    ranks that are killed at random moments, of a campaign of each kind in turn; what is left says which one, in one line,
         another number of ranks goes on to the same rows, and nothing that was stored is evaluated again. $ASX_KILLS of them,
         else 4
work     4 processes of 'asx work' share a campaign: no design is evaluated twice; on a FUSE file system too, where there is
         bindfs
leases   2 processes of 'asx work' whose designs take longer than their leases: they are renewed, and none is evaluated twice
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

case, folder, source, mpirun = sys.argv[1:5]
program = folder + '/asx'
rows = source + '/tests/cli/rows'
failures = []
MORE_MAX_S = 0.1 # what a design may take longer by 'asx work'

TRAIN = '''
train:
  seed: 101
  count: 300
  images: ":"
  parameters: [epochs=1, rate=0.003, batch=50]
'''
SEARCH = 'algorithm: enumerate, tier: measured, seed: 1'
SLOW = int(os.environ.get('ASX_SLOW', 100000))
LAYERS = [('scope: network', 'scope: layer'), ('[4, 8]', '[4, 6, 8]')]
CAMPAIGNS = {
    'enumerate': ([('measured: 3', 'measured: 3')], ''),
    'nsga2': (LAYERS + [(SEARCH, 'algorithm: nsga2, tier: measured, seed: 1, budget: 40, parameters: ["population=12"]')], ''),
    'exact': (LAYERS[:1] + [('none {1} {1,3}', '{1} {1,3}'), (SEARCH, 'algorithm: exact, tier: proxy, seed: 1, rounds: 2, parameters: ["epsilon=0.05"]')], ''),
    'trained': ([('measured: 3', 'measured: 3, trained: 2')], TRAIN),
    # 31 designs, the baseline one of them
    'many': ([('[4, 8]', '[3, 4, 5, 6, 7, 8]'), ('none {1} {1,3}', '{1} {1,3} {1,3,5}'), (SEARCH, SEARCH + ', budget: 30'),
              ('select: "0:100"', 'select: "0:200"'), ('report: "100:300"', 'report: "200:300"')], ''),
    # designs of seconds
    'slow': ([('[vn, near]', '[near]'), ('[4, 8]', '[4]'), ('count: 300', f'count: {SLOW + 200}'),
              ('select: "0:100"', f'select: "0:{SLOW}"'), ('report: "100:300"', f'report: "{SLOW}:{SLOW + 200}"')], ''),
}


def fail(text):
    failures.append(text)
    print('failed:', text, flush=True)


def write_campaigns():
    tiny = open(source + '/tests/cli/tiny.yaml').read()
    for name, (changes, more) in CAMPAIGNS.items():
        text = tiny.replace('name: tiny', 'name: ' + name)
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        open(name + '.yaml', 'w').write(text + more)


def environment():
    # containers run as root; a launcher's own leaks are not ours
    env = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT='1', OMPI_ALLOW_RUN_AS_ROOT_CONFIRM='1', OMP_WAIT_POLICY='passive',
               OMPI_MCA_rmaps_base_oversubscribe='1', OMPI_MCA_btl_base_warn_component_unused='0')
    env['ASAN_OPTIONS'] = 'detect_leaks=0:' + env.get('ASAN_OPTIONS', '')
    return env


def launch(n, *arguments):
    return [mpirun, '-n', str(n), program, *arguments]


def start(command):
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(),
                            start_new_session=True)


def finish(command, code=0):
    p = start(command)
    out, err = p.communicate(timeout=200)
    if p.returncode != code:
        fail(f'{" ".join(command)}: exit code {p.returncode}, not {code}: {err}')
    return out, err


def run(name, database, n=1):
    arguments = ['run', name + '.yaml', '--db', database, '--threads', '1', '--format', 'csv']
    return finish(launch(n, *arguments) if n > 1 else [program, *arguments])


def sql(database, text):
    return subprocess.run(['sqlite3', '-cmd', '.timeout 10000', database, text], capture_output=True, text=True).stdout.strip()


def archive(database):
    return subprocess.run([rows, database], capture_output=True, text=True, check=True).stdout


def count(database):
    return int(sql(database, 'SELECT count(*) FROM evaluation') or 0) if os.path.exists(database) else 0


def evaluated(err):
    told = re.search(r'(\d+) evaluated, (\d+) known before', err)
    return int(told[1]) if told else None


def equal():
    for name in 'enumerate', 'nsga2', 'exact', 'trained':
        alone, shared = name + '-1.db', name + '-4.db'
        out_alone, err_alone = run(name, alone)
        out_shared, err_shared = run(name, shared, 4)
        if archive(alone) != archive(shared):
            fail(f'{name}: 4 ranks find other rows than one thread')
        if out_alone != out_shared:
            fail(f'{name}: 4 ranks print another front than one thread')
        if evaluated(err_alone) != evaluated(err_shared):
            fail(f'{name}: {err_alone}\n{err_shared}')
        if name == 'trained':
            networks = [sorted(os.listdir(d + '.train')) for d in (alone, shared)]
            same = all(open(f'{alone}.train/{f}', 'rb').read() == open(f'{shared}.train/{f}', 'rb').read()
                       for f in networks[0])
            if networks[0] != networks[1] or not networks[0] or not same:
                fail(f'trained: other networks: {networks}')
        print(f'{name}: {archive(alone).count(chr(10))} rows, the same', flush=True)


def refused():
    text = open('enumerate.yaml').read()
    open('other.yaml', 'w').write(text.replace('  seed: 1\n  count: 300', '  seed: 2\n  count: 300'))
    open('rules.yaml', 'w').write(text.replace('calibrate: "0:64"', 'calibrate: "0:32"'))
    for other, what in ('other', 'its data is not that of rank 0'), ('rules', 'calibration'), ('missing', 'missing.yaml'):
        command = launch(2, 'run', 'enumerate.yaml', '--db', 'refused.db') + [':', '-n', '1', program, 'run', other + '.yaml']
        out, err = finish(command, 1)
        lines = [l for l in err.splitlines() if l.startswith('asx: ')]
        if len(lines) != 1 or not re.match(r'asx: rank 2 \(.+\): ', lines[0]) or what not in lines[0]:
            fail(f'{other}: {err}')
        print(lines[0] if lines else '?', flush=True)
        if os.path.exists('refused.db'):
            fail('a database in spite of the refusal')


def ranks_of(p):
    """The processes of a job, by who began them."""
    found = []
    for pid in filter(str.isdigit, os.listdir('/proc')):
        try:
            environ = open(f'/proc/{pid}/environ', 'rb').read().split(b'\0')
            command = open(f'/proc/{pid}/cmdline', 'rb').read().split(b'\0')[0]
            session = os.getsid(int(pid))
        except OSError:
            continue
        mark = f'ASX_TEST_JOB={p.mark}'.encode()
        if mark in environ and command.endswith(b'/asx'):
            rank = [v.split(b'=')[1] for v in environ if v.startswith((b'OMPI_COMM_WORLD_RANK=', b'PMI_RANK='))]
            found.append((int(pid), rank[0].decode() if rank else '?'))
    return found


def check_last_words(number, err, rank, met):
    """One line, which names the rank that was killed. MPICH's launcher may be faster, before they have met nobody knows, and
    after their work nobody asks."""
    needed = met and 'stored in' not in err and not re.search('mpich|hydra', os.path.realpath(mpirun))
    lines = [l for l in err.splitlines() if l.startswith('asx: ')]
    died = [l for l in lines if ' died ' in l]
    if len(lines) != len(died) or len(died) > 1 or (needed and not died):
        fail(f'kill {number}: last words: {err}')
    if died and not re.match(rf'asx: rank {rank} \(.+\) died .* the same command goes on', died[0]):
        fail(f'kill {number} of rank {rank}: {died[0]}')


def kill_one(name, number, calm, seconds):
    """One rank is killed at a random moment. @return whether it was in time"""
    database, rank = f'{name}-kill.db', None
    before = count(database)
    os.environ['ASX_TEST_JOB'] = f'{os.getpid()}.{number}'
    p = start(launch(random.choice([3, 4]), 'run', name + '.yaml', '--db', database, '--threads', '1'))
    p.mark = os.environ.pop('ASX_TEST_JOB')
    time.sleep(random.uniform(0.3, seconds))
    ranks = ranks_of(p)
    if p.poll() is None and ranks:
        victim, rank = random.choice(ranks)
        os.kill(victim, signal.SIGKILL)
    out, err = p.communicate(timeout=60)
    known = count(database)
    if known < before:
        fail(f'kill {number}: {known} evaluations, {before} before')
    if p.returncode == 0:
        for suffix in '', '-wal', '-shm':
            if os.path.exists(database + suffix):
                os.remove(database + suffix)
        return False
    patience = time.monotonic() + 10
    while ranks_of(p) and time.monotonic() < patience: # sanitizers take their time to end
        time.sleep(0.1)
    if ranks_of(p):
        fail(f'kill {number}: processes are left')
    check_last_words(number, err, rank, known > before)
    for suffix in '', '-wal', '-shm': # nobody has it open
        if os.path.exists('copy.db' + suffix):
            os.remove('copy.db' + suffix)
        if os.path.exists(database + suffix):
            shutil.copy(database + suffix, 'copy.db' + suffix)
    shutil.rmtree('copy.db.train', ignore_errors=True)
    out, err = run(name, 'copy.db', 3)
    if archive('copy.db') != calm['rows'] or out != calm['front']:
        fail(f'kill {number}: not what an undisturbed run finds')
    if evaluated(err) is None or evaluated(err) + known > calm['total'] + 1:
        fail(f'kill {number}: {known} of {calm["total"]} were stored, but: {err}')
    os.remove('copy.db')
    return True


def stay_calm(name):
    front, err = run(name, name + '-calm.db')
    calm = {'rows': archive(name + '-calm.db'), 'front': front, 'total': count(name + '-calm.db')}
    begin = time.monotonic()
    run(name, name + '-timed.db', 3)
    return calm, time.monotonic() - begin


def kills():
    kills, names = int(os.environ.get('ASX_KILLS', 4)), ['many', 'nsga2', 'exact', 'trained']
    calm = {name: stay_calm(name) for name in names}
    number = tries = 0
    while number < kills and tries < 10 * kills:
        name = names[tries % len(names)]
        tries += 1
        number += kill_one(name, tries, *calm[name])
    print(f'{number} kills in time of {tries}, {len(failures)} failures')
    if number < kills:
        fail('too many kills came too late')


def start_workers(n, name, database, *more):
    return [start([program, 'work', name + '.yaml', '--db', database, '--threads', '1', *more]) for _ in range(n)]


def wait_for_workers(workers):
    """@return how many designs they evaluated"""
    told = 0
    for p in workers:
        out, err = p.communicate(timeout=200)
        if p.returncode != 0:
            fail(f'asx work: exit code {p.returncode}: {err}')
        found = re.search(r'(\d+) designs evaluated here', err)
        told += int(found[1]) if found else 0
    return told


def work_in(folder, total):
    database = folder + '/work.db'
    begin = time.monotonic()
    told = wait_for_workers(start_workers(4, 'many', database))
    seconds = time.monotonic() - begin
    if told != total:
        fail(f'{folder}: {told} designs evaluated, not {total}')
    out, err = run('many', database)
    if evaluated(err) != 0:
        fail(f'{folder}: asx run has still to evaluate: {err}')
    if archive(database) != archive('alone.db'):
        fail(f'{folder}: other rows than those of asx run')
    return seconds


def work():
    begin = time.monotonic()
    run('many', 'alone.db')
    alone = time.monotonic() - begin
    total = int(sql('alone.db', "SELECT count(*) FROM result WHERE subset = 'select'"))
    seconds = {'disk': work_in('.', total)}
    os.mkdir('below')
    os.mkdir('fuse')
    if shutil.which('bindfs') and subprocess.run(['bindfs', 'below', 'fuse'], capture_output=True).returncode == 0:
        try:
            seconds['fuse'] = work_in('fuse', total)
        finally:
            subprocess.run(['fusermount3', '-u', 'fuse'], capture_output=True)
    more = {k: (s - alone) / total for k, s in seconds.items()}
    print(f'4 workers, {total} designs, each evaluated once; more than asx run, a design: '
          + ', '.join(f'{s:.3f} s ({k})' for k, s in more.items()))
    for k, s in more.items():
        if s > MORE_MAX_S:
            fail(f'{k}: {s:.3f} s a design more than asx run, {MORE_MAX_S} allowed')


def leases():
    run('slow', 'alone.db')
    total = sql('alone.db', "SELECT count(*) FROM result WHERE subset = 'select'")
    workers, ends, renewed = start_workers(2, 'slow', 'work.db', '--lease', '3'), {}, set()
    while any(p.poll() is None for p in workers):
        for line in sql('work.db', 'SELECT design, expires FROM lease').splitlines() if os.path.exists('work.db') else []:
            design, end = line.rsplit('|', 1)
            renewed |= {design} if end > ends.setdefault(design, end) else set()
        time.sleep(0.2)
    told = wait_for_workers(workers)
    if told != int(total):
        fail(f'{told} designs evaluated, not {total}')
    if not renewed:
        fail(f'no lease was renewed: designs are too fast, more images ($ASX_SLOW) make them longer')
    print(f'2 workers, {total} designs, each evaluated once, leases of {len(renewed)} renewed')


if subprocess.run(['sqlite3', '-version'], capture_output=True).returncode != 0:
    print('skipped: no sqlite3')
    sys.exit(77)
with tempfile.TemporaryDirectory() as work_folder:
    os.chdir(work_folder)
    write_campaigns()
    {'equal': equal, 'refused': refused, 'kills': kills, 'work': work, 'leases': leases}[case]()
sys.exit(1 if failures else 0)
