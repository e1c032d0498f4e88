/* Addresses of the net: e-mail, web, handles, hashtags. Said short: no "http", no "www", no query. */
#include <stdint.h>
#include <string.h>

#include "spoken/quantity.h"

enum { CHUNK_MAX = 2048 }; /* longer runs without a space are no address */

static bool is_chunk_byte(char c)
{
    return is_alpha(c) || is_digit(c) || c == '.' || c == '-' || c == '_' || c == '@' || c == '/' || c == ':' || c == '?' ||
           c == '=' || c == '&' || c == '%' || c == '#' || c == '+' || c == '~' || c == ',' || c == ';' || c == '!';
}

/* The run of letters, digits and marks of addresses at `at`, without punctuation at its end. */
static size_t chunk_end(const struct reader *r, size_t at)
{
    size_t end = at;
    while (is_chunk_byte(byte_at(r, end)) && end - at < CHUNK_MAX)
        end++;
    if (end - at == CHUNK_MAX || word_at(r, end))
        return at; /* the caller does not try again before the next word */
    while (end > at && (r->text.data[end - 1] == '.' || r->text.data[end - 1] == ',' || r->text.data[end - 1] == ':' ||
                        r->text.data[end - 1] == ';' || r->text.data[end - 1] == '?' || r->text.data[end - 1] == '!'))
        end--;
    return end;
}

static bool has_vowel(struct str word)
{
    for (size_t i = 0; i < word.len; i++)
        if (strchr("aeiouyAEIOUY", word.data[i]))
            return true;
    return false;
}

/* Words of a name in an address: camelCase apart, digits one by one unless few, marks by name. */
static void speak_name(struct reader *r, struct str name)
{
    for (size_t at = 0; at < name.len;) {
        size_t end = at;
        char c = name.data[at];
        if (is_alpha(c)) {
            end++;
            while (end < name.len && is_upper(name.data[end]) && is_upper(name.data[end - 1]) &&
                   !(end + 1 < name.len && is_lower(name.data[end + 1])))
                end++;
            while (end < name.len && is_lower(name.data[end]))
                end++;
            struct str word = str_sub(name, at, end);
            if (word.len == 1 || (word.len <= 4 && (is_upper(word.data[word.len - 1]) || !has_vowel(word)))) {
                letters_speak(r, word, false);
            } else {
                words_add(&r->out, word);
            }
        } else if (is_digit(c)) {
            while (end < name.len && is_digit(name.data[end]))
                end++;
            serial_digits(r, str_sub(name, at, end));
        } else {
            end++;
            const char *mark = c == '.'   ? "dot"
                               : c == '-' ? "dash"
                               : c == '_' ? "underscore"
                               : c == '+' ? "plus"
                               : c == '/' ? "slash"
                               : c == '@' ? "at"
                               : c == '&' ? "ampersand"
                               : c == '=' ? "equals"
                               : c == '%' ? "percent"
                               : c == '~' ? "tilde"
                                          : "";
            if (*mark)
                words_add_c(&r->out, mark);
        }
        at = end;
    }
}

/* "com", "org": words; "uk", "de": letters. */
static void speak_ending(struct reader *r, struct str ending)
{
    if (ending.len > 3 || word_among(ending, "com org net edu gov mil biz app dev int news")) {
        words_add(&r->out, ending);
    } else {
        letters_speak(r, ending, false);
    }
}

/* example.co.uk: labels of letters, digits and hyphens with dots; the last of two letters or more. */
static bool is_host(struct str host, bool known_ending)
{
    size_t labels = 0;
    struct str rest = host, label = {0};
    if (host.len == 0 || host.len > 253)
        return false;
    while (str_next(&rest, '.', &label)) {
        if (label.len == 0)
            return false;
        for (size_t i = 0; i < label.len; i++)
            if (!is_alpha(label.data[i]) && !is_digit(label.data[i]) && label.data[i] != '-' && label.data[i] != '_')
                return false;
        labels++;
    }
    bool letters = label.len >= 2 && host.data[host.len - 1] != '.';
    for (size_t i = 0; i < label.len; i++)
        letters = letters && is_alpha(label.data[i]);
    static const char *const ENDINGS =
        "com org net gov edu mil int info biz io co uk de fr it es nl be ch at eu us ca au nz jp cn in ru ua pl "
        "tv me ly ai app dev news blog online site tech gg fm am cz se no dk fi ie pt gr hu ro tr il br mx za kr";
    return labels >= 2 && letters && (!known_ending || word_among(label, ENDINGS));
}

static void speak_host(struct reader *r, struct str host)
{
    struct str rest = host, label;
    if (host.len > 4 && str_eq_nocase(str_sub(host, 0, 4), STR("www.")))
        rest = str_sub(host, 4, host.len);
    bool first = true;
    size_t labels = 0;
    while (str_next(&rest, '.', &label)) {
        if (!first)
            words_add_c(&r->out, "dot");
        if (first || (rest.len > 0 && labels == 0))
            speak_name(r, label);
        else
            speak_ending(r, label);
        first = false;
    }
}

