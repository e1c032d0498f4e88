/* Pages and episodes that were opened once can be shown and heard without a network. The sound is kept whole, and ranges of it are
 * cut out of what is kept, because players ask for ranges only. */
"use strict";
const SHELL = "crier-shell-{{version}}", PAGES = "crier-pages", SOUND = "crier-sound";
const KEPT_EPISODES = 30;
const FILES = ["index.html", "assets/crier.css{{version}}", "assets/player.js{{version}}", "assets/library.js{{version}}",
    "manifest.webmanifest", "icons/icon-192.png", "icons/icon-512.png", "{{cover}}"];

self.addEventListener("install", (event) => {
    event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
    event.waitUntil((async () => {
        for (const name of await caches.keys())
            if (name.startsWith("crier-shell-") && name !== SHELL)
                await caches.delete(name);
        /* Pages that are open stay as they are: a player whose sound begins on the web and goes on from here gives it up. */
    })());
});

/* Network first, so that a new edition is seen at once; what was kept where there is no network. */
async function page(request) {
    const cache = await caches.open(PAGES);
    try {
        const answer = await fetch(request);
        if (answer.ok)
            await cache.put(request.url.split("#")[0], answer.clone());
        return answer;
    } catch (error) {
        const kept = await cache.match(request, {ignoreSearch: true}) || await caches.match(request, {ignoreSearch: true});
        return kept || Response.error();
    }
}

async function shell(request) {
    return await caches.match(request) || fetch(request);
}

/* "bytes=0-", "bytes=100-199", "bytes=-500" (RFC 9110, 14.1.2). With the validators that the web server gave: a player takes parts of
 * one sound from here and from there only where they agree. */
async function ranged(kept, range) {
    const blob = await kept.blob(), type = "audio/mpeg", headers = {"Content-Type": type, "Accept-Ranges": "bytes"};
    for (const name of ["ETag", "Last-Modified"])
        if (kept.headers.has(name))
            headers[name] = kept.headers.get(name);
    const parts = /^bytes=(\d*)-(\d*)$/.exec(range || "");
    const size = blob.size;
    if (!parts || (parts[1] === "" && parts[2] === ""))
        return new Response(blob, {status: 200, headers: {...headers, "Content-Length": size}});
    let from = parts[1] === "" ? Math.max(0, size - Number(parts[2])) : Number(parts[1]);
    let to = parts[1] === "" || parts[2] === "" ? size - 1 : Math.min(size - 1, Number(parts[2]));
    if (from > to)
        return new Response("", {status: 416, headers: {"Content-Range": "bytes */" + size}});
    return new Response(blob.slice(from, to + 1, type), {
        status: 206,
        headers: {...headers, "Content-Length": to - from + 1, "Content-Range": "bytes " + from + "-" + to + "/" + size},
    });
}

/* Pages ask for NAME.mp3?v=HASH: a new recording has a new address. */
async function sound(request) {
    const cache = await caches.open(SOUND), address = request.url.split("#")[0];
    const kept = await cache.match(address);
    if (kept)
        return ranged(kept, request.headers.get("range"));
    /* As an answer of ours too: browsers give a sound up whose parts come from different places. */
    const answer = await fetch(request);
    return new Response(answer.body, {status: answer.status, headers: answer.headers});
}

self.addEventListener("fetch", (event) => {
    const url = new URL(event.request.url);
    if (event.request.method !== "GET" || url.origin !== location.origin)
        return;
    if (url.pathname.endsWith(".mp3"))
        event.respondWith(sound(event.request));
    else if (/\/assets\/.*\.(css|js)$/.test(url.pathname) && url.search)
        event.respondWith(shell(event.request));
    else if (!/\.(xml|vtt|srt|json)$/.test(url.pathname))
        event.respondWith(page(event.request));
});

/* A page asks to keep its episode: {keep: URL of the sound, page: its own}. An older recording goes, and the episodes kept longest. */
async function keep(url, page) {
    const cache = await caches.open(SOUND);
    const html = await fetch(page);
    if (html.ok)
        await (await caches.open(PAGES)).put(page, html);
    if (await cache.match(url))
        return true;
    const answer = await fetch(url);
    if (answer.status !== 200)
        return false;
    for (const old of await cache.keys(url, {ignoreSearch: true}))
        await cache.delete(old);
    await cache.put(url, answer);
    const all = await cache.keys();
    for (let i = 0; i < all.length - KEPT_EPISODES; i++)
        await cache.delete(all[i]);
    return true;
}

self.addEventListener("message", (event) => {
    const reply = event.ports[0], data = event.data || {};
    if (!data.keep || new URL(data.keep).origin !== location.origin || new URL(data.page).origin !== location.origin)
        return;
    event.waitUntil(keep(data.keep, data.page).then(
        (kept) => reply && reply.postMessage({kept}), () => reply && reply.postMessage({kept: false})));
});
