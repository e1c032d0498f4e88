/* A stretch of bytes owned by somebody else (an arena, a file, a literal). Not NUL-terminated in general. */
#ifndef CRIER_BASE_STR_H
#define CRIER_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>

struct str {
    const char *data; /* may be NULL when len is 0 */
    size_t len;       /* bytes */
};

/* Literal to struct str: STR("said"). */
#define STR(literal) ((struct str){(literal), sizeof(literal) - 1})
/* For printf("%.*s"): STR_ARG(s). */
#define STR_ARG(s) (int)(s).len, (s).data ? (s).data : ""

struct str str_from(const char *c_string);                  /* NULL gives the empty string */
struct str str_sub(struct str s, size_t start, size_t end); /* [start, end), clamped to s */
bool str_eq(struct str a, struct str b);
bool str_eq_c(struct str a, const char *c_string);
/* Equal but for ASCII case; other bytes must be the same. */
bool str_eq_nocase(struct str a, struct str b);
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
/* Byte order, shorter first on a tie: the same on every machine and locale. */
int str_compare(struct str a, struct str b);
/* Offset of the first `needle` at or after `from`, or SIZE_MAX. */
size_t str_find(struct str s, struct str needle, size_t from);
/* Without ASCII white space at both ends. */
struct str str_trim(struct str s);
/* Splits off what lies before the first `separator` and moves *rest past it; false when *rest is used up.
 * "a,b" gives "a", "b"; "" gives nothing. */
bool str_next(struct str *rest, char separator, struct str *piece);

#endif