/* /news/early-access: said where it is short and made of words. */
static bool is_short_path(struct str path)
{
    size_t slashes = 0, digits = 0;
    for (size_t i = 0; i < path.len; i++) {
        slashes += path.data[i] == '/';
        digits += is_digit(path.data[i]);
        if (path.data[i] == '?' || path.data[i] == '=' || path.data[i] == '%' || path.data[i] == '#')
            return false;
    }
    return path.len <= 40 && slashes <= 4 && digits <= 6;
}

static size_t read_web(struct reader *r, size_t at, size_t end)
{
    struct str chunk = str_sub(r->text, at, end);
    size_t scheme = str_find(str_sub(chunk, 0, 12), STR("://"), 0);
    struct str rest = scheme == SIZE_MAX ? chunk : str_sub(chunk, scheme + 3, chunk.len);
    size_t path = str_find(rest, STR("/"), 0), query = str_find(rest, STR("?"), 0);
    if (query < path)
        path = query;
    struct str host = str_sub(rest, 0, path), tail = path < rest.len ? str_sub(rest, path, rest.len) : STR("");
    bool www = host.len > 4 && str_eq_nocase(str_sub(host, 0, 4), STR("www."));
    size_t port = str_find(host, STR(":"), 0);
    if (port != SIZE_MAX)
        host.len = port;
    if (!is_host(host, scheme == SIZE_MAX && !www))
        return 0;
    /* "said.And" without a space is no address. */
    if (scheme == SIZE_MAX && !www && tail.len == 0) {
        size_t last = host.len;
        while (last > 0 && host.data[last - 1] != '.')
            last--;
        if (is_upper(host.data[last]) && !is_upper(host.data[last + 1]))
            return 0;
    }
    if (tail.len > 0 && tail.data[tail.len - 1] == '/')
        tail.len--;
    say_open(r);
    speak_host(r, host);
    if (tail.len > 0 && is_short_path(tail))
        speak_name(r, tail);
    say_close(r, at, end);
    return end;
}

static size_t read_mail(struct reader *r, size_t at, size_t end)
{
    struct str chunk = str_sub(r->text, at, end);
    size_t sign = str_find(chunk, STR("@"), 0);
    if (sign == SIZE_MAX || sign == 0)
        return 0;
    struct str host = str_sub(chunk, sign + 1, chunk.len), path = STR("");
    size_t slash = str_find(host, STR("/"), 0);
    if (slash != SIZE_MAX) {
        path = str_sub(host, slash, host.len);
        host.len = slash;
    }
    if (!is_host(host, false))
        return 0;
    struct str name = str_sub(chunk, 0, sign);
    if (name.len > 7 && str_eq_nocase(str_sub(name, 0, 7), STR("mailto:")))
        name = str_sub(name, 7, name.len);
    say_open(r);
    speak_name(r, name);
    words_add_c(&r->out, "at");
    speak_host(r, host);
    speak_name(r, path);
    say_close(r, at, end);
    return end;
}

/* "@user_name", "#MeToo" */
static size_t read_tag(struct reader *r, size_t at)
{
    size_t end = at + 1;
    bool letters = false;
    while (is_alpha(byte_at(r, end)) || is_digit(byte_at(r, end)) || byte_at(r, end) == '_') {
        letters = letters || is_alpha(byte_at(r, end));
        end++;
    }
    if (!letters || word_at(r, end))
        return 0;
    say_open(r);
    buffer_c_string(&r->out, byte_at(r, at) == '#' ? "hashtag" : "at");
    speak_name(r, str_sub(r->text, at + 1, end));
    say_close(r, at, end);
    return end;
}

size_t address_read(struct reader *r, size_t at)
{
    char c = byte_at(r, at);
    if (c == '@' || c == '#')
        return read_tag(r, at);
    if (!is_alpha(c) && !is_digit(c))
        return 0;
    if (at < r->address_tried)
        return 0;
    /* Most words end before anything of an address comes: look there first. */
    size_t word = at;
    while (is_alpha(byte_at(r, word)) || is_digit(byte_at(r, word)) || byte_at(r, word) == '-' || byte_at(r, word) == '_' ||
           byte_at(r, word) == '+' || byte_at(r, word) == '&')
        word++;
    char next = byte_at(r, word);
    bool mail = next == '@', web = next == '.' && (is_alpha(byte_at(r, word + 1)) || is_digit(byte_at(r, word + 1))),
         scheme = next == ':' && byte_at(r, word + 1) == '/';
    size_t end = mail || web || scheme ? chunk_end(r, at) : at;
    if (end == at) {
        r->address_tried = word;
        return 0;
    }
    size_t read = read_mail(r, at, end);
    if (read == 0)
        read = read_web(r, at, end);
    if (read == 0)
        r->address_tried = end;
    return read;
}
