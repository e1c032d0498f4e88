/* The pages as a listener uses them: real sound, real clicks. pages.js CHROMIUM URL PUBLIC OUT
 * A busy machine may be late with everything, so nothing is measured by the clock on the wall: what the page shows is compared with the
 * sound's own time, and what must come is waited for. */
"use strict";
const assert = require("node:assert/strict");
const path = require("node:path");
const {chromium} = require("playwright-core");
const axe = require.resolve("axe-core");
const [executablePath, base, folder, out] = process.argv.slice(2);
const PATIENCE_MS = 90000;
const PHONE = {width: 360, height: 740}, DESK = {width: 1200, height: 900};
const episode = base + "/episodes/harbour-lights.html";

let browser;
const checks = [];
const check = (name, run) => checks.push({name, run});

/* A page that must stay silent and ask nobody else. */
async function open(url, options = {}) {
    const context = await browser.newContext({viewport: PHONE, ...options});
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    page.complaints = [];
    page.on("pageerror", (error) => page.complaints.push(String(error)));
    page.on("console", (message) => {
        if (["error", "warning"].includes(message.type()))
            page.complaints.push(message.text() + " " + message.location().url);
    });
    page.on("dialog", (dialog) => {
        page.complaints.push("dialog " + dialog.message());
        dialog.dismiss();
    });
    context.on("request", (request) => {
        const asked = new URL(request.url());
        if (asked.protocol.startsWith("http") && asked.origin !== base)
            page.complaints.push("asked another host: " + asked);
    });
    await page.goto(url);
    return page;
}
async function close(page) {
    assert.deepEqual(page.complaints, []);
    await page.context().close();
}
const time = (page) => page.$eval("#audio", (audio) => audio.currentTime);
const near = (actual, wanted, within, what) =>
    assert.ok(Math.abs(actual - wanted) <= within, `${what}: ${actual} is not within ${within} of ${wanted}`);
const data = (page) => page.$eval("#data", (element) => JSON.parse(element.textContent));
async function playing(page) {
    await page.waitForFunction(() => {
        const audio = document.getElementById("audio");
        return !audio.paused && audio.readyState >= 3 && !audio.seeking;
    });
}
/* Sound was heard from `wanted` on, by the browser's own account of what was played; so it does not matter how late we ask. */
async function heardFrom(page, wanted, what) {
    await playing(page);
    await page.waitForFunction((t) => document.getElementById("audio").currentTime > t, wanted);
    const starts = await page.$eval("#audio", ({played}) => Array.from({length: played.length}, (_, i) => played.start(i)));
    assert.ok(starts.some((start) => Math.abs(start - wanted) <= 0.1), `${what}: heard from ${starts}, not ${wanted}`);
}

check("plays: the MP3 is decoded and time goes on", async () => {
    const page = await open(episode);
    assert.equal(await page.$eval("#audio", (audio) => audio.paused), true, "nothing plays by itself");
    const begin = Date.now();
    await page.click("#play");
    await page.waitForFunction(() => document.getElementById("audio").currentTime >= 1.5);
    const heard = await time(page), passed = (Date.now() - begin) / 1000;
    assert.ok(heard <= passed + 0.1, `${heard} s of sound in ${passed} s`);
    assert.ok(await page.$eval("#audio", (audio) => audio.webkitAudioDecodedByteCount) > 0, "sound was decoded");
    near(await page.$eval("#audio", (audio) => audio.duration), (await data(page)).duration / 1000, 0.06, "duration");
    assert.equal(await page.getAttribute("#play", "aria-label"), "Pause");
    await page.click("#play");
    assert.equal(await page.$eval("#audio", (audio) => audio.paused), true);
    await close(page);
});

check("chapters: each button goes to its start and is then the current one", async () => {
    const page = await open(episode), {chapters} = await data(page);
    assert.ok(chapters.length >= 3);
    for (const [i, [ms, title]] of [...chapters.entries()].reverse()) {
        const button = page.locator("button.chapter").nth(i);
        assert.ok((await button.textContent()).includes(title));
        await button.click();
        await heardFrom(page, ms / 1000, "chapter " + i);
        assert.equal(await button.getAttribute("aria-current"), "true");
        assert.equal(await page.locator(".chapter[aria-current]").count(), 1);
    }
    await close(page);
});

