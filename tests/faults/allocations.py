#!/usr/bin/env python3
"""allocations.py FOLDER_OF_ASX SOURCE_FOLDER LIBRARY [TRIES]: one allocation of a command fails, each in turn.

Whatever fails, a command ends with exit code 1 and one message, or with the output of one where nothing failed. LIBRARY is
fail_alloc.c, to be preloaded. TRIES in all (default $ASX_ALLOCATIONS, else 1000) are shared by the commands, spread evenly
over each one's allocations. A run is run again, and must end with the archive of an undisturbed one, which for 'bespoke
train' has the states it keeps.
"""
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys
import tempfile

asx, source, library = (os.path.abspath(a) for a in sys.argv[1:4])
asx += '/asx'
tries = int(sys.argv[4] if len(sys.argv) > 4 else os.environ.get('ASX_ALLOCATIONS', 1000))
OUT = '-o out.file'
COMMANDS = [  # OUT: the output is that file
    'show a.db 1', 'cost', 'front a.db', 'front a.db --format json', 'best a.db --max-drop 5', 'layers a.db --max-drop 9',
    'query a.db --tiers', "query a.db --where bits=4 --format csv", 'query a.db --sql SELECT+count(*)+FROM+design',
    'compare a.db 1 2', 'status a.db', 'status a.db --provenance', 'status a.db --file', 'export a.db --format json',
    'export a.db --format latex', 'fsck a.db', 'plot a.db front ' + OUT + '.svg', 'plot a.db layers ' + OUT + '.svg',
    'plot a.db history ' + OUT + '.svg', 'plot technology nangate45 ' + OUT + '.svg', 'report a.db ' + OUT + '.html',
    'merge new.db a.db', 'inspect tiny.yaml', 'eval tiny.yaml --design near:+w4{1}a8', 'cost tiny.yaml --doubts',
    'eval tiny.yaml --design near:+w4{1}a8 --faults flips=0.01+activation_stuck=0.01+spread=0.1+seeds=2+code=robust',
    'eval tiny.yaml --design near:+w4{1}a8 --sweep spread=0,0.1 --faults seeds=2', 'format w4{1,3}a8 --faults',
    'plot faults f.csv ' + OUT + '.svg', 'train train.yaml -d near:+w4{1}a8 --faults flips=0.01+seeds=2 ' + OUT + '.onnx',
    'format w4{1,3}a8', 'algorithms', 'technologies', 'technologies nangate45', 'proxies', 'proxies tiny.yaml --designs 4',
    'proxies tiny.yaml --designs 3 --images 0:20 --bench a.db --format csv',
    'bench agents first.yaml --budget 60 --seeds 1 --format csv',
    'bench agents tiny.yaml --tier measured --agents nsga2 --budget 5 --seeds 1 --db a.db ' + OUT + '.csv',
    'network resnet --set depth=8+width=0.1 ' + OUT + '.onnx', 'hv p.csv --reference 9+9', 'nondominated p.csv --ranks',
    'epsilon p.csv p.csv', 'igd p.csv p.csv', 'train tiny.yaml --parameters', 'words net.onnx -d near:+w4{1}a8 ' + OUT,
    'words tiny.yaml -d near:+w4{1}a8 ' + OUT, 'onnx tiny.yaml -d near:+w4{1}a8 ' + OUT + '.onnx',
    'onnx tiny.yaml -d near:+w5a12 --style qonnx ' + OUT + '.onnx', 'c tiny.yaml -d near:+w4{1}a8 ' + OUT + '.c',
    'train train.yaml -d near:+w4{1}a8 ' + OUT + '.onnx', 'ask tiny.yaml --db ask.db -n 2',
    'tell tiny.yaml told.csv --db ask.db', 'run tiny.yaml --db run.db', 'run first.yaml --db run.db',
    'bespoke train few.csv --sharing columns --evaluations 40 --set population=10+children=10+epochs=1+restarts=1 --format csv '
    '--db run.db --plot out.file.csv',
]
failures = []


def words(command):
    return [w.replace('+', ' ') for w in command.split()]


def start(command, folder, **settings):
    env = dict(os.environ, LD_PRELOAD=library, OMP_NUM_THREADS='1', **settings)
    return subprocess.run([asx, *words(command)], cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          stdin=subprocess.DEVNULL, timeout=300)


