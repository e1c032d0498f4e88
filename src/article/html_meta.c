#include "article/html_meta.h"

#include <stdlib.h>
#include <string.h>

#include "article/html_jsonld.h"
#include "base/buffer.h"
#include "base/utf8.h"

static const struct str EMPTY = {"", 0};

/* Mark-up, entities and runs of white space taken out. */
static struct str plain(struct arena *arena, struct str s)
{
    bool clean = true;
    for (size_t i = 0; i < s.len && clean; i++)
        clean = s.data[i] != '&' && s.data[i] != '<' && (unsigned char)s.data[i] >= ' ' &&
                (s.data[i] != ' ' || i + 1 == s.len || s.data[i + 1] != ' ');
    if (clean)
        return arena_copy(arena, utf8_trim(s));
    struct html_clean fragment = {0};
    struct html_tree tree = {0};
    struct str text = EMPTY;
    if (html_clean(&fragment, s) && html_tree_build(&tree, buffer_view(&fragment.out)))
        text = arena_copy(arena, utf8_trim(html_text(&tree, 0, SIZE_MAX / 4)));
    else
        arena->failed = true;
    html_tree_release(&tree);
    html_clean_release(&fragment);
    return text;
}

/* Line breaks of plain text as mark-up. */
static struct str with_breaks(struct arena *arena, struct str s)
{
    struct buffer out = {0};
    struct str line;
    while (str_next(&s, '\n', &line)) {
        buffer_str(&out, line);
        buffer_c_string(&out, "<br><br>");
    }
    struct str kept = arena_copy(arena, buffer_view(&out));
    arena->failed |= out.failed;
    buffer_release(&out);
    return kept;
}

/* First of up to four that says something. */
static struct str first_of(struct str a, struct str b, struct str c, struct str d)
{
    return a.len > 0 ? a : b.len > 0 ? b : c.len > 0 ? c : d.len > 0 ? d : EMPTY;
}

static int number_at(struct str s, size_t at, size_t digits)
{
    int value = 0;
    if (at + digits > s.len)
        return -1;
    for (size_t i = at; i < at + digits; i++) {
        if (s.data[i] < '0' || s.data[i] > '9')
            return -1;
        value = value * 10 + (s.data[i] - '0');
    }
    return value;
}

static struct str date_text(struct arena *arena, int year, int month, int day)
{
    if (year < 1500 || year > 2999 || month < 1 || month > 12 || day < 1 || day > 31)
        return EMPTY;
    return arena_format(arena, "%04d-%02d-%02d", year, month, day);
}

