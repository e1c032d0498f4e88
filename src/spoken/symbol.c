/* What is neither letter nor digit: marks that shape pauses stay, signs with a name get it, the rest is silent. */
#include "spoken/reader.h"

/* A dash between spaces, or an em dash anywhere, is a pause; it becomes a comma, which every engine knows. */
static size_t read_dash(struct reader *r, size_t at)
{
    size_t end = at, length;
    while ((length = dash_at(r, end)) > 0)
        end += length;
    bool behind_part = r->n_parts > 0 && r->parts[r->n_parts - 1].text_end == at; /* "U.S.-China" */
    bool between_words = at > 0 && (word_before(r, at) || behind_part) && word_at(r, end);
    bool long_dash = end - at > 1;
    char left = at > 0 ? r->text.data[at - 1] : '\0', right = byte_at(r, end);
    bool letter = is_upper(left) && !word_before(r, at - 1) && is_digit(right); /* the engine would read the article */
    if (between_words && !long_dash && ((!is_digit(left) && !is_digit(right)) || letter) && r->out.len > 0 && r->parts &&
        r->parts[r->n_parts - 1].text_end == at && !r->out.failed)
        buffer_byte(&r->out, '-');
    else if (end - at == 1 && at > 0 && is_digit(left) && is_digit(byte_at(r, spaces_end(r, end))) && right == ' ')
        say_c(r, at, end, "minus");
    else if (!between_words || long_dash)
        if (end < r->sentence_end)
            say_mark(r, ',');
    return end;
}

/* "the 29th’s meeting": the ending hangs on the words before. */
static size_t read_apostrophe(struct reader *r, size_t at, size_t end)
{
    struct spoken_part *last = r->n_parts > 0 ? &r->parts[r->n_parts - 1] : NULL;
    char s = byte_at(r, end);
    if ((s != 's' && s != 'S') || word_at(r, end + 1) || !last || last->text_end != at || r->out.failed)
        return end;
    buffer_c_string(&r->out, "'s");
    last->spoken_end = (uint32_t)r->out.len;
    last->text_end = (uint32_t)end + 1;
    return end + 1;
}

static bool glued(const struct reader *r, size_t at, size_t end)
{
    return word_before(r, at) && word_at(r, end);
}

/* "and/or" is said without its slash. */
static bool is_and_or(const struct reader *r, size_t at)
{
    return at >= 3 && str_eq_nocase(str_sub(r->text, at - 3, at), STR("and")) && !word_before(r, at - 3) &&
           str_eq_nocase(str_sub(r->text, at + 1, at + 3), STR("or")) && !word_at(r, at + 3);
}

static const char *sign_name(const struct reader *r, unsigned c, size_t at, size_t end)
{
    switch (c) {
    case '&': return "and";
    case '@': return "at";
    case '+': return "plus";
    case '=': return "equals";
    case '%': return "percent";
    case '~': return is_digit(byte_at(r, end)) || byte_at(r, end) == '$' ? "about" : NULL;
    case '/': return glued(r, at, end) || word_at(r, spaces_end(r, end)) ? "slash" : NULL;
    case '$': return "dollar";
    case 0xA3: return "pound";
    case 0x20AC: return "euro";
    case 0xA5: return "yen";
    case 0xA7: return "section";
    case 0xB0: return "degrees";
    case 0xD7: return "times";
    case 0xF7: return "divided by";
    case 0xB1: return "plus or minus";
    case 0x2248: return "about";
    case 0x2260: return "is not equal to";
    case 0x2264: return "at most";
    case 0x2265: return "at least";
    case 0x2192: return "to";
    case '<': return is_digit(byte_at(r, spaces_end(r, end))) ? "less than" : NULL;
    case '>': return is_digit(byte_at(r, spaces_end(r, end))) ? "greater than" : NULL;
    case 0x2116: return "number";
    case 0xA9: return "copyright";
    default: return NULL;
    }
}

static bool is_superscript(unsigned c)
{
    return c == 0xB9 || c == 0xB2 || c == 0xB3 || c == 0x2070 || (c >= 0x2074 && c <= 0x2079);
}

size_t symbol_read(struct reader *r, size_t at)
{
    size_t end;
    unsigned c = utf8_decode(r->text, at, &end);
    if (dash_at(r, at) > 0)
        return read_dash(r, at);
    if (c == '/' && is_and_or(r, at))
        return end;
    if (c == ':' && at > 0 && is_digit(r->text.data[at - 1]) && is_digit(byte_at(r, end))) {
        say_c(r, at, end, "to"); /* odds and formats: 3:1, 16:9 */
        return end;
    }
    switch (c) {
    case '\'':
    case 0x2019: return read_apostrophe(r, at, end);
    case '*':
        if (at > 0 && is_digit(r->text.data[at - 1]) && is_digit(byte_at(r, end)))
            say_c(r, at, end, "times");
        return end;
    case '"': r->quotes++; return end;
    case '.':
        /* "image.jpg", "said.And": a name has small letters on both sides. */
        if (r->english && at > 0 && (is_lower(r->text.data[at - 1]) || is_digit(r->text.data[at - 1])) &&
            is_lower(byte_at(r, end))) {
            say_c(r, at, end, "dot");
            return end;
        }
        while (byte_at(r, end) == '.')
            end++;
        if (end - at > 1 && end < r->sentence_end)
            say_mark(r, ',');
        else
            say_mark(r, '.');
        return end;
    case 0x2026: say_mark(r, end < r->sentence_end ? ',' : '.'); return end;
    case ',':
    case ';':
    case ':':
    case '!':
    case '?': say_mark(r, (char)c); return end;
    case '(':
    case ')':
        if (at > 0 && end < r->sentence_end && !glued(r, at, end))
            say_mark(r, ',');
        return end;
    default: break;
    }
    const char *name = r->english ? sign_name(r, c, at, end) : NULL;
    if (name)
        say_c(r, at, end, name);
    else if (is_superscript(c) && at > 0 && (r->n_parts > 0 && !is_digit(r->text.data[at - 1])))
        return end;          /* a foot mark */
    else if (uni_is_word(c)) /* no rule knew it: as it stands */
        say(r, at, end, str_sub(r->text, at, end));
    return end;
}