check("words: a click on a word goes to that word", async () => {
    const page = await open(episode), {lines} = await data(page);
    /* Asked to play it stays where it is, so that there is time to look. */
    await page.evaluate(() => { document.getElementById("audio").play = () => { window.asked = true; }; });
    for (const i of [3, 9, 14]) {
        const start = lines[i][0], words = lines[i][3];
        const k = Math.floor(words.length / 6) * 3;
        let when = start;
        for (let n = 0; n <= k; n += 3)
            when += words[n + 2];
        /* Where the word is on the screen, found without the page's own script. */
        const spot = await page.evaluate(([id, from, length]) => {
            const span = document.getElementById(id), walker = document.createTreeWalker(span, NodeFilter.SHOW_TEXT);
            span.scrollIntoView({block: "center"});
            let at = 0, node;
            while ((node = walker.nextNode()) && at + node.data.length <= from)
                at += node.data.length;
            const range = document.createRange();
            range.setStart(node, from - at);
            range.setEnd(node, from - at + length);
            const box = range.getBoundingClientRect();
            return {x: box.x + box.width / 2, y: box.y + box.height / 2, word: range.toString()};
        }, ["s" + i, words[k], words[k + 1]]);
        await page.evaluate(() => { window.asked = false; });
        await page.mouse.click(spot.x, spot.y);
        await page.waitForFunction(() => window.asked && document.querySelector(".w.on"));
        near(await time(page), when / 1000, 0.01, "time of " + spot.word);
        assert.equal(await page.textContent(".w.on"), spot.word);
    }
    await close(page);
});

/* Runs in the page. After the page's own work in each frame: how far the lit word is, in the sound's time, from when it sounds. Ends when
 * `wanted` words were lit. */
function watchWords(wanted) {
    const audio = document.getElementById("audio"), text = document.getElementById("text"), LAST_WORD_STAYS_MS = 250;
    const {lines} = JSON.parse(document.getElementById("data").textContent), words = [];
    lines.forEach((line, i) => {
        let when = line[0];
        for (let k = 0; k < line[3].length; k += 3) {
            when += line[3][k + 2];
            if (k)
                words[words.length - 1].end = when;
            words.push({line: "s" + i, from: line[3][k], start: when, end: line[1] + LAST_WORD_STAYS_MS});
        }
    });
    const place = (element) => {
        const range = document.createRange();
        range.setStart(element.closest(".s"), 0);
        range.setEndBefore(element);
        return {line: element.closest(".s").id, from: range.toString().length};
    };
    const result = {words: 0, frames: 0, unlit: 0, worst: 0, what: ""};
    return new Promise((resolve) => {
        let frame = 0, lit = null;
        const look = () => {
            const now = audio.currentTime * 1000, on = document.querySelector(".w.on");
            const at = on && place(on), shown = at && words.find((w) => w.line === at.line && w.from === at.from);
            const sounds = words.find((w) => now >= w.start && now < w.end);
            let error = 0;
            if (on)
                error = shown ? Math.max(shown.start - now, now - shown.end, 0) : Infinity;
            else if (sounds)
                error = Math.min(now - sounds.start, sounds.end - now);
            result.frames++;
            result.unlit += !on;
            if (error > result.worst) {
                result.worst = error;
                result.what = (on ? on.textContent + " is lit" : "nothing is lit") + " at " + now;
            }
        };
        const next = () => {
            cancelAnimationFrame(frame);
            frame = requestAnimationFrame(() => {
                look();
                next();
            });
        };
        /* Called when the page has just lit a word and asked for its next frame: what is asked for here comes after that, always. */
        const observer = new MutationObserver(() => {
            const on = document.querySelector(".w.on");
            next();
            result.words += on !== lit && on !== null;
            lit = on;
            if (result.words < wanted)
                return;
            observer.disconnect();
            cancelAnimationFrame(frame);
            resolve(result);
        });
        observer.observe(text, {subtree: true, attributes: true, attributeFilter: ["class"]});
    });
}

check("highlighting: the word that is lit is the one that sounds, within 150 ms", async () => {
    const page = await open(episode);
    for (const rate of ["1", "2.5"]) {
        await page.selectOption("#speed", rate);
        await page.evaluate(() => { document.getElementById("audio").currentTime = 36; });
        await page.evaluate(() => document.getElementById("audio").play());
        await playing(page);
        const seen = await page.evaluate(watchWords, 20);
        console.log(`    speed ${rate}: ${seen.words} words, ${seen.frames} frames, at most ${Math.round(seen.worst)} ms wrong`);
        assert.ok(seen.frames >= 20, seen.frames + " frames");
        assert.ok(seen.worst <= 150, `${seen.what}, ${seen.worst} ms wrong`);
    }
    await close(page);
});

