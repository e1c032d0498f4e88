#!/usr/bin/env python3
"""check.py CRIER SHIM: the system fails at each call of an edition in turn, and workers end in every bad way.

After each fault: the exit code tells of it or the edition is right all the same; the old file is whole and untouched or the new one
is; nothing else is left in the folder; and the next run, without a fault, makes the right bytes. Ends with a table."""
import errno
import os
import shutil
import signal
import subprocess
import sys
import tempfile

CRIER, SHIM = os.path.realpath(sys.argv[1]), os.path.realpath(sys.argv[2])
TEXT = 'A title\n\n“Yes,” said Tom Roe.\n\nPART TWO\n\nMore words.\n'
OPTIONS = ['make', '-q', '-j1', '--sample-rate', '16000', '--bitrate', '48', '--sidecars', '--stall', '3', '-o', 'a.mp3', 'a.txt']
OUTPUTS = ['a.chapters.json', 'a.mp3', 'a.srt', 'a.vtt']
FAILURES = (1, 65, 66, 69, 73, 74)
table, bad = [], []


class Place:
    """A folder with an article, an old output and a cache of its own."""

    def __init__(self, text=TEXT):
        self.folder = tempfile.mkdtemp(prefix='crier-faults-')
        self.write('a.txt', text)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), 'w', encoding='utf-8') as file:
            file.write(text)

    def read(self, name):
        try:
            with open(self.path(name), 'rb') as file:
                return file.read()
        except FileNotFoundError:
            return None

    def run(self, options, fault=None, timeout=60, **more):
        cache = tempfile.mkdtemp(prefix='crier-cache-') if 'cache' not in more else more['cache']
        tmp = self.path('.tmp')
        os.makedirs(tmp, exist_ok=True)
        environment = dict(os.environ, XDG_CACHE_HOME=cache, TMPDIR=tmp, LC_ALL='C.UTF-8')
        if fault:
            environment.update(LD_PRELOAD=SHIM, FAULT_TOLD=self.path('.told'),
                               **{f'FAULT_{name.upper()}': str(value) for name, value in fault.items()})
        try:
            return subprocess.run([CRIER, *options], cwd=self.folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                                  timeout=timeout)
        finally:
            if 'cache' not in more:
                shutil.rmtree(cache, ignore_errors=True)

    def came(self):
        try:
            os.unlink(self.path('.told'))
            return True
        except FileNotFoundError:
            return False

    def left(self):
        assert not os.listdir(self.path('.tmp')), f'left in TMPDIR: {os.listdir(self.path(".tmp"))}'
        return sorted(name for name in os.listdir(self.folder) if name not in ('.tmp', '.told', 'a.txt', 'voices.ini', 'engine'))


with Place() as first:
    done = first.run(OPTIONS)
    assert done.returncode == 0, done.stderr
    RIGHT = {name: first.read(name) for name in OUTPUTS}
    assert first.left() == OUTPUTS, first.left()


def fail_each(name, call, how, where='parent', codes=FAILURES, most=400, harmless=False):
    """Fails each call in turn until there is none left."""
    n, refused = 0, 0
    for at in range(1, most):
        with Place() as place:
            cache = place.path('.tmp/cache')
            os.makedirs(cache)
            place.write('a.mp3', 'old')
            done = place.run(OPTIONS, {'call': call, 'how': how, 'at': at, 'in': where}, cache=cache)
            if not place.came():
                break
            n += 1
            refused += done.returncode != 0
            said = done.stderr.decode('utf-8', 'replace')
            try:
                assert done.returncode == 0 or done.returncode in codes, f'exit {done.returncode}'
                assert done.returncode == 0 or said.startswith('crier: '), 'not a word about it'
                assert done.returncode == 0 or not harmless, 'it should have got over this'
                if done.returncode == 0 or place.read('a.mp3') != b'old':
                    assert place.read('a.mp3') == RIGHT['a.mp3'], 'neither the old file nor the new one'
                again = place.run(OPTIONS, cache=cache)  # with what the faulty run left in the cache
                assert again.returncode == 0, f'the run after it: exit {again.returncode}: {again.stderr[-300:]}'
                shutil.rmtree(cache)
                assert place.left() == OUTPUTS, f'left behind: {place.left()}'
                for output in OUTPUTS:
                    assert place.read(output) == RIGHT[output], f'the run after it made another {output}'
            except AssertionError as problem:
                bad.append(f'{name}, call {at}: {problem}: {said.strip()[-300:]}')
    if not n:
        bad.append(f'{name}: no such call')
    table.append((name, n, f'{refused} refused, {n - refused} got over'))
    print(f'{name:44} {n:4} cases: {table[-1][2]}', flush=True)


