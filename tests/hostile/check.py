#!/usr/bin/env python3
"""check.py CRIER [NAME...]: inputs that somebody made to do harm, through the program itself.

Each case runs in a folder of its own under limits of memory and time. What is checked: the exit code, that no sanitizer and no
signal had a word, that memory and time stay in bounds, that no control character reaches the terminal, and that nothing is left
in the folder but what was asked for. Ends with a line of counts."""
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import xml.dom.minidom

CRIER = os.path.realpath(sys.argv[1])
CASES = []
SANITIZED = b'__asan_init' in open(CRIER, 'rb').read()
MEMORY = 1536 << 20  # bytes of address space; the address sanitizer needs all there is
SECONDS = 60 if SANITIZED else 25


def case(function):
    CASES.append(function)
    return function


class Run:
    def __init__(self, folder):
        self.folder = folder
        self.n = 0

    def write(self, name, data):
        path = os.path.join(self.folder, name)
        with open(path, 'wb') as file:
            file.write(data if isinstance(data, bytes) else data.encode())
        return name

    def crier(self, *args, stdin=None, codes=(0,), seconds=SECONDS, environment=None, memory=MEMORY):
        self.n += 1

        def limit():
            if not SANITIZED:
                resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            resource.setrlimit(resource.RLIMIT_FSIZE, (256 << 20, 256 << 20))

        env = dict(os.environ, HOME=self.folder, XDG_CACHE_HOME=self.folder + '/.cache', LC_ALL='C.UTF-8', **(environment or {}))
        started = time.monotonic()
        done = subprocess.run([CRIER, *args], cwd=self.folder, input=stdin, stdin=None if stdin is not None else subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env, preexec_fn=limit, timeout=seconds * 4)
        took = time.monotonic() - started
        said = done.stderr.decode('utf-8', 'replace')
        assert done.returncode in codes, f'exit {done.returncode}, not {codes}: {said[-2000:]}'
        assert 'Sanitizer' not in said and 'runtime error' not in said, said[-4000:]
        assert took < seconds, f'{took:.1f} s'
        for stream in (done.stderr, b'' if '--json' in args else done.stdout):
            control = [c for c in stream.decode('utf-8', 'replace') if (c < ' ' and c not in '\n\t') or '\x7f' <= c < '\xa0']
            assert not control, f'control characters reach the terminal: {control[:5]!r}'
        assert said.count('\n') < 50, 'a flood of messages'
        return done

    def left(self):
        return sorted(name for name in os.listdir(self.folder) if name != '.cache')


# ---- sheer size ----

@case
def a_megabyte_of_quotation_marks(run):
    for mark in ('"', '“', '’', '«'):
        run.crier('script', run.write('a.txt', mark * 500000 + ' word ' + mark * 500000), codes=(0, 65))


@case
def quotations_that_never_close(run):
    run.crier('script', run.write('a.txt', '“Open word. ' * 80000))
    run.crier('script', run.write('b.txt', '“Open.\n\n' * 80000))


@case
def deep_lists(run):
    run.crier('script', run.write('a.md', '- ' * 100000 + 'word'), codes=(0, 65))
    run.crier('script', run.write('b.md', ''.join(' ' * (2 * i) + '- item\n' for i in range(1500))))
    run.crier('script', run.write('c.md', '>' * 100000 + ' word'), codes=(0, 65))


@case
def deep_markup(run):
    run.crier('script', run.write('a.md', '[' * 100000 + 'word' + ']' * 100000))
    run.crier('script', run.write('b.md', '*a **a ' * 50000))
    run.crier('script', run.write('c.md', '`' * 50000 + ' word ' + '``' * 30000))
    run.crier('script', run.write('d.md', '![' * 50000 + 'word'))
    run.crier('script', run.write('e.md', ''.join(f'[{i}]: /u\n' for i in range(50000)) + '\n' + '[1] ' * 50000))


@case
def deep_elements(run):
    for tag in ('div', 'blockquote', 'ul><li', 'b', 'table><tr><td', 'span', 'a href=x'):
        run.crier('script', run.write('a.html', f'<{tag}>' * 30000 + '<p>Words that somebody reads.</p>'), codes=(0, 65))
    run.crier('script', run.write('b.html', '<p>Words.' * 200000))
    run.crier('script', run.write('c.html', '<p ' + ' '.join(f'a{i}=1' for i in range(20000)) + '>Words that are read.'), codes=(0, 65))
    run.crier('script', run.write('d.html', '<script type="application/ld+json">' + '[' * 200000 + '</script><p>Words.'), codes=(0, 65))


