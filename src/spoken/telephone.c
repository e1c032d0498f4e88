/* Telephone and other numbers that are dialled or copied: groups of digits said one by one, with a pause between groups. */
#include "spoken/quantity.h"

enum { MAX_GROUPS = 8 };

struct group {
    size_t start, end;
};

/* Groups of digits (and of capitals: 1-800-GO-U-HAUL) joined by `-`, ` `, `.`, brackets. Returns the end. */
static size_t scan_groups(const struct reader *r, size_t at, struct group *groups, size_t *count, char *joint)
{
    size_t end = at;
    *count = 0;
    *joint = '\0';
    while (*count < MAX_GROUPS) {
        size_t start = end, stop = digits_end(r, start);
        bool toll_free = *count >= 2 && byte_at(r, groups[1].start) == '8' && groups[0].end - groups[0].start == 1;
        if (stop == start && toll_free)
            while (is_upper(byte_at(r, stop)))
                stop++;
        if (stop == start)
            break;
        groups[(*count)++] = (struct group){start, stop};
        end = stop;
        char next = byte_at(r, end);
        size_t hyphen = dash_at(r, end);
        if (next == ')') {
            end++;
            if (byte_at(r, end) == ' ')
                end++;
            next = ')';
        } else if (hyphen > 0) {
            end += hyphen;
            next = '-';
        } else if (next == '.' || next == ' ') {
            end++;
        } else {
            break;
        }
        if (byte_at(r, end) == '(' && *count == 1)
            end++;
        if (*joint == '\0' || *joint == ')')
            *joint = next;
        else if (next != *joint && next != ')' && !(*joint == ' ' && next == '-'))
            break;
    }
    return *count > 0 ? groups[*count - 1].end : at;
}

static bool is_telephone(const struct reader *r, size_t at, const struct group *g, size_t n, char joint, bool plus, bool bracket)
{
    size_t digits = 0, size[MAX_GROUPS] = {0};
    for (size_t i = 0; i < n; i++) {
        size[i] = g[i].end - g[i].start;
        digits += size[i];
    }
    if (n < 2 || digits > 16)
        return false;
    if (plus)
        return digits >= 7 && joint != '.';
    if (bracket)
        return digits >= 7 && n >= 2;
    bool american = n >= 3 && size[0] == 3 && size[1] == 3 && size[2] == 4;
    bool long_distance =
        n >= 3 && size[0] == 1 && size[1] == 3 && (size[2] == 3 || byte_at(r, g[1].start) == '8') && joint != ' ';
    bool security = n == 3 && size[0] == 3 && size[1] == 2 && size[2] == 4 && joint == '-';
    bool zero = byte_at(r, at) == '0' && size[0] >= 3 && digits >= 9 && digits <= 12 && joint != '.';
    bool local = n == 2 && size[0] == 3 && size[1] == 4 && joint == '-' &&
                 word_among(previous_word(r, at), "call phone telephone dial text tel number at");
    return american || long_distance || security || zero || local;
}

/* 192.168.0.1 */
static size_t read_internet(struct reader *r, size_t at, const struct group *g, size_t n)
{
    if (n != 4)
        return 0;
    for (size_t i = 0; i < n; i++)
        if (g[i].end - g[i].start > 3)
            return 0;
    say_open(r);
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            words_add_c(&r->out, "dot");
        number_digits(&r->out, str_sub(r->text, g[i].start, g[i].end));
    }
    say_close(r, at, g[n - 1].end);
    return g[n - 1].end;
}

static void say_group(struct reader *r, struct group g, size_t count)
{
    struct str group = str_sub(r->text, g.start, g.end);
    say_open(r);
    if (count > 1 && group.len == 3 && (str_eq_c(group, "800") || str_eq_c(group, "900")))
        number_cardinal(&r->out, group, false);
    else if (is_digit(group.data[0]))
        number_digits(&r->out, group);
    else if (group.len > 1)
        words_add(&r->out, group);
    else
        letters_speak(r, group, false);
    say_close(r, g.start, g.end);
}

size_t telephone_read(struct reader *r, size_t at)
{
    struct group groups[MAX_GROUPS];
    size_t count, start = at;
    char joint;
    bool plus = byte_at(r, at) == '+', bracket = byte_at(r, at) == '(';
    if (word_before(r, at))
        return 0;
    start += plus || bracket;
    size_t end = scan_groups(r, start, groups, &count, &joint);
    if (count < 2 || (bracket && byte_at(r, groups[0].end) != ')') || word_at(r, end))
        return 0;
    if (joint == '.' && !plus && !bracket && (start = read_internet(r, at, groups, count)) > 0)
        return start;
    if (!is_telephone(r, at, groups, count, joint, plus, bracket))
        return 0;
    if (plus)
        say_c(r, at, at + 1, "plus");
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            say_mark(r, ',');
        say_group(r, groups[i], count);
    }
    return end;
}
