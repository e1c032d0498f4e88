/* Numbers in words. Digits are given as text ("007", "1250000"): their value never has to fit a machine word. */
#ifndef CRIER_SPOKEN_NUMBERS_H
#define CRIER_SPOKEN_NUMBERS_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/str.h"

/* A space where the next word needs one: not at the beginning, behind a space or a hyphen that joins. */
void words_space(struct buffer *out);
/* words_space and `word`. */
void words_add(struct buffer *out, struct str word);
void words_add_c(struct buffer *out, const char *word);

/* "one hundred twenty", British "one hundred and twenty". `digits` are ASCII digits only. Beyond the quadrillions digit by digit.
 */
void number_cardinal(struct buffer *out, struct str digits, bool british);
/* "one hundred twentieth". */
void number_ordinal(struct buffer *out, struct str digits, bool british);
/* "nine one one". */
void number_digits(struct buffer *out, struct str digits);
/* As people say years and house numbers: "nineteen ninety-four", "two thousand five", "nineteen oh five". Other than three or
 * four digits as a cardinal. */
void number_year(struct buffer *out, struct str digits, bool british);
/* "twenty-seven eighty-eight", "one twenty-three", "seven oh eight": addresses, flight numbers. Up to four digits. */
void number_pairs(struct buffer *out, struct str digits, bool british);
/* The last word of `out` made plural: "nineties", "thirds", "sixes". */
void words_plural(struct buffer *out);

/* The value of up to nine digits, -1 for none or more. */
long number_value(struct str digits);

#endif
