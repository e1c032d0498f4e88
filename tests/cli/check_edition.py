#!/usr/bin/python3
"""check_edition.py CRIER ARTICLE [--frame] [OPTION|ARTICLE...]: makes an edition and checks it with tools that are not ours.

--frame gives it an intro and an outro at 48 kHz in stereo and a chime at 8 kHz in mono.

ffprobe, mutagen and eyeD3 must list the chapters alike, ffmpeg and mpg123 must decode exactly the samples that went in, mp3val and ffmpeg
must have no complaint, loudness and true peak must keep the contract, the sidecars must agree with the chapters, and two runs must give the
same bytes."""
import json
import pathlib
import math
import re
import struct
import subprocess
import sys
import tempfile
import wave

import mutagen.id3
import mutagen.mp3

LOUDNESS, LOUDNESS_WITHIN, PEAK = -19.0, 0.5, -1.0
FAILURES = []


def check(what, found, wanted):
    if found != wanted:
        FAILURES.append(f"{what}: found {found!r}, wanted {wanted!r}")


def run(*command, **more):
    done = subprocess.run([str(c) for c in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, **more)
    return done.returncode, done.stdout, done.stderr


def ffprobe_chapters(path):
    _, out, err = run("ffprobe", "-v", "warning", "-show_chapters", "-of", "json", path)
    check("ffprobe's complaints", err.decode(), "")
    return [(round(float(c["start_time"]) * 1000), round(float(c["end_time"]) * 1000), c["tags"]["title"])
            for c in json.loads(out)["chapters"]]


def mutagen_chapters(path):
    tags = mutagen.id3.ID3(path)
    check("ID3 version", tags.version, (2, 3, 0))
    contents = tags.getall("CTOC")
    check("number of CTOC", len(contents), 1)
    frames = {c.element_id: c for c in tags.getall("CHAP")}
    check("CTOC's children", sorted(contents[0].child_element_ids), sorted(frames))
    return [(frames[i].start_time, frames[i].end_time, str(frames[i].sub_frames["TIT2"])) for i in contents[0].child_element_ids]


def eyed3_chapters(path):
    program = "import eyed3,sys,json;t=eyed3.load(sys.argv[1]).tag;" \
              "print(json.dumps([[c.times[0],c.times[1],c.title] for c in t.chapters]))"
    _, out, _ = run("/usr/bin/python3", "-c", program, path)
    return sorted(tuple(c) for c in json.loads(out))


def decoded(path):
    _, raw, _ = run("ffmpeg", "-v", "error", "-i", path, "-f", "s16le", "-ac", "1", "-")
    _, raw2, err = run("mpg123", "-q", "-s", "-m", "--gapless", path)
    check("mpg123's complaints", err.decode(), "")
    return len(raw) // 2, len(raw2) // 2


def loudness(path):
    _, _, err = run("ffmpeg", "-nostats", "-i", path, "-af", "ebur128=peak=true", "-f", "null", "-")
    tail = err.decode()[err.decode().rindex("Summary:"):]
    return float(re.search(r"I:\s+(-?[\d.]+) LUFS", tail)[1]), float(re.search(r"Peak:\s+(-?[\d.]+) dBFS", tail)[1])


def check_sidecars(path, chapters, duration_ms):
    stem = path.with_suffix("")
    side = json.loads(pathlib.Path(f"{stem}.chapters.json").read_text("utf-8"))
    check("chapters JSON version", side["version"], "1.2.0")
    check("chapters JSON", [(round(c["startTime"] * 1000), c["title"]) for c in side["chapters"]], [(s, t) for s, _, t in chapters])
    stamp = re.compile(r"(?:(\d+):)?(\d\d):(\d\d)[.,](\d{3}) --> (?:(\d+):)?(\d\d):(\d\d)[.,](\d{3})")

    def times(text):
        found = []
        for m in stamp.finditer(text):
            g = [int(x or 0) for x in m.groups()]
            found.append((((g[0] * 60 + g[1]) * 60 + g[2]) * 1000 + g[3], ((g[4] * 60 + g[5]) * 60 + g[6]) * 1000 + g[7]))
        return found

    vtt = pathlib.Path(f"{stem}.vtt").read_text("utf-8")
    srt = pathlib.Path(f"{stem}.srt").read_text("utf-8")
    check("VTT's first line", vtt.split("\n")[0], "WEBVTT")
    cues = times(vtt)
    check("SRT cues", times(srt), cues)
    check("there are cues", bool(cues), True)
    starts = [s for s, _, _ in chapters[1:]]
    for i, (start, end) in enumerate(cues):
        if not start < end <= duration_ms or end - start > 7000 or (i and start < cues[i - 1][1]):
            FAILURES.append(f"cue {i}: {start} to {end}")
        if any(start < s < end for s in starts):
            FAILURES.append(f"cue {i} crosses a chapter start")
    for line in vtt.split("\n"):
        if "-->" not in line and len(re.sub(r"<[^>]*>", "", line)) > 65:
            FAILURES.append(f"VTT line too long: {line}")


def write_tone(path, rate, channels, seconds):
    """A chord that dies away, louder than speech."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        for i in range(int(rate * seconds)):
            t = i / rate
            value = sum(math.sin(2 * math.pi * hz * t) for hz in (330, 440, 660)) / 3 * math.exp(-t / seconds)
            file.writeframes(struct.pack("<h", int(30000 * value)) * channels)
    return str(path)


def frame_options(folder):
    return ["--intro", write_tone(folder + "/intro.wav", 48000, 2, 3), "--outro", write_tone(folder + "/outro.wav", 48000, 2, 4),
            "--chime", write_tone(folder + "/chime.wav", 8000, 1, 1)]


def main():
    crier, article, options = sys.argv[1], sys.argv[2], sys.argv[3:]
    with tempfile.TemporaryDirectory() as folder:
        if "--frame" in options:
            options.remove("--frame")
            options = frame_options(folder) + options
        path = pathlib.Path(folder) / "edition.mp3"
        code, out, err = run(crier, "make", "-q", "--json", "--no-cache", "--sidecars", "-o", path, *options, article)
        check("exit code", code, 0)
        check("standard error", err.decode(), "")
        report = json.loads(out)
        chapters = ffprobe_chapters(path)
        check("mutagen's chapters", mutagen_chapters(path), chapters)
        check("eyeD3's chapters", eyed3_chapters(path), sorted(chapters))
        check("the report's chapters", [(c["start_ms"], c["end_ms"], c["title"]) for c in report["chapters"]], chapters)
        check("chapters are without gap", [c[0] for c in chapters], [0] + [c[1] for c in chapters[:-1]])
        check("chapters start on whole seconds", [c[0] % 1000 for c in chapters], [0] * len(chapters))
        code, out, _ = run(crier, "inspect", "--json", path)
        inspection = json.loads(out)
        check("inspect's breaches", (code, inspection["breaches"]), (0, []))
        check("decoded by ffmpeg and mpg123", decoded(path), (inspection["gapless"]["samples"],) * 2)
        rate = mutagen.mp3.MP3(path).info.sample_rate
        check("duration in the report", report["duration_ms"], round(inspection["gapless"]["samples"] * 1000 / rate))
        _, out, _ = run("mp3val", path)
        complaints = [ln for ln in out.decode("utf-8", "replace").split("\n") if ln.startswith(("WARNING", "ERROR"))]
        check("mp3val's complaints", complaints, [])
        lufs, peak = loudness(path)
        if abs(lufs - LOUDNESS) > LOUDNESS_WITHIN:
            FAILURES.append(f"loudness {lufs} LUFS")
        if abs(lufs - report["loudness_lufs"]) > 0.25:  # ffmpeg prints one digit
            FAILURES.append(f"loudness {lufs} LUFS, the report says {report['loudness_lufs']}")
        if peak > PEAK:
            FAILURES.append(f"true peak {peak} dBTP")
        check_sidecars(path, chapters, report["duration_ms"])
        again = pathlib.Path(folder) / "again.mp3"
        run(crier, "make", "-q", "--no-cache", "-j1", "-o", again, *options, article)
        check("the same bytes from -j1", again.read_bytes() == path.read_bytes(), True)
    print("\n".join(FAILURES) or f"ok: {len(chapters)} chapters, {report['duration_ms']} ms, {lufs} LUFS, {peak} dBTP")
    return bool(FAILURES)


if __name__ == "__main__":
    sys.exit(main())