check("who speaks: name and colour while a quotation sounds", async () => {
    const page = await open(episode), {lines, speakers} = await data(page);
    const quote = lines.find((line) => line[2] >= 0);
    await page.evaluate((t) => { document.getElementById("audio").currentTime = t; }, quote[0] / 1000 + 0.2);
    await page.waitForFunction((name) => document.getElementById("now-voice").textContent === name, speakers[quote[2]]);
    assert.ok(await page.locator(".overview path.wave").count() === 2, "the outline of the sound is drawn");
    assert.ok(await page.locator("#now-voice.v" + (quote[2] % 8 + 1)).count());
    assert.ok((await page.textContent("#text .who")).startsWith(speakers[quote[2]]));
    await close(page);
});

check("what is left is found again: position by episode, speed for all", async () => {
    const page = await open(episode);
    await page.selectOption("#speed", "1.5");
    await page.locator("button.chapter").nth(2).click();
    await heardFrom(page, (await data(page)).chapters[2][0] / 1000, "chapter 2");
    await page.evaluate(() => addEventListener("pagehide", () => {
        sessionStorage.setItem("left", document.getElementById("audio").currentTime);
    }));
    await page.reload();
    await page.waitForFunction(() => document.getElementById("audio").currentTime > 0);
    const left = await page.evaluate(() => Number(sessionStorage.getItem("left")));
    near(await time(page), left, 0.2, "position after reload");
    assert.equal(await page.$eval("#audio", (audio) => audio.playbackRate), 1.5);
    assert.equal(await page.$eval("#audio", (audio) => audio.preservesPitch), true);
    assert.equal(await page.$eval("#audio", (audio) => audio.paused), true);
    assert.match(await page.textContent("#status"), /You stopped at \d+:\d\d/);
    await page.goto(base + "/index.html");
    assert.equal(await page.textContent("#continue-name"), "The Last Keepers of the Harbour Lights");
    await page.click("#continue-link");
    await page.waitForFunction(() => document.getElementById("audio").currentTime > 0);
    near(await time(page), left, 0.2, "position from the index");
    await page.goto(base + "/episodes/night-trains.html");
    await page.waitForFunction(() => document.getElementById("audio").readyState >= 1);
    assert.equal(await time(page), 0, "another episode begins at its start");
    assert.equal(await page.inputValue("#speed"), "1.5");
    await close(page);
});

check("skip, keys, slider, sleep", async () => {
    const page = await open(episode);
    await page.waitForFunction(() => document.getElementById("audio").readyState >= 1);
    await page.click("#forward");
    near(await time(page), 30, 0.1, "forward");
    await page.click("#back");
    near(await time(page), 15, 0.1, "back");
    await page.locator("h1").click();
    await page.keyboard.press("ArrowRight");
    near(await time(page), 45, 0.1, "arrow");
    const {chapters, lines} = await data(page);
    await page.keyboard.press("n");
    near(await time(page), chapters[2][0] / 1000, 0.1, "next chapter");
    await page.keyboard.press("l");
    near(await time(page), lines.find((line) => line[0] > chapters[2][0] + 100)[0] / 1000, 0.3, "next sentence");
    await page.keyboard.press("Space");
    await playing(page);
    await page.keyboard.press("Space");
    await page.keyboard.press("+");
    assert.equal(await page.inputValue("#speed"), "1.1");
    await page.focus("#seek");
    const before = await time(page);
    await page.keyboard.press("ArrowRight");
    assert.ok(await time(page) > before && await time(page) < before + 8);
    assert.match(await page.getAttribute("#seek", "aria-valuetext"), /minutes? .* of 2 minutes/);
    await page.click("#keys summary");
    await page.uncheck("#keys-on");
    await page.locator("h1").click();
    const unmoved = await time(page);
    await page.keyboard.press("n");
    assert.equal(await time(page), unmoved, "keys can be turned off");
    await page.selectOption("#sleep", "chapter");
    const end = chapters[1][0] / 1000;
    await page.evaluate((t) => {
        const audio = document.getElementById("audio");
        audio.currentTime = t;
        window.frames = [];
        (function run() {
            if (!audio.paused)
                window.frames.push(audio.currentTime);
            requestAnimationFrame(run);
        })();
    }, end - 1);
    await page.click("#play");
    await page.waitForFunction(() => document.getElementById("status").textContent === "Stopped by the sleep timer.");
    assert.ok(await time(page) >= end, "the chapter was heard to its end");
    assert.ok(await page.evaluate((t) => window.frames.filter((at) => at > t + 0.05).length, end) <= 1, "and no frame more");
    await close(page);
});

