/* UTF-8 and the Unicode properties that the stages ask for (tables: utf8proc). */
#ifndef CRIER_BASE_UTF8_H
#define CRIER_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"

#define UTF8_REPLACEMENT 0xFFFDu

/* Decodes the code point at s.data[at] (at < s.len) and sets *next past it. A byte that starts no valid
 * sequence (RFC 3629: no surrogates, no overlong forms) decodes as U+FFFD of length one. */
unsigned utf8_decode(struct str s, size_t at, size_t *next);
/* Decodes the code point that ends before `at` (at > 0) and sets *start to where it begins. */
unsigned utf8_decode_before(struct str s, size_t at, size_t *start);
/* Offset of the first byte that is not valid UTF-8, or s.len. */
size_t utf8_valid_length(struct str s);
/* Bytes written to out (1..4). Values that are no scalar value are written as U+FFFD. */
size_t utf8_encode(unsigned code_point, char out[4]);
size_t utf8_count(struct str s); /* code points */

/* Unicode general categories: L*, M* / N* / P* / S* / Z* plus ASCII controls that are white space. */
bool uni_is_letter(unsigned c);      /* L* and M* */
bool uni_is_upper(unsigned c);       /* Lu, Lt */
bool uni_is_lower(unsigned c);       /* Ll */
bool uni_is_digit(unsigned c);       /* Nd */
bool uni_is_number(unsigned c);      /* Nd, Nl, No: ½ ² Ⅳ too */
bool uni_is_space(unsigned c);       /* Z*, tab, line breaks, no-break spaces, U+FEFF, zero-width space */
bool uni_is_punctuation(unsigned c); /* P* */
bool uni_is_symbol(unsigned c);      /* S* */
bool uni_is_emoji(unsigned c);       /* pictographs, flags, dingbats shown as emoji, ZWJ, variation selectors, skin tones */
unsigned uni_to_lower(unsigned c);
unsigned uni_to_upper(unsigned c);
/* Letters and digits: what must never be lost (coverage property, see article.h). */
static inline bool uni_is_word(unsigned c)
{
    return uni_is_letter(c) || uni_is_number(c);
}

/* Copies in the arena: lower case; without accents (NFD, marks dropped: "Ana" for "Aña"), lower case. */
struct str utf8_lower(struct arena *arena, struct str s);
struct str utf8_plain(struct arena *arena, struct str s);
/* ASCII white space and Unicode spaces at both ends gone. */
struct str utf8_trim(struct str s);

#endif