for number in (errno.ENOSPC, errno.EIO):
    word = errno.errorcode[number]
    for call in ('write', 'pwrite', 'fsync'):
        fail_each(f'{call} fails ({word})', call, number)
for call in ('write', 'pwrite'):
    fail_each(f'{call} is short', call, 'short', harmless=True)
    fail_each(f'{call} is interrupted', call, 'interrupted', harmless=True)
fail_each('close fails (EIO)', 'close', errno.EIO)
fail_each('rename fails (EACCES)', 'rename', errno.EACCES)
fail_each('open fails (EMFILE)', 'open', errno.EMFILE)
fail_each('open fails (ENOMEM)', 'open', errno.ENOMEM)
fail_each('mkdir fails (EROFS)', 'mkdir', errno.EROFS)
fail_each('fork fails (EAGAIN)', 'fork', errno.EAGAIN)
fail_each('pipe fails (ENFILE)', 'pipe', errno.ENFILE)
for how in ('kill', 'abort', 'starve', errno.EIO, 'short', 'interrupted'):
    fail_each(f"a worker's write: {how}", 'writev', how, 'worker', most=4)
fail_each('a worker is stopped', 'writev', 'stop', 'worker', most=2)

# ---- an engine that crashes on a word ----
ROLES = ('narrator', 'headline', 'woman', 'man', 'neutral', 'unknown')
CAST = '[cast]\nname = E\nlanguage = en\n[roles]\n' + ''.join(f'{role} = {role}\n' for role in ROLES) + \
    ''.join(f'[voice {role}]\nengine = command\nmodel = x\ntimeout = 3\ncommand = {{engine}} {{text}} {{wav}}\n' for role in ROLES)
for end in ('kill -ABRT $$', 'kill -KILL $$', 'exit 1', 'exit 0', 'echo no sound > "$2"; exit 0', 'sleep 60', 'kill -STOP $$'):
    with Place('A title\n\nGood words.\n\nHere is the bomb.\n\nOther words.\n') as place:
        name = f'the engine on a word: {end[:24]}'
        try:
            with open(place.path('engine'), 'w', encoding='utf-8') as file:
                file.write(f'#!/bin/sh\ncase $1 in *bomb*) {end};; esac\nexec espeak-ng -w "$2" "$1"\n')
            os.chmod(place.path('engine'), 0o755)
            place.write('voices.ini', CAST.replace('{engine}', place.path('engine')))
            options = [*OPTIONS[:-1], '--no-cache', '--cast', './voices.ini', 'a.txt']
            done = place.run(options)
            assert done.returncode == 69, f'exit {done.returncode}: {done.stderr}'
            assert place.left() == [], place.left()
            done = place.run(['make', '--keep-going', *options[1:]])
            assert done.returncode == 1, f'--keep-going: exit {done.returncode}: {done.stderr}'
            assert place.left() == OUTPUTS, place.left()
            checked = place.run(['inspect', 'a.mp3'])
            breaches = [line for line in checked.stdout.decode().split('\n') if line.startswith('breach')]
            assert all('loudness' in line for line in breaches), breaches  # a few words cannot be made loud enough
            table.append((name, 2, 'exit 69 and nothing; with --keep-going exit 1 and the rest'))
            print(f'{name:44}    2 cases: {table[-1][2]}', flush=True)
        except AssertionError as problem:
            bad.append(f'{name}: {problem}')

# ---- nobody reads what it prints ----
for arguments in (['script', 'a.txt'], ['make', '--json', '--no-cache', 'a.txt'], ['--help'], ['voices']):
    with Place() as place:
        reading, writing = os.pipe()
        os.close(reading)
        done = subprocess.run([CRIER, *arguments], cwd=place.folder, stdout=writing, stderr=subprocess.PIPE,
                              preexec_fn=lambda: signal.signal(signal.SIGPIPE, signal.SIG_DFL), timeout=60)
        os.close(writing)
        if done.returncode not in (-signal.SIGPIPE, 74):
            bad.append(f'a closed pipe: {arguments[0]}: exit {done.returncode}')
table.append(('standard output is a closed pipe', 4, 'dies of SIGPIPE or exits 74'))

print(f'\n{sum(row[1] for row in table)} cases')
for line in bad:
    print('FAILED', line)
sys.exit(1 if bad else 0)