check("the sentence that is spoken is brought into view, unless the reader looks elsewhere", async () => {
    const page = await open(episode, {reducedMotion: "reduce"});
    const isVisible = () => {
        const box = document.querySelector(".s.on").getBoundingClientRect();
        return box.top >= 0 && box.bottom <= document.getElementById("player").getBoundingClientRect().top;
    };
    await page.evaluate(() => { document.getElementById("audio").currentTime = 100; });
    await page.click("#play");
    await playing(page);
    await page.waitForFunction(isVisible);
    await page.mouse.move(180, 200);
    await page.mouse.wheel(0, -4000);
    await page.waitForSelector("#return:not([hidden])");
    await page.evaluate(() => { document.getElementById("audio").currentTime += 10; });
    await page.waitForTimeout(300);
    assert.ok(!await page.evaluate(isVisible), "left where the reader is");
    await page.click("#return");
    await page.waitForFunction(isVisible);
    assert.ok(!await page.locator("#return").isVisible());
    await close(page);
});

check("addresses: #t=SECONDS", async () => {
    const page = await open(episode + "#t=42");
    await page.waitForFunction(() => document.getElementById("audio").currentTime > 0);
    near(await time(page), 42, 0.1, "#t=42");
    await page.evaluate(() => { location.hash = "t=1:05"; });
    await page.waitForFunction(() => document.getElementById("audio").currentTime > 60);
    near(await time(page), 65, 0.1, "#t=1:05");
    await close(page);
});