def make(folder):
    tiny = open(source + '/tests/cli/tiny.yaml').read()
    second = tiny.replace('name: tiny', 'name: second').replace('[vn, near]', '[near]')
    first = (tiny.replace('name: tiny', 'name: first').replace('scope: network', 'scope: layer')
             .replace('enumerate, tier: measured, seed: 1', 'exact, tier: proxy, seed: 1, rounds: 1, per_round: 2'))
    train = tiny + 'train: { seed: 7, count: 64, parameters: [epochs=1, rate=0.003] }\n'
    for name, text in (('tiny', tiny), ('second', second), ('first', first), ('train', train)):
        open(f'{folder}/{name}.yaml', 'w').write(text)
    open(folder + '/p.csv', 'w').write('1 5\n2 3\n4 4\n5 1\n')
    open(folder + '/f.csv', 'w').write('design,beside,swept,rate,accuracy,accuracy_low,accuracy_high\na,,flips,0,9,8,10\n')
    few = ''.join(f'{i % 17},{i * 7 % 13},{i * 7 % 13 > i % 17}\n' for i in range(80))
    open(folder + '/few.csv', 'w').write('a,b,class\n' + few.replace('True', '1').replace('False', '0'))
    open(folder + '/told.csv', 'w').write('design,accuracy,drop\nvn: w4a8,80,5\n')
    for command in ('run tiny.yaml --db a.db', 'run second.yaml --db a.db', 'network resnet --set depth=8+width=0.1 '
                    '-o net.onnx'):
        subprocess.run([asx, *words(command)], cwd=folder, check=True, capture_output=True)


def output(command, folder, p):
    """What a command gave: its file, or what it printed, without what differs from run to run."""
    for name in sorted(os.listdir(folder)):
        if name.startswith('out.file') and 'checkpoint' not in name:
            return open(f'{folder}/{name}', 'rb').read()
    text = re.sub(rb'\d{4}-\d\d-\d\d[ T][\d:]+Z?', b'TIME', p.stdout)
    return re.sub(rb'(?m)^time  .*$', b'TIME', text)  # what inspect expects of this machine, measured anew each time


def fresh(calm):
    folder = tempfile.mkdtemp(dir=os.path.dirname(calm))
    shutil.rmtree(folder)
    shutil.copytree(calm, folder)
    return folder


def rows(folder, command):
    if not command.startswith('bespoke'):
        return subprocess.run([source + '/tests/cli/rows', folder + '/run.db'], capture_output=True).stdout
    sql = ('SELECT identity, about, position, lost, d.report, area_cm2, network FROM bespoke AS b JOIN bespoke_design AS d '
           'ON d.bespoke = b.id ORDER BY 1, 3; SELECT key FROM cache ORDER BY 1')
    return subprocess.run(['sqlite3', folder + '/run.db', sql], capture_output=True, check=True).stdout


def one(job):
    """Whether the failed allocation was a failure of the command."""
    command, number, calm, want, archive = job
    folder = fresh(calm)
    try:
        p = start(command, folder, FAIL_AT=str(number))
        what = f'asx {command}, allocation {number}'
        lines = p.stderr.decode(errors='replace').splitlines()
        if p.returncode == 0:
            if output(command, folder, p) != want:
                failures.append(f'{what}: exit code 0, and another output')
        elif p.returncode != 1:
            failures.append(f'{what}: exit code {p.returncode}: {lines[-1:]}')
        elif not any(line.startswith('asx: ') and len(line) > 8 for line in lines):
            failures.append(f'{what}: exit code 1 without a message: {lines[-1:]}')
        if archive is not None:
            again = subprocess.run([asx, *words(command)], cwd=folder, capture_output=True)
            if again.returncode != 0 or rows(folder, command) != archive:
                failures.append(f'{what}: run again, another archive')
        return p.returncode != 0
    except subprocess.TimeoutExpired:
        failures.append(f'asx {command}, allocation {number}: hangs')
        return False
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main():
    top = tempfile.mkdtemp()
    calm = top + '/calm'
    os.mkdir(calm)
    make(calm)
    jobs, total = [], 0
    for command in COMMANDS:
        folder = fresh(calm)
        p = start(command, folder, FAIL_COUNT=folder + '/count')
        if p.returncode != 0:
            failures.append(f'asx {command}: {p.stderr.decode()}')
            continue
        n = int(open(folder + '/count').read())
        if n == 0:
            failures.append(f'asx {command}: no allocation was counted')
        total += n
        want, archive = output(command, folder, p), rows(folder, command) if 'run.db' in command else None
        share = min(n, max(1, tries // len(COMMANDS)))
        jobs += [(command, 1 + i * n // share, calm, want, archive) for i in range(share)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        failed = sum(pool.map(one, jobs))
    print(f'{len(jobs)} of {total} allocations of {len(COMMANDS)} commands failed once: {failed} ended with a message, '
          f'{len(jobs) - failed - len(failures)} with the whole output, {len(failures)} wrongly')
    for text in failures[:100]:
        print('failed:', text)
    shutil.rmtree(top)
    sys.exit(bool(failures))


main()
