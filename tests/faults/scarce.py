#!/usr/bin/env python3
"""scarce.py CRIER SHIM [all]: memory runs out at each allocation of the program in turn, once or from then on; a sample of them unless `all`.

After each: the exit code is one of the contract, with words; the old output is whole or the new one is right; nothing else is left;
and the next run is right. A library that ends the process itself (by abort, or by using what it did not get) is counted apart: of it is
asked that the old output is whole and that the next run is right. Ends with a table."""
import os
import shutil
import signal
import subprocess
import sys
import tempfile

CRIER, SHIM, ALL = os.path.realpath(sys.argv[1]), os.path.realpath(sys.argv[2]), 'all' in sys.argv[3:]
TEXT = 'A title\n\nBy Ann Lee\n\nA paragraph.\n\n“Yes,” said Tom Roe.\n\nPART TWO\n\nMore words.\n'
CONTRACT = (1, 65, 66, 69, 73, 74)
MAKE = ['make', '-q', '-j1', '--sample-rate', '16000', '--bitrate', '48', '--sidecars', '-o', 'a.mp3', 'a.txt']
OUTPUTS = ['a.chapters.json', 'a.mp3', 'a.srt', 'a.vtt']
bad, total = [], 0


def read(path):
    try:
        with open(path, 'rb') as file:
            return file.read()
    except FileNotFoundError:
        return None


class Place:
    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix='crier-scarce-')
        for name in ('w', 'cache', 'tmp'):
            os.mkdir(self.path(name))
        with open(self.path('w/a.txt'), 'w', encoding='utf-8') as file:
            file.write(TEXT)
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def run(self, options, at=None, way='once', where='parent'):
        environment = dict(os.environ, XDG_CACHE_HOME=self.path('cache'), TMPDIR=self.path('tmp'), LC_ALL='C.UTF-8')
        if at is not None:
            environment.update(LD_PRELOAD=SHIM, SCARCE_AT=str(at), SCARCE_WAY=way, SCARCE_IN=where, SCARCE_TOLD=self.path('told'))
        return subprocess.run([CRIER, *options], cwd=self.path('w'), env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=120)

    def told(self):
        return (read(self.path('told')) or b'').decode()

    def left(self):
        assert not os.listdir(self.path('tmp')), f'left in TMPDIR: {os.listdir(self.path("tmp"))}'
        return sorted(name for name in os.listdir(self.path('w')) if name != 'a.txt')


def each(name, options, outputs, where='parent', sample=12, may_die=False):
    """`options` make `outputs` (or print, where there are none)."""
    global total
    with Place() as place:
        done = place.run(options, 0, where=where)
        assert done.returncode == 0, done.stderr
        count = int(place.told())
        right = {output: read(place.path('w/' + output)) for output in outputs}
        printed = done.stdout
    step = 1 if ALL else max(1, -(-count // sample))
    refused, over, died = 0, 0, 0
    for way in ('once', 'on'):
        for at in range(1, count + 1, step):
            with Place() as place:
                for output in outputs:
                    with open(place.path('w/' + output), 'w') as file:
                        file.write('old')
                done = place.run(options, at, way, where)
                said = done.stderr.decode('utf-8', 'replace')
                total += 1
                try:
                    if done.returncode < 0:
                        died += 1
                        assert may_die, f'died of {signal.Signals(-done.returncode).name}'
                    elif done.returncode:
                        refused += 1
                        assert done.returncode in CONTRACT, f'exit {done.returncode}'
                        assert 'crier: ' in said, 'not a word about it'
                    else:
                        over += 1
                        assert done.stdout == printed, 'it printed something else'
                    whole = [read(place.path('w/' + output)) in (b'old', right[output]) for output in outputs]
                    retold = 'trying again sentence by sentence' in said  # sounds a little different, and is told
                    assert all(whole) or retold, 'neither the old file nor the new one'
                    assert done.returncode or all(whole) and not any(
                        read(place.path('w/' + output)) == b'old' for output in outputs) or retold, 'not made'
                    if retold:
                        checked = place.run(['inspect', 'a.mp3'])
                        breaches = [line for line in checked.stdout.decode().split('\n') if line.startswith('breach')]
                        assert all('loudness' in line for line in breaches), breaches
                    if done.returncode >= 0:
                        assert place.left() == sorted(outputs), f'left behind: {place.left()}'
                    again = place.run(options)
                    assert again.returncode == 0 and again.stdout == printed, f'the run after it: exit {again.returncode}'
                    assert all(read(place.path('w/' + output)) == right[output] for output in outputs), 'the run after it is wrong'
                except AssertionError as problem:
                    bad.append(f'{name}, allocation {at} ({way}): {problem}: {said.strip()[-300:]}')
    print(f'{name:36} {count:6} allocations, {refused + over + died:5} cases: {refused} refused, {over} got over, '
          f'{died} ended by a library', flush=True)


each('crier script', ['script', 'a.txt'], [])
each('crier script --format text', ['script', '--format', 'text', 'a.txt'], [])
each('crier make', MAKE, OUTPUTS, may_die=True)
each('crier make --no-cache, in a worker', ['make', '--no-cache', *MAKE[1:]], OUTPUTS, 'worker', may_die=False)
print(f'\n{total} cases')
for line in bad[:60]:
    print('FAILED', line)
sys.exit(1 if bad else 0)