check("without a script: controls, chapters as links into the sound, the whole transcript", async () => {
    const page = await open(episode, {javaScriptEnabled: false});
    assert.ok(await page.locator("audio[controls]").isVisible());
    assert.ok(!await page.locator("#dock").isVisible());
    assert.match(await page.locator("a.chapter").nth(1).getAttribute("href"), /^harbour-lights\.mp3#t=\d+$/);
    assert.ok((await page.textContent("#text")).includes("Nothing by the sea looks after itself"));
    await page.goto(base + "/index.html");
    assert.equal(await page.locator(".card a").count(), 6);
    await close(page);
});

check("from a file: plays, no request", async () => {
    const page = await open("file://" + path.join(folder, "index.html"));
    await page.click('a[href="episodes/harbour-lights.html"]');
    await page.click("#play");
    await playing(page);
    await page.goto("file://" + path.join(folder, "index.html"));
    await page.fill("#query", "train");
    await page.waitForFunction(() => document.getElementById("found").textContent === "1 episode found.");
    await close(page);
});

check("search: words in any order, accents and case do not matter, nothing found is said", async () => {
    const page = await open(base + "/index.html");
    await page.fill("#query", "TRAÏN night");
    await page.waitForFunction(() => document.getElementById("found").textContent === "1 episode found.");
    assert.equal(await page.textContent(".card h2"), "The Night Train Comes Back");
    await page.fill("#query", "zebra crossing");
    await page.waitForFunction(() => document.getElementById("found").textContent === "Nothing found.");
    await page.fill("#query", "");
    await page.waitForFunction(() => document.querySelectorAll(".card").length === 6);
    await close(page);
});

check("hostile words are only words", async () => {
    const page = await open(base + "/index.html");
    assert.equal(await page.title(), 'The <b>Morning</b> Paper & "Friends"');
    const link = page.locator('.card a[href*="hostile"]');
    await link.click();
    await page.waitForSelector("#dock:not([hidden])");
    assert.ok(!(await page.title()).startsWith("broken"));
    assert.ok((await page.textContent("#text")).includes("</script>"));
    assert.equal(await page.locator("main img, main script, #text svg").count(), 0);
    /* Offsets of words count UTF-16 units: after an emoji every lit word is a word. */
    const all = await page.evaluate(() => {
        const {lines} = JSON.parse(document.getElementById("data").textContent);
        return lines.flatMap((line, i) => {
            const text = document.getElementById("s" + i).textContent, words = [];
            for (let k = 0; k < line[3].length; k += 3)
                words.push(text.slice(line[3][k], line[3][k] + line[3][k + 1]));
            return words;
        });
    });
    for (const word of ["Emoji", "stand", "before", "follow"])
        assert.ok(all.some((w) => w.replace(/\W/g, "") === word), word + " in " + all.join("|"));
    await close(page);
});

const kept = (page) => page.waitForFunction(() => document.getElementById("offline").textContent === "Kept for offline");
for (const [visit, first] of [["the first", episode], ["a later", base + "/index.html"]])
    check(`${visit} visit: the sound that is heard goes on while it is kept for offline`, async () => {
        const page = await open(first);
        await page.evaluate(() => navigator.serviceWorker.ready);
        if (first !== episode)
            await page.goto(episode);
        const {chapters, duration} = await data(page);
        await page.click("#play");
        await playing(page);
        await kept(page);
        for (const seconds of [duration / 1000 - 2, chapters[2][0] / 1000, chapters[1][0] / 1000]) {
            await page.evaluate((t) => { document.getElementById("audio").currentTime = t; }, seconds);
            await page.waitForFunction((t) => document.getElementById("audio").currentTime >= t + 1, seconds);
            assert.equal(await page.textContent("#status"), "");
            await page.evaluate(() => document.getElementById("audio").play());
        }
        await close(page);
    });

check("without a network: what was opened plays, also from its middle", async () => {
    const page = await open(episode);
    await kept(page);
    await page.context().setOffline(true);
    page.complaints.length = 0;
    await page.reload();
    await page.locator("button.chapter").nth(2).click();
    await heardFrom(page, (await data(page)).chapters[2][0] / 1000, "chapter 2 offline");
    await page.goto(base + "/index.html");
    assert.equal(await page.locator(".card").count(), 6);
    await close(page);
});

check("installable: the manifest is complete", async () => {
    const page = await open(base + "/index.html");
    const manifest = await page.evaluate(() => fetch(document.querySelector("link[rel=manifest]").href).then((r) => r.json()));
    assert.equal(manifest.name, 'The <b>Morning</b> Paper & "Friends"');
    assert.ok(manifest.start_url && manifest.display === "standalone");
    for (const icon of manifest.icons) {
        const size = await page.evaluate(async (src) => {
            const picture = await createImageBitmap(await (await fetch(src)).blob());
            return picture.width + "x" + picture.height;
        }, icon.src);
        assert.equal(size, icon.sizes);
    }
    await close(page);
});

for (const colorScheme of ["light", "dark"])
    for (const [device, viewport] of [["phone", PHONE], ["desk", DESK]])
        check(`WCAG 2.2 AA, nothing wider than the screen: ${device}, ${colorScheme}`, async () => {
            const page = await open(base + "/index.html", {viewport, colorScheme, deviceScaleFactor: device === "phone" ? 2 : 1, bypassCSP: true});
            const look = async (name) => {
                await page.addScriptTag({path: axe});
                const {violations} = await page.evaluate(() => axe.run(document, {
                    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
                }));
                assert.deepEqual(violations.map((v) => [v.id, v.nodes.map((n) => n.html + " " + n.failureSummary)]), [], name);
                assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), name + " is too wide");
                await page.screenshot({path: path.join(out, `${name}-${device}-${colorScheme}.png`)});
            };
            await look("index");
            await page.goto(episode);
            await page.waitForTimeout(300);
            await look("episode");
            await page.evaluate(() => { document.getElementById("audio").currentTime = 44; });
            await page.click("#play");
            await page.waitForSelector(".w.on");
            await page.waitForTimeout(900);
            await page.click("#play");
            await look("playing");
            await page.goto(base + "/index.html");
            await look("continue");
            await close(page);
        });

(async () => {
    browser = await chromium.launch({executablePath, timeout: PATIENCE_MS, args: ["--no-sandbox", "--mute-audio", "--disable-gpu", "--disable-quic",
        "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]});
    let failed = 0;
    const only = process.env.ONLY;
    for (const {name, run} of checks) {
        if (only && !name.includes(only))
            continue;
        try {
            await run();
            console.log("ok      " + name);
        } catch (error) {
            failed++;
            console.log("FAILED  " + name + "\n" + error.stack);
        }
    }
    await browser.close();
    process.exit(failed ? 1 : 0);
})();
