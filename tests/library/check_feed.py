#!/usr/bin/env python3
"""check_feed.py PUBLIC: a library's feed against the rules that podcast apps and directories set (Apple's and Podcasting 2.0's requirements,
Podlove Simple Chapters, RFC 2822 dates): valid XML, everything that must be there, and nothing named that is not on the disk."""
import datetime
import email.utils
import json
import os
import re
import struct
import sys
import uuid
import xml.etree.ElementTree as tree

NS = {"itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd", "atom": "http://www.w3.org/2005/Atom",
      "content": "http://purl.org/rss/1.0/modules/content/", "podcast": "https://podcastindex.org/namespace/1.0",
      "psc": "http://podlove.org/simple-chapters"}
public = sys.argv[1]
problems = []


def need(condition, words):
    if not condition:
        problems.append(words)


def text(element, path):
    found = element.findall(path, NS)
    need(len(found) == 1, f"{len(found)} x {path} in {element.tag}")
    return (found[0].text or "") if found else ""


def attribute(element, path, name):
    found = element.find(path, NS)
    need(found is not None and found.get(name), f"no {path} {name}")
    return found.get(name, "") if found is not None else ""


root = tree.parse(os.path.join(public, "feed.xml")).getroot()
channel = root.find("channel")
need(root.tag == "rss" and root.get("version") == "2.0", "is RSS 2.0")
for name in ("title", "link", "description", "language"):
    need(text(channel, name), f"channel {name}")
need(len(text(channel, "description").encode()) <= 4000, "channel description is too long")
need(re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]+)*", text(channel, "language")), "language is a code")
need(text(channel, "itunes:explicit") in ("true", "false"), "explicit")
need(text(channel, "itunes:type") == "episodic", "type")
need(text(channel, "itunes:author"), "author")
need(attribute(channel, "itunes:category", "text"), "category")
need(text(channel, "podcast:medium") == "podcast", "medium")
need(text(channel, "podcast:locked") in ("yes", "no"), "locked")
own = [link.get("href") for link in channel.findall("atom:link", NS) if link.get("rel") == "self"]
need(len(own) == 1 and own[0].endswith("/feed.xml"), "atom:link self")
base = own[0][:-len("feed.xml")]
need(text(channel, "podcast:guid") == str(uuid.uuid5(uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6"),
                                                     re.sub(r"^\w+://", "", own[0]).rstrip("/"))), "podcast:guid is that of its URL")


def on_disk(url):
    need(url.startswith(base) and url.isascii() and not re.search(r"[\s<>\"]", url), f"URL {url}")
    path = os.path.join(public, url[len(base):])
    need(os.path.isfile(path), f"{url} is not there")
    return path


cover = on_disk(attribute(channel, "itunes:image", "href"))
head = open(cover, "rb").read(24)
if head.startswith(b"\x89PNG"):
    width, height = struct.unpack(">II", head[16:24])
    need(width == height and 1400 <= width <= 3000, f"cover {width} x {height}")
need(os.path.getsize(cover) <= 512000, "cover is too large")

seen = {"guid": set(), "url": set()}
last = None
for item in channel.findall("item"):
    title = text(item, "title")
    need(title, "item title")
    guid = item.find("guid")
    need(guid is not None and guid.get("isPermaLink") == "false" and guid.text not in seen["guid"], f"guid of {title}")
    seen["guid"].add(guid.text)
    enclosure = item.find("enclosure")
    path = on_disk(enclosure.get("url"))
    need(enclosure.get("url") not in seen["url"], f"enclosure of {title} is another's")
    seen["url"].add(enclosure.get("url"))
    need(int(enclosure.get("length")) == os.path.getsize(path), f"length of {title}")
    need(enclosure.get("type") == "audio/mpeg", "enclosure type")
    date = text(item, "pubDate")
    when = email.utils.parsedate_to_datetime(date)
    need(date == when.astimezone(datetime.timezone.utc).strftime("%a, %d %b %Y %H:%M:%S +0000"), f"pubDate {date}")
    need(last is None or when <= last, "newest first")
    last = when
    need(re.fullmatch(r"[1-9]\d*", text(item, "itunes:duration")), "duration")
    on_disk(text(item, "link"))
    description = text(item, "description")
    need(0 < len(description.encode()) <= 4000, "description")
    need(text(item, "content:encoded"), "content")
    kinds = [t.get("type") for t in item.findall("podcast:transcript", NS)]
    need(kinds == ["text/vtt", "application/x-subrip"], f"transcripts {kinds}")
    for transcript in item.findall("podcast:transcript", NS):
        on_disk(transcript.get("url"))
    need(attribute(item, "podcast:chapters", "type") == "application/json+chapters", "chapters type")
    chapters = json.load(open(on_disk(attribute(item, "podcast:chapters", "url"))))["chapters"]
    simple = item.findall("psc:chapters/psc:chapter", NS)
    need([c["title"] for c in chapters] == [c.get("title") for c in simple], f"chapter titles of {title}")
    for one, other in zip(chapters, simple):
        h, m, s = other.get("start").split(":")
        need(abs(int(h) * 3600 + int(m) * 60 + float(s) - one["startTime"]) < 0.002, f"chapter start {other.get('start')} of {title}")
    lines = re.findall(r"^(\d\d):(\d\d):(\d\d) (.+)$", description, re.M)
    need(len(lines) == (len(chapters) if len(chapters) > 1 else 0), f"chapter lines of {title}")
    for line, one in zip(lines, chapters):
        need(int(line[0]) * 3600 + int(line[1]) * 60 + int(line[2]) == int(one["startTime"]), f"line {line}")
print("\n".join(problems) or f"feed is good: {len(seen['guid'])} items")
sys.exit(bool(problems))
