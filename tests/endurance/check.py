#!/usr/bin/env python3
"""check.py CRIER [HOURS]: 10,000 passages with 50 voices in 300 sections, most of them from the cache; or HOURS of speech, all recorded.

Watches the main process: its memory may hold the script and the times of its words, no sound; descriptors must not grow. The length that the report says, that
ffprobe says and that the samples of `inspect` say must be one; 300 sections become at most 255
chapters."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

CRIER = os.path.realpath(sys.argv[1])
HOURS = float(sys.argv[2]) if len(sys.argv) > 2 else 0
VOICES, PASSAGES, SECTIONS = 50, 10000, 300
folder = tempfile.mkdtemp(prefix='crier-endurance-')


def cast():
    names = [f'v{i}' for i in range(VOICES)]
    out = '[cast]\nname = Fifty\nlanguage = en\n[roles]\nnarrator = n\nheadline = n\nunknown = v0\nneutral = v1\n'
    out += f'woman = {" ".join(names)}\nman = {" ".join(names)}\n'
    out += '[voice n]\nengine = espeak\nmodel = gmw/en-US\ngain = 0\n'
    for i, name in enumerate(names):
        out += f'[voice {name}]\nengine = espeak\nmodel = gmw/{("en-US", "en")[i % 2]}\npitch = {i + 20}\nrate = {150 + i}\ngain = 0\n'
    return out


def word(i):
    return ''.join('bcdfghjklmnprst'[i // 10 ** k % 10] + 'aeiou'[i // 10 ** k % 5] for k in range(2)).capitalize()


def text():
    out, n = ['crier script 1', '', 'title: Endurance', 'language: en'], 0
    out += [f'speaker: Speaker {word(i)} | female | person | voice: v{i}' for i in range(VOICES)] + ['']
    for i in range(PASSAGES):
        if i % (PASSAGES // SECTIONS) == 0 and n < SECTIONS:
            out += [f'# Part {n}' if n == 0 else f'## Part {n % 40}', '']
            n += 1
        out += [f'[quote: Speaker {word(i % VOICES)}]', f'These are the words number {i % 4} that are said.', '']
    return '\n'.join(out)


def article():
    """About an hour of speech in 9,000 words, none of it twice."""
    out = ['Hours of speech', '']
    for i in range(int(HOURS * 300)):
        if i % 20 == 0:
            out += [f'## Part {i // 20}', '']
        out += [f'Paragraph {i} tells of {i * 7 + 3} ships and {i * 13 + 5} people, and nobody had counted them before the year {1500 + i % 500}. '
                f'“We saw number {i} come in,” said Tom Brandt, who lives there.', '']
    return '\n'.join(out)


def watch(process):
    seen = []
    while process.poll() is None:
        try:
            with open(f'/proc/{process.pid}/smaps_rollup', encoding='ascii') as file:
                pss = sum(int(line.split()[1]) for line in file if line.startswith('Pss:'))
            seen.append((pss, len(os.listdir(f'/proc/{process.pid}/fd'))))
        except (FileNotFoundError, PermissionError, ProcessLookupError):
            pass
        time.sleep(0.2)
    return seen


try:
    with open(folder + '/in.md' if HOURS else folder + '/in.script', 'w', encoding='utf-8') as file:
        file.write(article() if HOURS else text())
    with open(folder + '/fifty.ini', 'w', encoding='utf-8') as file:
        file.write(cast())
    options = [] if HOURS else ['--cast', './fifty.ini']
    environment = dict(os.environ, XDG_CACHE_HOME=folder + '/cache', LC_ALL='C.UTF-8')
    process = subprocess.Popen([CRIER, 'make', '-q', '--json', '--stall', '600', '--sample-rate', '16000', '--bitrate', '40', *options,
                                *(['--no-cache'] if HOURS else []), '-o', 'out.mp3', 'in.md' if HOURS else 'in.script'],
                               cwd=folder, env=environment, stdout=open(folder + '/report', 'w', encoding='utf-8'))
    seen = watch(process)
    assert process.returncode == 0, f'exit {process.returncode}'
    with open(folder + '/report', encoding='utf-8') as file:
        report = json.load(file)
    inspected = json.loads(subprocess.run([CRIER, 'inspect', '--json', 'out.mp3'], cwd=folder, stdout=subprocess.PIPE, check=False).stdout)
    probed = float(subprocess.run(['ffprobe', '-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', 'out.mp3'], cwd=folder,
                                  stdout=subprocess.PIPE, check=True).stdout)
    quarter = seen[len(seen) // 4:]
    print(f'{report["passages"]} passages, {len(report["chapters"])} chapters, {report["duration_ms"] / 3.6e6:.2f} hours, '
          f'{report["bytes"] >> 20} MB; main process {quarter[0][0]} kB (PSS) after a quarter, at most {max(p for p, _ in quarter)} kB; '
          f'at most {max(n for _, n in seen)} descriptors; ffprobe {probed:.3f} s, report {report["duration_ms"] / 1000:.3f} s; '
          f'CPU {sum(report["cpu_s"].values()):.0f} s, wall {report["wall_s"]:.0f} s')
    assert inspected['gapless']['samples'] * 1000 // inspected['sample_rate_hz'] in (report['duration_ms'], report['duration_ms'] - 1)
    assert abs(probed * 1000 - report['duration_ms']) <= 72, 'ffprobe says another length'  # it may count the delay: two frames
    # The script, its cues and the chapters stay in memory, two kilobytes a passage; the sound does not.
    assert max(p for p, _ in quarter) < 16384 + 2 * report['passages'], 'memory grows'
    assert max(n for _, n in quarter) <= max(n for _, n in seen[:len(seen) // 4 + 1]) + 4, 'descriptors are lost'
    if not HOURS:
        assert report['passages'] >= PASSAGES
        assert 128 <= len(report['chapters']) <= 255, len(report['chapters'])
        assert len({speaker['voice'] for speaker in report['speakers']}) == VOICES, 'not fifty voices'
finally:
    shutil.rmtree(folder, ignore_errors=True)
