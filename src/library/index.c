#include "base/table.h"
#include "base/utf8.h"
#include "library/markup.h"
#include "library/pages.h"

EMBED(index_form, CRIER_SOURCE_DIR "/library/data/index.html")

#define CARD_CHARACTERS 220

/* The first `characters`, ended at a word, with an ellipsis where something is missing. */
static void write_start(struct buffer *out, struct str text, size_t characters, void (*write)(struct buffer *, struct str))
{
    size_t at = 0, word = 0;
    for (size_t n = 0; at < text.len && n < characters; n++) {
        if (text.data[at] == ' ')
            word = at;
        utf8_decode(text, at, &at);
    }
    if (at == text.len) {
        write(out, text);
        return;
    }
    struct buffer cut = {0};
    buffer_str(&cut, str_sub(text, 0, word ? word : at));
    buffer_c_string(&cut, "\xE2\x80\xA6");
    write(out, buffer_view(&cut));
    out->failed |= buffer_failed(&cut);
    buffer_release(&cut);
}

void index_card(struct buffer *out, const struct episode *episode)
{
    buffer_c_string(out, "<li class=\"card\" data-guid=\"");
    markup_text(out, episode->guid);
    buffer_format(out, "\" data-ms=\"%llu\">\n<h2 dir=\"auto\"><a href=\"episodes/%.*s.html\">",
                  (unsigned long long)episode->duration_ms, STR_ARG(episode->slug));
    markup_text(out, episode->title);
    buffer_c_string(out, "</a></h2>\n<p class=\"meta\"><time datetime=\"");
    markup_iso_date(out, episode->published_s);
    buffer_c_string(out, "\">");
    markup_date(out, episode->published_s);
    buffer_c_string(out, "</time> <span class=\"length\">");
    markup_length(out, episode->duration_ms);
    buffer_c_string(out, "</span></p>\n<p class=\"summary\" dir=\"auto\">");
    write_start(out, episode->summary, CARD_CHARACTERS, markup_text);
    buffer_c_string(out, "</p>\n</li>\n");
}

void index_data_begin(struct buffer *out)
{
    buffer_c_string(out, "crierEpisodes([");
}

void index_data(struct buffer *out, const struct episode *episode)
{
    buffer_c_string(out, out->len && out->data[out->len - 1] == '[' ? "\n[" : ",\n[");
    markup_json(out, episode->slug);
    buffer_byte(out, ',');
    markup_json(out, episode->guid);
    buffer_byte(out, ',');
    markup_json(out, episode->title);
    buffer_c_string(out, ",\"");
    markup_iso_date(out, episode->published_s);
    buffer_c_string(out, "\",\"");
    markup_date(out, episode->published_s);
    buffer_format(out, "\",%llu,", (unsigned long long)episode->duration_ms);
    write_start(out, episode->summary, CARD_CHARACTERS, markup_json);
    buffer_byte(out, ',');
    markup_json(out, episode->byline);
    buffer_byte(out, ']');
}

void index_data_end(struct buffer *out)
{
    buffer_c_string(out, "\n]);\n");
}

static void write_page_link(struct buffer *out, size_t page, const char *words)
{
    if (page == 1)
        buffer_format(out, "<a href=\"index.html\">%s</a> ", words);
    else
        buffer_format(out, "<a href=\"page-%zu.html\">%s</a> ", page, words);
}

static void write_paging(struct buffer *out, size_t page, size_t n_pages)
{
    if (n_pages < 2)
        return;
    buffer_c_string(out, "<nav class=\"paging\" aria-label=\"Pages\">");
    if (page > 1)
        write_page_link(out, page - 1, "\xE2\x80\xB9 Newer");
    buffer_format(out, "<span>Page %zu of %zu</span> ", page, n_pages);
    if (page < n_pages)
        write_page_link(out, page + 1, "Older \xE2\x80\xBA");
    buffer_c_string(out, "</nav>");
}

void index_page(struct buffer *out, const struct library_settings *settings, struct str cover, struct str cards,
                size_t n_episodes, size_t page, size_t n_pages)
{
    struct buffer title = {0}, description = {0}, author = {0}, language = {0}, paging = {0}, count = {0};
    markup_text(&title, str_from(settings->title));
    markup_text(&description, str_from(settings->description));
    markup_text(&author, str_from(settings->author));
    markup_text(&language, str_from(settings->language));
    write_paging(&paging, page, n_pages);
    buffer_format(&count, n_episodes == 1 ? "%zu episode" : "%zu episodes", n_episodes);
    const struct markup_slot slots[] = {
        {"title", buffer_view(&title)},
        {"description", buffer_view(&description)},
        {"author", buffer_view(&author)},
        {"cover", cover},
        {"language", buffer_view(&language)},
        {"paging", buffer_view(&paging)},
        {"count", buffer_view(&count)},
        {"version", str_from(page_version())},
        {"cards", cards},
    };
    markup_fill(out, index_form(), slots, sizeof slots / sizeof *slots);
    struct buffer *const parts[] = {&title, &description, &author, &language, &paging, &count};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        out->failed |= buffer_failed(parts[i]);
        buffer_release(parts[i]);
    }
}