@case
def one_long_line(run):
    run.crier('script', run.write('a.txt', ('word, and much more ' * (3 << 20))[:50 << 20]), seconds=6 * SECONDS, memory=12 << 30)
    run.crier('script', run.write('b.txt', 'w' * (10 << 20)), codes=(0, 65))


@case
def a_million_headings(run):
    run.crier('script', run.write('a.md', '# H\n' * 1000000), codes=(0, 65), seconds=6 * SECONDS, memory=12 << 30)


@case
def a_sparse_file(run):
    with open(os.path.join(run.folder, 'a.txt'), 'wb') as file:
        file.truncate(4 << 30)
    run.crier('script', 'a.txt', codes=(65,))
    run.crier('make', 'a.txt', codes=(65,))
    assert run.left() == ['a.txt'], run.left()


@case
def a_stream_without_end(run):
    with open('/dev/zero', 'rb') as zero:
        done = subprocess.run([CRIER, 'script', '-'], stdin=zero, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=SECONDS)
    assert done.returncode == 65, done


@case
def a_bomb_of_entities(run):
    bomb = '<!DOCTYPE lexicon [<!ENTITY a0 "aaaaaaaaaa">' + ''.join(
        f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12)) + ']>'
    lexicon = bomb + '<lexicon version="1.0" alphabet="ipa"><lexeme><grapheme>x</grapheme><alias>&a11;</alias></lexeme></lexicon>'
    leak = '<!DOCTYPE lexicon [<!ENTITY a SYSTEM "secret">]><lexicon><lexeme><grapheme>x</grapheme><alias>&a;</alias></lexeme></lexicon>'
    run.write('secret', 'swordfish')
    text = run.write('a.txt', 'A title\n\nThe x is here.\n')
    for content in (bomb + '<lexicon/>', lexicon, leak):
        done = run.crier('script', '--lexicon', run.write('l.pls', content), text, codes=(0, 65))
        assert b'swordfish' not in done.stdout


# ---- names and messages ----

@case
def shell_signs_in_names(run):
    for name in ('$(touch x).txt', '; touch x;.txt', '-rf.txt', 'a\nb.txt', "a'b\"c`touch x`.txt", 'a|b&c.txt', '*.txt', '\\.txt'):
        run.write(name, 'A title\n\nWords that are read.\n')
        run.crier('make', '-q', '--no-cache', './' + name)
        assert 'x' not in run.left(), name
        os.unlink(os.path.join(run.folder, name[:-4] + '.mp3'))
        os.unlink(os.path.join(run.folder, name))
    assert run.left() == [], run.left()


@case
def titles_are_no_paths(run):
    text = '---\ntitle: "../../../tmp/escape/$(touch x)"\nauthor: "; touch x"\ncover: /etc/passwd\n---\n\nWords that are read.\n'
    run.crier('make', '-q', '--no-cache', '--sidecars', run.write('a.md', text))
    assert all(name.startswith('a.') for name in run.left()), run.left()