/* "18 Nov 2019", "November 18, 2019", "Mon, 18 Nov 2019 10:00:00 GMT". */
static struct str worded_date(struct arena *arena, struct str s)
{
    static const char MONTHS[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    int year = 0, month = 0, day = 0;
    for (size_t i = 0; i < s.len && !(year && month && day);) {
        size_t start = i;
        char c = (char)(s.data[i] | 0x20);
        if (s.data[i] >= '0' && s.data[i] <= '9') {
            while (i < s.len && s.data[i] >= '0' && s.data[i] <= '9')
                i++;
            if (i - start == 4)
                year = number_at(s, start, 4);
            else if (i - start <= 2 && day == 0)
                day = number_at(s, start, i - start);
        } else if (c >= 'a' && c <= 'z') {
            while (i < s.len && (s.data[i] | 0x20) >= 'a' && (s.data[i] | 0x20) <= 'z')
                i++;
            for (int m = 0; m < 12 && month == 0 && i - start >= 3; m++)
                if (str_eq_nocase(str_sub(s, start, start + 3), (struct str){MONTHS + 3 * m, 3}))
                    month = m + 1;
        } else {
            i++;
        }
    }
    return date_text(arena, year, month, day);
}

static struct str date_of(struct arena *arena, struct str s)
{
    s = str_trim(s);
    int year = number_at(s, 0, 4);
    if (year > 0 && s.len >= 10 && (s.data[4] == '-' || s.data[4] == '/' || s.data[4] == '.'))
        return date_text(arena, year, number_at(s, 5, 2), number_at(s, 8, 2));
    if (year > 0 && number_at(s, 4, 4) > 0 && (s.len == 8 || number_at(s, 8, 1) < 0 || s.len == 14))
        return date_text(arena, year, number_at(s, 4, 2), number_at(s, 6, 2));
    return s.len < 80 ? worded_date(arena, s) : EMPTY;
}

/* "/2019/11/18/" in an address. */
static struct str date_of_address(struct arena *arena, struct str url)
{
    for (size_t i = 0; i + 11 < url.len; i++)
        if (url.data[i] == '/' && (url.data[i + 5] == '/' || url.data[i + 5] == '-') && url.data[i + 8] == url.data[i + 5] &&
            number_at(url, i + 1, 4) > 0) {
            struct str date = date_text(arena, number_at(url, i + 1, 4), number_at(url, i + 6, 2), number_at(url, i + 9, 2));
            if (date.len > 0)
                return date;
        }
    return EMPTY;
}

/* "en_us" -> "en-US"; "" for what is no language tag. */
static struct str language_of(struct arena *arena, struct str s)
{
    char tag[36];
    s = str_trim(s);
    size_t part = 0, part_len = 0;
    if (s.len < 2 || s.len >= sizeof tag)
        return EMPTY;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.data[i];
        bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z', digit = c >= '0' && c <= '9';
        if (c == '_' || c == '-') {
            if (part_len == 0 || (part == 0 && part_len > 3))
                return EMPTY;
            tag[i] = '-';
            part++;
            part_len = 0;
            continue;
        }
        if (!letter && (!digit || part == 0))
            return EMPTY;
        tag[i] = letter ? (char)(c | 0x20) : c;
        part_len++;
    }
    if (part_len < 2 || (part == 0 && part_len > 3))
        return EMPTY;
    for (size_t i = 0, start = 0; i <= s.len; i++) /* regions in capitals, scripts with one */
        if (i == s.len || tag[i] == '-') {
            for (size_t k = start; start > 0 && k < i && tag[k] >= 'a'; k++)
                if (i - start == 2 || (i - start == 4 && k == start))
                    tag[k] = (char)(tag[k] - 32);
            start = i + 1;
        }
    return arena_copy(arena, (struct str){tag, s.len});
}

/* Values of meta, link and time elements, the first of each. */
struct said {
    struct str og_title, twitter_title, item_title, title, h1;
    struct str og_site, application;
    struct str author, item_author, rel_author, byline;
    struct str published, item_published, other_date, time;
    struct str lang, og_locale, content_language;
    struct str og_image, twitter_image, image_src;
    struct str canonical, og_url;
    struct str description, og_description;
};

static void take(struct str *slot, struct str value)
{
    value = utf8_trim(value);
    if (slot->len == 0 && value.len > 0)
        *slot = value;
}

