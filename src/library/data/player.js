/* The player of an episode's page. Everything it needs is in the page (#data), so that it works from a file as well; without it the
 * browser's own controls, the chapters' links and the transcript are there all the same. */
(function () {
    "use strict";
    var $ = function (id) { return document.getElementById(id); };
    var data = JSON.parse($("data").textContent), audio = $("audio"), text = $("text");
    var memory = "crier:" + data.guid, still = matchMedia("(prefers-reduced-motion: reduce)");
    var lines = data.lines, sentences = text.querySelectorAll(".s");
    var online = /^https?:$/.test(location.protocol); /* else a file of this machine */
    var START = 0, END = 1, SPEAKER = 2, WORDS = 3;

    /* ---- what is remembered ---- */

    function recall(key) {
        try {
            return JSON.parse(localStorage.getItem(key));
        } catch (e) {
            return null;
        }
    }
    function remember(key, value) {
        try {
            localStorage.setItem(key, JSON.stringify(value));
        } catch (e) { /* private window: nothing is remembered */ }
    }
    function duration() {
        return isFinite(audio.duration) && audio.duration > 0 ? audio.duration : data.duration / 1000;
    }
    function savePosition() {
        var t = audio.currentTime, d = duration();
        if (touched)
            remember(memory, {t: t, d: d, at: Date.now(), done: audio.ended || d - t < Math.min(20, d * 0.03), slug: data.slug,
                title: data.title});
    }

    /* ---- words ---- */

    function clock(seconds) {
        var s = Math.max(0, Math.floor(seconds)), h = Math.floor(s / 3600), m = Math.floor(s / 60) % 60, two = function (n) {
            return (n < 10 ? "0" : "") + n;
        };
        return h ? h + ":" + two(m) + ":" + two(s % 60) : m + ":" + two(s % 60);
    }
    function spokenClock(seconds) {
        var s = Math.max(0, Math.floor(seconds)), parts = [], add = function (n, unit) {
            if (n)
                parts.push(n + " " + unit + (n === 1 ? "" : "s"));
        };
        add(Math.floor(s / 3600), "hour");
        add(Math.floor(s / 60) % 60, "minute");
        if (s % 60 || !parts.length)
            parts.push(s % 60 + " second" + (s % 60 === 1 ? "" : "s"));
        return parts.join(" ");
    }
    function say(words) {
        $("status").textContent = words;
    }
    function voiceName(speaker) {
        return speaker >= 0 ? data.speakers[speaker] : speaker === -2 ? "Unnamed speaker" : "Narrator";
    }
    function voiceClass(speaker) {
        return speaker >= 0 ? "v" + (speaker % 8 + 1) : speaker === -2 ? "v0" : "";
    }

    /* The last of `n` things that starts at or before `ms`, or -1. */
    function lastBefore(n, startOf, ms) {
        var low = 0, high = n;
        while (low < high) {
            var middle = (low + high) >> 1;
            if (startOf(middle) <= ms)
                low = middle + 1;
            else
                high = middle;
        }
        return low - 1;
    }
    function lineAt(ms) {
        return lastBefore(lines.length, function (i) { return lines[i][START]; }, ms);
    }
    function chapterAt(ms) {
        return lastBefore(data.chapters.length, function (i) { return data.chapters[i][0]; }, ms);
    }

    /* ---- a sentence's words become elements when it is first heard or touched ---- */

    var wrapped = {};
    function wrap(i) {
        if (wrapped[i])
            return wrapped[i];
        var span = sentences[i], whole = span.textContent, list = lines[i][WORDS], at = 0, when = lines[i][START], words = [];
        var parts = document.createDocumentFragment();
        for (var k = 0; k + 2 < list.length; k += 3) {
            var start = list[k], end = start + list[k + 1], word = document.createElement("span");
            when += list[k + 2];
            if (start < at || end > whole.length)
                continue;
            parts.appendChild(document.createTextNode(whole.slice(at, start)));
            word.className = "w";
            word.textContent = whole.slice(start, end);
            parts.appendChild(word);
            words.push({element: word, start: when});
            at = end;
        }
        parts.appendChild(document.createTextNode(whole.slice(at)));
        span.textContent = "";
        span.appendChild(parts);
        wrapped[i] = words;
        return words;
    }

    /* ---- following the sound ---- */

    var line = -1, word = null, chapter = -2, following = true, touched = false, chapterButtons = [];
    function mark(ms) {
        var now = lineAt(ms), words, w, element = null;
        if (now >= 0 && ms > lines[now][END] + 1500)
            now = -1; /* music, a long pause */
        if (now !== line) {
            if (line >= 0)
                sentences[line].classList.remove("on");
            line = now;
            if (line >= 0) {
                sentences[line].classList.add("on");
                voice(lines[line][SPEAKER]);
                if (following && touched)
                    reveal(false);
            }
        }
        if (line >= 0 && ms <= lines[line][END] + 250) {
            words = wrap(line);
            w = lastBefore(words.length, function (i) { return words[i].start; }, ms);
            element = w >= 0 ? words[w].element : null;
        }
        if (element !== word) {
            if (word)
                word.classList.remove("on");
            if (element)
                element.classList.add("on");
            word = element;
        }
        var c = chapterAt(ms);
        if (c !== chapter) {
            if (chapterButtons[chapter])
                chapterButtons[chapter].removeAttribute("aria-current");
            if (chapterButtons[c])
                chapterButtons[c].setAttribute("aria-current", "true");
            if (sleepAtChapter && chapter >= 0 && c === chapter + 1 && !audio.paused)
                sleepNow();
            chapter = c;
            $("now-chapter").textContent = c >= 0 ? data.chapters[c][1] : "";
            tellSystem();
        }
    }
    function voice(speaker) {
        var now = $("now-voice"), dot = document.createElement("i");
        now.textContent = "";
        now.className = "now-voice voice " + voiceClass(speaker);
        dot.className = "dot";
        now.appendChild(dot);
        now.appendChild(document.createTextNode(voiceName(speaker)));
    }
    function paint() {
        var t = audio.currentTime, d = duration(), seek = $("seek");
        mark(t * 1000);
        $("played-box").setAttribute("width", String(d ? 600 * t / d : 0));
        if (document.activeElement !== seek || !seek.matches(":active"))
            seek.value = String(t);
        if (seek.dataset.said !== String(Math.floor(t))) {
            seek.dataset.said = String(Math.floor(t));
            $("elapsed").textContent = clock(t);
            $("remaining").textContent = "−" + clock(d - t);
            seek.setAttribute("aria-valuetext", spokenClock(t) + " of " + spokenClock(d) +
                (chapter >= 0 ? ", " + data.chapters[chapter][1] : ""));
        }
    }
    var frame = 0;
    function run() {
        paint();
        frame = audio.paused ? 0 : requestAnimationFrame(run);
    }

    /* The sentence is brought into view unless the reader is reading elsewhere. */
    function inView(rect) {
        var dock = $("player").getBoundingClientRect(), bottom = dock.top > innerHeight / 2 ? dock.top : innerHeight;
        return rect.top >= 60 && rect.bottom <= bottom - 24;
    }
    function reveal(always) {
        if (line < 0)
            return;
        var rect = sentences[line].getBoundingClientRect();
        if (always || !inView(rect)) {
            var dock = $("player").getBoundingClientRect(), bottom = dock.top > innerHeight / 2 ? dock.top : innerHeight;
            scrollBy({top: rect.top - bottom * 0.32, behavior: still.matches ? "auto" : "smooth"});
        }
        $("return").hidden = true;
    }
    function lookAway() {
        if (!touched || audio.paused)
            return;
        following = false;
    }
    addEventListener("wheel", lookAway, {passive: true});
    addEventListener("touchmove", lookAway, {passive: true});
    addEventListener("scroll", function () {
        if (!following)
            $("return").hidden = line < 0 || inView(sentences[line].getBoundingClientRect());
    }, {passive: true});
    $("return").addEventListener("click", function () {
        following = true;
        reveal(true);
    });

    /* ---- going somewhere ---- */

    function goTo(seconds, play) {
        touched = true;
        following = true;
        var there = function () {
            audio.currentTime = Math.min(Math.max(0, seconds), duration());
            paint();
            savePosition();
        };
        if (audio.readyState >= 1)
            there();
        else {
            audio.addEventListener("loadedmetadata", there, {once: true});
            audio.load();
        }
        if (play)
            start();
    }
    function start() {
        touched = true;
        var promise = audio.play();
        if (promise)
            promise.catch(function (error) {
                if (error.name !== "AbortError")
                    say("The sound cannot be played: " + (navigator.onLine === false ? "there is no network." : error.message));
            });
    }
    function toggle() {
        if (audio.paused)
            start();
        else
            audio.pause();
    }
    function skip(seconds) {
        goTo(audio.currentTime + seconds, false);
    }
    function goChapter(step) {
        var ms = audio.currentTime * 1000, c = chapterAt(ms);
        /* Back within a chapter is back to its start, as on every player. */
        if (step < 0 && c >= 0 && ms - data.chapters[c][0] > 4000)
            step = 0;
        c = Math.max(0, c + step);
        if (c < data.chapters.length)
            goTo(data.chapters[c][0] / 1000, false);
    }
    function goSentence(step) {
        var ms = audio.currentTime * 1000, i = lineAt(ms);
        if (step < 0 && i >= 0 && ms - lines[i][START] > 1500)
            step = 0;
        i = Math.min(Math.max(0, i + step), lines.length - 1);
        if (i >= 0)
            goTo(lines[i][START] / 1000, false);
    }

    $("play").addEventListener("click", toggle);
    $("back").addEventListener("click", function () { skip(-15); });
    $("forward").addEventListener("click", function () { skip(30); });
    $("seek").addEventListener("input", function () { goTo(Number(this.value), false); });

    /* A click on a word hears it; marking text with the mouse does not. */
    text.addEventListener("click", function (event) {
        var span = event.target.closest(".s"), selection = getSelection();
        if (!span || (selection && !selection.isCollapsed))
            return;
        var i = Number(span.id.slice(1)), words = wrap(i), hit = document.elementFromPoint(event.clientX, event.clientY), ms = lines[i][START];
        words.forEach(function (w) {
            if (w.element === hit || w.element === event.target)
                ms = w.start;
        });
        goTo(ms / 1000, true);
    });

    /* The chapters' links into the file become buttons. */
    Array.prototype.forEach.call(document.querySelectorAll("a.chapter"), function (link, i) {
        var button = document.createElement("button");
        button.type = "button";
        button.className = "chapter";
        while (link.firstChild)
            button.appendChild(link.firstChild);
        link.replaceWith(button);
        chapterButtons[i] = button;
        button.addEventListener("click", function () { goTo(data.chapters[i][0] / 1000, true); });
    });

    /* ---- speed and sleep ---- */

    var speed = $("speed"), sleep = $("sleep"), sleepAt = 0, sleepAtChapter = false;
    function setSpeed(value) {
        audio.defaultPlaybackRate = audio.playbackRate = value;
        audio.preservesPitch = audio.webkitPreservesPitch = true;
        tellPosition();
    }
    function applySpeed(words) {
        speed.value = words;
        if (speed.selectedIndex < 0)
            speed.value = "1";
        setSpeed(Number(speed.value));
    }
    speed.addEventListener("change", function () {
        remember("crier-speed", speed.value);
        setSpeed(Number(speed.value));
    });
    function stepSpeed(step) {
        var to = speed.selectedIndex + step;
        if (to < 0 || to >= speed.options.length)
            return;
        speed.selectedIndex = to;
        speed.dispatchEvent(new Event("change"));
        say("Speed " + speed.options[to].text);
    }
    sleep.addEventListener("change", function () {
        sleepAtChapter = sleep.value === "chapter";
        sleepAt = sleepAtChapter ? 0 : Number(sleep.value) ? Date.now() + Number(sleep.value) * 60000 : 0;
        audio.volume = 1;
        say(sleepAtChapter ? "Stops at the end of this chapter." : sleepAt ? "Stops in " + sleep.value + " minutes." : "The sleep timer is off.");
    });
    function sleepNow() {
        audio.pause();
        audio.volume = 1;
        sleepAt = 0;
        sleepAtChapter = false;
        sleep.value = "0";
        say("Stopped by the sleep timer.");
    }
    function checkSleep() {
        if (!sleepAt || audio.paused)
            return;
        var left = sleepAt - Date.now();
        if (left <= 0)
            sleepNow();
        else if (left < 8000)
            audio.volume = left / 8000; /* fades out */
    }

    /* ---- keys ---- */

    var keysOn = $("keys-on");
    keysOn.checked = recall("crier-keys") !== false;
    keysOn.addEventListener("change", function () { remember("crier-keys", keysOn.checked); });
    document.addEventListener("keydown", function (event) {
        var target = event.target, name = target.tagName;
        if (!keysOn.checked || event.ctrlKey || event.metaKey || event.altKey || name === "SELECT" || name === "TEXTAREA" ||
            (name === "INPUT" && target.type !== "checkbox" && target.type !== "range"))
            return;
        var range = name === "INPUT" && target.type === "range", presses = name === "BUTTON" || name === "A" || name === "SUMMARY" || name === "INPUT";
        var action = {
            " ": presses ? null : toggle,
            "k": toggle,
            "ArrowLeft": range ? null : function () { skip(-15); },
            "ArrowRight": range ? null : function () { skip(30); },
            "j": function () { goSentence(-1); },
            "l": function () { goSentence(1); },
            "p": function () { goChapter(-1); },
            "n": function () { goChapter(1); },
            "-": function () { stepSpeed(-1); },
            "+": function () { stepSpeed(1); },
            "=": function () { stepSpeed(1); },
            "m": function () {
                audio.muted = !audio.muted;
                say(audio.muted ? "Sound off." : "Sound on.");
            },
        }[event.key.length === 1 ? event.key.toLowerCase() : event.key];
        if (action) {
            event.preventDefault();
            action();
        }
    });

    /* ---- the lock screen ---- */

    var session = navigator.mediaSession;
    function tellSystem() {
        if (!session || typeof MediaMetadata === "undefined")
            return;
        session.metadata = new MediaMetadata({
            title: data.title, artist: data.artist, album: chapter >= 0 && data.chapters.length > 1 ? data.chapters[chapter][1] : data.show,
            artwork: online ? [{src: new URL("../icons/icon-512.png", location.href).href, sizes: "512x512", type: "image/png"}] : [],
        });
    }
    function tellPosition() {
        var d = duration(), t = audio.currentTime;
        if (session && session.setPositionState && d > 0 && t >= 0 && t <= d)
            try {
                session.setPositionState({duration: d, playbackRate: audio.playbackRate, position: t});
            } catch (e) { /* a browser with other ideas of good values */ }
    }
    function onSystem(name, action) {
        try {
            session.setActionHandler(name, action);
        } catch (e) { /* not known here */ }
    }
    if (session) {
        onSystem("play", start);
        onSystem("pause", function () { audio.pause(); });
        onSystem("seekbackward", function (details) { skip(-(details.seekOffset || 15)); });
        onSystem("seekforward", function (details) { skip(details.seekOffset || 30); });
        onSystem("seekto", function (details) { goTo(details.seekTime, false); });
        onSystem("previoustrack", function () { goChapter(-1); });
        onSystem("nexttrack", function () { goChapter(1); });
    }

    /* ---- the sound's own words ---- */

    function showState() {
        var playing = !audio.paused;
        document.body.classList.toggle("playing", playing);
        $("play").setAttribute("aria-label", playing ? "Pause" : "Play");
        if (playing && !frame)
            frame = requestAnimationFrame(run);
        tellPosition();
    }
    var saved = 0;
    audio.addEventListener("play", function () {
        touched = true;
        say("");
        showState();
        if (following)
            reveal(false);
    });
    audio.addEventListener("pause", function () {
        showState();
        savePosition();
    });
    audio.addEventListener("ended", function () {
        showState();
        savePosition();
    });
    audio.addEventListener("seeked", function () {
        paint();
        tellPosition();
    });
    audio.addEventListener("timeupdate", function () {
        /* Also while the page is hidden and no frames are drawn. */
        if (document.hidden)
            paint();
        checkSleep();
        if (Date.now() - saved > 5000 && !audio.paused) {
            saved = Date.now();
            savePosition();
        }
    });
    audio.addEventListener("error", function () {
        say("The sound cannot be loaded." + (navigator.onLine === false ? " There is no network." : ""));
    });
    audio.addEventListener("durationchange", function () {
        $("seek").max = String(duration());
        paint();
    });
    addEventListener("pagehide", savePosition);
    document.addEventListener("visibilitychange", function () {
        if (document.hidden)
            savePosition();
        else
            paint();
    });

    /* ---- begin: #t=SECONDS, or where it was left ---- */

    function fromAddress() {
        var found = /[#&]t=(?:npt:)?(?:(\d+):)?(?:(\d+):)?(\d+(?:\.\d+)?)/.exec(location.hash);
        if (!found)
            return -1;
        var hours = found[2] === undefined ? 0 : Number(found[1]), minutes = found[2] === undefined ? Number(found[1] || 0) : Number(found[2]);
        return hours * 3600 + minutes * 60 + Number(found[3]);
    }
    addEventListener("hashchange", function () {
        if (fromAddress() >= 0)
            goTo(fromAddress(), false);
    });

    audio.removeAttribute("controls");
    $("dock").hidden = false;
    $("keys").hidden = false;
    document.body.classList.add("scripted");
    $("seek").max = String(duration());
    applySpeed(String(recall("crier-speed") || "1"));
    var last = recall(memory), asked = fromAddress();
    voice(-1);
    if (asked >= 0)
        goTo(asked, false);
    else if (last && !last.done && last.t > 5 && last.t < duration()) {
        goTo(last.t, false);
        say("You stopped at " + clock(last.t) + ".");
    }
    touched = touched && asked >= 0; /* what was only recalled is not newly heard */
    paint();

    /* ---- installable, and kept for a journey without network ---- */

    if (online) {
        var manifest = document.createElement("link");
        manifest.rel = "manifest";
        manifest.href = "../manifest.webmanifest";
        document.head.appendChild(manifest);
    }
    if (online && navigator.serviceWorker) {
        var offline = $("offline");
        var keep = function () {
            offline.disabled = true;
            offline.textContent = "Keeping for offline…";
            navigator.serviceWorker.ready.then(function (registration) {
                var channel = new MessageChannel();
                channel.port1.onmessage = function (event) {
                    offline.textContent = event.data.kept ? "Kept for offline" : "Keep for offline";
                    offline.disabled = event.data.kept;
                };
                registration.active.postMessage({keep: new URL(audio.getAttribute("src"), location.href).href,
                    page: location.href.split("#")[0]}, [channel.port2]);
            });
        };
        navigator.serviceWorker.register("../sw.js").then(function () {
            offline.hidden = false;
            offline.addEventListener("click", keep);
            /* Not over a connection that is paid by the byte. */
            if (!(navigator.connection && navigator.connection.saveData))
                setTimeout(keep, 1500);
        }, function () {});
    }
})();
