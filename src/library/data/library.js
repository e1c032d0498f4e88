/* The list of episodes: search over all of them, how far each was heard, and where to go on. Without this script the list is
 * complete and paged. */
(function () {
    "use strict";
    var list = document.getElementById("episodes"), found = document.getElementById("found");
    var paging = document.querySelector(".paging"), search = document.getElementById("search");
    var query = document.getElementById("query"), shown = list.innerHTML, episodes = null, loading = false;

    function heard(guid) {
        try {
            return JSON.parse(localStorage.getItem("crier:" + guid));
        } catch (e) {
            return null;
        }
    }

    function length(ms) {
        var minutes = Math.round(ms / 60000);
        return minutes < 1 ? "less than a minute" : minutes < 60 ? minutes + " min"
            : Math.floor(minutes / 60) + " h " + minutes % 60 + " min";
    }

    function progress() {
        list.querySelectorAll(".card").forEach(function (card) {
            var state = heard(card.dataset.guid), ms = Number(card.dataset.ms), words = card.querySelector(".length");
            if (!state || !words)
                return;
            if (state.done)
                words.textContent = length(ms) + " · heard";
            else if (state.t > 5)
                words.textContent = length(ms - state.t * 1000) + " left";
        });
    }

    function goOn() {
        var best = null, key, state;
        try {
            for (var i = 0; i < localStorage.length; i++) {
                key = localStorage.key(i);
                if (key.indexOf("crier:") !== 0)
                    continue;
                state = heard(key.slice(6));
                if (state && state.slug && !state.done && state.t > 5 && (!best || state.at > best.at)) {
                    best = state;
                    best.guid = key.slice(6);
                }
            }
        } catch (e) {
            return;
        }
        if (!best)
            return;
        if (list.querySelector('[data-guid="' + CSS.escape(best.guid) + '"]'))
            offer(best);
        else
            load(function () {
                if (episodes.some(function (e) { return e[1] === best.guid; }))
                    offer(best);
            });
    }

    function offer(state) {
        document.getElementById("continue-link").href = "episodes/" + encodeURIComponent(state.slug) + ".html";
        document.getElementById("continue-name").textContent = state.title;
        document.getElementById("continue-left").textContent = length(state.d * 1000 - state.t * 1000) + " left";
        document.getElementById("continue-bar").style.width = Math.min(100, 100 * state.t / state.d) + "%";
        document.getElementById("continue").hidden = false;
    }

    /* All episodes come in a script of their own, so that this works from a file too. */
    var waiting = [];
    window.crierEpisodes = function (all) {
        episodes = all;
        waiting.forEach(function (then) { then(); });
        waiting = [];
    };
    function load(then) {
        if (episodes)
            return then();
        waiting.push(then);
        if (loading)
            return;
        loading = true;
        var script = document.createElement("script");
        script.src = "assets/episodes.js";
        script.onerror = function () {
            loading = false;
            script.remove();
        };
        document.head.appendChild(script);
    }

    function plain(text) {
        return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
    }

    function element(name, className, text) {
        var made = document.createElement(name);
        if (className)
            made.className = className;
        if (text !== undefined)
            made.textContent = text;
        return made;
    }

    function card(e) {
        var item = element("li", "card"), title = element("h2"), link = element("a", "", e[2]), meta = element("p", "meta");
        var date = element("time", "", e[4]), summary = element("p", "summary", e[6]);
        item.dataset.guid = e[1];
        item.dataset.ms = e[5];
        title.dir = summary.dir = "auto";
        link.href = "episodes/" + encodeURIComponent(e[0]) + ".html";
        date.dateTime = e[3];
        title.appendChild(link);
        meta.appendChild(date);
        meta.appendChild(document.createTextNode(" "));
        meta.appendChild(element("span", "length", length(e[5])));
        item.appendChild(title);
        item.appendChild(meta);
        item.appendChild(summary);
        return item;
    }

    var MOST = 100;
    function show() {
        var words = plain(query.value).split(/\s+/).filter(Boolean);
        if (!words.length) {
            list.innerHTML = shown;
            found.textContent = "";
            if (paging)
                paging.hidden = false;
            progress();
            return;
        }
        load(function () {
            var hits = episodes.filter(function (e) {
                var text = e.plain || (e.plain = plain(e[2] + " " + e[7] + " " + e[4] + " " + e[3] + " " + e[6]));
                return words.every(function (word) { return text.indexOf(word) >= 0; });
            });
            list.textContent = "";
            hits.slice(0, MOST).forEach(function (e) { list.appendChild(card(e)); });
            found.textContent = hits.length === 0 ? "Nothing found." : hits.length === 1 ? "1 episode found."
                : hits.length > MOST ? hits.length + " episodes found; the newest " + MOST + " are shown." : hits.length + " episodes found.";
            if (paging)
                paging.hidden = true;
            progress();
        });
    }

    var timer;
    query.addEventListener("focus", function () { load(function () {}); });
    query.addEventListener("input", function () {
        clearTimeout(timer);
        timer = setTimeout(show, 120);
    });
    search.addEventListener("submit", function (event) {
        event.preventDefault();
        show();
    });
    search.hidden = false;
    progress();
    goOn();
    /* Back from an episode: the browser may show the page as it was left. */
    window.addEventListener("pageshow", function (event) {
        if (event.persisted) {
            progress();
            goOn();
        }
    });

    if (/^https?:$/.test(location.protocol)) {
        var manifest = document.createElement("link");
        manifest.rel = "manifest";
        manifest.href = "manifest.webmanifest";
        document.head.appendChild(manifest);
        if ("serviceWorker" in navigator)
            navigator.serviceWorker.register("sw.js").catch(function () {});
    }
})();