static void read_meta(struct said *said, const struct html_node *node)
{
    const struct {
        const char *name;
        struct str *slot;
    } NAMES[] = {
        {"og:title", &said->og_title},
        {"twitter:title", &said->twitter_title},
        {"og:site_name", &said->og_site},
        {"application-name", &said->application},
        {"author", &said->author},
        {"article:author", &said->author},
        {"parsely-author", &said->author},
        {"sailthru.author", &said->author},
        {"dc.creator", &said->author},
        {"dcterms.creator", &said->author},
        {"byl", &said->author},
        {"article:published_time", &said->published},
        {"og:published_time", &said->published},
        {"article:published", &said->published},
        {"datepublished", &said->published},
        {"parsely-pub-date", &said->other_date},
        {"sailthru.date", &said->other_date},
        {"cxenseparse:recs:publishtime", &said->other_date},
        {"pubdate", &said->other_date},
        {"publishdate", &said->other_date},
        {"publish-date", &said->other_date},
        {"publication_date", &said->other_date},
        {"dc.date", &said->other_date},
        {"dc.date.issued", &said->other_date},
        {"dcterms.date", &said->other_date},
        {"dcterms.created", &said->other_date},
        {"date", &said->other_date},
        {"og:locale", &said->og_locale},
        {"content-language", &said->content_language},
        {"language", &said->content_language},
        {"og:image", &said->og_image},
        {"og:image:url", &said->og_image},
        {"og:image:secure_url", &said->og_image},
        {"twitter:image", &said->twitter_image},
        {"twitter:image:src", &said->twitter_image},
        {"og:url", &said->og_url},
        {"description", &said->description},
        {"og:description", &said->og_description},
    };
    struct str content = html_attribute(node, "content");
    static const char *const KEYS[] = {"property", "name", "itemprop", "http-equiv"};
    for (size_t k = 0; k < sizeof KEYS / sizeof *KEYS && content.len > 0; k++) {
        struct str key = html_attribute(node, KEYS[k]);
        for (size_t i = 0; key.len > 0 && i < sizeof NAMES / sizeof *NAMES; i++)
            if (str_eq_nocase(key, str_from(NAMES[i].name)))
                take(NAMES[i].slot, content);
    }
}

static void read_item(struct said *said, struct html_tree *tree, uint32_t at)
{
    const struct html_node *node = &tree->nodes[at];
    struct str item = html_attribute(node, "itemprop");
    struct str content = html_attribute(node, "content");
    if (str_eq_nocase(item, STR("headline")))
        take(&said->item_title, content.len > 0 ? content : html_text(tree, at, 400));
    else if (str_eq_nocase(item, STR("author")) && said->item_author.len == 0) {
        struct str name = content;
        for (uint32_t i = at; i < node->end && name.len == 0; i++)
            if (str_eq_nocase(html_attribute(&tree->nodes[i], "itemprop"), STR("name")))
                name = first_of(html_attribute(&tree->nodes[i], "content"), html_text(tree, i, 200), EMPTY, EMPTY);
        take(&said->item_author, name.len > 0 ? name : html_text(tree, at, 200));
    } else if (str_eq_nocase(item, STR("datePublished"))) {
        struct str date = html_attribute(node, "datetime");
        take(&said->item_published, date.len > 0 ? date : content.len > 0 ? content : html_text(tree, at, 100));
    } else if (str_eq_nocase(item, STR("inLanguage")))
        take(&said->content_language, content);
}

static bool has_word_nocase(struct str list, struct str word)
{
    struct str piece;
    while (str_next(&list, ' ', &piece))
        if (str_eq_nocase(piece, word))
            return true;
    return false;
}

static void read_element(struct said *said, struct html_tree *tree, uint32_t at)
{
    const struct html_node *node = &tree->nodes[at];
    switch (node->tag) {
    case GUMBO_TAG_META: read_meta(said, node); break;
    case GUMBO_TAG_LINK: {
        struct str rel = html_attribute(node, "rel"), href = html_attribute(node, "href");
        if (has_word_nocase(rel, STR("canonical")))
            take(&said->canonical, href);
        else if (has_word_nocase(rel, STR("image_src")))
            take(&said->image_src, href);
        break;
    }
    case GUMBO_TAG_HTML:
        take(&said->lang, html_attribute(node, "lang"));
        take(&said->lang, html_attribute(node, "xml:lang"));
        break;
    case GUMBO_TAG_BODY: take(&said->lang, html_attribute(node, "lang")); break;
    case GUMBO_TAG_TITLE:
        if (said->title.len == 0)
            take(&said->title, html_text(tree, at, 1000));
        break;
    case GUMBO_TAG_H1:
        if (said->h1.len == 0 && !(node->hints & HINT_HEADER))
            take(&said->h1, html_text(tree, at, 400));
        break;
    case GUMBO_TAG_TIME: take(&said->time, html_attribute(node, "datetime")); break;
    case GUMBO_TAG_A:
        if (said->rel_author.len == 0 && has_word_nocase(html_attribute(node, "rel"), STR("author")))
            take(&said->rel_author, html_text(tree, at, 200));
        break;
    default: break;
    }
    if (node->hints & HINT_AUTHOR && said->byline.len == 0 && node->end - at < 40) {
        struct str text = html_text(tree, at, 200);
        if (text.len > 4 && text.len < 100 && str_eq_nocase(str_sub(text, 0, 3), STR("by ")))
            said->byline = text;
    }
    read_item(said, tree, at);
}

