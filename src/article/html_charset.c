#include "article/html_charset.h"

#include <stdbool.h>
#include <stdint.h>
#include <strings.h>

enum { PRESCAN_BYTES = 8192 }; /* the standard says 1024; real pages put scripts first */

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool is_label(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == ':' ||
           c == '.' || c == '+';
}

static size_t find_nocase(struct str s, const char *word, size_t len)
{
    for (size_t i = 0; i + len <= s.len; i++)
        if ((s.data[i] | 0x20) == word[0] && strncasecmp(s.data + i, word, len) == 0)
            return i;
    return SIZE_MAX;
}

/* What follows `key`, "=" and perhaps a quotation mark in a tag; "" where it is not there. */
static struct str value_after(struct str tag, const char *key, size_t len)
{
    for (struct str rest = tag;;) {
        size_t at = find_nocase(rest, key, len);
        if (at == SIZE_MAX)
            return (struct str){"", 0};
        rest = str_sub(rest, at + len, rest.len);
        size_t i = 0;
        while (i < rest.len && is_space(rest.data[i]))
            i++;
        if (i >= rest.len || rest.data[i] != '=')
            continue;
        i++;
        while (i < rest.len && (is_space(rest.data[i]) || rest.data[i] == '"' || rest.data[i] == '\''))
            i++;
        size_t end = i;
        while (end < rest.len && is_label(rest.data[end]))
            end++;
        return str_sub(rest, i, end);
    }
}

static struct str standard_label(struct str label)
{
    static const char *const LATIN[] = {"iso-8859-1", "iso8859-1", "iso_8859-1",     "latin1", "latin-1", "l1",
                                        "ascii",      "us-ascii",  "ansi_x3.4-1968", "cp1252", "x-cp1252"};
    for (size_t i = 0; i < sizeof LATIN / sizeof *LATIN; i++)
        if (str_eq_nocase(label, str_from(LATIN[i])))
            return STR("windows-1252");
    if (str_eq_nocase(label, STR("iso-8859-9")))
        return STR("windows-1254");
    if (str_eq_nocase(label, STR("tis-620")) || str_eq_nocase(label, STR("iso-8859-11")))
        return STR("windows-874");
    if (str_eq_nocase(label, STR("gb2312")) || str_eq_nocase(label, STR("gbk")))
        return STR("gb18030");
    if (str_eq_nocase(label, STR("ks_c_5601-1987")) || str_eq_nocase(label, STR("euc-kr")))
        return STR("cp949");
    if (str_eq_nocase(label, STR("shift_jis")) || str_eq_nocase(label, STR("x-sjis")))
        return STR("cp932");
    if (label.len >= 6 && str_eq_nocase(str_sub(label, 0, 6), STR("utf-16")))
        return STR("utf-8"); /* it could not be read otherwise */
    return label;
}

struct str html_declared_charset(struct str page)
{
    struct str head = str_sub(page, 0, PRESCAN_BYTES);
    if (str_starts(head, STR("<?xml"))) {
        size_t end = str_find(head, STR("?>"), 0);
        struct str label = value_after(str_sub(head, 0, end == SIZE_MAX ? 0 : end), "encoding", 8);
        if (label.len > 0)
            return standard_label(label);
    }
    for (size_t at = 0; at < head.len;) {
        struct str rest = str_sub(head, at, head.len);
        if (str_starts(rest, STR("<!--"))) {
            size_t end = str_find(rest, STR("-->"), 4);
            at += end == SIZE_MAX ? 4 : end + 3;
            continue;
        }
        if (rest.len < 6 || strncasecmp(rest.data, "<meta", 5) != 0) {
            size_t next = str_find(rest, STR("<"), 1);
            at = next == SIZE_MAX ? head.len : at + next;
            continue;
        }
        size_t end = str_find(rest, STR(">"), 0);
        struct str tag = str_sub(rest, 5, end);
        struct str label = value_after(tag, "charset", 7);
        if (label.len > 0)
            return standard_label(label);
        at += 5;
    }
    return (struct str){"", 0};
}