@case
def escapes_reach_no_terminal(run):
    evil = '\x1b[2J\x1b]0;owned\x07\x9b31m\x7f'
    run.write('a.md', f'---\ntitle: "T{evil}"\nauthor: "A{evil}"\nvoices:\n  "B{evil}": "nobody{evil}"\n---\n\n# H{evil}\n\n'
                      f'“Quoted{evil} words,” said Ann Lee{evil}.\n\n```\n{evil}\n```\n' + 'And many more words that nobody minds.\n' * 60)
    run.crier('script', '--format', 'text', 'a.md', codes=(0, 65, 69))
    run.crier('script', 'a.md', codes=(0, 65, 69))
    run.crier('make', '--dry-run', '-v', 'a.md', codes=(0, 65, 69))
    run.write('b.md', f'---\ntitle: "T{evil}"\nauthor: "A{evil}"\n---\n\n# H{evil}\n\n“Quoted{evil} words,” said Ann Lee{evil}.\n'
                      + 'And many more words that nobody minds.\n' * 60)
    run.crier('make', '-v', '--no-cache', '--sidecars', '-o', 'b.mp3', 'b.md')
    run.crier('inspect', 'b.mp3')
    run.crier('make', f'no{evil}such.txt', codes=(66,))
    run.crier('make', f'--no{evil}such', codes=(2,))
    run.crier(f'no{evil}such', codes=(2,))
    run.crier('make', '--cast', f'c{evil}', 'b.md', codes=(69,))
    run.crier('make', '--cast', './' + run.write('c.ini', f'[voice {evil}]\nx{evil} = {evil}\n'), 'b.md', codes=(65, 69))
    run.crier('make', '--lexicon', run.write('l.txt', f'x{evil} {evil}\n'), 'b.md', codes=(65, 69))
    run.crier('make', run.write('s.txt', f'crier script 1\n[{evil}]\n'), codes=(65,))


@case
def markup_in_captions(run):
    run.write('a.txt', 'A --> B <script>alert(1)</script>\n\nX said: “</c><script>alert(1)</script> --> NOTE & done,” said Ann <b>Lee</b>.\n')
    run.crier('make', '-q', '--no-cache', '--sidecars', 'a.txt')
    with open(os.path.join(run.folder, 'a.vtt'), encoding='utf-8') as file:
        vtt = file.read()
    assert '<script' not in vtt, vtt
    assert vtt.count('-->') == sum(line[:1].isdigit() and '-->' in line for line in vtt.split('\n')), vtt


# ---- where things are read from and written to ----

@case
def pipes_devices_folders(run):
    os.mkfifo(os.path.join(run.folder, 'pipe.txt'))
    os.mkdir(os.path.join(run.folder, 'folder'))
    for name in ('pipe.txt', '/dev/zero', '/dev/null', '/proc/self/mem', 'folder'):
        run.crier('make', '-q', name, codes=(65, 66, 74))
        run.crier('script', name, codes=(65, 66, 74))
        run.crier('inspect', name, codes=(65, 66, 74))
        run.crier('script', '--lexicon', name, run.write('a.txt', 'Words.'), codes=(65, 66, 74))
    assert run.left() == ['a.txt', 'folder', 'pipe.txt'], run.left()


@case
def outputs_that_are_links(run):
    text = run.write('a.txt', 'A title\n\nWords.\n')
    run.write('victim', 'precious')
    os.symlink('victim', os.path.join(run.folder, 'link.mp3'))
    os.symlink('nowhere/at/all', os.path.join(run.folder, 'dangling.mp3'))
    os.symlink('loop.mp3', os.path.join(run.folder, 'loop.mp3'))
    run.crier('make', '-q', '--no-cache', '-o', 'link.mp3', text, codes=(0, 73))
    with open(os.path.join(run.folder, 'victim')) as file:
        assert file.read() == 'precious', 'wrote through a link'
    run.crier('make', '-q', '--no-cache', '-o', 'dangling.mp3', text, codes=(0, 73))
    run.crier('make', '-q', '--no-cache', '-o', 'loop.mp3', text, codes=(0, 73))
    for path in ('/dev/full', '/dev/null', '/proc/self/x.mp3', 'folder/none.mp3', ''):
        run.crier('make', '-q', '--no-cache', '-o', path, text, codes=(2, 73))
    assert run.left() == ['a.txt', 'dangling.mp3', 'link.mp3', 'loop.mp3', 'victim'], run.left()


@case
def links_in_an_inbox(run):
    os.makedirs(os.path.join(run.folder, 'l/inbox'))
    run.write('secret.txt', 'A secret\n\nThe swordfish swims at night.\n')
    for name, target in (('link.txt', '../../secret.txt'), ('dangling.txt', 'nowhere'), ('loop.txt', 'loop.txt'), ('folder', '../..'),
                         ('device.txt', '/dev/zero'), ('passwd.txt', '/etc/passwd')):
        os.symlink(target, os.path.join(run.folder, 'l/inbox', name))
    os.mkfifo(os.path.join(run.folder, 'l/inbox/pipe.txt'))
    run.write('l/inbox/good.txt', 'A good title\n\nWords that are read.\n')
    done = run.crier('batch', 'l', codes=(0, 1, 65, 66))
    episodes = sorted(name for name in os.listdir(os.path.join(run.folder, 'l/public/episodes')) if name.endswith('.mp3'))
    assert len(episodes) == 1, episodes
    for folder, _, names in os.walk(os.path.join(run.folder, 'l/public')):
        for name in names:
            with open(os.path.join(folder, name), 'rb') as file:
                content = file.read()
            assert b'swordfish' not in content and b'root:' not in content, name
    assert len(os.listdir(os.path.join(run.folder, 'l/inbox'))) == 8, 'the inbox was changed'
    assert done is not None