/* Names only: "By Jane Doe" -> "Jane Doe"; addresses, and what is too long for names, -> "". */
static struct str names_of(struct arena *arena, struct str s)
{
    s = plain(arena, s);
    if (s.len > 3 && str_eq_nocase(str_sub(s, 0, 3), STR("by ")))
        s = str_trim(str_sub(s, 3, s.len));
    else if (s.len > 3 && str_eq_nocase(str_sub(s, 0, 3), STR("by:")))
        s = str_trim(str_sub(s, 3, s.len));
    static const struct str ENDS[] = {{" | ", 3}, {" • ", 5}, {" · ", 4}, {"\n", 1}};
    for (size_t i = 0; i < sizeof ENDS / sizeof *ENDS; i++) {
        size_t cut = str_find(s, ENDS[i], 0);
        if (cut != SIZE_MAX)
            s = str_trim(str_sub(s, 0, cut));
    }
    static const char *const DAYS[] = {" Monday",   " Tuesday", " Wednesday", " Thursday", " Friday",
                                       " Saturday", " Sunday",  " Published", " Updated"};
    for (size_t i = 0; i < sizeof DAYS / sizeof *DAYS; i++) /* "Jane Doe Monday, November 18, 2019" */
        s = str_trim(str_sub(s, 0, str_find(s, str_from(DAYS[i]), 0)));
    bool address = str_find(s, STR("://"), 0) != SIZE_MAX || str_starts(s, STR("@")) || str_find(s, STR("@"), 0) != SIZE_MAX;
    return address || s.len > 200 ? EMPTY : s;
}

/* Lower case, letters and digits only: to compare names of sites and headlines. */
static struct str squeezed(struct arena *arena, struct str s)
{
    struct str low = utf8_plain(arena, s);
    char *out = arena_alloc(arena, low.len + 1);
    size_t n = 0;
    for (size_t i = 0, next; out && i < low.len; i = next) {
        if (!uni_is_word(utf8_decode(low, i, &next)))
            continue;
        memcpy(out + n, low.data + i, next - i);
        n += next - i;
    }
    return (struct str){out ? out : "", n};
}

/* The headline without the site's name at its end or start. `others`: the same headline from other places of the page, which
 * tell what is headline and what was added. */
static struct str without_site(struct arena *arena, struct str title, struct str site, const struct str *others, size_t n_others)
{
    static const struct str SEPARATORS[] = {{" | ", 3}, {" - ", 3}, {" – ", 5}, {" — ", 5}, {" :: ", 4},
                                            {" · ", 4}, {" » ", 4}, {" « ", 4}, {" • ", 5}, {" : ", 3}};
    struct str site_key = squeezed(arena, site);
    for (bool again = true; again;) {
        again = false;
        for (size_t i = 0; i < sizeof SEPARATORS / sizeof *SEPARATORS && !again; i++) {
            size_t first = str_find(title, SEPARATORS[i], 0), last = SIZE_MAX;
            for (size_t at = first; at != SIZE_MAX; at = str_find(title, SEPARATORS[i], at + 1))
                last = at;
            if (first == SIZE_MAX)
                continue;
            struct str head = str_trim(str_sub(title, 0, last));
            struct str tail = str_trim(str_sub(title, last + SEPARATORS[i].len, title.len));
            struct str head_key = squeezed(arena, head), tail_key = squeezed(arena, tail);
            bool cut = site_key.len > 0 && tail_key.len > 0 && (str_starts(tail_key, site_key) || str_starts(site_key, tail_key));
            for (size_t k = 0; k < n_others && !cut; k++)
                cut = head_key.len > 0 && str_eq(squeezed(arena, others[k]), head_key);
            if (cut && head.len > 0) {
                title = head;
                again = true;
                continue;
            }
            struct str before = str_trim(str_sub(title, 0, first));
            struct str after = str_trim(str_sub(title, first + SEPARATORS[i].len, title.len));
            if (site_key.len > 0 && str_eq(squeezed(arena, before), site_key) && after.len > 0) {
                title = after;
                again = true;
            }
        }
    }
    return title;
}

