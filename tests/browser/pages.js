/* The pages as a listener uses them: real sound, real clicks. pages.js CHROMIUM URL PUBLIC OUT */
"use strict";
const assert = require("node:assert/strict");
const path = require("node:path");
const {chromium} = require("playwright-core");
const axe = require.resolve("axe-core");
const [executablePath, base, folder, out] = process.argv.slice(2);
const PHONE = {width: 360, height: 740}, DESK = {width: 1200, height: 900};
const episode = base + "/episodes/harbour-lights.html";

let browser;
const checks = [];
const check = (name, run) => checks.push({name, run});

/* A page that must stay silent and ask nobody else. */
async function open(url, options = {}) {
    const context = await browser.newContext({viewport: PHONE, ...options});
    const page = await context.newPage();
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

check("plays: the MP3 is decoded and time goes on", async () => {
    const page = await open(episode);
    assert.equal(await page.$eval("#audio", (audio) => audio.paused), true, "nothing plays by itself");
    await page.click("#play");
    await playing(page);
    const before = await time(page);
    await page.waitForTimeout(1000);
    near(await time(page) - before, 1, 0.35, "seconds heard in one second");
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
        await playing(page);
        near(await time(page), ms / 1000, 0.7, "chapter " + i);
        assert.equal(await button.getAttribute("aria-current"), "true");
        assert.equal(await page.locator(".chapter[aria-current]").count(), 1);
    }
    await close(page);
});

check("words: a click on a word goes to that word", async () => {
    const page = await open(episode), {lines} = await data(page);
    await page.evaluate(() => document.getElementById("audio").addEventListener("play", (event) => event.target.pause()));
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
        await page.mouse.click(spot.x, spot.y);
        await page.waitForFunction(() => document.querySelector(".w.on") && document.getElementById("audio").paused);
        near(await time(page), when / 1000, 0.15, "time of " + spot.word);
        assert.equal(await page.textContent(".w.on"), spot.word);
    }
    await close(page);
});

check("highlighting: at most 150 ms from the sound, no word lit for long in the wrong place", async () => {
    const page = await open(episode);
    for (const rate of ["1", "2"]) {
        await page.selectOption("#speed", rate);
        await page.evaluate(() => { document.getElementById("audio").currentTime = 36; });
        await page.evaluate(() => document.getElementById("audio").play());
        await playing(page);
        const worst = await page.evaluate(() => new Promise((resolve) => {
            const audio = document.getElementById("audio"), {lines} = JSON.parse(document.getElementById("data").textContent), seen = [];
            const starts = [];
            lines.forEach((line, i) => {
                let when = line[0];
                const text = document.getElementById("s" + i).textContent;
                for (let k = 0; k < line[3].length; k += 3) {
                    when += line[3][k + 2];
                    starts.push({when, word: text.slice(line[3][k], line[3][k] + line[3][k + 1])});
                }
            });
            let lit = null;
            new MutationObserver(() => {
                const on = document.querySelector(".w.on"), now = audio.currentTime * 1000;
                if (on && on !== lit)
                    seen.push({now, word: on.textContent});
                lit = on;
            }).observe(document.getElementById("text"), {subtree: true, attributes: true, attributeFilter: ["class"]});
            setTimeout(() => {
                const errors = seen.slice(1).map(({now, word}) =>
                    Math.min(...starts.filter((s) => s.word === word).map((s) => Math.abs(s.when - now))));
                resolve({words: seen.length, worst: Math.max(...errors)});
            }, 4000);
        }));
        assert.ok(worst.words >= 6, "words were lit: " + worst.words);
        assert.ok(worst.worst <= 150, "worst " + worst.worst + " ms at speed " + rate);
        console.log(`    speed ${rate}: ${worst.words} words lit, at most ${Math.round(worst.worst)} ms late`);
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
    await playing(page);
    await page.waitForTimeout(700);
    const left = await time(page);
    await page.reload();
    await page.waitForFunction(() => document.getElementById("audio").currentTime > 0);
    near(await time(page), left, 1.0, "position after reload");
    assert.equal(await page.$eval("#audio", (audio) => audio.playbackRate), 1.5);
    assert.equal(await page.$eval("#audio", (audio) => audio.preservesPitch), true);
    assert.equal(await page.$eval("#audio", (audio) => audio.paused), true);
    assert.match(await page.textContent("#status"), /You stopped at \d+:\d\d/);
    await page.goto(base + "/index.html");
    assert.equal(await page.textContent("#continue-name"), "The Last Keepers of the Harbour Lights");
    await page.click("#continue-link");
    await page.waitForFunction(() => document.getElementById("audio").currentTime > 0);
    near(await time(page), left, 1.0, "position from the index");
    await page.goto(base + "/episodes/night-trains.html");
    await page.waitForTimeout(200);
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
    await page.evaluate((t) => { document.getElementById("audio").currentTime = t; }, chapters[1][0] / 1000 - 1);
    await page.click("#play");
    await page.waitForFunction(() => document.getElementById("status").textContent.includes("sleep timer"));
    near(await time(page), chapters[1][0] / 1000, 0.4, "slept at the end of the chapter");
    await close(page);
});

check("the sentence that is spoken is brought into view, unless the reader looks elsewhere", async () => {
    const page = await open(episode, {reducedMotion: "reduce"});
    const visible = () => page.evaluate(() => {
        const box = document.querySelector(".s.on").getBoundingClientRect();
        return box.top >= 0 && box.bottom <= document.getElementById("player").getBoundingClientRect().top;
    });
    await page.evaluate(() => { document.getElementById("audio").currentTime = 100; });
    await page.click("#play");
    await playing(page);
    await page.waitForTimeout(200);
    assert.ok(await visible(), "brought into view");
    await page.mouse.move(180, 200);
    await page.mouse.wheel(0, -4000);
    await page.waitForSelector("#return:not([hidden])");
    await page.evaluate(() => { document.getElementById("audio").currentTime += 10; });
    await page.waitForTimeout(300);
    assert.ok(!await visible(), "left where the reader is");
    await page.click("#return");
    assert.ok(await visible(), "and back");
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

check("without a network: what was opened plays, also from its middle", async () => {
    const page = await open(episode);
    await page.waitForFunction(() => document.getElementById("offline").textContent === "Kept for offline", null, {timeout: 15000});
    await page.context().setOffline(true);
    page.complaints.length = 0;
    await page.reload();
    await page.locator("button.chapter").nth(2).click();
    await playing(page);
    near(await time(page), (await data(page)).chapters[2][0] / 1000, 0.8, "chapter 2 offline");
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
    browser = await chromium.launch({executablePath, args: ["--no-sandbox", "--mute-audio"]});
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