@case
def links_where_a_library_writes(run):
    os.makedirs(os.path.join(run.folder, 'l/inbox'))
    os.makedirs(os.path.join(run.folder, 'l/public'))
    run.write('victim', 'precious')
    for name in ('feed.xml', 'index.html', 'cover.png'):
        os.symlink('../../victim', os.path.join(run.folder, 'l/public', name))
    run.write('l/inbox/good.txt', 'A good title\n\nWords that are read.\n')
    run.crier('batch', 'l', codes=(0, 1, 73))
    with open(os.path.join(run.folder, 'victim'), encoding='ascii') as file:
        assert file.read() == 'precious', 'wrote through a link'


@case
def markup_in_pages_and_feed(run):
    os.makedirs(os.path.join(run.folder, 'l/inbox'))
    evil = '<script>alert(1)</script>"\' onload=alert(1) ]]>&amp;<!-- </script><img src=x onerror=alert(1)> {{title}} ../../x'
    run.write('l/crier.ini', f'[show]\ntitle = T {evil}\nauthor = A {evil}\ndescription = D {evil}\nurl = https://www.example.org/\n')
    run.write('l/inbox/a.txt', f'Title {evil}\n\nBy Jane {evil}\n\n“Words {evil},” said Ann {evil}.\n\nPART TWO\n\nMore {evil} words.\n')
    run.write('l/inbox/$(touch owned) ; x.txt', 'Another title\n\nWords that are read.\n')
    run.crier('batch', 'l', codes=(0, 65))
    assert 'owned' not in run.left() and 'owned' not in os.listdir(os.path.join(run.folder, 'l')), 'a name ran a command'
    public = os.path.join(run.folder, 'l/public')
    seen = 0
    for folder, _, names in os.walk(public):
        for name in names:
            path = os.path.join(folder, name)
            assert '..' not in name and os.path.realpath(path).startswith(os.path.realpath(public)), name
            if not name.endswith(('.html', '.xml', '.vtt', '.json', '.js')) or '/assets' in folder:
                continue
            with open(path, encoding='utf-8') as file:
                content = file.read()
            seen += 1
            if name.endswith('.xml'):
                xml.dom.minidom.parseString(content.encode())  # well-formed, whatever the words are
                content = content.replace('<![CDATA[', '')
            if name.endswith('.json'):
                json.loads(content)
            else:
                assert 'alert(1)</script>' not in content and '<img src=x' not in content, f'{name} carries a script'
    assert seen >= 5, seen


COMMAND_CAST = '''[cast]
name = E
language = en
[roles]
narrator = n
headline = n
woman = n
man = n
neutral = n
unknown = n
[voice n]
engine = command
command = touch owned
model = x
'''


@case
def commands_only_from_a_cast_the_user_named(run):
    run.write('evil.ini', COMMAND_CAST)
    os.mkdir(os.path.join(run.folder, 'casts'))
    shutil.copy(os.path.join(run.folder, 'evil.ini'), os.path.join(run.folder, 'casts', 'english.ini'))
    for key in ('cast', 'command', 'engine', 'voice', 'lexicon', 'voices', 'intro'):
        for value in ('evil.ini', './evil.ini', 'touch owned'):
            text = run.write('a.md', f'---\ntitle: T\n{key}: {value}\n{key}s:\n  {key}: {value}\n---\n\nWords that are read.\n')
            run.crier('make', '-q', '--no-cache', text, codes=(0, 65))
    run.crier('make', '-q', '--no-cache', run.write(
        's.txt', 'crier script 1\nlanguage: en\ncast: evil.ini\n\n# T\n\n[narration | voice: touch owned]\nWords.\n'), codes=(65, 69))
    run.crier('make', '-q', '--no-cache', run.write(
        'page.html', '<meta name="cast" content="evil.ini"><p>Words that are read by all who come here.</p>'), codes=(0, 65))
    assert 'owned' not in run.left(), 'an article ran a command'