static struct str choose_title(struct arena *arena, const struct said *said, const struct html_jsonld *ld, struct str site)
{
    struct str headline = plain(arena, ld->headline);
    struct str og = plain(arena, said->og_title);
    struct str choices[] = {headline, og, said->item_title, plain(arena, said->twitter_title), said->h1, said->title};
    enum { N = sizeof choices / sizeof *choices };
    struct str title = EMPTY;
    for (size_t i = 0; i < N && title.len == 0; i++)
        title = choices[i];
    struct str start = str_ends(headline, STR("…"))     ? str_sub(headline, 0, headline.len - 3)
                       : str_ends(headline, STR("...")) ? str_sub(headline, 0, headline.len - 3)
                                                        : EMPTY;
    if (start.len > 0 && str_starts(og, str_trim(start)))
        title = og; /* JSON-LD headlines are often cut to 110 characters */
    return without_site(arena, title, site, choices, N);
}

bool html_meta_read(struct html_meta *meta, struct html_tree *tree, const struct html_clean *clean)
{
    struct arena *arena = &tree->arena;
    struct said said = {0};
    for (uint32_t i = 0; i < tree->n_nodes; i++)
        if (tree->nodes[i].element)
            read_element(&said, tree, i);
    struct html_jsonld ld;
    html_jsonld_read(&ld, arena, clean, said.title);
    *meta = (struct html_meta){.raw_title = said.title, .not_free = ld.not_free};
    meta->site = plain(arena, first_of(said.og_site, ld.site, said.application, EMPTY));
    if (str_starts(meta->site, STR("@")))
        meta->site = str_sub(meta->site, 1, meta->site.len);
    if (str_find(meta->site, STR("://"), 0) != SIZE_MAX)
        meta->site = EMPTY;
    meta->title = choose_title(arena, &said, &ld, meta->site);
    struct str bylines[] = {ld.byline, said.author, said.item_author, said.rel_author, said.byline};
    meta->byline = EMPTY;
    for (size_t i = 0; i < sizeof bylines / sizeof *bylines && meta->byline.len == 0; i++)
        meta->byline = names_of(arena, bylines[i]);
    meta->url = plain(arena, first_of(said.canonical, said.og_url, ld.url, EMPTY));
    struct str dates[] = {ld.published, said.published, said.item_published, said.other_date, said.time};
    meta->published = EMPTY;
    for (size_t i = 0; i < sizeof dates / sizeof *dates && meta->published.len == 0; i++)
        meta->published = date_of(arena, dates[i]);
    if (meta->published.len == 0)
        meta->published = date_of_address(arena, meta->url);
    struct str locale = language_of(arena, said.og_locale);
    meta->language = language_of(arena, said.lang);
    if (meta->language.len == 0)
        meta->language = first_of(locale, language_of(arena, said.content_language), language_of(arena, ld.language), EMPTY);
    else if (meta->language.len < locale.len && str_starts(locale, meta->language))
        meta->language = locale; /* "en-US" says more than "en" */
    meta->cover = plain(arena, first_of(said.og_image, ld.image, said.twitter_image, said.image_src));
    meta->description = plain(arena, first_of(said.og_description, said.description, ld.description, EMPTY));
    meta->body = with_breaks(arena, ld.body);
    return !arena->failed;
}