@case
def casts_that_lie(run):
    text = run.write('a.txt', 'A title\n\nWords.\n')
    for content in (b'', b'\0' * 5000, b'[' * 100000, b'[voice a]\n' * 5000, b'[voice n]\npitch = 1e999\n', b'[roles]\nnarrator = ' + b'n ' * 90,
                    COMMAND_CAST.replace('touch owned', '/no/such/program').encode(), b'\xff\xfe[\0v\0', b'[voice \xff]\nmodel = ../../../etc/passwd\n',
                    COMMAND_CAST.replace('engine = command\ncommand = touch owned', 'engine = espeak').replace('model = x', 'model = ../../../../etc/passwd').encode()):
        run.crier('make', '-q', '--no-cache', '--cast', './' + run.write('c.ini', content), text, codes=(65, 69))
    assert 'a.mp3' not in run.left(), run.left()
    run.crier('make', '-q', '--cast', '../../../etc/passwd', text, codes=(65, 69))


@case
def sound_that_is_none(run):
    text = run.write('a.txt', 'A title\n\nWords.\n')
    for content in (b'', b'RIFF\xff\xff\xff\xffWAVEfmt ', b'fLaC' + b'\xff' * 400, b'OggS' + b'\0' * 400, b'ID3\x04\0\0\x7f\x7f\x7f\x7f'):
        for option in ('--intro', '--outro', '--chime'):
            run.crier('make', '-q', '--no-cache', option, run.write('i.wav', content), text,
                      codes=(0, 65, 66) if option == '--chime' else (65, 66))  # there is one chapter: no chime is needed
        run.crier('make', '-q', '--no-cache', '--cover', run.write('c.png', content), text, codes=(65, 66))
    for content in (b'\x89PNG\r\n\x1a\n' + b'\xff' * 100, b'\xff\xd8\xff' + b'\xff' * 100):
        run.crier('make', '-q', '--no-cache', '--cover', run.write('c.png', content), text, codes=(0, 65, 66))


@case
def a_cache_that_somebody_spoiled(run):
    text = run.write('a.txt', 'A title\n\nWords that are read, and some more.\n\nAnother paragraph.\n')
    run.crier('make', '-q', '-o', 'want.mp3', text)
    with open(os.path.join(run.folder, 'want.mp3'), 'rb') as file:
        want = file.read()
    for way in range(4):
        for folder, _, names in os.walk(os.path.join(run.folder, '.cache')):
            for name in names:
                path = os.path.join(folder, name)
                size = os.path.getsize(path)
                with open(path, 'r+b') as file:
                    if way == 0:
                        file.truncate(size // 2)
                    elif way == 1 and size > 100:
                        file.seek(size // 2)
                        file.write(b'\xff\0\xff\0')
                    elif way == 2:
                        file.truncate(0)
                    else:
                        file.write(os.urandom(min(size, 64)))
        run.crier('make', '-q', '-o', 'got.mp3', text)
        with open(os.path.join(run.folder, 'got.mp3'), 'rb') as file:
            assert file.read() == want, f'a spoiled cache is heard ({way})'


def main():
    wanted = sys.argv[2:]
    failed, runs = 0, 0
    for function in CASES:
        if wanted and function.__name__ not in wanted:
            continue
        folder = tempfile.mkdtemp(prefix='crier-hostile-')
        run = Run(folder)
        started = time.monotonic()
        try:
            function(run)
            print(f'ok      {function.__name__.replace("_", " ")} ({run.n} runs, {time.monotonic() - started:.1f} s)', flush=True)
        except (AssertionError, subprocess.TimeoutExpired) as problem:
            failed += 1
            print(f'FAILED  {function.__name__.replace("_", " ")}, run {run.n}: {str(problem)[:3000]}', flush=True)
        finally:
            runs += run.n
            shutil.rmtree(folder, ignore_errors=True)
    print(f'{runs} runs')
    return 1 if failed or not runs else 0


sys.exit(main())
